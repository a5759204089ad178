//! Exchange of an authorization code for tokens.

use bitrix24_core::oauth::{Grant, Tokens};
use bitrix24_core::{Error, Failure};

use super::app::App;
use super::clock::unix_time;
use super::server::Server;
use crate::secret::{Secret, Secrets};

impl App {
    /// Exchanges the code that a user came back with for a pair of tokens. A code is valid for 30 seconds and for one exchange.
    ///
    /// # Errors
    /// An [`Error`] of [`ErrorKind::Authorization`](bitrix24_core::ErrorKind::Authorization) with the
    /// [error](Error::auth_error) of the server, or of [`ErrorKind::Connect`](bitrix24_core::ErrorKind::Connect).
    pub async fn exchange_code(&self, code: &str) -> Result<Tokens, Error> {
        let tokens = Server::new(self.clone()).exchange(Grant::Code(code), unix_time).await;
        tokens.map_err(|failure| self.exchange_error(failure, code))
    }

    /// The error of an exchange, without secrets.
    fn exchange_error(&self, failure: Failure, code: &str) -> Error {
        let code = Secret::token(code);
        let mut secrets = Secrets::new(self.client_secret().clone());
        secrets.add(code);
        let redactor = secrets.redactor();
        let redact = |text: &str| redactor.redact(text);
        Error::new("oauth/token", failure.redact(&redact))
    }
}

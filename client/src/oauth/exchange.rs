//! Exchange of an authorization code or a refresh token for tokens.

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
        self.exchange(Grant::Code(code), code).await
    }

    /// Confirms tokens that came in a request to the application, by a refresh: anyone can send such a request, and the authorization
    /// server accepts only refresh tokens of this application. Save the pair that it returns, whose member id and address are true,
    /// since the refresh has spent those of the request.
    ///
    /// ```no_run
    /// # use bitrix24_client::App;
    /// # use bitrix24_core::oauth::EventRequest;
    /// # async fn example(app: App, installation: EventRequest) -> Result<(), Box<dyn std::error::Error>> {
    /// let refresh_token = installation.tokens().and_then(|tokens| tokens.refresh_token()).ok_or("no refresh token")?;
    /// let tokens = app.confirm(refresh_token).await?;
    /// assert_eq!(tokens.member_id(), installation.member_id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An [`Error`] of [`ErrorKind::Authorization`](bitrix24_core::ErrorKind::Authorization) if the server refuses the token, or of
    /// [`ErrorKind::Connect`](bitrix24_core::ErrorKind::Connect).
    pub async fn confirm(&self, refresh_token: &str) -> Result<Tokens, Error> {
        self.exchange(Grant::Refresh(refresh_token), refresh_token).await
    }

    async fn exchange(&self, grant: Grant<'_>, secret: &str) -> Result<Tokens, Error> {
        let tokens = Server::new(self.clone()).exchange(grant, unix_time).await;
        tokens.map_err(|failure| self.exchange_error(failure, secret))
    }

    /// The error of an exchange, without secrets.
    fn exchange_error(&self, failure: Failure, secret: &str) -> Error {
        let mut secrets = Secrets::new(self.client_secret().clone());
        secrets.add(Secret::token(secret));
        let redactor = secrets.redactor();
        let redact = |text: &str| redactor.redact(text);
        Error::new("oauth/token", failure.redact(&redact))
    }
}

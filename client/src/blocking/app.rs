//! The exchange of an authorization code in a program without a runtime.

use bitrix24_core::Error;
use bitrix24_core::oauth::Tokens;

use super::runtime::Runtime;
use crate::oauth::App;

impl App {
    /// The blocking form of [`exchange_code`](Self::exchange_code).
    ///
    /// # Errors
    /// Those of [`exchange_code`](Self::exchange_code). On a thread of an asynchronous runtime nothing is sent, and the code
    /// stays valid.
    pub fn exchange_code_blocking(&self, code: &str) -> Result<Tokens, Error> {
        let tokens = Runtime::start().block_on(self.exchange_code(code));
        tokens.unwrap_or_else(|failure| Err(Error::new("oauth/token", failure)))
    }
}

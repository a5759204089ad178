//! The first tokens of an application, for a program without a runtime.

use bitrix24_core::Error;
use bitrix24_core::oauth::Tokens;

use super::runtime::Runtime;
use crate::oauth::App;

impl App {
    /// [`exchange`](Self::exchange), returning when the tokens are there.
    ///
    /// # Errors
    /// An [`Error`], as there. On a thread of an asynchronous runtime nothing is sent, and the code is still good.
    pub fn exchange_blocking(&self, code: &str) -> Result<Tokens, Error> {
        let exchanged = Runtime::start().wait(self.exchange(code));
        exchanged.unwrap_or_else(|failure| Err(Error::new("oauth/token", failure)))
    }
}

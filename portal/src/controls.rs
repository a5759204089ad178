//! What a test asks of the portal itself: methods of `Portal` that the control address has too.

use std::io;

use crate::limits::Plan;
use crate::lock::lock;
use crate::oauth::TokenRequests;
use crate::portal::Portal;

impl Portal {
    /// The secret with which programs on other machines may use the control address (`/control/`).
    pub fn control_secret(&self) -> String {
        lock(self.shared()).control_secret.clone()
    }

    /// Removes rows, bindings, faults, scripts and records. Tokens and secrets stay.
    ///
    /// # Errors
    /// The data file cannot be read or written.
    pub fn reset(&self) -> io::Result<()> {
        let mut state = lock(self.shared());
        state.reset()?;
        state.save_now().map_err(io::Error::other)
    }

    /// How often the authorization server was asked for tokens.
    pub fn token_requests(&self) -> TokenRequests {
        lock(self.shared()).tokens.requests
    }

    /// Revokes all refresh tokens and authorization codes. Access tokens are valid until they expire.
    pub fn revoke_tokens(&self) {
        self.saved(|state| state.tokens.revoke_grants());
    }

    /// The identifier of the portal, `member_id`.
    pub fn member_id(&self) -> String {
        lock(self.shared()).tokens.member_id()
    }

    /// The token by which the application knows requests of the portal, `application_token`.
    pub fn application_token(&self) -> String {
        lock(self.shared()).tokens.application_token()
    }

    /// Sets the limits. What was used of them before does not count.
    pub fn set_plan(&self, plan: &Plan) {
        lock(self.shared()).set_plan(plan);
    }

    /// Sets the language of the portal, such as `ru`: that of messages of REST 3, of titles and of what applications get.
    pub fn set_language(&self, language: &str) {
        lock(self.shared()).machine.spec.system.language = language.to_owned();
    }
}

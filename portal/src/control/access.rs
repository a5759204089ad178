//! Who may use the control address.
//!
//! Programs on the same machine may, without a secret. Everyone else needs the secret that the program prints. Pages of other origins
//! in a browser on this machine are refused before (`http/guard.rs`).

use std::sync::Mutex;

use super::{From, Wrong};
use crate::lock::lock;
use crate::state::State;

/// Checks who sent a request.
///
/// # Errors
/// It is neither from this machine nor has the secret.
pub(super) fn check(state: &Mutex<State>, from: From<'_>) -> Result<(), Wrong> {
    let secret = from.authorization.and_then(|value| value.split_once(' '));
    if let Some((_, secret)) = secret.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) {
        let is_right = secret.trim() == lock(state).control_secret;
        return if is_right { Ok(()) } else { Err(Wrong::new(403, "the control secret is wrong")) };
    }
    if from.peer.to_canonical().is_loopback() {
        return Ok(());
    }
    let message = "only programs on the portal's machine may use this address without the control secret: send the header \
                   `Authorization: Bearer SECRET`; the program prints the secret, and `Portal::control_secret` returns it";
    Err(Wrong::new(403, message))
}

//! Requests to an application that a test sends.

use serde_json::Value;

use super::USER;
use crate::outgoing::Outgoing;
use crate::state::State;

/// The installation of the application, with tokens of the administrator.
pub(crate) fn install_request(state: &mut State) -> Outgoing {
    let tokens = state.tokens.for_handler(USER);
    state.sender().install("", &tokens)
}

/// The removal of the application.
pub(crate) fn uninstall_request(state: &State, clean: bool) -> Outgoing {
    state.sender().uninstall("", clean)
}

/// A page of the application that a user opens.
pub(crate) fn page_request(state: &mut State, placement: &str, options: &Value) -> Outgoing {
    let tokens = state.tokens.for_handler(USER);
    state.sender().page("", placement, options, &tokens)
}

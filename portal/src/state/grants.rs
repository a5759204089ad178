//! Requests for tokens: faults, and how many there were.

use super::{Reply, State};
use crate::exchange::Params;
use crate::fault::TOKENS;
use crate::spec::Api;

impl State {
    /// The response of the authorization server to a request. `endpoint` is the origin to which it was sent.
    pub(crate) fn grant(&mut self, params: &Params, endpoint: &str) -> Reply {
        self.tokens.requests.received += 1;
        let due = self.take_fault(TOKENS);
        let ran = due.as_ref().is_none_or(|due| due.runs).then(|| {
            let (status, body) = self.tokens.respond(params, endpoint);
            (status, body.to_string().into())
        });
        let fault = due.map(|due| due.fault);
        let instead = fault.as_ref().and_then(|fault| fault.response(Api::V2));
        let (status, body) = instead.or(ran).unwrap_or_default();
        Reply { status, body, fault }
    }
}

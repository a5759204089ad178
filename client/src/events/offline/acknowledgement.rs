//! Requests that acknowledge events, and what their errors mean.

use bitrix24_core::{AnyError, ErrorKind, Executed, Failure, RawRequest, SystemError};

use super::queue;
use super::reservation::Ticket;

/// How many events one request clears.
const IDS_PER_REQUEST: usize = 50;

pub(super) struct Ack {
    pub(super) ticket: Ticket,
    pub(super) outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outcome {
    Done,
    Failed,
}

/// A request, and what it acknowledges: events of one reservation with the same outcome.
pub(super) struct Acknowledgement {
    pub(super) request: RawRequest,
    pub(super) acks: Vec<Ack>,
}

impl Acknowledgement {
    /// `None` if no event has an identifier. Such an event is delivered again.
    fn new(acks: Vec<Ack>) -> Option<Self> {
        let first = acks.first()?;
        let process_id = &first.ticket.reservation.process_id;
        let request = match first.outcome {
            Outcome::Done => {
                let ids: Vec<i64> = acks.iter().filter_map(|ack| ack.ticket.id).collect();
                queue::clear(process_id, &ids)
            }
            Outcome::Failed => {
                let ids: Vec<String> = acks.iter().filter_map(|ack| ack.ticket.message_id.clone()).collect();
                queue::mark_failed(process_id, &ids)
            }
        };
        Some(Self { request: request?, acks })
    }

    /// Two requests for a half of the events each, to find those that the portal refuses.
    pub(super) fn halves(mut self) -> impl Iterator<Item = Self> {
        let second = self.acks.split_off(self.acks.len() / 2);
        [self.acks, second].into_iter().filter_map(Self::new)
    }
}

/// The requests that acknowledge the events of a reservation, for a bounded number of events each.
pub(super) fn plan(acks: Vec<Ack>) -> Vec<Acknowledgement> {
    let (done, failed): (Vec<_>, Vec<_>) = acks.into_iter().partition(|ack| ack.outcome == Outcome::Done);
    let mut planned = Vec::new();
    for mut acks in [done, failed] {
        while !acks.is_empty() {
            let rest = acks.split_off(acks.len().min(IDS_PER_REQUEST));
            planned.extend(Acknowledgement::new(acks));
            acks = rest;
        }
    }
    planned
}

/// What an error means for the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Another attempt may succeed.
    Temporary,
    /// The portal refuses one of the events.
    OfRow,
    /// The portal refuses the call, whatever the events are.
    OfCall,
}

pub(super) fn refusal(error: &AnyError) -> Refusal {
    let is_broken = error.status().is_some_and(|status| matches!(status, 408 | 429 | 500..));
    if is_broken || error.is_limit() {
        return Refusal::Temporary;
    }
    match (error.kind(), error.system_error()) {
        (ErrorKind::System, Some(system)) if may_pass(system) => Refusal::Temporary,
        (ErrorKind::System | ErrorKind::Request, _) => Refusal::OfCall,
        (ErrorKind::Method, _) if error.is_access_denied() => Refusal::OfCall,
        (ErrorKind::Method, _) => Refusal::OfRow,
        _ => Refusal::Temporary,
    }
}

/// Whether an error ends without a change of the program: a new token, a payment or a confirmation.
fn may_pass(error: SystemError) -> bool {
    let passes = [
        SystemError::ExpiredToken,
        SystemError::AuthorizationError,
        SystemError::ErrorOauth,
        SystemError::MethodConfirmWaiting,
        SystemError::OperationTimeLimit,
        SystemError::PaymentRequired,
    ];
    error.executed() == Executed::Unknown || passes.contains(&error)
}

/// The error of a call with more in its text.
pub(super) fn with_text(error: &AnyError, text: &str) -> AnyError {
    let text = format!("{}; {text}", error.description());
    let failure = match (error.status(), error.code()) {
        (Some(status), Some(code)) => Failure::from_response(status, code, text),
        (None, Some(code)) => Failure::from_code(code, text),
        _ => Failure::new(error.kind(), text),
    };
    AnyError::new(error.method(), failure)
}

/// The error of events whose acknowledgement the portal refuses for ever.
pub(super) fn refused(error: &AnyError, acks: &[Ack]) -> AnyError {
    let ids: Vec<String> =
        acks.iter().filter_map(|ack| ack.ticket.id).take(5).map(|id| id.to_string()).collect();
    let more = if acks.len() > ids.len() { ", …" } else { "" };
    let text = format!(
        "{} events were handled, and stay in the queue, since the portal refuses the acknowledgement; they are delivered again after the \
         lease (ID {}{more})",
        acks.len(),
        ids.join(", "),
    );
    with_text(error, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_temporary_unless_the_portal_refuses_the_request() {
        let returned = |status, code: &str| Failure::from_response(status, code, "");
        for (failure, expected) in [
            (returned(400, "ERROR_ARGUMENT"), Refusal::OfRow),
            (returned(200, "WRONG_PROCESS"), Refusal::OfRow),
            (returned(400, ""), Refusal::OfRow),
            (returned(403, "ACCESS_DENIED"), Refusal::OfCall),
            (returned(401, "insufficient_scope"), Refusal::OfCall),
            (returned(404, "ERROR_METHOD_NOT_FOUND"), Refusal::OfCall),
            (returned(403, "NO_RIGHTS_ACCESS_DENIED"), Refusal::OfCall),
            (Failure::new(ErrorKind::Request, ""), Refusal::OfCall),
            (returned(503, "QUERY_LIMIT_EXCEEDED"), Refusal::Temporary),
            (returned(429, "OPERATION_TIME_LIMIT"), Refusal::Temporary),
            (returned(500, "INTERNAL_SERVER_ERROR"), Refusal::Temporary),
            (returned(500, "ERROR_ARGUMENT"), Refusal::Temporary),
            (returned(401, "expired_token"), Refusal::Temporary),
            (returned(402, "PAYMENT_REQUIRED"), Refusal::Temporary),
            (Failure::auth(400, "invalid_grant", ""), Refusal::Temporary),
            (Failure::new(ErrorKind::Timeout, ""), Refusal::Temporary),
            (Failure::new(ErrorKind::Connect, ""), Refusal::Temporary),
            (Failure::new(ErrorKind::NotExecuted, ""), Refusal::Temporary),
            (Failure::new(ErrorKind::NotJson, "").with_status(200), Refusal::Temporary),
        ] {
            let error = AnyError::new("event.offline.clear", failure);
            assert_eq!(refusal(&error), expected, "{error:?}");
        }
    }
}

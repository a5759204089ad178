//! Faults between a client and a portal, and the expected outcome of a call with each.
#![allow(dead_code, unreachable_pub)]

use std::time::Duration;

use bitrix24_core::{ErrorKind, Executed, Value, json};

use bitrix24_testing::{Fault, MockResponse};

/// The maximum number of attempts of a call.
pub const ATTEMPTS: usize = 3;

/// A fault and its expected effect.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: &'static str,
    pub fault: Fault,
    /// Whether the portal executes the call nevertheless.
    pub after_running: bool,
    /// The error of the call if it is not retried or if every retry fails.
    pub error: ExpectedError,
    pub retried: Retried,
}

/// When the call is retried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Retried {
    /// Never: the response would be the same.
    Never,
    /// If a second execution is safe.
    IfSafe,
    /// Always, and as often as necessary: the portal rejected the call because of its limits.
    Always,
}

/// The error of a call: its kind, whether the call was executed, the HTTP status and the code; `None` if the call succeeds.
pub type ExpectedError = Option<(ErrorKind, Executed, Option<u16>, Option<&'static str>)>;

/// The kind of method that is called.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operation {
    /// A method with side effects.
    Write,
    /// The same over REST 3, with an idempotency key.
    WriteV3,
    /// A read-only method.
    Read,
}

/// The outcome of a call, found or expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    pub error: ExpectedError,
    /// How many times the portal received the call.
    pub sent: usize,
    /// How many times the portal executed it.
    pub runs: usize,
}

impl Row {
    /// The expected outcome of a call whose first `times` attempts have the fault.
    pub fn expected(&self, operation: Operation, times: usize) -> Outcome {
        let attempts = match self.retried {
            Retried::IfSafe if operation != Operation::Write => ATTEMPTS,
            // Rejections do not count as attempts.
            Retried::Always => usize::MAX,
            _ => 1,
        };
        let failed = attempts.min(times);
        let succeeds = failed < attempts || self.error.is_none();
        let sent = if self.error.is_none() { 1 } else { failed + usize::from(succeeds) };
        let executed = if self.after_running { sent } else { usize::from(succeeds) };
        Outcome {
            error: self.error.filter(|_| !succeeds),
            sent,
            // The portal answers a repeated key with the first response.
            runs: if operation == Operation::WriteV3 { executed.min(1) } else { executed },
        }
    }

    /// Whether the call times out.
    pub fn times_out(&self) -> bool {
        self.error.is_some_and(|expected| expected.0 == ErrorKind::Timeout)
    }

    /// The same fault after the portal has executed the call.
    fn with_execution(self) -> Self {
        Self { after_running: true, ..self }
    }
}

fn row(name: &'static str, fault: Fault, retried: Retried, error: ExpectedError) -> Row {
    Row { name, fault, after_running: false, error, retried }
}

/// Faults between a client and a portal. `elsewhere` is the origin of another portal, which must receive no request.
pub fn rows(elsewhere: &str) -> Vec<Row> {
    let broken = Some((ErrorKind::Transport, Executed::Unknown, None, None));
    let timeout = Some((ErrorKind::Timeout, Executed::Unknown, None, None));
    let lost = |name, fault, error| row(name, fault, Retried::IfSafe, error);
    let mut rows = vec![
        lost("a lost response", Fault::LoseResponse, broken).with_execution(),
        lost("a closed connection", Fault::HangUp, broken),
        lost("a connection reset", Fault::Reset, broken),
        lost("a connection reset after execution", Fault::Reset, broken).with_execution(),
        lost("no response", Fault::Silence, timeout),
        lost("no response after execution", Fault::Silence, timeout).with_execution(),
        lost("a late response", Fault::Slow(Duration::from_secs(600)), timeout).with_execution(),
        lost("a slow response", Fault::Drip(40, Duration::from_millis(1)), None).with_execution(),
    ];
    for bytes in [0, 1, 12] {
        let cut = Some((ErrorKind::Truncated, Executed::Unknown, Some(200), None));
        rows.push(lost("a truncated response", Fault::Truncate(bytes), cut).with_execution());
    }
    for status in [200, 400, 403, 404, 500, 502, 503, 504] {
        let error = Some((ErrorKind::NotJson, Executed::Unknown, Some(status), None));
        let retried = if (300..500).contains(&status) { Retried::Never } else { Retried::IfSafe };
        let page = row("a page", Fault::Html(status), retried, error);
        rows.extend([page.clone(), page.with_execution()]);
    }
    for status in [301, 302, 303, 307, 308] {
        let error = Some((ErrorKind::Redirect, Executed::No, Some(status), None));
        let targets =
            [Fault::Moved(status, elsewhere.to_owned()), Fault::Redirect(status, "/auth/".to_owned())];
        rows.extend(targets.map(|target| row("a redirect", target, Retried::Never, error)));
    }
    rows.extend(refusals());
    rows
}

/// Errors that a portal returns instead of executing the call.
fn refusals() -> Vec<Row> {
    let system = |executed, status, code| Some((ErrorKind::System, executed, Some(status), Some(code)));
    let method_error = |status, code| Some((ErrorKind::Method, Executed::Unknown, Some(status), Some(code)));
    let refusal = |status, code: &str, retried, error| {
        row("a refusal", Fault::refuse(status, code, "No"), retried, error)
    };
    let respond = |status, body: Value, error| {
        row(
            "a refusal in another form",
            Fault::Instead(MockResponse::json(status, &body)),
            Retried::Never,
            error,
        )
    };
    let rejected = |code, status| system(Executed::No, status, code);
    vec![
        row("too many requests", Fault::QueryLimit, Retried::Always, rejected("QUERY_LIMIT_EXCEEDED", 503)),
        row(
            "too much operating time",
            Fault::OperatingLimit,
            Retried::Always,
            rejected("OPERATION_TIME_LIMIT", 429),
        ),
        row("a blocked portal", Fault::Overload, Retried::Never, rejected("OVERLOAD_LIMIT", 503)),
        row("an expired token", Fault::ExpiredToken, Retried::Never, rejected("expired_token", 401)),
        refusal(401, "EXPIRED_TOKEN", Retried::Never, rejected("EXPIRED_TOKEN", 401)),
        refusal(
            500,
            "INTERNAL_SERVER_ERROR",
            Retried::IfSafe,
            system(Executed::Unknown, 500, "INTERNAL_SERVER_ERROR"),
        ),
        refusal(400, "", Retried::Never, method_error(400, "")),
        refusal(200, "", Retried::Never, method_error(200, "")),
        refusal(200, "WRONG_CLIENT", Retried::Never, method_error(200, "WRONG_CLIENT")),
        refusal(400, "1048582", Retried::Never, method_error(400, "1048582")),
        respond(400, json!({"error": 400, "error_description": "No"}), method_error(400, "400")),
        respond(200, json!({"error": 400, "error_description": "No"}), method_error(200, "400")),
        respond(200, json!({"error": 0, "error_description": "No"}), method_error(200, "0")),
        respond(400, json!({"error": 200_040_300_020_u64}), method_error(400, "200040300020")),
        respond(400, json!({"error_description": "No"}), method_error(400, "")),
    ]
}

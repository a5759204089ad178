//! Faults between a client and a portal, and the expected outcome of a call with each.
#![allow(dead_code, unreachable_pub)]

use std::time::Duration;

use bitrix24_core::{ErrorKind, Executed, Map, Value, json};

use bitrix24_portal::{Fault, Portal};

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

/// Faults between a client and a portal. `elsewhere` is the webhook of another portal, which must receive no request.
pub fn rows(elsewhere: &str) -> Vec<Row> {
    let broken = Some((ErrorKind::Transport, Executed::Unknown, None, None));
    let timeout = Some((ErrorKind::Timeout, Executed::Unknown, None, None));
    let lost = |name, fault, error| row(name, fault, Retried::IfSafe, error);
    let mut rows = vec![
        lost("a lost response", Fault::LoseAnswer, broken).with_execution(),
        lost("a closed connection", Fault::Close, broken),
        lost("a connection reset", Fault::Reset, broken),
        lost("a connection reset after execution", Fault::Reset, broken).with_execution(),
        lost("no response", Fault::Silence, timeout),
        lost("no response after execution", Fault::Silence, timeout).with_execution(),
        lost("a late response", Fault::Delay(Duration::from_secs(600)), timeout).with_execution(),
        lost("a slow response", Fault::Trickle { bytes: 40, pause: Duration::from_millis(1) }, None)
            .with_execution(),
    ];
    for bytes in [0, 1, 12] {
        let cut = Some((ErrorKind::Truncated, Executed::Unknown, Some(200), None));
        rows.push(lost("a truncated response", Fault::CutAnswerAt(bytes), cut).with_execution());
    }
    for status in [200, 400, 403, 404, 500, 502, 503, 504] {
        let error = Some((ErrorKind::NotJson, Executed::Unknown, Some(status), None));
        let retried = if (300..500).contains(&status) { Retried::Never } else { Retried::IfSafe };
        let page = row("a page", Fault::Html(status), retried, error);
        rows.extend([page.clone(), page.with_execution()]);
    }
    for status in [301, 302, 303, 307, 308] {
        let error = Some((ErrorKind::Redirect, Executed::No, Some(status), None));
        let targets = [format!("{elsewhere}crm.deal.add.json"), "/auth/".to_owned()];
        rows.extend(
            targets.map(|target| row("a redirect", Fault::redirect(status, &target), Retried::Never, error)),
        );
    }
    rows.extend(refusals());
    rows
}

/// Too many requests.
pub fn query_limit() -> Fault {
    Fault::error(503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
}

/// The method has used up its operating time.
pub fn operating_limit() -> Fault {
    Fault::error(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time")
}

/// A portal with deals 1 to `deals`.
pub async fn portal_with_deals(deals: usize) -> Portal {
    let portal = Portal::builder().rows("crm.deal", deals).start().await.unwrap();
    // Rows are made by the first call.
    portal.call("crm.deal.list", Map::new()).unwrap();
    portal
}

/// The webhook of a portal under another name.
pub fn webhook_elsewhere(portal: &Portal) -> String {
    portal.webhook().replace("127.0.0.1", "localhost")
}

/// The secret of the webhook of a portal.
pub fn secret(portal: &Portal) -> String {
    portal.webhook().trim_end_matches('/').rsplit('/').next().unwrap().to_owned()
}

/// Errors that a portal returns instead of executing the call.
fn refusals() -> Vec<Row> {
    let system = |executed, status, code| Some((ErrorKind::System, executed, Some(status), Some(code)));
    let method_error = |status, code| Some((ErrorKind::Method, Executed::Unknown, Some(status), Some(code)));
    let refusal = |status, code: &str, retried, error| {
        row("a refusal", Fault::error(status, code, "No"), retried, error)
    };
    let respond = |status, body: Value, error| {
        row("a refusal in another form", Fault::json(status, &body), Retried::Never, error)
    };
    let rejected = |code, status| system(Executed::No, status, code);
    vec![
        row("too many requests", query_limit(), Retried::Always, rejected("QUERY_LIMIT_EXCEEDED", 503)),
        row(
            "too much operating time",
            operating_limit(),
            Retried::Always,
            rejected("OPERATION_TIME_LIMIT", 429),
        ),
        refusal(503, "OVERLOAD_LIMIT", Retried::Never, rejected("OVERLOAD_LIMIT", 503)),
        refusal(401, "expired_token", Retried::Never, rejected("expired_token", 401)),
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

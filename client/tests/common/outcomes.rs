//! What goes wrong between a client and a portal, and what is to come of the call that meets with it.
#![allow(unreachable_pub)]

use std::time::Duration;

use bitrix24_core::{Kind, Ran, Value, json};

use crate::portal::{Fault, Response};

/// A fault, and what is to come of the call that meets with it.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: &'static str,
    pub fault: Fault,
    /// The portal carries the call out all the same.
    pub having_run: bool,
    pub write: Outcome,
    pub read: Outcome,
}

/// What the caller gets, and what it took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The kind of the error, whether the call may have run, the HTTP status and the code; nothing where all went well.
    pub told: Option<(Kind, Ran, Option<u16>, Option<&'static str>)>,
    /// How often the call arrived.
    pub sent: usize,
    /// How often the portal carried it out.
    pub runs: usize,
}

/// The call fails, is sent once and is not carried out.
const fn fails(kind: Kind, ran: Ran, status: u16) -> Outcome {
    let status = if status == 0 { None } else { Some(status) };
    Outcome { told: Some((kind, ran, status, None)), sent: 1, runs: 0 }
}

/// The portal refuses the call.
const fn refuses(kind: Kind, ran: Ran, status: u16, code: &'static str) -> Outcome {
    Outcome { told: Some((kind, ran, Some(status), Some(code))), sent: 1, runs: 0 }
}

/// The call succeeds, sent and carried out once.
const DONE: Outcome = Outcome { told: None, sent: 1, runs: 1 };

impl Outcome {
    const fn having_run(mut self) -> Self {
        self.runs = 1;
        self
    }
}

/// A row in which it makes no difference whether something is written or read.
fn row(name: &'static str, fault: Fault, outcome: Outcome) -> Row {
    Row { name, fault, having_run: false, write: outcome, read: outcome }
}

impl Row {
    /// The same fault after the portal has carried out the call.
    fn after_the_fact(self, name: &'static str) -> Self {
        let (write, read) = (self.write.having_run(), self.read.having_run());
        Self { name, having_run: true, write, read, ..self }
    }

    /// Whether the caller waits for it in vain.
    pub fn waits(&self) -> bool {
        self.write.told.is_some_and(|told| told.0 == Kind::Timeout)
    }
}

const NO_ANSWER: Outcome = fails(Kind::Transport, Ran::Maybe, 0);
const IN_VAIN: Outcome = fails(Kind::Timeout, Ran::Maybe, 0);

/// What goes wrong between a client and a portal. `elsewhere` is another portal, which is to hear nothing of it.
pub fn rows(elsewhere: &str) -> Vec<Row> {
    let mut rows = vec![
        row("the answer gets lost", Fault::LoseAnswer, NO_ANSWER.having_run()),
        row("the connection ends", Fault::HangUp, NO_ANSWER),
        row("the connection breaks", Fault::Reset, NO_ANSWER),
        row("the connection breaks", Fault::Reset, NO_ANSWER).after_the_fact("it breaks behind the call"),
        row("nothing comes", Fault::Silence, IN_VAIN),
        row("nothing comes", Fault::Silence, IN_VAIN).after_the_fact("nothing comes of what was done"),
        row("the answer comes too late", Fault::Slow(Duration::from_secs(600)), IN_VAIN.having_run()),
        row("the answer comes in drops", Fault::Drip(40, Duration::from_millis(1)), DONE),
    ];
    for bytes in [0, 1, 12] {
        let cut = fails(Kind::Truncated, Ran::Maybe, 200).having_run();
        rows.push(row("the answer is cut off", Fault::CutOff(bytes), cut));
    }
    for status in [200, 400, 403, 404, 500, 502, 503, 504] {
        let page = row("a page", Fault::Html(status), fails(Kind::NotJson, Ran::Maybe, status));
        rows.extend([page.clone(), page.after_the_fact("a page over what was done")]);
    }
    for status in [301, 302, 303, 307, 308] {
        let led = fails(Kind::Redirect, Ran::No, status);
        rows.push(row("the portal has moved", Fault::Moved(status, elsewhere.to_owned()), led));
        rows.push(row("to a page of its own", Fault::Redirect(status, "/auth/".to_owned()), led));
    }
    rows.extend(refusals());
    rows
}

/// What a portal says instead of carrying out the call.
fn refusals() -> Vec<Row> {
    let system = |status, code| refuses(Kind::System, Ran::No, status, code);
    let own = |status, code| refuses(Kind::Method, Ran::Yes, status, code);
    let refuse = |status, code, outcome| row("a refusal", Fault::refuse(status, code, "No"), outcome);
    let says = |status, body: Value, outcome| {
        row("an odd refusal", Fault::Instead(Response::json(status, &body)), outcome)
    };
    vec![
        row("too many requests", Fault::QueryLimit, system(503, "QUERY_LIMIT_EXCEEDED")),
        row("the portal is switched off", Fault::Overload, system(503, "OVERLOAD_LIMIT")),
        row("the key has expired", Fault::ExpiredToken, system(401, "expired_token")),
        refuse(401, "EXPIRED_TOKEN", system(401, "EXPIRED_TOKEN")),
        refuse(500, "INTERNAL_SERVER_ERROR", refuses(Kind::System, Ran::Maybe, 500, "INTERNAL_SERVER_ERROR")),
        refuse(400, "", own(400, "")),
        refuse(200, "", own(200, "")),
        refuse(200, "WRONG_CLIENT", own(200, "WRONG_CLIENT")),
        refuse(400, "1048582", own(400, "1048582")),
        says(400, json!({"error": 400, "error_description": "No"}), own(400, "400")),
        says(200, json!({"error": 400, "error_description": "No"}), own(200, "400")),
        says(200, json!({"error": 0, "error_description": "No"}), own(200, "0")),
        says(400, json!({"error": 200_040_300_020_u64}), own(400, "200040300020")),
        says(400, json!({"error_description": "No"}), own(400, "")),
    ]
}

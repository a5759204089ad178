//! What goes wrong between a client and a portal, and what is to come of the call that meets with it.
#![allow(dead_code, unreachable_pub)]

use std::time::Duration;

use bitrix24_core::{ErrorKind, Executed, Value, json};

use crate::mock_server::{Fault, MockResponse};

/// How often a call is made at most.
pub const ATTEMPTS: usize = 3;

/// A fault, and what follows from it.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: &'static str,
    pub fault: Fault,
    /// The portal carries the call out all the same.
    pub after_running: bool,
    /// What the caller is told where the call is not made again, or in vain.
    pub told: Told,
    pub again: Again,
}

/// When the call is made again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Again {
    /// Never: the answer would be the same.
    Never,
    /// Where a second time does no harm.
    Harmless,
    /// Always: it has not run.
    Always,
}

/// What the caller gets: the kind of the error, whether the call may have run, the HTTP status and the code; nothing where all
/// goes well.
pub type Told = Option<(ErrorKind, Executed, Option<u16>, Option<&'static str>)>;

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// A method that changes something.
    Write,
    /// The same over REST 3, where a key tells the portal that a request is a repeat.
    WriteV3,
    /// A method that changes nothing.
    Read,
}

/// What came of a call, or is to come of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    pub told: Told,
    /// How often the call arrived.
    pub sent: usize,
    /// How often the portal carried it out.
    pub runs: usize,
}

impl Row {
    /// What is to come of a call where the fault befalls its first `times` attempts.
    pub fn expected(&self, act: Act, times: usize) -> Outcome {
        let repeats = match self.again {
            Again::Never => false,
            Again::Harmless => act != Act::Write,
            Again::Always => true,
        };
        let attempts = if repeats { ATTEMPTS } else { 1 };
        let failed = attempts.min(times);
        let succeeds = failed < attempts || self.told.is_none();
        let sent = if self.told.is_none() { 1 } else { failed + usize::from(succeeds) };
        let ran = if self.after_running { sent } else { usize::from(succeeds) };
        Outcome {
            told: self.told.filter(|_| !succeeds),
            sent,
            // A repeat that the portal knows for one gets the first answer again.
            runs: if act == Act::WriteV3 { ran.min(1) } else { ran },
        }
    }

    /// Whether the caller waits for it in vain.
    pub fn waits(&self) -> bool {
        self.told.is_some_and(|told| told.0 == ErrorKind::Timeout)
    }

    /// The same fault after the portal has carried out the call.
    fn after_the_fact(self) -> Self {
        Self { after_running: true, ..self }
    }
}

fn row(name: &'static str, fault: Fault, again: Again, told: Told) -> Row {
    Row { name, fault, after_running: false, told, again }
}

/// What goes wrong between a client and a portal. `elsewhere` is another portal, which is to hear nothing of it.
pub fn rows(elsewhere: &str) -> Vec<Row> {
    let broken = Some((ErrorKind::Transport, Executed::Unknown, None, None));
    let in_vain = Some((ErrorKind::Timeout, Executed::Unknown, None, None));
    let lost = |name, fault, told| row(name, fault, Again::Harmless, told);
    let mut rows = vec![
        lost("the answer gets lost", Fault::LoseResponse, broken).after_the_fact(),
        lost("the connection ends", Fault::HangUp, broken),
        lost("the connection breaks", Fault::Reset, broken),
        lost("the connection breaks behind the call", Fault::Reset, broken).after_the_fact(),
        lost("nothing comes", Fault::Silence, in_vain),
        lost("nothing comes of what was done", Fault::Silence, in_vain).after_the_fact(),
        lost("it comes too late", Fault::Slow(Duration::from_secs(600)), in_vain).after_the_fact(),
        lost("the answer comes in drops", Fault::Drip(40, Duration::from_millis(1)), None).after_the_fact(),
    ];
    for bytes in [0, 1, 12] {
        let cut = Some((ErrorKind::Truncated, Executed::Unknown, Some(200), None));
        rows.push(lost("the answer is cut off", Fault::Truncate(bytes), cut).after_the_fact());
    }
    for status in [200, 400, 403, 404, 500, 502, 503, 504] {
        let told = Some((ErrorKind::NotJson, Executed::Unknown, Some(status), None));
        let again = if status < 500 { Again::Never } else { Again::Harmless };
        let page = row("a page", Fault::Html(status), again, told);
        rows.extend([page.clone(), page.after_the_fact()]);
    }
    for status in [301, 302, 303, 307, 308] {
        let told = Some((ErrorKind::Redirect, Executed::No, Some(status), None));
        let places =
            [Fault::Moved(status, elsewhere.to_owned()), Fault::Redirect(status, "/auth/".to_owned())];
        rows.extend(places.map(|place| row("a redirect", place, Again::Never, told)));
    }
    rows.extend(refusals());
    rows
}

/// What a portal says instead of carrying out the call.
fn refusals() -> Vec<Row> {
    let system = |ran, status, code| Some((ErrorKind::System, ran, Some(status), Some(code)));
    let own = |status, code| Some((ErrorKind::Method, Executed::Yes, Some(status), Some(code)));
    let refuse =
        |status, code: &str, again, told| row("a refusal", Fault::refuse(status, code, "No"), again, told);
    let says = |status, body: Value, told| {
        row(
            "a refusal in another form",
            Fault::Instead(MockResponse::json(status, &body)),
            Again::Never,
            told,
        )
    };
    let told = |code, status| system(Executed::No, status, code);
    vec![
        row("too many requests", Fault::QueryLimit, Again::Always, told("QUERY_LIMIT_EXCEEDED", 503)),
        row("too much work", Fault::OperatingLimit, Again::Always, told("OPERATION_TIME_LIMIT", 429)),
        row("switched off", Fault::Overload, Again::Never, told("OVERLOAD_LIMIT", 503)),
        row("an old key", Fault::ExpiredToken, Again::Never, told("expired_token", 401)),
        refuse(401, "EXPIRED_TOKEN", Again::Never, told("EXPIRED_TOKEN", 401)),
        refuse(
            500,
            "INTERNAL_SERVER_ERROR",
            Again::Harmless,
            system(Executed::Unknown, 500, "INTERNAL_SERVER_ERROR"),
        ),
        refuse(400, "", Again::Never, own(400, "")),
        refuse(200, "", Again::Never, own(200, "")),
        refuse(200, "WRONG_CLIENT", Again::Never, own(200, "WRONG_CLIENT")),
        refuse(400, "1048582", Again::Never, own(400, "1048582")),
        says(400, json!({"error": 400, "error_description": "No"}), own(400, "400")),
        says(200, json!({"error": 400, "error_description": "No"}), own(200, "400")),
        says(200, json!({"error": 0, "error_description": "No"}), own(200, "0")),
        says(400, json!({"error": 200_040_300_020_u64}), own(400, "200040300020")),
        says(400, json!({"error_description": "No"}), own(400, "")),
    ]
}

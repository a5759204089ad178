//! The response to a successful call: its result, what a list says of its rows, and the time that it took.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

use crate::exchange::Answer;
use crate::moment::moment_of_seconds;

/// The whole response.
#[derive(Debug, Serialize)]
pub(super) struct Envelope {
    result: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    time: Time,
}

/// When a call ran, in seconds.
#[derive(Debug, Serialize)]
struct Time {
    start: f64,
    finish: f64,
    duration: f64,
    processing: f64,
    date_start: String,
    date_finish: String,
    operating_reset_at: u64,
    operating: f64,
}

/// The moment at which a call begins, by both clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Started {
    pub(super) at: Instant,
    date: SystemTime,
}

impl Started {
    pub(super) fn now() -> Self {
        Self { at: Instant::now(), date: SystemTime::now() }
    }
}

impl Envelope {
    /// The response to a call that ends now. `operating`: the operating time of its method in seconds, and when some of it is free
    /// again.
    pub(super) fn new(answer: Answer, started: Started, operating: (f64, Duration)) -> Self {
        let start = started.date.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let duration = started.at.elapsed().as_secs_f64();
        let finish = start + duration;
        let date_start = moment_of_seconds(start);
        let is_same = start as i64 == finish as i64;
        let date_finish = if is_same { date_start.clone() } else { moment_of_seconds(finish) };
        let (operating, free) = operating;
        let time = Time {
            start,
            finish,
            duration,
            processing: duration,
            date_start,
            date_finish,
            operating_reset_at: start as u64 + free.as_secs(),
            operating,
        };
        Self { result: answer.result, next: answer.next, total: answer.total, time }
    }

    /// The response as a value, for a response that contains it.
    pub(super) fn into_value(self) -> Value {
        // What has names and numbers only is a value.
        serde_json::to_value(self).unwrap_or_default()
    }
}

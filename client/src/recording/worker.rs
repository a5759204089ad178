//! The background thread of a recording.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use bitrix24_core::Value;
use bitrix24_core::recording::{Exchange, RecordValues};
use tracing::warn;

use super::{Message, Recorder, SentExchange};
use crate::credentials::Credentials;
use crate::observe::{Observers, Step};

/// How long lines stay in a buffer while nothing is sent.
const IDLE: Duration = Duration::from_secs(1);

/// Makes lines of exchanges and passes them to the recorder.
pub(super) struct Worker {
    recorder: Arc<dyn Recorder>,
    values: RecordValues,
    credentials: Credentials,
    observers: Observers,
    queued: Arc<AtomicUsize>,
    /// Whether a failure was reported.
    has_failed: bool,
    /// Whether lines were recorded since the last flush.
    is_dirty: bool,
}

impl Worker {
    pub(super) fn new(
        recorder: Arc<dyn Recorder>,
        values: RecordValues,
        credentials: Credentials,
        observers: Observers,
        queued: Arc<AtomicUsize>,
    ) -> Self {
        Self { recorder, values, credentials, observers, queued, has_failed: false, is_dirty: false }
    }

    /// Records until the client is dropped.
    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        loop {
            // The thread of an idle client sleeps.
            let message = if self.is_dirty {
                messages.recv_timeout(IDLE)
            } else {
                messages.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            match message {
                Ok(Message::Exchange(exchange)) => self.record(*exchange),
                Ok(Message::Overflow) => {
                    self.check(
                        "",
                        "",
                        &Err(io::Error::other("the recorder is too slow; exchanges were left out")),
                    );
                }
                Ok(Message::Flush(done)) => {
                    let result = self.flush();
                    // The caller may have stopped waiting.
                    let _ = done.send(result);
                }
                Err(RecvTimeoutError::Timeout) => drop(self.flush()),
                Err(RecvTimeoutError::Disconnected) => return drop(self.flush()),
            }
        }
    }

    fn record(&mut self, sent: SentExchange) {
        let size = sent.size();
        let SentExchange { portal, api, method, params, status, body } = sent;
        // The parameters were JSON before they were sent.
        let params = serde_json::from_slice(&params).unwrap_or_default();
        let body =
            serde_json::from_slice(&body).unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&body)));
        let exchange = Exchange::new(api, &method, params, status, body);
        let [request, response] = exchange.lines(self.values, &|text| self.credentials.redact(text));
        let result = self.recorder.record(&format!("{request}\n{response}\n"));
        self.is_dirty = true;
        self.queued.fetch_sub(size, Ordering::Relaxed);
        self.check(&portal, &method, &result);
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.recorder.flush();
        self.is_dirty = false;
        self.check("", "", &result);
        result
    }

    /// Reports the first failure.
    fn check(&mut self, portal: &str, method: &str, result: &io::Result<()>) {
        if let Err(error) = result
            && !std::mem::replace(&mut self.has_failed, true)
        {
            report(&self.observers, &self.credentials, portal, method, error);
        }
    }
}

/// Reports that traffic is not recorded.
pub(super) fn report(
    observers: &Observers,
    credentials: &Credentials,
    portal: &str,
    method: &str,
    error: &io::Error,
) {
    let error = credentials.redact(&error.to_string());
    warn!(portal, %error, "the traffic cannot be recorded; further failures are not reported");
    observers.notify(portal, method, Step::RecordingFailed);
}

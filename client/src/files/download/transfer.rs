//! The connections of a download: the first one, and those that continue after a cut.

use std::time::Duration;

use bitrix24_core::rate_limit::Rejection;
use bitrix24_core::retry::{self, Decision, FailedAttempt};
use bitrix24_core::{ErrorKind, Failure};
use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use tokio::time::{Instant, sleep, timeout};

use super::identity::{Continuation, Identity};
use super::source::{Received, Source};
use crate::client::Client;
use crate::deadline::Deadline;
use crate::observe::Step;
use crate::transport_error;

/// A file that is being received.
pub(super) struct Transfer {
    source: Source,
    /// The response in progress; `None` after it has failed. Its connection is open as long as it is here.
    response: Option<Received>,
    /// The status and the content type of the last response.
    status: u16,
    content_type: Option<Box<str>>,
    identity: Identity,
    received: u64,
    /// How many bytes were received already and come again.
    skip: u64,
    /// The most bytes that were received of any version.
    best: u64,
    attempts: Attempts,
}

/// The next piece of a file.
pub(super) enum Piece {
    Chunk(Bytes),
    /// What was received is void: the file comes again from its beginning.
    Restart,
    End,
}

/// The attempts since the last progress.
#[derive(Default)]
struct Attempts {
    number: u32,
    rejections: u32,
    rejected_since: Option<Instant>,
}

impl Transfer {
    /// Starts a download, and again as long as the retry policy of the client allows it.
    pub(super) async fn start(client: Client, url: &str) -> Result<Self, Failure> {
        let deadline = Deadline::start(&client.timeouts);
        let source = Source { client, url: url.into(), deadline };
        let mut attempts = Attempts::default();
        loop {
            attempts.number += 1;
            match source.request(None).await {
                Ok(received) => {
                    let mut transfer = Self {
                        source,
                        response: None,
                        status: 0,
                        content_type: None,
                        identity: Identity::of_whole(&received.response),
                        received: 0,
                        skip: 0,
                        best: 0,
                        attempts,
                    };
                    transfer.set_response(received);
                    return Ok(transfer);
                }
                Err(failure) => attempts.back_off(&source, failure).await?,
            }
        }
    }

    pub(super) fn length(&self) -> Option<u64> {
        self.identity.length
    }

    pub(super) fn received(&self) -> u64 {
        self.received
    }

    pub(super) fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    fn set_response(&mut self, received: Received) {
        let content_type = received.response.headers().get(CONTENT_TYPE);
        self.content_type = content_type.and_then(|text| text.to_str().ok()).map(Into::into);
        self.status = received.response.status().as_u16();
        self.response = Some(received);
    }

    /// Receives the next piece. A connection that breaks is replaced.
    pub(super) async fn next(&mut self) -> Result<Piece, Failure> {
        loop {
            let limit = self.source.deadline.request_timeout();
            let chunk = match &mut self.response {
                Some(Received { response, .. }) => timeout(limit, response.chunk()).await,
                None => Ok(Ok(None)),
            };
            let failure = match chunk {
                Ok(Ok(Some(chunk))) if self.exceeds_length(&chunk) => return Err(self.too_long()),
                Ok(Ok(Some(chunk))) => match self.accept(chunk) {
                    Some(chunk) => return Ok(Piece::Chunk(chunk)),
                    None => continue,
                },
                Ok(Ok(None)) if self.is_complete() => return Ok(Piece::End),
                Ok(Ok(None)) => self.ended_early(),
                Ok(Err(error)) => self.incomplete(error),
                Err(_) => self.stalled(),
            };
            if self.resume(failure).await? {
                return Ok(Piece::Restart);
            }
        }
    }

    /// Whether the end of the response is the end of the file. HTTP alone does not say so: a part of a file may end with its
    /// connection.
    fn is_complete(&self) -> bool {
        self.skip == 0 && self.identity.length.is_none_or(|length| self.received == length)
    }

    /// Whether the file is longer with this chunk than the server said.
    fn exceeds_length(&self, chunk: &Bytes) -> bool {
        let position = self.received - self.skip;
        self.identity.length.is_some_and(|length| chunk.len() as u64 > length.saturating_sub(position))
    }

    /// Counts a chunk; `None` if it was received before.
    fn accept(&mut self, mut chunk: Bytes) -> Option<Bytes> {
        let skipped = self.skip.min(chunk.len() as u64);
        self.skip -= skipped;
        let chunk = chunk.split_off(usize::try_from(skipped).unwrap_or(usize::MAX));
        self.received += chunk.len() as u64;
        if self.received > self.best {
            self.best = self.received;
            self.attempts = Attempts { number: 1, ..Attempts::default() };
        }
        (!chunk.is_empty()).then_some(chunk)
    }

    /// Connects again after a failure; whether the file comes again from its beginning.
    async fn resume(&mut self, mut failure: Failure) -> Result<bool, Failure> {
        // The connection ends with the response, and its place is free while this download waits. It would wait for its own
        // place otherwise.
        self.response = None;
        loop {
            self.attempts.back_off(&self.source, failure).await?;
            self.attempts.number += 1;
            match self.reconnect().await {
                Ok(restarted) => return Ok(restarted),
                Err(next) => failure = next,
            }
        }
    }

    async fn reconnect(&mut self) -> Result<bool, Failure> {
        let range = self.identity.if_range().filter(|_| self.received > 0);
        let range = range.map(|version| (self.received, version.to_owned()));
        let mut next = self.source.request(range).await?;
        let mut continuation = self.identity.continuation(&next.response, self.received);
        if continuation == Continuation::Unusable {
            drop(next);
            next = self.source.request(None).await?;
            continuation = self.identity.continuation(&next.response, self.received);
        }
        let restarted = match continuation {
            Continuation::Rest => {
                self.skip = 0;
                false
            }
            Continuation::SameFile => {
                self.skip = self.received;
                false
            }
            // The response to a request without a range is a whole file, which `Source` checks.
            Continuation::OtherFile | Continuation::Unusable => {
                self.identity = Identity::of_whole(&next.response);
                self.skip = 0;
                std::mem::take(&mut self.received) > 0
            }
        };
        self.set_response(next);
        Ok(restarted)
    }

    fn incomplete(&self, error: reqwest::Error) -> Failure {
        let received = usize::try_from(self.received).unwrap_or(usize::MAX);
        transport_error::incomplete_response(error, self.status, received, self.identity.length)
    }

    fn ended_early(&self) -> Failure {
        let expected = self.identity.length.map(|length| format!(" of {length}")).unwrap_or_default();
        let text = format!("the file ends after {}{expected} bytes", self.received - self.skip);
        Failure::new(ErrorKind::Truncated, text)
    }

    fn too_long(&self) -> Failure {
        let length = self.identity.length.unwrap_or_default();
        let text = format!("the server sends more than the {length} bytes of the file; download it again");
        Failure::new(ErrorKind::UnexpectedResponse, text).with_attempts(self.attempts.number)
    }

    fn stalled(&self) -> Failure {
        let text =
            format!("no further data arrived in time; {} bytes of the file were received", self.received);
        Failure::new(ErrorKind::Timeout, text)
    }
}

impl Attempts {
    /// Waits before the next attempt.
    ///
    /// # Errors
    /// The failure, if there is no other attempt, or no time for it.
    async fn back_off(&mut self, source: &Source, failure: Failure) -> Result<(), Failure> {
        if Rejection::from_failure(&failure).is_some() {
            self.rejections += 1;
            self.rejected_since.get_or_insert_with(Instant::now);
        }
        let rejected_for = self.rejected_since.map_or(Duration::ZERO, |since| since.elapsed());
        // A download changes nothing.
        let attempt = FailedAttempt::new(self.number, &failure)
            .with_rejections(self.rejections, rejected_for)
            .with_side_effects(false);
        let policy = source.client.timeouts.retry_policy.unwrap_or(source.client.inner.retry_policy);
        match retry::decide(&policy, &attempt, fastrand::f64()) {
            Decision::Retry { after, cause } if source.deadline.allows(after) => {
                source.notify(Step::Retrying { after, cause });
                sleep(after).await;
                Ok(())
            }
            _ => {
                let sent = self.number - u32::from(!was_sent(&failure));
                Err(failure.with_attempts(sent))
            }
        }
    }
}

/// Whether the last attempt sent something.
fn was_sent(failure: &Failure) -> bool {
    !matches!(
        failure.kind(),
        ErrorKind::Authorization | ErrorKind::Deadline | ErrorKind::Limiter | ErrorKind::Request
    )
}

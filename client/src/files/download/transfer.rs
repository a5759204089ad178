//! The connections of a download: the first one, and those that continue after a cut.

use std::time::Duration;

use bitrix24_core::rate_limit::{CallOutcome, Rejection};
use bitrix24_core::retry::{self, Decision, FailedAttempt};
use bitrix24_core::{ErrorKind, Failure};
use bytes::Bytes;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue, IF_RANGE, LOCATION, RANGE};
use reqwest::{Request, Response, Url};
use tokio::time::{Instant, sleep, timeout};

use super::NAME;
use super::identity::{Continuation, Identity};
use crate::call::limiter_failed;
use crate::client::Client;
use crate::credentials::Key;
use crate::deadline::Deadline;
use crate::files::file_url::{parse_file_url, redact_url};
use crate::observe::Step;
use crate::origin::origin_of;
use crate::rate_limit::{CallReport, RateLimitRequest};
use crate::transport::Transport;
use crate::transport_error;

/// The maximum number of redirects of a download: portals keep files in external storage.
const MAX_HOPS: usize = 5;

/// A file that is being received.
pub(super) struct Transfer {
    source: Source,
    response: Response,
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

/// Where a file comes from.
struct Source {
    client: Client,
    url: Box<str>,
    deadline: Deadline,
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
        let deadline = Deadline::start(client.timeouts);
        let source = Source { client, url: url.into(), deadline };
        let mut attempts = Attempts::default();
        loop {
            attempts.number += 1;
            match source.request(None).await {
                Ok(response) => {
                    let identity = Identity::of_whole(&response);
                    return Ok(Self { source, response, identity, received: 0, skip: 0, best: 0, attempts });
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
        self.response.headers().get(CONTENT_TYPE)?.to_str().ok()
    }

    /// Receives the next piece. A connection that breaks is replaced.
    pub(super) async fn next(&mut self) -> Result<Piece, Failure> {
        loop {
            let failure = match timeout(self.source.deadline.request_timeout(), self.response.chunk()).await {
                Ok(Ok(Some(chunk))) => match self.accept(chunk) {
                    Some(chunk) => return Ok(Piece::Chunk(chunk)),
                    None => continue,
                },
                Ok(Ok(None)) if self.skip == 0 => return Ok(Piece::End),
                Ok(Ok(None)) => self.ended_early(),
                Ok(Err(error)) => self.incomplete(error),
                Err(_) => self.stalled(),
            };
            if self.resume(failure).await? {
                return Ok(Piece::Restart);
            }
        }
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
        let mut response = self.source.request(range).await?;
        let mut continuation = self.identity.continuation(&response, self.received);
        if continuation == Continuation::Unusable {
            response = self.source.request(None).await?;
            continuation = self.identity.continuation(&response, self.received);
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
            Continuation::OtherFile | Continuation::Unusable => {
                self.identity = Identity::of_whole(&response);
                self.skip = 0;
                std::mem::take(&mut self.received) > 0
            }
        };
        self.response = response;
        Ok(restarted)
    }

    fn incomplete(&self, error: reqwest::Error) -> Failure {
        let received = usize::try_from(self.received).unwrap_or(usize::MAX);
        let status = self.response.status().as_u16();
        transport_error::incomplete_response(error, status, received, self.identity.length)
    }

    fn ended_early(&self) -> Failure {
        Failure::new(ErrorKind::Truncated, format!("the file ends before its byte {}", self.received))
    }

    fn stalled(&self) -> Failure {
        let text =
            format!("no further data arrived in time; {} bytes of the file were received", self.received);
        Failure::new(ErrorKind::Timeout, text)
    }
}

impl Source {
    /// Requests the file, or the rest of this version of it, when the rate limit of the portal allows it. Redirects are followed,
    /// from the URL of the portal on each time: that of a storage may have expired.
    async fn request(&self, range: Option<(u64, String)>) -> Result<Response, Failure> {
        let passed = || {
            Failure::new(ErrorKind::Deadline, "the deadline of this download passed before it could start")
        };
        let client = &self.client.inner;
        let key = self.deadline.limit(client.credentials.key()).await.ok_or_else(passed)??;
        let mut url = parse_file_url(&self.url, key.portal())?;
        // Only the portal counts requests.
        let is_portal = origin_of(&url) == key.origin();
        if is_portal {
            let request = RateLimitRequest::new(key.origin(), key.name(), NAME);
            let acquired = self.deadline.limit(client.limiter.acquire(request)).await;
            acquired.ok_or_else(passed)?.map_err(limiter_failed)?;
        }
        let portal_url = url.clone();
        let mut hops = 0;
        let result = loop {
            let response = match self.get(url.clone(), range.as_ref()).await {
                Ok(response) if response.status().is_redirection() => response,
                result => break result,
            };
            if hops == MAX_HOPS {
                break Err(Failure::new(ErrorKind::Redirect, "too many consecutive redirects"));
            }
            hops += 1;
            match redirect_target(&response) {
                Ok(target) => url = target,
                Err(failure) => break Err(failure),
            }
        };
        result.map_err(|failure| {
            if is_portal {
                self.record(&key, &failure);
            }
            redact_url(redact_url(failure, &url), &portal_url)
        })
    }

    /// Reports a rejection to the limiter.
    fn record(&self, key: &Key, failure: &Failure) {
        if let Some(rejection) = Rejection::from_failure(failure) {
            let rejected = CallOutcome::rejected(NAME, rejection);
            self.client.inner.limiter.record(CallReport::new(key.origin(), key.name(), rejected));
        }
    }

    /// Sends one request. It contains no key except the one in the URL. A response with an error is a failure.
    async fn get(&self, url: Url, range: Option<&(u64, String)>) -> Result<Response, Failure> {
        let origin = origin_of(&url);
        let transport = self.client.inner.transport()?;
        let mut request = Request::new(reqwest::Method::GET, url);
        // A packed file has parts of its own, which are no parts of the file.
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some((start, version)) = range
            && let Ok(version) = HeaderValue::from_str(version)
        {
            request
                .headers_mut()
                .insert(RANGE, HeaderValue::from_str(&format!("bytes={start}-")).map_err(|_| no_range())?);
            request.headers_mut().insert(IF_RANGE, version);
        }
        let limit = self.deadline.request_timeout();
        let timed_out =
            || Failure::new(ErrorKind::Timeout, format!("{origin} did not start to send the file in time"));
        let response = timeout(limit, transport.http.execute(request)).await.map_err(|_| timed_out())?;
        let response = response.map_err(|error| transport_error::no_response(error, &origin))?;
        timeout(limit, check_status(transport, response)).await.unwrap_or_else(|_| Err(timed_out()))
    }

    fn notify(&self, step: Step) {
        let portal = self.client.inner.credentials.portal().map(origin_of).unwrap_or_default();
        self.client.inner.observers.notify(&portal, NAME, step);
    }
}

fn no_range() -> Failure {
    Failure::new(ErrorKind::Request, "the rest of the file cannot be requested")
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
            _ => Err(failure.with_attempts(self.number)),
        }
    }
}

/// The target of a redirect, never from `https` to `http`.
fn redirect_target(response: &Response) -> Result<Url, Failure> {
    let no_target = || Failure::new(ErrorKind::Redirect, "the portal sends a redirect without a target");
    let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let target = parse_file_url(location.ok_or_else(no_target)?, response.url())?;
    if response.url().scheme() == "https" && target.scheme() != "https" {
        return Err(Failure::new(ErrorKind::Redirect, "the portal redirects from https to plain http"));
    }
    Ok(target)
}

/// Returns the response, unless it is an error instead of a file.
async fn check_status(transport: Transport<'_>, response: Response) -> Result<Response, Failure> {
    let status = response.status();
    // 416: the file has no such part.
    if status.is_success() || status.is_redirection() || status.as_u16() == 416 {
        return Ok(response);
    }
    let json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if json {
        transport.parse(response).await?;
    }
    let text = if status.is_server_error() {
        "the server failed to send the file"
    } else {
        "there is no file at this URL, or the user has no access to it; URLs of files expire after a while"
    };
    Err(Failure::new(ErrorKind::UnexpectedResponse, text).with_status(status.as_u16()))
}

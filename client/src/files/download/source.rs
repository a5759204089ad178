//! The requests of a download.

use bitrix24_core::rate_limit::{CallOutcome, Rejection};
use bitrix24_core::{ErrorKind, Failure};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderValue, IF_RANGE, LOCATION, RANGE};
use reqwest::{Request, Response, StatusCode, Url};
use tokio::time::timeout;

use super::NAME;
use crate::call::limiter_failed;
use crate::client::Client;
use crate::credentials::Key;
use crate::deadline::Deadline;
use crate::files::file_url::{parse_file_url, redact_url};
use crate::http::Place;
use crate::observe::Step;
use crate::origin::origin_of;
use crate::rate_limit::{CallReport, RateLimitRequest};
use crate::transport::Transport;
use crate::transport_error;

/// The maximum number of redirects of a download: portals keep files in external storage.
const MAX_HOPS: usize = 5;

/// Where a file comes from.
pub(super) struct Source {
    pub(super) client: Client,
    pub(super) url: Box<str>,
    pub(super) deadline: Deadline,
}

/// A response, and the place of its connection, which is free again when this is dropped.
pub(super) struct Received {
    pub(super) response: Response,
    _place: Place,
}

impl Source {
    /// Requests the file, or the rest of this version of it, when the rate limit of the portal allows it. Redirects are followed,
    /// from the URL of the portal on each time: that of a storage may have expired.
    pub(super) async fn request(&self, range: Option<(u64, String)>) -> Result<Received, Failure> {
        let client = &self.client.inner;
        let key = self.deadline.limit(client.credentials.key()).await.ok_or_else(passed)??;
        let mut url = parse_file_url(&self.url, key.portal())?;
        // Only the portal counts requests.
        let is_portal = origin_of(&url) == key.origin();
        let mut permit = None;
        if is_portal {
            client.overload.check()?;
            let request = RateLimitRequest::new(key.origin(), key.name(), NAME);
            let acquired = self.deadline.limit(client.limiter.acquire(request)).await;
            acquired.ok_or_else(passed)?.map_err(limiter_failed)?;
            permit = Some(client.overload.permit()?);
        }
        let portal_url = url.clone();
        let mut hops = 0;
        let result = loop {
            let response = match self.get(url.clone(), range.as_ref()).await {
                Ok(received) if received.response.status().is_redirection() => received.response,
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
        if let Some(permit) = permit {
            permit.record(&result);
        }
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
    async fn get(&self, url: Url, range: Option<&(u64, String)>) -> Result<Received, Failure> {
        let origin = origin_of(&url);
        let transport = self.deadline.limit(self.client.inner.transport(&origin)).await;
        let transport = transport.ok_or_else(passed)??;
        let mut request = Request::new(reqwest::Method::GET, url);
        // A packed file has parts of its own, which are no parts of the file.
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some((start, version)) = range
            && let Ok(version) = HeaderValue::from_str(version)
            && let Ok(rest) = HeaderValue::from_str(&format!("bytes={start}-"))
        {
            request.headers_mut().insert(RANGE, rest);
            request.headers_mut().insert(IF_RANGE, version);
        }
        let ranged = request.headers().contains_key(RANGE);
        let limit = self.deadline.request_timeout();
        let timed_out =
            || Failure::new(ErrorKind::Timeout, format!("{origin} did not start to send the file in time"));
        let response = timeout(limit, transport.http.execute(request)).await.map_err(|_| timed_out())?;
        let response = response.map_err(|error| transport_error::no_response(error, &origin))?;
        let checked = timeout(limit, check_status(&transport, response, ranged)).await;
        let response = checked.unwrap_or_else(|_| Err(timed_out()))?;
        Ok(Received { response, _place: transport.place })
    }

    pub(super) fn notify(&self, step: Step) {
        let portal = self.client.inner.credentials.portal().map(origin_of).unwrap_or_default();
        self.client.inner.observers.notify(&portal, NAME, step);
    }
}

fn passed() -> Failure {
    Failure::new(ErrorKind::Deadline, "the deadline of this download passed before it could start")
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

/// Returns the response, unless it is an error instead of a file. `ranged` is whether a part of the file was requested: only then
/// the response may be a part, or say that there is no such part.
async fn check_status(
    transport: &Transport<'_>,
    response: Response,
    ranged: bool,
) -> Result<Response, Failure> {
    let status = response.status();
    if status == StatusCode::PARTIAL_CONTENT && !ranged {
        let text = "the server sends a part of the file instead of the whole";
        return Err(Failure::new(ErrorKind::UnexpectedResponse, text).with_status(status.as_u16()));
    }
    let no_such_part = ranged && status == StatusCode::RANGE_NOT_SATISFIABLE;
    if status.is_success() || status.is_redirection() || no_such_part {
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

//! Downloads in chunks.

use std::fmt;

use bitrix24_core::{Error, ErrorKind, Failure};
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Request, Response, Url};
use tokio::time::timeout;

use super::file_url::{parse_file_url, redact_url};
use crate::client::Client;
use crate::deadline::Deadline;
use crate::origin::origin_of;
use crate::transport::Transport;
use crate::transport_error;

/// The method name in errors of downloads.
const NAME: &str = "download";

/// The maximum number of redirects of a download: portals keep files in external storage.
const MAX_HOPS: usize = 5;

impl Client {
    /// Downloads a file from a URL that the portal provides (`DOWNLOAD_URL`, `downloadUrl`, `urlMachine`), absolute or relative
    /// to the portal. Such a URL contains a key and is never shown.
    ///
    /// ```no_run
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{json, raw};
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let file = portal.call(raw("disk.file.get", json!({"id": 77}))).await?;
    /// let mut download = portal.download(file.result["DOWNLOAD_URL"].as_str().unwrap_or_default()).await?;
    /// let mut size = 0;
    /// while let Some(chunk) = download.chunk().await? {
    ///     size += chunk.len();
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`with_timeout`](Self::with_timeout) limits the start and each chunk, [`with_deadline`](Self::with_deadline) the whole
    /// download.
    ///
    /// # Errors
    /// An [`Error`]: the error that the portal returned instead of a file, or the reason why there is no response.
    pub async fn download(&self, url: &str) -> Result<Download, Error> {
        let deadline = Deadline::start(&self.timeouts);
        let response = self.fetch(&deadline, url).await.map_err(|failure| self.error(NAME, failure))?;
        let length = response.content_length();
        Ok(Download { length, received: 0, response, client: self.clone(), deadline })
    }

    async fn fetch(&self, deadline: &Deadline, url: &str) -> Result<Response, Failure> {
        let deadline_passed = || {
            Failure::new(ErrorKind::Deadline, "the deadline of this download passed before it could start")
        };
        let key = deadline.limit(self.inner.credentials.key()).await.ok_or_else(deadline_passed)??;
        let mut url = parse_file_url(url, key.portal())?;
        for _ in 0..=MAX_HOPS {
            let response = self.get(deadline, url.clone()).await?;
            if !response.status().is_redirection() {
                let timed_out =
                    || Failure::new(ErrorKind::Timeout, "the response of the portal did not arrive in time");
                let transport = self.inner.transport()?;
                let file = timeout(deadline.request_timeout(), check_status(&transport, response));
                let file = file.await.unwrap_or_else(|_| Err(timed_out()));
                return file.map_err(|failure| redact_url(failure, &url));
            }
            url = redirect_target(&response)?;
        }
        Err(Failure::new(ErrorKind::Redirect, "too many consecutive redirects"))
    }

    async fn get(&self, deadline: &Deadline, url: Url) -> Result<Response, Failure> {
        let origin = origin_of(&url);
        let request = Request::new(reqwest::Method::GET, url);
        let http = self.inner.transport()?.http;
        let result = timeout(deadline.request_timeout(), http.execute(request)).await;
        let timed_out =
            || Failure::new(ErrorKind::Timeout, format!("{origin} did not start to send the file in time"));
        result.map_err(|_| timed_out())?.map_err(|error| transport_error::no_response(error, &origin))
    }
}

/// The target of a redirect, never from `https` to `http`. The request contains no key except the one in the URL.
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
async fn check_status(transport: &Transport<'_>, response: Response) -> Result<Response, Failure> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if json {
        transport.parse(response).await?;
    }
    let text =
        "there is no file at this URL, or the user has no access to it; URLs of files expire after a while";
    Err(Failure::new(ErrorKind::UnexpectedResponse, text).with_status(status.as_u16()))
}

/// A download in progress.
pub struct Download {
    response: Response,
    length: Option<u64>,
    received: u64,
    client: Client,
    deadline: Deadline,
}

impl Download {
    /// The size of the file in bytes, if the portal sends it.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The content type of the file, if the portal sends it: `image/png`.
    pub fn content_type(&self) -> Option<&str> {
        self.response.headers().get(CONTENT_TYPE)?.to_str().ok()
    }

    /// The next chunk; `None` at the end of the file.
    ///
    /// # Errors
    /// An [`Error`] if the file ends early ([`ErrorKind::Truncated`]) or no further chunk arrives in time
    /// ([`ErrorKind::Timeout`]).
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let Ok(chunk) = timeout(self.deadline.request_timeout(), self.response.chunk()).await else {
            let text =
                format!("no further data arrived in time; {} bytes of the file were received", self.received);
            return Err(self.client.error(NAME, Failure::new(ErrorKind::Timeout, text)));
        };
        match chunk {
            Ok(chunk) => {
                self.received += chunk.as_ref().map_or(0, Bytes::len) as u64;
                Ok(chunk)
            }
            Err(error) => Err(self.incomplete(error)),
        }
    }

    /// Reads the whole file. A file of more than `limit` bytes is an error, so that it cannot fill the memory.
    ///
    /// # Errors
    /// Those of [`chunk`](Self::chunk), and [`ErrorKind::Request`] if the file exceeds the limit.
    pub async fn bytes(mut self, limit: usize) -> Result<Vec<u8>, Error> {
        let mut content = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            if content.len() + chunk.len() > limit {
                let text = format!("the file exceeds the limit of {limit} bytes");
                return Err(self.client.error(NAME, Failure::new(ErrorKind::Request, text)));
            }
            content.extend_from_slice(&chunk);
        }
        Ok(content)
    }

    fn incomplete(&self, error: reqwest::Error) -> Error {
        let received = usize::try_from(self.received).unwrap_or(usize::MAX);
        let status = self.response.status().as_u16();
        let failure = transport_error::incomplete_response(error, status, received, self.length);
        self.client.error(NAME, failure)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("client", &self.client)
            .field("length", &self.length)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}

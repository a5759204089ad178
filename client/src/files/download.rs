//! Downloads, piece by piece.

use std::fmt;

use bitrix24_core::{Error, Failure, Kind};
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Request, Response, Url};
use tokio::time::timeout;

use super::{file_address, without_key};
use crate::address::origin_of;
use crate::client::Client;
use crate::clock::Clock;
use crate::exchange::Wire;
use crate::trouble;

/// What errors of downloads name as their method.
const NAME: &str = "download";

/// The redirects in a row that a download follows: portals keep files in stores of their own.
const HOPS: usize = 5;

impl Client {
    /// Fetches a file from an address that the portal has given (`DOWNLOAD_URL`, `downloadUrl`, `urlMachine`), absolute or
    /// within the portal. Such an address holds a key: it is shown nowhere.
    ///
    /// ```no_run
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{json, raw};
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let file = portal.call(raw("disk.file.get", json!({"id": 77}))).await?;
    /// let mut download = portal.download(file.result["DOWNLOAD_URL"].as_str().unwrap_or_default()).await?;
    /// let mut size = 0;
    /// while let Some(piece) = download.chunk().await? {
    ///     size += piece.len();
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`with_timeout`](Self::with_timeout) says how long the beginning and each further piece may take,
    /// [`with_deadline`](Self::with_deadline) how long all of it.
    ///
    /// # Errors
    /// An [`Error`]: what the portal answered instead of a file, or what kept it from answering.
    pub async fn download(&self, address: &str) -> Result<Download, Error> {
        let clock = Clock::start(self.patience);
        let response = self.fetch(&clock, address).await.map_err(|failure| self.error(NAME, failure))?;
        Ok(Download { length: response.content_length(), received: 0, response, client: self.clone(), clock })
    }

    async fn fetch(&self, clock: &Clock, address: &str) -> Result<Response, Failure> {
        let late =
            || Failure::new(Kind::Deadline, "the time for this download was over before it could begin");
        let key = clock.within(self.portal.credentials.key()).await.ok_or_else(late)??;
        let mut url = file_address(address, key.portal())?;
        for _ in 0..=HOPS {
            let response = self.get(clock, url.clone()).await?;
            if !response.status().is_redirection() {
                let late = || Failure::new(Kind::Timeout, "the portal's answer has not come in time");
                let file = timeout(clock.for_exchange(), refused(self.portal.wire()?, response));
                let file = file.await.unwrap_or_else(|_| Err(late()));
                return file.map_err(|failure| without_key(failure, &url));
            }
            url = next(&response)?;
        }
        Err(Failure::new(Kind::Redirect, "one redirect led to the next too often"))
    }

    async fn get(&self, clock: &Clock, url: Url) -> Result<Response, Failure> {
        let origin = origin_of(&url);
        let request = Request::new(reqwest::Method::GET, url);
        let sent = timeout(clock.for_exchange(), self.portal.wire()?.http.execute(request)).await;
        let late = || Failure::new(Kind::Timeout, format!("{origin} has not begun to send the file in time"));
        sent.map_err(|_| late())?.map_err(|error| trouble::without_answer(error, &origin))
    }
}

/// Where a redirect leads: never from `https` to `http`. No key of ours goes along, only what the portal put into the address.
fn next(response: &Response) -> Result<Url, Failure> {
    let nowhere =
        || Failure::new(Kind::Redirect, "the portal sends the caller elsewhere and does not say where");
    let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let next = file_address(location.ok_or_else(nowhere)?, response.url())?;
    if response.url().scheme() == "https" && next.scheme() != "https" {
        return Err(Failure::new(Kind::Redirect, "the portal sends the caller from https to plain http"));
    }
    Ok(next)
}

/// The response, unless it is an error in the place of a file.
async fn refused(wire: Wire<'_>, response: Response) -> Result<Response, Failure> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if json {
        wire.read(response).await?;
    }
    let text = "there is no file at this address, or none for this user; addresses of files are valid for a while only";
    Err(Failure::new(Kind::NotAnAnswer, text).with_status(status.as_u16()))
}

/// A file on its way from a portal.
pub struct Download {
    response: Response,
    length: Option<u64>,
    received: u64,
    client: Client,
    clock: Clock,
}

impl Download {
    /// How many bytes the file has, where the portal says so.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The type that the portal gives for it: `image/png`.
    pub fn content_type(&self) -> Option<&str> {
        self.response.headers().get(CONTENT_TYPE)?.to_str().ok()
    }

    /// The next piece; `None` when the file is there as a whole.
    ///
    /// # Errors
    /// An [`Error`] where the file breaks off ([`Kind::Truncated`]) or no more of it comes in time ([`Kind::Timeout`]).
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let Ok(piece) = timeout(self.clock.for_exchange(), self.response.chunk()).await else {
            let text =
                format!("no more of the file has come in time; {} bytes of it are there", self.received);
            return Err(self.client.error(NAME, Failure::new(Kind::Timeout, text)));
        };
        match piece {
            Ok(piece) => {
                self.received += piece.as_ref().map_or(0, Bytes::len) as u64;
                Ok(piece)
            }
            Err(error) => Err(self.broken(error)),
        }
    }

    /// The whole file. What is larger than `limit` bytes is an error, so that a file of any size cannot fill the memory.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk); [`Kind::Request`] where the file is larger.
    pub async fn bytes(mut self, limit: usize) -> Result<Vec<u8>, Error> {
        let mut content = Vec::new();
        while let Some(piece) = self.chunk().await? {
            if content.len() + piece.len() > limit {
                let text = format!("the file is larger than the {limit} bytes that it may have");
                return Err(self.client.error(NAME, Failure::new(Kind::Request, text)));
            }
            content.extend_from_slice(&piece);
        }
        Ok(content)
    }

    fn broken(&self, error: reqwest::Error) -> Error {
        let received = usize::try_from(self.received).unwrap_or(usize::MAX);
        let status = self.response.status().as_u16();
        self.client.error(NAME, trouble::broken_answer(error, status, received, self.length))
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

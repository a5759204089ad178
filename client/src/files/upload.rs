//! Uploads to a URL that the portal provides for one file.

use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

use bitrix24_core::rate_limit::{CallOutcome, Rejection};
use bitrix24_core::wire::JsonRef;
use bitrix24_core::{Error, ErrorKind, Failure, Map, Method, MethodInfo, RawResponse, Response, Value};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Body, Request, Url};
use tokio::io::AsyncRead;

use super::blocking_reader::BlockingReader;
use super::file_url::{parse_file_url, redact_url};
use super::multipart::{MultipartForm, Reader};
use super::transfer_progress::TransferProgress;
use crate::call::{CallFuture, limiter_failed};
use crate::client::Client;
use crate::client_inner::ClientInner;
use crate::deadline::{Deadline, Timeouts};
use crate::origin::origin_of;
use crate::rate_limit::{CallReport, RateLimitRequest};
use crate::transport::HttpOutcome;

/// A file to upload: a name, a size and a reader. One chunk at a time is in memory.
///
/// ```no_run
/// use bitrix24_client::{Client, Upload};
/// use bitrix24_core::{json, raw};
///
/// # async fn example(portal: Client, film: tokio::fs::File) -> Result<(), Box<dyn std::error::Error>> {
/// let size = film.metadata().await?.len();
/// let request = raw("disk.folder.uploadfile", json!({"id": 8930, "data": {"NAME": "film.mp4"}}));
/// let saved = portal.upload(request, Upload::from_async_read("film.mp4", size, film)).await?;
/// println!("{}", saved.result["ID"]);
/// # Ok(())
/// # }
/// ```
#[must_use = "an upload does nothing until `Client::upload` sends it"]
pub struct Upload {
    name: String,
    size: u64,
    reader: Reader,
}

impl Upload {
    /// Creates an upload of `size` bytes from an asynchronous reader, such as a `tokio::fs::File`.
    pub fn from_async_read(
        name: impl Into<String>,
        size: u64,
        reader: impl AsyncRead + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), size, reader: Box::pin(reader) }
    }

    /// Creates an upload of `size` bytes from a reader of the standard library, such as a [`std::fs::File`]. It is read on a
    /// thread that may block.
    pub fn from_read(
        name: impl Into<String>,
        size: u64,
        source: impl std::io::Read + Send + 'static,
    ) -> Self {
        Self::from_async_read(name, size, BlockingReader::new(source))
    }

    /// Creates an upload of bytes in memory.
    pub fn from_bytes(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        let content = content.into();
        Self::from_async_read(name, content.len() as u64, Cursor::new(content))
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("name", &self.name).field("size", &self.size).finish_non_exhaustive()
    }
}

impl Client {
    /// Calls a method that returns an upload URL if the request has no content (such as `disk.folder.uploadfile`), sends the file
    /// to that URL, and decodes the response as the method's result.
    ///
    /// The file is sent once. If the upload breaks, only the portal knows whether the file arrived, and [`Error::executed`] says
    /// so. An upload may take any time as long as bytes are transferred: [`with_timeout`](Self::with_timeout) limits how long
    /// none is, [`with_deadline`](Self::with_deadline) the whole upload.
    ///
    /// # Errors
    /// An [`Error`] of the method; [`ErrorKind::UnexpectedResponse`] if it returns no upload URL.
    pub fn upload<M: Method>(
        &self,
        request: M,
        file: Upload,
    ) -> impl Future<Output = Result<Response<M::Output>, Error<M::Error>>> + Send + use<M> {
        let info = request.info();
        let name: Box<str> = info.name.into();
        let response = self.send_file(info, request.params().as_map(), file);
        let client = self.clone();
        async move { client.decode::<M>(&name, response.await) }
    }

    /// Executes an upload without decoding its result.
    pub(crate) fn send_file(
        &self,
        info: MethodInfo<'_>,
        params: &Map<String, Value>,
        file: Upload,
    ) -> CallFuture {
        let url_response = self.send(info, params);
        Box::pin(send(Arc::clone(&self.inner), self.timeouts, url_response, file))
    }
}

/// Not generic, so that it is compiled once for all methods.
async fn send(
    client: Arc<ClientInner>,
    timeouts: Timeouts,
    url_response: CallFuture,
    file: Upload,
) -> Result<RawResponse, Failure> {
    let deadline = Deadline::start(&timeouts);
    let response = url_response.await?;
    let deadline_passed = || {
        let text = "the deadline of this upload passed before the file could be sent";
        Failure::new(ErrorKind::Deadline, text)
    };
    let key = deadline.limit(client.credentials.key()).await.ok_or_else(deadline_passed)??;
    let (field, url) = upload_target(response.result.get(), key.portal())?;
    let request = RateLimitRequest::new(key.origin(), key.name(), "upload");
    let acquired = deadline.limit(client.limiter.acquire(request)).await;
    acquired.ok_or_else(deadline_passed)?.map_err(limiter_failed)?;
    let permit = client.overload.permit()?;
    let progress = TransferProgress::default();
    let form = MultipartForm::new(&field, &file.name, file.size, file.reader, progress.clone());
    let post = Box::pin(post(&client, url, form));
    let stalled = || {
        let text =
            "no byte of the upload was transferred for too long; the portal may have received the file";
        Failure::new(ErrorKind::Timeout, text)
    };
    let result = deadline.limit(progress.with_idle_timeout(timeouts.request, post)).await.flatten();
    let result = result.ok_or_else(stalled).and_then(|result| result);
    permit.record(&result);
    if let Some(rejection) = result.as_ref().err().and_then(Rejection::from_failure) {
        let rejected = CallOutcome::rejected(request.method(), rejection);
        client.limiter.record(CallReport::new(key.origin(), key.name(), rejected));
    }
    result
}

async fn post(client: &ClientInner, url: Url, form: MultipartForm) -> Result<RawResponse, Failure> {
    let transport = client.transport(&origin_of(&url)).await?;
    let mut request = Request::new(reqwest::Method::POST, url.clone());
    let content_type = HeaderValue::from_str(&form.content_type());
    let content_type = content_type.expect("letters, digits and hyphens are legal in a header");
    request.headers_mut().insert(CONTENT_TYPE, content_type);
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    *request.body_mut() = Some(Body::wrap(form));
    match transport.send(request).await.map_err(|failure| redact_url(failure, &url))? {
        HttpOutcome::Response(response) => Ok(*response),
        HttpOutcome::Redirect { status, .. } => {
            let text = "the portal redirects the upload, which is not followed; start the upload again";
            Err(Failure::new(ErrorKind::Redirect, text).with_status(status))
        }
    }
}

/// The field and the URL for the file in the method's result.
fn upload_target(result: JsonRef<'_>, portal: &Url) -> Result<(String, Url), Failure> {
    let text = |names: [&str; 2]| names.iter().find_map(|name| result.field(name)?.string());
    match (text(["field", "FIELD"]), text(["uploadUrl", "UPLOAD_URL"])) {
        (Some(field), Some(url)) => Ok((field.into_owned(), parse_file_url(&url, portal)?)),
        _ => Err(Failure::new(
            ErrorKind::UnexpectedResponse,
            "the method returned no upload URL (`field` and `uploadUrl`); remove the file content from the request",
        )),
    }
}

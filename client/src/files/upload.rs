//! Uploads by an address that the portal gives for one file.

use std::fmt;
use std::io::Cursor;
use std::sync::Arc;

use bitrix24_core::{Answer, Error, Failure, Kind, Map, Method, MethodInfo, Reply, Value, pace};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Body, Request, Url};
use tokio::io::AsyncRead;

use super::form::{Form, Reader};
use super::progress::Progress;
use super::reader::StdReader;
use super::{file_address, without_key};
use crate::call::Underway;
use crate::client::Client;
use crate::clock::{Clock, Patience};
use crate::exchange::Came;
use crate::pace::{Ask, News};
use crate::portal::Portal;

/// A file on its way to a portal: a name, a size and a reader, of which a piece at a time is in memory.
///
/// ```no_run
/// use bitrix24_client::{Client, Upload};
/// use bitrix24_core::{json, raw};
///
/// # async fn example(portal: Client, film: tokio::fs::File) -> Result<(), Box<dyn std::error::Error>> {
/// let size = film.metadata().await?.len();
/// let request = raw("disk.folder.uploadfile", json!({"id": 8930, "data": {"NAME": "film.mp4"}}));
/// let saved = portal.upload(request, Upload::reader("film.mp4", size, film)).await?;
/// println!("{}", saved.result["ID"]);
/// # Ok(())
/// # }
/// ```
#[must_use = "a file is sent by `Client::upload`"]
pub struct Upload {
    name: String,
    size: u64,
    reader: Reader,
}

impl Upload {
    /// A file of `size` bytes that is read while it is sent: a `tokio::fs::File`, or whatever else can be read so.
    pub fn reader(
        name: impl Into<String>,
        size: u64,
        reader: impl AsyncRead + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), size, reader: Box::pin(reader) }
    }

    /// A file of `size` bytes that is read while it is sent, as the standard library reads: a [`std::fs::File`], say. It is read
    /// on a thread that may wait.
    pub fn read(name: impl Into<String>, size: u64, source: impl std::io::Read + Send + 'static) -> Self {
        Self::reader(name, size, StdReader::new(source))
    }

    /// A file whose bytes are in memory.
    pub fn bytes(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        let content = content.into();
        Self::reader(name, content.len() as u64, Cursor::new(content))
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("name", &self.name).field("size", &self.size).finish_non_exhaustive()
    }
}

impl Client {
    /// Calls a method that gives an address for an upload if it gets no content (`disk.folder.uploadfile` and its kin), sends
    /// the file there, and reads what comes of it as the method's result.
    ///
    /// The file is sent once: whether an upload that broke off is in the portal, only the portal knows, and
    /// [`Error::ran`] says so. It may take as long as bytes keep moving; [`with_timeout`](Self::with_timeout) says how long
    /// they may stand still, [`with_deadline`](Self::with_deadline) how long all of it may take.
    ///
    /// # Errors
    /// An [`Error`] of the method; [`Kind::NotAnAnswer`] where it gives no address for an upload.
    pub fn upload<M: Method>(
        &self,
        request: M,
        file: Upload,
    ) -> impl Future<Output = Result<Reply<M::Output>, Error<M::Error>>> + Send + use<M> {
        let info = request.info();
        let name: Box<str> = info.name.into();
        let sent = self.send_file(info, request.params().as_map(), file);
        let client = self.clone();
        async move { sent.await.and_then(Answer::read).map_err(|failure| client.error(&name, failure)) }
    }

    /// Carries an upload whose result nobody has read yet.
    pub(crate) fn send_file(
        &self,
        info: MethodInfo<'_>,
        params: &Map<String, Value>,
        file: Upload,
    ) -> Underway {
        let address = self.send(info, params);
        Box::pin(send(Arc::clone(&self.portal), self.patience, address, file))
    }
}

/// Not generic, so that there is one of it for all methods.
async fn send(
    portal: Arc<Portal>,
    patience: Patience,
    address: Underway,
    file: Upload,
) -> Result<Answer, Failure> {
    let clock = Clock::start(patience);
    let answer = address.await?;
    let late =
        || Failure::new(Kind::Deadline, "the time for this upload was over before the file could be sent");
    let key = clock.within(portal.credentials.key()).await.ok_or_else(late)??;
    let (field, url) = place(&answer.result, key.portal())?;
    let ask = Ask::new(key.origin(), key.name(), "upload");
    clock.within(portal.limiter.admit(ask)).await.ok_or_else(late)?;
    let progress = Progress::default();
    let form = Form::new(&field, &file.name, file.size, file.reader, progress.clone());
    let sending = Box::pin(post(&portal, url, form));
    let stalled = || {
        let text = "no byte of the upload has moved for too long; the portal may have the file all the same";
        Failure::new(Kind::Timeout, text)
    };
    let sent = clock.within(progress.watch(patience.timeout, sending)).await.flatten();
    let outcome = sent.ok_or_else(stalled).and_then(|sent| sent);
    if let Some(refusal) = outcome.as_ref().err().and_then(pace::refusal) {
        let refused = pace::Outcome::refused(ask.method(), refusal);
        portal.limiter.told(News::new(key.origin(), key.name(), refused));
    }
    outcome
}

async fn post(portal: &Portal, url: Url, form: Form) -> Result<Answer, Failure> {
    let wire = portal.wire()?;
    let mut request = Request::new(reqwest::Method::POST, url.clone());
    let content_type = HeaderValue::from_str(&form.content_type());
    let content_type = content_type.expect("letters, digits and hyphens are legal in a header");
    request.headers_mut().insert(CONTENT_TYPE, content_type);
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    *request.body_mut() = Some(Body::wrap(form));
    match wire.send(request).await.map_err(|failure| without_key(failure, &url))? {
        Came::Answer(answer) => Ok(*answer),
        Came::Redirect { status, .. } => {
            let text = "the portal sends the file elsewhere, which an upload does not follow; it has to be begun anew";
            Err(Failure::new(Kind::Redirect, text).with_status(status))
        }
    }
}

/// The field and the address for the file, as the method tells them.
fn place(result: &Value, portal: &Url) -> Result<(String, Url), Failure> {
    let text = |names: [&str; 2]| names.iter().find_map(|name| result.get(name)?.as_str());
    match (text(["field", "FIELD"]), text(["uploadUrl", "UPLOAD_URL"])) {
        (Some(field), Some(url)) => Ok((field.to_owned(), file_address(url, portal)?)),
        _ => Err(Failure::new(
            Kind::NotAnAnswer,
            "the method has given no address for an upload (`field` and `uploadUrl`); does the request hold a file already?",
        )),
    }
}

//! A scripted portal on this machine, for tests and examples.
//!
//! It speaks just enough HTTP/1.1 to answer a REST client over a real socket, and to misbehave in every way in which a portal
//! or what stands before it does: pages instead of JSON, answers that break off, redirects, silence. It knows no method: a
//! function of the caller's gives each [`Response`].
//!
//! ```ignore
//! #[path = "../../tests/support/portal.rs"]
//! mod portal;
//! use portal::{Portal, Response};
//!
//! let portal = Portal::start(|call| match call.method.as_str() {
//!     "profile" => Response::result(json!({"ID": "1"})),
//!     _ => Response::error(404, "ERROR_METHOD_NOT_FOUND", "Method not found!"),
//! }).await;
//! let client = Client::webhook(&portal.webhook())?;
//! // …
//! assert_eq!(portal.calls().len(), 1);
//! ```
//!
//! It needs the crates `tokio` (features `io-util`, `net`, `rt`, `time`), `httparse` and `serde_json`. Each file that
//! includes it uses a part of it, hence the `allow`.
#![allow(dead_code, unreachable_pub)]

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// The secret of every webhook of a [`Portal`]. It occurs in nothing else, so a test can look for it.
pub const SECRET: &str = "k7Jq-2wXv_9hRz";

/// A portal that answers as its script says until it is dropped.
pub struct Portal {
    address: SocketAddr,
    calls: Calls,
    listening: JoinHandle<()>,
}

type Calls = Arc<Mutex<Vec<Call>>>;
type Script = dyn Fn(&Call) -> Response + Send + Sync;

impl Portal {
    /// Starts a portal on a free port. Must be called within a tokio runtime.
    ///
    /// # Panics
    /// Where this machine has no port to give.
    pub async fn start(script: impl Fn(&Call) -> Response + Send + Sync + 'static) -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port on this machine");
        let address = listener.local_addr().expect("the address of a bound socket");
        let calls = Calls::default();
        let listening = tokio::spawn(listen(listener, Arc::new(script), Arc::clone(&calls)));
        Self { address, calls, listening }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a webhook of user 1.
    pub fn webhook(&self) -> String {
        format!("http://{}/rest/1/{SECRET}/", self.address)
    }

    /// The calls so far, in the order in which they came.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Closes the port and every connection.
impl Drop for Portal {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// `POST`, for a client as it should be.
    pub verb: String,
    /// The path as it was sent, with the query if there is one.
    pub path: String,
    /// Whether the path is one of REST 3, under `/rest/api/`.
    pub v3: bool,
    /// The last part of the path, without `.json`.
    pub method: String,
    /// The names, in lower case, and values of the headers.
    pub headers: Vec<(String, String)>,
    /// The body as JSON; `null` where it is none.
    pub params: Value,
}

impl Call {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What the portal does with a request.
#[derive(Clone, Debug)]
pub struct Response {
    delay: Duration,
    bytes: Vec<u8>,
    hangs: bool,
}

impl Response {
    /// Success: `result` in an envelope with a `time`.
    pub fn result(result: Value) -> Self {
        Self::json(200, &json!({"result": result, "time": {"duration": 0.25}}))
    }

    /// Any JSON under any status.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    /// An error in the form of REST 2. The code may be a word or a number.
    pub fn error(status: u16, code: impl Into<Value>, description: &str) -> Self {
        Self::json(status, &json!({"error": code.into(), "error_description": description}))
    }

    /// An HTML page.
    pub fn html(status: u16, page: &str) -> Self {
        Self::text(status, "text/html; charset=utf-8", page)
    }

    /// Any text under any status.
    pub fn text(status: u16, content_type: &str, body: &str) -> Self {
        let length = body.len();
        let head =
            format!("{}content-type: {content_type}\r\ncontent-length: {length}\r\n", status_line(status));
        Self::bytes(format!("{head}connection: close\r\n\r\n{body}"))
    }

    /// The beginning of a JSON body that was to have `promised` bytes.
    pub fn cut_off(body: &str, promised: usize) -> Self {
        let head = format!(
            "{}content-type: application/json\r\ncontent-length: {promised}\r\n\r\n",
            status_line(200)
        );
        Self::bytes(head + body)
    }

    /// The beginning of a JSON body in chunks, of which the last never comes.
    pub fn cut_off_chunk(body: &str) -> Self {
        let head = format!(
            "{}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
            status_line(200)
        );
        Self::bytes(format!("{head}{:x}\r\n{body}\r\n", body.len()))
    }

    /// A redirect, to `location` where one is given.
    pub fn redirect(status: u16, location: Option<&str>) -> Self {
        let location = location.map(|location| format!("location: {location}\r\n")).unwrap_or_default();
        Self::bytes(format!(
            "{}{location}content-length: 0\r\nconnection: close\r\n\r\n",
            status_line(status)
        ))
    }

    /// These bytes instead of an HTTP response, and then the end of the connection.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self { delay: Duration::ZERO, bytes: bytes.into(), hangs: false }
    }

    /// The same response, begun only after a while.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The same response, with the connection left open behind it and nothing more said.
    pub fn and_silence(mut self) -> Self {
        self.hangs = true;
        self
    }
}

fn status_line(status: u16) -> String {
    // The reason phrase may be any, and no client looks at it.
    format!("HTTP/1.1 {status} Scripted\r\n")
}

/// Takes connections until it is aborted, and drops those it has then.
async fn listen(listener: TcpListener, script: Arc<Script>, calls: Calls) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (script, calls) = (Arc::clone(&script), Arc::clone(&calls));
        connections.spawn(async move {
            // A client that goes away is no trouble of the portal's.
            let _ = answer(stream, &*script, &calls).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Answers one request and closes the connection.
async fn answer(mut stream: TcpStream, script: &Script, calls: &Calls) -> io::Result<()> {
    let call = read_call(&mut stream).await?;
    calls.lock().unwrap_or_else(PoisonError::into_inner).push(call.clone());
    let response = script(&call);
    tokio::time::sleep(response.delay).await;
    stream.write_all(&response.bytes).await?;
    if response.hangs {
        std::future::pending::<()>().await;
    }
    stream.shutdown().await
}

/// Reads a request whole. Its body must have a `Content-Length`.
async fn read_call(stream: &mut TcpStream) -> io::Result<Call> {
    let mut bytes = Vec::new();
    loop {
        if let Some(call) = parse_call(&bytes)? {
            return Ok(call);
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// The request that these bytes are, once they are all there.
fn parse_call(bytes: &[u8]) -> io::Result<Option<Call>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Request::new(&mut headers);
    let parsed = head.parse(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    let httparse::Status::Complete(body) = parsed else {
        return Ok(None);
    };
    let headers: Vec<(String, String)> = head
        .headers
        .iter()
        .map(|header| (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse::<usize>().ok()).unwrap_or(0);
    let Some(body) = bytes.get(body..body.saturating_add(length)) else {
        return Ok(None);
    };
    let path = head.path.unwrap_or_default();
    let name = path.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    Ok(Some(Call {
        verb: head.method.unwrap_or_default().to_owned(),
        v3: path.starts_with("/rest/api/"),
        method: name.strip_suffix(".json").unwrap_or(name).to_owned(),
        path: path.to_owned(),
        headers,
        params: serde_json::from_slice(body).unwrap_or(Value::Null),
    }))
}

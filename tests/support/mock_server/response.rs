//! What a portal does with a request.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// What the portal does with a request: bytes, how they are sent, and what becomes of the connection.
#[derive(Clone, Debug)]
pub struct MockResponse {
    delay: Duration,
    bytes: Vec<u8>,
    drip: Option<(usize, Duration)>,
    end: End,
}

/// What becomes of the connection behind an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// It waits for the next request.
    Open,
    /// It is closed.
    Close,
    /// It is reset: the other side is told that something broke.
    Reset,
    /// It stays open, and nothing more is said.
    Silence,
}

impl MockResponse {
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

    /// An error in the form of REST 3.
    pub fn error_v3(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, &json!({"error": {"code": code, "message": message}}))
    }

    /// An HTML page.
    pub fn html(status: u16, page: &str) -> Self {
        Self::text(status, "text/html; charset=utf-8", page)
    }

    /// Any text under any status.
    pub fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self::content(status, content_type, body.as_bytes())
    }

    /// Any bytes as the body, under any status: a file, say.
    pub fn content(status: u16, content_type: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!("content-type: {content_type}\r\ncontent-length: {length}\r\n\r\n");
        let mut bytes = (status_line(status) + &head).into_bytes();
        bytes.extend_from_slice(body);
        Self::bytes(bytes).ending(End::Open)
    }

    /// The beginning of a JSON body that was to have `promised` bytes.
    pub fn cut_off(body: &str, promised: usize) -> Self {
        let head = format!("content-type: application/json\r\ncontent-length: {promised}\r\n\r\n");
        Self::bytes(status_line(200) + &head + body)
    }

    /// The beginning of a JSON body in chunks, of which the last never comes.
    pub fn cut_off_chunk(body: &str) -> Self {
        let head = "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
        Self::bytes(format!("{}{head}{:x}\r\n{body}\r\n", status_line(200), body.len()))
    }

    /// A redirect, to `location` where one is given.
    pub fn redirect(status: u16, location: Option<&str>) -> Self {
        let location = location.map(|location| format!("location: {location}\r\n")).unwrap_or_default();
        Self::bytes(format!("{}{location}content-length: 0\r\n\r\n", status_line(status))).ending(End::Open)
    }

    /// These bytes instead of an HTTP response, and then the end of the connection.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self { delay: Duration::ZERO, bytes: bytes.into(), drip: None, end: End::Close }
    }

    /// The end of the connection without a byte.
    pub fn nothing() -> Self {
        Self::bytes("")
    }

    /// The same response, begun only after a while.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The same response, a few bytes at a time with a pause before each.
    pub fn dripping(mut self, bytes: usize, pause: Duration) -> Self {
        self.drip = Some((bytes.max(1), pause));
        self
    }

    /// The same response with no more than so many bytes of its body, and then the end of the connection.
    pub fn cut_to(mut self, bytes: usize) -> Self {
        let head = self.bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
        self.bytes.truncate(head + bytes);
        self.ending(End::Close)
    }

    /// The same response with another header.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Some(at) = self.bytes.windows(2).position(|two| two == b"\r\n") {
            self.bytes.splice(at + 2..at + 2, format!("{name}: {value}\r\n").into_bytes());
        }
        self
    }

    /// The same response as the last of its connection, which it says.
    pub fn closing(self) -> Self {
        self.with_header("connection", "close").ending(End::Close)
    }

    /// The same response as the last of its connection, which it does not say: whoever keeps the connection for the next
    /// request keeps a dead one.
    pub fn hanging_up(self) -> Self {
        self.ending(End::Close)
    }

    /// The same response, and the connection is reset behind it. What the other side has not read by then may be lost.
    pub fn resetting(self) -> Self {
        self.ending(End::Reset)
    }

    /// The same response, with the connection left open behind it and nothing more said.
    pub fn and_silence(self) -> Self {
        self.ending(End::Silence)
    }

    fn ending(mut self, end: End) -> Self {
        self.end = end;
        self
    }

    /// Sends it; says whether the connection may be used further.
    pub async fn send(&self, stream: &mut TcpStream) -> io::Result<bool> {
        // A sleep takes a millisecond even if it is for nothing.
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        match self.drip {
            None => stream.write_all(&self.bytes).await?,
            Some((length, pause)) => {
                for piece in self.bytes.chunks(length) {
                    tokio::time::sleep(pause).await;
                    stream.write_all(piece).await?;
                }
            }
        }
        match self.end {
            End::Open => return Ok(true),
            End::Close => stream.shutdown().await?,
            End::Reset => stream.set_zero_linger()?,
            End::Silence => std::future::pending().await,
        }
        Ok(false)
    }
}

fn status_line(status: u16) -> String {
    // The reason phrase may be any, and no client looks at it.
    format!("HTTP/1.1 {status} Scripted\r\n")
}

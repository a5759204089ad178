//! Scripted responses.

use std::io;
use std::time::Duration;

use bitrix24_core::{ErrorKind, Failure};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// A scripted response: its bytes, how they are sent, and what happens to the connection.
#[derive(Clone, Debug)]
pub struct MockResponse {
    delay: Duration,
    bytes: Vec<u8>,
    drip: Option<(usize, Duration)>,
    end: End,
}

/// What happens to the connection after the response.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    /// It waits for the next request.
    Open,
    /// It is closed.
    Close,
    /// It is reset: the client sees an error.
    Reset,
    /// It stays open without further data.
    Silence,
}

impl MockResponse {
    /// Success: `result` in an envelope with a `time`.
    pub fn result(result: Value) -> Self {
        Self::json(200, &json!({"result": result, "time": {"duration": 0.25}}))
    }

    /// Any JSON with any status.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    /// An error in the format of REST 2. The code may be a word or a number.
    pub fn error(status: u16, code: impl Into<Value>, description: &str) -> Self {
        Self::json(status, &json!({"error": code.into(), "error_description": description}))
    }

    /// An error in the format of REST 3.
    pub fn error_v3(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, &json!({"error": {"code": code, "message": message}}))
    }

    /// An HTML page.
    pub fn html(status: u16, page: &str) -> Self {
        Self::text(status, "text/html; charset=utf-8", page)
    }

    /// Any text with any status.
    pub fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self::content(status, content_type, body.as_bytes())
    }

    /// Any bytes with any status, such as a file.
    pub fn content(status: u16, content_type: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!("content-type: {content_type}\r\ncontent-length: {length}\r\n\r\n");
        let mut bytes = (status_line(status) + &head).into_bytes();
        bytes.extend_from_slice(body);
        Self::bytes(bytes).with_end(End::Open)
    }

    /// The beginning of a JSON body with a content length of `content_length` bytes.
    pub fn cut_off(body: &str, content_length: usize) -> Self {
        let head = format!("content-type: application/json\r\ncontent-length: {content_length}\r\n\r\n");
        Self::bytes(status_line(200) + &head + body)
    }

    /// The beginning of a chunked JSON body without its last chunk.
    pub fn cut_off_chunk(body: &str) -> Self {
        let head = "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
        Self::bytes(format!("{}{head}{:x}\r\n{body}\r\n", status_line(200), body.len()))
    }

    /// A redirect, to `location` if it is set.
    pub fn redirect(status: u16, location: Option<&str>) -> Self {
        let location = location.map(|location| format!("location: {location}\r\n")).unwrap_or_default();
        Self::bytes(format!("{}{location}content-length: 0\r\n\r\n", status_line(status))).with_end(End::Open)
    }

    /// These bytes instead of an HTTP response; then the connection is closed.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self { delay: Duration::ZERO, bytes: bytes.into(), drip: None, end: End::Close }
    }

    /// Closes the connection without a byte.
    pub fn empty() -> Self {
        Self::bytes("")
    }

    /// Delays the response.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sends the response in small pieces, with a pause before each.
    pub fn in_pieces(mut self, bytes: usize, pause: Duration) -> Self {
        self.drip = Some((bytes.max(1), pause));
        self
    }

    /// Sends at most this many bytes of the body, and closes the connection.
    pub fn cut_to(mut self, bytes: usize) -> Self {
        let head = self.bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
        self.bytes.truncate(head + bytes);
        self.with_end(End::Close)
    }

    /// Adds a header.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Some(at) = self.bytes.windows(2).position(|two| two == b"\r\n") {
            self.bytes.splice(at + 2..at + 2, format!("{name}: {value}\r\n").into_bytes());
        }
        self
    }

    /// Closes the connection after the response, and announces it.
    pub fn then_close(self) -> Self {
        self.with_header("connection", "close").with_end(End::Close)
    }

    /// Closes the connection after the response without announcing it: a client that keeps the connection for the next request
    /// keeps a dead one.
    pub fn then_hang_up(self) -> Self {
        self.with_end(End::Close)
    }

    /// Resets the connection after the response. Data that the client has not read may be lost.
    pub fn then_reset(self) -> Self {
        self.with_end(End::Reset)
    }

    /// Leaves the connection open after the response without further data.
    pub fn then_silence(self) -> Self {
        self.with_end(End::Silence)
    }

    /// The status and the body as a client receives them, or its failure.
    pub(crate) fn into_received(self) -> Result<(u16, Vec<u8>), Failure> {
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        let head = self.bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
        let (Some(status), Some(head)) = (status, head) else {
            let silent = self.end == End::Silence;
            let kind = if silent { ErrorKind::Timeout } else { ErrorKind::Transport };
            return Err(Failure::new(kind, "no response arrived; the request may have been executed"));
        };
        let body = self.bytes[head..].to_vec();
        let lengths = text.lines().filter_map(|line| line.strip_prefix("content-length: "));
        let length = lengths.filter_map(|length| length.parse().ok()).next();
        if (300..400).contains(&status) {
            let text = "the portal redirects the call, which is not followed";
            return Err(Failure::new(ErrorKind::Redirect, text).with_status(status));
        }
        if length != Some(body.len()) {
            let text = "the response ended before it was complete";
            return Err(Failure::new(ErrorKind::Truncated, text).with_status(status));
        }
        Ok((status, body))
    }

    fn with_end(mut self, end: End) -> Self {
        self.end = end;
        self
    }

    /// Sends the response; returns whether the connection may be reused.
    pub async fn send(&self, stream: &mut TcpStream) -> io::Result<bool> {
        // A sleep takes a millisecond even if its duration is zero.
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
    // Any reason phrase is valid, and no client reads it.
    format!("HTTP/1.1 {status} Scripted\r\n")
}

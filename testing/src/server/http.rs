//! Parsing requests from a connection.

use std::io;

use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::call::Call;

/// The bytes of a connection that were received and not parsed yet.
pub(super) struct Requests {
    bytes: Vec<u8>,
    connection: usize,
}

impl Requests {
    /// Creates the parser of the connection with this number.
    pub(super) fn of(connection: usize) -> Self {
        Self { bytes: Vec::new(), connection }
    }

    /// The next request; `None` if the client has disconnected.
    pub(super) async fn next(&mut self, stream: &mut TcpStream) -> io::Result<Option<Call>> {
        loop {
            if let Some(call) = self.take_call()? {
                return Ok(Some(call));
            }
            if stream.read_buf(&mut self.bytes).await? == 0 {
                let is_complete = self.bytes.is_empty();
                return if is_complete { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
        }
    }

    /// The first request in the buffer, once it is complete.
    fn take_call(&mut self) -> io::Result<Option<Call>> {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(length) = head.parse(&self.bytes).map_err(invalid)? else {
            return Ok(None);
        };
        let mut call = call_of(&head, self.connection);
        let Some((body, body_length)) = body_of(&call, &self.bytes[length..])? else { return Ok(None) };
        call.params = serde_json::from_slice(&body).unwrap_or(Value::Null);
        call.body = body;
        self.bytes.drain(..length + body_length);
        Ok(Some(call))
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// The call of a request head, without its body.
fn call_of(head: &httparse::Request<'_, '_>, connection: usize) -> Call {
    let headers = head.headers.iter();
    let headers = headers
        .map(|header| (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned()));
    let path = head.path.unwrap_or_default();
    let parts = path.split('?').next().unwrap_or_default().split('/');
    let name = parts.rev().find(|part| !part.is_empty()).unwrap_or_default();
    Call {
        verb: head.method.unwrap_or_default().to_owned(),
        v3: path.starts_with("/rest/api/"),
        method: name.strip_suffix(".json").unwrap_or(name).to_owned(),
        path: path.to_owned(),
        headers: headers.collect(),
        params: Value::Null,
        body: Vec::new(),
        connection,
    }
}

/// The body and its length in bytes, once it is complete.
fn body_of(call: &Call, bytes: &[u8]) -> io::Result<Option<(Vec<u8>, usize)>> {
    if call.header("transfer-encoding").is_some() {
        return chunks_of(bytes);
    }
    let length = call.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
    Ok(bytes.get(..length).map(|body| (body.to_vec(), length)))
}

/// A chunked body, joined.
fn chunks_of(bytes: &[u8]) -> io::Result<Option<(Vec<u8>, usize)>> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let parsed = httparse::parse_chunk_size(&bytes[at..]);
        let Ok(parsed) = parsed else { return Err(invalid("a chunk without a size")) };
        let httparse::Status::Complete((head, length)) = parsed else { return Ok(None) };
        let length = usize::try_from(length).map_err(invalid)?;
        let start = at + head;
        // Each chunk ends with a line break, including the empty one at the end.
        let Some(chunk) = bytes.get(start..start + length + 2) else { return Ok(None) };
        body.extend_from_slice(&chunk[..length]);
        at = start + length + 2;
        if length == 0 {
            return Ok(Some((body, at)));
        }
    }
}

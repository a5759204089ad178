//! A form with one file, streamed from a reader.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};

use super::transfer_progress::TransferProgress;

/// The size of a chunk, in bytes.
const CHUNK_SIZE: usize = 64 * 1024;

pub(super) type Reader = Pin<Box<dyn AsyncRead + Send + Sync>>;

/// The body of a form (`multipart/form-data`) with one file, whose length is known in advance.
pub(super) struct MultipartForm {
    boundary: String,
    head: Option<Bytes>,
    reader: Reader,
    remaining: u64,
    tail: Option<Bytes>,
    progress: TransferProgress,
}

impl MultipartForm {
    /// Creates a form whose field `field` contains a file of `size` bytes.
    pub(super) fn new(
        field: &str,
        name: &str,
        size: u64,
        reader: Reader,
        progress: TransferProgress,
    ) -> Self {
        // Random, so that it does not occur in the file.
        let boundary = format!("bitrix24-{:032x}", fastrand::u128(..));
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            escape(field),
            escape(name)
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        Self { boundary, head: Some(head.into()), reader, remaining: size, tail: Some(tail.into()), progress }
    }

    /// The value of the header `Content-Type`.
    pub(super) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let size = CHUNK_SIZE.min(usize::try_from(self.remaining).unwrap_or(CHUNK_SIZE));
        let mut chunk = BytesMut::zeroed(size);
        let mut buffer = ReadBuf::new(&mut chunk);
        ready!(self.reader.as_mut().poll_read(cx, &mut buffer)).map_err(read_error)?;
        let read = buffer.filled().len();
        if read == 0 {
            let text = format!("the file is {} bytes shorter than the given size", self.remaining);
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::UnexpectedEof, text)));
        }
        chunk.truncate(read);
        self.remaining -= read as u64;
        self.progress.add(read);
        Poll::Ready(Ok(chunk.freeze()))
    }
}

/// Converts an error of the reader into text. Its causes may belong to another request, for example one without a connection, and
/// would be mistaken for the cause of this one.
fn read_error(error: io::Error) -> io::Error {
    io::Error::other(format!("the file cannot be read: {error}"))
}

/// Escapes a name as browsers do in forms: characters that would end the quotation or the line are percent-encoded.
fn escape(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

impl Body for MultipartForm {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(head) = self.head.take() {
            return Poll::Ready(Some(Ok(Frame::data(head))));
        }
        if self.remaining > 0 {
            let chunk = ready!(self.poll_chunk(cx));
            return Poll::Ready(Some(chunk.map(Frame::data)));
        }
        Poll::Ready(self.tail.take().map(|tail| Ok(Frame::data(tail))))
    }

    fn size_hint(&self) -> SizeHint {
        let length = |part: &Option<Bytes>| part.as_ref().map_or(0, Bytes::len) as u64;
        SizeHint::with_exact(length(&self.head) + self.remaining + length(&self.tail))
    }
}

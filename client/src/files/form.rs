//! A form with one file in it, sent as it is read.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};

use super::progress::Progress;

/// How much is read at a time, in bytes.
const PIECE: usize = 64 * 1024;

pub(super) type Reader = Pin<Box<dyn AsyncRead + Send + Sync>>;

/// The body of a form (`multipart/form-data`) with one file, of which the length is known beforehand.
pub(super) struct Form {
    boundary: String,
    head: Option<Bytes>,
    reader: Reader,
    left: u64,
    tail: Option<Bytes>,
    progress: Progress,
}

impl Form {
    /// A form whose field `field` holds a file of `size` bytes.
    pub(super) fn new(field: &str, name: &str, size: u64, reader: Reader, progress: Progress) -> Self {
        // Random, so that it does not occur in the file.
        let boundary = format!("bitrix24-{:032x}", fastrand::u128(..));
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            quoted(field),
            quoted(name)
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        Self { boundary, head: Some(head.into()), reader, left: size, tail: Some(tail.into()), progress }
    }

    /// The type of this body, for the header `Content-Type`.
    pub(super) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    fn piece(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let size = PIECE.min(usize::try_from(self.left).unwrap_or(PIECE));
        let mut piece = BytesMut::zeroed(size);
        let mut buffer = ReadBuf::new(&mut piece);
        ready!(self.reader.as_mut().poll_read(cx, &mut buffer)).map_err(told)?;
        let read = buffer.filled().len();
        if read == 0 {
            let text = format!("the file ends {} bytes before the size that was given for it", self.left);
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::UnexpectedEof, text)));
        }
        piece.truncate(read);
        self.left -= read as u64;
        self.progress.moved(read);
        Poll::Ready(Ok(piece.freeze()))
    }
}

/// An error of the reader in words alone. Its causes may be those of another request, one that has no connection, say, and would be
/// taken for what became of this one.
fn told(error: io::Error) -> io::Error {
    io::Error::other(format!("the file cannot be read: {error}"))
}

/// As browsers write names into a form: what would end the quotation or the line is percent-encoded.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

impl Body for Form {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(head) = self.head.take() {
            return Poll::Ready(Some(Ok(Frame::data(head))));
        }
        if self.left > 0 {
            let piece = ready!(self.piece(cx));
            return Poll::Ready(Some(piece.map(Frame::data)));
        }
        Poll::Ready(self.tail.take().map(|tail| Ok(Frame::data(tail))))
    }

    fn size_hint(&self) -> SizeHint {
        let length = |part: &Option<Bytes>| part.as_ref().map_or(0, Bytes::len) as u64;
        SizeHint::with_exact(length(&self.head) + self.left + length(&self.tail))
    }
}

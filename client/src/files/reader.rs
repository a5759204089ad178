//! A file of the standard library, read while it is sent.

use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::task::{JoinHandle, spawn_blocking};

/// Reads on a thread that may wait, so that no other call does.
pub(super) enum StdReader {
    /// Between two pieces. The lock is for the type alone: nobody shares the reader.
    Idle(Option<Mutex<Source>>),
    Busy(JoinHandle<(Source, io::Result<Vec<u8>>)>),
}

type Source = Box<dyn Read + Send>;

impl StdReader {
    pub(super) fn new(source: impl Read + Send + 'static) -> Self {
        Self::Idle(Some(Mutex::new(Box::new(source))))
    }
}

impl AsyncRead for StdReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            match &mut *self {
                Self::Idle(source) => {
                    let lost = || io::Error::other("the file could not be read any further");
                    let source = source.take().ok_or_else(lost)?;
                    let mut source = source.into_inner().map_err(|_| lost())?;
                    let size = buffer.remaining();
                    *self = Self::Busy(spawn_blocking(move || {
                        let piece = read(&mut source, size);
                        (source, piece)
                    }));
                }
                Self::Busy(reading) => {
                    let done = ready!(Pin::new(reading).poll(cx));
                    *self = Self::Idle(None);
                    let (source, piece) = done.map_err(io::Error::other)?;
                    *self = Self::Idle(Some(Mutex::new(source)));
                    buffer.put_slice(&piece?);
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}

/// The next piece, of `size` bytes at most.
fn read(source: &mut Source, size: usize) -> io::Result<Vec<u8>> {
    let mut piece = vec![0; size];
    loop {
        match source.read(&mut piece) {
            Ok(read) => {
                piece.truncate(read);
                return Ok(piece);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

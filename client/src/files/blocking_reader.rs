//! A reader of the standard library as an asynchronous reader.

use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};
use tokio::task::{JoinHandle, spawn_blocking};

/// Reads on a thread that may block, so that no other call is delayed.
pub(super) enum BlockingReader {
    /// Between two chunks. The mutex makes the type `Sync`; the reader is not shared.
    Idle(Option<Mutex<Source>>),
    Busy(JoinHandle<(Source, io::Result<Vec<u8>>)>),
}

type Source = Box<dyn Read + Send>;

impl BlockingReader {
    pub(super) fn new(source: impl Read + Send + 'static) -> Self {
        Self::Idle(Some(Mutex::new(Box::new(source))))
    }
}

impl AsyncRead for BlockingReader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            match &mut *self {
                Self::Idle(source) => {
                    let lost = || io::Error::other("the reader of the file was lost in an earlier error");
                    let source = source.take().ok_or_else(lost)?;
                    let mut source = source.into_inner().map_err(|_| lost())?;
                    let size = buffer.remaining();
                    *self = Self::Busy(spawn_blocking(move || {
                        let chunk = read_chunk(&mut source, size);
                        (source, chunk)
                    }));
                }
                Self::Busy(task) => {
                    let done = ready!(Pin::new(task).poll(cx));
                    *self = Self::Idle(None);
                    let (source, chunk) = done.map_err(io::Error::other)?;
                    *self = Self::Idle(Some(Mutex::new(source)));
                    buffer.put_slice(&chunk?);
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}

/// Reads the next chunk of at most `size` bytes.
fn read_chunk(source: &mut Source, size: usize) -> io::Result<Vec<u8>> {
    let mut chunk = vec![0; size];
    loop {
        match source.read(&mut chunk) {
            Ok(read) => {
                chunk.truncate(read);
                return Ok(chunk);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

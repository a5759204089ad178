//! Downloads in chunks.

mod identity;
mod save;
mod source;
mod transfer;

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bitrix24_core::{Error, ErrorKind, Failure};
use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncWrite;

use crate::client::Client;
use transfer::{Piece, Transfer};

/// The method name in errors of downloads.
const NAME: &str = "download";

impl Client {
    /// Downloads a file from a URL that the portal provides (`DOWNLOAD_URL`, `downloadUrl`, `urlMachine`), absolute or relative
    /// to the portal. Such a URL contains a key and is never shown.
    ///
    /// ```no_run
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{json, raw};
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let file = portal.call(raw("disk.file.get", json!({"id": 77}))).await?;
    /// let download = portal.download(file.result["DOWNLOAD_URL"].as_str().unwrap_or_default()).await?;
    /// let size = download.save("film.mp4").await?;
    /// # let _ = size;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Requests to the portal wait for its rate limit, and are retried by the retry policy of the client. If the connection breaks,
    /// the download continues where it was, as long as the server still has the same version of the file, by its tag or
    /// date and its length. A server that cannot send the rest of a file sends it again, and what has been received is skipped. If
    /// the version is another one or unknown, the file is void: see [`Download::save`] and [`Download::chunk`]. The attempts
    /// of the policy count anew after each progress.
    ///
    /// [`with_timeout`](Self::with_timeout) limits the start and each chunk, [`with_deadline`](Self::with_deadline) the whole
    /// download.
    ///
    /// # Errors
    /// An [`Error`]: the error that the portal returned instead of a file, or the reason why there is no response.
    pub async fn download(&self, url: &str) -> Result<Download, Error> {
        let started = Transfer::start(self.clone(), url).await;
        let transfer = started.map_err(|failure| self.error(NAME, failure))?;
        let mut download = Download {
            client: self.clone(),
            length: None,
            content_type: None,
            received: 0,
            state: State::Ended,
        };
        download.set_idle(Box::new(transfer));
        Ok(download)
    }
}

/// A download in progress. It is a [`Stream`] of [`chunks`](Self::chunk).
pub struct Download {
    client: Client,
    length: Option<u64>,
    content_type: Option<Box<str>>,
    received: u64,
    state: State,
}

enum State {
    Idle(Box<Transfer>),
    /// The next piece is being received. It is kept when the caller stops waiting. The mutex makes the type `Sync`; the future is
    /// not shared.
    Busy(Mutex<PieceFuture>),
    Ended,
}

type PieceFuture = Pin<Box<dyn Future<Output = (Box<Transfer>, Result<Piece, Failure>)> + Send>>;

impl Download {
    /// The size of the file in bytes, if the portal sends it.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// How many bytes of the file have been received.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The content type of the file, if the portal sends it: `image/png`.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The next chunk; `None` at the end of the file. It is cancel safe: dropping the future loses no chunk.
    ///
    /// ```no_run
    /// # async fn example(mut download: bitrix24_client::Download) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut size = 0;
    /// while let Some(chunk) = download.chunk().await? {
    ///     size += chunk.len();
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An [`Error`] if the file ends early ([`ErrorKind::Truncated`]) or no further chunk arrives in time
    /// ([`ErrorKind::Timeout`]), and cannot be continued. It is also [`ErrorKind::Truncated`] if the server has another version of
    /// the file now: the chunks so far are void. [`ErrorKind::UnexpectedResponse`] if the file is longer than the server said. After
    /// an error the download has ended.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|cx| self.poll_chunk(cx)).await.transpose()
    }

    /// Reads the whole file. A file of more than `limit` bytes is an error, so that it cannot fill the memory.
    ///
    /// # Errors
    /// Those of [`chunk`](Self::chunk), except for another version, which is read from its beginning; and
    /// [`ErrorKind::Request`] if the file exceeds the limit, or if chunks of the download were already taken.
    pub async fn bytes(mut self, limit: usize) -> Result<Vec<u8>, Error> {
        self.check_unread()?;
        let mut content = Vec::new();
        loop {
            match self.piece().await? {
                Piece::Chunk(chunk) if content.len() + chunk.len() > limit => {
                    let text = format!("the file exceeds the limit of {limit} bytes");
                    return Err(self.client.error(NAME, Failure::new(ErrorKind::Request, text)));
                }
                Piece::Chunk(chunk) => content.extend_from_slice(&chunk),
                Piece::Restart => content.clear(),
                Piece::End => return Ok(content),
            }
        }
    }

    /// Writes the whole file to a writer, chunk by chunk, and returns its size. What was written cannot be taken back: after an
    /// error the writer has a part of the file.
    ///
    /// ```no_run
    /// # async fn example(download: bitrix24_client::Download) -> std::io::Result<()> {
    /// let mut file = tokio::fs::File::create("film.mp4").await?;
    /// let size = download.write_to(&mut file).await?;
    /// # let _ = size;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The error of the writer, or an [`io::Error`] that contains the [`Error`] of [`chunk`](Self::chunk):
    /// [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if the file ends early, [`TimedOut`](io::ErrorKind::TimedOut) if no further
    /// data arrives in time. The contained error is [`ErrorKind::Request`] if chunks of the download were already taken; nothing is
    /// written then.
    pub async fn write_to(mut self, writer: &mut (impl AsyncWrite + Unpin + ?Sized)) -> io::Result<u64> {
        self.check_unread().map_err(into_io_error)?;
        while let Some(chunk) = self.chunk().await.map_err(into_io_error)? {
            let mut rest: &[u8] = &chunk;
            while !rest.is_empty() {
                let written = poll_fn(|cx| Pin::new(&mut *writer).poll_write(cx, rest)).await?;
                if written == 0 {
                    return Err(io::ErrorKind::WriteZero.into());
                }
                rest = &rest[written..];
            }
        }
        poll_fn(|cx| Pin::new(&mut *writer).poll_flush(cx)).await?;
        Ok(self.received)
    }

    /// Checks that the whole file is still to be received: a download that has ended, perhaps with an error, has no more chunks.
    fn check_unread(&self) -> Result<(), Error> {
        if self.received == 0 && !matches!(self.state, State::Ended) {
            return Ok(());
        }
        let text = "chunks of this download were already taken; download the file again";
        Err(self.client.error(NAME, Failure::new(ErrorKind::Request, text)))
    }

    /// The next piece of the file.
    async fn piece(&mut self) -> Result<Piece, Error> {
        poll_fn(|cx| self.poll_piece(cx)).await
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        let before = self.received;
        Poll::Ready(match ready!(self.poll_piece(cx)) {
            Ok(Piece::Chunk(chunk)) => Some(Ok(chunk)),
            Ok(Piece::End) => None,
            Ok(Piece::Restart) => {
                self.state = State::Ended;
                let text = format!(
                    "the connection broke after {before} bytes, and the server has another version of the file, or does not say \
                     which one; download it again"
                );
                Some(Err(self.client.error(NAME, Failure::new(ErrorKind::Truncated, text))))
            }
            Err(error) => Some(Err(error)),
        })
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Result<Piece, Error>> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Poll::Ready(Ok(Piece::End)),
                State::Idle(mut transfer) => {
                    self.state = State::Busy(Mutex::new(Box::pin(async move {
                        let piece = transfer.next().await;
                        (transfer, piece)
                    })));
                }
                State::Busy(mut future) => {
                    let inner = future.get_mut().unwrap_or_else(PoisonError::into_inner);
                    let Poll::Ready((transfer, piece)) = inner.as_mut().poll(cx) else {
                        self.state = State::Busy(future);
                        return Poll::Pending;
                    };
                    return Poll::Ready(match piece {
                        Ok(Piece::End) => {
                            self.received = transfer.received();
                            Ok(Piece::End)
                        }
                        Ok(piece) => {
                            self.set_idle(transfer);
                            Ok(piece)
                        }
                        Err(failure) => Err(self.client.error(NAME, failure)),
                    });
                }
            }
        }
    }

    fn set_idle(&mut self, transfer: Box<Transfer>) {
        self.received = transfer.received();
        self.length = transfer.length();
        if self.content_type.as_deref() != transfer.content_type() {
            self.content_type = transfer.content_type().map(Into::into);
        }
        self.state = State::Idle(transfer);
    }
}

/// The error of a download as that of a reader or writer.
pub(crate) fn into_io_error(error: Error) -> io::Error {
    let kind = match error.kind() {
        ErrorKind::Truncated => io::ErrorKind::UnexpectedEof,
        ErrorKind::Timeout => io::ErrorKind::TimedOut,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_chunk(cx)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("client", &self.client)
            .field("length", &self.length)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}

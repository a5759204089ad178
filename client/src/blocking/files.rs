//! Files, as a program without a runtime reads and writes them.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use bitrix24_core::{Answer, Error, Kind, Method, Reply};
use bytes::{Buf, Bytes};

use super::Client;
use super::runtime::Runtime;
use crate::files::Upload;

impl Client {
    /// Calls a method that gives an address for an upload, sends the file there, and returns when it is there as a whole; see
    /// [`Client::upload`](crate::Client::upload).
    ///
    /// ```no_run
    /// use bitrix24_client::{Upload, blocking};
    /// use bitrix24_core::{json, raw};
    /// # fn example(portal: blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let film = std::fs::File::open("film.mp4")?;
    /// let upload = Upload::read("film.mp4", film.metadata()?.len(), film);
    /// let request = raw("disk.folder.uploadfile", json!({"id": 8930, "data": {"NAME": "film.mp4"}}));
    /// println!("{}", portal.upload(request, upload)?.result["ID"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An [`Error`] of the method, as there.
    pub fn upload<M: Method>(&self, request: M, file: Upload) -> Result<Reply<M::Output>, Error<M::Error>> {
        let info = request.info();
        let answer = self.runtime.carry(self.client.send_file(info, request.params().as_map(), file));
        answer.and_then(Answer::read).map_err(|failure| self.client.error(info.name, failure))
    }

    /// Fetches a file from an address that the portal has given; see [`Client::download`](crate::Client::download).
    ///
    /// ```no_run
    /// use bitrix24_client::blocking;
    /// # fn example(portal: blocking::Client, address: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut download = portal.download(address)?;
    /// std::io::copy(&mut download, &mut std::fs::File::create("film.mp4")?)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An [`Error`]: what the portal answered instead of a file, or what kept it from answering.
    pub fn download(&self, address: &str) -> Result<Download, Error> {
        let download = self.runtime.wait(self.client.download(address));
        let download = download.unwrap_or_else(|failure| Err(Error::new("download", failure)))?;
        Ok(Download { download, rest: Bytes::new(), runtime: Arc::clone(&self.runtime) })
    }
}

/// A file on its way from a portal, to be [read](Read) as any file.
///
/// What keeps more of it from coming is an [`io::Error`] that holds the [`Error`]: [`UnexpectedEof`](io::ErrorKind::UnexpectedEof)
/// where the file breaks off, [`TimedOut`](io::ErrorKind::TimedOut) where no more of it comes in time.
pub struct Download {
    download: crate::Download,
    rest: Bytes,
    runtime: Arc<Runtime>,
}

impl Download {
    /// How many bytes the file has, where the portal says so.
    pub fn length(&self) -> Option<u64> {
        self.download.length()
    }

    /// The type that the portal gives for it: `image/png`.
    pub fn content_type(&self) -> Option<&str> {
        self.download.content_type()
    }
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A piece may be empty without being the last one.
        while self.rest.is_empty() && !buffer.is_empty() {
            let piece = self.runtime.wait(self.download.chunk());
            match piece.unwrap_or_else(|failure| Err(Error::new("download", failure))).map_err(as_io)? {
                Some(piece) => self.rest = piece,
                None => return Ok(0),
            }
        }
        let read = buffer.len().min(self.rest.len());
        self.rest.copy_to_slice(&mut buffer[..read]);
        Ok(read)
    }
}

fn as_io(error: Error) -> io::Error {
    let kind = match error.kind() {
        Kind::Truncated => io::ErrorKind::UnexpectedEof,
        Kind::Timeout => io::ErrorKind::TimedOut,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.download.fmt(f)
    }
}

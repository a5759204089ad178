//! Uploads and downloads of a blocking client.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use bitrix24_core::{Error, Method, Response};
use bytes::{Buf, Bytes};

use super::client::Client;
use super::runtime::Runtime;
use crate::files::{Upload, into_io_error};

impl Client {
    /// The blocking form of [`Client::upload`](crate::Client::upload): calls a method that returns an upload URL and sends the
    /// file to it.
    ///
    /// ```no_run
    /// use bitrix24_client::{Upload, blocking};
    /// use bitrix24_core::{json, raw};
    /// # fn example(portal: blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let film = std::fs::File::open("film.mp4")?;
    /// let upload = Upload::from_read("film.mp4", film.metadata()?.len(), film);
    /// let request = raw("disk.folder.uploadfile", json!({"id": 8930, "data": {"NAME": "film.mp4"}}));
    /// println!("{}", portal.upload(request, upload)?.result["ID"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`Client::upload`](crate::Client::upload).
    pub fn upload<M: Method>(
        &self,
        request: M,
        file: Upload,
    ) -> Result<Response<M::Output>, Error<M::Error>> {
        let info = request.info();
        let call = self.client.send_file(info, request.params().as_map(), file);
        let response = self.runtime.block_on_call(call);
        self.client.decode::<M>(info.name, response)
    }

    /// The blocking form of [`Client::download`](crate::Client::download): downloads a file from a URL that the portal provides.
    ///
    /// ```no_run
    /// use bitrix24_client::blocking;
    /// # fn example(portal: blocking::Client, url: &str) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut download = portal.download(url)?;
    /// std::io::copy(&mut download, &mut std::fs::File::create("film.mp4")?)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An [`Error`]: the error that the portal returned instead of a file, or the reason why there is no response.
    pub fn download(&self, url: &str) -> Result<Download, Error> {
        let download = self.runtime.block_on(self.client.download(url));
        let download = download.unwrap_or_else(|failure| Err(Error::new("download", failure)))?;
        Ok(Download { download, rest: Bytes::new(), runtime: Arc::clone(&self.runtime) })
    }
}

/// A download in progress, as a [reader](Read).
///
/// An error is an [`io::Error`] that contains the [`Error`]: [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if the file ends
/// early, [`TimedOut`](io::ErrorKind::TimedOut) if no further data arrives in time.
pub struct Download {
    download: crate::Download,
    rest: Bytes,
    runtime: Arc<Runtime>,
}

impl Download {
    /// The size of the file in bytes, if the portal sends it.
    pub fn length(&self) -> Option<u64> {
        self.download.length()
    }

    /// The content type of the file, if the portal sends it: `image/png`.
    pub fn content_type(&self) -> Option<&str> {
        self.download.content_type()
    }
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // An empty chunk is not necessarily the last one.
        while self.rest.is_empty() && !buffer.is_empty() {
            let chunk = self.runtime.block_on(self.download.chunk());
            let chunk = chunk.unwrap_or_else(|failure| Err(Error::new("download", failure)));
            match chunk.map_err(into_io_error)? {
                Some(chunk) => self.rest = chunk,
                None => return Ok(0),
            }
        }
        let read = buffer.len().min(self.rest.len());
        self.rest.copy_to_slice(&mut buffer[..read]);
        Ok(read)
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.download.fmt(f)
    }
}

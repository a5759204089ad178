//! Downloads into files.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::task::spawn_blocking;

use super::transfer::Piece;
use super::{Download, into_io_error};

/// How many bytes are collected before they are written.
const WRITE_SIZE: usize = 1 << 20;

/// How many random names are tried for a part.
const NAME_ATTEMPTS: u32 = 16;

impl Download {
    /// Saves the whole file under this path, and returns its size. The file appears when it is complete: until then its content is
    /// in a file beside it, whose name ends in `.part`, and which is removed after an error. An existing file is replaced. Each
    /// download has a part of its own: if several are saved under one path, the last complete one remains.
    ///
    /// If the server has another version of the file after the connection broke, the file is written anew from its beginning. A
    /// megabyte at a time is in memory.
    ///
    /// # Errors
    /// The error of the file system, with the path, or an [`io::Error`] that contains the [`Error`](bitrix24_core::Error) of
    /// [`chunk`](Self::chunk): [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if the file ends early,
    /// [`TimedOut`](io::ErrorKind::TimedOut) if no further data arrives in time. The contained error is
    /// [`ErrorKind::Request`](bitrix24_core::ErrorKind::Request) if chunks of the download were already taken; nothing is saved then.
    pub async fn save(mut self, path: impl AsRef<Path>) -> io::Result<u64> {
        self.check_unread().map_err(into_io_error)?;
        let path = path.as_ref().to_owned();
        let mut file = blocking(move || PartFile::create(path)).await?;
        let mut chunks = Vec::new();
        let mut size = 0;
        loop {
            match self.piece().await.map_err(into_io_error)? {
                Piece::Chunk(chunk) => {
                    size += chunk.len();
                    chunks.push(chunk);
                }
                Piece::Restart => {
                    chunks.clear();
                    size = 0;
                    file = blocking(move || file.truncate()).await?;
                }
                Piece::End => break,
            }
            if size >= WRITE_SIZE {
                let written = std::mem::take(&mut chunks);
                size = 0;
                file = blocking(move || file.write(&written)).await?;
            }
        }
        blocking(move || file.write(&chunks)?.complete()).await?;
        Ok(self.received())
    }
}

/// Runs an operation on files on a thread that may block.
async fn blocking<T: Send + 'static>(
    operation: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(operation).await.map_err(io::Error::other)?
}

/// A file that is removed unless it is completed.
struct PartFile {
    file: File,
    part: PathBuf,
    path: PathBuf,
    completed: bool,
}

impl PartFile {
    fn create(path: PathBuf) -> io::Result<Self> {
        let name = path
            .file_name()
            .map(OsString::from)
            .ok_or_else(|| with_path(&path, &io::ErrorKind::InvalidInput.into()))?;
        let mut attempts = 1;
        loop {
            let mut name = name.clone();
            name.push(format!(".{:08x}.part", fastrand::u32(..)));
            let part = path.with_file_name(name);
            // An existing part belongs to another save, perhaps of another process.
            match File::create_new(&part) {
                Ok(file) => return Ok(Self { file, part, path, completed: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempts < NAME_ATTEMPTS => {
                    attempts += 1;
                }
                Err(error) => return Err(with_path(&part, &error)),
            }
        }
    }

    fn write(mut self, chunks: &[Bytes]) -> io::Result<Self> {
        for chunk in chunks {
            self.file.write_all(chunk).map_err(|error| with_path(&self.part, &error))?;
        }
        Ok(self)
    }

    fn truncate(mut self) -> io::Result<Self> {
        let truncated = self.file.set_len(0).and_then(|()| self.file.rewind());
        truncated.map_err(|error| with_path(&self.part, &error))?;
        Ok(self)
    }

    fn complete(mut self) -> io::Result<()> {
        let completed = self.file.sync_all().and_then(|()| fs::rename(&self.part, &self.path));
        completed.map_err(|error| with_path(&self.path, &error))?;
        self.completed = true;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.completed {
            let _ = fs::remove_file(&self.part);
        }
    }
}

fn with_path(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

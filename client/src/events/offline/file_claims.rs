//! Claims of workers on one machine.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};

use super::claims::{ClaimFuture, OfflineClaim, OfflineClaims};

/// Claims reservations by locks of files in a folder that the workers of one machine share. The system ends the locks of a process that
/// ends, however it ends, so that its events are taken over within seconds.
///
/// The folder must be on a local disk. A file is empty, and is removed with the claim (on Windows it stays).
#[derive(Clone, Debug)]
pub struct FileClaims {
    folder: PathBuf,
}

impl FileClaims {
    /// Creates the folder if it does not exist.
    ///
    /// # Errors
    /// An [`io::Error`] that names the folder, if it cannot be created.
    pub fn new(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        let named = |error: io::Error| {
            io::Error::new(
                error.kind(),
                format!("the folder {} of claims cannot be created: {error}", folder.display()),
            )
        };
        fs::create_dir_all(&folder).map_err(named)?;
        Ok(Self { folder })
    }
}

impl OfflineClaims for FileClaims {
    fn claim<'a>(&'a self, process_id: &'a str) -> ClaimFuture<'a> {
        let path = self.folder.join(format!("{}.claim", file_name(process_id)));
        Box::pin(async move {
            let claimed = tokio::task::spawn_blocking(move || {
                lock(&path).map_err(|error| format!("{} cannot be locked: {error}", path.display()))
            });
            Ok(claimed.await??.map(OfflineClaim::new))
        })
    }
}

/// A locked file.
struct Locked {
    _file: File,
    path: PathBuf,
}

impl Drop for Locked {
    fn drop(&mut self) {
        if cfg!(unix) {
            // Before the lock ends, so that nobody else's file is removed.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Locks a file; `None` if another worker has locked it.
fn lock(path: &Path) -> io::Result<Option<Locked>> {
    loop {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        match FileExt::try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // The worker that had the lock may have removed this file before it was locked here.
        if is_at(&file, path)? {
            return Ok(Some(Locked { _file: file, path: path.to_owned() }));
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    match fs::metadata(path) {
        Ok(other) => Ok((own.dev(), own.ino()) == (other.dev(), other.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

/// A `process_id` as the name of a file: letters and digits stay, and all else is written in hexadecimal.
fn file_name(process_id: &str) -> String {
    let mut name = String::new();
    for byte in process_id.bytes().take(100) {
        if byte.is_ascii_alphanumeric() {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("-{byte:02x}"));
        }
    }
    name
}

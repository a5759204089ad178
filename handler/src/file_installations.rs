//! Installations in files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use bitrix24_core::Value;

use crate::installation::{Installation, is_member_id};
use crate::installations::{Installations, StoreError, StoreFuture};

/// Stores each installation in a file of a directory, which must exist. On Unix only the owner can read and write the files.
///
/// A new content is written next to the old one, synced to disk and renamed in one step, so that a crash leaves either of them
/// intact. Several processes can share the directory, since each request reads the file of its portal.
#[derive(Clone, Debug)]
pub struct FileInstallations {
    folder: PathBuf,
}

impl FileInstallations {
    /// Creates a store in this directory.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The directory.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Does something with the file of a portal. File access blocks, and a runtime must not.
    async fn run<T: Send + 'static>(
        &self,
        member_id: &str,
        work: impl FnOnce(&Path) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        if !is_member_id(member_id) {
            return Err("a member id has only letters, digits, `-` and `_`, at most 64".into());
        }
        // With a prefix, no name is reserved by a system.
        let path = self.folder.join(format!("portal-{member_id}.json"));
        tokio::task::spawn_blocking(move || work(&path)).await?
    }
}

impl Installations for FileInstallations {
    fn load<'a>(&'a self, member_id: &'a str) -> StoreFuture<'a, Option<Installation>> {
        let wanted = member_id.to_owned();
        Box::pin(self.run(member_id, move |path| {
            // Where names of files have no case, the file may be that of another portal.
            Ok(read(path)?.filter(|found| found.member_id() == wanted))
        }))
    }

    fn save<'a>(&'a self, installation: &'a Installation) -> StoreFuture<'a, ()> {
        let text = format!("{:#}\n", installation.to_json());
        Box::pin(self.run(installation.member_id(), move |path| write(path, &text)))
    }

    fn remove<'a>(&'a self, member_id: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(self.run(member_id, |path| match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path, "removed", &error)),
            _ => {
                sync_folder(path);
                Ok(())
            }
        }))
    }
}

fn read(path: &Path) -> Result<Option<Installation>, StoreError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, "read", &error)),
    };
    // The parser's error is omitted, since it may show a part of the content.
    let value: Option<Value> = str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok());
    let installation = value.as_ref().and_then(Installation::from_json);
    let damaged = || format!("{} is no installation: restore the file, or remove it", path.display());
    installation.map(Some).ok_or_else(|| damaged().into())
}

/// Writes a file completely or not at all.
fn write(path: &Path, text: &str) -> Result<(), StoreError> {
    // Each write has a file of its own: the last one that is renamed remains.
    static WRITES: AtomicU64 = AtomicU64::new(0);
    let new =
        path.with_extension(format!("{}-{}.new", std::process::id(), WRITES.fetch_add(1, Ordering::Relaxed)));
    let write = || {
        let mut file = private().open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        drop(file);
        fs::rename(&new, path)
    };
    write().map_err(|error| {
        // The error to return is the earlier one.
        let _ = fs::remove_file(&new);
        failed(path, "written", &error)
    })?;
    sync_folder(path);
    Ok(())
}

/// The options to write a file that only its owner can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Syncs the directory, so that the new name survives a crash. Some file systems do not support it.
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent().filter(|_| cfg!(unix)) {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

fn failed(path: &Path, action: &str, error: &io::Error) -> StoreError {
    format!("{} cannot be {action}: {error}", path.display()).into()
}

//! Installations in files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bitrix24_core::Value;
use fs4::FileExt;

use crate::installation::{Installation, is_member_id};
use crate::installations::{Installations, StoreError, StoreFuture};

/// How long a write takes at most. An older file that was not renamed is left over.
const WRITING: Duration = Duration::from_secs(60);

/// The file that is locked while an installation is changed.
const LOCK: &str = "portals.lock";

/// Stores each installation in a file of a directory, which must exist. On Unix only the owner can read and write the files.
///
/// A new content is written next to the old one, synced to disk and renamed in one step, so that a crash leaves either of them
/// intact. Several processes can share the directory: each request reads the file of its portal, and the file `portals.lock` is locked while
/// one is changed. The directory must be on a file system with locks.
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

    fn replace<'a>(
        &'a self,
        member_id: &'a str,
        expected: Option<&'a Installation>,
        new: Option<&'a Installation>,
    ) -> StoreFuture<'a, bool> {
        let (expected, new) = (expected.cloned(), new.cloned());
        Box::pin(self.run(member_id, move |path| {
            let _lock = lock(path)?;
            if read(path)? != expected {
                return Ok(false);
            }
            match new {
                Some(new) => write(path, &format!("{:#}\n", new.to_json()))?,
                None => remove(path)?,
            }
            Ok(true)
        }))
    }
}

/// Locks the installations of a directory for one change. The lock ends with the file, or with the process.
fn lock(path: &Path) -> Result<File, StoreError> {
    let path = path.with_file_name(LOCK);
    let locked = private().truncate(false).open(&path).and_then(|file| {
        FileExt::lock(&file)?;
        Ok(file)
    });
    locked.map_err(|error| failed(&path, "locked", &error))
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path, "removed", &error)),
        _ => {
            sync_folder(path);
            Ok(())
        }
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
    remove_leftovers(path);
    Ok(())
}

/// Removes the files of processes that were killed while they wrote. They are never read, but contain tokens.
fn remove_leftovers(path: &Path) {
    let (Some(folder), Some(stem)) = (folder(path), path.file_stem().and_then(|stem| stem.to_str())) else {
        return;
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let own = name
            .to_str()
            .and_then(|name| name.strip_prefix(stem))
            .is_some_and(|rest| rest.starts_with('.') && rest.ends_with(".new"));
        let age = entry.metadata().and_then(|file| file.modified()).ok().and_then(|time| time.elapsed().ok());
        if own && age.is_some_and(|age| age > WRITING) {
            let _ = fs::remove_file(entry.path());
        }
    }
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
    if let Some(folder) = folder(path).filter(|_| cfg!(unix)) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

fn folder(path: &Path) -> Option<&Path> {
    path.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
}

fn failed(path: &Path, action: &str, error: &io::Error) -> StoreError {
    format!("{} cannot be {action}: {error}", path.display()).into()
}

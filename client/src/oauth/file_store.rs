//! Tokens in a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use bitrix24_core::Value;
use bitrix24_core::oauth::Tokens;

use super::store::{StoreError, StoreFuture, TokenStore};

/// Stores tokens in a file, as JSON. On Unix only its owner can read and write it.
///
/// A new pair is written next to the old one, synced to disk and renamed in one step, so that a crash leaves either of them
/// intact. The directory must exist.
///
/// ```no_run
/// # use bitrix24_client::{FileStore, TokenStore};
/// # async fn example(tokens: &bitrix24_core::oauth::Tokens) -> Result<(), bitrix24_client::StoreError> {
/// let store = FileStore::new("/var/lib/stock-sync/portal.json");
/// store.save(tokens).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct FileStore {
    path: PathBuf,
}

impl FileStore {
    /// Creates a store in this file, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl TokenStore for FileStore {
    fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
        let path = self.path.clone();
        // File access blocks, and a runtime must not.
        Box::pin(async move { tokio::task::spawn_blocking(move || read(&path)).await? })
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()> {
        let (path, text) = (self.path.clone(), format!("{:#}\n", tokens.to_json()));
        Box::pin(async move {
            let shown = path.display().to_string();
            let written = tokio::task::spawn_blocking(move || write(&path, text.as_bytes())).await?;
            written.map_err(|error| format!("{shown} cannot be written: {error}").into())
        })
    }
}

fn read(path: &Path) -> Result<Option<Tokens>, StoreError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("{} cannot be read: {error}", path.display()).into()),
    };
    // The parser's error is omitted, since it may show a part of the content.
    let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let tokens = Tokens::from_json(&value).map_err(|problem| {
        format!("{} contains no valid tokens: {problem}; save new tokens, or remove the file", path.display())
    })?;
    Ok(Some(tokens))
}

/// Writes a file completely or not at all.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A symbolic link stays one: its target is replaced.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (beside, mut file) = create_beside(path)?;
    let written =
        file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The error to return is the earlier one; a file that cannot be written may not be removable either.
        let _ = fs::remove_file(&beside);
        return written;
    }
    sync_folder(path);
    Ok(())
}

/// Creates a new file in the same directory, with a unique name.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().ok_or_else(|| io::Error::other("the path does not name a file"))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    loop {
        let mut beside = name.to_os_string();
        beside.push(format!(".{}-{}.new", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
        let beside = path.with_file_name(beside);
        match options.open(&beside) {
            Ok(file) => return Ok((beside, file)),
            // Left over from a crash of a process with the same number.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Syncs the directory, so that the new name survives a crash. The pair is in place whether or not this succeeds, and some file
/// systems do not support it.
fn sync_folder(path: &Path) {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
    }
}

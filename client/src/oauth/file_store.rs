//! Tokens in a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use bitrix24_core::Value;
use bitrix24_core::oauth::Tokens;

use super::store::{StoreError, StoreFuture, TokenStore};

/// Tokens kept in a file of their own, as JSON, which on Unix its owner alone can read and write.
///
/// A new pair is written beside the old one, brought to the disk and put in its place in one step, so that a crash leaves
/// either of them whole. The folder must exist, and be on the same disk.
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
    /// A store in this file. It need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl TokenStore for FileStore {
    fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
        let path = self.path.clone();
        // Disks take their time, and a runtime has other things to do.
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
    // The error of the parser is left out, since it may show a piece of what is there.
    let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let tokens = Tokens::from_json(&value).map_err(|problem| {
        format!("{} holds no tokens: {problem}; put them there anew, or remove the file", path.display())
    })?;
    Ok(Some(tokens))
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays one: what it leads to is replaced.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (beside, mut file) = create_beside(path)?;
    let written =
        file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The failure to tell is the one before; what could not be written may be impossible to remove as well.
        let _ = fs::remove_file(&beside);
        return written;
    }
    sync_folder(path);
    Ok(())
}

/// A new file in the same folder, under a name that nobody else uses.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().ok_or_else(|| io::Error::other("the path names no file"))?;
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
            // Left over from a crash of a process that had this number.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Brings the new name to the disk as well, where that is done by way of the folder. The pair is in its place whether or not
/// this succeeds, and some file systems know nothing of it.
fn sync_folder(path: &Path) {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
    }
}

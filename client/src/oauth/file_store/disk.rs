//! The files of a store. Everything here blocks.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bitrix24_core::Value;
use bitrix24_core::oauth::Tokens;
use fs4::{FileExt, TryLockError};

use crate::oauth::store::StoreError;

/// How many bytes are reserved for a new pair, at least.
const RESERVED: usize = 8 << 10;

/// The ending of a file with a new pair.
const NEW: &str = ".new";

/// The locked file beside that of the tokens. The lock ends when it is dropped.
pub(super) struct Lock {
    _file: File,
    path: PathBuf,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The room for a pair that did not come. What remains is never taken for a pair.
        if let Ok(file) = Files::of(&self.path)
            && fs::read(&file.new).is_ok_and(|bytes| parse(&bytes).is_none())
        {
            let _ = fs::remove_file(&file.new);
        }
    }
}

/// Locks the store; `None` if another process or client has locked it.
pub(super) fn try_lock(path: &Path) -> Result<Option<Lock>, StoreError> {
    let path = real_path(path);
    let lock = || {
        let file = private().read(true).create(true).truncate(false).open(beside(&path, ".lock")?)?;
        match FileExt::try_lock(&file) {
            Ok(()) => Ok(Some(Lock { _file: file, path: path.clone() })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    };
    lock().map_err(|error: io::Error| {
        format!("{} cannot be written, since its lock cannot: {error}", path.display()).into()
    })
}

/// Reads the newest pair: that of a process that was killed before it renamed the new file, or that of the file.
pub(super) fn read(path: &Path) -> Result<Option<Tokens>, StoreError> {
    let path = real_path(path);
    let files = Files::of(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    if let Some(tokens) = fs::read(&files.new).ok().as_deref().and_then(parse) {
        return Ok(Some(tokens));
    }
    let Some(bytes) = files.content else { return Ok(None) };
    // The parser's error is omitted, since it may show a part of the content.
    let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let tokens = Tokens::from_json(&value).map_err(|problem| {
        format!("{} contains no valid tokens: {problem}; save new tokens, or remove the file", path.display())
    })?;
    Ok(Some(tokens))
}

/// Whether there is room for a pair that did not come: the process that reserved it was killed. Needs the lock.
pub(super) fn is_reserved(path: &Path) -> Result<bool, StoreError> {
    let files = Files::of(&real_path(path))?;
    Ok(fs::read(&files.new).is_ok_and(|bytes| parse(&bytes).is_none()))
}

/// Creates the new file with room for a pair. Needs the lock.
pub(super) fn reserve(path: &Path) -> Result<(), StoreError> {
    let path = real_path(path);
    let reserve = || {
        let files = Files::of(&path)?.settle(&path)?;
        let size = RESERVED.max(2 * files.content.as_ref().map_or(0, Vec::len));
        // Not a hole: written bytes have their place on the disk. Spaces are no pair, and are legal after one.
        write_synced(&files.new, &vec![b' '; size]).inspect_err(|_| drop(fs::remove_file(&files.new)))
    };
    reserve().map_err(|error| cannot_write(&path, &error))
}

/// Writes a pair completely or not at all. Needs the lock.
pub(super) fn write(path: &Path, tokens: &Tokens) -> Result<(), StoreError> {
    let path = real_path(path);
    let text = format!("{:#}\n", tokens.to_json());
    let write = || {
        let files = Files::of(&path)?.settle(&path)?;
        // The error to return is the earlier one; a file that cannot be written may not be removable either. A complete file
        // that cannot be renamed stays, since the pair is safe in it.
        write_synced(&files.new, text.as_bytes()).inspect_err(|_| drop(fs::remove_file(&files.new)))?;
        fs::rename(&files.new, &path)
    };
    write().map_err(|error| cannot_write(&path, &error))?;
    sync_folder(&path);
    remove_outdated(&path);
    Ok(())
}

fn cannot_write(path: &Path, error: &io::Error) -> StoreError {
    format!("{} cannot be written: {error}", path.display()).into()
}

/// The files of a store as they are now.
struct Files {
    /// The content of the file, if there is one.
    content: Option<Vec<u8>>,
    /// The path of the file that replaces this content.
    new: PathBuf,
}

impl Files {
    fn of(path: &Path) -> io::Result<Self> {
        let content = match fs::read(path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let hash = fnv1a(content.as_deref().unwrap_or_default());
        Ok(Self { content, new: beside(path, &format!(".{hash:016x}{NEW}"))? })
    }

    /// Completes the write of a process that was killed before it renamed the new file.
    fn settle(self, path: &Path) -> io::Result<Self> {
        if fs::read(&self.new).ok().as_deref().and_then(parse).is_none() {
            return Ok(self);
        }
        fs::rename(&self.new, path)?;
        sync_folder(path);
        Self::of(path)
    }
}

/// The pair in a new file; `None` if it is incomplete.
fn parse(bytes: &[u8]) -> Option<Tokens> {
    serde_json::from_slice(bytes).ok().and_then(|value| Tokens::from_json(&value).ok())
}

/// Writes a file in place, over the room that was reserved in it, and syncs it to disk.
fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private().create(true).truncate(false).open(path)?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

/// The options to write a file that only its owner can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A symbolic link stays one: its target is replaced.
fn real_path(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The path of a file in the same directory, whose name is longer by `ending`.
fn beside(path: &Path, ending: &str) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::other("the path does not name a file"))?;
    let mut name = name.to_os_string();
    name.push(ending);
    Ok(path.with_file_name(name))
}

/// Removes new files for an earlier content, left over from a crash. They are never read, but contain tokens.
fn remove_outdated(path: &Path) {
    let (Some(folder), Some(name)) = (folder(path), path.file_name().and_then(|name| name.to_str())) else {
        return;
    };
    let is_outdated = |file: &str| {
        let rest = file.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
        let hash = rest.and_then(|rest| rest.strip_suffix(NEW));
        hash.is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_name().to_str().is_some_and(is_outdated)) {
        let _ = fs::remove_file(entry.path());
    }
}

/// Syncs the directory, so that the new name survives a crash. The pair is in place whether or not this succeeds, and some file
/// systems do not support it.
fn sync_folder(path: &Path) {
    if let Some(folder) = folder(path).filter(|_| cfg!(unix)) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

fn folder(path: &Path) -> Option<&Path> {
    path.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
}

/// The FNV-1a hash: the same in every process and version, which the hashers of the standard library are not.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

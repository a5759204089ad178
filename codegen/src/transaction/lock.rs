//! The lock of a folder: a file beside it, or in it if nothing can be created beside it.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::{fs, io};

use fs4::FileExt;
use same_file::Handle;

use super::beside;

/// A locked file. Dropping it removes the file and the lock.
#[derive(Debug)]
pub(super) struct LockFile {
    path: PathBuf,
    file: File,
}

impl LockFile {
    /// Locks a folder. Calls `waiting` once if another process has the lock.
    pub(super) fn acquire(folder: &Path, waiting: &dyn Fn()) -> io::Result<Self> {
        let mut asked = false;
        loop {
            let (path, file) = open(folder)?;
            if FileExt::try_lock(&file).is_err() {
                if !asked {
                    waiting();
                    asked = true;
                }
                FileExt::lock(&file)?;
            }
            // The process that had the lock may have removed the file. Then another file is the lock now.
            let here = Handle::from_path(&path);
            if here
                .is_ok_and(|here| file.try_clone().and_then(Handle::from_file).is_ok_and(|own| own == here))
            {
                return Ok(Self { path, file });
            }
        }
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        // The file is removed before it is unlocked, so that it is not the lock of another process.
        let _ = fs::remove_file(&self.path);
        let _ = FileExt::unlock(&self.file);
    }
}

fn open(folder: &Path) -> io::Result<(PathBuf, File)> {
    let open = |path: PathBuf| {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        Ok((path, file))
    };
    match beside(folder, "lock").map(open) {
        Some(Ok(opened)) => Ok(opened),
        _ => open(folder.join(".lock")),
    }
}

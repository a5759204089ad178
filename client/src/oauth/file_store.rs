//! Tokens in a file.

mod disk;

use std::path::{Path, PathBuf};
use std::time::Duration;

use bitrix24_core::oauth::Tokens;

use super::store::{StoreError, StoreFuture, StoreLock, TokenStore};

/// The first and the longest pause before the lock is tried again.
const PAUSES: [Duration; 2] = [Duration::from_millis(5), Duration::from_millis(50)];

/// Stores tokens in a file, as JSON. On Unix only its owner can read and write it. The directory must exist.
///
/// Any number of processes can share the file: during a refresh, one of them holds a lock on a second file with the same name
/// and the ending `.lock`, which stays empty. The system ends the lock of a process that ends.
///
/// A new pair is written next to the old one, synced to disk and renamed in one step, so that a crash leaves either of them
/// intact. The name of the new file contains the hash of the content that it replaces: if the process is killed before it
/// renames the file, the next [`load`](TokenStore::load) finds and returns the newer pair. Before a refresh token is used, the
/// new file is created with room for the new pair, so that a full disk loses no tokens.
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

    /// Does something with the file. File access blocks, and a runtime must not.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || work(&path)).await?
    }

    /// Waits for the lock. Each attempt returns at once, so that a caller that stops waiting leaves no thread behind.
    async fn wait_for_lock(&self) -> Result<disk::Lock, StoreError> {
        let [mut pause, longest] = PAUSES;
        loop {
            if let Some(lock) = self.run(disk::try_lock).await? {
                return Ok(lock);
            }
            tokio::time::sleep(pause.mul_f64(1.0 - fastrand::f64() / 2.0)).await;
            pause = longest.min(pause * 2);
        }
    }
}

impl TokenStore for FileStore {
    fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
        Box::pin(self.run(disk::read))
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()> {
        let tokens = tokens.clone();
        Box::pin(async move {
            let lock = self.wait_for_lock().await?;
            self.run(move |path| {
                let _lock = lock;
                disk::write(path, &tokens)
            })
            .await
        })
    }

    fn lock(&self) -> StoreFuture<'_, Option<StoreLock>> {
        Box::pin(async { Ok(Some(StoreLock::new(self.wait_for_lock().await?))) })
    }

    fn was_interrupted(&self) -> StoreFuture<'_, bool> {
        Box::pin(self.run(disk::is_reserved))
    }

    fn prepare<'a>(&'a self, _: &'a Tokens) -> StoreFuture<'a, ()> {
        Box::pin(self.run(disk::reserve))
    }

    fn replace<'a>(&'a self, expected: Option<&'a Tokens>, new: &'a Tokens) -> StoreFuture<'a, bool> {
        let (expected, new) = (expected.cloned(), new.clone());
        Box::pin(self.run(move |path| {
            if disk::read(path)? != expected {
                return Ok(false);
            }
            disk::write(path, &new)?;
            Ok(true)
        }))
    }
}

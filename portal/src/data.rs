//! What is there after a restart: bytes by section and key.
//!
//! A module with state describes each change of it as a [`Change`]. All changes of a request are written in one transaction, before
//! its response is sent. Without a file, changes are dropped.

#[cfg(feature = "data")]
mod file;

#[cfg(feature = "data")]
use std::path::Path;
use std::{fmt, io};

use tokio::sync::oneshot;

/// The format of what is stored, which a later version refuses or converts.
#[cfg(feature = "data")]
const FORMAT: u64 = 1;

/// One of the things that have state. Keys of different sections are different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    /// The portal itself: the format, the seed.
    Portal,
    /// The tables that were used, by their key.
    Tables,
    /// The rows that were written or removed, by table and identifier.
    Rows,
    /// The contents of files, by their number.
    Files,
    /// Tokens and authorization codes.
    Tokens,
    /// Responses to requests with an idempotency key.
    Replays,
    /// Offline events that wait, by their number.
    Queue,
    /// Requests that wait for their files, by their number.
    Uploads,
}

/// A value that was set or, without a value, removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) section: Section,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
}

impl Change {
    /// A value that was set.
    pub(crate) fn set(section: Section, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> Self {
        Self { section, key: key.into(), value: Some(value.into()) }
    }

    /// A value that was removed.
    pub(crate) fn removed(section: Section, key: impl Into<Vec<u8>>) -> Self {
        Self { section, key: key.into(), value: None }
    }
}

/// Keys and values.
pub(crate) type Entries = Vec<(Vec<u8>, Vec<u8>)>;

/// The file of a portal, if it has one. Clones are the same file.
#[derive(Clone, Default)]
pub(crate) struct Data {
    #[cfg(feature = "data")]
    file: Option<std::sync::Arc<file::File>>,
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Data").field("kept", &self.is_kept()).finish()
    }
}

/// The end of a transaction.
pub(crate) type Saved = Result<(), String>;

/// A transaction that is awaited.
#[derive(Debug)]
pub(crate) struct Saving(Option<oneshot::Receiver<Saved>>);

impl Saving {
    /// Waits until the changes, and all that were made before, are in the file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) async fn wait(self) -> Saved {
        match self.0 {
            None => Ok(()),
            Some(receiver) => receiver.await.unwrap_or_else(|_| Err("The data file is closed".to_owned())),
        }
    }
}

impl Data {
    /// Opens or creates a file.
    ///
    /// # Errors
    /// It cannot be read or written, is in use, or is no data file of a portal.
    #[cfg(feature = "data")]
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let data = Self { file: Some(std::sync::Arc::new(file::File::open(path)?)) };
        let format = FORMAT.to_be_bytes();
        match data.get(Section::Portal, b"format")? {
            Some(found) if found == format => {}
            Some(_) => {
                let message = format!(
                    "{} was written by another version of bitrix24-portal: start with a new file",
                    path.display()
                );
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            None => {
                let change = Change::set(Section::Portal, *b"format", format);
                data.save_now(vec![change]).map_err(io::Error::other)?;
            }
        }
        Ok(data)
    }

    /// Whether changes are kept.
    pub(crate) fn is_kept(&self) -> bool {
        #[cfg(feature = "data")]
        return self.file.is_some();
        #[cfg(not(feature = "data"))]
        false
    }

    /// Writes changes in one transaction.
    pub(crate) fn save(&self, changes: Vec<Change>) -> Saving {
        #[cfg(feature = "data")]
        if let Some(file) = self.file.as_ref().filter(|file| !changes.is_empty() || !file.is_idle()) {
            let (sender, receiver) = oneshot::channel();
            // A caller that no longer waits needs no answer.
            file.save(changes, Box::new(move |saved| drop(sender.send(saved))));
            return Saving(Some(receiver));
        }
        drop(changes);
        Saving(None)
    }

    /// Writes changes in one transaction and waits for it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn save_now(&self, changes: Vec<Change>) -> Saved {
        #[cfg(feature = "data")]
        if let Some(file) = &self.file {
            let (sender, receiver) = std::sync::mpsc::channel();
            file.save(changes, Box::new(move |saved| drop(sender.send(saved))));
            return receiver.recv().unwrap_or_else(|_| Err("The data file is closed".to_owned()));
        }
        drop(changes);
        Ok(())
    }

    /// The value of a key.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn get(&self, section: Section, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        #[cfg(feature = "data")]
        if let Some(file) = &self.file {
            return file.get(section, key);
        }
        let _ = (section, key);
        Ok(None)
    }

    /// The values of all keys that begin so, in the order of the keys.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn scan(&self, section: Section, prefix: &[u8]) -> io::Result<Entries> {
        #[cfg(feature = "data")]
        if let Some(file) = &self.file {
            return file.scan(section, prefix);
        }
        let _ = (section, prefix);
        Ok(Vec::new())
    }

    /// Ends the file: what was sent to it is written, and another process can open it.
    pub(crate) fn close(&self) {
        #[cfg(feature = "data")]
        if let Some(file) = &self.file {
            file.close();
        }
    }
}

//! The file: an embedded database, and the thread that writes it.

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::{self, JoinHandle};

use redb::{Builder, Database, DatabaseError, StorageError, TableDefinition, TableError};

use super::{Change, Entries, Saved, Section};
use crate::lock::lock;

/// The bytes of the file that are kept in memory. Rows are in memory anyway.
const CACHE: usize = 4 << 20;

/// What is called at the end of a transaction.
type Done = Box<dyn FnOnce(Saved) + Send>;

/// Changes that belong together.
struct Job {
    changes: Vec<Change>,
    done: Done,
}

/// An open file.
pub(super) struct File {
    opened: Arc<Opened>,
    jobs: Mutex<Option<Sender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// What the writer and those who read share.
struct Opened {
    path: PathBuf,
    /// `None`: writing failed, so that it must be opened again.
    database: RwLock<Option<Database>>,
    /// How many jobs are not finished.
    waiting: AtomicUsize,
}

impl File {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let opened = Arc::new(Opened {
            path: path.to_owned(),
            database: RwLock::new(Some(open(path)?)),
            waiting: AtomicUsize::new(0),
        });
        let (sender, receiver) = channel();
        let shared = Arc::clone(&opened);
        let writer =
            thread::Builder::new().name("portal data".to_owned()).spawn(move || write(&shared, &receiver))?;
        Ok(Self { opened, jobs: Mutex::new(Some(sender)), writer: Mutex::new(Some(writer)) })
    }

    /// Whether everything that was sent is written.
    pub(super) fn is_idle(&self) -> bool {
        self.opened.waiting.load(Ordering::Acquire) == 0
    }

    pub(super) fn save(&self, changes: Vec<Change>, done: Done) {
        let job = Job { changes, done };
        self.opened.waiting.fetch_add(1, Ordering::AcqRel);
        let failed = match lock(&self.jobs).as_ref() {
            Some(jobs) => jobs.send(job).map_err(|unsent| unsent.0).err(),
            None => Some(job),
        };
        if let Some(job) = failed {
            (job.done)(Err("The data file is closed".to_owned()));
        }
    }

    pub(super) fn close(&self) {
        lock(&self.jobs).take();
        if let Some(writer) = lock(&self.writer).take() {
            // A panic of the writer has ended all who wait for it.
            let _ = writer.join();
        }
        self.opened.database.write().unwrap_or_else(PoisonError::into_inner).take();
    }

    pub(super) fn get(&self, section: Section, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        self.read(section, |table| Ok(table.get(key)?.map(|value| value.value().to_vec())))
    }

    pub(super) fn scan(&self, section: Section, prefix: &[u8]) -> io::Result<Entries> {
        self.read(section, |table| {
            let mut entries = Vec::new();
            for entry in table.range(prefix..)? {
                let (key, value) = entry?;
                if !key.value().starts_with(prefix) {
                    break;
                }
                entries.push((key.value().to_vec(), value.value().to_vec()));
            }
            Ok(entries)
        })
    }

    fn read<T: Default>(
        &self,
        section: Section,
        read: impl FnOnce(&redb::ReadOnlyTable<&[u8], &[u8]>) -> Result<T, StorageError>,
    ) -> io::Result<T> {
        let failed = |error: Box<redb::Error>| {
            let message = format!("the data file {} cannot be read: {error}", self.opened.path.display());
            io::Error::new(io::ErrorKind::InvalidData, message)
        };
        let database = self.opened.database.read().unwrap_or_else(PoisonError::into_inner);
        let Some(database) = database.as_ref() else {
            return Err(io::Error::other("the data file is closed"));
        };
        let read = || {
            let transaction = database.begin_read().map_err(boxed)?;
            match transaction.open_table(definition(section)) {
                Ok(table) => read(&table).map_err(boxed),
                Err(TableError::TableDoesNotExist(_)) => Ok(T::default()),
                Err(error) => Err(boxed(error)),
            }
        };
        guarded(&self.opened.path, read)?.map_err(failed)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        self.close();
    }
}

/// The table of a section. Names are part of the format.
fn definition(section: Section) -> TableDefinition<'static, &'static [u8], &'static [u8]> {
    TableDefinition::new(match section {
        Section::Portal => "portal",
        Section::Tables => "tables",
        Section::Rows => "rows",
        Section::Files => "files",
        Section::Tokens => "tokens",
        Section::Replays => "replays",
        Section::Queue => "queue",
        Section::Uploads => "uploads",
    })
}

fn open(path: &Path) -> io::Result<Database> {
    let error = |kind: io::ErrorKind, text: &str| {
        io::Error::new(kind, format!("the data file {} {text}", path.display()))
    };
    match guarded(path, || Builder::new().set_cache_size(CACHE).create(path))? {
        Ok(database) => Ok(database),
        Err(DatabaseError::DatabaseAlreadyOpen) => Err(error(
            io::ErrorKind::WouldBlock,
            "is in use by another portal: stop it, or choose another file",
        )),
        Err(DatabaseError::Storage(StorageError::Io(cause)))
            if cause.kind() != io::ErrorKind::InvalidData =>
        {
            Err(error(cause.kind(), &format!("cannot be opened: {cause}")))
        }
        Err(cause) => {
            let text =
                format!("is damaged or no data file of a portal ({cause}): delete it, or choose another");
            Err(error(io::ErrorKind::InvalidData, &text))
        }
    }
}

/// Runs what reads a file. The database checks itself by panics too: they mean that the file is damaged.
fn guarded<T>(path: &Path, run: impl FnOnce() -> T) -> io::Result<T> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| {
        let text = format!("the data file {} is damaged: delete it, or choose another", path.display());
        io::Error::new(io::ErrorKind::InvalidData, text)
    })
}

/// Writes jobs in their order until there are no more. Those that wait are one transaction.
fn write(opened: &Opened, jobs: &Receiver<Job>) {
    // What could not be written is tried again with the next job: memory has it, and so must the file.
    let mut unsaved: BTreeMap<(Section, Vec<u8>), Option<Vec<u8>>> = BTreeMap::new();
    while let Ok(first) = jobs.recv() {
        let mut waiting = Vec::new();
        for job in std::iter::once(first).chain(jobs.try_iter()) {
            unsaved
                .extend(job.changes.into_iter().map(|change| ((change.section, change.key), change.value)));
            waiting.push(job.done);
        }
        let saved = if unsaved.is_empty() { Ok(()) } else { opened.commit(&unsaved) };
        if saved.is_ok() {
            unsaved.clear();
        }
        opened.waiting.fetch_sub(waiting.len(), Ordering::AcqRel);
        waiting.into_iter().for_each(|done| done(saved.clone()));
    }
}

impl Opened {
    fn commit(&self, changes: &BTreeMap<(Section, Vec<u8>), Option<Vec<u8>>>) -> Saved {
        let failed = |cause: &dyn std::fmt::Display| {
            format!("The data file {} cannot be written: {cause}", self.path.display())
        };
        self.reopen().map_err(|error| failed(&error))?;
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let Some(current) = database.as_ref() else { return Err(failed(&"it is closed")) };
        let committed = guarded(&self.path, || transact(current, changes));
        drop(database);
        let error = match committed {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => failed(&error),
            Err(error) => failed(&error),
        };
        // After an error the database refuses everything.
        self.database.write().unwrap_or_else(PoisonError::into_inner).take();
        Err(error)
    }

    fn reopen(&self) -> io::Result<()> {
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        if database.is_none() {
            *database = Some(open(&self.path)?);
        }
        Ok(())
    }
}

fn transact(
    database: &Database,
    changes: &BTreeMap<(Section, Vec<u8>), Option<Vec<u8>>>,
) -> Result<(), Box<redb::Error>> {
    let transaction = database.begin_write().map_err(boxed)?;
    for ((section, key), value) in changes {
        let mut table = transaction.open_table(definition(*section)).map_err(boxed)?;
        match value {
            Some(value) => drop(table.insert(key.as_slice(), value.as_slice()).map_err(boxed)?),
            None => drop(table.remove(key.as_slice()).map_err(boxed)?),
        }
    }
    transaction.commit().map_err(boxed)
}

/// Errors of the database are large.
fn boxed(error: impl Into<redb::Error>) -> Box<redb::Error> {
    Box::new(error.into())
}

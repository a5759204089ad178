//! A journal in a file.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bitrix24_core::{Executed, Value, json};
use fs4::{FileExt, TryLockError};
use tokio::task::spawn_blocking;

use super::journal::{Journal, JournalFuture, JournalOutcome, JournalState};

/// Keeps the states of requests in a file, to which it appends two lines for each call; see [`Client::bulk`](crate::Client::bulk).
///
/// A line is on the disk before the call is sent. A line that a crash has cut off is dropped, which makes its requests new or
/// uncertain, as they are. The file is locked as long as the journal is in use: a second program with the same journal fails to open
/// it. In memory a request takes about 30 bytes. Delete the file when the work is complete.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// # let folder = std::env::temp_dir().join(format!("bitrix24-journal-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("prices.journal");
/// use bitrix24_client::FileJournal;
/// let journal = FileJournal::open(&path)?;
/// println!("{} requests have run, {} are uncertain", journal.finished(), journal.uncertain());
/// assert_eq!(FileJournal::open(&path).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
/// # std::fs::remove_dir_all(folder)
/// # }
/// ```
#[derive(Debug)]
pub struct FileJournal {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    /// Locked during a write. Never locked on a thread of the runtime.
    file: Mutex<File>,
    requests: Mutex<Requests>,
}

/// The requests by the hashes of their keys.
#[derive(Debug, Default)]
struct Requests {
    finished: HashSet<u128>,
    started: HashSet<u128>,
}

/// The names of the lists in a line.
const STARTED: &str = "started";
const FINISHED: &str = "finished";
const NOT_EXECUTED: &str = "not_executed";

impl FileJournal {
    /// Opens the journal in this file; creates the file if it does not exist. This blocks while the file is read.
    ///
    /// # Errors
    /// An [`io::Error`]: [`WouldBlock`](io::ErrorKind::WouldBlock) if the journal is in use, [`InvalidData`](io::ErrorKind::InvalidData)
    /// with the number of the line if the file is no journal.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let open = || {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
            FileExt::try_lock(&file).map_err(|error| match error {
                TryLockError::WouldBlock => io::Error::new(io::ErrorKind::WouldBlock, "it is in use"),
                TryLockError::Error(error) => error,
            })?;
            let requests = read(&file)?;
            sync_folder(&path);
            Ok((file, requests))
        };
        let (file, requests) = open().map_err(|error: io::Error| {
            io::Error::new(error.kind(), format!("the journal {} cannot be opened: {error}", path.display()))
        })?;
        let shared = Shared { path, file: Mutex::new(file), requests: Mutex::new(requests) };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// How many requests have run.
    pub fn finished(&self) -> usize {
        self.shared.requests().finished.len()
    }

    /// How many requests are uncertain: they were about to be sent, and their outcome is not known.
    pub fn uncertain(&self) -> usize {
        self.shared.requests().started.len()
    }

    fn append(&self, line: Value) -> JournalFuture<'_, ()> {
        let shared = Arc::clone(&self.shared);
        Box::pin(async move { Ok(spawn_blocking(move || shared.append(&line)).await??) })
    }
}

impl Journal for FileJournal {
    fn states<'a>(&'a self, keys: &'a [String]) -> JournalFuture<'a, Vec<JournalState>> {
        let requests = self.shared.requests();
        let states = keys.iter().map(|key| requests.state(hash(key))).collect();
        Box::pin(std::future::ready(Ok(states)))
    }

    fn start<'a>(&'a self, keys: &'a [String]) -> JournalFuture<'a, ()> {
        self.append(json!({STARTED: keys}))
    }

    fn finish<'a>(&'a self, outcomes: &'a [JournalOutcome<'a>]) -> JournalFuture<'a, ()> {
        let of = |executed| -> Vec<&str> {
            outcomes
                .iter()
                .filter(|outcome| outcome.executed() == executed)
                .map(JournalOutcome::key)
                .collect()
        };
        self.append(json!({FINISHED: of(Executed::Yes), NOT_EXECUTED: of(Executed::No)}))
    }
}

impl Shared {
    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append(&self, line: &Value) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let end = file.stream_position()?;
        let write = |file: &mut File| {
            file.write_all(format!("{line}\n").as_bytes())?;
            file.sync_data()
        };
        write(&mut file).map_err(|error| {
            // What was written of the line must not become the beginning of the next one.
            let _ = file.set_len(end).and_then(|()| file.seek(SeekFrom::Start(end)));
            io::Error::new(error.kind(), format!("{}: {error}", self.path.display()))
        })?;
        self.requests().apply(line);
        Ok(())
    }
}

impl Requests {
    fn state(&self, key: u128) -> JournalState {
        if self.finished.contains(&key) {
            JournalState::Finished
        } else if self.started.contains(&key) {
            JournalState::Started
        } else {
            JournalState::New
        }
    }

    /// Applies a line of the file.
    fn apply(&mut self, line: &Value) {
        let keys = |name: &str| {
            let list = line.get(name).and_then(Value::as_array).into_iter().flatten();
            list.filter_map(Value::as_str).map(hash).collect::<Vec<u128>>()
        };
        self.started.extend(keys(STARTED));
        for key in keys(FINISHED) {
            self.started.remove(&key);
            self.finished.insert(key);
        }
        for key in keys(NOT_EXECUTED) {
            self.started.remove(&key);
        }
    }
}

/// Reads the file, and removes a line that was cut off.
fn read(mut file: &File) -> io::Result<Requests> {
    let mut requests = Requests::default();
    let mut reader = BufReader::new(file);
    let mut text = Vec::new();
    let mut end = 0;
    for number in 1.. {
        text.clear();
        let length = reader.read_until(b'\n', &mut text)?;
        if !text.ends_with(b"\n") {
            break;
        }
        let line: Option<Value> = serde_json::from_slice(&text).ok().filter(Value::is_object);
        let line = line.ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, format!("line {number} is not one of a journal"))
        })?;
        requests.apply(&line);
        end += length as u64;
    }
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    Ok(requests)
}

/// Makes a new file survive a crash. Some file systems do not support it, and need it less.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// A hash that no two keys of a journal share by chance. It is not stored.
fn hash(key: &str) -> u128 {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, key).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

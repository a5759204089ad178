//! Recorded lines in a file.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::Recorder;

/// How many bytes are buffered before they are written.
const BUFFER_SIZE: usize = 64 << 10;

/// Appends recorded lines to a file, which need not exist. On Unix only its owner can read and write a new one.
///
/// Several clients and several processes may append to one file: only whole lines are written, each time in one step at the
/// end of the file.
///
/// ```
/// use bitrix24_client::{Client, FileRecorder};
/// let recorder = FileRecorder::new("traffic.jsonl");
/// let builder = Client::builder().recorder(recorder);
/// # let _ = builder;
/// ```
#[derive(Debug)]
pub struct FileRecorder {
    path: PathBuf,
    output: Mutex<Output>,
}

/// The open file, and the lines that are not written yet.
#[derive(Debug, Default)]
struct Output {
    file: Option<File>,
    buffer: Vec<u8>,
}

impl FileRecorder {
    /// Creates a recorder of this file. It is opened when the first lines are written.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), output: Mutex::default() }
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn with_output(&self, work: impl FnOnce(&mut Output) -> io::Result<()>) -> io::Result<()> {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = |error| io::Error::other(format!("{} cannot be written: {error}", self.path.display()));
        work(&mut output).map_err(shown)
    }
}

impl Recorder for FileRecorder {
    fn record(&self, lines: &str) -> io::Result<()> {
        self.with_output(|output| {
            output.buffer.extend_from_slice(lines.as_bytes());
            if output.buffer.len() < BUFFER_SIZE { Ok(()) } else { output.write(&self.path) }
        })
    }

    fn flush(&self) -> io::Result<()> {
        self.with_output(|output| output.write(&self.path))
    }
}

impl Drop for FileRecorder {
    fn drop(&mut self) {
        // There is no one left to report an error to.
        let _ = self.flush();
    }
}

impl Output {
    /// Appends the buffered lines to the file. Lines that cannot be written are lost.
    fn write(&mut self, path: &Path) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let lines = std::mem::take(&mut self.buffer);
        let file = match &mut self.file {
            Some(file) => file,
            closed => closed.insert(open(path)?),
        };
        let written = file.write_all(&lines);
        if written.is_err() {
            self.file = None;
        }
        written
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::{fs, thread};

    use super::*;

    #[test]
    fn lines_are_written_by_flush_and_on_drop() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traffic.jsonl");
        let recorder = FileRecorder::new(&path);
        recorder.record("one\n").unwrap();
        assert!(!path.exists());
        recorder.flush().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\n");
        recorder.record("two\n").unwrap();
        drop(recorder);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
    }

    #[test]
    fn several_recorders_append_whole_lines() {
        const LINES: usize = 2000;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traffic.jsonl");
        let shared = Arc::new(FileRecorder::new(&path));
        thread::scope(|scope| {
            for writer in 0..4 {
                let recorder =
                    if writer < 2 { Arc::clone(&shared) } else { Arc::new(FileRecorder::new(&path)) };
                scope.spawn(move || {
                    let line = format!("{}\n", writer.to_string().repeat(200));
                    (0..LINES).for_each(|_| recorder.record(&line).unwrap());
                });
            }
        });
        drop(shared);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 4 * LINES);
        for line in text.lines() {
            assert!(line.len() == 200 && line.bytes().all(|byte| byte == line.as_bytes()[0]), "{line}");
        }
    }

    #[test]
    fn an_error_names_the_file_and_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing").join("traffic.jsonl");
        let recorder = FileRecorder::new(&path);
        recorder.record("one\n").unwrap();
        let error = recorder.flush().unwrap_err().to_string();
        assert!(error.contains("traffic.jsonl cannot be written: "), "{error}");
        fs::create_dir(path.parent().unwrap()).unwrap();
        recorder.record("two\n").unwrap();
        recorder.flush().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two\n");
    }
}

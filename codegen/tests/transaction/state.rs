//! The files of a folder as one value.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The content of each file by its path. Folders without files do not count.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct State(BTreeMap<String, Vec<u8>>);

pub(crate) fn state_of(folder: &Path) -> State {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(current).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    State(files)
}

impl State {
    /// Removes the files of an incomplete commit inside the folder.
    pub(crate) fn remove_staged(&mut self) {
        self.0.retain(|path, _| !path.starts_with(".transaction/"));
    }

    pub(crate) fn text(&self, path: &str) -> Option<String> {
        Some(String::from_utf8(self.0.get(path)?.clone()).unwrap())
    }

    pub(crate) fn paths(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// The same without a file.
    pub(crate) fn without(mut self, path: &str) -> Self {
        self.0.remove(path);
        self
    }

    /// The number of files that are those of either state, and the first that is of neither.
    pub(crate) fn describe(&self, before: &Self, after: &Self) -> String {
        let same =
            |other: &Self| self.0.iter().filter(|(path, text)| other.0.get(*path) == Some(text)).count();
        let other = self
            .0
            .iter()
            .find(|(path, text)| before.0.get(*path) != Some(text) && after.0.get(*path) != Some(text));
        let mut text = String::new();
        write!(text, "{} files, {} as before, {} as after", self.0.len(), same(before), same(after)).unwrap();
        if let Some((path, content)) = other {
            write!(text, ", and {path}: {}", String::from_utf8_lossy(content)).unwrap();
        }
        text
    }
}

/// A shell that may mount folders, which only it sees. `None` with a note if this user may not do that.
#[expect(clippy::print_stderr, reason = "the output of the tests must show that they checked nothing")]
pub(crate) fn shell_in_namespace(folder: &Path, script: &str) -> Option<Command> {
    let command = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", script]).current_dir(folder);
        command
    };
    let may_mount = command("mount --bind . .").output().is_ok_and(|output| output.status.success());
    if !may_mount {
        eprintln!("note: this user may not mount folders, so this part is not tested");
        return None;
    }
    Some(command(script))
}

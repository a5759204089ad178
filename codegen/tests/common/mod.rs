//! A project in a temporary folder, and the maintainer's commands that run in it.

#![allow(dead_code, unused_imports, unused_macros, reason = "each test file uses a part of it")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const PAGE: &str = include_str!("../import/modern.md");

/// A project with `spec/system.yaml` as its only descriptor, and a documentation of one page.
pub(crate) fn project() -> TempDir {
    let project = tempfile::tempdir().unwrap();
    write(project.path(), "spec/system.yaml", "errors: []\ntime: {type: object}\n");
    write(project.path(), "docs/modern.md", PAGE);
    project
}

pub(crate) fn write(project: &Path, path: &str, text: &str) {
    let path = project.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

pub(crate) fn command(project: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bitrix24-codegen"));
    command.args(words).arg("--root").arg(project).current_dir(project);
    command
}

pub(crate) fn run(project: &Path, words: &[&str]) -> Output {
    command(project, words).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Compares the output of commands with a snapshot.
macro_rules! assert_transcript {
    ($project:expr, $commands:expr $(,)?) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($crate::common::transcript($project, $commands));
        })
    };
}

/// Runs commands one after the other. Returns their output, with the project's path and the durations replaced.
pub(crate) fn transcript(project: &TempDir, commands: &[&[&str]]) -> String {
    let mut transcript = String::new();
    for words in commands {
        let output = run(project.path(), words);
        let status = output.status.code().unwrap();
        transcript += &format!("$ {}\n{}", words.join(" "), text(&output.stdout));
        transcript += &format!("{}[exit {status}]\n\n", text(&output.stderr));
    }
    let root = project.path().to_str().unwrap();
    let lines = transcript.replace(root, "[root]").replace("bitrix24-codegen.exe", "bitrix24-codegen");
    lines.lines().map(|line| redact(line) + "\n").collect()
}

/// Replaces the end of a line if it differs between runs or systems.
pub(crate) fn redact(line: &str) -> String {
    match (line.rsplit_once(", "), line.rsplit_once(": ")) {
        (Some((rest, last)), _) if last.ends_with(" s") => format!("{rest}, [duration]"),
        (_, Some((rest, last))) if last.contains("(os error ") => format!("{rest}: [system error]"),
        _ => line.to_owned(),
    }
}

/// The files below a folder of the project, sorted. Empty if the folder does not exist.
pub(crate) fn files(project: &TempDir, folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![project.path().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(project.path()).unwrap().display().to_string());
            }
        }
    }
    files.sort();
    files
}

pub(crate) use assert_transcript;

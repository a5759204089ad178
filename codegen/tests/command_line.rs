//! The maintainer's commands: output, errors and exit codes.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const PAGE: &str = include_str!("import/modern.md");

/// A project with `spec/system.yaml` as its only descriptor, and a documentation of one page.
fn project() -> TempDir {
    let project = tempfile::tempdir().unwrap();
    write(project.path(), "spec/system.yaml", "errors: []\ntime: {type: object}\n");
    write(project.path(), "docs/modern.md", PAGE);
    project
}

fn write(project: &Path, path: &str, text: &str) {
    let path = project.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn command(project: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bitrix24-codegen"));
    command.args(words).arg("--root").arg(project).current_dir(project);
    command
}

fn run(project: &Path, words: &[&str]) -> Output {
    command(project, words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Compares the output of commands with a snapshot.
macro_rules! assert_transcript {
    ($project:expr, $commands:expr $(,)?) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(transcript($project, $commands));
        })
    };
}

/// Runs commands one after the other. Returns their output, with the project's path and the durations replaced.
fn transcript(project: &TempDir, commands: &[&[&str]]) -> String {
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

/// Replaces the end of a line where it differs between runs or systems.
fn redact(line: &str) -> String {
    match (line.rsplit_once(", "), line.rsplit_once(": ")) {
        (Some((rest, last)), _) if last.ends_with(" s") => format!("{rest}, [duration]"),
        (_, Some((rest, last))) if last.contains("(os error ") => format!("{rest}: [system error]"),
        _ => line.to_owned(),
    }
}

/// The files below a folder of the project, sorted; empty where the folder does not exist.
fn files(project: &TempDir, folder: &str) -> Vec<String> {
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

#[test]
fn an_import_and_a_regeneration_print_what_they_write() {
    let project = project();
    assert_transcript!(&project, &[&["spec", "import", "docs"], &["regen"], &["regen"]]);
}

#[test]
fn help_describes_every_command() {
    let project = project();
    assert_transcript!(&project, &[&["--help"], &["spec", "--help"], &["spec", "import", "--help"]]);
}

#[test]
fn json_output_is_one_object_also_for_errors() {
    let project = project();
    for (words, status) in [
        (["spec", "import", "docs", "--format", "json"].as_slice(), 0),
        (&["spec", "import", "nowhere", "--format", "json"], 1),
        (&["regen", "--format", "json"], 0),
        (&["spec", "check", "--format", "json"], 0),
        (&["spec", "check", "nowhere.yaml", "--format", "json"], 1),
    ] {
        let output = run(project.path(), words);
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(status), String::new()), "{words:?}");
        assert_eq!(said["diagnostics"].as_array().unwrap().is_empty(), status == 0, "{words:?} {said:#}");
    }
}

#[test]
fn a_wrong_argument_is_an_error_and_nothing_is_written() {
    let project = project();
    fs::create_dir(project.path().join("empty")).unwrap();
    assert_transcript!(
        &project,
        &[
            &["regen", "--speed"],
            &["spec", "import"],
            &["spec", "import", "nowhere"],
            &["spec", "import", "empty"],
            &["spec", "import", "docs/modern.md"],
            &["spec", "import", "docs", "--patches", "nowhere"],
            &["spec", "import", "docs", "--out", "docs/modern.md"],
        ]
    );
    assert_eq!(files(&project, "spec"), ["spec/system.yaml"]);
}

#[test]
fn a_folder_without_spec_is_no_project() {
    let folder = tempfile::tempdir().unwrap();
    assert_transcript!(&folder, &[&["regen"]]);
}

#[test]
fn a_broken_descriptor_fails_every_command_with_its_place() {
    let project = project();
    write(
        project.path(),
        "spec/zoo/zoo.animal.feed.yaml",
        "method: zoo.animal.feed\nscope: [zoo]\nparms: {}\n",
    );
    assert_transcript!(&project, &[&["regen"], &["spec", "check"], &["spec", "import", "docs"]]);
    assert_eq!(files(&project, "generated"), [""; 0]);
}

#[test]
fn a_patch_that_changes_nothing_fails_the_import() {
    let project = project();
    let patch = "- {method: workshop.tool.lend, why: It was wrong., set: {method: workshop.tool.lend}}\n";
    write(project.path(), "spec/patches/workshop.yaml", patch);
    assert_transcript!(&project, &[&["spec", "import", "docs"]]);
    assert_eq!(files(&project, "spec/workshop"), [""; 0]);
}

#[test]
fn a_closed_standard_output_does_not_fail_a_command() {
    let project = project();
    for page in 0..2_000 {
        write(project.path(), &format!("docs/{page:04}/{}.txt", "long".repeat(20)), "Nothing.\n");
    }
    let words = ["spec", "import", "docs"];
    let mut child =
        command(project.path(), &words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

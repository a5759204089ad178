//! The maintainer's commands as they are typed: what they print where, and how they end.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const PAGE: &str = include_str!("import/modern.md");

/// A project whose spec has nothing but what all methods share, and a documentation of one page.
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

#[test]
fn an_import_and_a_regeneration_say_what_they_wrote_and_show_no_bars_to_a_program() {
    let project = project();
    let imported = run(project.path(), &["spec", "import", "docs"]);
    assert_eq!((imported.status.code(), text(&imported.stderr)), (Some(0), String::new()));
    assert!(text(&imported.stdout).contains("1 documents: 1 read, 0 skipped"), "{}", text(&imported.stdout));
    let written = run(project.path(), &["regen"]);
    assert_eq!((written.status.code(), text(&written.stderr)), (Some(0), String::new()));
    let again = run(project.path(), &["regen"]);
    assert!(text(&again.stdout).contains("0 files written, 0 removed"), "{}", text(&again.stdout));
}

#[test]
fn for_programs_there_is_one_json_object_whatever_happens() {
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
fn what_cannot_be_done_is_told_and_nothing_is_written() {
    let project = project();
    fs::create_dir(project.path().join("empty")).unwrap();
    for (words, status, told) in [
        (["regen", "--speed"].as_slice(), 2, "unexpected argument '--speed'"),
        (&["spec", "import"], 2, "<DOCS>"),
        (&["spec", "import", "nowhere"], 1, "nowhere cannot be read"),
        (&["spec", "import", "empty"], 1, "empty cannot be read: there is no file below it"),
        (&["spec", "import", "docs/modern.md"], 1, "docs/modern.md cannot be read"),
        (&["spec", "import", "docs", "--patches", "nowhere"], 1, "nowhere cannot be read"),
        (&["spec", "import", "docs", "--out", "docs/modern.md"], 1, "docs/modern.md cannot be"),
    ] {
        let output = run(project.path(), words);
        assert_eq!(output.status.code(), Some(status), "{words:?}");
        assert!(text(&output.stderr).contains(told), "{words:?}\n{}", text(&output.stderr));
        assert_eq!(fs::read_dir(project.path().join("spec")).unwrap().count(), 1, "{words:?}");
    }
    let elsewhere = run(&project.path().join("empty"), &["regen"]);
    assert_eq!(elsewhere.status.code(), Some(1));
    assert!(text(&elsewhere.stderr).contains("there is no spec/ in"), "{}", text(&elsewhere.stderr));
}

#[test]
fn a_broken_descriptor_fails_every_command_with_its_place() {
    let project = project();
    write(
        project.path(),
        "spec/zoo/zoo.animal.feed.yaml",
        "method: zoo.animal.feed\nscope: [zoo]\nparms: {}\n",
    );
    for words in [["regen"].as_slice(), &["spec", "check"], &["spec", "import", "docs"]] {
        let output = run(project.path(), words);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        let told = text(&output.stderr);
        assert!(told.contains("unknown key `parms`") && told.contains("zoo.animal.feed.yaml:3:1"), "{told}");
        assert!(!project.path().join("generated").exists(), "{words:?}");
    }
}

#[test]
fn a_patch_that_changes_nothing_fails_the_import() {
    let project = project();
    let patch = "- {method: workshop.tool.lend, why: It was wrong., set: {method: workshop.tool.lend}}\n";
    write(project.path(), "spec/patches/workshop.yaml", patch);
    let output = run(project.path(), &["spec", "import", "docs"]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(told.contains("changes nothing") && told.contains("patches/workshop.yaml:1"), "{told}");
    assert!(!project.path().join("spec/workshop").exists());
}

#[test]
fn who_reads_only_the_beginning_of_the_output_ends_no_command() {
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

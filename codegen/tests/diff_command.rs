//! `cargo spec diff`: what it compares, its settings and its formats.

mod common;

use std::path::Path;
use std::process::Command;

use common::{assert_transcript, project, run, text, write};
use serde_json::Value;
use tempfile::TempDir;

const OLD: &str = "method: zoo.animal.feed\nscope: [zoo]\nargs: [ID]\nparams: {type: object, properties: {ID: {type: integer}, SALT: {}}}\nreturns: {}\n";
const NEW: &str = "method: zoo.animal.feed\nscope: [zoo]\ndeprecated: true\nargs: [ID]\nparams: {type: object, properties: {ID: {type: integer}}}\nreturns: {}\n";

/// A project whose first commit has the old descriptor, and whose working tree has the new one.
fn versioned_project() -> TempDir {
    let project = project();
    write(project.path(), "spec/zoo/zoo.animal.feed.yaml", OLD);
    git(project.path(), &["init", "--quiet"]);
    git(project.path(), &["add", "."]);
    git(
        project.path(),
        &["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "First"],
    );
    git(project.path(), &["tag", "v0.1.0"]);
    write(project.path(), "spec/zoo/zoo.animal.feed.yaml", NEW);
    project
}

fn git(project: &Path, words: &[&str]) {
    let output = Command::new("git").arg("-C").arg(project).args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
}

#[test]
fn revisions_and_folders_are_compared() {
    let project = versioned_project();
    write(project.path(), "elsewhere/spec/system.yaml", "errors: []\ntime: {type: object}\n");
    assert_transcript!(
        &project,
        &[
            &["spec", "diff"],
            &["spec", "diff", "HEAD", "v0.1.0"],
            &["spec", "diff", "v0.1.0", "spec"],
            &["spec", "diff", "elsewhere", "elsewhere/spec"],
            &["spec", "diff", "elsewhere", "--markdown"],
            &["spec", "diff", "nowhere"],
            &["spec", "diff", "--output=x"],
        ]
    );
}

#[test]
fn a_comparison_changes_neither_the_index_nor_the_files() {
    let project = versioned_project();
    let status = || {
        let words = ["-C", project.path().to_str().unwrap(), "status", "--porcelain"];
        text(&Command::new("git").args(words).output().unwrap().stdout)
    };
    let before = status();
    assert_eq!(run(project.path(), &["spec", "diff"]).status.code(), Some(0));
    assert_eq!(status(), before);
}

#[test]
fn severities_are_set_by_a_file_and_by_arguments() {
    let project = versioned_project();
    assert_transcript!(
        &project,
        &[
            &["spec", "diff", "--severity", "parameter_removed=additive"],
            &["spec", "diff", "--severity", "parameter_removed=grave"],
            &["spec", "diff", "--severity", "parameter_gone=additive"],
        ]
    );
    write(
        project.path(),
        "tools/diff.yaml",
        "parameter_removed: documentation\nmethod_deprecated: breaking\n",
    );
    assert_transcript!(
        &project,
        &[&["spec", "diff"], &["spec", "diff", "--severity", "method_deprecated=additive"]]
    );
    write(project.path(), "tools/diff.yaml", "parameter_removed: grave\nparameter_gone: additive\n");
    assert_transcript!(&project, &[&["spec", "diff"]]);
}

#[test]
fn the_rules_are_printed_with_their_severities() {
    assert_transcript!(&project(), &[&["spec", "diff", "--rules"]]);
}

#[test]
fn json_has_every_change_the_coverage_and_the_step() {
    let project = versioned_project();
    let output = run(project.path(), &["spec", "diff", "--format", "json"]);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let result = &said["result"];
    assert_eq!(result["version"][1][1], "minor", "{result:#}");
    assert_eq!(result["diff"]["counts"]["severities"]["breaking"], 1, "{result:#}");
    assert_eq!(result["diff"]["changes"][0]["rule"], "parameter_removed", "{result:#}");
    assert_eq!(result["diff"]["changes"][0]["path"], "zoo::animal::Feed::salt", "{result:#}");
    assert_eq!(result["coverage"]["scopes"]["zoo"]["rest2"], 1, "{result:#}");
}

//! Regeneration of the files of a project.

use std::fs;
use std::path::Path;

use annotate_snippets::Renderer;
use bitrix24_codegen::diagnostic::Diagnostic;
use bitrix24_codegen::output_folder::Changes;
use bitrix24_codegen::regenerate;
use tempfile::TempDir;

const FEED: &str = "\
method: zoo.animal.feed
scope: [zoo]
args: [ID]
params: {type: object, required: [ID], properties: {ID: {type: integer}}}
returns: {type: boolean}
";

const SYSTEM: &str = "errors: [{code: TOO_FAST, status: 503, ran: no}]\ntime: {type: object}\n";

/// A project with one method in its spec.
fn project() -> TempDir {
    let project = tempfile::tempdir().unwrap();
    write(project.path(), "spec/zoo/zoo.animal.feed.yaml", FEED);
    write(project.path(), "spec/system.yaml", SYSTEM);
    project
}

fn write(project: &Path, path: &str, text: &str) {
    let path = project.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// What a regeneration wrote and removed, one file a line.
fn list(changes: &Changes) -> String {
    let written = changes.written.iter().map(|path| format!("wrote {}\n", path.display()));
    let removed = changes.removed.iter().map(|path| format!("removed {}\n", path.display()));
    written.chain(removed).collect()
}

#[test]
fn everything_is_written_once_and_then_nothing() {
    let project = project();
    let first = regenerate(project.path()).unwrap();
    assert_eq!((first.methods, first.types), (1, 2));
    insta::assert_snapshot!(list(&first.changes));

    let modified = || fs::metadata(project.path().join("generated/lib.rs")).unwrap().modified().unwrap();
    let before = modified();
    let second = regenerate(project.path()).unwrap();
    assert!(second.changes.is_empty(), "{:?}", second.changes);
    assert_eq!(modified(), before);
}

#[test]
fn only_files_that_differ_are_written_and_orphans_are_removed() {
    let project = project();
    write(project.path(), "spec/zoo/zoo.cage.list.yaml", "method: zoo.cage.list\nscope: [zoo]\n");
    regenerate(project.path()).unwrap();

    fs::remove_file(project.path().join("spec/zoo/zoo.cage.list.yaml")).unwrap();
    write(project.path(), "generated/zoo/animal.rs", "// @generated, but spoiled by hand\n");
    let done = regenerate(project.path()).unwrap();
    insta::assert_snapshot!(list(&done.changes));
}

#[test]
fn folders_that_become_empty_are_removed() {
    let project = project();
    write(project.path(), "spec/park/park.gate.lock.set.yaml", "method: park.gate.lock.set\nscope: [park]\n");
    regenerate(project.path()).unwrap();
    assert!(project.path().join("generated/park/gate/lock.rs").exists());

    fs::remove_dir_all(project.path().join("spec/park")).unwrap();
    regenerate(project.path()).unwrap();
    assert!(!project.path().join("generated/park").exists());
}

#[test]
fn nothing_is_written_if_a_descriptor_is_wrong() {
    let wrong = [
        ("spec/zoo/zoo.cage.list.yaml", "method: zoo.cage.list\nscope: [zoo]\nparms: {}\n"),
        ("spec/zoo/other.yaml", "method: zoo.cage.list\nscope: [zoo]\n"),
        ("spec/zoo/zoo.Animal.feed.yaml", "method: zoo.Animal.feed\nscope: [zoo]\n"),
        ("spec/zoo/zoo.animal.feed_error.yaml", "method: zoo.animal.feedError\nscope: [zoo]\n"),
        ("spec/system.yaml", "errors: []\n"),
        ("generated/mine.rs", "fn mine() {}\n"),
    ];
    let mut diagnostics = String::new();
    for (path, text) in wrong {
        let project = project();
        write(project.path(), path, text);
        diagnostics += &render(&regenerate(project.path()).unwrap_err());
        assert!(!project.path().join("generated/lib.rs").exists(), "{path}");
        assert_eq!(fs::read_to_string(project.path().join(path)).unwrap(), text, "{path} is left as it is");
    }
    insta::assert_snapshot!(diagnostics);
}

#[test]
fn a_spec_without_system_yaml_is_an_error() {
    let project = project();
    fs::remove_file(project.path().join("spec/system.yaml")).unwrap();
    insta::assert_snapshot!(render(&regenerate(project.path()).unwrap_err()));
}

/// Diagnostics as the command line prints them.
fn render(diagnostics: &[Diagnostic]) -> String {
    let renderer = Renderer::plain();
    diagnostics.iter().map(|diagnostic| diagnostic.render(&renderer) + "\n\n").collect()
}

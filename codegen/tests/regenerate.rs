//! What a regeneration does to the files of a project.

use std::fs;
use std::path::{Path, PathBuf};

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

fn paths(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}

const ALL: [&str; 6] = [
    "generated/lib.rs",
    "generated/spec.fingerprint",
    "generated/zoo.rs",
    "generated/zoo/animal.rs",
    "core/generated/system.rs",
    "tools/conform/generated/table.rs",
];

#[test]
fn everything_is_written_once_and_then_nothing() {
    let project = project();
    let first = regenerate(project.path()).unwrap();
    assert_eq!((first.methods, first.types), (1, 2));
    assert_eq!(paths(&first.changes.written), ALL);

    let before = fs::metadata(project.path().join(ALL[0])).unwrap().modified().unwrap();
    let second = regenerate(project.path()).unwrap();
    assert!(second.changes.is_empty(), "{:?}", second.changes);
    assert_eq!(fs::metadata(project.path().join(ALL[0])).unwrap().modified().unwrap(), before);
}

#[test]
fn only_files_that_differ_are_written_and_orphans_are_removed() {
    let project = project();
    write(project.path(), "spec/zoo/zoo.cage.list.yaml", "method: zoo.cage.list\nscope: [zoo]\n");
    regenerate(project.path()).unwrap();

    fs::remove_file(project.path().join("spec/zoo/zoo.cage.list.yaml")).unwrap();
    write(project.path(), "generated/zoo/animal.rs", "// @generated, but spoiled by hand\n");
    let done = regenerate(project.path()).unwrap();
    assert_eq!(
        paths(&done.changes.written),
        [
            "generated/spec.fingerprint",
            "generated/zoo.rs",
            "generated/zoo/animal.rs",
            "tools/conform/generated/table.rs"
        ]
    );
    assert_eq!(paths(&done.changes.removed), ["generated/zoo/cage.rs"]);
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
fn nothing_is_written_where_one_descriptor_is_wrong() {
    let wrong = [
        (
            "spec/zoo/zoo.cage.list.yaml",
            "method: zoo.cage.list\nscope: [zoo]\nparms: {}\n",
            "unknown key `parms`",
        ),
        ("spec/zoo/other.yaml", "method: zoo.cage.list\nscope: [zoo]\n", "not in the file"),
        ("spec/zoo/zoo.Animal.feed.yaml", "method: zoo.Animal.feed\nscope: [zoo]\n", "also described in"),
        (
            "spec/zoo/zoo.animal.feed_error.yaml",
            "method: zoo.animal.feedError\nscope: [zoo]\n",
            "not in the file",
        ),
        ("spec/system.yaml", "errors: []\n", "the key `time` is missing"),
        ("generated/mine.rs", "fn mine() {}\n", "nobody has generated it"),
    ];
    for (path, text, told) in wrong {
        let project = project();
        write(project.path(), path, text);
        let problems = regenerate(project.path()).unwrap_err();
        assert!(problems.iter().any(|problem| problem.to_string().contains(told)), "{path}: {problems:#?}");
        assert!(!project.path().join("generated/lib.rs").exists(), "{path}");
        assert_eq!(fs::read_to_string(project.path().join(path)).unwrap(), text, "{path} is left as it is");
    }
}

#[test]
fn a_spec_without_its_shared_part_is_told_so() {
    let project = project();
    fs::remove_file(project.path().join("spec/system.yaml")).unwrap();
    let problems = regenerate(project.path()).unwrap_err();
    assert_eq!(problems[0].message, "spec/system.yaml is missing");
}

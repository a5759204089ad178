//! `cargo spec export` writes documents, and nothing if the spec or the options are wrong.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::common::{files, run, text, write};

/// A project with the small spec of these tests.
fn project() -> TempDir {
    let project = tempfile::tempdir().unwrap();
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export/spec");
    for path in
        ["system.yaml", "entities/zoo.animal.yaml", "zoo/zoo.animal.list.yaml", "log/log.line.add.yaml"]
    {
        write(project.path(), &format!("spec/{path}"), &fs::read_to_string(spec.join(path)).unwrap());
    }
    project
}

fn openapi(project: &TempDir, more: &[&str]) -> std::process::Output {
    run(project.path(), &[&["spec", "export", "openapi"], more].concat())
}

#[test]
fn a_document_is_the_same_in_both_encodings_and_in_both_places() {
    let project = project();
    let printed = openapi(&project, &[]);
    assert!(printed.status.success(), "{}", text(&printed.stderr));
    for out in ["out/api.json", "api.yaml"] {
        assert!(openapi(&project, &["--out", out]).status.success());
    }
    let read = |path: &str| fs::read_to_string(project.path().join(path)).unwrap();
    assert_eq!(read("out/api.json"), text(&printed.stdout));
    let from_yaml: Value = serde_yaml::from_str(&read("api.yaml")).unwrap();
    assert_eq!(from_yaml, serde_json::from_slice::<Value>(&printed.stdout).unwrap());
    assert_eq!(openapi(&project, &["--encoding", "yaml"]).stdout, read("api.yaml").into_bytes());
}

#[test]
fn json_schemas_are_one_file_or_a_file_for_each() {
    let project = project();
    let export =
        |out: &str| run(project.path(), &["spec", "export", "json-schema", "--scope", "zoo", "--out", out]);
    assert!(export("all.json").status.success());
    assert!(export("schemas").status.success());
    let expected = [
        "schemas/entities/zoo.animal-bird.json",
        "schemas/entities/zoo.animal-fish.json",
        "schemas/entities/zoo.animal.json",
        "schemas/requests/zoo.animal.list.json",
        "schemas/results/zoo.animal.list.json",
    ];
    assert_eq!(files(&project, "schemas"), expected);
    let all: Value =
        serde_json::from_str(&fs::read_to_string(project.path().join("all.json")).unwrap()).unwrap();
    assert!(all["$defs"]["zoo.animal-bird"].is_object(), "{all:#}");
    let base =
        ["spec", "export", "json-schema", "--out", "based", "--base-url", "https://zoo.example/schemas/"];
    assert!(run(project.path(), &base).status.success());
    let entity = fs::read_to_string(project.path().join("based/entities/zoo.animal.json")).unwrap();
    assert!(entity.contains("\"$id\": \"https://zoo.example/schemas/entities/zoo.animal.json\""), "{entity}");
}

#[test]
fn nothing_is_written_if_a_scope_or_a_descriptor_is_wrong() {
    let project = project();
    let unknown = openapi(&project, &["--scope", "zoo", "--scope", "museum", "--out", "api.json"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("no method has the scope museum"), "{}", text(&unknown.stderr));
    assert!(text(&unknown.stderr).contains("log, park, zoo"), "{}", text(&unknown.stderr));
    write(
        project.path(),
        "spec/zoo/zoo.animal.list.yaml",
        "method: zoo.animal.list\nscope: [zoo]\nreturns: {type: animal}\n",
    );
    let wrong = openapi(&project, &["--out", "api.json"]);
    assert_eq!((wrong.status.code(), text(&wrong.stdout)), (Some(1), String::new()));
    assert!(!project.path().join("api.json").exists());
}

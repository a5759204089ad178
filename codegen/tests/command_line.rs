//! The maintainer's commands: output, errors and exit codes.
#![cfg(feature = "cli")]

mod common;

use std::fs;
use std::io::Read;
use std::process::Stdio;

use common::{assert_transcript, command, files, project, run, text, write};
use serde_json::Value;

#[test]
fn an_import_and_a_regeneration_print_what_they_write() {
    let project = project();
    assert_transcript!(&project, &[&["spec", "import", "docs"], &["regen"], &["regen"]]);
}

#[test]
fn help_describes_every_command() {
    let project = project();
    assert_transcript!(
        &project,
        &[&["--help"], &["spec", "--help"], &["spec", "import", "--help"], &["spec", "patch", "--help"]]
    );
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

#[test]
fn recorded_traffic_is_evidence_of_an_import_and_of_its_explanation() {
    let project = project();
    let page = "# Get an animal zoo.animal.get\n\n> Scope: [`zoo`](scopes.md)\n\nThe method has no parameters.\n\n\
                ## Response Handling\n\n```json\n{\"result\": {\"id\": 7, \"weight\": 3}}\n```\n";
    write(project.path(), "docs/animal.md", page);
    let line = |result: &str| {
        format!(
            r#"{{"method": "zoo.animal.get", "kind": "response", "status": 200, "body": {{"result": {result}}}}}"#
        )
    };
    write(project.path(), "spec/recorded/zoo.jsonl", &line(r#"{"id": 1, "name": "text"}"#));
    write(project.path(), "more.jsonl", &line(r#"{"id": 1, "weight": 1.5}"#));
    write(project.path(), "broken.jsonl", &format!("{}\n{{\"method\": 7\n", line("true")));
    assert_transcript!(
        &project,
        &[
            &["spec", "import", "docs", "--recorded", "broken.jsonl"],
            &["spec", "import", "docs", "--recorded", "nowhere.jsonl"],
            &["spec", "import", "docs", "--recorded", "more.jsonl"],
            &["spec", "explain", "zoo.animal.get", "/returns/properties/weight"],
            &["spec", "explain", "zoo.animal.get", "/returns/properties/name"],
        ]
    );
}

#[test]
fn coverage_names_the_documented_fields_that_an_entity_lacks() {
    let project = project();
    let page = |verb: &str, fields: &str| {
        format!(
            "# {verb} of an animal zoo.animal.{verb}\n\n> Scope: [`zoo`](scopes.md)\n\nThe method has no parameters.\n\n\
            ## Response Handling\n\n```json\n{{\"result\": {fields}}}\n```\n"
        )
    };
    write(
        project.path(),
        "docs/api/zoo/animal/get.md",
        &page("get", "{\"id\": 7, \"name\": \"Ada\", \"tags\": []}"),
    );
    write(project.path(), "docs/api/zoo/animal/list.md", &page("list", "[{\"id\": 7, \"name\": \"Ada\"}]"));
    assert_transcript!(&project, &[&["spec", "import", "docs"]]);
    // The documentation gets a table after the import.
    let table = "# Animal\n\n#|\n|| **Name**\n`type` | **Description** ||\n|| **id**\n`integer` | Number ||\n\
        || **name**\n`string` | Name ||\n|| **tags**\n`array` | Tags ||\n|| **legs**\n`integer` | Legs ||\n|#\n";
    write(project.path(), "docs/api/zoo/fields.md", table);
    assert_transcript!(
        &project,
        &[
            &["spec", "coverage", "docs"],
            &["spec", "coverage", "docs", "zoo.animal"],
            &["spec", "coverage", "none"]
        ]
    );
}

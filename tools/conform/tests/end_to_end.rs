//! The program with a small documentation of three methods.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const PAGES: [&str; 3] =
    ["imopenlines-session-head-vote.md", "imopenlines-session-start.md", "imopenlines-bot-session-finish.md"];

/// A folder with the three pages, one of them changed, and an empty baseline.
fn documentation(page: &str, from: &str, to: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    fs::create_dir(&docs).unwrap();
    for name in PAGES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docs").join(name);
        let text = fs::read_to_string(path).unwrap();
        let changed = if name == page { text.replace(from, to) } else { text.clone() };
        assert!(name != page || changed != text || from == to, "nothing of {page} was changed");
        fs::write(docs.join(name), changed).unwrap();
    }
    fs::write(folder.path().join("known.yaml"), "[]\n").unwrap();
    folder
}

fn conform(folder: &TempDir, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bitrix24-conform"))
        .arg(folder.path().join("docs"))
        .arg("--known")
        .arg(folder.path().join("known.yaml"))
        .args(more)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn pages_without_violations_give_one_line_of_totals_and_success() {
    let folder = documentation(PAGES[0], "", "");
    let output = conform(&folder, &[]);
    let text = text(&output);
    let totals = "methods 3 of 3 (100.0 %); requests 3 of 3 (100.0 %); responses 3 of 3 (100.0 %), \
                  decoded 3 of 3 (100.0 %), mismatches 0; \
                  values typed 3 of 3 (100.0 %); errors 5 of 5 (100.0 %)";
    assert!(text.starts_with(totals), "{text}");
    assert!(text.contains("; 0 unexpected, 0 known; "), "{text}");
    assert_eq!(text.lines().count(), 1);
    assert!(output.status.success());
}

#[test]
fn a_response_that_the_generated_type_cannot_decode_is_reported_with_its_path() {
    let folder = documentation(PAGES[1], "{\"result\": \"Y\"}", "{\"result\": \"soon\"}");
    let output = conform(&folder, &[]);
    let shown = text(&output);
    let line = "  imopenlines-session-start.md:25: imopenlines.session.start: `result`: expected true or false, found \
                \"soon\" (cause unknown)";
    assert!(shown.lines().any(|shown| shown == line), "{shown}");
    assert!(shown.lines().last().unwrap().contains("responses 2 of 3"), "{shown}");
    assert!(!output.status.success());

    let known = "- {method: imopenlines.session.start, kind: response, why: Not documented}\n";
    fs::write(folder.path().join("known.yaml"), known).unwrap();
    let output = conform(&folder, &[]);
    assert!(text(&output).contains("; 0 unexpected, 1 known; "));
    assert!(output.status.success());
}

#[test]
fn json_output_is_one_object() {
    let folder = documentation(PAGES[2], "`CHAT_ID_EMPTY`", "`BOT_ASLEEP`");
    let output = conform(&folder, &["--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["good"], &report["unexpected"]), (&json!(false), &json!(1)));
    assert_eq!(report["totals"]["errors"], json!({"fit": 4, "all": 5}));
    let finding = &report["findings"][0];
    assert_eq!(finding["kind"], "error-code");
    assert_eq!((&finding["file"], &finding["at"]), (&json!(PAGES[2]), &json!("BOT_ASLEEP")));
    assert_eq!((&finding["attribution"], &finding["known"]), (&json!("spec"), &Value::Null));
    assert!(!output.status.success());
}

#[test]
fn a_stale_entry_of_the_baseline_fails_the_check() {
    let folder = documentation(PAGES[0], "", "");
    let known = "- {method: imopenlines.session.start, kind: response, why: It was so}\n";
    fs::write(folder.path().join("known.yaml"), known).unwrap();
    let output = conform(&folder, &[]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no longer occurs"));
    assert!(text(&output).contains("; 0 unexpected, 0 known; "));
}

#[test]
fn a_missing_folder_is_an_error() {
    let output = Command::new(env!("CARGO_BIN_EXE_bitrix24-conform")).arg("no such folder").output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no such folder cannot be read"));
}

#[test]
fn conflicting_arguments_are_an_error() {
    let folder = documentation(PAGES[0], "", "");
    for words in [["--suggest", "--format=json"], ["--suggest", "--untyped"], ["--format", "xml"]] {
        let output = conform(&folder, &words);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{words:?}");
    }
}

#[test]
fn the_committed_baseline_is_valid() {
    let folder = documentation(PAGES[0], "", "");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("known.yaml");
    fs::copy(committed, folder.path().join("known.yaml")).unwrap();
    fs::remove_dir_all(folder.path().join("docs")).unwrap();
    fs::create_dir(folder.path().join("docs")).unwrap();
    fs::write(folder.path().join("docs/nothing.md"), "# About no method\n").unwrap();
    let output = conform(&folder, &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A line of recorded traffic.
fn line(method: &str, kind: &str, status: u16, body: Value) -> String {
    json!({"api": "v2", "method": method, "kind": kind, "status": status, "body": body}).to_string()
}

fn conform_recorded(lines: &[String], more: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("traffic.jsonl");
    fs::write(&file, lines.join("\n")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_bitrix24-conform"))
        .arg("--recorded")
        .arg(file)
        .args(more)
        .output()
        .unwrap()
}

#[test]
fn recorded_traffic_is_checked_without_a_documentation() {
    let result = json!({"c1": true, "c2": "soon"});
    let errors = json!({"c3": {"error": "CHAT_ID", "error_description": "text"}});
    let lines = [
        line("imopenlines.session.start", "request", 0, json!({"CHAT_ID": 1})),
        line("IMOPENLINES.SESSION.START", "response", 200, json!({"result": "Y", "time": {"start": 1.5}})),
        line("imopenlines.session.start", "response", 200, json!({"result": "text"})),
        line(
            "imopenlines.session.start",
            "response",
            400,
            json!({"error": "chat_id", "error_description": "text"}),
        ),
        line(
            "imopenlines.session.start",
            "response",
            400,
            json!({"error": "NO_SUCH_CODE", "error_description": "text"}),
        ),
        line("zoo.animal.get", "response", 200, json!({"result": []})),
        "{\"method\": ".to_owned(),
        line(
            "batch",
            "request",
            0,
            json!({"cmd": {
                "c1": "imopenlines.session.start?CHAT_ID=1", "c2": "imopenlines.session.start", "c3": "imopenlines.session.start",
            }}),
        ),
        line("batch", "response", 200, json!({"result": {"result": result, "result_error": errors}})),
        line("batch", "response", 200, json!({"result": {"result": result, "result_error": []}})),
        line("ONNOSUCHEVENT", "event", 0, json!({"data": {}})),
    ];
    let output = conform_recorded(&lines, &["--format", "json"]);
    assert!(!output.status.success());
    let shown = text(&output);
    assert_eq!(shown.lines().count(), 1);
    let report: Value = serde_json::from_str(&shown).unwrap();
    let totals = json!({
        "lines": 10, "methods": 2, "unknown_methods": 1, "replies": 4, "decoded": 2, "events": 0, "events_decoded": 0,
        "unknown_events": 1, "leaves": 4, "typed": 2, "portal_fields": 0, "mismatches": 2, "errors": 3, "errors_known": 2,
        "requests": 2, "requests_accepted": 2, "skipped": 1,
    });
    assert_eq!(report["totals"], totals);
    assert_eq!(report["diagnostics"][0]["line"], json!(7));
    assert_eq!(report["unknown_methods"], json!([{"api": "v2", "method": "zoo.animal.get", "lines": 1}]));
    let skipped: Vec<_> = report["skipped"].as_array().unwrap().iter().map(|line| &line["line"]).collect();
    assert_eq!(skipped, [10]);
    assert_eq!(report["unknown_events"], json!([{"api": "v2", "method": "ONNOSUCHEVENT", "lines": 1}]));

    let shown = text(&conform_recorded(&lines, &["--untyped"]));
    let expected = "  error: NO_SUCH_CODE: no error of the method has this code; first in line 5, 1 in all";
    assert!(shown.lines().any(|line| line == expected), "{shown}");
    assert!(shown.lines().last().unwrap().starts_with("replies decoded 2 of 4 (50.0 %); "), "{shown}");

    let output = conform_recorded(&lines[..2], &[]);
    assert!(output.status.success(), "{}", text(&output));
}

#[test]
fn portal_fields_and_fields_without_a_type_are_counted_apart() {
    let user = json!({"ID": "1", "UF_CRM_1": "text", "NO_SUCH_FIELD": [{"a": null}, {"a": 1}]});
    let output = conform_recorded(
        &[line("user.current", "response", 200, json!({"result": user}))],
        &["--format=json"],
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let totals = &report["totals"];
    let counts =
        ["replies", "decoded", "leaves", "typed", "portal_fields"].map(|key| totals[key].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 4, 1, 1]);
    let place = json!({"path": "NO_SUCH_FIELD.a", "what": "no typed field", "line": 1, "count": 2});
    assert_eq!(report["methods"][0]["untyped"], json!([place]));
}

#[test]
fn recorded_traffic_and_a_documentation_are_checked_one_at_a_time() {
    let folder = documentation(PAGES[0], "", "");
    assert_eq!(conform(&folder, &["--recorded", "traffic.jsonl"]).status.code(), Some(2));
    let output = Command::new(env!("CARGO_BIN_EXE_bitrix24-conform")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let output =
        Command::new(env!("CARGO_BIN_EXE_bitrix24-conform")).args(["--recorded", "no such file"]).output();
    assert!(String::from_utf8_lossy(&output.unwrap().stderr).contains("no such file cannot be read"));
}

#[test]
fn recorded_lines_are_printed_as_shapes() {
    let user = |id: &str| json!({"result": {"ID": id, "NAME": "Anna"}});
    let lines = [
        line("user.current", "response", 200, user("35943")),
        line("user.current", "response", 200, user("35944")),
        line("batch", "request", 0, json!({"cmd": {"Anna": "user.current?ID=7"}})),
        line("batch", "response", 200, json!({"result": {"result": {"Anna": "35943"}}})),
        line("user.search", "request", 0, json!({"NAME": "Anna", "auth": "token"})),
    ];
    let output = conform_recorded(&lines, &["--shapes"]);
    let shown = text(&output);
    let bodies: Vec<Value> =
        shown.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["body"].clone()).collect();
    let expected = [
        json!({"result": {"ID": "1", "NAME": "text"}}),
        json!({"cmd": {"c0": "user.current?ID=1"}}),
        json!({"result": {"result": {"c0": "1"}}}),
        json!({"NAME": "text", "auth": "text"}),
    ];
    assert_eq!(bodies, expected);
    assert!(output.status.success());
}

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
    let totals = "methods 3 of 3 (100.0 %); requests 3 of 3 (100.0 %); responses 3 of 3 (100.0 %); \
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

//! What an import asks a person to look at: new warnings, and patches whose page has changed.
#![cfg(feature = "cli")]

mod common;

use std::fs;

use common::{assert_transcript, project, run, text, write};
use serde_json::Value;
use tempfile::TempDir;

const PATCH: &str = "\
- method: workshop.tool.lend
  why: The page calls a number a text.
  set:
    params/properties/days: {type: integer, minimum: 1, maximum: 45}
";

const IMPORT: &[&str] = &["spec", "import", "docs"];
const ACCEPT: &[&str] = &["spec", "import", "docs", "--accept"];

/// Replaces a part of the page.
fn edit(project: &TempDir, from: &str, to: &str) {
    let path = project.path().join("docs/modern.md");
    let page = fs::read_to_string(&path).unwrap();
    assert!(page.contains(from), "{from}");
    fs::write(path, page.replacen(from, to, 1)).unwrap();
}

/// The messages that an import prints, and the counts of its warnings.
fn import(project: &TempDir, words: &[&str]) -> (Vec<String>, Value) {
    let output = run(project.path(), &[words, &["--format", "json"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let messages = printed["diagnostics"].as_array().unwrap().iter();
    let messages = messages.map(|diagnostic| diagnostic["message"].as_str().unwrap().to_owned()).collect();
    (messages, printed["result"]["baseline"].clone())
}

/// A page with a warning: a row that repeats a name.
fn with_warning(project: &TempDir, name: &str) {
    let head = "# Return a Tool workshop.tool.back\n\n> Scope: [`workshop`](x)\n\n## Method Parameters\n\n#|\n\
                || **Name**\n`type` | **Description** ||\n";
    let row = format!("|| **{name}**\n[`integer`](x) | a number ||\n");
    write(project.path(), "docs/back.md", &format!("{head}{row}{row}|#\n"));
}

#[test]
fn accepted_warnings_are_counted_and_new_ones_are_shown() {
    let project = project();
    with_warning(&project, "id");
    let (first, _) = import(&project, IMPORT);
    assert!(!first.is_empty());
    let (accepted, _) = import(&project, ACCEPT);
    assert_eq!(accepted, Vec::<String>::new());
    let (again, counts) = import(&project, IMPORT);
    assert_eq!(again, Vec::<String>::new());
    assert_eq!(counts["known"], first.len());

    // Other lines do not make a warning new; another name does, and the accepted one is gone.
    let page = fs::read_to_string(project.path().join("docs/back.md")).unwrap();
    write(
        project.path(),
        "docs/back.md",
        &page.replacen("\n\n## ", "\n\nMore words.\n\nAnd more.\n\n## ", 1),
    );
    assert_eq!(import(&project, IMPORT).0, Vec::<String>::new());
    with_warning(&project, "weight");
    let (new, counts) = import(&project, IMPORT);
    assert!(new.iter().any(|message| message.contains("weight")), "{new:?}");
    assert!(!new.is_empty() && new.len() < first.len() + 1, "{new:?}");
    assert!(counts["gone"].to_string().contains("workshop.tool.back: "), "{counts}");
    assert_transcript!(&project, &[IMPORT, ACCEPT, IMPORT]);
}

#[test]
fn an_import_of_a_part_keeps_what_is_accepted_of_the_rest() {
    let project = project();
    for name in ["a", "b", "c", "d"] {
        with_warning(&project, "id");
        let page = fs::read_to_string(project.path().join("docs/back.md")).unwrap();
        write(
            project.path(),
            &format!("docs/{name}.md"),
            &page.replace("tool.back", &format!("tool.{name}")),
        );
    }
    import(&project, ACCEPT);
    let page = fs::read_to_string(project.path().join("docs/a.md")).unwrap();
    write(project.path(), "part/a.md", &page);
    let before = fs::read_to_string(project.path().join("spec/baseline/import.txt")).unwrap();
    let (new, counts) = import(&project, &["spec", "import", "part", "--part", "--accept"]);
    assert_eq!((new, &counts["gone"]), (Vec::new(), &serde_json::json!([])));
    assert_eq!(fs::read_to_string(project.path().join("spec/baseline/import.txt")).unwrap(), before);
}

#[test]
fn a_patch_whose_page_has_changed_is_shown_until_it_is_accepted() {
    let project = project();
    write(project.path(), "spec/patches/workshop.yaml", PATCH);
    import(&project, ACCEPT);
    assert_eq!(import(&project, IMPORT).0, Vec::<String>::new());

    edit(&project, "days", "days_");
    edit(&project, "days_", "days");
    assert_eq!(import(&project, IMPORT).0, Vec::<String>::new(), "the same page again");

    let page = fs::read_to_string(project.path().join("docs/modern.md")).unwrap();
    let line = page.lines().position(|line| line.contains("**days")).unwrap();
    let before: Vec<&str> = page.lines().collect();
    let changed = before[line..line + 3].join("\n");
    edit(&project, &changed, &changed.replacen("integer", "boolean", 1).replacen("string", "boolean", 1));
    let (new, _) = import(&project, IMPORT);
    let shown = |messages: &[String]| {
        messages
            .iter()
            .filter(|message| message.contains("workshop.tool.lend params/properties/days"))
            .count()
    };
    assert_eq!(shown(&new), 1, "{new:?}");
    assert_eq!(shown(&import(&project, IMPORT).0), 1, "it is shown until it is accepted");
    assert_transcript!(&project, &[IMPORT]);
    import(&project, ACCEPT);
    assert_eq!(shown(&import(&project, IMPORT).0), 0);
}

#[test]
fn lint_fails_for_new_findings_only() {
    let project = project();
    write(project.path(), "spec/zoo/zoo.animal.get.yaml", "method: zoo.animal.get\nscope: [zoo]\n");
    let lint: &[&str] = &["spec", "lint"];
    assert_transcript!(
        &project,
        &[
            lint,
            &["spec", "lint", "--accept"],
            lint,
            &["spec", "lint", "--all", "--rule", "result_without_type"],
            &["spec", "lint", "--rule", "nothing"],
        ]
    );
    write(project.path(), "spec/zoo/zoo.cage.get.yaml", "method: zoo.cage.get\nscope: [zoo]\n");
    let output = run(project.path(), lint);
    assert!(!output.status.success());
    assert!(
        text(&output.stderr).contains("zoo.cage.get.yaml")
            && !text(&output.stderr).contains("zoo.animal.get.yaml")
    );
}

//! Methods that vanish from the documentation.

use std::fs;

use crate::common::{project, run, text, write};
use crate::documentation::{Documentation, import, page};
use crate::state::state_of;

const GONE: &str = "spec/zoo/zoo.tree.move.yaml";

#[test]
fn a_method_that_vanished_is_kept_for_one_release() {
    let project = project();
    let root = project.path();
    write(root, "Cargo.toml", "[workspace.package]\nversion = \"1.2.0\"\n");
    Documentation::of(60).write(&root.join("docs"));
    assert!(import(root, "docs").status.success());
    Documentation::of(60).without(1).write(&root.join("docs"));

    let words = ["spec", "import", "docs", "--date", "2026-07-01"];
    let output = run(root, &words);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        text(&output.stdout).contains("zoo.tree.move is no longer documented"),
        "{}",
        text(&output.stdout)
    );
    let descriptor = fs::read_to_string(root.join(GONE)).unwrap();
    assert!(descriptor.contains("undocumented: {since: 2026-07-01, version: 1.2.0}"), "{descriptor}");
    assert!(run(root, &["regen"]).status.success());
    let generated = fs::read_to_string(root.join("generated/zoo/tree.rs")).unwrap();
    assert!(
        generated.contains("#[deprecated(note = \"no longer documented since 2026-07-01\")]"),
        "{generated}"
    );
    assert!(generated.contains("/// No longer documented since 2026-07-01."), "{generated}");

    // It stays in the same release, with the first date.
    assert!(run(root, &["spec", "import", "docs", "--date", "2026-08-01"]).status.success());
    assert_eq!(fs::read_to_string(root.join(GONE)).unwrap(), descriptor);
    // A page may return.
    Documentation::of(60).write(&root.join("docs"));
    assert!(import(root, "docs").status.success());
    assert!(!fs::read_to_string(root.join(GONE)).unwrap().contains("undocumented"));
    Documentation::of(60).without(1).write(&root.join("docs"));
    assert!(run(root, &words).status.success());
    // The next release does not contain it.
    write(root, "Cargo.toml", "[workspace.package]\nversion = \"1.3.0\"\n");
    let output = run(root, &words);
    assert!(
        text(&output.stdout).contains("zoo.tree.move is not documented since"),
        "{}",
        text(&output.stdout)
    );
    assert!(!root.join(GONE).exists());
    assert!(run(root, &["spec", "check"]).status.success());
}

#[test]
fn half_a_documentation_is_refused() {
    let project = project();
    let root = project.path();
    Documentation::of(60).write(&root.join("docs"));
    assert!(import(root, "docs").status.success());
    let before = state_of(&root.join("spec"));
    for vanished in [4, 30, 60] {
        Documentation::of(60).without(vanished).write(&root.join("docs"));
        let output = import(root, "docs");
        assert_eq!(output.status.code(), Some(1), "{vanished}");
        assert!(text(&output.stderr).contains("--allow-removed"), "{}", text(&output.stderr));
        assert_eq!(state_of(&root.join("spec")), before, "{vanished}");
    }
    Documentation::of(60).without(30).write(&root.join("docs"));
    assert!(run(root, &["spec", "import", "docs", "--allow-removed"]).status.success());
    let marked = fs::read_to_string(root.join(GONE)).unwrap();
    assert!(marked.contains("undocumented:"), "{marked}");
}

#[test]
fn includes_that_lead_nowhere_are_refused_if_many_are_new() {
    let project = project();
    let root = project.path();
    let documentation = Documentation::of(30);
    let with_note =
        |method: &String| format!("{}\n{{% include [note](../_includes/note.md) %}}\n", page(method, "id"));
    documentation.write(&root.join("docs"));
    for method in &documentation.methods {
        let path = format!("docs/api-reference/zoo/{}.md", method.replace('.', "-"));
        write(root, &path, &with_note(method));
    }
    write(root, "docs/api-reference/_includes/note.md", "The zoo is open.\n");
    assert!(import(root, "docs").status.success());
    let before = state_of(&root.join("spec"));
    fs::remove_dir_all(root.join("docs/api-reference/_includes")).unwrap();
    let output = import(root, "docs");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("30 includes lead to no fragment, 0 did"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(state_of(&root.join("spec")), before);
    assert!(run(root, &["spec", "import", "docs", "--allow-removed"]).status.success());
}

#[test]
fn a_method_in_another_case_or_on_another_page_is_the_same() {
    let project = project();
    let root = project.path();
    Documentation::of(10).write(&root.join("docs"));
    assert!(import(root, "docs").status.success());
    fs::remove_file(root.join("docs/api-reference/zoo/zoo-animal-feed.md")).unwrap();
    write(root, "docs/api-reference/animals/feeding.md", &page("zoo.animal.Feed", "id"));
    let output = import(root, "docs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(!text(&output.stdout).contains("no longer documented"), "{}", text(&output.stdout));
    let state = state_of(&root.join("spec"));
    assert_eq!(
        state.paths().iter().filter(|path| path.to_lowercase() == "zoo/zoo.animal.feed.yaml").count(),
        1
    );
    assert!(run(root, &["spec", "check"]).status.success());
}

#[test]
fn an_import_of_some_pages_keeps_all_others() {
    let project = project();
    let root = project.path();
    Documentation::of(30).write(&root.join("docs"));
    assert!(import(root, "docs").status.success());
    let before = state_of(&root.join("spec"));
    write(root, "more/zoo-animal-weigh.md", &page("zoo.animal.weigh", "weight"));
    write(root, "more/api-reference/zoo/zoo-animal-wash.md", &page("zoo.animal.wash", "water"));
    for words in
        [["spec", "import", "more/api-reference/zoo"].as_slice(), &["spec", "import", "more", "--part"]]
    {
        let output = run(root, words);
        assert!(output.status.success(), "{words:?} {}", text(&output.stderr));
        assert!(run(root, &["spec", "check"]).status.success());
    }
    let after = state_of(&root.join("spec"));
    for path in before.paths() {
        let is_of_family = path.contains("zoo.animal") || path == "system.yaml";
        assert!(is_of_family || before.text(path) == after.text(path), "{path}: {:?}", after.text(path));
        assert!(after.text(path).is_some(), "{path}");
    }
    assert_eq!(before.text("source.yaml"), after.text("source.yaml"));
    assert!(
        after.text("zoo/zoo.animal.weigh.yaml").is_some() && after.text("zoo/zoo.animal.wash.yaml").is_some()
    );
}

//! Whole pages of each form with their sources, and what holds for every import. The rules have their cases in `rules/`. The
//! pages under `tests/import/` are our own, about methods that do not exist.
#![cfg(feature = "importer")]

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use bitrix24_codegen::descriptor::{Descriptor, to_yaml};
use bitrix24_codegen::extract::{Document, Import, Options, import, import_with, read_documents};
use serde_json::json;

const MODERN: &str = include_str!("import/modern.md");
const OLD: &str = include_str!("import/old.md");
const FRONT_MATTER: &str = include_str!("import/front_matter.md");
const RENDERED: &str = include_str!("import/rendered.txt");

/// The folder of the pages and their snapshots.
macro_rules! snapshot {
    ($shown:expr) => {
        insta::with_settings!({snapshot_path => "import/snapshots", prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!($shown);
        })
    };
}

fn document(path: &str, text: impl AsRef<[u8]>) -> Document {
    Document { path: path.to_owned(), bytes: text.as_ref().to_vec() }
}

fn import_all(documents: &[Document]) -> Import {
    let imported = import(documents, &[], None, &[]);
    assert!(imported.report.is_complete(), "{:?}", imported.report);
    imported
}

/// The whole result of an import, as text.
fn shown(documents: &[Document]) -> String {
    let imported = import_all(documents);
    let mut shown = String::new();
    for descriptor in &imported.descriptors {
        shown += &to_yaml(descriptor).unwrap();
    }
    if let Some(system) = &imported.system {
        shown += "--- system\n";
        shown += &to_yaml(system).unwrap();
    }
    shown += "--- report\n";
    for skipped in &imported.report.skipped {
        shown += &format!("skipped {}:{}: {}\n", skipped.file, skipped.line, skipped.reason);
    }
    for diagnostic in &imported.report.diagnostics {
        shown += &format!("{diagnostic}\n");
    }
    shown
}

fn only(documents: &[Document]) -> Descriptor {
    let mut descriptors = import_all(documents).descriptors;
    assert_eq!(descriptors.len(), 1);
    descriptors.remove(0)
}

#[test]
fn a_modern_page_gives_all_it_says() {
    snapshot!(shown(&[document("modern.md", MODERN)]));
}

#[test]
fn an_old_page_gives_what_it_says() {
    snapshot!(shown(&[document("old.md", OLD)]));
}

#[test]
fn a_page_with_front_matter_gives_what_it_says() {
    snapshot!(shown(&[document("front_matter.md", FRONT_MATTER)]));
}

#[test]
fn a_rendered_page_gives_what_is_left_and_names_what_is_lost() {
    snapshot!(shown(&[document("rendered.txt", RENDERED)]));
}

#[test]
fn documents_of_one_method_are_merged_newest_first() {
    snapshot!(shown(&[
        document("old.md", OLD),
        document("front_matter.md", FRONT_MATTER),
        document("rendered.txt", RENDERED),
    ]));
}

#[test]
fn a_dated_snapshot_comes_before_everything_older() {
    let documents = [
        document("rendered.txt", RENDERED),
        document("tree/REVISION", "someone/docs, commit 12345, 2026-01-02"),
        document("tree/api-reference/workshop/workshop-tool-lend.md", MODERN),
    ];
    let descriptor = only(&documents);
    let newest = descriptor.sources.first().unwrap();
    assert_eq!((newest.file.as_str(), newest.revision.as_deref()), (documents[2].path.as_str(), None));
    assert_eq!(descriptor.page.as_deref(), Some("api-reference/workshop/workshop-tool-lend"));
    let names: Vec<_> = descriptor.params.properties.keys().map(String::as_str).collect();
    assert_eq!(names, ["toolId", "days", "untilDate", "keywords", "borrower"]);
}

#[test]
fn the_order_of_documents_does_not_matter() {
    let mut documents = vec![
        document("a.md", OLD),
        document("b.md", FRONT_MATTER),
        document("c.txt", RENDERED),
        document("d.md", MODERN),
        document("e.bin", [0, 1, 2]),
    ];
    let expected = shown(&documents);
    for _ in 0..documents.len() {
        documents.rotate_left(1);
        assert_eq!(shown(&documents), expected);
        documents.swap(0, 2);
        assert_eq!(shown(&documents), expected);
    }
}

#[test]
fn importing_again_changes_nothing() {
    let documents = [document("old.md", OLD), document("rendered.txt", RENDERED)];
    let first = import_all(&documents);
    let second = import(&documents, &first.descriptors, first.system.as_ref(), &[]);
    assert_eq!(first.descriptors, second.descriptors);
    assert_eq!(first.system, second.system);
}

#[test]
fn a_page_that_marks_nothing_leaves_open_what_is_required() {
    let unmarked = MODERN
        .replace("***\n", "**\n")
        .replace("^*^", "")
        .replace("{% include [Footnote](../_includes/required.md) %}", "");
    let descriptor = only(&[document("unmarked.md", &unmarked)]);
    assert!(
        descriptor.required_unknown && descriptor.args.is_empty() && descriptor.params.required.is_empty()
    );
    let footnoted = unmarked
        .replace("## Method Parameters\n", "## Method Parameters\n\nRequired parameters are marked with *\n");
    assert!(!only(&[document("footnoted.md", footnoted)]).required_unknown);
}

#[test]
fn parameters_of_which_one_must_be_given_are_not_required_each() {
    let starred = MODERN.replace("**days**", "**days***").replace("**untilDate**", "**untilDate***");
    let params = only(&[document("starred.md", starred)]).params;
    assert_eq!(params.required, ["toolId", "borrower"]);
    assert_eq!(params.any_of.len(), 2);
}

#[test]
fn the_report_is_json_and_text() {
    let report = import_all(&[document("rendered.txt", RENDERED), document("logo.png", "x")]).report;
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["read"][0]["form"], "rendered");
    assert_eq!(json["diagnostics"][0]["file"], "rendered.txt");
    assert!(json["diagnostics"][0]["line"].is_u64());
    assert!(report.to_string().starts_with("2 documents: 1 read, 1 skipped"), "{report}");
}

/// The documents of a case of a rule.
fn documents_of(case: &str) -> Vec<Document> {
    read_documents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(case)).unwrap()
}

#[test]
fn the_report_counts_the_documents_of_each_kind() {
    let mut documents = documents_of("event_page/russian");
    documents.extend(documents_of("method_name_in_code/library_calls"));
    documents.push(document("v3.md", MODERN.replace("/rest/1/key/", "/rest/api/1/key/")));
    documents.push(document("logo.png", "x"));
    let report = import_all(&documents).report;
    assert_eq!(report.kinds.values().sum::<usize>(), documents.len());
    assert!(report.to_string().contains("2 an event"), "{report}");
    let kinds = serde_json::to_value(&report).unwrap()["kinds"].clone();
    assert_eq!(kinds, json!({"event": 2, "method-v2": 4, "method-v3": 1, "guide": 1, "no-document": 1}));
    assert!(report.read.iter().all(|read| read.kind.is_method() && read.method.is_some()));
}

#[test]
fn a_fragment_on_the_system_is_its_source_and_not_about_a_method() {
    let import = import_all(&documents_of("shared_fragment/system_errors"));
    assert_eq!(import.system.unwrap().sources[0].file, "_includes/system-errors.md");
    let fragment = &import.report.read[0];
    assert_eq!((fragment.file.as_str(), fragment.method.as_ref()), ("_includes/system-errors.md", None));
}

#[test]
fn progress_is_reported_for_each_document() {
    let documents: Vec<Document> = (0..50).map(|n| document(&format!("{n}.md"), "")).collect();
    let calls = AtomicUsize::new(0);
    let watch = || {
        calls.fetch_add(1, Ordering::Relaxed);
    };
    import_with(&documents, &[], None, &[], Options { progress: &watch, ..Options::default() });
    assert_eq!(calls.into_inner(), 50);
}

//! Importing pages of each form. The pages under `tests/import/` are our own, about methods that do not exist.

use bitrix24_codegen::descriptor::{Descriptor, ErrorDescriptor, to_yaml};
use bitrix24_codegen::extract::{Document, Import, import};

const MODERN: &str = include_str!("import/modern.md");
const OLD: &str = include_str!("import/old.md");
const FRONT_MATTER: &str = include_str!("import/front_matter.md");
const RENDERED: &str = include_str!("import/rendered.txt");

/// Snapshots stand beside the pages that they are of.
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

/// Everything an import gives, as a person reads it.
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

fn messages(documents: &[Document]) -> Vec<String> {
    import_all(documents).report.diagnostics.iter().map(ToString::to_string).collect()
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
    assert_eq!(newest.revision.as_deref(), Some("2026-01-02"));
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
fn arguments_are_frozen_and_codes_that_vanished_become_historical() {
    let documents = [document("modern.md", MODERN)];
    let mut existing = only(&documents);
    assert_eq!(existing.args, ["toolId", "borrower"]);
    existing.args = vec!["toolId".to_owned()];
    existing.errors.push(ErrorDescriptor {
        code: "GONE".to_owned(),
        status: Some(410),
        ..Default::default()
    });
    let again = import(&documents, &[existing], None, &[]).descriptors.remove(0);
    assert_eq!(again.args, ["toolId"]);
    let gone = again.errors.last().unwrap();
    assert_eq!((gone.code.as_str(), gone.status, gone.historical), ("GONE", Some(410), true));
}

#[test]
fn an_address_of_rest_3_makes_another_method_of_the_same_name() {
    let v3 = MODERN.replace("/rest/1/key/", "/rest/api/1/key/");
    let imported = import_all(&[document("v2.md", MODERN), document("v3.md", v3)]);
    let apis: Vec<_> =
        imported.descriptors.iter().map(|descriptor| format!("{:?}", descriptor.api)).collect();
    assert_eq!(apis, ["V2", "V3"]);
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
fn a_deprecated_method_names_its_successors() {
    let note = "{% note warning \"DEPRECATED\" %}\n\nUse [workshop.loan.add](x.md) or [workshop.item.*](y.md).\n\n{% endnote %}\n\n## Method";
    let page = MODERN.replacen("## Method", note, 1);
    let yaml = to_yaml(&only(&[document("deprecated.md", page)])).unwrap();
    assert!(yaml.contains("deprecated: {replaced_by: [workshop.loan.add, workshop.item.*]}"), "{yaml}");
}

/// Each broken page, what the report says of it, and whether the method is imported all the same.
#[test]
fn what_is_broken_is_named_with_its_line_and_the_rest_is_used() {
    let cut = |page: &str, at: &str| page[..page.find(at).unwrap()].to_owned();
    let cases: [(&str, Vec<u8>, &str, bool); 9] = [
        (
            "latin.md",
            [MODERN.as_bytes(), b"\nab\xff"].concat(),
            "latin.md:124:1: this document is not UTF-8",
            false,
        ),
        (
            "nameless.md",
            MODERN.replace("workshop.tool.lend", "it").into(),
            "nameless.md:1:1: no name of a method",
            false,
        ),
        (
            "row.md",
            cut(MODERN, "How long").into(),
            "row.md:42:1: the page goes on or ends inside this row",
            true,
        ),
        (
            "nested.md",
            cut(MODERN, "|| `hammer`").into(),
            "nested.md:37:1: the page goes on or ends inside this nested",
            true,
        ),
        ("fence.md", cut(MODERN, "-d '{").into(), "fence.md:64:1: this fence is not closed", true),
        (
            "note.md",
            MODERN.replace("{% endnote %}\n\n## Code", "## Code").into(),
            "note.md:52:1: this directive is not closed",
            true,
        ),
        (
            "head.md",
            FRONT_MATTER.replace("scope: workshop\n", "scope: [workshop\n").into(),
            "this front-matter is not YAML",
            true,
        ),
        (
            "key.md",
            FRONT_MATTER.replace("aliases: [", "aliases: {a: 1} #[").into(),
            "key.md:5:1: front-matter says of `aliases`",
            true,
        ),
        ("table.txt", cut(RENDERED, "days |").into(), "table.txt:13:1: this row has 0 of 2 cells", true),
    ];
    for (path, bytes, message, imported) in cases {
        let documents =
            [document(path, bytes), document("other.md", MODERN.replace("tool.lend", "other.get"))];
        let import = import_all(&documents);
        let said: Vec<String> = import.report.diagnostics.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|said| said.contains(message)), "{path}: {message}\n{said:#?}");
        assert_eq!(import.descriptors.len(), 1 + usize::from(imported), "{path}");
    }
}

#[test]
fn a_table_that_is_not_closed_ends_at_the_next_section() {
    let page = MODERN.replacen("|#\n\n{% note info", "\n\n{% note info", 1);
    let descriptor = only(&[document("open.md", &page)]);
    assert_eq!(descriptor.params.properties.len(), 5);
    assert_eq!(descriptor.errors.len(), 4);
    assert!(messages(&[document("open.md", page)]).iter().any(|said| said.contains("this table")));
}

#[test]
fn files_that_are_no_pages_are_skipped_with_a_reason() {
    let documents = [
        document("logo.png", "x"),
        document("empty.md", ""),
        document("essay.md", "# On tools\n\nThey are old."),
    ];
    let import = import_all(&documents);
    let reasons: Vec<_> = import.report.skipped.iter().map(|skipped| skipped.reason.as_str()).collect();
    assert_eq!(reasons, ["nothing in it", "about no method", "not a document"]);
    assert!(import.descriptors.is_empty() && import.system.is_none());
}

#[test]
fn a_page_of_system_errors_gives_the_system() {
    let page = "### Statuses and System Error Codes\n\n#|\n|| **Status** | **Code**\n**Error Message** | **Description** ||\n\
                || `503` | `TOO_MANY`\nToo many | Slow down ||\n|#\n";
    let import = import_all(&[document("_includes/system-errors.md", page)]);
    let system = import.system.unwrap();
    assert_eq!((system.errors[0].code.as_str(), system.errors[0].status), ("TOO_MANY", Some(503)));
    assert_eq!(import.report.read[0].method, None);
}

#[test]
fn the_report_is_there_for_programs_and_for_people() {
    let report = import_all(&[document("rendered.txt", RENDERED), document("logo.png", "x")]).report;
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["read"][0]["form"], "rendered");
    assert_eq!(json["diagnostics"][0]["file"], "rendered.txt");
    assert!(json["diagnostics"][0]["line"].is_u64());
    assert!(report.to_string().starts_with("2 documents: 1 read, 1 skipped"), "{report}");
}

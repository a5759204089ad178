//! Corrections by hand: what they change, and when they fail the import.

use std::sync::Arc;

use bitrix24_codegen::descriptor::{Descriptor, SourceForm, SystemDescriptor};
use bitrix24_codegen::diagnostic::SourceText;
use bitrix24_codegen::extract::{Document, Import, import};

const RENDERED: &str = include_str!("import/rendered.txt");
const MODERN: &str = include_str!("import/modern.md");

fn documents(path: &str, text: &str) -> Vec<Document> {
    vec![Document { path: path.to_owned(), bytes: text.as_bytes().to_vec() }]
}

fn patch(text: &str) -> Arc<SourceText> {
    SourceText::new("spec/patches/workshop.yaml", text)
}

fn patched(patches: &str) -> Import {
    import(&documents("rendered.txt", RENDERED), &[], None, &[patch(patches)])
}

/// The errors that an import reports.
fn errors(import: &Import) -> Vec<String> {
    let diagnostics = import.report.diagnostics.iter().map(ToString::to_string);
    diagnostics.filter(|said| said.contains("workshop.yaml")).collect()
}

const LOST: &str = "
- method: Workshop.Tool.Lend
  only_for: rendered
  why: The rendered table has lost its codes.
  set:
    summary: Hands out a tool.
    params/properties/stamp/type: string
    /errors/NO_TOOL: {status: 404}
    errors/BROKEN: {status: 409}
- system: true
  why: No table tells whether it ran.
  set:
    errors/TOO_MANY: {status: 503, ran: no}
";

#[test]
fn patches_fill_in_what_is_lost_and_are_named_as_a_source() {
    let import = patched(LOST);
    assert_eq!(import.report.errors(), 0, "{:?}", errors(&import));
    assert_eq!(import.report.patches_applied.len(), 2);
    let descriptor = &import.descriptors[0];
    let codes: Vec<_> = descriptor.errors.iter().map(|error| (error.code.as_str(), error.status)).collect();
    assert_eq!(codes, [("TOOL_IS_LOST", Some(400)), ("NO_TOOL", Some(404)), ("BROKEN", Some(409))]);
    let source = descriptor.sources.last().unwrap();
    assert_eq!((source.form, source.file.as_str()), (SourceForm::Patch, "patches/workshop.yaml"));
    assert_eq!(source.decided, ["summary", "params/properties/stamp/type", "errors/NO_TOOL", "errors/BROKEN"]);
    assert_eq!(import.system.unwrap().errors[0].status, Some(503));
}

#[test]
fn importing_again_with_the_same_patches_changes_nothing() {
    let documents = documents("rendered.txt", RENDERED);
    let first = patched(LOST);
    let second = import(&documents, &first.descriptors, first.system.as_ref(), &[patch(LOST)]);
    assert_eq!(second.report.errors(), 0, "{:?}", errors(&second));
    assert_eq!((first.descriptors, first.system), (second.descriptors, second.system));
}

#[test]
fn a_patch_of_arguments_holds_against_those_that_are_frozen() {
    let text =
        "- {method: workshop.tool.lend, why: Nobody lends without a term., set: {args: [toolId, days]}}";
    let first = patched(text);
    assert_eq!(first.descriptors[0].args, ["toolId", "days"]);
    let again = import(&documents("rendered.txt", RENDERED), &first.descriptors, None, &[patch(text)]);
    assert_eq!((again.report.errors(), &again.descriptors), (0, &first.descriptors));
}

#[test]
fn a_patch_for_another_form_is_left_alone_and_counted() {
    let import = import(&documents("modern.md", MODERN), &[], None, &[patch(LOST)]);
    let alone = &import.report.patches_left_alone;
    assert_eq!((alone.len(), alone[0].line), (1, 2));
    assert_eq!(import.descriptors[0].summary, None);
}

#[test]
fn a_patch_for_a_method_without_a_document_is_left_alone_if_the_spec_knows_it() {
    let text = "- {method: workshop.tool.mend, why: It does., set: {summary: Mends.}}";
    let known: Descriptor = serde_yaml::from_str("{method: workshop.tool.mend}").unwrap();
    let with = import(&documents("modern.md", MODERN), &[known], None, &[patch(text)]);
    assert_eq!((with.report.errors(), with.report.patches_left_alone.len()), (0, 1));

    let other: Descriptor = serde_yaml::from_str("{method: workshop.tool.lose}").unwrap();
    let without = import(&documents("modern.md", MODERN), &[other], None, &[patch(text)]);
    let told = errors(&without);
    let expected = "workshop.yaml:1:1: this patch is for workshop.tool.mend, which neither";
    assert!(told.len() == 1 && told[0].contains(expected), "{told:#?}");

    let into_nothing = import(&documents("modern.md", MODERN), &[], None, &[patch(text)]);
    assert_eq!((into_nothing.report.errors(), into_nothing.report.patches_left_alone.len()), (0, 1));
}

#[test]
fn a_patch_for_the_system_is_left_alone_where_no_document_speaks_of_it() {
    let import = import(
        &[],
        &[],
        Some(&SystemDescriptor::default()),
        &[patch("- {system: true, why: It is., set: {errors/A: {status: 500}}}")],
    );
    assert_eq!((import.report.errors(), import.report.patches_left_alone.len()), (0, 1));
    assert!(import.system.is_none());
}

#[test]
fn a_wrong_patch_is_an_error_with_its_place() {
    let entry = |set: &str| format!("- method: workshop.tool.lend\n  why: A reason.\n  set:\n    {set}\n");
    for (patches, error) in [
        (entry("scope: [workshop, store]"), "workshop.yaml:4:5: setting `scope` changes nothing"),
        (
            entry("summary: Lends.\n    returns/type: boolean"),
            "workshop.yaml:5:5: setting `returns/type` changes nothing",
        ),
        (entry("sumary: Lends."), "workshop.yaml:4:5: `sumary` cannot be set: unknown field `sumary`"),
        (
            entry("pagination: often"),
            "workshop.yaml:4:5: `pagination` cannot be set: unknown variant `often`",
        ),
        (
            entry("errors/NONE/status: 400"),
            "workshop.yaml:4:5: `errors/NONE/status` cannot be set: there is no `NONE`",
        ),
        (entry("summary/part: x"), "workshop.yaml:4:5: `summary/part` cannot be set"),
        (entry("{}"), "this patch sets nothing"),
        (
            entry("summary: Lends.").replace("A reason.", "' '"),
            "workshop.yaml:1:3: this patch gives no reason",
        ),
        (
            "- why: A.\n  set: {summary: B.}".to_owned(),
            "workshop.yaml:1:3: this patch does not say what it corrects",
        ),
        (
            "- {method: a, system: true, why: A., set: {b: c}}".to_owned(),
            "this patch corrects two things at once",
        ),
        ("- {method: a, wy: A., set: {b: c}}".to_owned(), "unknown key `wy`"),
        ("- [".to_owned(), "this is not YAML"),
    ] {
        let import = patched(&patches);
        assert!(import.report.errors() > 0, "{patches}");
        assert!(errors(&import).iter().any(|said| said.contains(error)), "{error}\n{:#?}", errors(&import));
    }
}

#[test]
fn a_patch_that_makes_a_descriptor_wrong_is_refused_and_left_alone_in_an_empty_folder() {
    let text =
        "- {method: workshop.tool.lend, why: It is walked., set: {summary: Lends., keyset: {id: toolId}}}";
    let pages = documents("rendered.txt", RENDERED);
    let into_nothing = import(&pages, &[], None, &[patch(text)]);
    let alone = &into_nothing.report.patches_left_alone;
    assert_eq!((into_nothing.report.errors(), alone.len()), (0, 1));
    assert!(alone[0].reason.contains("there are no rows"), "{}", alone[0].reason);
    let lend = &into_nothing.descriptors[0];
    assert_eq!((lend.summary.as_deref(), lend.keyset.as_ref()), (None, None), "none of it is applied");

    let onto_itself = import(&pages, &into_nothing.descriptors, None, &[patch(text)]);
    let told = errors(&onto_itself);
    let expected = "workshop.yaml:1:1: with this patch the descriptor is wrong: there are no rows";
    assert!(told.len() == 1 && told[0].contains(expected), "{told:#?}");
}

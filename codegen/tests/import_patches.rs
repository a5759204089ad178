//! Patches as a source of a descriptor. Each kind of patch has its cases in `rules/`.
#![cfg(feature = "importer")]

use std::sync::Arc;

use bitrix24_codegen::descriptor::SourceForm;
use bitrix24_codegen::diagnostic::SourceText;
use bitrix24_codegen::extract::{Document, Import, import};

const RENDERED: &str = include_str!("import/rendered.txt");

fn documents() -> Vec<Document> {
    vec![Document { path: "rendered.txt".to_owned(), bytes: RENDERED.as_bytes().to_vec() }]
}

fn patch(text: &str) -> Arc<SourceText> {
    SourceText::new("spec/patches/workshop.yaml", text)
}

fn patched(patches: &str) -> Import {
    import(&documents(), &[], None, &[patch(patches)])
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
  why: No table says whether it ran.
  set:
    errors/TOO_MANY: {status: 503, ran: no}
";

#[test]
fn patches_restore_lost_values_and_are_listed_as_a_source() {
    let import = patched(LOST);
    assert_eq!(import.report.errors(), 0, "{:?}", errors(&import));
    assert_eq!(import.report.patches_applied.len(), 2);
    let descriptor = &import.descriptors[0];
    let codes: Vec<_> = descriptor.errors.iter().map(|error| (error.code.as_str(), error.status)).collect();
    assert_eq!(codes, [("TOOL_IS_LOST", Some(400)), ("NO_TOOL", Some(404)), ("BROKEN", Some(409))]);
    let source = descriptor.sources.last().unwrap();
    assert_eq!((source.form, source.file.as_str()), (SourceForm::Patch, "patches/workshop.yaml"));
    assert_eq!(
        source.decided,
        ["summary", "params/properties/stamp/type", "errors/NO_TOOL", "errors/BROKEN"]
    );
    assert_eq!(import.system.unwrap().errors[0].status, Some(503));
}

#[test]
fn importing_again_with_the_same_patches_changes_nothing() {
    let first = patched(LOST);
    let second = import(&documents(), &first.descriptors, first.system.as_ref(), &[patch(LOST)]);
    assert_eq!(second.report.errors(), 0, "{:?}", errors(&second));
    assert_eq!((first.descriptors, first.system), (second.descriptors, second.system));
}

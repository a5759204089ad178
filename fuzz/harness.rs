//! What holds for any input of the importer and the generator.
//!
//! The fuzz targets and the property tests of `bitrix24-codegen` call these functions. An input is one file, or several with a form
//! feed and a line with the path before each further one.

use std::sync::Arc;

use bitrix24_codegen::descriptor::{
    Descriptor, Spec, SystemDescriptor, descriptor_path, entity_path, render_descriptor, render_entity,
    render_system,
};
use bitrix24_codegen::diagnostic::{Diagnostic, SourceText, has_errors};
use bitrix24_codegen::extract::{Document, Import, apply_to_spec, import};
use bitrix24_codegen::{emit, lower};

/// Between the files of an input.
pub const SEPARATOR: &str = "\u{c}";

/// Imports the input as documents.
///
/// Every document is in the report. A spec that the import may write, because neither it nor `check` nor `regen` reports an error,
/// is accepted by every command that follows: the same import writes the same files again, and `patch` changes nothing.
///
/// Returns whether such a spec was imported.
pub fn pages(input: &[u8]) -> bool {
    let documents: Vec<Document> = files(input, "a.md")
        .into_iter()
        .map(|(path, text)| Document { path, bytes: text.into_bytes() })
        .collect();
    let first = import(&documents, &[], None, &[]);
    assert!(first.report.is_complete());
    serde_json::to_string(&first.report).expect("a report is JSON");
    let Some((texts, spec)) = written(&first) else { return false };
    if spec.methods.is_empty() {
        return false;
    }
    let known: Vec<Descriptor> = spec.methods.iter().map(|file| file.content.clone()).collect();
    let system: Option<&SystemDescriptor> = spec.system.as_ref().map(|file| &file.content);
    let again = import(&documents, &known, system, &[]);
    let Some((texts_again, _)) = written(&again) else {
        panic!("the next import is refused: {:?}", again.report.diagnostics);
    };
    assert_eq!(texts, texts_again, "the next import changes the spec");
    let patched = apply_to_spec(&spec, &[]);
    assert!(patched.descriptors.is_empty() && !has_errors(&patched.diagnostics), "{patched:?}");
    true
}

/// The files that an import writes, and the spec that they are. `None` if it is refused.
fn written(import: &Import) -> Option<(Vec<(String, String)>, Spec)> {
    if has_errors(&import.report.diagnostics) {
        return None;
    }
    let mut texts = Vec::new();
    for descriptor in &import.descriptors {
        let text = render_descriptor(descriptor, &import.entities).expect("a descriptor is YAML");
        texts.push((descriptor_path(descriptor).to_string_lossy().into_owned(), text));
    }
    for entity in import.entities.iter() {
        let text = render_entity(entity).expect("an entity is YAML");
        texts.push((entity_path(entity).to_string_lossy().into_owned(), text));
    }
    if let Some(system) = &import.system {
        texts.push(("system.yaml".to_owned(), render_system(system).expect("a system is YAML")));
    }
    let (spec, problems) = parse(&texts);
    (generate(&spec, problems)).then_some((texts, spec))
}

/// Reads the input as descriptors and generates Rust, or reports what is wrong with it.
///
/// Returns whether Rust was generated.
pub fn descriptors(input: &[u8]) -> bool {
    let (spec, problems) = parse(&files(input, "zoo/a.yaml"));
    let generated = generate(&spec, problems);
    if generated {
        let entities = spec.entities();
        for file in &spec.methods {
            let text = render_descriptor(&file.content, &entities).expect("a descriptor is YAML");
            let mut texts: Vec<(String, String)> = vec![(file.source.path.clone(), text)];
            for entity in entities.iter() {
                let path = entity_path(entity).to_string_lossy().into_owned();
                texts.push((path, render_entity(entity).expect("an entity is YAML")));
            }
            let (again, problems) = parse(&texts);
            assert!(problems.is_empty(), "a written descriptor is not accepted: {problems:?}\n{texts:?}");
            assert_eq!(again.methods[0].content, file.content, "a written descriptor is another one");
        }
    }
    generated
}

fn parse(texts: &[(String, String)]) -> (Spec, Vec<Diagnostic>) {
    let sources = texts.iter().map(|(path, text)| SourceText::new(path.clone(), text.clone()));
    Spec::parse(sources.collect::<Vec<Arc<SourceText>>>())
}

/// Generates all files of a spec without errors, each of which is Rust. Renders the diagnostics of any other.
fn generate(spec: &Spec, mut problems: Vec<Diagnostic>) -> bool {
    match lower::lower(spec) {
        Ok(library) if problems.is_empty() => {
            let root = emit::parse_path("::bitrix24").expect("a path");
            let files =
                emit::emit_library(&library).into_values().chain(emit::emit_system(&library).into_values());
            for text in files.chain([emit::emit_single_file(&library, &root)]) {
                syn::parse_file(&text).expect("the generated code is Rust");
            }
            return true;
        }
        Ok(_) => {}
        Err(found) => {
            assert!(!found.is_empty(), "the spec is refused without a reason");
            problems.extend(found);
        }
    }
    for problem in problems {
        problem.render(&annotate_snippets::Renderer::plain());
        problem.to_json();
    }
    false
}

/// The files of an input, each once: a folder has no two files with one path.
fn files(input: &[u8], first: &str) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(input);
    let mut parts = text.split(SEPARATOR);
    let mut files = vec![(first.to_owned(), parts.next().unwrap_or_default().to_owned())];
    for part in parts.take(8) {
        let (path, content) = part.split_once('\n').unwrap_or((part, ""));
        let path: String = path.chars().filter(|c| !c.is_control() && *c != '\\').collect();
        if !files.iter().any(|(known, _)| *known == path) {
            files.push((path, content.to_owned()));
        }
    }
    files.sort();
    files
}

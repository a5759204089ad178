//! What holds for any input of the importer and the generator.
//!
//! The fuzz targets and the property tests of `bitrix24-codegen` call these functions. An input is one file, or several with a form
//! feed and a line with the path before each further one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bitrix24_codegen::descriptor::{
    Descriptor, Spec, SystemDescriptor, entity_path, render_descriptor, render_entity,
};
use bitrix24_codegen::diagnostic::{Diagnostic, SourceText, has_errors};
use bitrix24_codegen::extract::{Document, apply_to_spec, import};
use bitrix24_codegen::staging::{NewSpec, stage};
use bitrix24_codegen::{emit, lower};

/// Between the files of an input.
pub const SEPARATOR: &str = "\u{c}";

/// Imports the input as documents, as `cargo spec import` does.
///
/// Every document is in the report. Either the import is refused with a reason and nothing would be written, or its spec is accepted
/// by every command that follows: `regen` generates Rust, the same import changes no file, and neither does `patch`.
///
/// Returns whether methods were imported.
pub fn pages(input: &[u8]) -> bool {
    let documents: Vec<Document> = files(input, "a.md")
        .into_iter()
        .map(|(path, text)| Document { path, bytes: text.into_bytes() })
        .collect();
    let Some(first) = imported(&documents, &Spec::default()) else { return false };
    let texts: Vec<(String, String)> = first
        .into_iter()
        .map(|(path, text)| {
            (format!("spec/{}", path.display()), String::from_utf8(text).expect("YAML is UTF-8"))
        })
        .collect();
    let (spec, problems) = parse(&texts);
    assert!(generate(&spec, problems), "`regen` refuses what was imported: {texts:?}");
    let again = imported(&documents, &spec).expect("the next import is accepted");
    assert!(again.is_empty(), "the next import changes {again:?}");
    let patched = apply_to_spec(&spec, &[]);
    assert!(patched.descriptors.is_empty() && !has_errors(&patched.diagnostics), "{patched:?}");
    !spec.methods.is_empty()
}

/// The files that an import into a spec writes. `None` if it is refused.
fn imported(documents: &[Document], existing: &Spec) -> Option<BTreeMap<PathBuf, Vec<u8>>> {
    let known: Vec<Descriptor> = existing.methods.iter().map(|file| file.content.clone()).collect();
    let system: Option<&SystemDescriptor> = existing.system.as_ref().map(|file| &file.content);
    let import = import(documents, &known, system, &[]);
    assert!(import.report.is_complete());
    serde_json::to_string(&import.report).expect("a report is JSON");
    if has_errors(&import.report.diagnostics) {
        return None;
    }
    let new = NewSpec {
        methods: &import.descriptors,
        entities: &import.entities,
        system: import.system.as_ref(),
        source: None,
        freezes_names: true,
    };
    match stage(Path::new("spec"), existing, new, false) {
        Ok(changes) => {
            assert!(changes.removed.is_empty(), "an import of the same documents removes nothing");
            Some(changes.written)
        }
        Err(problems) => {
            assert!(has_errors(&problems), "an import is refused without a reason");
            render(&problems);
            None
        }
    }
}

/// Reads the input as descriptors and generates Rust, or reports what is wrong with it.
///
/// Returns whether Rust was generated.
pub fn descriptors(input: &[u8]) -> bool {
    let (spec, problems) = parse(&files(input, "spec/zoo/x.y.z.yaml"));
    let generated = generate(&spec, problems);
    if generated {
        let entities = spec.entities();
        for file in &spec.methods {
            let text = render_descriptor(&file.content, &entities).expect("a descriptor is YAML");
            let mut texts: Vec<(String, String)> = vec![(file.source.path.clone(), text)];
            for entity in entities.iter() {
                let path = format!("spec/{}", entity_path(entity).display());
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
    render(&problems);
    false
}

fn render(problems: &[Diagnostic]) {
    for problem in problems {
        problem.render(&annotate_snippets::Renderer::plain());
        problem.to_json();
    }
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

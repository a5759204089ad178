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
use bitrix24_codegen::extract::{Document, Earlier, apply_to_spec, complete, import};
use bitrix24_codegen::staging::{NewSpec, stage};
use bitrix24_codegen::transaction::FileChanges;
use bitrix24_codegen::{emit, lower};

/// Between the files of an input.
pub const SEPARATOR: &str = "\u{c}";

const FOLDER: &str = "spec";

/// Imports the input as documents, as `cargo spec import` does: those of one day, then those of the next.
///
/// Every document is in the report. Either an import is refused with a reason and nothing would be written, or its spec is accepted
/// by every command that follows: `regen` generates Rust, the same import changes no file, and neither does `patch`. The documents
/// of the next day are accepted into the spec of the first one if they are accepted into an empty one.
///
/// Returns whether methods were imported.
pub fn pages(input: &[u8]) -> bool {
    let mut spec = Spec::default();
    for documents in days(input) {
        let Some(changes) = imported(&documents, &spec) else {
            let is_new = spec.methods.is_empty() || imported(&documents, &Spec::default()).is_none();
            assert!(is_new, "what was imported before refuses what is accepted without it");
            break;
        };
        if changes.is_empty() {
            continue;
        }
        let texts = applied(&spec, changes);
        let (now, problems) = parse(&texts);
        assert!(generate(&now, problems), "`regen` refuses what was imported: {texts:?}");
        let again = imported(&documents, &now).expect("the next import is accepted");
        assert!(again.is_empty(), "the next import changes {texts:#?}\nto {:#?}", applied(&now, again));
        let patched = apply_to_spec(&now, &[]);
        assert!(patched.descriptors.is_empty() && !has_errors(&patched.diagnostics), "{patched:?}");
        spec = now;
    }
    !spec.methods.is_empty()
}

/// The documents of the first day, and of the next one if there is a next one. A path that is repeated is of the next day: its
/// content replaces the earlier page, which is removed if the content is empty.
fn days(input: &[u8]) -> Vec<Vec<Document>> {
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut changed: BTreeMap<String, String> = BTreeMap::new();
    for (path, text) in files(input, "a.md") {
        let day = if first.contains_key(&path) { &mut changed } else { &mut first };
        day.insert(path, text);
    }
    let mut days = vec![first];
    if !changed.is_empty() {
        let mut next = days[0].clone();
        next.extend(changed);
        next.retain(|_, text| !text.is_empty());
        days.push(next);
    }
    let document = |(path, text): (String, String)| Document { path, bytes: text.into_bytes() };
    days.into_iter().map(|day| day.into_iter().map(document).collect()).collect()
}

/// The files that an import into a spec changes. `None` if it is refused.
fn imported(documents: &[Document], existing: &Spec) -> Option<FileChanges> {
    let known: Vec<Descriptor> = existing.methods.iter().map(|file| file.content.clone()).collect();
    let system: Option<&SystemDescriptor> = existing.system.as_ref().map(|file| &file.content);
    let import = import(documents, &known, system, &[]);
    assert!(import.report.is_complete());
    serde_json::to_string(&import.report).expect("a report is JSON");
    let earlier = Earlier {
        methods: known.iter().collect(),
        placements: existing.placements.iter().map(|file| &file.content).collect(),
        handlers: existing.handlers.iter().map(|file| &file.content).collect(),
        entities: existing.entities(),
        is_whole: true,
        version: "1.0.0",
        allow_removed: true,
        ..Earlier::default()
    };
    let complete = complete(&import, &earlier);
    if has_errors(&import.report.diagnostics) || has_errors(&complete.problems) {
        return None;
    }
    let new = NewSpec {
        methods: &complete.methods,
        placements: &complete.placements,
        handlers: &complete.handlers,
        entities: &complete.entities,
        events: &complete.events,
        system: import.system.as_ref(),
        source: None,
        freezes_names: true,
    };
    match stage(Path::new(FOLDER), existing, new, false) {
        Ok(changes) => Some(changes),
        Err(problems) => {
            assert!(has_errors(&problems), "an import is refused without a reason");
            render(&problems);
            None
        }
    }
}

/// The files of a spec after a change.
fn applied(spec: &Spec, changes: FileChanges) -> Vec<(String, String)> {
    let methods = spec.methods.iter().map(|file| &file.source);
    let entities = spec.entities.iter().map(|file| &file.source);
    let entities = entities.chain(spec.placements.iter().map(|file| &file.source));
    let entities = entities.chain(spec.handlers.iter().map(|file| &file.source));
    let others =
        spec.system.iter().map(|file| &file.source).chain(spec.names.iter().map(|file| &file.source));
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    texts.extend(methods.chain(entities).chain(others).map(|file| (file.path.clone(), file.text.clone())));
    let path = |path: PathBuf| format!("{FOLDER}/{}", path.display());
    for removed in changes.removed {
        texts.remove(&path(removed));
    }
    for (file, text) in changes.written {
        texts.insert(path(file), String::from_utf8(text).expect("YAML is UTF-8"));
    }
    texts.into_iter().collect()
}

/// Reads the input as descriptors and generates Rust, or reports what is wrong with it.
///
/// Returns whether Rust was generated.
pub fn descriptors(input: &[u8]) -> bool {
    let mut texts = files(input, "spec/zoo/x.y.z.yaml");
    texts.sort();
    texts.dedup_by(|a, b| a.0 == b.0);
    let (spec, problems) = parse(&texts);
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
            let system = spec.system.iter().flat_map(|_| emit::emit_system(&library).into_values());
            let files = emit::emit_library(&library).into_values().chain(system);
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

/// The files of an input, in its order.
fn files(input: &[u8], first: &str) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(input);
    let mut parts = text.split(SEPARATOR);
    let mut files = vec![(first.to_owned(), parts.next().unwrap_or_default().to_owned())];
    for part in parts.take(8) {
        let (path, content) = part.split_once('\n').unwrap_or((part, ""));
        let path: String = path.chars().filter(|c| !c.is_control() && *c != '\\').collect();
        files.push((path, content.to_owned()));
    }
    files
}

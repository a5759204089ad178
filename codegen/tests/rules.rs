//! What the importer knows about the documentation: each folder of `rules/` is a rule, named after it.
//!
//! A case is a page (`<case>.md`) or a folder of documents that are imported together (`<case>/`, in which `patches/` holds
//! patches, `spec/` the descriptors of an earlier import, and `recorded.jsonl` recorded traffic). The snapshot beside it holds the descriptors that the import
//! gives, without their sources, its diagnostics, and what became of the patches. The folders of `examples/` show in the same
//! way what `cargo conform` reads of documents.
#![cfg(feature = "importer")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bitrix24_codegen::descriptor::{
    Descriptor, Event, Handler, Placement, Spec, SystemDescriptor, SystemLimits, to_yaml,
};
use bitrix24_codegen::diagnostic::{Severity, SourceText};
use bitrix24_codegen::extract::{
    Document, Import, MethodExamples, Options, PatchUse, examples, import, import_with, read_documents,
};
use bitrix24_codegen::recorded::read_recorded;
use serde_json::Value;

/// The folders of a case that hold no documents.
const PATCHES: &str = "patches/";
const SPEC: &str = "spec/";
/// The recorded traffic of a case.
const RECORDED: &str = "recorded.jsonl";

#[test]
fn every_rule_gives_the_descriptors_beside_its_pages() {
    for rule in entries(&rules()) {
        assert_snapshots(&rule, |case| shown(&imported(case)));
    }
}

#[test]
fn documents_give_the_examples_beside_them() {
    for folder in entries(&tests().join("examples")) {
        assert_snapshots(&folder, examples_of);
    }
}

/// Compares each case of a folder with its snapshot.
fn assert_snapshots(folder: &Path, shown: impl Fn(&Path) -> String) {
    let mut names = BTreeSet::new();
    for case in entries(folder).iter().filter(|path| is_case(path)) {
        let name = case.file_stem().unwrap().to_string_lossy().into_owned();
        insta::with_settings!({
            snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true
        }, {
            insta::assert_snapshot!(name.clone(), shown(case));
        });
        assert!(names.insert(name), "{}: two cases have this name", case.display());
    }
    assert!(!names.is_empty(), "{}: a folder without a case", folder.display());
    for snapshot in entries(folder).iter().filter(|path| has_ending(path, "snap")) {
        let name = snapshot.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(names.contains(&name), "{}: a snapshot without a case", snapshot.display());
    }
}

#[test]
fn every_rule_of_the_register_fires_on_its_pages() {
    let mut silent = Vec::new();
    for rule in bitrix24_codegen::extract::rules() {
        let folder = rules().join(rule.id);
        assert!(folder.is_dir(), "{}: no folder of this name in tests/rules/", rule.id);
        let cases = entries(&folder);
        let mut cases = cases.iter().filter(|path| is_case(path));
        if !cases.any(|case| imported(case).report.rules.contains_key(rule.id)) {
            silent.push(rule.id);
        }
    }
    assert!(silent.is_empty(), "rules that fire on no page of their folders: {silent:?}");
    let ids: BTreeSet<&str> = bitrix24_codegen::extract::rules().map(|rule| rule.id).collect();
    for folder in entries(&rules()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        assert!(ids.contains(name.as_str()), "{name}: no rule of this name in the register");
    }
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn rules() -> PathBuf {
    tests().join("rules")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn is_case(path: &Path) -> bool {
    path.is_dir() || has_ending(path, "md")
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found == ending)
}

fn page(case: &Path) -> Document {
    let path = case.file_name().unwrap().to_string_lossy().into_owned();
    Document { path, bytes: fs::read(case).unwrap() }
}

/// Imports a page by itself, or the documents of a folder together.
fn imported(case: &Path) -> Import {
    if case.is_file() {
        return import(&[page(case)], &[], None, &[]);
    }
    let (other, documents): (Vec<Document>, Vec<Document>) =
        read_documents(case).unwrap().into_iter().partition(|Document { path, .. }| {
            path.starts_with(PATCHES) || path.starts_with(SPEC) || path == RECORDED
        });
    let patches: Vec<Arc<SourceText>> = other
        .into_iter()
        .filter(|document| document.path.starts_with(PATCHES))
        .map(|document| SourceText::new(document.path, String::from_utf8(document.bytes).unwrap()))
        .collect();
    let recorded = fs::read_to_string(case.join(RECORDED)).unwrap_or_default();
    let mut problems = Vec::new();
    let recorded = read_recorded(&SourceText::new(RECORDED, recorded), &mut problems);
    assert_eq!(problems, [], "{}", case.display());
    let existing = Spec::load_existing(&case.join(SPEC)).unwrap();
    let methods: Vec<Descriptor> = existing.methods.into_iter().map(|file| file.content).collect();
    let events: Vec<Event> = existing.events.into_iter().map(|file| file.content).collect();
    let options = Options { recorded: &recorded, events: &events, ..Options::default() };
    import_with(&documents, &methods, existing.system.map(|file| file.content).as_ref(), &patches, options)
}

/// The descriptors and what the report says, as a reviewer reads them.
fn shown(import: &Import) -> String {
    assert!(import.report.is_complete());
    let mut text = String::new();
    for descriptor in &import.descriptors {
        let mut descriptor = Descriptor { sources: Vec::new(), ..descriptor.clone() };
        import.entities.collapse(&mut descriptor);
        part(&mut text, &descriptor.method, &to_yaml(&descriptor).unwrap());
    }
    for entity in import.entities.iter() {
        part(&mut text, &format!("entity {}", entity.entity), &to_yaml(entity).unwrap());
    }
    for event in &import.events {
        let mut event = Event { sources: Vec::new(), ..event.clone() };
        import.entities.collapse_event(&mut event);
        part(&mut text, &format!("event {}", event.event), &to_yaml(&event).unwrap());
    }
    for placement in &import.placements {
        let placement = Placement { sources: Vec::new(), ..placement.clone() };
        part(&mut text, &format!("placement {}", placement.placement), &to_yaml(&placement).unwrap());
    }
    for handler in &import.handlers {
        let handler = Handler { sources: Vec::new(), ..handler.clone() };
        part(&mut text, &format!("handler {}", handler.handler), &to_yaml(&handler).unwrap());
    }
    let says_something =
        |system: &&SystemDescriptor| !system.errors.is_empty() || system.limits != SystemLimits::default();
    if let Some(system) = import.system.as_ref().filter(says_something) {
        let system = SystemDescriptor { sources: Vec::new(), ..system.clone() };
        part(&mut text, "system", &to_yaml(&system).unwrap());
    }
    let skipped =
        import.report.skipped.iter().map(|document| format!("{}: {}\n", document.file, document.reason));
    part(&mut text, "skipped", &skipped.collect::<String>());
    let diagnostics = import.report.diagnostics.iter().map(|diagnostic| match diagnostic.severity {
        Severity::Warning => format!("{diagnostic}\n"),
        Severity::Error => format!("error: {diagnostic}\n"),
    });
    part(&mut text, "diagnostics", &diagnostics.collect::<String>());
    part(&mut text, "patches applied", &patches(&import.report.patches_applied));
    part(&mut text, "patches left alone", &patches(&import.report.patches_left_alone));
    text
}

/// What `cargo conform` reads of the documents, with the line of each example.
fn examples_of(case: &Path) -> String {
    let documents = if case.is_file() { vec![page(case)] } else { read_documents(case).unwrap() };
    let mut text = String::new();
    for found in examples(&documents) {
        part(&mut text, &format!("{} in {}", found.method, found.source.path), &lines_of(found));
    }
    text
}

fn lines_of(found: MethodExamples) -> String {
    let mut lines = String::new();
    for request in found.requests {
        let other = request.other_method.map(|method| format!(" of {method}")).unwrap_or_default();
        writeln!(lines, "line {}: request{other}: {}", request.line, json(request.body)).unwrap();
    }
    for response in found.responses {
        writeln!(lines, "line {}: result: {}", response.line, json(response.result)).unwrap();
    }
    for error in found.errors {
        let message = error.message.map(|message| format!(", message {message:?}")).unwrap_or_default();
        writeln!(lines, "line {}: error: code {:?}{message}", error.line, error.code).unwrap();
    }
    lines
}

fn json(example: Result<Value, String>) -> String {
    example.map_or_else(|error| format!("not JSON: {error}"), |value| value.to_string())
}

fn patches(patches: &[PatchUse]) -> String {
    patches.iter().map(|patch| format!("{}:{}: {}\n", patch.file, patch.line, patch.reason)).collect()
}

fn part(text: &mut String, title: &str, content: &str) {
    if !content.is_empty() {
        let gap = if text.is_empty() { "" } else { "\n" };
        writeln!(text, "{gap}== {title}\n{}", content.trim_end()).unwrap();
    }
}

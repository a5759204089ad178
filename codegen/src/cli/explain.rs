//! `cargo spec explain METHOD|EVENT|PLACEMENT|HANDLER POINTER`: the evidence on a part of a descriptor, with its locations and the reason of the choice.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bitrix24_codegen::descriptor::{Api, Descriptor, Spec};
use bitrix24_codegen::diagnostic::Diagnostic;
use bitrix24_codegen::extract::{
    Document, Entry, Import, Options as ImportOptions, Reads, Verdict, explain, import_with, read_documents,
};
use clap::Args;
use serde_json::{Value, json};

use super::console::Console;
use super::last_import::LastImport;
use super::spec_files::{read_patches, read_recorded_files, unreadable};

/// The number of characters of a line that are shown.
const EXCERPT: usize = 72;

#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// The name of the method, such as `crm.deal.get`, of the event, such as `onCrmDealAdd`, of the handler, such as
    /// `bizproc.robot`, or the code of the placement, such as `CRM_DEAL_DETAIL_TAB`.
    method: String,
    /// JSON Pointer into its descriptor, such as `/returns/properties/OPPORTUNITY` or `/scope`.
    pointer: String,
    /// The interface of the method: v2 or v3.
    #[arg(long, default_value = "v2", value_parser = parse_api)]
    api: Api,
    /// The folder of the documentation. Default: that of the last import.
    #[arg(long, value_name = "DIR")]
    docs: Option<PathBuf>,
}

fn parse_api(word: &str) -> Result<Api, String> {
    match word {
        "v2" => Ok(Api::V2),
        "v3" => Ok(Api::V3),
        _ => Err("v2 or v3".to_owned()),
    }
}

pub(crate) fn run(root: &Path, options: &ExplainArgs, console: &Console) -> ExitCode {
    let (import, documents) = match import_again(root, options) {
        Ok(imported) => imported,
        Err(problems) => return console.finish(&problems, None),
    };
    match explain(&import, options.api, &options.method, &options.pointer) {
        Err(problem) => console.finish(&[problem], None),
        Ok(explanation) => {
            console.print(&format!("{} {}", options.method, options.pointer));
            console.print(&format!("  {}", summary(&explanation.value)));
            if let Some(entity) = &explanation.entity {
                console.print(&format!(
                    "  a field of the entity {entity}, with the evidence of all pages of its methods"
                ));
            }
            if explanation.sources.is_empty() {
                print_evidence(&explanation.evidence, &Lines::of(&documents), console);
            }
            for source in explanation.sources {
                let decided = if source.decided.is_empty() {
                    String::new()
                } else {
                    format!(": {}", source.decided.join(", "))
                };
                console.print(&format!("  {}{decided}", source.file));
            }
            console.finish(&[], Some(json!(explanation)))
        }
    }
}

/// Imports the documentation again, without writing, and keeps the evidence on the method.
fn import_again(root: &Path, options: &ExplainArgs) -> Result<(Import, Vec<Document>), Vec<Diagnostic>> {
    let last = LastImport::load(root);
    let docs = options.docs.clone().or_else(|| last.as_ref().map(|last| last.docs.clone()));
    let Some(docs) = docs else {
        return Err(vec![
            Diagnostic::error("the folder of the documentation is unknown")
                .expecting("`--docs DIR`, or an earlier `cargo spec import DOCS` in this checkout"),
        ]);
    };
    let given = last.as_ref().map(|last| last.recorded.clone()).unwrap_or_default();
    let recorded = read_recorded_files(&root.join("spec"), &given)?;
    let patches = last.and_then(|last| last.patches).unwrap_or_else(|| root.join("spec/patches"));
    let patches = if patches.is_dir() { read_patches(&patches)? } else { Vec::new() };
    let existing = Spec::load_existing(&root.join("spec"))?;
    let known: Vec<Descriptor> = existing.methods.into_iter().map(|file| file.content).collect();
    let system = existing.system.map(|file| file.content);
    let documents = read_documents(&docs).map_err(|error| vec![unreadable(&docs, &error)])?;
    let import_options = ImportOptions {
        explain: Some((options.api, &options.method)),
        recorded: &recorded,
        ..ImportOptions::default()
    };
    let import = import_with(&documents, &known, system.as_ref(), &patches, import_options);
    Ok((import, documents))
}

fn print_evidence(evidence: &[&Entry], lines: &Lines<'_>, console: &Console) {
    let mut keyword = None;
    for entry in evidence {
        if keyword != Some(entry.leaf.keyword) && !entry.leaf.keyword.is_empty() {
            console.print(&format!("{}:", entry.leaf.keyword));
        }
        keyword = Some(entry.leaf.keyword);
        let (line, text) = lines.shown(entry);
        let place = if line > 0 { format!("{}:{line}", entry.file) } else { entry.file.clone() };
        let verdict = verdict(entry.verdict);
        console.print(&format!("  {verdict:9} {:24} {:24} {place}", summary(&entry.value), entry.rule.id));
        if !text.is_empty() {
            console.print(&format!("  {:9} | {text}", ""));
        }
    }
    console.print(reason(evidence));
}

/// The reason why evidence was chosen.
fn reason(evidence: &[&Entry]) -> &'static str {
    let any = |verdict| evidence.iter().any(|entry| entry.verdict == verdict);
    if evidence.is_empty() {
        "No document mentions it: this is the value for unknown facts."
    } else if evidence.iter().any(|entry| entry.rule.id == "patch") {
        "A patch outranks every document."
    } else if any(Verdict::Rejected) {
        "Chosen: the first in this order that no example of a response contradicts."
    } else if any(Verdict::Outranked) {
        "Chosen: the first in this order. Documentation ranks before examples, newer documents before older ones."
    } else {
        "Chosen: there is no other evidence."
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Chosen => "chosen",
        Verdict::Outranked => "outranked",
        Verdict::Rejected => "rejected",
    }
}

/// A short form of a value: of a schema, its type and format and the number of its properties.
fn summary(value: &Value) -> String {
    let Some(schema) = value.as_object().filter(|schema| schema.contains_key("type")) else {
        return value.to_string();
    };
    let mut words = match schema.get("type") {
        Some(Value::String(name)) => name.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    if let Some(format) = schema.get("format").and_then(Value::as_str) {
        words.push_str(&format!(" ({format})"));
    }
    if let Some(items) = schema.get("items") {
        words.push_str(&format!(" of {}", summary(items)));
    }
    if let Some(fields) = schema.get("properties").and_then(Value::as_object) {
        words.push_str(&format!(" with {} properties", fields.len()));
    }
    words
}

/// The contents of the documents by path.
struct Lines<'a>(HashMap<&'a str, &'a [u8]>);

impl<'a> Lines<'a> {
    fn of(documents: &'a [Document]) -> Self {
        let texts = documents.iter().map(|document| (document.path.as_str(), document.bytes.as_slice()));
        Self(texts.collect())
    }

    /// The line of evidence and its text. Evidence from code has the first line of the code block; the shown line is the
    /// first one from there with the name of the leaf.
    fn shown(&self, entry: &Entry) -> (usize, String) {
        let Some(first) = entry.line.checked_sub(1) else {
            return (0, String::new());
        };
        let bytes = self.0.get(entry.file.as_str()).copied().unwrap_or_default();
        let text = String::from_utf8_lossy(bytes);
        let name = entry.leaf.names.last().map(String::as_str).unwrap_or_default();
        let in_code = matches!(entry.rule.reads, Reads::Code | Reads::RequestBody | Reads::ResponseBody);
        let mut following = text.lines().enumerate().skip(first);
        let named = following.find(|(_, line)| in_code && line.contains(name));
        let (index, line) = named.unwrap_or_else(|| (first, text.lines().nth(first).unwrap_or_default()));
        (index + 1, line.trim().chars().take(EXCERPT).collect())
    }
}

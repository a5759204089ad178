//! Every document heard: which speak of which method, which of the system, and which of neither.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dictionary::Dictionary;
use super::documents::{Document, may_be_page};
use super::page::Page;
use super::report::{ReadDocument, Report, SkippedDocument};
use super::system::SystemTestimony;
use super::testimony::Testimony;
use super::vocabulary::SectionKind;
use super::{Key, form, key, system, testimony};
use crate::diagnostic::Diagnostic;

/// What all documents say.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) methods: BTreeMap<Key, Vec<Testimony>>,
    pub(super) system: Vec<SystemTestimony>,
}

/// Hears all documents, in the order of their paths.
pub(super) fn hear_all(documents: &[Document], report: &mut Report) -> Heard {
    let mut documents: Vec<&Document> = documents.iter().collect();
    documents.sort_by(|a, b| (&a.path, &a.bytes).cmp(&(&b.path, &b.bytes)));
    let trees = Trees::of(&documents);
    let dictionary = Dictionary::of(&documents);
    let mut heard = Heard::default();
    for document in documents {
        if let Err(skipped) = hear(document, &trees, &dictionary, &mut heard, report) {
            let (line, reason) = skipped;
            report.skipped.push(SkippedDocument {
                file: document.path.clone(),
                line,
                reason: reason.to_owned(),
            });
        }
    }
    heard
}

/// Hears one document, or says in which line it shows that there is nothing to hear, and why.
fn hear(
    document: &Document,
    trees: &Trees,
    dictionary: &Dictionary<'_>,
    heard: &mut Heard,
    report: &mut Report,
) -> Result<(), (usize, &'static str)> {
    if !may_be_page(&document.path) {
        return Err((1, "not a document"));
    }
    if is_revision(&document.path) {
        return Err((1, "names the revision of its tree"));
    }
    let read = match form::read(document) {
        Ok(read) => read,
        Err(diagnostic) => {
            let line = diagnostic.position().map_or(1, |(_, line, _)| line);
            report.diagnostics.push(diagnostic);
            return Err((line, "not UTF-8"));
        }
    };
    let (revision, root) = trees.around(&document.path);
    let mut troubles = read.page.troubles.clone();
    let source = Arc::clone(&read.source);
    let page_form = read.form;
    let of_system = system::hear(&read, revision, &mut troubles);
    let silence = silence(&read.page);
    let Some(told) = testimony::hear(read, revision, root, dictionary, &mut troubles) else {
        if of_system.speaks {
            heard.system.push(of_system);
            let file = document.path.clone();
            report.read.push(ReadDocument { file, form: page_form, front_matter: false, method: None });
            report.diagnostics.extend(troubles.into_diagnostics(&source));
            return Ok(());
        }
        if silence.looks_like_a_method {
            let diagnostic =
                Diagnostic::warning("no name of a method can be read on this page, so it was not used")
                    .expecting("the name in the heading of the page or in its examples");
            report.diagnostics.push(diagnostic.at_line(&source, silence.line));
            report.diagnostics.extend(troubles.into_diagnostics(&source));
        }
        return Err((silence.line, silence.reason));
    };
    report.diagnostics.extend(troubles.into_diagnostics(&source));
    report.read.push(ReadDocument {
        file: document.path.clone(),
        form: page_form,
        front_matter: told.front_matter.is_some(),
        method: Some(told.method.clone()),
    });
    heard.system.push(of_system.with(&told));
    heard.methods.entry(key(told.api, &told.method)).or_default().push(told);
    Ok(())
}

/// Why nothing is heard of a page that is about no method.
struct Silence {
    looks_like_a_method: bool,
    line: usize,
    reason: &'static str,
}

fn silence(page: &Page) -> Silence {
    let of_a_method = [SectionKind::Parameters, SectionKind::Response, SectionKind::ErrorCodes];
    let empty = page.title.spans.is_empty() && page.sections.iter().all(|section| section.blocks.is_empty());
    Silence {
        looks_like_a_method: of_a_method.into_iter().any(|kind| page.has(kind)),
        line: page.title.line.max(1),
        reason: if empty { "nothing in it" } else { "about no method" },
    }
}

/// The snapshots of the documentation among the documents: the folder of each, and its day.
struct Trees {
    days: BTreeMap<String, String>,
}

impl Trees {
    fn of(documents: &[&Document]) -> Self {
        let revisions = documents.iter().filter(|document| is_revision(&document.path));
        let tree = |document: &&&Document| {
            let root = document.path.strip_suffix("REVISION")?.to_owned();
            Some((root, day_in(std::str::from_utf8(&document.bytes).ok()?)?))
        };
        Self { days: revisions.filter_map(|document| tree(&document)).collect() }
    }

    /// The day of the innermost snapshot around a path, and its folder.
    fn around<'a>(&'a self, path: &str) -> (Option<&'a str>, &'a str) {
        let around = self.days.iter().filter(|(root, _)| path.starts_with(root.as_str()));
        around
            .max_by_key(|(root, _)| root.len())
            .map_or((None, ""), |(root, day)| (Some(day.as_str()), root.as_str()))
    }
}

fn is_revision(path: &str) -> bool {
    path == "REVISION" || path.ends_with("/REVISION")
}

/// The first day in a text, as in `2026-07-01`.
fn day_in(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '-');
    let is_day = |word: &&str| {
        let parts: Vec<usize> = word.split('-').map(str::len).collect();
        parts == [4, 2, 2]
    };
    words.take(10_000).find(is_day).map(str::to_owned)
}

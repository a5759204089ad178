//! The errors of a method, as one page tells of them, and those that all methods share.

mod rows;

use std::collections::HashMap;

use serde_json::Value;

use crate::descriptor::SourceForm;
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::lexicon::errors::STATUS_LABELS;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::syntax::ast::{Page, Section, Text, one_line};
use crate::extract::syntax::json::parsed;
use crate::extract::tables::error_table::http_status;

/// The errors that a page lists, and the one that it shows.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    /// The rows of its tables; `None` where it has no table of errors.
    pub(crate) rows: Option<Vec<ErrorRow>>,
    pub(crate) example: Option<ErrorExample>,
    /// The codes of the rows that have one, by their words without what spelling varies.
    codes: HashMap<String, String>,
    /// The statuses of the codes that have one.
    statuses: HashMap<String, u16>,
}

/// A row of a table of errors.
#[derive(Clone, Debug)]
pub(crate) struct ErrorRow {
    pub(crate) line: usize,
    /// The code; `None` where rendering has lost it.
    pub(crate) code: Option<String>,
    pub(crate) status: Option<u16>,
    /// The text that the portal sends along.
    pub(crate) message: Option<String>,
    /// What tells the row from others: the message, or what stands in its place.
    pub(crate) words: String,
}

/// The error answer that a page shows.
#[derive(Clone, Debug)]
pub(crate) struct ErrorExample {
    pub(crate) line: usize,
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    /// The one status that stands above it.
    pub(crate) status: Option<u16>,
}

/// Hears what a page says of the errors of its method.
pub(crate) fn extract(page: &Page, form: SourceForm, diagnostics: &mut PageDiagnostics) -> Errors {
    let about = |section: &&Section| matches!(section.topic(), SectionKind::Errors | SectionKind::ErrorCodes);
    let sections: Vec<&Section> = page.sections.iter().filter(about).collect();
    let example = sections.iter().find_map(|section| example(section, diagnostics));
    let mut errors = Errors { example, ..Errors::default() };
    for section in sections {
        let rows = rows::of_section(section, form, errors.example.as_ref(), diagnostics);
        if let Some(rows) = rows {
            errors.rows.get_or_insert_default().extend(rows);
        }
    }
    errors.index();
    errors
}

impl Errors {
    fn index(&mut self) {
        for row in self.rows.iter().flatten() {
            let Some(code) = &row.code else { continue };
            if !row.words.is_empty() {
                self.codes.entry(plain(&row.words)).or_insert_with(|| code.clone());
            }
            if let Some(status) = row.status {
                self.statuses.entry(code.clone()).or_insert(status);
            }
        }
    }

    /// The code of the row with these words.
    pub(crate) fn code_with_words(&self, words: &str) -> Option<String> {
        self.codes.get(&plain(words)).cloned()
    }

    /// The status that a row gives for a code.
    pub(crate) fn status_of(&self, code: &str) -> Option<u16> {
        self.statuses.get(code).copied()
    }
}

/// Hears what a page says of the errors that all methods share.
pub(crate) fn extract_system(
    page: &Page,
    form: SourceForm,
    diagnostics: &mut PageDiagnostics,
) -> Vec<ErrorRow> {
    let sections = page.of_kind(SectionKind::SystemErrors);
    let rows: Vec<ErrorRow> =
        sections.filter_map(|section| rows::of_section(section, form, None, diagnostics)).flatten().collect();
    let lost = rows.iter().filter(|row| row.code.is_none()).count();
    if let (Some(first), 1..) = (rows.first(), lost) {
        let message =
            format!("{lost} of {} system errors have lost code and status in this form", rows.len());
        diagnostics.add(first.line, message, "another form of this table, or a patch");
    }
    rows
}

/// The first error answer in a section.
fn example(section: &Section, diagnostics: &mut PageDiagnostics) -> Option<ErrorExample> {
    for code in section.code() {
        let Some(value) = parsed(code, diagnostics) else {
            continue;
        };
        let error = match value.get("error") {
            Some(Value::Object(inner)) => inner.get("code"),
            error => error,
        };
        let code_on_wire = match error {
            Some(Value::String(code)) => code.clone(),
            Some(Value::Number(code)) => code.to_string(),
            _ => continue,
        };
        let message = value.get("error_description").or_else(|| value.pointer("/error/message"));
        let message = message.and_then(Value::as_str).map(str::to_owned);
        return Some(ErrorExample {
            line: code.line,
            code: code_on_wire,
            message,
            status: only_status(section),
        });
    }
    None
}

/// The status of the section, where it names exactly one.
fn only_status(section: &Section) -> Option<u16> {
    let is_labelled = |text: &&Text| status_label(&text.prose()).is_some();
    section.paragraphs().find(is_labelled).and_then(labelled_status)
}

/// The one status that a text gives behind a label.
fn labelled_status(text: &Text) -> Option<u16> {
    status_label(&text.prose()).and_then(|behind| http_status(&behind))
}

/// What stands behind the label of a status.
fn status_label(prose: &str) -> Option<String> {
    STATUS_LABELS.iter().find_map(|label| prose.strip_prefix(label).map(str::to_owned))
}

/// Whether two texts are the same message.
pub(crate) fn same_words(a: &str, b: &str) -> bool {
    !a.is_empty() && plain(a) == plain(b)
}

/// A message without what its spelling varies in from form to form.
fn plain(text: &str) -> String {
    let text = one_line(text).replace(['“', '”'], "\"").replace('’', "'");
    text.trim_end_matches('.').to_lowercase()
}

//! The errors of a method on one page, and the errors that all methods share.

mod rows;
mod statuses;

use std::collections::HashMap;

use serde_json::Value;

use crate::descriptor::{SourceForm, message_key};
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::errors::{
    HTTP_STATUS_LABEL, LOST_ERROR_CODE, SECTION_STATUS, SYSTEM_ERROR_TABLE,
};
use crate::extract::syntax::ast::{Page, Section};
use crate::extract::syntax::json::parsed;

/// The errors that a page lists, and its example of one.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    /// The rows of its tables; `None` if it has no table of errors.
    pub(crate) rows: Option<Vec<ErrorRow>>,
    pub(crate) example: Option<ErrorExample>,
    /// The codes of the rows that have one, by their words in a form without differences of spelling.
    codes: HashMap<String, String>,
    /// The statuses of the codes that have one.
    statuses: HashMap<String, u16>,
}

/// A row of a table of errors.
#[derive(Clone, Debug)]
pub(crate) struct ErrorRow {
    /// The rule that read it.
    pub(crate) rule: &'static Rule,
    pub(crate) line: usize,
    /// The code; `None` if rendering has lost it.
    pub(crate) code: Option<String>,
    pub(crate) status: Option<u16>,
    /// The status that its section gives for all errors without one.
    pub(crate) section_status: Option<u16>,
    /// The message that the portal sends with it.
    pub(crate) message: Option<String>,
    /// The words that identify the row: the message, or the description in its place.
    pub(crate) words: String,
}

/// The error response that a page shows.
#[derive(Clone, Debug)]
pub(crate) struct ErrorExample {
    pub(crate) line: usize,
    pub(crate) code: String,
    pub(crate) message: Option<String>,
    /// The only status above it.
    pub(crate) status: Option<u16>,
}

/// Extracts the errors of the method of a page.
pub(crate) fn extract(page: &Page, form: SourceForm, log: &mut PageLog) -> Errors {
    let about = |section: &&Section| matches!(section.topic(), SectionKind::Errors | SectionKind::ErrorCodes);
    let sections: Vec<&Section> = page.sections.iter().filter(about).collect();
    let example = sections.iter().find_map(|section| example(section, log));
    let mut errors = Errors { example, ..Errors::default() };
    let page_status = statuses::of_known_sections(&sections);
    let named = statuses::named(&sections);
    for section in sections {
        let Some(mut rows) = rows::of_section(section, form, errors.example.as_ref(), &named, log) else {
            continue;
        };
        let section_status = statuses::of_section(section).unwrap_or(page_status);
        for row in rows.iter_mut().filter(|row| row.status.is_none()) {
            row.section_status = section_status;
        }
        if rows.iter().any(|row| row.section_status.is_some()) {
            log.fire(&SECTION_STATUS);
        }
        errors.rows.get_or_insert_default().extend(rows);
    }
    errors.index();
    errors
}

impl Errors {
    fn index(&mut self) {
        for row in self.rows.iter().flatten() {
            let Some(code) = &row.code else { continue };
            if !row.words.is_empty() {
                self.codes.entry(message_key(&row.words)).or_insert_with(|| code.clone());
            }
            if let Some(status) = row.status {
                self.statuses.entry(code.clone()).or_insert(status);
            }
        }
    }

    /// The code of the row with these words.
    pub(crate) fn code_with_words(&self, words: &str) -> Option<String> {
        self.codes.get(&message_key(words)).cloned()
    }

    /// The status of a row with this code.
    pub(crate) fn status_of(&self, code: &str) -> Option<u16> {
        self.statuses.get(code).copied()
    }
}

/// Extracts the errors that all methods share.
pub(crate) fn extract_system(page: &Page, form: SourceForm, log: &mut PageLog) -> Vec<ErrorRow> {
    let sections = page.of_kind(SectionKind::SystemErrors);
    let rows: Vec<ErrorRow> =
        sections.filter_map(|section| rows::of_section(section, form, None, &[], log)).flatten().collect();
    if !rows.is_empty() {
        log.fire(&SYSTEM_ERROR_TABLE);
    }
    let lost = rows.iter().filter(|row| row.code.is_none()).count();
    if let (Some(first), 1..) = (rows.first(), lost) {
        log.fire(&LOST_ERROR_CODE);
        let message =
            format!("{lost} of {} system errors have lost code and status in this form", rows.len());
        log.add(first.line, message, "another form of this table, or a patch");
    }
    rows
}

/// The first error response in a section.
fn example(section: &Section, log: &mut PageLog) -> Option<ErrorExample> {
    for code in section.code() {
        let Some(value) = parsed(code, log) else {
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
        let status = statuses::of_first_label(section);
        if status.is_some() {
            log.fire(&HTTP_STATUS_LABEL);
        }
        return Some(ErrorExample { line: code.line, code: code_on_wire, message, status });
    }
    None
}

/// Whether two texts are the same message, apart from their spelling.
pub(crate) fn same_words(a: &str, b: &str) -> bool {
    !a.is_empty() && message_key(a) == message_key(b)
}

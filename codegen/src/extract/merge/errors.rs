//! The errors of a method out of several documents: those of the newest are promised, those of older ones are history.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::descriptor::{Descriptor, ErrorDescriptor};
use crate::extract::facts::PageFacts;
use crate::extract::merge::Merge;
use crate::extract::rules::errors::{ErrorRow, same_words};
use crate::extract::syntax::ast::one_line;

impl Merge<'_> {
    pub(super) fn errors(&mut self, existing: Option<&Descriptor>, system_codes: &HashSet<String>) {
        let newest = self.pages.iter().position(|told| told.errors.rows.is_some());
        let newest = newest.or_else(|| self.pages.iter().position(|told| told.errors.example.is_some()));
        let lost = newest.map_or(0, |by| self.current_errors(by, system_codes));
        self.historical(newest.unwrap_or(0), lost);
        let known: HashSet<String> = self.descriptor.errors.iter().map(|error| error.code.clone()).collect();
        let errors = &mut self.descriptor.errors;
        for error in existing.iter().flat_map(|descriptor| &descriptor.errors) {
            let is_known = match &error.message {
                // The message tells it, whichever code that says nothing stands beside it by now.
                Some(message) if UNSPECIFIC_CODES.contains(&error.code.as_str()) => {
                    errors.iter().any(|known| {
                        let of_known = known
                            .message
                            .as_deref()
                            .filter(|_| UNSPECIFIC_CODES.contains(&known.code.as_str()));
                        of_known.is_some_and(|known| letters(known) == letters(message))
                    })
                }
                _ => known.contains(&error.code),
            };
            if !is_known {
                errors.push(ErrorDescriptor { historical: true, ..error.clone() });
            }
        }
    }

    /// The errors of the newest document that lists any; the number of rows that kept no code.
    fn current_errors(&mut self, by: usize, system_codes: &HashSet<String>) -> usize {
        let Some(told) = self.pages.get(by) else {
            return 0;
        };
        let mut found: Vec<ErrorDescriptor> = Vec::new();
        let mut lost = 0;
        for row in told.errors.rows.iter().flatten() {
            let Some(code) = self.code_of(by, row) else {
                lost += 1;
                let message =
                    format!("the code of the error \"{}\" is lost in this form", shortened(&row.words));
                self.warn(by, row.line, message, "another form of this page, or a patch");
                continue;
            };
            let status = row.status.or_else(|| self.status_of(by, &code));
            found.push(ErrorDescriptor { code, status, message: row.message.clone(), historical: false });
        }
        if let Some(example) = &told.errors.example {
            let listed = found.iter().any(|error| error.code.eq_ignore_ascii_case(&example.code));
            if example.code.contains(char::is_whitespace) {
                let message = "the example shows a sentence as the code of an error";
                self.warn(by, example.line, message, "the code; it was not used");
            } else if !listed
                && !system_codes.contains(&example.code.to_lowercase())
                && !example.code.is_empty()
            {
                let message = example.message.clone();
                found.push(ErrorDescriptor {
                    code: example.code.clone(),
                    status: example.status,
                    message,
                    historical: false,
                });
            }
        }
        if !found.is_empty() {
            self.credit(by, "errors");
        }
        self.descriptor.errors = distinct(found);
        lost
    }

    /// The code of a row: its own, that of the example with the same message, or that of another form's row with the same
    /// words.
    fn code_of(&mut self, by: usize, row: &ErrorRow) -> Option<String> {
        if row.code.is_some() {
            return row.code.clone();
        }
        let example = self.pages.get(by)?.errors.example.as_ref();
        let shown = example.filter(|example| {
            example.message.as_ref().is_some_and(|message| same_words(message, &row.words))
        });
        if let Some(example) = shown {
            return Some(example.code.clone());
        }
        let same = |told: &PageFacts| told.errors.code_with_words(&row.words);
        let (other, code) = self.first(same)?;
        self.credit(other, format!("errors/{code}"));
        Some(code)
    }

    /// The status that comes with a code: that of the example, or that of another form's row.
    fn status_of(&mut self, by: usize, code: &str) -> Option<u16> {
        let example = self.pages.get(by)?.errors.example.as_ref().filter(|example| example.code == code);
        if let Some(status) = example.and_then(|example| example.status) {
            return Some(status);
        }
        let row = |told: &PageFacts| told.errors.status_of(code);
        let (other, status) = self.first(row)?;
        self.credit(other, format!("errors/{code}/status"));
        Some(status)
    }

    /// Codes that only older documents list.
    fn historical(&mut self, newest: usize, lost: usize) {
        let mut known: HashSet<String> =
            self.descriptor.errors.iter().map(|error| error.code.to_lowercase()).collect();
        let mut older = Vec::new();
        for (by, told) in self.pages.iter().enumerate().skip(newest + 1) {
            for row in told.errors.rows.iter().flatten() {
                let Some(code) = row.code.as_ref().filter(|code| !code.is_empty()) else {
                    continue;
                };
                if known.insert(code.to_lowercase()) {
                    older.push((by, row.line, code.clone(), row.status));
                }
            }
        }
        for (by, line, code, status) in older {
            if lost > 0 {
                let message = format!(
                    "{code} is kept as historical, but may be one of the {lost} codes that the newer form has lost"
                );
                self.warn(by, line, message, "the codes of the newer page, or a patch");
            }
            self.credit(by, format!("errors/{code}"));
            self.descriptor.errors.push(ErrorDescriptor { code, status, message: None, historical: true });
        }
    }
}

/// One entry for each code, without a message and with the status on which its rows agree. Where the code says nothing,
/// an entry for each message of its own stands beside it.
fn distinct(found: Vec<ErrorDescriptor>) -> Vec<ErrorDescriptor> {
    let mut by_code: IndexMap<String, Vec<ErrorDescriptor>> = IndexMap::new();
    for error in found {
        by_code.entry(error.code.to_lowercase()).or_default().push(error);
    }
    // What differs from another error in case and punctuation alone does not tell it apart.
    let mut told: HashSet<String> = by_code.keys().map(|code| letters(code)).collect();
    let mut kept = Vec::new();
    for errors in by_code.into_values() {
        let Some(first) = errors.first().cloned() else { continue };
        let mut messages = IndexMap::<String, Vec<Option<u16>>>::new();
        if UNSPECIFIC_CODES.contains(&first.code.as_str()) {
            for error in &errors {
                if let Some(message) = error.message.as_deref().filter(|message| is_literal(message)) {
                    messages.entry(one_line(message)).or_default().push(error.status);
                }
            }
        }
        for (message, statuses) in messages {
            if !told.insert(letters(&message)) {
                continue;
            }
            let (code, status) = (first.code.clone(), agreed(&statuses));
            kept.push(ErrorDescriptor { code, status, message: Some(message), historical: false });
        }
        let statuses: Vec<_> = errors.iter().map(|error| error.status).collect();
        kept.push(ErrorDescriptor { message: None, status: agreed(&statuses), ..first });
    }
    kept
}

/// The letters and digits of a text, without case.
fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Codes that say nothing of the error: none, and the numbers that the portal gives to errors without a code.
const UNSPECIFIC_CODES: &[&str] = &["", "0", "100"];

/// The status that all have.
fn agreed(statuses: &[Option<u16>]) -> Option<u16> {
    let first = statuses.first().copied().flatten();
    first.filter(|_| statuses.iter().all(|status| *status == first))
}

/// Whether the portal sends a message in these very words: nothing in it is filled in, names a thing or counts.
fn is_literal(message: &str) -> bool {
    const FILLED_IN: [char; 14] = ['<', '>', '{', '}', '[', ']', '#', '%', '$', '`', '*', '…', '"', '_'];
    !message.contains("...")
        && !message.contains(|c: char| c.is_ascii_digit() || c.is_control() || FILLED_IN.contains(&c))
        && message.contains(char::is_alphabetic)
}

/// The words of a row as they are quoted in a report.
fn shortened(words: &str) -> String {
    const LENGTH: usize = 80;
    match words.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words.to_owned(),
    }
}

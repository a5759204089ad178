//! The errors of a method out of several documents: those of the newest are promised, those of older ones are history.

use std::collections::HashSet;

use super::Merge;
use crate::descriptor::{Descriptor, ErrorDescriptor};
use crate::import::errors::{ErrorRow, same_words};
use crate::import::testimony::Testimony;

impl Merge<'_> {
    pub(super) fn errors(&mut self, existing: Option<&Descriptor>, system_codes: &HashSet<String>) {
        let newest = self.testimonies.iter().position(|told| told.errors.rows.is_some());
        let newest =
            newest.or_else(|| self.testimonies.iter().position(|told| told.errors.example.is_some()));
        let lost = newest.map_or(0, |by| self.promised(by, system_codes));
        self.historical(newest.unwrap_or(0), lost);
        let known: HashSet<String> = self.descriptor.errors.iter().map(|error| error.code.clone()).collect();
        let errors = &mut self.descriptor.errors;
        for error in existing.iter().flat_map(|descriptor| &descriptor.errors) {
            let is_known = match error.code.as_str() {
                "" => errors.iter().any(|known| known.code.is_empty() && known.message == error.message),
                code => known.contains(code),
            };
            if !is_known {
                errors.push(ErrorDescriptor { historical: true, ..error.clone() });
            }
        }
    }

    /// The errors of the newest document that lists any; the number of rows that kept no code.
    fn promised(&mut self, by: usize, system_codes: &HashSet<String>) -> usize {
        let Some(told) = self.testimonies.get(by) else {
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
            if code.is_empty() && row.message.is_none() {
                self.warn(
                    by,
                    row.line,
                    "this error has neither a code nor a message",
                    "one of them; it was not used",
                );
                continue;
            }
            let status = row.status.or_else(|| self.status_of(by, &code));
            found.push(ErrorDescriptor { code, status, message: row.message.clone(), historical: false });
        }
        if let Some(example) = &told.errors.example {
            let listed = found.iter().any(|error| error.code.eq_ignore_ascii_case(&example.code));
            if !listed && !system_codes.contains(&example.code.to_lowercase()) && !example.code.is_empty() {
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
            self.page_gave(by, "errors");
        }
        self.descriptor.errors = told_apart(found);
        lost
    }

    /// The code of a row: its own, that of the example with the same message, or that of another form's row with the same
    /// words.
    fn code_of(&mut self, by: usize, row: &ErrorRow) -> Option<String> {
        if row.code.is_some() {
            return row.code.clone();
        }
        let example = self.testimonies.get(by)?.errors.example.as_ref();
        let shown = example.filter(|example| {
            example.message.as_ref().is_some_and(|message| same_words(message, &row.words))
        });
        if let Some(example) = shown {
            return Some(example.code.clone());
        }
        let same = |told: &Testimony| told.errors.code_with_words(&row.words);
        let (other, code) = self.first(same)?;
        self.page_gave(other, format!("errors/{code}"));
        Some(code)
    }

    /// The status that comes with a code: that of the example, or that of another form's row.
    fn status_of(&mut self, by: usize, code: &str) -> Option<u16> {
        let example =
            self.testimonies.get(by)?.errors.example.as_ref().filter(|example| example.code == code);
        if let Some(status) = example.and_then(|example| example.status) {
            return Some(status);
        }
        let row = |told: &Testimony| told.errors.status_of(code);
        let (other, status) = self.first(row)?;
        self.page_gave(other, format!("errors/{code}/status"));
        Some(status)
    }

    /// Codes that only older documents list.
    fn historical(&mut self, newest: usize, lost: usize) {
        let mut known: HashSet<String> =
            self.descriptor.errors.iter().map(|error| error.code.to_lowercase()).collect();
        let mut older = Vec::new();
        for (by, told) in self.testimonies.iter().enumerate().skip(newest + 1) {
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
            self.page_gave(by, format!("errors/{code}"));
            self.descriptor.errors.push(ErrorDescriptor { code, status, message: None, historical: true });
        }
    }
}

/// Keeps the messages only where the code alone does not tell errors apart, and each error once.
fn told_apart(found: Vec<ErrorDescriptor>) -> Vec<ErrorDescriptor> {
    let mut seen = HashSet::new();
    let mut kept: Vec<ErrorDescriptor> = Vec::new();
    for error in found {
        if seen.insert((error.code.clone(), error.message.clone())) {
            kept.push(error);
        }
    }
    let mut times = std::collections::HashMap::new();
    kept.iter().for_each(|error| *times.entry(error.code.clone()).or_insert(0) += 1);
    for error in &mut kept {
        if !error.code.is_empty() && times.get(&error.code) == Some(&1) {
            error.message = None;
        }
    }
    kept
}

/// The words of a row as they are quoted in a report.
fn shortened(words: &str) -> String {
    const LENGTH: usize = 80;
    match words.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words.to_owned(),
    }
}

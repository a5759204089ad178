//! The errors of a method out of several documents: the newest list is current, errors of older lists are historical.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::descriptor::{Api, Descriptor, ErrorDescriptor, message_key, tidy_message};
use crate::extract::evidence::Leaf;
use crate::extract::facts::PageFacts;
use crate::extract::ledger::Ledger;
use crate::extract::merge::Merge;
use crate::extract::merge::known_errors::{KnownErrors, is_number, is_unspecific};
use crate::extract::register::errors::{
    ERROR_EXAMPLE, ERRORS_BY_MESSAGE, HISTORICAL_ERROR, LOST_ERROR_CODE, NAME_OF_A_NUMBER, SAME_CODE_TWICE,
    SENTENCE_AS_CODE, STATUS_IN_REST_3, SYSTEM_CODE_IN_AN_EXAMPLE,
};
use crate::extract::rules::errors::{ErrorExample, ErrorRow, same_words};

impl Merge<'_> {
    pub(super) fn errors(&mut self, existing: Option<&Descriptor>, known_errors: &KnownErrors) {
        let newest = self.pages.iter().position(|facts| facts.errors.rows.is_some());
        let newest = newest.or_else(|| self.pages.iter().position(|facts| facts.errors.example.is_some()));
        let lost = newest.map_or(0, |by| self.current_errors(by, known_errors));
        self.historical(newest.unwrap_or(0), lost);
        let known: HashSet<String> = self.descriptor.errors.iter().map(|error| error.code.clone()).collect();
        for error in existing.iter().flat_map(|descriptor| &descriptor.errors) {
            let is_known = match &error.message {
                // The message identifies it, whichever unspecific code is beside it now.
                Some(message) if is_unspecific(&error.code) => {
                    self.has_message(message) || newest.is_some_and(|by| self.is_shown(by, message))
                }
                None if error.code.is_empty() => {
                    known.contains("") || newest.is_some_and(|by| self.have_codes_now(by, existing))
                }
                _ => known.contains(&error.code) || self.is_of_system_now(&error.code, known_errors),
            };
            if !is_known {
                self.ledger.claim(&HISTORICAL_ERROR, 0, || leaf(&error.code), true);
                self.descriptor.errors.push(ErrorDescriptor { historical: true, ..error.clone() });
            }
        }
        self.error_names(existing, known_errors);
    }

    /// Names the errors whose codes are numbers.
    fn error_names(&mut self, existing: Option<&Descriptor>, known_errors: &KnownErrors) {
        let method = &self.descriptor.method;
        for error in self.descriptor.errors.iter_mut().filter(|error| is_number(&error.code)) {
            error.name = known_errors.name(method, &error.code, existing);
            if let Some(name) = &error.name {
                let leaf = || Leaf { names: vec!["errors".to_owned(), error.code.clone()], keyword: "name" };
                self.ledger.claim(&NAME_OF_A_NUMBER, 0, leaf, name);
            }
        }
    }

    /// Whether only an example shows the code, which the system has by now.
    fn is_of_system_now(&self, code: &str, known_errors: &KnownErrors) -> bool {
        let mut examples = self.pages.iter().filter_map(|facts| facts.errors.example.as_ref());
        known_errors.system_codes.contains(&code.to_lowercase())
            && examples.any(|example| example.code.eq_ignore_ascii_case(code))
    }

    /// Whether a document lists all errors with a code that had none in an earlier import: numbers that were taken for statuses.
    fn have_codes_now(&self, by: usize, existing: Option<&Descriptor>) -> bool {
        let errors = existing.iter().flat_map(|descriptor| &descriptor.errors);
        let mut messages = errors
            .filter(|error| error.code.is_empty())
            .filter_map(|error| error.message.as_deref())
            .peekable();
        messages.peek().is_some() && messages.all(|message| self.is_shown(by, message))
    }

    /// Whether a document lists an error with this message, under whichever code.
    fn is_shown(&self, by: usize, message: &str) -> bool {
        let rows = self.pages.get(by).into_iter().flat_map(|facts| facts.errors.rows.iter().flatten());
        let mut messages = rows.filter_map(|row| row.message.as_deref());
        messages.any(|known| message_key(known) == message_key(message))
    }

    /// Whether an error with an unspecific code has this message.
    fn has_message(&self, message: &str) -> bool {
        let unspecific = self.descriptor.errors.iter().filter(|known| is_unspecific(&known.code));
        let mut messages = unspecific.filter_map(|known| known.message.as_deref());
        messages.any(|known| message_key(known) == message_key(message))
    }

    /// The errors of the newest document that lists any. Returns the number of rows without a code.
    fn current_errors(&mut self, by: usize, known_errors: &KnownErrors) -> usize {
        let Some(facts) = self.pages.get(by) else {
            return 0;
        };
        let mut found: Vec<ErrorDescriptor> = Vec::new();
        let mut lost = 0;
        for row in facts.errors.rows.iter().flatten() {
            let Some(code) = self.code_of(by, row) else {
                lost += 1;
                let message =
                    format!("the code of the error \"{}\" is lost in this form", shortened(&row.words));
                self.warn(by, row.line, message, "another form of this page, or a patch");
                continue;
            };
            let status = row.status.or_else(|| self.status_of(by, &code, row.section_status, known_errors));
            self.claim(by, row.rule, row.line, leaf(&code), (status, &row.message));
            found.push(ErrorDescriptor { code, status, message: row.message.clone(), ..Default::default() });
        }
        if let Some(example) = &facts.errors.example {
            let listed = found.iter().any(|error| error.code.eq_ignore_ascii_case(&example.code));
            found.extend(self.error_of_example(by, example, listed, known_errors));
        }
        if !found.is_empty() {
            self.credit(by, "errors");
        }
        self.descriptor.errors = distinct(found, &mut self.ledger);
        lost
    }

    /// The error that an example adds to those of the tables.
    fn error_of_example(
        &mut self,
        by: usize,
        example: &ErrorExample,
        is_listed: bool,
        known_errors: &KnownErrors,
    ) -> Option<ErrorDescriptor> {
        let ErrorExample { line, code, message, status } = example;
        if code.contains(char::is_whitespace) {
            self.ledger.fire(&SENTENCE_AS_CODE);
            let message = "the example shows a sentence as the code of an error";
            self.warn(by, *line, message, "the code; it was not used");
            return None;
        }
        if is_listed || code.is_empty() {
            return None;
        }
        if known_errors.system_codes.contains(&code.to_lowercase()) {
            self.ledger.fire(&SYSTEM_CODE_IN_AN_EXAMPLE);
            return None;
        }
        self.claim(by, &ERROR_EXAMPLE, *line, leaf(code), (status, message));
        let (code, message) = (code.clone(), message.clone());
        Some(ErrorDescriptor { code, status: *status, message, ..Default::default() })
    }

    /// The code of a row. A lost code is that of the example with the same message, or that of another form's row with the
    /// same words.
    fn code_of(&mut self, by: usize, row: &ErrorRow) -> Option<String> {
        if row.code.is_some() {
            return row.code.clone();
        }
        self.ledger.fire(&LOST_ERROR_CODE);
        let example = self.pages.get(by)?.errors.example.as_ref();
        let shown = example.filter(|example| {
            example.message.as_ref().is_some_and(|message| same_words(message, &row.words))
        });
        if let Some(example) = shown {
            return Some(example.code.clone());
        }
        let same = |facts: &PageFacts| facts.errors.code_with_words(&row.words);
        let (other, code) = self.first(same)?;
        self.credit(other, format!("errors/{code}"));
        Some(code)
    }

    /// The status of a code without one: that of the example, of the code in REST 3, of the section, or of another form's row.
    fn status_of(
        &mut self,
        by: usize,
        code: &str,
        of_section: Option<u16>,
        known_errors: &KnownErrors,
    ) -> Option<u16> {
        let example = self.pages.get(by)?.errors.example.as_ref().filter(|example| example.code == code);
        if let Some(example) = example.filter(|example| example.status.is_some()) {
            self.ledger.fire(&ERROR_EXAMPLE);
            return example.status;
        }
        if self.descriptor.api == Api::V3
            && let Some(status) = known_errors.status_in_rest_3(code)
        {
            self.ledger.fire(&STATUS_IN_REST_3);
            return Some(status);
        }
        if of_section.is_some() {
            return of_section;
        }
        let row = |facts: &PageFacts| facts.errors.status_of(code);
        let (other, status) = self.first(row)?;
        self.credit(other, format!("errors/{code}/status"));
        Some(status)
    }

    /// Codes that only older documents list.
    fn historical(&mut self, newest: usize, lost: usize) {
        let mut known: HashSet<String> =
            self.descriptor.errors.iter().map(|error| error.code.to_lowercase()).collect();
        let mut older = Vec::new();
        for (by, facts) in self.pages.iter().enumerate().skip(newest + 1) {
            for row in facts.errors.rows.iter().flatten() {
                let Some(code) = row.code.as_ref().filter(|code| !code.is_empty()) else {
                    continue;
                };
                if known.insert(code.to_lowercase()) {
                    older.push((by, row.line, code.clone(), row.status.or(row.section_status)));
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
            self.claim(by, &HISTORICAL_ERROR, line, leaf(&code), true);
            self.credit(by, format!("errors/{code}"));
            self.descriptor.errors.push(ErrorDescriptor {
                code,
                status,
                historical: true,
                ..Default::default()
            });
        }
    }
}

/// The leaf of an error.
fn leaf(code: &str) -> Leaf {
    Leaf { names: vec!["errors".to_owned(), code.to_owned()], keyword: "" }
}

/// One entry for each code, without a message and with the status on which its rows agree. An unspecific code has in addition
/// an entry for each literal message.
fn distinct(found: Vec<ErrorDescriptor>, ledger: &mut Ledger) -> Vec<ErrorDescriptor> {
    let mut by_code: IndexMap<String, Vec<ErrorDescriptor>> = IndexMap::new();
    for error in found {
        by_code.entry(error.code.to_lowercase()).or_default().push(error);
    }
    // A difference in case and punctuation alone does not distinguish two errors.
    let mut seen: HashSet<String> = by_code.keys().map(|code| message_key(code)).collect();
    let mut kept = Vec::new();
    for errors in by_code.into_values() {
        let Some(first) = errors.first().cloned() else { continue };
        let by_message = if is_unspecific(&first.code) { by_message(&errors) } else { IndexMap::new() };
        for (message, statuses) in by_message {
            if !seen.insert(message_key(&message)) {
                continue;
            }
            let (code, status) = (first.code.clone(), agreed(&statuses));
            ledger.claim(&ERRORS_BY_MESSAGE, 0, || leaf(&code), &message);
            kept.push(ErrorDescriptor { code, status, message: Some(message), ..Default::default() });
        }
        if errors.len() > 1 {
            ledger.fire(&SAME_CODE_TWICE);
        }
        let statuses: Vec<_> = errors.iter().map(|error| error.status).collect();
        kept.push(ErrorDescriptor { message: None, status: agreed(&statuses), ..first });
    }
    kept
}

/// The literal messages of errors, each with its statuses.
fn by_message(errors: &[ErrorDescriptor]) -> IndexMap<String, Vec<Option<u16>>> {
    let mut statuses = IndexMap::<String, Vec<Option<u16>>>::new();
    for error in errors {
        if let Some(message) = error.message.as_deref().filter(|message| is_literal(message)) {
            statuses.entry(tidy_message(message)).or_default().push(error.status);
        }
    }
    statuses
}

/// The status of all, if it is the same.
fn agreed(statuses: &[Option<u16>]) -> Option<u16> {
    let first = statuses.first().copied().flatten();
    first.filter(|_| statuses.iter().all(|status| *status == first))
}

/// Whether the portal always sends a message in these words: it has no placeholder, name or number.
fn is_literal(message: &str) -> bool {
    const FILLED_IN: [char; 14] = ['<', '>', '{', '}', '[', ']', '#', '%', '$', '`', '*', '…', '"', '_'];
    !message.contains("...")
        && !message.contains(|c: char| c.is_ascii_digit() || c.is_control() || FILLED_IN.contains(&c))
        && message.contains(char::is_alphabetic)
}

/// The words of a row, shortened for a diagnostic.
fn shortened(words: &str) -> String {
    const LENGTH: usize = 80;
    match words.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words.to_owned(),
    }
}

//! Checks the codes of error tables against the descriptor and the generated enumeration.

use std::collections::HashSet;

use super::{Attribution, Checker, Kind};
use crate::descriptor::{Descriptor, ErrorDescriptor};
use crate::extract::{DocumentedError, MethodExamples};

impl Checker<'_> {
    /// Checks each documented error once.
    pub(super) fn check_errors(&mut self, examples: &MethodExamples, descriptor: &Descriptor) {
        let mut seen = HashSet::new();
        for error in &examples.errors {
            if seen.insert((error.code.to_lowercase(), distinguishing_message(descriptor, error))) {
                self.check_error(examples, descriptor, error);
            }
        }
    }

    fn check_error(&mut self, examples: &MethodExamples, descriptor: &Descriptor, error: &DocumentedError) {
        self.found.totals.errors.all += 1;
        let shown = match &error.message {
            Some(message) if error.code.is_empty() => format!("\"\" with the message {message:?}"),
            _ => error.code.clone(),
        };
        let by_message = |known: &&ErrorDescriptor| {
            is_same(known, error)
                && known.message.as_deref().map(normalize) == error.message.as_deref().map(normalize)
        };
        let by_code = || descriptor.errors.iter().find(|known| is_same(known, error));
        let Some(known) = descriptor.errors.iter().find(by_message).or_else(by_code) else {
            if self.index.is_of_system(&error.code) {
                self.found.totals.errors.fit += 1;
                return;
            }
            let what = format!("the descriptor has no error {shown}");
            return self.report(examples, error.line, Kind::ErrorCode, &error.code, what, Attribution::Spec);
        };
        let message = known.message.as_deref().unwrap_or_default();
        if self.types.knows_error(examples.api, &examples.method, &known.code, message) == Some(true) {
            self.found.totals.errors.fit += 1;
        } else {
            let what = format!("the generated enumeration has no variant for {shown}");
            self.report(examples, error.line, Kind::Generated, &error.code, what, Attribution::Spec);
        }
    }
}

/// The message, if it distinguishes the error and not the code.
fn distinguishing_message(descriptor: &Descriptor, error: &DocumentedError) -> Option<String> {
    let message = || error.message.as_deref().map(normalize);
    let by_message = |known: &ErrorDescriptor| known.code == error.code && known.message.is_some();
    if error.code.is_empty() || descriptor.errors.iter().any(by_message) { message() } else { None }
}

/// Whether an error of the descriptor has the code of a row. Messages that are no literals have no separate entry, so that their
/// code identifies them.
fn is_same(known: &ErrorDescriptor, error: &DocumentedError) -> bool {
    known.code.eq_ignore_ascii_case(&error.code)
}

/// Normalizes white space, case and the final full stop of a message.
fn normalize(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().collect();
    words.join(" ").trim_end_matches('.').to_lowercase()
}

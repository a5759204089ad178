//! The mismatches of one result.

use std::slice;

use super::mismatch::{Mismatch, PathStep};

/// How many mismatches are kept: a bound on the memory that a large result of another shape costs.
const MAX: usize = 1_000;

/// The mismatches that were found while a result was decoded, in the order of the fields. Only the first 1,000 are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mismatches(Vec<Mismatch>);

impl Mismatches {
    /// No mismatches.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Appends a mismatch, whose path starts in the value that is being decoded. It is dropped if there are 1,000 already.
    #[cold]
    pub fn push(&mut self, mismatch: Mismatch) {
        if self.0.len() < MAX {
            self.0.push(mismatch);
        }
    }

    /// The mismatches.
    pub fn as_slice(&self) -> &[Mismatch] {
        &self.0
    }

    /// The mismatches, one after another.
    pub fn iter(&self) -> slice::Iter<'_, Mismatch> {
        self.0.iter()
    }

    /// The number of mismatches.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether everything fits.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Removes all but the first `len` mismatches.
    pub(super) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// Extends the paths of all but the first `len` mismatches by the step to the part that was just decoded.
    #[cold]
    pub(super) fn extend_paths(&mut self, len: usize, step: &PathStep) {
        for mismatch in self.0.iter_mut().skip(len) {
            mismatch.extend_path(step.clone());
        }
    }

    /// Passes every text of the portal through `redact_text`, which removes secrets.
    pub fn redact(&mut self, redact_text: &dyn Fn(&str) -> String) {
        for mismatch in &mut self.0 {
            mismatch.redact(redact_text);
        }
    }
}

impl IntoIterator for Mismatches {
    type Item = Mismatch;
    type IntoIter = std::vec::IntoIter<Mismatch>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Mismatches {
    type Item = &'a Mismatch;
    type IntoIter = slice::Iter<'a, Mismatch>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn the_first_mismatches_are_kept() {
        let mut mismatches = Mismatches::new();
        for index in 0..MAX + 5 {
            mismatches.push(Mismatch::missing("ID").at(index));
        }
        assert_eq!(mismatches.len(), MAX);
        assert_eq!(mismatches.as_slice().last().map(Mismatch::path).as_deref(), Some("[999].ID"));
    }

    #[test]
    fn a_step_is_shared_by_the_mismatches_of_its_part() {
        let key: Arc<str> = "zebra".into();
        let mut mismatches = Mismatches::new();
        for field in ["ID", "NAME"] {
            mismatches.push(Mismatch::missing(field));
        }
        mismatches.extend_paths(1, &PathStep::Key(key.clone()));
        mismatches.extend_paths(0, &PathStep::Key(key.clone()));
        assert_eq!(
            mismatches.iter().map(Mismatch::path).collect::<Vec<_>>(),
            ["zebra.ID", "zebra.zebra.NAME"]
        );
        assert_eq!(Arc::strong_count(&key), 4);
    }
}

//! The options of an import.

use crate::descriptor::Api;
use crate::recorded::Recorded;

/// Called after each document that is extracted, from any thread.
pub type Progress<'a> = &'a (dyn Fn() + Sync);

/// The options of an import.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Called after each document that is extracted, from any thread.
    pub progress: Progress<'a>,
    /// The method whose evidence is kept, compared without case.
    pub explain: Option<(Api, &'a str)>,
    /// Recorded traffic, whose results are further examples.
    pub recorded: &'a [Recorded],
    /// Whether a patch that does not fit the documents is an error. Default: a warning.
    pub strict: bool,
    /// Whether parameters have the types that the documents give, whatever the earlier spec has. Default: false. Callers may break.
    pub thaw: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { progress: &|| {}, explain: None, recorded: &[], strict: false, thaw: false }
    }
}

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
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { progress: &|| {}, explain: None, recorded: &[] }
    }
}

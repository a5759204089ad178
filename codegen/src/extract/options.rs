//! The options of an import.

use crate::descriptor::{Api, Event};
use crate::recorded::Recorded;

/// Called after each document that is extracted, from any thread.
pub type Progress<'a> = &'a (dyn Fn() + Sync);

/// The options of an import.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Called after each document that is extracted, from any thread.
    pub progress: Progress<'a>,
    /// The method or the event whose evidence is kept, compared without case.
    pub explain: Option<(Api, &'a str)>,
    /// The events of the earlier spec.
    pub events: &'a [Event],
    /// Recorded traffic, whose results are further examples.
    pub recorded: &'a [Recorded],
    /// Whether a patch that does not fit the documents is an error. Default: a warning.
    pub strict: bool,
    /// Whether parameters have the types that the documents give, whatever the earlier spec has. Default: false. Callers may break.
    pub thaw: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { progress: &|| {}, explain: None, events: &[], recorded: &[], strict: false, thaw: false }
    }
}

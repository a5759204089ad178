//! How an import is run.

use crate::descriptor::Api;

/// Called whenever another document is extracted, from whichever thread heard it.
pub type Progress<'a> = &'a (dyn Fn() + Sync);

/// How an import is run.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Called whenever another document has been read, from any thread.
    pub progress: Progress<'a>,
    /// The method whose evidence is kept, compared without case.
    pub explain: Option<(Api, &'a str)>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { progress: &|| {}, explain: None }
    }
}

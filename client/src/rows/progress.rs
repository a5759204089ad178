//! The progress of a long list.

/// The progress of a list, reported after each response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many rows have arrived, including those of the last response, which the stream yields next.
    pub rows: u64,
    /// How many requests have been completed; a batch is one request.
    pub requests: u64,
    /// How many rows the list has, if the portal has counted them. It counts none when the list is read by identifier.
    pub total: Option<u64>,
}

/// The caller's function for progress.
pub(crate) type ProgressCallback = Box<dyn FnMut(Progress) + Send>;

//! How far a long listing has come.

/// How far a listing has come, told after each answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many rows have come, with those of the last answer, which the stream is about to give.
    pub rows: u64,
    /// How many requests have been answered; a batch is one.
    pub requests: u64,
    /// How many rows the list has, where the portal has counted them. By identifier it counts none.
    pub total: Option<u64>,
}

/// Who is told of progress.
pub(crate) type Watch = Box<dyn FnMut(Progress) + Send>;

//! The direction of identifiers.

/// The order of identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    /// Whether `number` comes after `last`.
    pub(super) fn is_after(self, number: i64, last: i64) -> bool {
        match self {
            Self::Ascending => number > last,
            Self::Descending => number < last,
        }
    }
}

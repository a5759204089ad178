//! The range of identifiers whose rows have not been received.

use super::direction::Direction;

/// The identifiers above `low`, and up to `high`, which is a row that existed at the start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct IdRange {
    pub(super) low: i64,
    pub(super) high: i64,
}

impl IdRange {
    /// The number of identifiers in the range.
    pub(super) fn len(self) -> u64 {
        if self.is_empty() { 0 } else { self.high.abs_diff(self.low) }
    }

    pub(super) fn is_empty(self) -> bool {
        self.low >= self.high
    }

    /// The rest of the range after one direction has reached `reached`.
    pub(super) fn shrink(self, direction: Direction, reached: i64) -> Self {
        match direction {
            Direction::Ascending => Self { low: self.low.max(reached), ..self },
            Direction::Descending => Self { high: self.high.min(reached), ..self },
        }
    }
}

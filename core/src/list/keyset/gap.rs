//! The identifiers whose rows have not come yet.

use super::Direction;

/// What lies between the rows that were given from below and the end: above `low`, and up to `high`, which is a row that was
/// there at the beginning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Gap {
    pub(super) low: i64,
    pub(super) high: i64,
}

impl Gap {
    /// How many identifiers are in it.
    pub(super) fn identifiers(self) -> u64 {
        if self.is_closed() { 0 } else { self.high.abs_diff(self.low) }
    }

    pub(super) fn is_closed(self) -> bool {
        self.low >= self.high
    }

    /// What is left of it when a walker has come as far as `reached`.
    pub(super) fn without(self, direction: Direction, reached: i64) -> Self {
        match direction {
            Direction::Up => Self { low: self.low.max(reached), ..self },
            Direction::Down => Self { high: self.high.min(reached), ..self },
        }
    }
}

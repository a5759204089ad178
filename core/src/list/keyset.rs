//! Long lists by ascending identifier: without counting, and fifty pages in a request.
//!
//! A page by number costs the portal a count of all rows each time, and rows that come or go meanwhile shift the pages behind
//! them. A page of the rows above the last identifier costs neither. Each page needs the last identifier of the one before, and
//! a batch can say that without waiting for it: `filter[>ID]=$result[…][49][ID]`.
//!
//! **The first request** is a batch of two: the first page from below, and one from above, which tells the highest identifier.
//! That is where the walk ends: it is not over because a page is short, but because it has come to the row that was the last
//! one at the beginning, or because nothing is there any more. It also tells how much is left, so that a short list does not
//! cost fifty queries (`density.rs`). A plain page as the first request would be one query less for lists of one page, and then
//! either one request more or, for a list of sixty rows, forty-eight queries for nothing.
//!
//! **Two walkers** halve the time where order does not matter: one from below, one from above. The second is sent only as long
//! as more is left than a few batches, so that they do not both ask for the same rows in the end.

mod answers;
mod climb;
mod density;
mod gap;
mod query;
mod request;
mod walk;

pub use answers::Given;
pub use request::Ask;
pub use walk::ById;

/// Which way identifiers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

impl Direction {
    /// Whether `number` is one that comes behind `last`.
    fn is_beyond(self, number: i64, last: i64) -> bool {
        match self {
            Self::Up => number > last,
            Self::Down => number < last,
        }
    }
}

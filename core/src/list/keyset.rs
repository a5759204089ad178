//! Long lists by ascending identifier: without counting, and with fifty pages in a request.
//!
//! A page by number makes the portal count all rows each time, and rows that are added or deleted meanwhile shift the following
//! pages. A page of the rows above the last identifier does neither. Each page needs the last identifier of the previous one, and
//! a batch can refer to it without waiting: `filter[>ID]=$result[…][49][ID]`.
//!
//! **The first request** is a batch of two: the first page in ascending order, and one in descending order, which contains the
//! highest identifier. The list ends at that row, not at a short page, or when no rows are left. The highest identifier also
//! tells how much is left, so that a short list does not cost fifty queries (`row_density.rs`). A single page as the first
//! request would save one query for lists of one page, and would cost one more request for longer ones, or forty-eight
//! unnecessary queries for a list of sixty rows.
//!
//! **Two directions** halve the time if order does not matter: one ascending, one descending. The descending one is used only while
//! more than a few batches are left, so that both do not request the same rows at the end.

mod direction;
mod id_range;
mod ordered_rows;
mod paginator;
mod query_template;
mod request;
mod responses;
mod row_density;

pub use paginator::KeysetPaginator;
pub use request::PageRequest;
pub use responses::ReceivedRows;

//! Lists with several pages: the request for the next page, and the detection of incomplete lists.

mod incomplete;
mod keyset;
mod nested_param;
mod overlap_filter;
mod page_cursor;
mod page_summary;
mod paginator;
mod param_names;
mod rows;

pub use crate::system::PAGE_ROWS;
pub use keyset::{KeysetPaginator, PageRequest, ReceivedRows};
pub use overlap_filter::OverlapFilter;
pub use paginator::{PageOutcome, Paginator};
pub use rows::{mismatch_in_row, rows_of};

//! Cursors for lists whose responses count all rows: by `total` and `next`, or by `total` alone.

use super::next_page::{NextPage, ends};
use crate::list::page_summary::PageSummary;
use crate::system::PAGE_ROWS;

/// The number of rows of a full page in REST 2, for methods with `start`.
const FULL_PAGE: u64 = PAGE_ROWS as u64;

/// A cursor by `start`: the next `start` is the last `next`.
#[derive(Debug)]
pub(in crate::list) struct StartCursor {
    pub(super) position: Option<u64>,
    /// Whether more rows may be requested although the response does not announce any: `start` must be the offset for that.
    pub(super) may_probe: bool,
    /// The number of consecutive pages without rows.
    pub(super) empty_pages: u32,
}

/// The maximum number of consecutive pages without rows: a method may hide rows after it has counted them.
const MAX_EMPTY: u32 = 20;

/// The number of rows that are read beyond a `total` that cannot be trusted, before a list counts as endless.
const MAX_BEYOND: u64 = 2_000 * FULL_PAGE;

impl StartCursor {
    pub(super) fn new(position: Option<u64>, may_probe: bool) -> Self {
        Self { position, may_probe, empty_pages: 0 }
    }

    /// Advances after a page of a method with `next`: its presence decides, and 0 is an offset like any other.
    pub(super) fn advance(&mut self, page: &PageSummary<'_>) -> Result<Option<NextPage>, String> {
        let start = self.position.unwrap_or(0);
        let received = start.saturating_add(page.rows.unwrap_or(0));
        self.empty_pages = if page.is_empty() { self.empty_pages + 1 } else { 0 };
        if self.empty_pages > MAX_EMPTY {
            return Err(format!("{MAX_EMPTY} pages in a row have no rows and announce another page"));
        }
        // Some methods never count further than a full page.
        let total = page.total.filter(|total| *total > FULL_PAGE);
        let (next, is_probe) = match (page.next, page.total, page.rows) {
            // All rows were read.
            (Some(_), _, Some(0)) if total.is_some_and(|total| start >= total) => return Ok(None),
            (Some(_), _, _) if is_beyond(start, total, page.total) => {
                let total = page.total.unwrap_or_default();
                return Err(format!(
                    "the page at offset {start} announces another page, but the list has {total} rows"
                ));
            }
            (next, _, Some(0)) if start > 0 && is_gap(start, next, total) => {
                let total = page.total.unwrap_or_default();
                return Err(format!("the page at offset {start} has no rows, but the list has {total}"));
            }
            (Some(next), _, _) if self.position.is_some_and(|position| next <= position) => {
                return Err(format!("the page at offset {start} announces the next page at offset {next}"));
            }
            (Some(next), _, _) => (next, false),
            // Some methods omit `next`. A count beyond a full page proves that more rows follow.
            (None, Some(total), Some(rows)) if rows >= FULL_PAGE && total > received => (received, false),
            (None, Some(total), Some(rows)) if self.may_probe && is_doubtful(total, received, rows) => {
                (received, true)
            }
            (None, _, _) => return Ok(None),
        };
        self.position = Some(next);
        Ok(Some(NextPage::new("start", next.into()).probe(is_probe)))
    }
}

/// Whether a page with a `next` starts so far beyond the end of the list that the list may be endless.
fn is_beyond(start: u64, trusted: Option<u64>, total: Option<u64>) -> bool {
    trusted.is_some_and(|total| start >= total)
        || total.is_some_and(|total| start >= total.saturating_add(MAX_BEYOND))
}

/// Whether a page without rows leaves out the rest of the list.
fn is_gap(start: u64, next: Option<u64>, total: Option<u64>) -> bool {
    total.is_some_and(|total| start < total && next.is_none_or(|next| next >= total))
}

/// Whether a `total` that is reached may be the count of the page alone. Some methods omit `next` and never count further than a
/// full page (`crm.address.list`), so that a list of thousands looks like one of fifty. A full first page that equals the count
/// is therefore not accepted as the whole list, and neither is a full page beyond the count: one more request decides.
fn is_doubtful(total: u64, received: u64, rows: u64) -> bool {
    rows == FULL_PAGE && (total < received || received == rows)
}

/// A cursor by page number. It also counts rows if it started at the first page.
#[derive(Debug)]
pub(in crate::list) struct NumberCursor {
    number: u64,
    received: Option<u64>,
}

impl NumberCursor {
    pub(super) fn new(number: u64) -> Self {
        Self { number, received: (number <= 1).then_some(0) }
    }

    /// The number of the page after `page`, and whether the request for it is a probe.
    pub(super) fn advance(&mut self, page: &PageSummary<'_>) -> Result<Option<(u64, bool)>, String> {
        if ends(page)? {
            return Ok(None);
        }
        let rows = page.rows.unwrap_or(0);
        self.received = self.received.map(|received| received + rows);
        let reached = self
            .received
            .zip(page.total)
            .filter(|(received, total)| page.next.is_none() && received >= total);
        let is_probe = reached.is_some_and(|(received, total)| is_doubtful(total, received, rows));
        if reached.is_some() && !is_probe {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some((self.number, is_probe)))
    }
}

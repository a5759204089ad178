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
}

impl StartCursor {
    /// Advances after a page of a method with `next`: its presence decides, and 0 is an offset like any other.
    pub(super) fn advance(&mut self, page: &PageSummary<'_>) -> Result<Option<NextPage>, String> {
        let start = self.position.unwrap_or(0);
        let received = start + page.rows.unwrap_or(0);
        let (next, is_probe) = match (page.next, page.total, page.rows) {
            // A page without rows ends the list, unless `total` says that rows follow after `next`.
            (Some(next), total, Some(0)) if total.is_none_or(|total| next >= total) => return Ok(None),
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

//! Lists whose answers count all their rows: `total` beside `next`, or alone.

use super::{Next, ends};
use crate::list::page::Page;

/// How many rows a full page of REST 2 has, where a method knows `start`.
const FULL: u64 = 50;

/// `start` is what `next` was.
#[derive(Debug)]
pub(in crate::list) struct Start {
    pub(super) at: Option<u64>,
    /// Whether more may be asked for where nothing says that more follows: what is called `start` must be the offset for that.
    pub(super) may_ask: bool,
}

impl Start {
    /// After a page of a method that gives `next`: its presence decides, and 0 is a place like any other.
    pub(super) fn after(&mut self, page: &Page<'_>) -> Result<Option<Next>, String> {
        let begun = self.at.unwrap_or(0);
        let come = begun + page.rows.unwrap_or(0);
        let (next, doubted) = match (page.next, page.total, page.rows) {
            // An answer without rows ends the list, unless its count of rows says that they stand further on.
            (Some(next), total, Some(0)) if total.is_none_or(|total| next >= total) => return Ok(None),
            (Some(next), _, _) if self.at.is_some_and(|at| next <= at) => {
                return Err(format!(
                    "the page from {begun} on names {next} as the beginning of the next one"
                ));
            }
            (Some(next), _, _) => (next, false),
            // Some methods leave `next` out. A count beyond a full page proves that more follows.
            (None, Some(total), Some(rows)) if rows >= FULL && total > come => (come, false),
            (None, Some(total), Some(rows)) if self.may_ask && is_doubtful(total, come, rows) => (come, true),
            (None, _, _) => return Ok(None),
        };
        self.at = Some(next);
        Ok(Some(Next::new("start", next.into()).doubted(doubted)))
    }
}

/// Whether a count that is reached may be the count of the page alone. There are methods that leave `next` out and count no
/// further than a full page, on every page (`crm.address.list` is one): a list of thousands looks there like one of fifty. So
/// a first page that is full and all that is counted is not taken for the whole list, and neither is a full page beyond the
/// count: one more request tells.
fn is_doubtful(total: u64, come: u64, rows: u64) -> bool {
    rows == FULL && (total < come || come == rows)
}

/// A page number counts up; the rows are counted too, where the walk has begun at the first page.
#[derive(Debug)]
pub(in crate::list) struct Numbered {
    number: u64,
    come: Option<u64>,
}

impl Numbered {
    pub(super) fn from(number: u64) -> Self {
        Self { number, come: (number <= 1).then_some(0) }
    }

    /// The number of the page behind `page`, and whether it is asked for in doubt.
    pub(super) fn after(&mut self, page: &Page<'_>) -> Result<Option<(u64, bool)>, String> {
        if ends(page)? {
            return Ok(None);
        }
        let rows = page.rows.unwrap_or(0);
        self.come = self.come.map(|come| come + rows);
        let reached = self.come.zip(page.total).filter(|(come, total)| page.next.is_none() && come >= total);
        let doubted = reached.is_some_and(|(come, total)| is_doubtful(total, come, rows));
        if reached.is_some() && !doubted {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some((self.number, doubted)))
    }
}

//! Responses of pages by identifier: their rows, and the rest of the list.

use super::direction::Direction;
use super::ordered_rows::{OrderedRow, OrderedRows, take_ordered_rows};
use super::paginator::{DirectionState, KeysetPaginator};
use super::request::{PageRequest, PageSequence, RequestKind};
use crate::envelope::RawResponse;
use crate::error::{Failure, Rejection};
use crate::list::incomplete::incomplete;
use crate::wire::Json;

/// The rows in the responses to a request.
#[derive(Debug, Default)]
#[non_exhaustive]
#[must_use = "the list may be incomplete"]
pub struct ReceivedRows {
    /// The rows, each with its index on its page.
    pub rows: Vec<(usize, Json)>,
    /// The reason why the list cannot be read further after these rows. There are no further requests then.
    pub failure: Option<Failure>,
}

impl KeysetPaginator {
    /// Processes the responses to a request: one for each of its pages, in their order.
    pub fn on_responses(
        &mut self,
        request: &PageRequest,
        responses: Vec<Result<RawResponse, Failure>>,
    ) -> ReceivedRows {
        let mut received = ReceivedRows::default();
        let result = match &request.kind {
            RequestKind::BothEnds { .. } => self.accept_both_ends(responses, &mut received.rows),
            RequestKind::Pages(pages) => self.accept_pages(*pages, responses, &mut received.rows),
            RequestKind::Check { low, until } => {
                self.accept_check(*low, *until, responses, &mut received.rows)
            }
        };
        received.failure = result.err();
        self.ended |= received.failure.is_some();
        received
    }

    fn accept_both_ends(
        &mut self,
        responses: Vec<Result<RawResponse, Failure>>,
        received: &mut Vec<(usize, Json)>,
    ) -> Result<(), Failure> {
        self.ascending = DirectionState::default();
        self.started = true;
        let [bottom, top] = <[_; 2]>::try_from(responses).map_err(|_| missing_page())?;
        if is_rejected(&bottom) || is_rejected(&top) {
            // The highest identifier stays unknown, and the list ends where no rows are left.
            self.ascending.rejected = true;
            return Ok(());
        }
        let bottom = self.take_rows(&bottom?, Direction::Ascending, self.range.low);
        self.single_pages |= bottom.is_sparse;
        if let (Some(first), Some(last)) = (bottom.rows.first(), bottom.rows.last()) {
            self.page_size = bottom.rows.len();
            self.density.record(self.page_size, first.id, last.id);
            self.range.low = last.id;
        }
        push_rows(bottom, received, |_| true)?;
        let below = self.query.template.below.unwrap_or(i64::MAX);
        let top = self.take_rows(&top?, Direction::Descending, below);
        let highest = top.rows.first().map(|row| row.id);
        self.range.high = highest.unwrap_or(self.range.high);
        if self.unordered {
            let low = self.range.low;
            self.record_density(&top, self.range.high);
            self.range.high = top.rows.last().map_or(self.range.high, |row| row.id);
            push_rows(top, received, |id| id > low)?;
        } else {
            top.failure.map_or(Ok(()), Err)?;
        }
        // The list has no rows. Otherwise reading continues to see whether rows were deleted meanwhile.
        self.ended = highest.is_none() && received.is_empty();
        Ok(())
    }

    fn accept_pages(
        &mut self,
        pages: PageSequence,
        responses: Vec<Result<RawResponse, Failure>>,
        received: &mut Vec<(usize, Json)>,
    ) -> Result<(), Failure> {
        let direction = pages.direction;
        let before = std::mem::take(self.direction_state(direction));
        let (mut from, mut full, mut short_page) = (pages.from, 0, before.short_page);
        if responses.is_empty() {
            return Err(missing_page());
        }
        let mut rejected = false;
        for response in responses {
            if pages.count > 1 && is_rejected(&response) {
                rejected = true;
                break;
            }
            let page = self.take_rows(&response?, direction, from);
            let rows = page.rows.len();
            // A short page that was not the last one hides rows, so the index of the last row of a page is uncertain.
            self.single_pages |= page.is_sparse || (short_page && rows > 0);
            self.record_density(&page, from);
            from = page.rows.last().map_or(from, |row| row.id);
            let nothing_left = rows == 0 && page.failure.is_none();
            let unread = self.range;
            self.range = unread.shrink(direction, from);
            // If both directions meet, the later one omits the rows that the other has returned.
            let unordered = self.unordered;
            push_rows(page, received, |id| !unordered || (id > unread.low && id < unread.high))?;
            // A page without rows ends the list, unless a row is known that was not read yet: the highest one of the list, or the
            // one at which the other direction has ended.
            let doubtful = nothing_left && self.range.high != i64::MAX && !self.range.is_empty();
            self.doubtful |= doubtful;
            self.ended |= nothing_left && !doubtful;
            if doubtful {
                break;
            }
            short_page = rows < pages.size && !self.is_finished();
            full += usize::from(rows == pages.size);
            // The pages after a short one start at an unknown row, and those after a longer one in its middle.
            if self.is_finished() || rows != pages.size {
                self.page_size = self.page_size.max(rows);
                break;
            }
        }
        let full_pages = if full == pages.count { full } else { 0 };
        *self.direction_state(direction) =
            DirectionState { expected: None, full_pages, short_page, rejected };
        Ok(())
    }

    /// Accepts the check of an empty page: the list continues with the rows that it did not have, or ends because all rows that are
    /// left were removed. A list that has later rows and does not return them is incomplete.
    fn accept_check(
        &mut self,
        low: i64,
        until: Option<i64>,
        responses: Vec<Result<RawResponse, Failure>>,
        received: &mut Vec<(usize, Json)>,
    ) -> Result<(), Failure> {
        self.ascending = DirectionState::default();
        let [next, last] = <[_; 2]>::try_from(responses).map_err(|_| missing_page())?;
        if (is_rejected(&next) || is_rejected(&last)) && self.rejected_checks < MAX_REJECTED_CHECKS {
            self.rejected_checks += 1;
            return Ok(());
        }
        self.doubtful = false;
        self.rejected_checks = 0;
        let page = self.take_rows(&next?, Direction::Ascending, low);
        let unread = self.range;
        if let Some(reached) = page.rows.last().map(|row| row.id) {
            self.record_density(&page, low);
            self.range = unread.shrink(Direction::Ascending, reached);
            let unordered = self.unordered;
            return push_rows(page, received, |id| !unordered || (id > unread.low && id < unread.high));
        }
        page.failure.map_or(Ok(()), Err)?;
        let last = self.take_rows(&last?, Direction::Descending, until.unwrap_or(i64::MAX));
        last.failure.map_or(Ok(()), Err)?;
        let left = last.rows.iter().map(|row| row.id).find(|id| {
            // The row at the upper end was read in the other direction.
            *id > low && (!self.unordered || *id < unread.high)
        });
        match left {
            Some(id) => {
                let text = format!(
                    "the page above {low} has no rows, but the list has a row with the identifier {id}"
                );
                Err(incomplete(&text))
            }
            None => {
                self.ended = true;
                Ok(())
            }
        }
    }

    fn take_rows(&self, response: &RawResponse, direction: Direction, from: i64) -> OrderedRows {
        let query = &self.query;
        take_ordered_rows(&response.result, &query.rows_pointer, &query.row_id, direction, from)
    }

    fn record_density(&mut self, page: &OrderedRows, from: i64) {
        if let Some(last) = page.rows.last() {
            self.density.record(page.rows.len(), from, last.id);
        }
    }
}

/// How many times the check of an empty page is repeated that the portal rejected because of its limits.
const MAX_REJECTED_CHECKS: u32 = 10;

/// Appends the rows that are new, and then returns the failure of the page.
fn push_rows(
    page: OrderedRows,
    received: &mut Vec<(usize, Json)>,
    is_new: impl Fn(i64) -> bool,
) -> Result<(), Failure> {
    let new = page.rows.into_iter().filter(|row| is_new(row.id));
    received.extend(new.map(|OrderedRow { index, row, .. }| (index, row)));
    page.failure.map_or(Ok(()), Err)
}

/// Whether the portal rejected a page because of its limits.
fn is_rejected(response: &Result<RawResponse, Failure>) -> bool {
    response.as_ref().err().and_then(Rejection::from_failure).is_some()
}

fn missing_page() -> Failure {
    incomplete("the batch has no response for one of its pages")
}

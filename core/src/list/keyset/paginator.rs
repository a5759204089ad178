//! Pagination by identifier: the rest of the list, and the next pages to request.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::direction::Direction;
use super::id_range::IdRange;
use super::query_template::QueryTemplate;
use super::request::{ListQuery, PageRequest, PageSequence, RequestKind};
use super::row_density::{RowDensityEstimator, page_count};
use crate::batch::MAX_COMMANDS;
use crate::error::{ErrorKind, Failure};
use crate::method::{Api, Keyset, MethodInfo};
use crate::system::PAGE_ROWS;

/// The maximum number of values in a command of a batch: PHP reads no more than this from a query by default and drops the rest
/// silently.
const MAX_QUERY_VALUES: usize = 1_000;

/// How many full batches must be left to use the descending direction too.
const MIN_BATCHES_FOR_DESCENDING: f64 = 2.0;

/// The requests for a list by ascending identifier. It sends nothing itself: the caller sends each [`PageRequest`] and passes the
/// responses back.
///
/// A row that exists from the start to the end is returned exactly once, whatever is added or deleted meanwhile.
///
/// The caller's conditions are kept. The list starts at `>ID` and ends at `<ID`, if the caller has set them. All other conditions
/// stay next to those of the pages; conditions of REST 3 and alternatives (`logic: OR`) are nested.
#[derive(Debug)]
pub struct KeysetPaginator {
    pub(super) query: Arc<ListQuery>,
    /// Whether two requests may be in flight, so that rows come in no particular order.
    pub(super) unordered: bool,
    /// Whether each request is one page: REST 3 has other batches, a query cannot contain very many conditions, and in a sparse
    /// list no row has a known index.
    pub(super) single_pages: bool,
    pub(super) started: bool,
    pub(super) ended: bool,
    /// Whether a page had no rows although a later row is known, so that the next request checks what is left.
    pub(super) doubtful: bool,
    /// The number of checks that the portal rejected because of its limits.
    pub(super) rejected_checks: u32,
    pub(super) range: IdRange,
    pub(super) page_size: usize,
    pub(super) density: RowDensityEstimator,
    pub(super) ascending: DirectionState,
    pub(super) descending: DirectionState,
}

/// The state of one direction.
#[derive(Debug, Default)]
pub(super) struct DirectionState {
    /// The expected number of rows of the request in flight, if there is one.
    pub(super) expected: Option<f64>,
    /// The number of pages of the last request, if all of them were full.
    pub(super) full_pages: usize,
    /// Whether the last page was short and did not reach the end.
    pub(super) short_page: bool,
    /// Whether the portal rejected a page of a batch because of its limits. The page is then requested in a call, since a client
    /// waits for and retries whole calls.
    pub(super) rejected: bool,
}

impl KeysetPaginator {
    /// Creates a paginator for the list that `params` request. Rows come in ascending order with one request at a time; if
    /// `unordered`, they come in no particular order with up to two requests in flight.
    ///
    /// # Errors
    /// A [`Failure`] of the kind [`ErrorKind::Request`] if the list cannot be read by identifier: because the method has no
    /// keyset, or because the parameters request another order or a start by number.
    pub fn new(info: MethodInfo<'_>, params: Map<String, Value>, unordered: bool) -> Result<Self, Failure> {
        let keyset = info.keyset.ok_or_else(no_keyset)?;
        let too_long = params.values().map(count_values).sum::<usize>() >= MAX_QUERY_VALUES;
        let single_pages = info.api == Api::V3 || too_long;
        let template = QueryTemplate::new(info, keyset, params)?;
        let low = template.above.unwrap_or(0);
        Ok(Self {
            query: Arc::new(list_query(info, keyset, template)),
            unordered: unordered && !single_pages,
            single_pages,
            started: single_pages,
            ended: false,
            doubtful: false,
            rejected_checks: 0,
            range: IdRange { low, high: i64::MAX },
            page_size: PAGE_ROWS,
            density: RowDensityEstimator::default(),
            ascending: DirectionState::default(),
            descending: DirectionState::default(),
        })
    }

    /// The next request that can be sent now. `None` if a response must arrive first, or at the [end](Self::is_finished).
    pub fn next_request(&mut self) -> Option<PageRequest> {
        if self.is_finished() {
            return None;
        }
        if !self.started {
            return self.request_both_ends();
        }
        if self.doubtful {
            return self.request_check();
        }
        self.request_ascending().or_else(|| self.request_descending())
    }

    /// Whether there are no further requests. Requests in flight can be dropped then.
    pub fn is_finished(&self) -> bool {
        self.ended || (self.started && self.range.is_empty())
    }

    fn request_both_ends(&mut self) -> Option<PageRequest> {
        let kind = RequestKind::BothEnds { low: self.range.low, ids_only: !self.unordered };
        let free = self.ascending.expected.replace(0.0).is_none();
        free.then(|| PageRequest { query: Arc::clone(&self.query), kind })
    }

    /// The check of an empty page. No other page is requested meanwhile.
    fn request_check(&mut self) -> Option<PageRequest> {
        let free = self.descending.expected.is_none() && self.ascending.expected.is_none();
        let low = self.range.low;
        let until = self.until();
        free.then(|| {
            self.ascending.expected = Some(0.0);
            PageRequest { query: Arc::clone(&self.query), kind: RequestKind::Check { low, until } }
        })
    }

    /// The identifier at which the ascending direction may end.
    fn until(&self) -> Option<i64> {
        // The row at the upper end is requested too: it proves that the whole range has been read.
        let end = self.unordered.then(|| self.range.high.saturating_add(1));
        end.into_iter().chain(self.query.template.below).min()
    }

    fn request_ascending(&mut self) -> Option<PageRequest> {
        let descending = self.descending.expected;
        let left = self.density.estimate_rows(self.range.len()) - descending.unwrap_or(0.0);
        // The descending request may return all that is left.
        if self.ascending.expected.is_some() || (descending.is_some() && left <= 0.0) {
            return None;
        }
        let max_pages = if self.single_pages || self.ascending.rejected { 1 } else { MAX_COMMANDS };
        let full_pages = self.ascending.full_pages;
        let count = page_count(left, self.range.len(), self.page_size, full_pages, max_pages);
        let until = self.until();
        let (direction, from, size) = (Direction::Ascending, self.range.low, self.page_size);
        Some(self.request_pages(PageSequence { direction, from, until, count, size }))
    }

    fn request_descending(&mut self) -> Option<PageRequest> {
        let left = self.density.estimate_rows(self.range.len()) - self.ascending.expected.unwrap_or(0.0);
        let batch = (MAX_COMMANDS * self.page_size) as f64;
        let enough = self.unordered && !self.single_pages && left > MIN_BATCHES_FOR_DESCENDING * batch;
        if !enough || self.descending.expected.is_some() {
            return None;
        }
        // Ascending rows have arrived by now, so the row at the lower end is one of the caller's list.
        let until = Some(self.range.low.saturating_sub(1));
        let count = if self.descending.rejected { 1 } else { MAX_COMMANDS };
        let (direction, from, size) = (Direction::Descending, self.range.high, self.page_size);
        Some(self.request_pages(PageSequence { direction, from, until, count, size }))
    }

    fn request_pages(&mut self, pages: PageSequence) -> PageRequest {
        self.direction_state(pages.direction).expected = Some((pages.count * pages.size) as f64);
        PageRequest { query: Arc::clone(&self.query), kind: RequestKind::Pages(pages) }
    }

    pub(super) fn direction_state(&mut self, direction: Direction) -> &mut DirectionState {
        match direction {
            Direction::Ascending => &mut self.ascending,
            Direction::Descending => &mut self.descending,
        }
    }
}

fn list_query(info: MethodInfo<'_>, keyset: Keyset<'_>, template: QueryTemplate) -> ListQuery {
    let rows_pointer = info.rows_pointer.unwrap_or_default().to_owned();
    ListQuery { template, rows_pointer, row_id: keyset.row_id.to_owned() }
}

/// The number of values in a parameter.
fn count_values(parameter: &Value) -> usize {
    match parameter {
        Value::Array(items) => items.iter().map(count_values).sum(),
        Value::Object(map) => map.values().map(count_values).sum(),
        _ => 1,
    }
}

fn no_keyset() -> Failure {
    let text = "the identifier field of this list is unknown; set the keyset, or read the list page by page";
    Failure::new(ErrorKind::Request, text)
}

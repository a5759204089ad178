//! Pagination by page, offset or cursor.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::incomplete::incomplete;
use super::nested_param::NestedParam;
use super::page_cursor::{NextPage, PageCursor};
use super::page_summary::PageSummary;
use super::param_names;
use crate::envelope::RawResponse;
use crate::error::{ErrorKind, Failure};
use crate::method::{Api, MethodInfo};

/// The requests for the pages of a list, in the way of its method ([`MethodInfo::pagination`]). It sends nothing itself: the
/// caller sends the parameters of [`next_request`](Self::next_request) and passes the response to
/// [`on_response`](Self::on_response).
///
/// The caller's parameters are kept. If they contain a start, pagination starts there.
///
/// ```
/// use bitrix24_core::{Api, MethodInfo, Pagination, RawResponse, json, list::Paginator, parse_response};
///
/// fn portal(params: &serde_json::Map<String, serde_json::Value>) -> RawResponse {
///     let body = match params.get("start") {
///         None => json!({"result": [1, 2], "next": 50, "total": 52}),
///         Some(_) => json!({"result": [3], "total": 52}),
///     };
///     parse_response(200, body.to_string().as_bytes()).unwrap()
/// }
///
/// let info = MethodInfo::new(Api::V2, "crm.deal.list").with_pagination(Pagination::Start).with_rows_pointer("");
/// let mut pages = Paginator::new(info, serde_json::Map::new()).unwrap();
/// let mut requests = 0;
/// while let Some(params) = pages.next_request() {
///     let outcome = pages.on_response(&portal(params));
///     assert!(outcome.is_new && outcome.failure.is_none());
///     requests += 1;
/// }
/// assert_eq!(requests, 2);
/// ```
///
/// # The end of a list
/// A response ends the list by the absence of `next`, by a false `hasMore`, or by a `total` that is reached; if the method has
/// none of these, a page without rows does. A page with fewer rows than requested does not end the list, since portals reduce
/// the limit silently. Rows that are deleted meanwhile leave the `total` unreached, which is no error. A response that announces
/// more rows but no way to request them is an error.
///
/// If the first page is full, has no `next`, and its `total` is its own length, the page may be the whole list, or the count may
/// be that of the page alone. One more request decides.
#[derive(Debug)]
pub struct Paginator {
    name: String,
    api: Api,
    positional: bool,
    rows_pointer: Option<String>,
    row_id: Option<String>,
    cursor: PageCursor,
    /// The nested parameter of the page, if it is not a top-level parameter.
    nested_param: Option<NestedParam>,
    params: Map<String, Value>,
    /// The fingerprints of earlier pages.
    seen: HashSet<u64>,
    /// The number of rows of the longest page.
    longest: u64,
    /// The number of consecutive pages that repeat earlier pages.
    repeated: u32,
    /// Whether the last response looked like the end of the list and the next request checks it.
    probing: bool,
    ended: bool,
}

/// The maximum number of consecutive short pages that repeat earlier ones: rows that are added at the front push the last ones on
/// again and again.
const MAX_REPEATED: u32 = 3;

/// The outcome of a page.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "the list may be incomplete"]
pub struct PageOutcome {
    /// Whether the page does not repeat an earlier one.
    pub is_new: bool,
    /// The reason why the list cannot be read to its end. There are no further requests then.
    pub failure: Option<Failure>,
}

impl Paginator {
    /// Creates a paginator for the list that `params` request.
    ///
    /// # Errors
    /// A [`Failure`] of the kind [`ErrorKind::Request`] if the parameters contain an invalid start, or if pagination depends on
    /// rows whose place in the result is unknown.
    pub fn new(info: MethodInfo<'_>, mut params: Map<String, Value>) -> Result<Self, Failure> {
        let nested_param = NestedParam::new(info, &params)?;
        let cursor = PageCursor::new(info, nested_param.as_ref(), &mut params)?;
        if cursor.needs_rows() && info.rows_pointer.is_none() {
            let text = "the place of the rows in the result is unknown, and the next page cannot be requested without it; \
                        set it with `raw(…).rows_pointer(…)`";
            return Err(Failure::new(ErrorKind::Request, text));
        }
        Ok(Self {
            name: info.name.to_owned(),
            api: info.api,
            positional: info.positional,
            rows_pointer: info.rows_pointer.map(str::to_owned),
            row_id: info.keyset.map(|keyset| keyset.row_id.to_owned()),
            cursor,
            nested_param,
            params,
            seen: HashSet::new(),
            longest: 0,
            repeated: 0,
            probing: false,
            ended: false,
        })
    }

    /// The parameters of the next request; `None` at the end.
    pub fn next_request(&self) -> Option<&Map<String, Value>> {
        (!self.ended).then_some(&self.params)
    }

    /// Processes the response to the last request.
    pub fn on_response(&mut self, response: &RawResponse) -> PageOutcome {
        let page = PageSummary::new(response, self.rows_pointer.as_deref(), self.row_id.as_deref());
        let page = match page {
            Ok(page) => page,
            Err(mismatch) => return self.fail(false, Failure::decode(mismatch)),
        };
        let is_new = !self.is_repeated(&page);
        self.repeated = if is_new { 0 } else { self.repeated + 1 };
        let rows = page.rows.unwrap_or(0);
        if !is_new && self.probing {
            self.ended = true;
            return PageOutcome { is_new, failure: None };
        }
        if !is_new && (rows >= self.longest || self.repeated > MAX_REPEATED) {
            let text = format!("{} returned the same page twice", self.name);
            return self.fail(false, incomplete(&text));
        }
        self.longest = self.longest.max(rows);
        let advanced = self.cursor.advance(&page).and_then(|next| self.set_next(next));
        match advanced {
            Ok(()) => PageOutcome { is_new, failure: None },
            Err(text) => self.fail(is_new, incomplete(&text)),
        }
    }

    /// Sets the parameters of the next request.
    fn set_next(&mut self, next: Option<NextPage>) -> Result<(), String> {
        let Some(NextPage { name, value, is_probe }) = next else {
            self.ended = true;
            return Ok(());
        };
        self.probing = is_probe;
        match &self.nested_param {
            Some(param) => param.set(&mut self.params, value),
            None if self.positional => {
                let text = "the list has more rows, but the method has positional parameters, so the page must be one of \
                            them";
                return Err(text.to_owned());
            }
            None => param_names::set(&mut self.params, self.api, name, value),
        }
        Ok(())
    }

    /// Whether the page repeats an earlier one. Rows without identifiers may legitimately be equal, so they count only if no
    /// `total` bounds the list.
    fn is_repeated(&mut self, page: &PageSummary<'_>) -> bool {
        if page.is_empty() || page.rows.is_none() {
            return false;
        }
        let known = !self.seen.insert(page.fingerprint);
        known && (page.has_ids || !self.cursor.is_before_end(page.total))
    }

    fn fail(&mut self, is_new: bool, failure: Failure) -> PageOutcome {
        self.ended = true;
        PageOutcome { is_new, failure: Some(failure) }
    }
}

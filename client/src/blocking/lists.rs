//! Lists as iterators.

use std::fmt;
use std::future::poll_fn;
use std::iter::FusedIterator;
use std::sync::Arc;
use std::task::Poll;

use bitrix24_core::wire::Mismatch;
use bitrix24_core::{
    Error, ErrorCode, Failure, HasKeyset, Keyset, KeysetSupport, Method, NoKeyset, Response,
};

use super::runtime::Runtime;
use crate::rows::{Listing, Progress, RowsError};

/// The rows of a list; see [`Client::rows`](super::Client::rows).
///
/// Requests are sent as rows are requested and never in advance. An error comes after all rows that were read before it. A row
/// that does not match its documentation is an error that contains its index on its page, and the iterator continues with the next
/// row. The iterator ends after any other error.
#[must_use = "no request is sent until a row is requested"]
pub struct Rows<R, E, K = NoKeyset> {
    rows: crate::Rows<R, E, K>,
    poller: BlockingPoller,
}

impl<R, E: ErrorCode, K> Rows<R, E, K> {
    pub(super) fn new(rows: crate::Rows<R, E, K>, runtime: Arc<Runtime>) -> Self {
        Self { rows, poller: BlockingPoller::new(runtime) }
    }

    /// Reads the list by ascending identifier; see [`Rows::by_id`](crate::Rows::by_id).
    ///
    /// ```no_run
    /// use bitrix24_core::{Keyset, json, raw};
    /// # fn example(portal: bitrix24_client::blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let leads = raw("crm.lead.list", json!({"select": ["TITLE"]})).keyset(Keyset::new("ID")).read_only();
    /// let leads = portal.rows(leads).by_id().collect::<Result<Vec<_>, _>>()?;
    /// # let _ = leads;
    /// # Ok(())
    /// # }
    /// ```
    pub fn by_id(mut self) -> Self
    where
        K: KeysetSupport,
    {
        self.rows = self.rows.by_id();
        self
    }

    /// Reads the list by identifier with these names of fields and parameters; see
    /// [`Rows::by_keyset`](crate::Rows::by_keyset).
    pub fn by_keyset(self, keyset: Keyset<'static>) -> Rows<R, E, HasKeyset> {
        Rows { rows: self.rows.by_keyset(keyset), poller: self.poller }
    }

    /// Reads the list by identifier from both ends; see [`Rows::unordered`](crate::Rows::unordered).
    pub fn unordered(mut self) -> Self
    where
        K: KeysetSupport,
    {
        self.rows = self.rows.unordered();
        self
    }

    /// The values in the last row that have another type than documented; see
    /// [`Rows::mismatches`](crate::Rows::mismatches).
    pub fn mismatches(&self) -> &[Mismatch] {
        self.rows.mismatches()
    }

    /// Calls `callback` with the progress after each response.
    pub fn on_progress(mut self, callback: impl FnMut(Progress) + Send + 'static) -> Self {
        self.rows = self.rows.on_progress(callback);
        self
    }

    /// Collects all remaining rows.
    ///
    /// # Errors
    /// The first error, as a [`RowsError`] with the rows before it, which `collect` would lose.
    pub fn collect_all(self) -> Result<Vec<R>, RowsError<R, E>> {
        let mut rows = Vec::new();
        for row in self {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => return Err(RowsError { rows, error }),
            }
        }
        Ok(rows)
    }
}

impl<R, E: ErrorCode, K> Iterator for Rows<R, E, K> {
    type Item = Result<R, Error<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.poller.next(self.rows.listing(), Listing::poll_row);
        row.map(|row| self.rows.decode(row))
    }
}

impl<R, E: ErrorCode, K> FusedIterator for Rows<R, E, K> {}

impl<R, E, K> fmt::Debug for Rows<R, E, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.fmt(f)
    }
}

/// The pages of a list, each as the response to a call; see [`Client::pages`](super::Client::pages).
///
/// The iterator ends after an error, except for a page whose result does not match its documentation: it returns an error for that
/// page and continues.
#[must_use = "no request is sent until a page is requested"]
pub struct Pages<M> {
    pages: crate::Pages<M>,
    poller: BlockingPoller,
}

impl<M: Method> Pages<M> {
    pub(super) fn new(pages: crate::Pages<M>, runtime: Arc<Runtime>) -> Self {
        Self { pages, poller: BlockingPoller::new(runtime) }
    }

    /// Calls `callback` with the progress after each response. Rows are not counted, since pages are returned as they are.
    pub fn on_progress(mut self, callback: impl FnMut(Progress) + Send + 'static) -> Self {
        self.pages = self.pages.on_progress(callback);
        self
    }
}

impl<M: Method> Iterator for Pages<M> {
    type Item = Result<Response<M::Output>, Error<M::Error>>;

    fn next(&mut self) -> Option<Self::Item> {
        let page = self.poller.next(self.pages.listing(), Listing::poll_page);
        page.map(|page| self.pages.decode(page))
    }
}

impl<M: Method> FusedIterator for Pages<M> {}

impl<M> fmt::Debug for Pages<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pages.fmt(f)
    }
}

/// Waits for the next item of a listing, independent of the types of its rows and errors.
struct BlockingPoller {
    runtime: Arc<Runtime>,
    /// Whether the runtime cannot be used, and the error was returned.
    failed: bool,
}

/// The function that polls a listing for its next row or page.
type Poller<T> = fn(&mut Listing, &mut std::task::Context<'_>) -> Poll<Option<Result<T, Failure>>>;

impl BlockingPoller {
    fn new(runtime: Arc<Runtime>) -> Self {
        Self { runtime, failed: false }
    }

    fn next<T>(&mut self, listing: &mut Listing, poll: Poller<T>) -> Option<Result<T, Failure>> {
        if self.failed {
            return None;
        }
        self.runtime.block_on(poll_fn(|cx| poll(listing, cx))).unwrap_or_else(|failure| {
            self.failed = true;
            Some(Err(failure))
        })
    }
}

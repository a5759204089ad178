//! Lists as iterators.

use std::fmt;
use std::future::poll_fn;
use std::iter::FusedIterator;
use std::sync::Arc;
use std::task::Poll;

use bitrix24_core::wire::FromWire;
use bitrix24_core::{Error, ErrorCode, Failure, Keyset, Method, Reply};

use super::runtime::Runtime;
use crate::rows::{Interrupted, Listing, Progress};

/// The rows of a list; see [`Client::rows`](super::Client::rows).
///
/// Requests are sent as rows are asked for, and none in advance. An error comes behind all rows that were read before it. A row
/// that is not what its documentation says is an error that names its place on its page, and the rows behind it follow; behind
/// any other error there is nothing more.
#[must_use = "nothing is sent until a row is asked for"]
pub struct Rows<R, E> {
    rows: crate::Rows<R, E>,
    wait: Wait,
}

impl<R: FromWire, E: ErrorCode> Rows<R, E> {
    pub(super) fn new(rows: crate::Rows<R, E>, runtime: Arc<Runtime>) -> Self {
        Self { rows, wait: Wait::on(runtime) }
    }

    /// Reads the list by ascending identifier; see [`Rows::by_id`](crate::Rows::by_id).
    ///
    /// ```no_run
    /// use bitrix24_core::{Keyset, json, raw};
    /// # fn example(portal: bitrix24_client::blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let leads = raw("crm.lead.list", json!({"select": ["TITLE"]})).keyed(Keyset::new("ID")).that_only_reads();
    /// let leads = portal.rows(leads).by_id().collect::<Result<Vec<_>, _>>()?;
    /// # let _ = leads;
    /// # Ok(())
    /// # }
    /// ```
    pub fn by_id(mut self) -> Self {
        self.rows = self.rows.by_id();
        self
    }

    /// Reads the list by identifier with these names of fields and parameters; see [`Rows::by`](crate::Rows::by).
    pub fn by(mut self, keyset: Keyset<'static>) -> Self {
        self.rows = self.rows.by(keyset);
        self
    }

    /// Reads the list by identifier from both ends at once; see [`Rows::in_any_order`](crate::Rows::in_any_order).
    pub fn in_any_order(mut self) -> Self {
        self.rows = self.rows.in_any_order();
        self
    }

    /// Has `watch` told after each answer how far the listing has come.
    pub fn on_progress(mut self, watch: impl FnMut(Progress) + Send + 'static) -> Self {
        self.rows = self.rows.on_progress(watch);
        self
    }

    /// All rows from here on.
    ///
    /// # Errors
    /// The first error, as an [`Interrupted`] that has the rows before it; a plain `collect` would lose them.
    pub fn all(self) -> Result<Vec<R>, Interrupted<R, E>> {
        let mut rows = Vec::new();
        for row in self {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => return Err(Interrupted { rows, error }),
            }
        }
        Ok(rows)
    }
}

impl<R: FromWire, E: ErrorCode> Iterator for Rows<R, E> {
    type Item = Result<R, Error<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.wait.next(self.rows.listing(), Listing::poll_row);
        row.map(|row| self.rows.typed(row))
    }
}

impl<R: FromWire, E: ErrorCode> FusedIterator for Rows<R, E> {}

impl<R, E> fmt::Debug for Rows<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.fmt(f)
    }
}

/// The pages of a list, each as the reply to a call; see [`Client::pages`](super::Client::pages).
///
/// After an error there is nothing more, but for one kind: a page whose result is not what its documentation says is an error
/// and no reason to stop.
#[must_use = "nothing is sent until a page is asked for"]
pub struct Pages<M> {
    pages: crate::Pages<M>,
    wait: Wait,
}

impl<M: Method> Pages<M> {
    pub(super) fn new(pages: crate::Pages<M>, runtime: Arc<Runtime>) -> Self {
        Self { pages, wait: Wait::on(runtime) }
    }

    /// Has `watch` told after each answer how far the walk has come. Rows are not counted, since pages are given as they are.
    pub fn on_progress(mut self, watch: impl FnMut(Progress) + Send + 'static) -> Self {
        self.pages = self.pages.on_progress(watch);
        self
    }
}

impl<M: Method> Iterator for Pages<M> {
    type Item = Result<Reply<M::Output>, Error<M::Error>>;

    fn next(&mut self) -> Option<Self::Item> {
        let page = self.wait.next(self.pages.listing(), Listing::poll_page);
        page.map(|page| self.pages.typed(page))
    }
}

impl<M: Method> FusedIterator for Pages<M> {}

impl<M> fmt::Debug for Pages<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pages.fmt(f)
    }
}

/// Waits for what a listing gives next, whatever the types of its rows and errors.
struct Wait {
    runtime: Arc<Runtime>,
    /// Whether nothing can be waited for, and that has been said.
    refused: bool,
}

/// How a listing is asked for its next row or page.
type Poller<T> = fn(&mut Listing, &mut std::task::Context<'_>) -> Poll<Option<Result<T, Failure>>>;

impl Wait {
    fn on(runtime: Arc<Runtime>) -> Self {
        Self { runtime, refused: false }
    }

    fn next<T>(&mut self, listing: &mut Listing, poll: Poller<T>) -> Option<Result<T, Failure>> {
        if self.refused {
            return None;
        }
        self.runtime.wait(poll_fn(|cx| poll(listing, cx))).unwrap_or_else(|failure| {
            self.refused = true;
            Some(Err(failure))
        })
    }
}

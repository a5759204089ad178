//! The rows of a list as a stream.

use std::error::Error as StdError;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bitrix24_core::list::in_row;
use bitrix24_core::wire::FromWire;
use bitrix24_core::{Error, ErrorCode, Failure, Keyset, Value};
use futures_core::Stream;

use super::listing::Listing;
use super::progress::Progress;

/// The rows of a list; see [`Client::rows`](crate::Client::rows).
///
/// ```no_run
/// use bitrix24_client::{Client, Rows};
/// use bitrix24_core::{Code, Keyset, Value, json, raw};
///
/// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let deals = raw("crm.deal.list", json!({"select": ["ID"]})).keyed(Keyset::new("ID")).that_only_reads();
/// let mut rows: Rows<Value, Code> = portal.rows(deals).by_id();
/// let (first, rest) = (rows.next().await.transpose()?, rows.all().await?);
/// println!("{first:?} and {} more", rest.len());
/// # Ok(())
/// # }
/// ```
///
/// It is a [`Stream`], and [`next`](Self::next) needs no further crate. Requests are sent as rows are asked for, and none in
/// advance, so whoever stops early has sent no more than he needed.
///
/// An error comes behind all rows that were read before it. A row that is not what its documentation says is an error that names
/// its place on its page, and the rows behind it follow; behind any other error there is nothing more.
#[must_use = "nothing is sent until a row is asked for"]
pub struct Rows<R, E> {
    listing: Listing,
    types: PhantomData<fn() -> (R, E)>,
}

impl<R: FromWire, E: ErrorCode> Rows<R, E> {
    pub(crate) fn new(listing: Listing) -> Self {
        Self { listing, types: PhantomData }
    }

    /// Reads the list by ascending identifier: without counting, and up to fifty pages in a request, so that 100,000 rows take 41
    /// requests where they would take 2,000 page by page. A row that is there all the time is given exactly once, whatever
    /// comes and goes meanwhile, which nobody can say of pages by number.
    ///
    /// One request is under way at a time, and rows come in strictly ascending order. So the last row that was given is where an
    /// interrupted walk can go on: with a condition like `>ID`. The caller's conditions hold, those on the identifier too.
    ///
    /// Whether a method can be read so is known from its documentation; where it is not known, [`by`](Self::by) says how. The
    /// first answer of a method that cannot is followed by an error. REST 3 has no such batches: there it is a page in a request.
    ///
    /// To be called before the first row is asked for, like the other settings; later it does nothing.
    pub fn by_id(mut self) -> Self {
        self.listing.by_id(None, false);
        self
    }

    /// Reads the list by identifier, like [`by_id`](Self::by_id), with these names of fields and parameters.
    ///
    /// ```no_run
    /// use bitrix24_client::Client;
    /// use bitrix24_core::{Keyset, json, raw};
    ///
    /// # fn example(portal: Client) {
    /// let things = raw("crm.thing.list", json!({})).rows_at("/items").that_only_reads();
    /// let rows = portal.rows(things).by(Keyset::new("ID").with_row_id("id"));
    /// # let _ = rows;
    /// # }
    /// ```
    pub fn by(mut self, keyset: Keyset<'static>) -> Self {
        self.listing.by_id(Some(keyset), false);
        self
    }

    /// Reads the list by identifier, like [`by_id`](Self::by_id), from both ends at once: with up to two requests under way, which
    /// takes about half the time where the pace of the portal allows for it. Rows come in no order, and a walk that is
    /// interrupted leaves a gap in the middle. Short lists and lists of REST 3 are read from one end.
    pub fn in_any_order(mut self) -> Self {
        self.listing.by_id(None, true);
        self
    }

    /// Has `watch` told after each answer how far the listing has come.
    ///
    /// ```no_run
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{json, raw};
    /// # fn example(portal: Client) {
    /// let rows = portal
    ///     .rows(raw("crm.deal.list", json!({})).that_only_reads())
    ///     .on_progress(|progress| eprintln!("{} of {:?} rows", progress.rows, progress.total));
    /// # let _ = rows;
    /// # }
    /// ```
    pub fn on_progress(mut self, watch: impl FnMut(Progress) + Send + 'static) -> Self {
        self.listing.watch(Box::new(watch));
        self
    }

    /// The next row; `None` behind the last one. The future may be dropped and another one asked for: no row is lost.
    ///
    /// # Errors
    /// An [`Error`] of the method, or one of the kind [`Kind::Incomplete`](bitrix24_core::Kind::Incomplete) where the list has
    /// not ended and cannot be read further.
    pub async fn next(&mut self) -> Option<Result<R, Error<E>>> {
        std::future::poll_fn(|cx| self.poll_row(cx)).await
    }

    /// All rows from here on.
    ///
    /// ```no_run
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{json, raw};
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let departments = portal.rows(raw("department.get", json!({})).that_only_reads()).all().await?;
    /// println!("{} departments", departments.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The first error, as an [`Interrupted`] that has the rows before it.
    pub async fn all(mut self) -> Result<Vec<R>, Interrupted<R, E>> {
        let mut rows = Vec::new();
        while let Some(row) = self.next().await {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => return Err(Interrupted { rows, error }),
            }
        }
        Ok(rows)
    }

    fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<R, Error<E>>>> {
        let row = ready!(self.listing.poll_row(cx));
        Poll::Ready(row.map(|row| self.typed(row)))
    }

    /// What is read, whatever the types of rows and errors.
    #[cfg(feature = "blocking")]
    pub(crate) fn listing(&mut self) -> &mut Listing {
        &mut self.listing
    }

    /// A row as its type.
    pub(crate) fn typed(&self, row: Result<(usize, Value), Failure>) -> Result<R, Error<E>> {
        let read = row.and_then(|(index, row)| {
            let placed = |mismatch| Failure::undecodable(in_row(mismatch, self.listing.place(), index));
            R::from_wire(row).map_err(placed)
        });
        read.map_err(|failure| self.listing.error(failure))
    }
}

impl<R: FromWire, E: ErrorCode> Stream for Rows<R, E> {
    type Item = Result<R, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_row(cx)
    }
}

impl<R, E> fmt::Debug for Rows<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.listing.fmt_as("Rows", f)
    }
}

/// A listing that came to an error, with the rows before it; see [`Rows::all`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Interrupted<R, E> {
    /// The rows that came before the error.
    pub rows: Vec<R>,
    /// What went wrong.
    pub error: Error<E>,
}

impl<R, E> fmt::Display for Interrupted<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, behind {} rows", self.error, self.rows.len())
    }
}

impl<R: fmt::Debug, E: fmt::Debug + 'static> StdError for Interrupted<R, E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}

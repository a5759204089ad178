//! The rows of a list as a stream.

use std::error::Error as StdError;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bitrix24_core::wire::{FromWireError, Json, JsonRef, Mismatch, Mismatches};
use bitrix24_core::{AnyError, Error, ErrorCode, Failure, HasKeyset, Keyset, KeysetSupport, NoKeyset};
use futures_core::Stream;

use super::listing::Listing;
use super::progress::Progress;

/// The rows of a list; see [`Client::rows`](crate::Client::rows).
///
/// ```no_run
/// use bitrix24_client::{Client, Rows};
/// use bitrix24_core::{HasKeyset, Keyset, RawErrorCode, Value, json, raw};
///
/// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let deals = raw("crm.deal.list", json!({"select": ["ID"]})).keyset(Keyset::new("ID")).read_only();
/// let mut rows: Rows<Value, RawErrorCode, HasKeyset> = portal.rows(deals).by_id();
/// let (first, rest) = (rows.next().await.transpose()?, rows.collect_all().await?);
/// println!("{first:?} and {} more", rest.len());
/// # Ok(())
/// # }
/// ```
///
/// `K` is [`HasKeyset`] if the list can be read [`by_id`](Self::by_id).
///
/// It is a [`Stream`]; [`next`](Self::next) works without another crate. Requests are sent as rows are polled and never in
/// advance, so a caller that stops early has sent no unnecessary request.
///
/// An error comes after all rows that were read before it. A row that is of another type than documented is an error that
/// contains its index on its page, and the stream continues with the next row; a field of another type is not, see
/// [`mismatches`](Self::mismatches). The stream ends after any other error.
#[must_use = "no request is sent until a row is polled"]
pub struct Rows<R, E, K = NoKeyset> {
    listing: Listing,
    mismatches: Vec<Mismatch>,
    read: ReadRow<R>,
    types: PhantomData<fn() -> (E, K)>,
}

/// Reads a row, and records the parts of it that do not fit.
pub(crate) type ReadRow<R> = fn(JsonRef<'_>, &mut Mismatches) -> Result<R, FromWireError>;

impl<R, E: ErrorCode, K> Rows<R, E, K> {
    pub(crate) fn new(listing: Listing, read: ReadRow<R>) -> Self {
        Self { listing, mismatches: Vec::new(), read, types: PhantomData }
    }

    /// Reads the list by ascending identifier: without counting, and with up to fifty pages in a request. 100,000 rows take 41
    /// requests instead of 2,000. A row that exists during the whole read is yielded exactly once, whatever is added or deleted
    /// meanwhile; pages by number do not guarantee that.
    ///
    /// One request is in flight at a time, and rows come in strictly ascending order. An interrupted read can therefore continue
    /// after the last row with a condition such as `>ID`. The caller's conditions apply, including those on the identifier.
    ///
    /// It exists for lists whose documentation says that they are filtered and sorted by an identifier. For others, name the fields
    /// with [`by_keyset`](Self::by_keyset) if you know better. REST 3 has no such batches: it takes one request for each page.
    ///
    /// ```compile_fail,E0277
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{json, raw};
    /// # fn example(portal: Client) {
    /// let _ = portal.rows(raw("crm.thing.list", json!({})).read_only()).by_id(); // Nothing is known about this list.
    /// # }
    /// ```
    ///
    /// Call it before the first row is polled, like the other settings. Later it has no effect.
    pub fn by_id(mut self) -> Self
    where
        K: KeysetSupport,
    {
        self.listing.by_id(None, false);
        self
    }

    /// Reads the list by identifier, like [`by_id`](Self::by_id), with these names of fields and parameters: for lists that are not
    /// known to support it. If the method ignores the filter or the order, the list is incomplete, and reading it ends with an
    /// [`ErrorKind::IncompleteList`](bitrix24_core::ErrorKind::IncompleteList) as soon as a page shows it.
    ///
    /// ```no_run
    /// use bitrix24_client::Client;
    /// use bitrix24_core::{Keyset, json, raw};
    ///
    /// # fn example(portal: Client) {
    /// let things = raw("crm.thing.list", json!({})).rows_pointer("/items").read_only();
    /// let rows = portal.rows(things).by_keyset(Keyset::new("ID").with_row_id("id"));
    /// # let _ = rows;
    /// # }
    /// ```
    pub fn by_keyset(mut self, keyset: Keyset<'static>) -> Rows<R, E, HasKeyset> {
        self.listing.by_id(Some(keyset), false);
        Rows { listing: self.listing, mismatches: self.mismatches, read: self.read, types: PhantomData }
    }

    /// Reads the list by identifier, like [`by_id`](Self::by_id), from both ends with up to two requests in flight. It takes about
    /// half the time if the rate limit of the portal allows it. Rows come in no particular order, and an interrupted read
    /// leaves a gap in the middle. Short lists and lists of REST 3 are read from one end.
    pub fn unordered(mut self) -> Self
    where
        K: KeysetSupport,
    {
        self.listing.by_id(None, true);
        self
    }

    /// Calls `callback` with the progress after each response.
    ///
    /// ```no_run
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{json, raw};
    /// # fn example(portal: Client) {
    /// let rows = portal
    ///     .rows(raw("crm.deal.list", json!({})).read_only())
    ///     .on_progress(|progress| eprintln!("{} of {:?} rows", progress.rows, progress.total));
    /// # let _ = rows;
    /// # }
    /// ```
    pub fn on_progress(mut self, callback: impl FnMut(Progress) + Send + 'static) -> Self {
        self.listing.set_on_progress(Box::new(callback));
        self
    }

    /// The values in the last row that have another type than documented; see
    /// [`Response::mismatches`](bitrix24_core::Response::mismatches). Their paths start in the result of the page.
    pub fn mismatches(&self) -> &[Mismatch] {
        &self.mismatches
    }

    /// The next row; `None` after the last one. It is cancel safe: dropping the future loses no row.
    ///
    /// # Errors
    /// An [`Error`] of the method, or of the kind [`ErrorKind::IncompleteList`](bitrix24_core::ErrorKind::IncompleteList) if the
    /// list has not ended and cannot be read further.
    pub async fn next(&mut self) -> Option<Result<R, Error<E>>> {
        std::future::poll_fn(|cx| self.poll_row(cx)).await
    }

    /// Collects all remaining rows.
    ///
    /// ```no_run
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{json, raw};
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let departments = portal.rows(raw("department.get", json!({})).read_only()).collect_all().await?;
    /// println!("{} departments", departments.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The first error, as a [`RowsError`] with the rows before it.
    pub async fn collect_all(mut self) -> Result<Vec<R>, RowsError<R, E>> {
        let mut rows = Vec::new();
        while let Some(row) = self.next().await {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => return Err(RowsError { rows, error }),
            }
        }
        Ok(rows)
    }

    fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<R, Error<E>>>> {
        let row = ready!(self.listing.poll_row(cx));
        Poll::Ready(row.map(|row| self.decode(row)))
    }

    /// The list without the types of rows and errors.
    #[cfg(feature = "blocking")]
    pub(crate) fn listing(&mut self) -> &mut Listing {
        &mut self.listing
    }

    /// Decodes a row.
    pub(crate) fn decode(&mut self, row: Result<(usize, Json), Failure>) -> Result<R, Error<E>> {
        self.mismatches.clear();
        let decoded = row.and_then(|(index, row)| {
            let mut mismatches = Mismatches::new();
            let row = (self.read)(row.get(), &mut mismatches)
                .map_err(|error| self.listing.row_failure(error.into(), index))?;
            if !mismatches.is_empty() {
                self.mismatches = self.listing.accept_mismatches(mismatches, index)?;
            }
            Ok(row)
        });
        decoded.map_err(|failure| self.listing.error(failure))
    }
}

impl<R, E: ErrorCode, K> Stream for Rows<R, E, K> {
    type Item = Result<R, Error<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_row(cx)
    }
}

impl<R, E, K> fmt::Debug for Rows<R, E, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.listing.fmt_as("Rows", f)
    }
}

/// An error of a list with the rows before it; see [`Rows::collect_all`].
#[derive(Debug)]
#[non_exhaustive]
pub struct RowsError<R, E> {
    /// The rows before the error.
    pub rows: Vec<R>,
    /// The error.
    pub error: Error<E>,
}

impl<R, E> fmt::Display for RowsError<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, after {} rows", self.error, self.rows.len())
    }
}

/// The rows before the error are dropped.
impl<R, E: ErrorCode> From<RowsError<R, E>> for AnyError {
    fn from(error: RowsError<R, E>) -> Self {
        error.error.into()
    }
}

impl<R: fmt::Debug, E: fmt::Debug + 'static> StdError for RowsError<R, E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}

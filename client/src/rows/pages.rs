//! The pages of a list as a stream.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use bitrix24_core::{Error, Failure, Method, RawResponse, Response};
use futures_core::Stream;

use super::listing::Listing;
use super::progress::Progress;

/// The pages of a list, each as the response to a call; see [`Client::pages`](crate::Client::pages).
///
/// It is a [`Stream`]; [`next`](Self::next) works without another crate. The stream ends after an error, except for a page whose
/// result does not match its documentation: it yields an error for that page and continues.
#[must_use = "no request is sent until a page is polled"]
pub struct Pages<M> {
    listing: Listing,
    method: PhantomData<fn() -> M>,
}

/// The items of the stream.
type Page<M> = Result<Response<<M as Method>::Output>, Error<<M as Method>::Error>>;

impl<M: Method> Pages<M> {
    pub(crate) fn new(listing: Listing) -> Self {
        Self { listing, method: PhantomData }
    }

    /// The next page; `None` after the last one. It is cancel safe: dropping the future loses no page.
    ///
    /// # Errors
    /// An [`Error`] of the method, or of the kind [`ErrorKind::IncompleteList`](bitrix24_core::ErrorKind::IncompleteList) if the
    /// list has not ended and cannot be read further.
    pub async fn next(&mut self) -> Option<Result<Response<M::Output>, Error<M::Error>>> {
        std::future::poll_fn(|cx| self.poll_page(cx)).await
    }

    /// Calls `callback` with the progress after each response. Rows are not counted, since pages are yielded as they are.
    pub fn on_progress(mut self, callback: impl FnMut(Progress) + Send + 'static) -> Self {
        self.listing.set_on_progress(Box::new(callback));
        self
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Page<M>>> {
        let page = std::task::ready!(self.listing.poll_page(cx));
        Poll::Ready(page.map(|page| self.decode(page)))
    }

    /// The list without the type of the method.
    #[cfg(feature = "blocking")]
    pub(crate) fn listing(&mut self) -> &mut Listing {
        &mut self.listing
    }

    /// Decodes a page as the result of the method.
    pub(crate) fn decode(&self, page: Result<RawResponse, Failure>) -> Page<M> {
        self.listing.decode::<M>(page)
    }
}

impl<M: Method> Stream for Pages<M> {
    type Item = Page<M>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(cx)
    }
}

impl<M> fmt::Debug for Pages<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.listing.fmt_as("Pages", f)
    }
}

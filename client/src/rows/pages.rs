//! The pages of a list as a stream.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use bitrix24_core::{Answer, Error, Failure, Method, Reply};
use futures_core::Stream;

use super::listing::Listing;
use super::progress::Progress;

/// The pages of a list, each as the reply to a call; see [`Client::pages`](crate::Client::pages).
///
/// It is a [`Stream`], and [`next`](Self::next) needs no further crate. After an error there is nothing more, but for one kind: a
/// page whose result is not what its documentation says is an error and no reason to stop.
#[must_use = "nothing is sent until a page is asked for"]
pub struct Pages<M> {
    listing: Listing,
    method: PhantomData<fn() -> M>,
}

/// A page as it is given.
type Page<M> = Result<Reply<<M as Method>::Output>, Error<<M as Method>::Error>>;

impl<M: Method> Pages<M> {
    pub(crate) fn new(listing: Listing) -> Self {
        Self { listing, method: PhantomData }
    }

    /// The next page; `None` behind the last one. The future may be dropped and another one asked for: no page is lost.
    ///
    /// # Errors
    /// An [`Error`] of the method, or one of the kind [`Kind::Incomplete`](bitrix24_core::Kind::Incomplete) where the list has
    /// not ended and cannot be read further.
    pub async fn next(&mut self) -> Option<Result<Reply<M::Output>, Error<M::Error>>> {
        std::future::poll_fn(|cx| self.poll_page(cx)).await
    }

    /// Has `watch` told after each answer how far the walk has come. Rows are not counted, since pages are given as they are.
    pub fn on_progress(mut self, watch: impl FnMut(Progress) + Send + 'static) -> Self {
        self.listing.watch(Box::new(watch));
        self
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Page<M>>> {
        let page = std::task::ready!(self.listing.poll_page(cx));
        Poll::Ready(page.map(|page| self.typed(page)))
    }

    /// What is read, whatever the type of the method.
    #[cfg(feature = "blocking")]
    pub(crate) fn listing(&mut self) -> &mut Listing {
        &mut self.listing
    }

    /// A page as its type.
    pub(crate) fn typed(&self, page: Result<Answer, Failure>) -> Page<M> {
        page.and_then(Answer::read).map_err(|failure| self.listing.error(failure))
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

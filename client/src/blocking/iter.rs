//! Streams as iterators.

use std::fmt;
use std::future::poll_fn;
use std::iter::FusedIterator;
use std::pin::Pin;
use std::sync::Arc;

use bitrix24_core::Error;
use futures_core::Stream;

use super::runtime::Runtime;

/// The items of a stream; see [`Client::iter`](super::Client::iter). Dropping it drops the stream.
#[must_use = "nothing is sent until an item is requested"]
pub struct Iter<S> {
    /// `None` at the end.
    stream: Option<S>,
    runtime: Arc<Runtime>,
}

impl<S> Iter<S> {
    pub(super) fn new(stream: S, runtime: Arc<Runtime>) -> Self {
        Self { stream: Some(stream), runtime }
    }
}

impl<S: Stream + Unpin> Iterator for Iter<S> {
    type Item = Result<S::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        let item = self.runtime.block_on(poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)));
        match item {
            Ok(Some(item)) => Some(Ok(item)),
            Ok(None) => {
                self.stream = None;
                None
            }
            Err(failure) => {
                self.stream = None;
                Some(Err(Error::new("a call of a blocking client", failure)))
            }
        }
    }
}

impl<S: Stream + Unpin> FusedIterator for Iter<S> {}

impl<S: fmt::Debug> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Iter").field(&self.stream).finish()
    }
}

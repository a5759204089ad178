//! Requests that are answered before they are handled.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use bitrix24_core::oauth::IncomingRequest;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::incoming::Incoming;
use crate::receiver::Receiver;
use crate::refusal::Refusal;

/// A receiver that hands requests over to a [`Worker`], so that the portal gets its response at once. Clones share their state.
///
/// A portal that waits for responses sends its events less often, and it sends each of them **once**: what is refused, or is lost
/// when the process crashes, does not come again. An inbox that is full refuses with the status 503, before the request is
/// remembered and before the store changes, so that a proxy may repeat it. If no event may be lost, use offline events, which the
/// portal keeps; an event then only says that there are some.
///
/// ```
/// use bitrix24_core::oauth::IncomingRequest;
/// use bitrix24_handler::{Installation, MemoryInstallations, Receiver, Refusal};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Refusal> {
/// let portal = Installation::new("m1").with_application_token("t0ken", 1_700_000_000);
/// let (inbox, worker) = Receiver::builder(MemoryInstallations::from_iter([portal])).build().inbox(1000);
/// let worker = tokio::spawn(worker.run(4, |incoming| async move { drop(incoming) }));
///
/// let body = b"event=ONCRMDEALADD&ts=1800000000&auth[member_id]=m1&auth[application_token]=t0ken";
/// inbox.receive(IncomingRequest::new(body), 1_800_000_002).await?;
///
/// inbox.close(); // at the end of the program
/// assert_eq!(worker.await.expect("no panic").completed(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Inbox {
    receiver: Receiver,
    sender: mpsc::Sender<Incoming>,
    /// Closed when the inbox is.
    open: Arc<Semaphore>,
}

impl Receiver {
    /// Adds an inbox for `capacity` requests, and the worker that handles them.
    pub fn inbox(&self, capacity: usize) -> (Inbox, Worker) {
        let (sender, requests) = mpsc::channel(capacity.clamp(1, Semaphore::MAX_PERMITS));
        let open = Arc::new(Semaphore::new(0));
        let worker = Worker { requests, open: Arc::clone(&open) };
        (Inbox { receiver: self.clone(), sender, open }, worker)
    }
}

impl Inbox {
    /// The receiver.
    pub fn receiver(&self) -> &Receiver {
        &self.receiver
    }

    /// Decides about a request as [`Receiver::receive`] does, and hands it over.
    ///
    /// # Errors
    /// A [`Refusal`]: also [`Overloaded`](Refusal::Overloaded) if the inbox is full, [`Closed`](Refusal::Closed) if it is
    /// closed or the worker is gone, and [`Unexpected`](Refusal::Unexpected) for a page and a settings form, which need an
    /// answer.
    pub async fn receive(&self, request: IncomingRequest<'_>, now: u64) -> Result<(), Refusal> {
        let verified = self.receiver.verify(request, now).await?;
        if matches!(verified.incoming, Incoming::Page(_) | Incoming::Settings(_)) {
            return Err(Refusal::Unexpected);
        }
        let (open, sender) = (Arc::clone(&self.open), self.sender.clone());
        let reserve = move || {
            if open.is_closed() {
                return Err(Refusal::Closed);
            }
            let place = sender.try_reserve_owned().map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => Refusal::Overloaded,
                mpsc::error::TrySendError::Closed(_) => Refusal::Closed,
            })?;
            Ok(move |incoming| drop(place.send(incoming)))
        };
        self.receiver.accept_and(verified, now, reserve).await
    }

    /// Refuses all requests from now on. The worker handles those that are in the inbox, and ends.
    pub fn close(&self) {
        self.open.close();
    }

    /// How many requests are waiting.
    pub fn len(&self) -> usize {
        self.sender.max_capacity() - self.sender.capacity()
    }

    /// Whether no request is waiting.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Shows how many requests are waiting.
impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// Handles the requests of an [`Inbox`].
#[must_use = "without a running worker, the inbox is full sooner or later"]
pub struct Worker {
    requests: mpsc::Receiver<Incoming>,
    open: Arc<Semaphore>,
}

/// How many requests a worker has handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handled {
    completed: u64,
    panicked: u64,
}

impl Handled {
    /// How many were handled to the end.
    pub fn completed(self) -> u64 {
        self.completed
    }

    /// How many ended with a panic.
    pub fn panicked(self) -> u64 {
        self.panicked
    }
}

impl Worker {
    /// Handles requests, at most `parallel` of them at the same time, until the inbox is [closed](Inbox::close) or all its
    /// clones are dropped, and everything in it is handled. A handler that panics ends alone.
    ///
    /// With 1, requests are handled in their order. With more, two events about the same entity may be handled in any order: read
    /// its present state from the portal.
    ///
    /// Spawn it, and await it at the end of the program, with a timeout if necessary. Dropping it aborts the handlers.
    pub async fn run<F, Fut>(mut self, parallel: usize, handle: F) -> Handled
    where
        F: Fn(Incoming) -> Fut,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let mut handled = Handled::default();
        let mut running = JoinSet::new();
        loop {
            while let Some(ended) = running.try_join_next() {
                handled.count(&ended);
            }
            while running.len() >= parallel.max(1) {
                let Some(ended) = running.join_next().await else { break };
                handled.count(&ended);
            }
            let Some(incoming) = self.next().await else { break };
            running.spawn(handle(incoming));
        }
        while let Some(ended) = running.join_next().await {
            handled.count(&ended);
        }
        handled
    }

    /// The next request; `None` if the inbox is closed and empty. For programs with a loop of their own.
    pub async fn next(&mut self) -> Option<Incoming> {
        let open = Arc::clone(&self.open);
        let mut closed = pin!(open.acquire());
        std::future::poll_fn(|context| {
            if open.is_closed() || closed.as_mut().poll(context).is_ready() {
                // Closing again changes nothing. Requests that have a place already are received.
                self.requests.close();
            }
            match self.requests.poll_recv(context) {
                Poll::Ready(incoming) => Poll::Ready(incoming),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }
}

impl Handled {
    fn count(&mut self, ended: &Result<(), tokio::task::JoinError>) {
        match ended {
            Ok(()) => self.completed += 1,
            Err(_) => self.panicked += 1,
        }
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

//! What a stream of offline events shares with the rest of the program.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::Duration;

use bitrix24_core::AnyError;
use tokio::sync::Notify;
use tokio::time::timeout;

/// How many errors are kept until the stream is polled.
const MAX_ERRORS: usize = 16;

/// Wakes or stops a stream of offline events from elsewhere. It is cheap to clone.
#[derive(Clone, Debug)]
pub struct OfflineHandle(pub(super) Arc<Control>);

impl OfflineHandle {
    /// Ends a pause between two calls: the queue has a new event. Call it in the handler of `ONOFFLINEEVENT`, which a portal sends when
    /// the queue changes.
    pub fn wake(&self) {
        self.0.changed.notify_one();
    }

    /// Takes no more events. The stream yields those that are taken already, and then ends.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Release);
        self.0.changed.notify_one();
    }
}

#[derive(Debug, Default)]
pub(super) struct Control {
    stopped: AtomicBool,
    changed: Notify,
    errors: Mutex<Errors>,
}

/// Errors beside the taking of events.
#[derive(Debug, Default)]
struct Errors {
    waiting: VecDeque<AnyError>,
    /// Errors of events that are never cleared.
    refusals: VecDeque<AnyError>,
    /// The owner of the stream.
    waker: Option<Waker>,
}

impl Control {
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// Waits, but no longer than until the stream is woken or stopped.
    pub(super) async fn pause(&self, time: Duration) {
        if !self.is_stopped() {
            let _ = timeout(time, self.changed.notified()).await;
        }
    }

    pub(super) fn report(&self, error: AnyError) {
        self.errors().add(|errors| &mut errors.waiting, error);
    }

    pub(super) fn report_refusal(&self, error: AnyError) {
        self.errors().add(|errors| &mut errors.refusals, error);
    }

    /// An error of events that are never cleared, if the stream has not yielded it.
    pub(super) fn take_refusal(&self) -> Option<AnyError> {
        self.errors().refusals.pop_front()
    }

    /// The next error; if there is none, the owner is woken by it.
    pub(super) fn poll_error(&self, cx: &Context<'_>) -> Option<AnyError> {
        let mut errors = self.errors();
        let error = errors.refusals.pop_front().or_else(|| errors.waiting.pop_front());
        if error.is_none() {
            errors.waker = Some(cx.waker().clone());
        }
        error
    }

    fn errors(&self) -> MutexGuard<'_, Errors> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Errors {
    fn add(&mut self, list: fn(&mut Self) -> &mut VecDeque<AnyError>, error: AnyError) {
        let list = list(self);
        if list.len() < MAX_ERRORS {
            list.push_back(error);
        }
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

//! The pause after a portal has blocked the application: `OVERLOAD_LIMIT`.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use bitrix24_core::{Failure, SystemError};
use tokio::sync::Notify;
use tokio::time::Instant;

/// Whether the portal has blocked the application. Shared by all clones of a client.
pub(crate) struct Overload {
    pause: Duration,
    block: Mutex<Option<Block>>,
    /// Notified when a block starts.
    blocked: Notify,
}

/// A block that the portal has reported.
struct Block {
    failure: Failure,
    ends_at: Option<Instant>,
    /// Whether a call is being tried after the pause.
    on_trial: bool,
}

/// The permission to send a request. After a pause there is one at a time.
pub(crate) struct Permit<'a> {
    overload: &'a Overload,
    on_trial: bool,
}

impl Overload {
    /// No block yet. After one, calls rest for `pause`.
    pub(crate) fn new(pause: Duration) -> Self {
        Self { pause, block: Mutex::new(None), blocked: Notify::new() }
    }

    /// Fails if calls rest.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        self.state().as_ref().and_then(Block::resting).map_or(Ok(()), Err)
    }

    /// Awaits the future; `None` if a block starts before.
    pub(crate) async fn unless_blocked<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let (mut future, mut blocked) = (pin!(future), pin!(self.blocked.notified()));
        poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => blocked.as_mut().poll(context).map(|()| None),
        })
        .await
    }

    /// The permission to send a request now; fails if calls rest, or if another call is on trial.
    pub(crate) fn permit(&self) -> Result<Permit<'_>, Failure> {
        let mut state = self.state();
        let Some(block) = &mut *state else { return Ok(Permit { overload: self, on_trial: false }) };
        if let Some(failure) = block.resting() {
            return Err(failure);
        }
        block.on_trial = true;
        Ok(Permit { overload: self, on_trial: true })
    }

    fn state(&self) -> MutexGuard<'_, Option<Block>> {
        self.block.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Block {
    /// The failure of a call that is not sent; `None` if a call may be tried.
    fn resting(&self) -> Option<Failure> {
        let left = match self.ends_at {
            Some(end) => end.saturating_duration_since(Instant::now()),
            // A pause beyond the range of the clock does not end.
            None => Duration::MAX,
        };
        if left.is_zero() && !self.on_trial {
            return None;
        }
        let when = match left.as_secs() {
            _ if left.is_zero() => "one call is being tried".to_owned(),
            _ if left == Duration::MAX => "calls of this client rest".to_owned(),
            seconds => format!("calls of this client rest for {} s more", seconds + 1),
        };
        let text = format!(
            "not sent, since the portal has blocked the application; {when} (`overload_pause`): {}",
            self.failure.description()
        );
        let code = self.failure.code().unwrap_or_default();
        Some(Failure::from_response(self.failure.status().unwrap_or_default(), code, text))
    }
}

impl Permit<'_> {
    /// Records the outcome of the request: a block starts, or is over.
    pub(crate) fn record<T>(self, result: &Result<T, Failure>) {
        let answered = result.as_ref().map_or_else(|failure| failure.status().is_some(), |_| true);
        match result {
            Err(failure) if is_overload(failure) && !self.overload.pause.is_zero() => {
                *self.overload.state() = Some(Block {
                    failure: failure.clone(),
                    ends_at: Instant::now().checked_add(self.overload.pause),
                    on_trial: false,
                });
                self.overload.blocked.notify_waiters();
            }
            // A call that was sent before the block may be answered after it, and says nothing about it.
            _ if answered && self.on_trial => *self.overload.state() = None,
            _ => {}
        }
    }
}

/// A call on trial that is dropped or not answered decides nothing: the next one is tried.
impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.on_trial
            && let Some(block) = &mut *self.overload.state()
        {
            block.on_trial = false;
        }
    }
}

fn is_overload(failure: &Failure) -> bool {
    failure.code().and_then(SystemError::from_code) == Some(SystemError::OverloadLimit)
}

//! A clock that stops while requests are in flight, so that limits can be checked to the millisecond over real sockets.
#![allow(unreachable_pub)]

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bitrix24_client::{Event, Observer, Step};
use tokio::task::yield_now;
use tokio::time::advance;

/// The step of the clock when no request is in flight.
const TICK: Duration = Duration::from_millis(250);

/// How many consecutive polls must find no request in flight before the clock advances.
const IDLE_POLLS: usize = 50;

/// Counts the requests in flight. A client uses it as its observer.
#[derive(Clone, Default)]
pub struct Traffic(Arc<AtomicUsize>);

impl Observer for Traffic {
    fn observe(&self, event: &Event<'_>) {
        match event.step() {
            Step::Permitted { .. } => self.0.fetch_add(1, Ordering::Relaxed),
            Step::Sent { .. } => self.0.fetch_sub(1, Ordering::Relaxed),
            _ => 0,
        };
    }
}

impl Traffic {
    /// Runs a future on the paused clock, which advances only when no request is in flight. Otherwise the clock would advance
    /// whenever the runtime is idle, and it is also idle while the kernel transfers a packet.
    pub async fn run<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = self.wait_until_idle() => advance(TICK).await,
            }
        }
    }

    async fn wait_until_idle(&self) {
        let mut idle_polls = 0;
        while idle_polls < IDLE_POLLS {
            idle_polls = if self.0.load(Ordering::Relaxed) == 0 { idle_polls + 1 } else { 0 };
            yield_now().await;
        }
    }
}

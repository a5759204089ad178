//! A clock that stands still while requests are under way, so that limits are met to the millisecond over real sockets.
#![allow(unreachable_pub)]

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bitrix24_client::{Event, Observer, Step};
use tokio::task::yield_now;
use tokio::time::advance;

/// By how much the clock moves on when everybody waits.
const TICK: Duration = Duration::from_millis(250);

/// How often the runtime finds nothing under way before it is believed.
const CALM: usize = 50;

/// Counts the requests that are under way. It is given to a client as its observer.
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
    /// Does some work on the paused clock, which moves on only when nothing is under way. (By itself the clock jumps whenever the
    /// runtime has nothing to do, which it may not have while the kernel carries a packet.)
    pub async fn pass<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = self.calm() => advance(TICK).await,
            }
        }
    }

    async fn calm(&self) {
        let mut calm = 0;
        while calm < CALM {
            calm = if self.0.load(Ordering::Relaxed) == 0 { calm + 1 } else { 0 };
            yield_now().await;
        }
    }
}

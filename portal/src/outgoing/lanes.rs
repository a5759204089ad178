//! Requests that wait to be sent.
//!
//! Each address has its lane: what is sent to it arrives in order, and a slow handler delays only those in its lane. Lanes are bounded;
//! what finds its lane full is lost, and recorded as lost.

use std::hash::Hasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

use super::{Delivery, Outgoing, Recorder};
use crate::answer::Fnv;

/// The number of lanes.
const LANES: usize = 16;

/// How many requests wait in a lane.
const WAITING: usize = 1_000;

/// Where requests wait until they are sent. The tasks end when it is dropped.
#[derive(Debug)]
pub(crate) struct Outbox {
    lanes: Vec<mpsc::Sender<Outgoing>>,
    pending: Arc<Pending>,
    _tasks: JoinSet<()>,
}

/// How many requests are not yet sent.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    number: AtomicUsize,
    none: Notify,
}

impl Outbox {
    /// Starts the lanes within the current tokio runtime. `record` gets each request once it was sent.
    pub(crate) fn start(record: &Recorder) -> Self {
        let (mut tasks, pending) = (JoinSet::new(), Arc::new(Pending::default()));
        let lane = |_| {
            let (sender, mut receiver) = mpsc::channel::<Outgoing>(WAITING);
            let (record, pending) = (Arc::clone(record), Arc::clone(&pending));
            tasks.spawn(async move {
                while let Some(outgoing) = receiver.recv().await {
                    record(outgoing.deliver().await);
                    pending.end();
                }
            });
            sender
        };
        Self { lanes: (0..LANES).map(lane).collect(), pending, _tasks: tasks }
    }

    /// Lets a request wait to be sent. Returns it as lost if its lane is full.
    pub(crate) fn send(&self, outgoing: Outgoing) -> Option<Delivery> {
        let mut hasher = Fnv::default();
        hasher.write(outgoing.url.as_bytes());
        let lane = self.lanes.get(hasher.finish() as usize % LANES)?;
        self.pending.number.fetch_add(1, Ordering::SeqCst);
        let lost = lane.try_send(outgoing).err().map(mpsc::error::TrySendError::into_inner)?;
        self.pending.end();
        let response = Err(format!("lost: {WAITING} requests wait already"));
        Some(Delivery { url: lost.url, what: lost.what, response })
    }

    /// What says when all requests are sent.
    pub(crate) fn pending(&self) -> Arc<Pending> {
        Arc::clone(&self.pending)
    }
}

impl Pending {
    fn end(&self) {
        if self.number.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.none.notify_waiters();
        }
    }

    /// Waits until all requests are sent.
    pub(crate) async fn none(&self) {
        loop {
            let notified = self.none.notified();
            if self.number.load(Ordering::SeqCst) == 0 {
                return;
            }
            notified.await;
        }
    }
}

//! When a fault happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A fault that was scheduled by [`Portal::fail`](crate::Portal::fail). It happens also after this value is dropped.
#[derive(Clone, Debug)]
pub struct ScheduledFault {
    schedule: Arc<Schedule>,
}

impl ScheduledFault {
    pub(super) fn new(schedule: Arc<Schedule>) -> Self {
        Self { schedule }
    }

    /// Leaves out so many calls of the method before the first one that has the fault. Default: 0.
    pub fn skip(self, calls: usize) -> Self {
        self.schedule.skips.store(calls, Ordering::Relaxed);
        self
    }

    /// Runs the method also if the fault says that it does not run, and replaces only its response.
    pub fn after_running(self) -> Self {
        self.schedule.runs.store(true, Ordering::Relaxed);
        self
    }

    /// Ends the fault, also if it has not happened to all its calls.
    pub fn end(&self) {
        self.schedule.left.store(0, Ordering::Relaxed);
    }

    /// How many calls had the fault.
    pub fn hits(&self) -> usize {
        self.schedule.hits.load(Ordering::Relaxed)
    }
}

/// The calls that a fault still skips, still happens to, and has happened to. The portal counts them while it is locked.
#[derive(Debug)]
pub(super) struct Schedule {
    skips: AtomicUsize,
    left: AtomicUsize,
    hits: AtomicUsize,
    runs: AtomicBool,
}

impl Schedule {
    pub(super) fn new(calls: usize, runs: bool) -> Self {
        Self {
            skips: AtomicUsize::new(0),
            left: AtomicUsize::new(calls),
            hits: AtomicUsize::new(0),
            runs: AtomicBool::new(runs),
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    pub(super) fn runs(&self) -> bool {
        self.runs.load(Ordering::Relaxed)
    }

    /// Counts a call; returns whether it has the fault.
    pub(super) fn count(&self) -> bool {
        let less = |count: usize| count.checked_sub(1);
        if self.skips.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok() {
            return false;
        }
        let is_left = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok();
        self.hits.fetch_add(usize::from(is_left), Ordering::Relaxed);
        is_left
    }
}

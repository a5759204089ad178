//! What was sent to handlers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use crate::lock::lock;
use crate::outgoing::Delivery;

/// How many requests are kept.
const MAX: usize = 500;

/// The last requests to handlers, and what came of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deliveries(Arc<Mutex<VecDeque<Delivery>>>);

impl Deliveries {
    pub(crate) fn add(&self, delivery: Delivery) {
        let mut kept = lock(&self.0);
        if kept.len() >= MAX {
            kept.pop_front();
        }
        kept.push_back(delivery);
    }

    /// The requests, oldest first.
    pub(crate) fn all(&self) -> Vec<Delivery> {
        lock(&self.0).iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }
}

//! Clears events that were handled.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::AnyError;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{error, warn};

use super::acknowledgement::{Ack, Acknowledgement, Outcome, Refusal, plan, refusal, refused, with_text};
use super::control::Control;
use super::drained::Drained;
use super::queue::Queue;

/// How many acknowledgements may wait to be read.
pub(super) const WAITING: usize = 256;

/// The first and the longest pause after a failed call.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(30)];

/// How many calls in a row may fail once no more acknowledgements come.
const LAST_ATTEMPTS: u32 = 5;

/// The task that clears events. It ends when the stream and all its events are gone, after everything was cleared or refused.
///
/// A call that fails is repeated, with longer pauses. If the portal refuses it for ever, nothing is repeated: the events stay in the queue,
/// and the program gets the error. One refused event does not keep others of its request.
pub(super) struct Acknowledger {
    queue: Queue,
    control: Arc<Control>,
    acks: mpsc::Receiver<Ack>,
    clear_within: Duration,
    groups: HashMap<String, Group>,
    /// Not before this time, after a failed call.
    not_before: Option<Instant>,
    failed_calls: u32,
    drained: Drained,
}

/// The acknowledged events of one reservation.
struct Group {
    acks: Vec<Ack>,
    due: Instant,
}

impl Group {
    /// Whether all events of the reservation are acknowledged or were dropped.
    fn is_complete(&self) -> bool {
        let acknowledged = self.acks.len();
        self.acks.first().is_none_or(|ack| Arc::strong_count(&ack.ticket.reservation) <= acknowledged)
    }
}

impl Acknowledger {
    pub(super) fn new(
        queue: Queue,
        control: Arc<Control>,
        acks: mpsc::Receiver<Ack>,
        clear_within: Duration,
    ) -> Self {
        Self {
            queue,
            control,
            acks,
            clear_within,
            groups: HashMap::new(),
            not_before: None,
            failed_calls: 0,
            drained: Drained::default(),
        }
    }

    pub(super) async fn run(mut self) -> Result<Drained, AnyError> {
        while self.receive().await {
            let now = Instant::now();
            if self.not_before.is_none_or(|time| now >= time) {
                let _ = self.clear(|group| now >= group.due || group.is_complete()).await;
            }
        }
        // Nothing more comes. What cannot be cleared now is delivered again.
        loop {
            match self.clear(|_| true).await {
                None => return Ok(self.drained),
                Some(error) if self.failed_calls >= LAST_ATTEMPTS => return Err(error),
                Some(_) => sleep(self.pause()).await,
            }
        }
    }

    /// Waits for acknowledgements, until something is due; `false` if no more come.
    async fn receive(&mut self) -> bool {
        let due = self.groups.values().map(|group| group.due).min();
        let due = due.map(|due| self.not_before.map_or(due, |time| due.max(time)));
        let received = match due {
            None => self.acks.recv().await,
            Some(due) => match timeout_at(due, self.acks.recv()).await {
                Err(_) => return true,
                Ok(received) => received,
            },
        };
        let Some(first) = received else { return false };
        self.add(first);
        while let Ok(next) = self.acks.try_recv() {
            self.add(next);
        }
        true
    }

    fn add(&mut self, ack: Ack) {
        // The portal has not reserved it: there is nothing to clear.
        if ack.ticket.reservation.process_id.is_empty() {
            return;
        }
        // It is marked already. Marking ends its reservation on some portals, so that it would be taken again at once.
        if ack.outcome == Outcome::Failed && self.queue.is_of_failed() {
            self.drained.failed += 1;
            return;
        }
        self.keep(vec![ack], Instant::now() + self.clear_within);
    }

    /// Clears the events of the groups that are due. Returns the error of what could not be cleared, which stays.
    async fn clear(&mut self, is_due: impl Fn(&Group) -> bool) -> Option<AnyError> {
        let due: Vec<String> = self
            .groups
            .iter()
            .filter(|(_, group)| is_due(group))
            .map(|(process, _)| process.clone())
            .collect();
        let groups = due.into_iter().filter_map(|process_id| self.groups.remove(&process_id));
        let mut planned: Vec<_> = groups.flat_map(|group| plan(group.acks)).collect();
        if planned.is_empty() {
            return None;
        }
        let mut failed = None;
        while !planned.is_empty() {
            let (next, error) = self.execute(planned).await;
            planned = next;
            failed = error.or(failed);
        }
        self.after_call(failed)
    }

    /// Executes requests. Returns those that follow from them, and the last error that may pass.
    async fn execute(&mut self, planned: Vec<Acknowledgement>) -> (Vec<Acknowledgement>, Option<AnyError>) {
        let requests = planned.iter().map(|planned| planned.request.clone()).collect();
        let outcomes = self.queue.execute(requests).await;
        let (mut next, mut failed) = (Vec::new(), None);
        for (planned, outcome) in planned.into_iter().zip(outcomes) {
            let Err(error) = outcome else {
                self.count(&planned.acks);
                continue;
            };
            match refusal(&error) {
                Refusal::Temporary => {
                    self.keep(planned.acks, Instant::now());
                    failed = Some(error);
                }
                Refusal::OfRow if planned.acks.len() > 1 => next.extend(planned.halves()),
                Refusal::OfRow | Refusal::OfCall => self.refuse(&error, &planned.acks),
            }
        }
        (next, failed)
    }

    fn count(&mut self, acks: &[Ack]) {
        for ack in acks {
            match ack.outcome {
                Outcome::Done => self.drained.cleared += 1,
                Outcome::Failed => self.drained.failed += 1,
            }
        }
    }

    /// Leaves events in the queue.
    fn refuse(&mut self, error: &AnyError, acks: &[Ack]) {
        self.drained.refused += acks.len() as u64;
        let error = refused(error, acks);
        error!(%error, "handled offline events cannot be cleared");
        self.control.report_refusal(error);
    }

    /// Clears events by a request that is due at this time, or earlier with others of the reservation.
    fn keep(&mut self, acks: Vec<Ack>, due: Instant) {
        let Some(first) = acks.first() else { return };
        let process_id = first.ticket.reservation.process_id.clone();
        let group = self.groups.entry(process_id).or_insert_with(|| Group { acks: Vec::new(), due });
        group.acks.extend(acks);
    }

    fn after_call(&mut self, failed: Option<AnyError>) -> Option<AnyError> {
        let Some(error) = failed else {
            (self.failed_calls, self.not_before) = (0, None);
            return None;
        };
        self.failed_calls += 1;
        self.not_before = Some(Instant::now() + self.pause());
        warn!(%error, "handled offline events could not be cleared; trying again");
        // The stream yields the first error of several in a row.
        if self.failed_calls == 1 {
            self.control.report(with_text(&error, "the events were handled, and are cleared later"));
        }
        Some(error)
    }

    fn pause(&self) -> Duration {
        let [first, longest] = PAUSES;
        first.saturating_mul(1 << self.failed_calls.saturating_sub(1).min(16)).min(longest)
    }
}

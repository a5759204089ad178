//! Clears events that were handled.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::{AnyError, Failure, RawRequest};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::warn;

use super::control::Control;
use super::drained::Drained;
use super::queue::{self, Queue};
use super::reservation::Ticket;

/// How many acknowledgements may wait to be read.
pub(super) const WAITING: usize = 256;

/// How many events one request clears.
const IDS_PER_REQUEST: usize = 50;

/// The first and the longest pause after a failed call.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(30)];

/// How many calls in a row may fail once no more acknowledgements come.
const LAST_ATTEMPTS: u32 = 5;

pub(super) struct Ack {
    pub(super) ticket: Ticket,
    pub(super) outcome: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outcome {
    Done,
    Failed,
}

/// The task that clears events. It ends when the stream and all its events are gone, after everything was cleared.
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
    tickets: Vec<(Ticket, Outcome)>,
    due: Instant,
}

impl Group {
    /// Whether all events of the reservation are acknowledged or were dropped.
    fn is_complete(&self) -> bool {
        let acknowledged = self.tickets.len();
        self.tickets.first().is_none_or(|(ticket, _)| Arc::strong_count(&ticket.reservation) <= acknowledged)
    }
}

/// A request, and what it acknowledges.
struct Planned {
    request: RawRequest,
    tickets: Vec<(Ticket, Outcome)>,
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
        let process_id = &ack.ticket.reservation.process_id;
        // The portal has not reserved it: there is nothing to clear.
        if process_id.is_empty() {
            return;
        }
        // It is marked already. Marking ends its reservation on some portals, so that it would be taken again at once.
        if ack.outcome == Outcome::Failed && self.queue.is_of_failed() {
            self.drained.failed += 1;
            return;
        }
        let due = Instant::now() + self.clear_within;
        let group =
            self.groups.entry(process_id.clone()).or_insert_with(|| Group { tickets: Vec::new(), due });
        group.tickets.push((ack.ticket, ack.outcome));
    }

    /// Clears the events of the groups that are due. Returns the error of what could not be cleared, which stays.
    async fn clear(&mut self, is_due: impl Fn(&Group) -> bool) -> Option<AnyError> {
        let due: Vec<String> = self
            .groups
            .iter()
            .filter(|(_, group)| is_due(group))
            .map(|(process, _)| process.clone())
            .collect();
        let groups = due.into_iter().filter_map(|process_id| self.groups.remove_entry(&process_id));
        let planned: Vec<Planned> = groups.flat_map(|(process_id, group)| plan(&process_id, group)).collect();
        if planned.is_empty() {
            return None;
        }
        let requests = planned.iter().map(|planned| planned.request.clone()).collect();
        let outcomes = self.queue.execute(requests).await;
        let mut failed = None;
        for (planned, outcome) in planned.into_iter().zip(outcomes) {
            match outcome {
                Ok(()) => self.count(&planned.tickets),
                Err(error) => {
                    self.keep(planned.tickets);
                    failed = Some(error);
                }
            }
        }
        self.after_call(failed)
    }

    fn count(&mut self, tickets: &[(Ticket, Outcome)]) {
        for (_, outcome) in tickets {
            match outcome {
                Outcome::Done => self.drained.cleared += 1,
                Outcome::Failed => self.drained.failed += 1,
            }
        }
    }

    /// Tries again later.
    fn keep(&mut self, tickets: Vec<(Ticket, Outcome)>) {
        let Some((first, _)) = tickets.first() else { return };
        let (process_id, due) = (first.reservation.process_id.clone(), Instant::now());
        let group = self.groups.entry(process_id).or_insert_with(|| Group { tickets: Vec::new(), due });
        group.tickets.extend(tickets);
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
            let text = format!("{}; the events were handled, and are cleared later", error.description());
            let failure = match (error.status(), error.code()) {
                (Some(status), Some(code)) => Failure::from_response(status, code, text),
                _ => Failure::new(error.kind(), text),
            };
            self.control.report(AnyError::new(error.method(), failure));
        }
        Some(error)
    }

    fn pause(&self) -> Duration {
        let [first, longest] = PAUSES;
        first.saturating_mul(1 << self.failed_calls.saturating_sub(1).min(16)).min(longest)
    }
}

/// The requests that acknowledge the events of a reservation.
fn plan(process_id: &str, group: Group) -> Vec<Planned> {
    let (done, failed): (Vec<_>, Vec<_>) =
        group.tickets.into_iter().partition(|(_, outcome)| *outcome == Outcome::Done);
    let done = requests(done, |tickets| {
        let ids: Vec<i64> = tickets.iter().filter_map(|(ticket, _)| ticket.id).collect();
        queue::clear(process_id, &ids)
    });
    let failed = requests(failed, |tickets| {
        let ids: Vec<String> = tickets.iter().filter_map(|(ticket, _)| ticket.message_id.clone()).collect();
        queue::mark_failed(process_id, &ids)
    });
    done.into_iter().chain(failed).collect()
}

/// Requests for a bounded number of events each. An event without an identifier is delivered again.
fn requests(
    tickets: Vec<(Ticket, Outcome)>,
    request: impl Fn(&[(Ticket, Outcome)]) -> Option<RawRequest>,
) -> Vec<Planned> {
    let (mut tickets, mut planned) = (tickets.into_iter(), Vec::new());
    loop {
        let tickets: Vec<_> = tickets.by_ref().take(IDS_PER_REQUEST).collect();
        if tickets.is_empty() {
            return planned;
        }
        if let Some(request) = request(&tickets) {
            planned.push(Planned { request, tickets });
        }
    }
}

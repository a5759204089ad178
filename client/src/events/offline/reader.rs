//! Takes events from the queue, and takes over those of workers that have ended.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Weak};
use std::time::Duration;

use bitrix24_core::events::RawEvent;
use bitrix24_core::{AnyError, ErrorKind, Failure};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::claims::OfflineClaim;
use super::control::Control;
use super::queue::{Queue, Reservations, Rows};
use super::reservation::{Reservation, Ticket};
use super::settings::Settings;
use super::watch::Watch;

/// How often reservations are read, at least and at most.
const SCANS: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(30)];

/// How often they are read, at least, if claims show which workers are alive.
const SCAN_OF_CLAIMS: Duration = Duration::from_secs(5);

/// How long a reservation is seen without a claim before this worker claims it: its own worker claims it right after the call.
const GRACE: Duration = Duration::from_millis(500);

/// How often a worker that waits for a place looks whether it was stopped.
const STOP_CHECK: Duration = Duration::from_millis(100);

/// An event that was taken.
pub(super) struct Delivery {
    pub(super) event: RawEvent,
    pub(super) ticket: Ticket,
    pub(super) redelivered: bool,
}

pub(super) struct Reader {
    queue: Queue,
    settings: Settings,
    control: Arc<Control>,
    places: Arc<Semaphore>,
    watch: Watch,
    /// The reservations that this worker has not finished.
    own: HashMap<String, Weak<Reservation>>,
    /// Reservations to take over.
    abandoned: VecDeque<String>,
    /// The numbers of events in the reservations of others.
    sizes: BTreeMap<String, usize>,
    next_scan: Instant,
    is_first_scan: bool,
    /// The next pause while the queue is empty.
    idle: Duration,
    /// The pause before the next call, after an error.
    pause: Option<Duration>,
}

impl Reader {
    pub(super) fn new(queue: Queue, settings: Settings, control: Arc<Control>) -> Self {
        Self {
            queue,
            control,
            places: Arc::new(Semaphore::new(settings.max_in_flight)),
            watch: Watch::default(),
            own: HashMap::new(),
            abandoned: settings.resume.iter().cloned().collect(),
            sizes: BTreeMap::new(),
            next_scan: Instant::now(),
            is_first_scan: true,
            idle: settings.poll[0],
            pause: None,
            settings,
        }
    }

    /// The next events, once there are any; none if the stream was stopped.
    pub(super) async fn next(&mut self) -> Result<Vec<Delivery>, AnyError> {
        let read = self.read().await;
        match &read {
            Ok(_) => (self.idle, self.pause) = (self.settings.poll[0], None),
            Err(_) => self.pause = Some(self.next_pause()),
        }
        read
    }

    async fn read(&mut self) -> Result<Vec<Delivery>, AnyError> {
        if let Some(pause) = self.pause.take() {
            self.control.pause(pause).await;
        }
        while !self.control.is_stopped() {
            if Instant::now() >= self.next_scan {
                self.scan().await;
            }
            while let Some(process_id) = self.abandoned.pop_front() {
                match self.take_over(&process_id).await {
                    Ok(events) if events.is_empty() => {}
                    Ok(events) => return Ok(events),
                    Err(error) => {
                        self.abandoned.push_back(process_id);
                        return Err(error);
                    }
                }
            }
            let events = self.take().await?;
            if !events.is_empty() {
                return Ok(events);
            }
            let scan = self.next_scan.saturating_duration_since(Instant::now());
            let pause = self.next_pause().min(scan.max(self.settings.poll[0]));
            self.control.pause(pause).await;
        }
        Ok(Vec::new())
    }

    /// The pause while nothing happens; it doubles each time, and is shorter by up to a half.
    fn next_pause(&mut self) -> Duration {
        let pause = self.idle;
        self.idle = (pause * 2).min(self.settings.poll[1]);
        pause.mul_f64(1.0 - fastrand::f64() / 2.0)
    }

    /// Takes the next events of the queue.
    async fn take(&mut self) -> Result<Vec<Delivery>, AnyError> {
        let Some(places) = self.places(self.settings.limit).await else { return Ok(Vec::new()) };
        let taken_at = Instant::now();
        let rows = self.queue.reserve(places.num_permits()).await?;
        let claim = match &rows.process_id {
            Some(process_id) if !rows.events.is_empty() => match self.claim(process_id).await? {
                Claim::Refused => return Ok(Vec::new()),
                Claim::Granted(claim) => claim,
            },
            _ => None,
        };
        if rows.process_id.is_none() && !rows.events.is_empty() {
            let text = "the portal removed events from the queue instead of reserving them, since it knows no reservations; \
                 events are lost if the program ends before it has handled them";
            let failure = Failure::new(ErrorKind::UnexpectedResponse, text);
            self.control.report(AnyError::new("event.offline.get", failure));
        }
        Ok(self.deliver(rows, taken_at, claim, places, false))
    }

    /// Looks for reservations of workers that have ended. An error does not keep this worker from taking events.
    async fn scan(&mut self) {
        let [shortest, longest] = SCANS;
        let longest = if self.settings.claims.is_some() { SCAN_OF_CLAIMS } else { longest };
        self.next_scan = Instant::now() + (self.settings.lease / 4).clamp(shortest, longest);
        self.own.retain(|_, reservation| reservation.strong_count() > 0);
        let mut found: Reservations = match self.queue.reservations().await {
            Ok(found) => found,
            Err(error) => return self.control.report(error),
        };
        // Those that were finished during the call are in the list too.
        found.retain(|process_id, _| !self.own.contains_key(process_id));
        let first = std::mem::replace(&mut self.is_first_scan, false);
        let lease = match (&self.settings.claims, first && self.settings.only_worker) {
            (_, true) => Duration::ZERO,
            (Some(_), _) => self.settings.lease.min(GRACE),
            (None, _) => self.settings.lease,
        };
        let jitter = || lease.mul_f64(1.0 + fastrand::f64() / 2.0);
        let abandoned = self.watch.observe(Instant::now(), &found, jitter);
        self.sizes = found.into_iter().map(|(process_id, rows)| (process_id, rows.len())).collect();
        // Another worker may have taken over one that waits here since an earlier scan.
        let resume = &self.settings.resume;
        self.abandoned.retain(|process_id| abandoned.contains(process_id) || resume.contains(process_id));
        for process_id in abandoned {
            if !self.abandoned.contains(&process_id) {
                self.abandoned.push_back(process_id);
            }
        }
        fastrand::shuffle(self.abandoned.make_contiguous());
    }

    /// Takes over the events of a reservation.
    async fn take_over(&mut self, process_id: &str) -> Result<Vec<Delivery>, AnyError> {
        let wanted = self.sizes.get(process_id).copied().unwrap_or(self.settings.limit);
        // The claim comes first: a reservation that another worker holds must not keep this one waiting for places.
        let Claim::Granted(claim) = self.claim(process_id).await? else { return Ok(Vec::new()) };
        let Some(places) = self.places(wanted).await else { return Ok(Vec::new()) };
        let taken_at = Instant::now();
        let rows = self.queue.read_again(process_id, places.num_permits()).await?;
        let others_work = self.sizes.get(process_id).is_some_and(|size| rows.events.len() < *size);
        self.watch.forget(process_id);
        if others_work && claim.is_none() && places.num_permits() >= wanted && !self.settings.only_worker {
            // Some were cleared since they were listed: a worker is busy with them.
            return Ok(Vec::new());
        }
        Ok(self.deliver(rows, taken_at, claim, places, true))
    }

    /// Claims a reservation, if workers have claims.
    async fn claim(&self, process_id: &str) -> Result<Claim, AnyError> {
        let Some(claims) = &self.settings.claims else { return Ok(Claim::Granted(None)) };
        match claims.claim(process_id).await {
            Ok(Some(claim)) => Ok(Claim::Granted(Some(claim))),
            Ok(None) => Ok(Claim::Refused),
            Err(error) => {
                let text = format!("the events were not delivered, since they cannot be claimed: {error}");
                Err(AnyError::new("", Failure::new(ErrorKind::NotExecuted, text)))
            }
        }
    }

    /// Places for one event or more, at most `wanted`; none if the stream was stopped.
    async fn places(&self, wanted: usize) -> Option<OwnedSemaphorePermit> {
        let mut places = self.wait_for_place().await?;
        let more = wanted.saturating_sub(1).min(self.places.available_permits());
        if let Ok(more) = Arc::clone(&self.places).try_acquire_many_owned(more as u32) {
            places.merge(more);
        }
        Some(places)
    }

    async fn wait_for_place(&self) -> Option<OwnedSemaphorePermit> {
        while !self.control.is_stopped() {
            let place = Arc::clone(&self.places).acquire_owned();
            if let Ok(place) = timeout(STOP_CHECK, place).await {
                return place.ok();
            }
        }
        None
    }

    fn deliver(
        &mut self,
        rows: Rows,
        taken_at: Instant,
        claim: Option<OfflineClaim>,
        mut places: OwnedSemaphorePermit,
        redelivered: bool,
    ) -> Vec<Delivery> {
        let process_id = rows.process_id.unwrap_or_default();
        let reservation = Arc::new(Reservation { process_id: process_id.clone(), taken_at, _claim: claim });
        let mut deliveries = Vec::new();
        for event in rows.events {
            // A portal that returns more events than were requested has reserved them too; they come again.
            let Some(permit) = places.split(1) else { break };
            let offline = event.envelope.offline.as_ref();
            let ticket = Ticket {
                reservation: Arc::clone(&reservation),
                id: offline.and_then(|row| row.id),
                message_id: offline.and_then(|row| row.message_id.clone()),
                _permit: permit,
            };
            deliveries.push(Delivery { event, ticket, redelivered });
        }
        if !deliveries.is_empty() && !process_id.is_empty() {
            self.own.insert(process_id, Arc::downgrade(&reservation));
        }
        deliveries
    }
}

enum Claim {
    /// `None` if workers have no claims.
    Granted(Option<OfflineClaim>),
    /// Another worker has it.
    Refused,
}

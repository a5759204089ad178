//! The stream of offline events.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bitrix24_core::{AnyError, ErrorKind, Failure};
use futures_core::Stream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::acknowledgement::Ack;
use super::acknowledger::{Acknowledger, WAITING};
use super::control::{Control, OfflineHandle};
use super::drained::Drained;
use super::event::OfflineEvent;
use super::queue::Queue;
use super::reader::{Delivery, Reader};
use super::settings::Settings;
use crate::background_task::BackgroundTask;
use crate::client::Client;

/// The offline events of a portal, as they are taken from its queue; see [`Client::offline_events`].
///
/// It is a [`Stream`]; [`next`](Self::next) works without another crate. It does not end by itself.
#[must_use = "no event is taken until the stream is polled"]
pub struct OfflineEvents {
    client: Client,
    pub(super) settings: Settings,
    control: Arc<Control>,
    running: Option<Running>,
    ended: bool,
}

/// What a reader has taken.
type Read = Result<Vec<Delivery>, AnyError>;

struct Running {
    /// `None` while it runs.
    reader: Option<Reader>,
    reading: Option<BackgroundTask<(Reader, Read)>>,
    taken: VecDeque<Delivery>,
    acks: mpsc::Sender<Ack>,
    acknowledger: JoinHandle<Result<Drained, AnyError>>,
}

impl Client {
    /// The queue of offline events as a stream, at least once: an event is reserved when it is taken, and cleared only after its handler
    /// has said that it is [`done`](OfflineEvent::done). What a worker that ends has not cleared is delivered again, to the same program
    /// after its restart or to another worker. Any number of workers may read a queue; each event is taken by one of them.
    ///
    /// The events must be bound as offline events before. The queue keeps the last event about each thing: two changes of a deal
    /// are one event, unless the first was taken between them. Polling waits longer while the queue is empty, and all calls wait for the
    /// rate limit. An error is an item, after which the stream continues.
    ///
    /// ```no_run
    /// use bitrix24_client::Client;
    ///
    /// # async fn update_stock(_: &bitrix24_client::OfflineEvent) -> Result<(), std::io::Error> { Ok(()) }
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut events = portal.offline_events().connector("stock");
    /// while let Some(event) = events.next().await {
    ///     match event {
    ///         Ok(event) => match update_stock(&event).await {
    ///             Ok(()) => event.done().await,
    ///             Err(error) => event.failed(error).await,
    ///         },
    ///         Err(error) => eprintln!("{error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn offline_events(&self) -> OfflineEvents {
        OfflineEvents {
            client: self.clone(),
            settings: Settings::default(),
            control: Arc::default(),
            running: None,
            ended: false,
        }
    }
}

impl OfflineEvents {
    /// Wakes or stops the stream from elsewhere.
    pub fn handle(&self) -> OfflineHandle {
        OfflineHandle(Arc::clone(&self.control))
    }

    /// The next event; `None` after [`OfflineHandle::stop`]. It is cancel safe: dropping the future loses no event.
    pub async fn next(&mut self) -> Option<Result<OfflineEvent, AnyError>> {
        poll_fn(|cx| self.poll_event(cx)).await
    }

    /// Takes no more events, waits until those that were delivered are acknowledged or dropped, and until all acknowledgements have
    /// reached the portal. Events that were taken and not delivered are delivered again by the next worker; to handle them, call
    /// [`OfflineHandle::stop`] and poll the stream to its end before.
    ///
    /// Without it, acknowledgements are sent in the background for as long as the runtime lives.
    ///
    /// # Errors
    /// The [`AnyError`] of the call that clears events, if it fails several times in a row, or if the portal refuses it and the stream has
    /// not yielded that error. These events are delivered again.
    pub async fn drain(mut self) -> Result<Drained, AnyError> {
        self.handle().stop();
        let Some(mut running) = self.running.take() else { return Ok(Drained::default()) };
        if let Some(reading) = &mut running.reading {
            let _ = poll_fn(|cx| reading.poll(cx)).await;
        }
        let Running { acks, taken, acknowledger, .. } = running;
        drop((acks, taken));
        let drained = acknowledger.await.unwrap_or_else(|error| {
            let text = format!("the runtime ended before all events were cleared: {error}");
            Err(AnyError::new("event.offline.clear", Failure::new(ErrorKind::NotExecuted, text)))
        })?;
        self.control.take_refusal().map_or(Ok(drained), Err)
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<OfflineEvent, AnyError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        // The lease of others: after half of it this worker gives up what it has not delivered.
        let longest = match (&self.settings.claims, self.settings.only_worker) {
            (None, false) => self.settings.lease / 2,
            _ => Duration::MAX,
        };
        let (client, settings, control) = (&self.client, &self.settings, &self.control);
        let running = self.running.get_or_insert_with(|| Running::start(client, settings, control));
        loop {
            if let Some(error) = control.poll_error(cx) {
                return Poll::Ready(Some(Err(error)));
            }
            while let Some(delivery) = running.taken.pop_front() {
                let Delivery { event, ticket, redelivered } = delivery;
                if ticket.reservation.taken_at.elapsed() < longest || settings.lease.is_zero() {
                    let event = OfflineEvent::new(event, ticket, running.acks.clone(), redelivered);
                    return Poll::Ready(Some(Ok(event)));
                }
            }
            match ready!(running.poll_read(control, cx)) {
                Some(Ok(events)) => running.taken.extend(events),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    self.ended = true;
                    return Poll::Ready(None);
                }
            }
        }
    }
}

impl Running {
    fn start(client: &Client, settings: &Settings, control: &Arc<Control>) -> Self {
        let queue = Queue::new(client, settings);
        let (acks, received) = mpsc::channel(WAITING);
        let acknowledger =
            Acknowledger::new(queue.clone(), Arc::clone(control), received, settings.clear_within);
        Self {
            reader: Some(Reader::new(queue, settings.clone(), Arc::clone(control))),
            reading: None,
            taken: VecDeque::new(),
            acks,
            // It outlives the stream: events that were delivered may be acknowledged later.
            acknowledger: tokio::spawn(acknowledger.run().in_current_span()),
        }
    }

    /// Polls for the next events; `None` at the end.
    fn poll_read(&mut self, control: &Control, cx: &mut Context<'_>) -> Poll<Option<Read>> {
        if let Some(mut reader) = self.reader.take() {
            if control.is_stopped() {
                return Poll::Ready(None);
            }
            self.reading = Some(BackgroundTask::spawn(async move {
                let read = reader.next().await;
                (reader, read)
            }));
        }
        let Some(reading) = &mut self.reading else { return Poll::Ready(None) };
        let read = ready!(reading.poll(cx));
        self.reading = None;
        Poll::Ready(read.map(|(reader, read)| {
            self.reader = Some(reader);
            read
        }))
    }
}

impl Stream for OfflineEvents {
    type Item = Result<OfflineEvent, AnyError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_event(cx)
    }
}

impl fmt::Debug for OfflineEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OfflineEvents")
            .field("client", &self.client)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

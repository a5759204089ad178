//! The recording of exchanges: lines of JSON for a recorder, made and written on a background thread.
//!
//! A call copies its request and the response into a queue and goes on. A failure of the recorder is reported once, and never
//! to a call.

mod file_recorder;
mod recorder;
mod worker;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use bitrix24_core::Api;
use bitrix24_core::recording::RecordValues;
use bytes::Bytes;
use tokio::sync::oneshot;

use crate::credentials::Credentials;
use crate::observe::Observers;
pub use file_recorder::FileRecorder;
pub use recorder::Recorder;
use worker::Worker;

/// How many bytes of exchanges wait for the recorder at most. Further ones are not recorded.
const MAX_QUEUED: usize = 64 << 20;

/// What to record, before the client has credentials.
#[derive(Clone, Default)]
pub(crate) struct RecordingSettings {
    pub(crate) recorder: Option<Arc<dyn Recorder>>,
    pub(crate) values: RecordValues,
}

/// The recording of a client. The lines of all exchanges are written when it is dropped.
pub(crate) struct Recording {
    /// `None` once the recording ends.
    queue: Option<Sender<Message>>,
    /// The bytes in the queue.
    queued: Arc<AtomicUsize>,
    /// `None` once it is joined.
    worker: Option<JoinHandle<()>>,
}

/// A message to the background thread.
enum Message {
    Exchange(Box<SentExchange>),
    /// The recorder failed to keep up, and exchanges were lost.
    Overflow,
    Flush(oneshot::Sender<io::Result<()>>),
}

/// An exchange as it was sent and received.
pub(crate) struct SentExchange {
    pub(crate) portal: Box<str>,
    pub(crate) api: Api,
    pub(crate) method: Box<str>,
    /// The parameters as JSON, without the key.
    pub(crate) params: Bytes,
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl SentExchange {
    fn size(&self) -> usize {
        self.params.len() + self.body.len()
    }
}

impl Recording {
    /// Starts a recording, if there is a recorder. Without a thread there is none, which is reported.
    pub(crate) fn start(
        settings: RecordingSettings,
        credentials: &Credentials,
        observers: &Observers,
    ) -> Option<Self> {
        let recorder = settings.recorder?;
        let (queue, messages) = mpsc::channel();
        let queued = Arc::new(AtomicUsize::new(0));
        let worker = Worker::new(
            recorder,
            settings.values,
            credentials.clone(),
            observers.clone(),
            Arc::clone(&queued),
        );
        let spawned =
            thread::Builder::new().name("bitrix24-recording".to_owned()).spawn(move || worker.run(&messages));
        match spawned {
            Ok(worker) => Some(Self { queue: Some(queue), queued, worker: Some(worker) }),
            Err(error) => {
                worker::report(observers, credentials, "", "", &error);
                None
            }
        }
    }

    /// Records an exchange, unless too many are waiting.
    pub(crate) fn record(&self, exchange: SentExchange) {
        let size = exchange.size();
        if self.queued.load(Ordering::Relaxed).saturating_add(size) > MAX_QUEUED {
            return self.send(Message::Overflow);
        }
        self.queued.fetch_add(size, Ordering::Relaxed);
        self.send(Message::Exchange(Box::new(exchange)));
    }

    /// Waits until everything before is written.
    pub(crate) async fn flush(&self) -> io::Result<()> {
        let (sender, receiver) = oneshot::channel();
        self.send(Message::Flush(sender));
        receiver.await.unwrap_or_else(|_| Err(io::Error::other("the recorder panicked")))
    }

    fn send(&self, message: Message) {
        if let Some(queue) = &self.queue {
            // The thread ends early only if the recorder panics.
            let _ = queue.send(message);
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.queue = None;
        let is_other = |worker: &JoinHandle<()>| worker.thread().id() != thread::current().id();
        // An observer that owns a client may drop it on that very thread.
        if let Some(worker) = self.worker.take().filter(is_other) {
            // A panic of the recorder ends the recording and nothing else.
            let _ = worker.join();
        }
    }
}

impl fmt::Debug for RecordingSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordingSettings")
            .field("is_on", &self.recorder.is_some())
            .field("values", &self.values)
            .finish()
    }
}

//! The HTTP clients of a client: one for each runtime.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Url;
use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::{Settings, client};

/// The HTTP clients of one client. A connection belongs to the runtime on which it was opened and ends with it, so each runtime has
/// a pool of its own: a call would lose its response on the connection of a runtime that ends.
pub(crate) struct HttpClients {
    source: Source,
    by_runtime: Mutex<Vec<RuntimeClient>>,
    created: Instant,
    /// When the last response arrived, in microseconds after the creation.
    used_at: AtomicU64,
}

/// How long a connection can be unused without a reason to suspect that the server has closed it.
const IN_USE: Duration = Duration::from_millis(1);

/// Where HTTP clients come from.
enum Source {
    /// They are created with these settings, for calls to this portal if it is known.
    Settings { settings: Settings, portal: Option<Url> },
    /// The program has given one for all runtimes.
    Given(reqwest::Client),
}

/// The HTTP client of a runtime.
struct RuntimeClient {
    runtime: Id,
    /// The client, or the reason why it could not be created.
    http: Result<reqwest::Client, Box<str>>,
    /// Closed when the runtime ends: a task there holds the receiver.
    runtime_ended: oneshot::Sender<()>,
}

impl HttpClients {
    /// HTTP clients with these settings.
    pub(crate) fn new(settings: Settings, portal: Option<Url>) -> Self {
        Self::of(Source::Settings { settings, portal })
    }

    /// This HTTP client on every runtime.
    pub(crate) fn given(http: reqwest::Client) -> Self {
        Self::of(Source::Given(http))
    }

    fn of(source: Source) -> Self {
        Self { source, by_runtime: Mutex::default(), created: Instant::now(), used_at: AtomicU64::new(0) }
    }

    /// Records that a response arrived.
    pub(crate) fn set_used(&self, at: Instant) {
        let micros = at.saturating_duration_since(self.created).as_micros();
        self.used_at.store(u64::try_from(micros).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Whether no response has arrived for a while, so that servers may have closed connections.
    pub(crate) fn is_unused(&self) -> bool {
        let used_at = Duration::from_micros(self.used_at.load(Ordering::Relaxed));
        self.created.elapsed().saturating_sub(used_at) > IN_USE
    }

    /// The HTTP client of the current runtime, or the reason why it could not be created.
    pub(crate) fn current(&self) -> Result<reqwest::Client, Box<str>> {
        let (settings, portal) = match &self.source {
            Source::Given(http) => return Ok(http.clone()),
            Source::Settings { settings, portal } => (settings, portal.as_ref()),
        };
        let runtime =
            Handle::try_current().map_err(|_| "calls need a tokio runtime; use the blocking client")?;
        let mut by_runtime = self.by_runtime.lock().unwrap_or_else(PoisonError::into_inner);
        let is_current =
            |known: &&RuntimeClient| known.runtime == runtime.id() && !known.runtime_ended.is_closed();
        if let Some(known) = by_runtime.iter().find(is_current) {
            return known.http.clone();
        }
        by_runtime.retain(|known| !known.runtime_ended.is_closed());
        let http = client(settings, portal);
        let (runtime_ended, receiver) = oneshot::channel();
        // The task ends with the runtime or with this client.
        runtime.spawn(receiver);
        by_runtime.push(RuntimeClient { runtime: runtime.id(), http: http.clone(), runtime_ended });
        http
    }
}

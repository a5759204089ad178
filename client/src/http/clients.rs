//! The HTTP clients of a client, or of several: one for each runtime.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use reqwest::Url;
use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;

use super::limits::{Limits, Place};
use super::{Settings, client};
use crate::origin::is_loopback;

/// The HTTP clients of one client, or of many that share their connections. A connection belongs to the runtime on which it was
/// opened and ends with it, so each runtime has a pool of its own: a call would lose its response on the connection of a runtime that
/// ends.
pub(crate) struct HttpClients {
    source: Source,
    limits: Option<Limits>,
    by_runtime: Mutex<Vec<RuntimeClient>>,
}

/// Where HTTP clients come from.
enum Source {
    /// They are created with these settings, for calls to this portal if it is known.
    Settings { settings: Box<Settings>, portal: Option<Url> },
    /// The program has given one for all runtimes.
    Given(reqwest::Client),
}

/// The HTTP client of a runtime, for servers on this machine or for others.
struct RuntimeClient {
    runtime: Id,
    /// Whether the servers are on this machine, so that no proxy of the environment is used.
    local: bool,
    /// The client, or the reason why it could not be created.
    http: Result<reqwest::Client, Box<str>>,
    /// The servers to which it may have connections, if their number is limited.
    origins: HashSet<Box<str>>,
    /// Closed when the runtime ends: a task there holds the receiver.
    runtime_ended: oneshot::Sender<()>,
}

impl HttpClients {
    /// HTTP clients with these settings.
    pub(crate) fn new(settings: Settings, portal: Option<Url>) -> Self {
        Self::of(Source::Settings { settings: Box::new(settings), portal })
    }

    /// This HTTP client on every runtime.
    pub(crate) fn given(http: reqwest::Client) -> Self {
        Self::of(Source::Given(http))
    }

    fn of(source: Source) -> Self {
        Self { source, limits: None, by_runtime: Mutex::default() }
    }

    /// Sets limits for clients that share these. A given HTTP client keeps its own number of unused connections.
    pub(crate) fn with_limits(mut self, limits: Limits) -> Self {
        if let Source::Settings { settings, .. } = &mut self.source {
            settings.max_idle_per_host = Some(limits.max_idle.min(1));
        }
        self.limits = Some(limits);
        self
    }

    /// Waits for a place for a connection to a portal.
    pub(crate) async fn connection(&self) -> Place {
        self.limits.as_ref()?.connection().await
    }

    /// Waits for a place for a refresh of tokens.
    pub(crate) async fn refresh(&self) -> Place {
        self.limits.as_ref()?.refresh().await
    }

    /// The HTTP client of the current runtime for a request to this origin, or the reason why it could not be created.
    ///
    /// The pool of an HTTP client has no limit for all servers together. So its successor takes over when it may have unused
    /// connections to as many as are allowed; it closes them with its last request.
    pub(crate) fn current(&self, origin: &str) -> Result<reqwest::Client, Box<str>> {
        let (settings, local) = match &self.source {
            Source::Given(http) => return Ok(http.clone()),
            Source::Settings { settings, portal: Some(portal) } => (settings, is_loopback(portal)),
            // The portals of applications are known from their tokens.
            Source::Settings { settings, portal: None } => {
                (settings, Url::parse(origin).is_ok_and(|origin| is_loopback(&origin)))
            }
        };
        let runtime =
            Handle::try_current().map_err(|_| "calls need a tokio runtime; use the blocking client")?;
        let mut by_runtime = self.by_runtime.lock().unwrap_or_else(PoisonError::into_inner);
        let is_current = |known: &&mut RuntimeClient| {
            known.runtime == runtime.id() && known.local == local && !known.runtime_ended.is_closed()
        };
        if let Some(known) = by_runtime.iter_mut().find(is_current) {
            if let Some(limits) = &self.limits
                && !known.origins.contains(origin)
            {
                if known.origins.len() >= limits.max_idle.max(1) {
                    known.http = client(settings, local);
                    known.origins.clear();
                }
                known.origins.insert(origin.into());
            }
            return known.http.clone();
        }
        by_runtime.retain(|known| !known.runtime_ended.is_closed());
        let http = client(settings, local);
        let (runtime_ended, receiver) = oneshot::channel();
        // The task ends with the runtime or with this client.
        runtime.spawn(receiver);
        let origins = HashSet::from([origin.into()]);
        let runtime = runtime.id();
        by_runtime.push(RuntimeClient { runtime, local, http: http.clone(), origins, runtime_ended });
        http
    }
}

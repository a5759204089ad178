//! The clients of many portals in one process.

mod member_id;
mod registry;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::oauth::Tokens;
use bitrix24_core::{Error, ErrorKind, Failure};

use crate::builder::ClientBuilder;
use crate::client::Client;
use crate::http::Limits;
use crate::oauth::{App, StoreError, TokenStore};
use registry::Registry;

/// The clients of an application on many portals, by the `member_id` of each portal, which never changes.
///
/// A client is created when it is first needed, with the store that `stores` returns for its portal, and it is removed when it is
/// unused for a while. All clients share one pool with limits, so that thousands of portals do not use up the file descriptors of
/// the process, and one rate limiter, which counts each portal for itself. Clones share everything.
///
/// ```no_run
/// use bitrix24_client::{App, Client, FileStore, Portals};
/// use bitrix24_core::{json, raw};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::new("app.5c8bb1b0891cf2.87252039", "secret of the application");
/// let stores = |member_id: &str| FileStore::new(format!("tokens/{member_id}.json"));
/// let portals = Portals::builder(app, stores).max_connections(200).build();
///
/// let portal = portals.portal("a223c6b3710f85df22e9377d6c4f7553")?;
/// let deal = portal.call(raw("crm.deal.get", json!({"id": 12})).read_only()).await?;
/// # let _ = deal;
/// portals.shutdown().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Portals {
    registry: Arc<Registry>,
}

/// The settings of [`Portals`].
#[must_use = "settings do nothing until `build`"]
pub struct PortalsBuilder {
    app: App,
    stores: Box<Stores>,
    settings: ClientBuilder,
    max_connections: usize,
    max_idle_connections: usize,
    idle_time: Duration,
}

/// Returns the token store of a portal.
type Stores = dyn Fn(&str) -> Arc<dyn TokenStore> + Send + Sync;

impl Portals {
    /// The default settings, for an application and the token store of each portal.
    ///
    /// `stores` receives a member id of ASCII letters, digits, `_` and `-`, so that it can be part of a path. It is called again
    /// when a client was removed and is needed again, and must then return a store with the same tokens.
    pub fn builder<S: TokenStore>(
        app: App,
        stores: impl Fn(&str) -> S + Send + Sync + 'static,
    ) -> PortalsBuilder {
        PortalsBuilder {
            app,
            stores: Box::new(move |member_id| Arc::new(stores(member_id))),
            settings: Client::builder(),
            max_connections: 256,
            max_idle_connections: 256,
            idle_time: Duration::from_secs(600),
        }
    }

    /// The client of a portal. Nothing is loaded or sent before its first call. If the store has no tokens, each call fails with
    /// [`ErrorKind::Authorization`].
    ///
    /// # Errors
    /// An [`Error`] of [`ErrorKind::Request`] if the text is no member id: it has one to 64 ASCII letters, digits, `_` and `-`.
    pub fn portal(&self, member_id: &str) -> Result<Client, Error> {
        if !member_id::is_valid(member_id) {
            let text = "invalid member id: expected one to 64 letters, digits, `_` and `-`";
            return Err(Error::new("portal", Failure::new(ErrorKind::Request, text)));
        }
        Ok(self.registry.client(member_id))
    }

    /// Saves the tokens of a new installation in the store of their portal, and returns its client. A client in use continues with
    /// the new tokens when it needs them.
    ///
    /// # Errors
    /// The error of the store, or that the tokens have no member id.
    pub async fn install(&self, tokens: &Tokens) -> Result<Client, StoreError> {
        let member_id = tokens.member_id().filter(|member_id| member_id::is_valid(member_id));
        let member_id = member_id.ok_or("the tokens have no valid member id")?;
        self.registry.store(member_id).save(tokens).await?;
        Ok(self.registry.client(member_id))
    }

    /// How many clients there are now.
    pub fn len(&self) -> usize {
        self.registry.len()
    }

    /// Whether there are no clients now.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes the clients that are unused for as long as [`idle_time`](PortalsBuilder::idle_time) says. This also happens by itself
    /// when clients are created. A client that the program holds, or whose tokens are being refreshed or could not be saved yet, is
    /// not removed.
    pub fn remove_unused(&self) {
        self.registry.remove_unused();
    }

    /// Waits for what must not be lost when the program ends, of all clients; see [`Client::shutdown`].
    ///
    /// # Errors
    /// The first error, after all clients were waited for.
    pub async fn shutdown(&self) -> io::Result<()> {
        let mut result = Ok(());
        for client in self.registry.clients() {
            let ended = client.shutdown().await;
            result = result.and(ended);
        }
        result
    }
}

impl PortalsBuilder {
    /// Sets the settings of each client. Default: [`Client::builder`]. Its limiter serves all portals. A given
    /// [HTTP client](ClientBuilder::http_client) keeps its own number of unused connections.
    pub fn settings(mut self, settings: ClientBuilder) -> Self {
        self.settings = settings;
        self
    }

    /// Sets how many connections to portals are in use at the same time, at least one. Default: 256. Calls wait for a place after
    /// they have waited for the rate limit; a download has a place as long as it lasts. In addition at most 16 refreshes of tokens
    /// are in progress.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// Sets how many unused connections are kept for the next call, on each runtime, one for a portal. Default: 256. With more
    /// portals than that, calls open new connections more often. 0: each call opens one. They are also closed after
    /// [`pool_idle_timeout`](ClientBuilder::pool_idle_timeout).
    pub fn max_idle_connections(mut self, connections: usize) -> Self {
        self.max_idle_connections = connections;
        self
    }

    /// Sets after which time an unused client is removed. Default: ten minutes. A client is about 10 KB, and its tokens.
    pub fn idle_time(mut self, time: Duration) -> Self {
        self.idle_time = time;
        self
    }

    /// Creates the registry.
    pub fn build(self) -> Portals {
        let limits = Limits::new(self.max_connections, self.max_idle_connections);
        let settings = self.settings.share_connections(limits);
        Portals { registry: Arc::new(Registry::new(self.app, self.stores, settings, self.idle_time)) }
    }
}

impl fmt::Debug for Portals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portals").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for PortalsBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortalsBuilder")
            .field("app", &self.app)
            .field("settings", &self.settings)
            .field("max_connections", &self.max_connections)
            .field("max_idle_connections", &self.max_idle_connections)
            .field("idle_time", &self.idle_time)
            .finish_non_exhaustive()
    }
}

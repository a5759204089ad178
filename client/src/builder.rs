//! The settings of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::redirect::Redirects;
use bitrix24_core::retry::Policy;

use crate::address::{Address, AddressError};
use crate::client::Client;
use crate::clock::Patience;
use crate::credentials::Credentials;
use crate::http::{self, Settings};
use crate::oauth::{App, Session, TokenStore};
use crate::observe::{Audience, Observer};
use crate::pace::{Limiter, Pace};
use crate::portal::Portal;

/// How a client behaves, before it is told which portal it is for.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_client::Client;
/// let portal = Client::builder()
///     .timeout(Duration::from_secs(20))
///     .user_agent("stock-sync/2.1")
///     .webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/")?;
/// # let _ = portal;
/// # Ok::<(), bitrix24_client::AddressError>(())
/// ```
#[derive(Clone)]
#[must_use = "settings do nothing until they are given an address"]
pub struct ClientBuilder {
    patience: Patience,
    limiter: Arc<dyn Limiter>,
    audience: Audience,
    retries: Policy,
    redirects: Redirects,
    largest_answer: usize,
    settings: Settings,
    http: Option<reqwest::Client>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            // The portal itself ends a call after 60 s; its answer to that effect should still arrive.
            patience: Patience { timeout: Duration::from_secs(70), deadline: None },
            limiter: Arc::new(Pace::standard()),
            audience: Audience::default(),
            retries: Policy::default(),
            redirects: Redirects::default(),
            largest_answer: 256 << 20,
            settings: Settings::default(),
            http: None,
        }
    }
}

/// Shows the settings, and of an HTTP client only that there is one: it may hold the password of a proxy.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("timeout", &self.patience.timeout)
            .field("deadline", &self.patience.deadline)
            .field("retries", &self.retries)
            .field("redirects", &self.redirects)
            .field("max_answer_size", &self.largest_answer)
            .field("connect_timeout", &self.settings.connect_timeout)
            .field("user_agent", &self.settings.user_agent)
            .field("proxies", &self.settings.proxies.len())
            .field("own_http", &self.http.is_some())
            .finish()
    }
}

impl ClientBuilder {
    /// How long one exchange may take, from the connection to the last byte of the answer: 70 s unless set, since a portal
    /// gives a call 60 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.patience.timeout = timeout;
        self
    }

    /// How long each call may take as a whole, with waiting for its turn and with all repeats; see [`Client::with_deadline`].
    ///
    /// There is none unless it is set. Most calls are over in a second all the same, but one of a method that has used up its
    /// operating time waits until some comes free, up to ten minutes, and up to 25 where the portal refuses it again and
    /// again; and one whose answers get lost may take five times the [`timeout`](Self::timeout).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.patience.deadline = Some(deadline);
        self
    }

    /// Who decides when requests go: [`Pace::standard`] of its own unless set, which suits every plan but Enterprise. Clients
    /// that are given clones of one [`Pace`] share it, as programs behind one address should; for those that keep the pace by
    /// other means there is [`Unlimited`](crate::Unlimited).
    ///
    /// ```
    /// use bitrix24_client::{Client, Pace};
    /// let pace = Pace::enterprise();
    /// let first = Client::builder().limiter(pace.clone());
    /// let second = Client::builder().limiter(pace);
    /// # let _ = (first, second);
    /// ```
    pub fn limiter(mut self, limiter: impl Limiter) -> Self {
        self.limiter = Arc::new(limiter);
        self
    }

    /// Who hears what calls do: for metrics. See [`Observer`].
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.audience = Audience(Some(Arc::new(observer)));
        self
    }

    /// How often a call is repeated that has not run, or that may be repeated without harm, and with which pauses. A call that
    /// may have run and may have changed something is never repeated, whatever is set here.
    ///
    /// Unless set, a call is made five times at most, with pauses that add up to 15 s; see [`Policy`]. Each repeat waits for
    /// its turn besides, which [the limiter](Self::limiter) decides; how long all of it may take is a matter of the
    /// [`deadline`](Self::deadline).
    ///
    /// ```
    /// use bitrix24_client::Client;
    /// use bitrix24_core::retry::Policy;
    /// let once = Client::builder().retries(Policy::never());
    /// # let _ = once;
    /// ```
    pub fn retries(mut self, policy: Policy) -> Self {
        self.retries = policy;
        self
    }

    /// How far calls go after a portal that was renamed: within its parent domain unless set. The same request is repeated
    /// there, never from `https` to `http`.
    ///
    /// ```
    /// use bitrix24_client::Client;
    /// use bitrix24_core::redirect::Redirects;
    /// let strict = Client::builder().redirects(Redirects::Never);
    /// # let _ = strict;
    /// ```
    pub fn redirects(mut self, redirects: Redirects) -> Self {
        self.redirects = redirects;
        self
    }

    /// How many bytes an answer may have: 256 MiB unless set, which is far above what a portal has to say. What is larger is an
    /// error of [`Kind::TooLarge`](bitrix24_core::Kind::TooLarge), so that an answer without an end cannot fill the memory.
    /// Downloads are given piece by piece and are not counted.
    pub fn max_answer_size(mut self, bytes: usize) -> Self {
        self.largest_answer = bytes;
        self
    }

    /// How long making a connection may take, TLS included: 10 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// What the client calls itself in the header `User-Agent`: `bitrix24-rust/` and the version unless set.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.settings.user_agent = name.into();
        self
    }

    /// Sends calls through this proxy, in the place of those that the environment names (`HTTPS_PROXY` and its kin). Of several
    /// the first that is for the address is taken.
    ///
    /// What the proxy sees of a call over `https` is the host alone. A call to this very machine over plain `http` goes through
    /// a proxy too if one is given here; one of the environment is not asked then.
    pub fn proxy(mut self, proxy: reqwest::Proxy) -> Self {
        self.settings.proxies.push(proxy);
        self
    }

    /// Sends calls with this HTTP client: for a proxy, certificates of your own, or connections shared with the rest of the
    /// program. [`connect_timeout`](Self::connect_timeout) and [`user_agent`](Self::user_agent) are then what it was built
    /// with; [`timeout`](Self::timeout) still holds.
    ///
    /// Its redirect policy must be `reqwest::redirect::Policy::none()`: a client that follows repeats the call elsewhere,
    /// most often without its parameters, and may hand the address and the secret in it to whoever is there. An answer that
    /// came that way is refused, but by then it has happened. Build it without `connection_verbose` too, which writes every
    /// byte to the log.
    pub fn http(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// A client with these settings for the address of an inbound webhook; see [`Client::webhook`] for its form.
    ///
    /// An HTTP client that cannot be set up (no certificates on this machine, a user agent with a line break) does not fail
    /// here: each call then does, before anything is sent.
    ///
    /// # Errors
    /// An [`AddressError`] that says what is wrong with the address and what was expected, without showing the secret.
    pub fn webhook(self, url: &str) -> Result<Client, AddressError> {
        Ok(self.with_credentials(Credentials::Webhook(Arc::new(Address::parse(url)?.into()))))
    }

    /// A client with these settings for an application, with the tokens of a store: one user of one portal.
    ///
    /// The store is asked at the first call, and is handed each renewed pair before that is used. Requests to the
    /// authorisation server are made with these settings, unless the application has its own.
    ///
    /// ```no_run
    /// use bitrix24_client::{App, Client, FileStore};
    /// let app = App::new("local.5c8bb1b0891cf2.87252039", "secret of the application");
    /// let portal = Client::builder().application(app, FileStore::new("tokens/shop.json"));
    /// # let _ = portal;
    /// ```
    pub fn application(self, app: App, store: impl TokenStore) -> Client {
        let app = app.with_defaults(&self.settings, self.http.as_ref());
        self.with_credentials(Credentials::Application(Session::new(app, Arc::new(store))))
    }

    fn with_credentials(self, credentials: Credentials) -> Client {
        let http = self.http.map_or_else(|| http::client(&self.settings, credentials.portal()), Ok);
        let portal = Portal {
            limiter: self.limiter,
            audience: self.audience,
            retries: self.retries,
            redirects: self.redirects,
            largest_answer: self.largest_answer,
            credentials,
            http,
        };
        Client { portal: Arc::new(portal), patience: self.patience }
    }
}

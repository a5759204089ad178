//! The settings of a client.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::rate_limit::{Plan, REQUEST_TIME_LIMIT};
use bitrix24_core::recording::RecordValues;
use bitrix24_core::redirect::RedirectPolicy;
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::wire::MismatchPolicy;

use crate::client_inner::ClientInner;
use crate::credentials::Credentials;
use crate::deadline::Timeouts;
use crate::http::{HttpClients, LastUse, Limits, Settings};
use crate::http_client::{HttpClient, Proxy};
use crate::mismatch_report::ReportedFields;
use crate::oauth::App;
use crate::observe::{Observer, Observers};
use crate::overload::Overload;
use crate::rate_limit::{Limiter, MemoryLimiter};
use crate::recording::{FileRecorder, Recorder, Recording, RecordingSettings};

/// How much longer than the limit of the portal a client waits for a response.
const RESPONSE_MARGIN: Duration = Duration::from_secs(10);

/// The settings of a client, before its portal is set.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_client::Client;
/// let portal = Client::builder()
///     .timeout(Duration::from_secs(20))
///     .user_agent("stock-sync/2.1")
///     .webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/")?;
/// # let _ = portal;
/// # Ok::<(), bitrix24_client::WebhookUrlError>(())
/// ```
#[derive(Clone)]
#[must_use = "settings do nothing until a client is created from them"]
pub struct ClientBuilder {
    timeouts: Timeouts,
    limiter: Arc<dyn Limiter>,
    observers: Observers,
    recording: RecordingSettings,
    retry_policy: RetryPolicy,
    redirect_policy: RedirectPolicy,
    mismatch_policy: MismatchPolicy,
    max_response_size: usize,
    overload_pause: Duration,
    settings: Settings,
    http: Option<reqwest::Client>,
    /// The HTTP clients that all clients of this builder share.
    shared_http: Option<Arc<HttpClients>>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            // The portal ends a call at its limit; its error response should still arrive.
            timeouts: Timeouts {
                request: REQUEST_TIME_LIMIT + RESPONSE_MARGIN,
                call: None,
                retry_policy: None,
                safe_to_repeat: false,
            },
            limiter: Arc::new(MemoryLimiter::standard()),
            observers: Observers::default(),
            recording: RecordingSettings::default(),
            retry_policy: RetryPolicy::default(),
            redirect_policy: RedirectPolicy::default(),
            mismatch_policy: MismatchPolicy::default(),
            max_response_size: 256 << 20,
            overload_pause: Duration::from_secs(60),
            settings: Settings::default(),
            http: None,
            shared_http: None,
        }
    }
}

/// Shows the settings, and whether there is an HTTP client: it may contain the password of a proxy.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("timeout", &self.timeouts.request)
            .field("deadline", &self.timeouts.call)
            .field("recording", &self.recording)
            .field("retry_policy", &self.retry_policy)
            .field("redirect_policy", &self.redirect_policy)
            .field("mismatch_policy", &self.mismatch_policy)
            .field("max_response_size", &self.max_response_size)
            .field("overload_pause", &self.overload_pause)
            .field("connect_timeout", &self.settings.connect_timeout)
            .field("pool_idle_timeout", &self.settings.pool_idle_timeout)
            .field("user_agent", &self.settings.user_agent)
            .field("proxies", &self.settings.proxies.len())
            .field("has_http_client", &self.http.is_some())
            .finish()
    }
}

impl ClientBuilder {
    /// Sets the timeout of one HTTP request, from the connection to the last byte of the response. Default: 10 s more than
    /// [`REQUEST_TIME_LIMIT`], after which a portal ends a call; 70 s in all.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.request = timeout;
        self
    }

    /// Sets the deadline of each call, including the wait for the rate limit and all retries; see
    /// [`Client::with_deadline`](crate::Client::with_deadline). Default: none.
    ///
    /// Most calls take less than a second. A call of a method that has used up its operating time waits until some of it is free
    /// again: up to ten minutes, and up to 25 minutes if the portal rejects it repeatedly. A call whose responses are lost may
    /// take five times the [`timeout`](Self::timeout).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.timeouts.call = Some(deadline);
        self
    }

    /// Sets the rate limiter to a new [`MemoryLimiter`] with the documented limits of a plan. Default: [`Plan::Standard`], the
    /// lowest.
    ///
    /// ```
    /// use bitrix24_client::Client;
    /// use bitrix24_core::rate_limit::Plan;
    /// let client = Client::builder().plan(Plan::Enterprise);
    /// # let _ = client;
    /// ```
    pub fn plan(self, plan: Plan) -> Self {
        self.limiter(MemoryLimiter::for_plan(plan))
    }

    /// Sets the rate limiter. Default: a new [`MemoryLimiter::standard`], which fits every [`Plan`]. Clients with
    /// clones of one [`MemoryLimiter`] share it, as programs behind one IP address should. [`NoLimit`](crate::NoLimit) is for
    /// programs that limit their requests by other means.
    ///
    /// ```
    /// use bitrix24_client::{Client, MemoryLimiter};
    /// let limiter = MemoryLimiter::standard();
    /// let first = Client::builder().limiter(limiter.clone());
    /// let second = Client::builder().limiter(limiter);
    /// # let _ = (first, second);
    /// ```
    pub fn limiter(mut self, limiter: impl Limiter) -> Self {
        self.limiter = Arc::new(limiter);
        self
    }

    /// Sets the receiver of events, for metrics. See [`Observer`].
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observers = Observers(Some(Arc::new(observer)));
        self
    }

    /// Records the traffic in a file, to which lines are appended: for each exchange the request and the response, as one JSON
    /// object each. Default: nothing is recorded.
    ///
    /// Values are replaced by their shapes, so that the file shows which types a portal uses and nothing of its data; see
    /// [`record_values`](Self::record_values). Lines are written in the background: when enough of them wait, after a second
    /// without calls, by [`Client::flush_recording`](crate::Client::flush_recording), and when the last clone of the client is
    /// dropped. A failure is reported once, as a warning of `tracing` and as
    /// [`Step::RecordingFailed`](crate::Step::RecordingFailed); calls do not fail because of it.
    ///
    /// A request without a response is not recorded, and neither is the content of a file that is sent or received apart from
    /// its call.
    ///
    /// ```no_run
    /// use bitrix24_client::Client;
    /// let portal = Client::builder().record_to("traffic.jsonl").webhook("https://example.bitrix24.com/rest/1/0a1b2c3d/")?;
    /// # let _ = portal;
    /// # Ok::<(), bitrix24_client::WebhookUrlError>(())
    /// ```
    pub fn record_to(self, path: impl Into<PathBuf>) -> Self {
        self.recorder(FileRecorder::new(path))
    }

    /// Sets the receiver of recorded traffic; see [`record_to`](Self::record_to). Clients of clones of this builder share it.
    pub fn recorder(mut self, recorder: impl Recorder) -> Self {
        self.recording.recorder = Some(Arc::new(recorder));
        self
    }

    /// Sets which values are recorded. Default: [`RecordValues::Shapes`].
    ///
    /// With [`RecordValues::Verbatim`] the lines contain the data of the portal. The secret of the webhook, the tokens of the
    /// client, and values that a name announces as a secret (`auth`, `access_token`, `PASSWORD`) are masked in any case.
    pub fn record_values(mut self, values: RecordValues) -> Self {
        self.recording.values = values;
        self
    }

    /// Sets how many times, and with which pauses, a call is retried that did not run or is safe to repeat. A call that may have
    /// run and may have side effects is never retried, whatever the policy.
    ///
    /// Default: at most five attempts, with pauses of 15 s in total; see [`RetryPolicy`]. In addition, each retry waits for
    /// [the limiter](Self::limiter). The [`deadline`](Self::deadline) limits the total time.
    ///
    /// ```
    /// use bitrix24_client::Client;
    /// use bitrix24_core::retry::RetryPolicy;
    /// let once = Client::builder().retry_policy(RetryPolicy::never());
    /// # let _ = once;
    /// ```
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry_policy = policy;
        self
    }

    /// Sets which redirects of a portal that has moved are followed. Default: within its parent domain. The same request is sent
    /// to the new address, never from `https` to `http`.
    ///
    /// ```
    /// use bitrix24_client::Client;
    /// use bitrix24_core::redirect::RedirectPolicy;
    /// let strict = Client::builder().redirect_policy(RedirectPolicy::Never);
    /// # let _ = strict;
    /// ```
    pub fn redirect_policy(mut self, policy: RedirectPolicy) -> Self {
        self.redirect_policy = policy;
        self
    }

    /// Sets what a value of another type than documented leads to. Default: [`MismatchPolicy::Report`]. The value costs one field
    /// and not the response: the field is `None`, the value stays in `extra`, and
    /// [`Response::mismatches`](bitrix24_core::Response::mismatches) has the mismatch. `tracing` and the
    /// [observer](Self::observer) receive each field of a method once.
    ///
    /// With [`MismatchPolicy::Error`] such a response is an error of
    /// [`ErrorKind::Decode`](bitrix24_core::ErrorKind::Decode), with the result as received: for tests.
    ///
    /// ```
    /// use bitrix24_client::Client;
    /// use bitrix24_core::wire::MismatchPolicy;
    /// let strict = Client::builder().mismatch_policy(MismatchPolicy::Error);
    /// # let _ = strict;
    /// ```
    pub fn mismatch_policy(mut self, policy: MismatchPolicy) -> Self {
        self.mismatch_policy = policy;
        self
    }

    /// Sets the size limit of a response in bytes. Default: 256 MiB, far above any legitimate response. A larger response is an
    /// error of [`ErrorKind::TooLarge`](bitrix24_core::ErrorKind::TooLarge), so that an endless response cannot fill the
    /// memory. Downloads are read in chunks and are not limited.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// Sets for how long calls rest after the portal has returned `OVERLOAD_LIMIT`: its operator has blocked the application by hand,
    /// and more requests may prolong that. Default: one minute.
    ///
    /// Until the pause is over, new and waiting calls of the client and its clones fail at once with the same error
    /// ([`SystemError::OverloadLimit`](bitrix24_core::SystemError::OverloadLimit), not executed), and nothing is sent. Then one
    /// call is tried: any other response ends the block, and the same error starts the next pause. With [`Duration::ZERO`] calls
    /// do not rest.
    pub fn overload_pause(mut self, pause: Duration) -> Self {
        self.overload_pause = pause;
        self
    }

    /// Sets the timeout for establishing a connection, including TLS. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// Sets how long an unused connection is kept for the next request. Default: 15 s. With [`Duration::ZERO`] each request opens a
    /// new connection.
    ///
    /// A server closes connections that are unused for longer than it likes, often for a minute. The client closes them before,
    /// and it does not use a connection that the server has closed. Only a request that is on its way at that moment is lost. It
    /// is unknown whether it ran: a read is sent again, and a write fails with
    /// [`Executed::Unknown`](bitrix24_core::Executed::Unknown). Neither runs twice. If the server closes connections after less
    /// than this time, as Apache does by default after 5 s, a shorter timeout avoids that.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.pool_idle_timeout = timeout;
        self
    }

    /// Sets the header `User-Agent`. Default: `bitrix24-rust/` and the version.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.settings.user_agent = name.into();
        self
    }

    /// Adds a proxy. Proxies replace those of the environment (`HTTPS_PROXY` and similar). The first one that accepts the URL is
    /// used.
    ///
    /// Over `https` the proxy sees only the host. A call to this machine over plain `http` uses a proxy that is set here, but
    /// never one of the environment.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.settings.proxies.push(proxy.into_reqwest());
        self
    }

    /// Sets the HTTP client: for a proxy, own certificates, or connections shared with the rest of the program. It replaces
    /// [`connect_timeout`](Self::connect_timeout), [`pool_idle_timeout`](Self::pool_idle_timeout) and
    /// [`user_agent`](Self::user_agent); [`timeout`](Self::timeout) still applies.
    ///
    /// Connections belong to the runtime on which they were opened. Without this setting each tokio runtime has connections of its
    /// own, so that a client may be used on several, one after another or at once. This HTTP client has one pool: use it on one
    /// runtime, or a call may fail because the runtime of its connection ends.
    ///
    /// Its redirect policy must be `reqwest::redirect::Policy::none()`. A client that follows redirects repeats the call
    /// elsewhere, usually without its parameters, and may send the URL with the secret to another host. A response after such
    /// a redirect is rejected, but by then it has happened. Do not enable `connection_verbose`, which logs every byte.
    pub fn http_client(mut self, client: HttpClient) -> Self {
        self.http = Some(client.into_reqwest());
        self
    }

    /// Lets all clients of this builder share their connections, within these limits.
    pub(crate) fn share_connections(mut self, limits: Limits) -> Self {
        let http = match &self.http {
            Some(http) => HttpClients::given(http.clone()),
            None => HttpClients::new(self.settings.clone(), None),
        };
        self.shared_http = Some(Arc::new(http.with_limits(limits)));
        self
    }

    /// Applies the HTTP settings to an application that has none of its own.
    pub(crate) fn configure(&self, app: App) -> App {
        app.with_defaults(&self.settings, self.http.as_ref(), self.shared_http.as_ref())
    }

    /// Creates the shared state of a client.
    pub(crate) fn build(self, credentials: Credentials) -> (Arc<ClientInner>, Timeouts) {
        let http = match (self.shared_http, self.http) {
            (Some(shared), _) => shared,
            (None, Some(http)) => Arc::new(HttpClients::given(http)),
            (None, None) => Arc::new(HttpClients::new(self.settings, credentials.portal().cloned())),
        };
        let recording = Recording::start(self.recording, &credentials, &self.observers);
        let inner = ClientInner {
            recording,
            limiter: self.limiter,
            observers: self.observers,
            retry_policy: self.retry_policy,
            redirect_policy: self.redirect_policy,
            mismatch_policy: self.mismatch_policy,
            reported_fields: ReportedFields::default(),
            max_response_size: self.max_response_size,
            credentials,
            overload: Overload::new(self.overload_pause),
            last_use: LastUse::default(),
            http,
        };
        (Arc::new(inner), self.timeouts)
    }
}

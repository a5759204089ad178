//! The client of one portal.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{
    Caller, Error, ErrorCode, Failure, Map, Method, MethodInfo, RawErrorCode, RawResponse, Response, Value,
};

use crate::builder::ClientBuilder;
use crate::call::CallFuture;
use crate::client_inner::ClientInner;
use crate::credentials::Credentials;
use crate::deadline::Timeouts;
use crate::oauth::{App, Session, TokenStore};
use crate::origin::origin_of;
use crate::webhook_url::{WebhookUrl, WebhookUrlError};

/// A client of one portal. It is cheap to clone; clones share their connections, rate limits and tokens.
///
/// ```no_run
/// use bitrix24_client::Client;
/// use bitrix24_core::{json, raw};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let portal = Client::webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/")?;
/// let response = portal.call(raw("user.current", json!(null))).await?;
/// println!("{}", response.result["NAME"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<ClientInner>,
    pub(crate) timeouts: Timeouts,
}

impl Client {
    /// Creates a client for the URL of an inbound webhook, with default settings.
    ///
    /// The URL is `https://HOST/rest/USER/SECRET/`. The trailing slash is optional, the name of a method may follow, and REST 3
    /// writes `/rest/api/`; each form serves the methods of both interfaces. Plain `http` is accepted only for `localhost`,
    /// `127.0.0.0/8` and `[::1]`.
    ///
    /// ```
    /// use bitrix24_client::Client;
    /// let portal = Client::webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/profile.json")?;
    /// assert_eq!(format!("{portal:?}"), r#"Client { portal: "https://example.bitrix24.com", key: "user 1", .. }"#);
    /// # Ok::<(), bitrix24_client::WebhookUrlError>(())
    /// ```
    ///
    /// # Errors
    /// A [`WebhookUrlError`] that says what is wrong with the URL and what was expected, without the secret.
    pub fn webhook(url: &str) -> Result<Self, WebhookUrlError> {
        Self::builder().webhook(url)
    }

    /// Creates a client for an application, with the tokens of a store and default settings; see
    /// [`ClientBuilder::application`].
    pub fn application(app: App, store: impl TokenStore) -> Self {
        Self::builder().application(app, store)
    }

    /// The default settings of a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Returns the same client with a deadline for each call, including the wait for the rate limit and all retries. Without a
    /// deadline a call waits as long as the limits of the portal require, which may be minutes; see
    /// [`ClientBuilder::deadline`].
    ///
    /// A call whose deadline passes before it is sent fails with
    /// [`ErrorKind::Deadline`](bitrix24_core::ErrorKind::Deadline) and has not run. A call in progress fails with
    /// [`ErrorKind::Timeout`](bitrix24_core::ErrorKind::Timeout) and may have run. A call that waits for a retry fails with the
    /// error that caused the retry. If a batch or a list takes several calls, the deadline applies to each of them.
    /// Requests that the portal rejected inside a batch are sent again within the deadline of its last call; then their error is the
    /// rejection.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{json, raw};
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let interactive = portal.with_deadline(Duration::from_secs(3));
    /// let me = interactive.call(raw("user.current", json!(null))).await?;
    /// # let _ = me;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        let mut other = self.clone();
        other.timeouts.call = Some(deadline);
        other
    }

    /// Returns the same client with a timeout for one HTTP request; see [`ClientBuilder::timeout`].
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        let mut other = self.clone();
        other.timeouts.request = timeout;
        other
    }

    /// Returns the same client with another retry policy; see [`ClientBuilder::retry_policy`].
    #[must_use]
    pub fn with_retry_policy(&self, policy: RetryPolicy) -> Self {
        let mut other = self.clone();
        other.timeouts.retry_policy = Some(policy);
        other
    }

    /// Returns the same client for calls that are safe to repeat, although their methods change data: a call whose outcome is
    /// unknown is sent again. An update to fixed values is safe to repeat, an `add` is not.
    ///
    /// ```no_run
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{json, raw};
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let stage = raw("crm.deal.update", json!({"id": 12, "fields": {"STAGE_ID": "WON"}}));
    /// portal.safe_to_repeat().call(stage).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn safe_to_repeat(&self) -> Self {
        let mut other = self.clone();
        other.timeouts.safe_to_repeat = true;
        other
    }

    /// Calls a method: sends the request to the portal and decodes the response.
    ///
    /// The request waits for the rate limit. It is retried only if that cannot repeat an effect: if it was not sent, if it was
    /// rejected before it ran, or if the method has no side effects. Nothing is sent until the future is awaited; the future
    /// borrows neither the client nor the request, and dropping it cancels the call.
    ///
    /// # Errors
    /// An [`Error`] of the method: the error that the portal returned, or the reason why there is no response.
    /// [`Error::executed`] says whether the portal may have executed the request.
    pub fn call<M: Method>(
        &self,
        request: M,
    ) -> impl Future<Output = Result<Response<M::Output>, Error<M::Error>>> + Send + use<M> {
        let info = request.info();
        let response = self.send(info, request.params().as_map());
        let name: Box<str> = info.name.into();
        let client = self.clone();
        async move { client.decode::<M>(&name, response.await) }
    }

    /// Decodes the response of the named method.
    pub(crate) fn decode<M: Method>(
        &self,
        method: &str,
        response: Result<RawResponse, Failure>,
    ) -> Result<Response<M::Output>, Error<M::Error>> {
        let decoded = response.and_then(|response| self.inner.decode::<M>(method, response));
        decoded.map_err(|failure| self.error(method, failure))
    }

    /// Waits until all exchanges before are recorded and written; see [`ClientBuilder::record_to`]. Without a recorder there is
    /// nothing to do. The future does not borrow the client.
    ///
    /// # Errors
    /// The error of the recorder, if lines were lost by this flush.
    pub fn flush_recording(&self) -> impl Future<Output = io::Result<()>> + Send + use<> {
        let inner = Arc::clone(&self.inner);
        async move {
            match &inner.recording {
                Some(recording) => recording.flush().await,
                None => Ok(()),
            }
        }
    }

    /// Waits for what must not be lost when the program ends: new tokens that are not saved yet, and
    /// [recorded traffic](Self::flush_recording) that is not written yet. Clones and later calls still work afterwards. The future
    /// does not borrow the client.
    ///
    /// A refresh of tokens continues when its caller stops waiting and when the runtime ends, and a thread that has used the
    /// client waits for it at its end. So a program on Linux that returns from `main` loses no tokens; a program that ends in
    /// another way, as by a signal, or on another system, awaits this first.
    ///
    /// ```no_run
    /// # use bitrix24_client::Client;
    /// # async fn example(portal: Client) -> std::io::Result<()> {
    /// portal.shutdown().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The [`Error`] of the token store, if it cannot save the new tokens; otherwise the error of the recorder.
    pub fn shutdown(&self) -> impl Future<Output = io::Result<()>> + Send + use<> {
        let client = self.clone();
        async move {
            let saved = client.inner.credentials.flush().await;
            let written = client.flush_recording().await;
            saved
                .map_err(|failure| io::Error::other(client.error::<RawErrorCode>("oauth/token", failure)))?;
            written
        }
    }

    /// Converts a failure into an error of the named method, without secrets.
    pub(crate) fn error<E: ErrorCode>(&self, method: &str, failure: Failure) -> Error<E> {
        // A method name may be a URL that was pasted by mistake.
        Error::new(&self.inner.redact_text(method), self.inner.redact(failure))
    }

    /// Executes a call without decoding its result.
    pub(crate) fn send(&self, info: MethodInfo<'_>, params: &Map<String, Value>) -> CallFuture {
        self.inner.send(self.timeouts, info, params)
    }

    fn new(builder: ClientBuilder, credentials: Credentials) -> Self {
        let (inner, timeouts) = builder.build(credentials);
        Self { inner, timeouts }
    }
}

impl Caller for Client {
    async fn send(&self, info: MethodInfo<'_>, params: Map<String, Value>) -> Result<RawResponse, Failure> {
        self.send(info, &params).await.map_err(|failure| self.inner.redact(failure))
    }

    fn call<M: Method + Send>(
        &self,
        request: M,
    ) -> impl Future<Output = Result<Response<M::Output>, Error<M::Error>>> + Send {
        self.call(request)
    }
}

impl ClientBuilder {
    /// Creates a client for the URL of an inbound webhook; see [`Client::webhook`] for its form.
    ///
    /// An HTTP client that cannot be created (no certificates on this machine, a user agent with a line break) does not fail
    /// here. Each call then fails before anything is sent.
    ///
    /// # Errors
    /// A [`WebhookUrlError`] that says what is wrong with the URL and what was expected, without the secret.
    pub fn webhook(self, url: &str) -> Result<Client, WebhookUrlError> {
        Ok(Client::new(self, Credentials::Webhook(Arc::new(WebhookUrl::parse(url)?.into()))))
    }

    /// Creates a client for an application, with the tokens of a store: one user of one portal.
    ///
    /// The client loads the tokens at the first call and saves each refreshed pair before it uses the pair. Requests to the
    /// authorization server use the settings of this builder, unless the application has its own.
    ///
    /// ```no_run
    /// use bitrix24_client::{App, Client, FileStore};
    /// let app = App::new("local.5c8bb1b0891cf2.87252039", "secret of the application");
    /// let portal = Client::builder().application(app, FileStore::new("tokens/shop.json"));
    /// # let _ = portal;
    /// ```
    pub fn application(self, app: App, store: impl TokenStore) -> Client {
        let app = self.configure(app);
        Client::new(self, Credentials::Application(Session::new(app, Arc::new(store))))
    }
}

/// Shows the portal and the user, and nothing of the secret.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let credentials = &self.inner.credentials;
        let mut shown = f.debug_struct("Client");
        if let Some(portal) = credentials.portal() {
            shown.field("portal", &origin_of(portal));
        }
        shown.field("key", &credentials.name()).finish_non_exhaustive()
    }
}

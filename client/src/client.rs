//! The client: what a program holds and calls.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::wire::FromWire;
use bitrix24_core::{Answer, Error, Failure, Method, Reply};

use crate::address::{Address, AddressError, origin_of};
use crate::http::{self, Settings};
use crate::send::Portal;

/// A portal, and the key to it. It is cheap to clone, and all clones share their connections.
///
/// ```no_run
/// use bitrix24_client::Client;
/// use bitrix24_core::{json, raw};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let portal = Client::webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/")?;
/// let reply = portal.call(raw("user.current", json!(null))).await?;
/// println!("{}", reply.result["NAME"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) portal: Arc<Portal>,
}

impl Client {
    /// A client for the address of an inbound webhook, with every setting at its default.
    ///
    /// The address is `https://HOST/rest/USER/SECRET/`, with or without the slash behind it, the name of a method behind
    /// that, or `/rest/api/` in front as REST 3 has it; each form serves methods of both interfaces. Plain `http` is
    /// accepted for `localhost`, `127.0.0.0/8` and `[::1]` alone.
    ///
    /// ```
    /// use bitrix24_client::Client;
    /// let portal = Client::webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/profile.json")?;
    /// assert_eq!(format!("{portal:?}"), r#"Client { portal: "https://example.bitrix24.com", user: 1, .. }"#);
    /// # Ok::<(), bitrix24_client::AddressError>(())
    /// ```
    ///
    /// # Errors
    /// An [`AddressError`] that says what is wrong with the address and what was expected, without showing the secret.
    pub fn webhook(url: &str) -> Result<Self, AddressError> {
        Self::builder().webhook(url)
    }

    /// Settings for a client, each at its default.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Calls a method: sends its request to the portal and reads what comes back.
    ///
    /// The request is sent at most once, and redirects are not followed. Nothing happens until the future is awaited; it
    /// borrows neither the client nor the request.
    ///
    /// # Errors
    /// An [`Error`] of the method: what the portal answered, or what kept it from answering.
    /// [`Error::ran`] says whether the portal may have carried out the request all the same.
    pub fn call<M: Method>(
        &self,
        request: M,
    ) -> impl Future<Output = Result<Reply<M::Output>, Error<M::Error>>> + Send + use<M> {
        let portal = Arc::clone(&self.portal);
        let info = request.info();
        // Who calls a method by name may have pasted a whole address.
        let name = portal.masked(info.name);
        let exchange = portal.send(info, request.params().as_map());
        async move {
            let reply = exchange.await.and_then(typed);
            reply.map_err(|failure| Error::new(&name, portal.scrubbed(failure)))
        }
    }
}

/// The answer with its result read as the method's type.
pub(crate) fn typed<T: FromWire>(answer: Answer) -> Result<Reply<T>, Failure> {
    let result = T::from_wire(answer.result).map_err(Failure::undecodable)?;
    Ok(Reply::new(result, answer.time, answer.total, answer.next))
}

/// Shows the portal and the user, and nothing of the secret.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = &self.portal.address;
        f.debug_struct("Client")
            .field("portal", &origin_of(address.origin()))
            .field("user", &address.user())
            .finish_non_exhaustive()
    }
}

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
    timeout: Duration,
    settings: Settings,
    http: Option<reqwest::Client>,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            // The portal itself ends a call after 60 s; its answer to that effect should still arrive.
            timeout: Duration::from_secs(70),
            settings: Settings {
                connect_timeout: Duration::from_secs(10),
                user_agent: concat!("bitrix24-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            },
            http: None,
        }
    }
}

/// Shows the settings, and of an HTTP client only that there is one: it may hold the password of a proxy.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.settings.connect_timeout)
            .field("user_agent", &self.settings.user_agent)
            .field("own_http", &self.http.is_some())
            .finish()
    }
}

impl ClientBuilder {
    /// How long a whole call may take, from the connection to the last byte of the answer: 70 s unless set, since a portal
    /// gives a call 60 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
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
        let address = Address::parse(url)?;
        let http = self.http.map_or_else(|| http::client(&self.settings, address.origin()), Ok);
        Ok(Client { portal: Arc::new(Portal { address, timeout: self.timeout, http }) })
    }
}

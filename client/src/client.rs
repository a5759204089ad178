//! The client: what a program holds and calls.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::{Answer, Error, ErrorCode, Failure, Map, Method, MethodInfo, Reply, Value};

use crate::address::{AddressError, origin_of};
use crate::builder::ClientBuilder;
use crate::call::Underway;
use crate::clock::Patience;
use crate::oauth::{App, TokenStore};
use crate::portal::Portal;

/// A portal, and the key to it. It is cheap to clone, and all clones share their connections, their pace and their tokens.
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
    pub(crate) patience: Patience,
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
    /// assert_eq!(format!("{portal:?}"), r#"Client { portal: "https://example.bitrix24.com", key: "user 1", .. }"#);
    /// # Ok::<(), bitrix24_client::AddressError>(())
    /// ```
    ///
    /// # Errors
    /// An [`AddressError`] that says what is wrong with the address and what was expected, without showing the secret.
    pub fn webhook(url: &str) -> Result<Self, AddressError> {
        Self::builder().webhook(url)
    }

    /// A client for an application, with the tokens of a store and every setting at its default; see
    /// [`ClientBuilder::application`].
    pub fn application(app: App, store: impl TokenStore) -> Self {
        Self::builder().application(app, store)
    }

    /// Settings for a client, each at its default.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The same client, with `deadline` as the time that a call may take as a whole: with waiting for its turn, and with all
    /// repeats. Unless it is set, a call waits as long as the portal's limits ask for, which may be minutes; see
    /// [`ClientBuilder::deadline`].
    ///
    /// A call whose time is over before it was sent fails with [`Kind::Deadline`](bitrix24_core::Kind::Deadline), and has not
    /// run. One that is under way then fails with [`Kind::Timeout`](bitrix24_core::Kind::Timeout), and may have run; one that
    /// waits for a repeat fails with what made the repeat necessary. Where a batch or a list takes several calls, each of them
    /// has this time.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{json, raw};
    /// # async fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let hasty = portal.with_deadline(Duration::from_secs(3));
    /// let me = hasty.call(raw("user.current", json!(null))).await?;
    /// # let _ = me;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        let mut other = self.clone();
        other.patience.deadline = Some(deadline);
        other
    }

    /// The same client, with `timeout` as the time that one exchange may take; see [`ClientBuilder::timeout`].
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        let mut other = self.clone();
        other.patience.timeout = timeout;
        other
    }

    /// Calls a method: sends its request to the portal and reads what comes back.
    ///
    /// The request waits for its turn, is sent, and is repeated only where that cannot do a thing twice: if it was not sent
    /// or refused before it ran, or if the method changes nothing. Nothing happens until the future is awaited; it borrows
    /// neither the client nor the request, and dropping it ends the call.
    ///
    /// # Errors
    /// An [`Error`] of the method: what the portal answered, or what kept it from answering.
    /// [`Error::ran`] says whether the portal may have carried out the request all the same.
    pub fn call<M: Method>(
        &self,
        request: M,
    ) -> impl Future<Output = Result<Reply<M::Output>, Error<M::Error>>> + Send + use<M> {
        let info = request.info();
        let answer = self.send(info, request.params().as_map());
        let name: Box<str> = info.name.into();
        let client = self.clone();
        async move { answer.await.and_then(Answer::read).map_err(|failure| client.error(&name, failure)) }
    }

    /// A failure as an error of the named method, with nothing secret in it.
    pub(crate) fn error<E: ErrorCode>(&self, method: &str, failure: Failure) -> Error<E> {
        // Who calls a method by name may have pasted a whole address.
        Error::new(&self.portal.masked(method), self.portal.scrubbed(failure))
    }

    /// Carries a call whose result nobody has read yet.
    pub(crate) fn send(&self, info: MethodInfo<'_>, params: &Map<String, Value>) -> Underway {
        self.portal.send(self.patience, info, params)
    }
}

/// Shows the portal and the user, and nothing of the secret.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let credentials = &self.portal.credentials;
        let mut shown = f.debug_struct("Client");
        if let Some(portal) = credentials.portal() {
            shown.field("portal", &origin_of(portal));
        }
        shown.field("key", &credentials.name()).finish_non_exhaustive()
    }
}

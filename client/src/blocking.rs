//! The same client for programs that have no asynchronous runtime.
//!
//! ```no_run
//! use bitrix24_client::blocking::Client;
//! use bitrix24_core::{json, raw};
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let portal = Client::webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/")?;
//! let reply = portal.call(raw("user.current", json!(null)))?;
//! println!("{}", reply.result["NAME"]);
//! # Ok(())
//! # }
//! ```
//!
//! Whatever has no twin here is reached by [`Client::wait`], which runs any future of the asynchronous client:
//! `portal.wait(|portal| async move { … })`.

mod runtime;

use std::fmt;
use std::sync::Arc;

use bitrix24_core::{Error, Method, Reply};

use crate::address::AddressError;
use crate::client::typed;
use runtime::Runtime;

/// A portal, and the key to it, with calls that return when they are done. It is cheap to clone, and all clones share one
/// background thread, which ends with the last of them.
///
/// It must not be used on a thread of an asynchronous runtime, which it would block; calls there fail before they are sent.
#[derive(Clone)]
pub struct Client {
    client: crate::Client,
    runtime: Arc<Runtime>,
}

impl Client {
    /// A client for the address of an inbound webhook, with every setting at its default; see
    /// [`Client::webhook`](crate::Client::webhook).
    ///
    /// # Errors
    /// An [`AddressError`] that says what is wrong with the address, without showing the secret.
    pub fn webhook(url: &str) -> Result<Self, AddressError> {
        crate::Client::webhook(url).map(Self::new)
    }

    /// The blocking form of a client with any settings.
    ///
    /// ```
    /// use std::time::Duration;
    /// use bitrix24_client::{Client, blocking};
    ///
    /// let hasty = Client::builder().timeout(Duration::from_secs(5));
    /// let portal = blocking::Client::new(hasty.webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/")?);
    /// # let _ = portal;
    /// # Ok::<(), bitrix24_client::AddressError>(())
    /// ```
    pub fn new(client: crate::Client) -> Self {
        Self { client, runtime: Arc::new(Runtime::start()) }
    }

    /// Calls a method, and returns when the answer is there; see [`Client::call`](crate::Client::call).
    ///
    /// # Errors
    /// An [`Error`] of the method, as there. A call from a thread of an asynchronous runtime, or on a machine that gives no
    /// thread for the client's own, is a [`Kind::Request`](bitrix24_core::Kind::Request) and not sent.
    pub fn call<M: Method>(&self, request: M) -> Result<Reply<M::Output>, Error<M::Error>> {
        let info = request.info();
        let underway = self.client.send(info, request.params().as_map());
        let answer = self.runtime.wait(underway).and_then(|answer| answer);
        answer.and_then(typed).map_err(|failure| self.client.error(info.name, failure))
    }

    /// Runs whatever can be done with the asynchronous client, and returns when it is done.
    ///
    /// ```no_run
    /// use bitrix24_client::{Batch, blocking};
    /// use bitrix24_core::{json, raw};
    ///
    /// # fn example(portal: blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut batch = Batch::new();
    /// let me = batch.add(raw("user.current", json!(null)).that_only_reads());
    /// let replies = portal.wait(|portal| portal.run(batch))?;
    /// println!("{}", replies.get(me)?.result["NAME"]);
    ///
    /// let departments = raw("department.get", json!({})).that_only_reads();
    /// let departments = portal.wait(|portal| portal.rows(departments).all())??;
    /// println!("{} departments", departments.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A [`Kind::Request`](bitrix24_core::Kind::Request) where it cannot be run, as in [`call`](Self::call).
    pub fn wait<F: Future>(&self, act: impl FnOnce(crate::Client) -> F) -> Result<F::Output, Error> {
        self.runtime
            .wait(act(self.client.clone()))
            .map_err(|failure| Error::new("a call of a blocking client", failure))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}

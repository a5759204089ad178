//! The same client for programs that have no asynchronous runtime.
//!
//! ```no_run
//! use bitrix24_client::blocking::Client;
//! use bitrix24_core::{Keyset, json, raw};
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let portal = Client::webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/")?;
//! let reply = portal.call(raw("user.current", json!(null)))?;
//! println!("{}", reply.result["NAME"]);
//!
//! let deals = raw("crm.deal.list", json!({"select": ["TITLE"]})).keyed(Keyset::new("ID")).that_only_reads();
//! for deal in portal.rows(deals).by_id() {
//!     println!("{}", deal?["TITLE"]);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What can be done with the asynchronous client can be done here under the same names, and errors are the same. Whatever has
//! no twin is reached by [`Client::wait`], which runs any future: `portal.wait(|portal| async move { … })`.

mod app;
mod files;
mod lists;
mod runtime;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::{Answer, Error, List, Method, Reply};

use crate::address::AddressError;
use crate::batch::{Batch, Replies};
use crate::oauth::{App, TokenStore};
use runtime::Runtime;

pub use files::Download;
pub use lists::{Pages, Rows};

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

    /// A client for an application, with the tokens of a store and every setting at its default; see
    /// [`ClientBuilder::application`](crate::ClientBuilder::application).
    pub fn application(app: App, store: impl TokenStore) -> Self {
        Self::new(crate::Client::application(app, store))
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

    /// The same client, with `deadline` as the time that a call may take as a whole; see
    /// [`Client::with_deadline`](crate::Client::with_deadline).
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        Self { client: self.client.with_deadline(deadline), runtime: Arc::clone(&self.runtime) }
    }

    /// The same client, with `timeout` as the time that one exchange may take; see
    /// [`ClientBuilder::timeout`](crate::ClientBuilder::timeout).
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { client: self.client.with_timeout(timeout), runtime: Arc::clone(&self.runtime) }
    }

    /// Calls a method, and returns when the answer is there; see [`Client::call`](crate::Client::call).
    ///
    /// # Errors
    /// An [`Error`] of the method, as there. A call from a thread of an asynchronous runtime, or on a machine that gives no
    /// thread for the client's own, is a [`Kind::Request`](bitrix24_core::Kind::Request) and not sent.
    pub fn call<M: Method>(&self, request: M) -> Result<Reply<M::Output>, Error<M::Error>> {
        let info = request.info();
        let answer = self.runtime.carry(self.client.send(info, request.params().as_map()));
        answer.and_then(Answer::read).map_err(|failure| self.client.error(info.name, failure))
    }

    /// Sends the requests of a batch, and returns when the last answer is there; see [`Client::run`](crate::Client::run).
    ///
    /// ```no_run
    /// use bitrix24_client::Batch;
    /// use bitrix24_core::{json, raw};
    /// # fn example(portal: bitrix24_client::blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut batch = Batch::new();
    /// let me = batch.add(raw("user.current", json!(null)).that_only_reads());
    /// let replies = portal.run(batch);
    /// println!("{}", replies.get(me)?.result["NAME"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&self, batch: Batch) -> Replies {
        let mut run = batch.into_run();
        let carried = self.runtime.wait(self.client.advance_to_end(&mut run));
        if let Err(failure) = carried
            && run.request().is_some()
        {
            run.answered(Err(failure));
        }
        self.client.replies(run)
    }

    /// The pages of a list, one after another, each as the reply that [`call`](Self::call) gives; see
    /// [`Client::pages`](crate::Client::pages).
    ///
    /// ```no_run
    /// # use bitrix24_core::{json, raw};
    /// # fn example(portal: bitrix24_client::blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// for page in portal.pages(raw("crm.deal.list", json!({})).that_only_reads()) {
    ///     println!("{:?} deals in all", page?.total);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<M: Method + Send + 'static>(&self, request: M) -> Pages<M> {
        Pages::new(self.client.pages(request), Arc::clone(&self.runtime))
    }

    /// The rows of a list, one after another, page by page as they are asked for; see [`Client::rows`](crate::Client::rows).
    ///
    /// With [`by_id`](Rows::by_id) a long list is read much faster.
    pub fn rows<M: List + Send + 'static>(&self, request: M) -> Rows<M::Row, M::Error> {
        Rows::new(self.client.rows(request), Arc::clone(&self.runtime))
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

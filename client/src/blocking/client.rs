//! The blocking client.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Error, ListMethod, Method, Response};
use futures_core::Stream;

use super::iter::Iter;
use super::lists::{Pages, Rows};
use super::runtime::Runtime;
use crate::batch::{Batch, BatchResponse};
use crate::oauth::{App, TokenStore};
use crate::webhook_url::WebhookUrlError;

/// A client of one portal whose calls block until they are done. It is cheap to clone; clones share one background thread, which
/// ends with the last of them.
///
/// It must not be used on a thread of an asynchronous runtime, which it would block. Calls there fail before they are sent.
#[derive(Clone)]
pub struct Client {
    pub(super) client: crate::Client,
    pub(super) runtime: Arc<Runtime>,
}

impl Client {
    /// Creates a client for the URL of an inbound webhook, with default settings; see
    /// [`Client::webhook`](crate::Client::webhook).
    ///
    /// # Errors
    /// A [`WebhookUrlError`] that says what is wrong with the URL, without the secret.
    pub fn webhook(url: &str) -> Result<Self, WebhookUrlError> {
        crate::Client::webhook(url).map(Self::new)
    }

    /// Creates a client for an application, with the tokens of a store and default settings; see
    /// [`ClientBuilder::application`](crate::ClientBuilder::application).
    pub fn application(app: App, store: impl TokenStore) -> Self {
        Self::new(crate::Client::application(app, store))
    }

    /// Creates the blocking form of a client with any settings.
    ///
    /// ```
    /// use std::time::Duration;
    /// use bitrix24_client::{Client, blocking};
    ///
    /// let builder = Client::builder().timeout(Duration::from_secs(5));
    /// let portal = blocking::Client::new(builder.webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/")?);
    /// # let _ = portal;
    /// # Ok::<(), bitrix24_client::WebhookUrlError>(())
    /// ```
    pub fn new(client: crate::Client) -> Self {
        Self { client, runtime: Arc::new(Runtime::start()) }
    }

    /// Returns the same client with a deadline for each call; see
    /// [`Client::with_deadline`](crate::Client::with_deadline).
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        Self { client: self.client.with_deadline(deadline), runtime: Arc::clone(&self.runtime) }
    }

    /// Returns the same client with a timeout for one HTTP request; see
    /// [`ClientBuilder::timeout`](crate::ClientBuilder::timeout).
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { client: self.client.with_timeout(timeout), runtime: Arc::clone(&self.runtime) }
    }

    /// Returns the same client with another retry policy; see
    /// [`ClientBuilder::retry_policy`](crate::ClientBuilder::retry_policy).
    #[must_use]
    pub fn with_retry_policy(&self, policy: RetryPolicy) -> Self {
        Self { client: self.client.with_retry_policy(policy), runtime: Arc::clone(&self.runtime) }
    }

    /// Returns the same client for calls that are safe to repeat; see
    /// [`Client::safe_to_repeat`](crate::Client::safe_to_repeat).
    #[must_use]
    pub fn safe_to_repeat(&self) -> Self {
        Self { client: self.client.safe_to_repeat(), runtime: Arc::clone(&self.runtime) }
    }

    /// Calls a method; see [`Client::call`](crate::Client::call).
    ///
    /// # Errors
    /// Those of [`Client::call`](crate::Client::call). A call on a thread of an asynchronous runtime, or on a machine that
    /// cannot start the client's thread, is an [`ErrorKind::Request`](bitrix24_core::ErrorKind::Request) and is not sent.
    pub fn call<M: Method>(&self, request: M) -> Result<Response<M::Output>, Error<M::Error>> {
        let info = request.info();
        let response = self.runtime.block_on_call(self.client.send(info, request.params().as_map()));
        self.client.decode::<M>(info.name, response)
    }

    /// Sends the requests of a batch; see [`Client::run`](crate::Client::run).
    ///
    /// ```no_run
    /// use bitrix24_client::{Batch, blocking};
    /// use bitrix24_core::{json, raw};
    ///
    /// # fn example(portal: blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut batch = Batch::new();
    /// let me = batch.add(raw("user.current", json!(null)).read_only());
    /// println!("{}", portal.run(batch).get(me)?.result["NAME"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&self, batch: Batch) -> BatchResponse {
        let mut run = batch.into_run();
        let result = self.runtime.block_on(self.client.run_to_end(&mut run));
        if let Err(failure) = result
            && run.next_request().is_some()
        {
            run.on_response(Err(failure));
        }
        self.client.batch_response(run)
    }

    /// The pages of a list, each as the response that [`call`](Self::call) returns; see
    /// [`Client::pages`](crate::Client::pages).
    ///
    /// ```no_run
    /// # use bitrix24_core::{json, raw};
    /// # fn example(portal: bitrix24_client::blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// for page in portal.pages(raw("crm.deal.list", json!({})).read_only()) {
    ///     println!("{:?} deals in all", page?.total);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<M: Method + Send + 'static>(&self, request: M) -> Pages<M> {
        Pages::new(self.client.pages(request), Arc::clone(&self.runtime))
    }

    /// The rows of a list. Pages are requested as rows are requested; see [`Client::rows`](crate::Client::rows).
    ///
    /// [`by_id`](Rows::by_id) reads a long list much faster.
    pub fn rows<M: ListMethod + Send + 'static>(&self, request: M) -> Rows<M::Row, M::Error, M::Keyset> {
        Rows::new(self.client.rows(request), Arc::clone(&self.runtime))
    }

    /// Waits until all exchanges before are recorded and written; see
    /// [`Client::flush_recording`](crate::Client::flush_recording).
    ///
    /// # Errors
    /// The error of the recorder, or of a thread on which no call can be sent, as in [`call`](Self::call).
    pub fn flush_recording(&self) -> io::Result<()> {
        let flushed = self.runtime.block_on(self.client.flush_recording());
        flushed.unwrap_or_else(|failure| Err(io::Error::other(failure.to_string())))
    }

    /// Waits for what must not be lost when the program ends; see [`Client::shutdown`](crate::Client::shutdown).
    ///
    /// # Errors
    /// Those of [`Client::shutdown`](crate::Client::shutdown), or of a thread on which no call can be sent, as in
    /// [`call`](Self::call).
    pub fn shutdown(&self) -> io::Result<()> {
        let saved = self.runtime.block_on(self.client.shutdown());
        saved.unwrap_or_else(|failure| Err(io::Error::other(failure.to_string())))
    }

    /// Runs a future of the asynchronous client to completion.
    ///
    /// ```no_run
    /// use bitrix24_client::{Batch, blocking};
    /// use bitrix24_core::{json, raw};
    ///
    /// # fn example(portal: blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut batch = Batch::new();
    /// let me = batch.add(raw("user.current", json!(null)).read_only());
    /// let response = portal.block_on(|portal| portal.run(batch))?;
    /// println!("{}", response.get(me)?.result["NAME"]);
    ///
    /// let departments = raw("department.get", json!({})).read_only();
    /// let departments = portal.block_on(|portal| portal.rows(departments).collect_all())??;
    /// println!("{} departments", departments.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// An [`ErrorKind::Request`](bitrix24_core::ErrorKind::Request) if the future cannot be run, as in [`call`](Self::call).
    pub fn block_on<F: Future>(&self, f: impl FnOnce(crate::Client) -> F) -> Result<F::Output, Error> {
        self.runtime
            .block_on(f(self.client.clone()))
            .map_err(|failure| Error::new("a call of a blocking client", failure))
    }
}

impl Client {
    /// The items of a stream of the asynchronous client, as an iterator: of
    /// [`run_stream`](crate::Client::run_stream), [`bulk`](crate::Client::bulk), a [`Download`](crate::Download).
    ///
    /// ```no_run
    /// use bitrix24_client::blocking;
    /// use bitrix24_core::{json, raw};
    ///
    /// # fn example(portal: blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let updates = (1..=1000).map(|id| (id, raw("crm.deal.update", json!({"id": id, "fields": {"OPENED": "Y"}}))));
    /// for outcome in portal.iter(|portal| portal.bulk(updates)) {
    ///     let (id, outcome) = outcome?;
    ///     println!("{id}: {}", outcome.is_ok());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// An item is an error if the stream cannot be run, as in [`call`](Self::call); the iterator then ends.
    pub fn iter<S: Stream + Unpin>(&self, f: impl FnOnce(crate::Client) -> S) -> Iter<S> {
        Iter::new(f(self.client.clone()), Arc::clone(&self.runtime))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}

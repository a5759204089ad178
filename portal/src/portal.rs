//! A running portal, as a value.

mod builder;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use std::{fmt, io};

use serde_json::{Map, Value};
use tokio::task::JoinHandle;

use crate::check::Refusal;
use crate::exchange::Answer;
use crate::fault::{Fault, ScheduledFault};
use crate::lock::lock;
use crate::oauth::TokenPair;
use crate::record::Call;
use crate::script::{Script, ScriptedCall};
use crate::spec::Api;
use crate::state::State;

pub use builder::Builder;

/// A portal, which ends when it is dropped.
pub struct Portal {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
    scheme: &'static str,
    #[cfg(feature = "tls")]
    certificate: Option<String>,
}

impl Portal {
    /// Starts a portal on a free port of the loopback interface, within the current tokio runtime.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// The settings of a portal.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The origin: `http://127.0.0.1:8024`, or with `https` after [`Builder::tls`].
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The certificate of the authority that signed that of the portal, as PEM: clients that trust it, and no other, accept the portal
    /// and nothing else. `None` without [`Builder::tls`].
    #[cfg(feature = "tls")]
    pub fn certificate(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    /// The address of a webhook of user 1, which may call every method that does not need an application.
    pub fn webhook(&self) -> String {
        format!("{}/rest/1/{}/", self.origin(), self.state().secret)
    }

    /// The base URL of method calls of an application, as in `client_endpoint`.
    pub fn client_endpoint(&self) -> String {
        format!("{}/rest/", self.origin())
    }

    /// The URL of the authorization server.
    pub fn token_endpoint(&self) -> String {
        format!("{}/oauth/token/", self.origin())
    }

    /// The `client_id` and `client_secret` of the portal's application.
    pub fn client_credentials(&self) -> (String, String) {
        let state = self.state();
        (state.tokens.client_id.clone(), state.tokens.client_secret.clone())
    }

    /// Installs the application: a new pair of tokens.
    pub fn issue_tokens(&self) -> TokenPair {
        self.saved(|state| state.tokens.issue())
    }

    /// Issues an authorization code, which is valid for 30 seconds and once.
    pub fn issue_code(&self) -> String {
        self.saved(|state| state.tokens.code())
    }

    /// Expires all access tokens.
    pub fn expire_tokens(&self) {
        self.saved(|state| state.tokens.expire());
    }

    /// Sets how long access tokens that are issued from now on are valid. Default: an hour.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.state().tokens.lifetime = lifetime;
    }

    /// Makes the next `calls` calls of a method fail, directly or in a batch. Names are compared without case; `*` is any method.
    /// Faults of the same method happen one after another. `oauth.token` is the authorization server, which `*` leaves out. What is returned leaves out calls before, counts, and ends the fault.
    pub fn fail(&self, method: &str, fault: Fault, calls: usize) -> ScheduledFault {
        self.state().faults.schedule(method, fault, calls)
    }

    /// Answers the calls of a method with a script, directly and in batches, until it is [ended](Script::end). The method may be one that
    /// no documentation has. Names are compared without case; `*` is any method. Of several scripts, the last one is asked, which may
    /// ask the one before, and at last the portal, with [`ScriptedCall::run`]: so a portal deviates in one thing. The portal makes
    /// the response to what is returned, and checks limits, authorization and faults before.
    ///
    /// The portal waits for the script, which therefore must not use methods of `Portal`.
    ///
    /// ```
    /// use bitrix24_client::Client;
    /// use bitrix24_core::{json, raw};
    /// use bitrix24_portal::{Portal, Refusal};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let portal = Portal::start().await?;
    /// let client = Client::webhook(&portal.webhook())?;
    /// // A method of a module that only this portal has.
    /// portal.respond("zoo.animal.feed", |call| match call.param("GRAMS").and_then(|grams| grams.as_i64()) {
    ///     Some(grams) if grams < 500 => Ok(json!({"LEFT": 500 - grams}).into()),
    ///     _ => Err(Refusal::new(400, "TOO_MUCH", "The animal is full")),
    /// });
    /// let fed = client.call(raw("zoo.animal.feed", json!({"grams": 200}))).await?;
    /// assert_eq!(fed.result["LEFT"], 300);
    /// // A method of the portal that deviates in one thing.
    /// let script = portal.respond("profile", |call| {
    ///     let mut profile = call.run()?;
    ///     profile.result["ADMIN"] = false.into();
    ///     Ok(profile)
    /// });
    /// assert_eq!(client.call(raw("profile", json!({}))).await?.result["ADMIN"], false);
    /// assert_eq!(script.calls(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn respond<S>(&self, method: &str, script: S) -> Script
    where
        S: FnMut(&ScriptedCall<'_>) -> Result<Answer, Refusal> + Send + 'static,
    {
        self.state().scripts.add(method, Box::new(script))
    }

    /// Calls a method of REST 2 as another user of the portal does, and returns its result: rows are there before a test, and change
    /// during it. It counts neither as a call nor as a run, has no limits and no faults, and raises events.
    ///
    /// # Errors
    /// The body of the error response of the method.
    pub fn call(&self, method: &str, params: Map<String, Value>) -> Result<Value, Value> {
        self.saved(|state| state.call_as_other(method, &params)).map_err(|refusal| refusal.body(Api::V2))
    }

    /// Renames the portal: calls of methods are redirected to this origin, such as that of another portal.
    pub fn move_to(&self, origin: &str) {
        self.state().moved_to = Some(origin.trim_end_matches('/').to_owned());
    }

    /// Sets the operating time that each call of a method counts, in seconds. Default: the time that it took.
    pub fn set_operating_time(&self, method: &str, seconds: f64) {
        self.state().limits.set_cost(method, seconds);
    }

    /// How often a method ran, directly or in a batch.
    pub fn runs(&self, method: &str) -> usize {
        self.state().record.runs(method)
    }

    /// The last calls, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.state().record.calls()
    }

    /// The last calls and responses as lines of recorded traffic, which `cargo conform --recorded` reads. Requests have their values:
    /// they are as secret as what was sent.
    pub fn recorded(&self) -> String {
        self.state().record.lines()
    }

    /// The rows of a table, by the name of the entity: `crm.deal`. Values are as they are stored: numbers as numbers, flags as
    /// booleans. Empty if no method of the table was called yet, or if the data file cannot be read.
    pub fn rows(&self, table: &str) -> Vec<Map<String, Value>> {
        self.state().machine.rows(table).unwrap_or_default()
    }

    /// Changes the state, and waits until the change is in the data file. If that cannot be written, it is written with the next
    /// request.
    pub(crate) fn saved<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state();
        let result = change(&mut state);
        let _ = state.save_now();
        result
    }

    /// What the portal shares with its connections.
    pub(crate) fn shared(&self) -> &Mutex<State> {
        &self.state
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl fmt::Debug for Portal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portal").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        self.server.abort();
        self.state().data.close();
    }
}

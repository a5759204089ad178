//! A running portal, as a value.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use std::{fmt, io};

use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::answer::Seed;
use crate::deliveries::Deliveries;
use crate::fault::{Fault, Faults};
use crate::http::{Server, Settings};
use crate::idempotency::Replays;
use crate::limits::{Limits, Plan};
use crate::lock::lock;
use crate::oauth::{TokenPair, Tokens};
use crate::outgoing::{Outbox, Recorder};
use crate::record::{Call, Record};
use crate::run::{FirstRows, Machine};
use crate::state::State;

/// A portal, which ends when it is dropped.
pub struct Portal {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

/// The settings of a portal.
#[derive(Clone, Debug)]
pub struct Builder {
    listen: SocketAddr,
    seed: u64,
    rows: HashMap<String, usize>,
    sample_rows: usize,
    rows_on_demand: bool,
    plan: Plan,
    language: String,
    recorded_bytes: usize,
    settings: Settings,
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

    /// The origin: `http://127.0.0.1:8024`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
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
        self.state().tokens.issue()
    }

    /// Issues an authorization code, which is valid for 30 seconds and once.
    pub fn issue_code(&self) -> String {
        self.state().tokens.code()
    }

    /// Expires all access tokens.
    pub fn expire_tokens(&self) {
        self.state().tokens.expire();
    }

    /// Sets how long access tokens that are issued from now on are valid. Default: an hour.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.state().tokens.lifetime = lifetime;
    }

    /// Makes the next `calls` calls of a method fail, directly or in a batch. Names are compared without case; `*` is any method.
    pub fn fail(&self, method: &str, fault: Fault, calls: usize) {
        self.state().faults.schedule(method, fault, calls);
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
    /// booleans. Empty if no method of the table was called yet.
    pub fn rows(&self, table: &str) -> Vec<Map<String, Value>> {
        let rows = self.state().machine.store.rows(table);
        rows.into_iter().map(|(_, fields)| fields.into_iter().collect()).collect()
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
    }
}

impl Default for Builder {
    fn default() -> Self {
        let settings = Settings {
            max_body: 32 << 20,
            max_bodies: 128 << 20,
            max_connections: 16_384,
            read_timeout: Duration::from_secs(60),
        };
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: 1,
            rows: HashMap::new(),
            sample_rows: 0,
            rows_on_demand: false,
            plan: Plan::Unlimited,
            language: "en".to_owned(),
            recorded_bytes: 8 << 20,
            settings,
        }
    }
}

impl Builder {
    /// Listens on this address. Default: a free port of the loopback interface. Whoever reaches another address can do everything.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// The seed of plausible values and of secrets: the same seed gives the same ones. Default: 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How many plausible rows a table has at the beginning, by the name of the entity: `crm.deal`. Default: none.
    pub fn rows(mut self, table: &str, rows: usize) -> Self {
        self.rows.insert(table.to_ascii_lowercase(), rows);
        self
    }

    /// How many plausible rows each other table has at the beginning. Default: 0.
    pub fn sample_rows(mut self, rows: usize) -> Self {
        self.sample_rows = rows;
        self
    }

    /// Whether a row that is got, changed or deleted by its identifier exists, with plausible values, unless it was deleted before.
    /// Default: `false`.
    pub fn rows_on_demand(mut self, on_demand: bool) -> Self {
        self.rows_on_demand = on_demand;
        self
    }

    /// The limits. Default: none.
    pub fn plan(mut self, plan: Plan) -> Self {
        self.plan = plan;
        self
    }

    /// The language of the portal: that of messages of REST 3 (`en`, `de`, `ru`; others are English), of titles, and of what
    /// applications get. Default: `en`.
    pub fn language(mut self, language: &str) -> Self {
        self.language = language.to_owned();
        self
    }

    /// How many bytes of the last calls are recorded. Default: 8 MiB.
    pub fn recorded_bytes(mut self, bytes: usize) -> Self {
        self.recorded_bytes = bytes;
        self
    }

    /// The largest body of a request, in bytes. Default: 32 MiB.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.settings.max_body = bytes;
        self
    }

    /// How long the head and the body of a request may take. Default: a minute.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.settings.read_timeout = timeout;
        self
    }

    /// Starts the portal within the current tokio runtime.
    ///
    /// # Errors
    /// The address is in use or cannot be used, or there is no table of a name in [`rows`](Self::rows).
    pub async fn start(self) -> io::Result<Portal> {
        let rows =
            FirstRows { named: self.rows.clone(), others: self.sample_rows, on_demand: self.rows_on_demand };
        let mut machine = Machine::new(self.seed, rows);
        machine.spec.system.language = self.language;
        if let Some(unknown) = self.rows.keys().find(|table| !machine.has_table(table)) {
            let message =
                format!("there is no table `{unknown}`: a table has the name of an entity, such as crm.deal");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let listener = TcpListener::bind(self.listen).await?;
        let address = listener.local_addr()?;
        let seed = Seed::new(self.seed);
        let deliveries = Deliveries::default();
        let record = deliveries.clone();
        let record: Recorder = Arc::new(move |delivery| record.add(delivery));
        let state = State {
            limits: Limits::new(&self.plan, &machine.spec.system),
            machine,
            tokens: Tokens::new(seed.part("tokens")),
            faults: Faults::default(),
            record: Record::new(self.recorded_bytes),
            replays: Replays::default(),
            moved_to: None,
            secret: format!("{:016x}", seed.part("webhook").below(u64::MAX)),
            control_secret: format!("{:016x}", seed.part("control").below(u64::MAX)),
            origin: format!("http://{address}"),
            installed: None,
            outbox: Outbox::start(&record),
            deliveries,
            subjects: OnceCell::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let server = Arc::new(Server::new(Arc::clone(&state), self.settings));
        let server = tokio::spawn(server.run(listener));
        Ok(Portal { address, state, server })
    }
}

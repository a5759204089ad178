//! How a portal is started.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
#[cfg(feature = "data")]
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::Portal;
use crate::answer::Seed;
use crate::bindings::Bindings;
use crate::data::{Change, Data, Section};
use crate::deliveries::Deliveries;
use crate::fault::Faults;
#[cfg(feature = "tls")]
use crate::http::Tls;
use crate::http::{Server, Settings, listen};
use crate::idempotency::Replays;
use crate::limits::{Limits, Plan};
use crate::lock::lock;
use crate::oauth::Tokens;
use crate::outgoing::{Outbox, Recorder};
use crate::record::Record;
use crate::run::{FirstRows, Machine};
use crate::script::Scripts;
use crate::state::State;

/// How many of the largest bodies are read at the same time.
const BODIES: usize = 4;

/// The settings of a portal.
#[derive(Clone, Debug)]
pub struct Builder {
    listen: SocketAddr,
    seed: u64,
    #[cfg(feature = "data")]
    data: Option<PathBuf>,
    rows: HashMap<String, usize>,
    sample_rows: usize,
    basic_rows: bool,
    rows_on_demand: bool,
    plan: Plan,
    language: String,
    recorded_bytes: usize,
    settings: Settings,
    allowed_hosts: Vec<String>,
    #[cfg(feature = "tls")]
    tls: Option<Vec<String>>,
}

impl Default for Builder {
    fn default() -> Self {
        let settings = Settings {
            max_body: 32 << 20,
            max_bodies: BODIES * (32 << 20),
            max_connections: 16_384,
            read_timeout: Duration::from_secs(60),
        };
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: 1,
            #[cfg(feature = "data")]
            data: None,
            rows: HashMap::new(),
            sample_rows: 0,
            basic_rows: true,
            rows_on_demand: false,
            plan: Plan::Unlimited,
            language: "en".to_owned(),
            recorded_bytes: 8 << 20,
            settings,
            allowed_hosts: Vec::new(),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}

impl Builder {
    /// Listens on this address. Default: a free port of the loopback interface. Every program that reaches another address can do everything.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// The seed of plausible values and of secrets: the same seed gives the same ones. Default: 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Keeps the state in this file, which is created if it does not exist: rows, tokens, contents of files and responses to
    /// requests with an idempotency key are there after a restart, and after a crash. Every response is sent when what it
    /// acknowledges is in the file. A file keeps the seed and the first rows with which it was created. Default: in memory.
    #[cfg(feature = "data")]
    pub fn data(mut self, path: impl Into<PathBuf>) -> Self {
        self.data = Some(path.into());
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

    /// Whether tables without a number in [`rows`](Self::rows) have the rows of every portal: its administrator, a department, currencies,
    /// the statuses of the CRM, a catalog. Default: `true`.
    pub fn basic_rows(mut self, basic: bool) -> Self {
        self.basic_rows = basic;
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

    /// The largest body of a request, in bytes. Four of them are read at the same time; further ones wait. Default: 32 MiB.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.settings.max_body = bytes;
        self.settings.max_bodies = bytes.saturating_mul(BODIES);
        self
    }

    /// How many connections are served at the same time. Further ones wait until one ends. Default: 16,384.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.settings.max_connections = connections;
        self
    }

    /// How long the head and the body of a request may take. Default: a minute.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.settings.read_timeout = timeout;
        self
    }

    /// Encrypts connections, with a certificate that is made at the start and valid for `localhost`, `127.0.0.1` and `::1`; see
    /// [`Portal::certificate`]. Default: HTTP without TLS.
    #[cfg(feature = "tls")]
    pub fn tls(mut self) -> Self {
        self.tls.get_or_insert_default();
        self
    }

    /// Encrypts connections as [`tls`](Self::tls) does, with a certificate that is also valid for this host name or IP address.
    #[cfg(feature = "tls")]
    pub fn tls_name(mut self, name: &str) -> Self {
        self.tls.get_or_insert_default().push(name.to_owned());
        self
    }

    /// Allows browsers to send requests to this host name, and pages of it to call methods. Without it, a browser reaches the portal
    /// by an address, a name without a dot, or a reserved name (`localhost`, `portal.test`), and only pages of loopback addresses
    /// call it: a site of the internet must not command a portal on the machine of its reader.
    pub fn allow_host(mut self, name: &str) -> Self {
        self.allowed_hosts.push(name.to_owned());
        self
    }

    /// Starts the portal within the current tokio runtime.
    ///
    /// # Errors
    /// The address is in use or cannot be used, a name is none that a certificate can have, there is no table of a name in
    /// [`rows`](Self::rows), or the data file is in use, damaged, or cannot be read and written.
    pub async fn start(self) -> io::Result<Portal> {
        let data = self.open_data()?;
        let seed_number = first_seed(&data, self.seed)?;
        let rows = FirstRows {
            named: self.rows.clone(),
            basic: self.basic_rows,
            others: self.sample_rows,
            on_demand: self.rows_on_demand,
        };
        let mut machine = Machine::new(seed_number, rows, data.clone())?;
        machine.spec.system.language.clone_from(&self.language);
        machine.bindings = Bindings::load(&data)?;
        if let Some(unknown) = self.rows.keys().find(|table| !machine.has_table(table)) {
            let message =
                format!("there is no table `{unknown}`: a table has the name of an entity, such as crm.deal");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let listener = listen(self.listen).map_err(|error| not_bound(self.listen, &error))?;
        let address = listener.local_addr()?;
        let deliveries = Deliveries::default();
        let record = deliveries.clone();
        let record: Recorder = Arc::new(move |delivery| record.add(delivery));
        let seed = Seed::new(seed_number);
        let state = State {
            limits: Limits::new(&self.plan, &machine.spec.system),
            machine,
            tokens: Tokens::load(seed.part("tokens"), &data)?,
            faults: Faults::default(),
            scripts: Scripts::default(),
            record: Record::new(self.recorded_bytes),
            replays: Replays::load(&data)?,
            data,
            unsaved: Vec::new(),
            moved_to: None,
            secret: format!("{:016x}", seed.part("webhook").below(u64::MAX)),
            control_secret: format!("{:016x}", seed.part("control").below(u64::MAX)),
            outbox: Outbox::start(&record),
            deliveries,
            subjects: OnceCell::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let mut server = Server::new(Arc::clone(&state), self.settings);
        server.allowed_hosts.clone_from(&self.allowed_hosts);
        #[cfg(feature = "tls")]
        if let Some(names) = &self.tls {
            server.tls = Some(Tls::new(names)?);
        }
        // Links and requests to handlers are for the callers of this address.
        lock(&state).machine.origin = format!("{}://{address}", server.scheme());
        Ok(Portal {
            address,
            state,
            scheme: server.scheme(),
            #[cfg(feature = "tls")]
            certificate: server.tls.as_ref().map(|tls| tls.authority.clone()),
            server: tokio::spawn(Arc::new(server).run(listener)),
        })
    }

    fn open_data(&self) -> io::Result<Data> {
        #[cfg(feature = "data")]
        if let Some(path) = &self.data {
            return Data::open(path);
        }
        Ok(Data::default())
    }
}

/// The seed with which a data file was created, which is this one for a new file.
fn first_seed(data: &Data, seed: u64) -> io::Result<u64> {
    let kept = data.get(Section::Portal, b"seed")?;
    if let Some(kept) = kept.and_then(|kept| serde_json::from_slice(&kept).ok()) {
        return Ok(kept);
    }
    let change = Change::set(Section::Portal, *b"seed", seed.to_string());
    data.save_now(vec![change]).map_err(io::Error::other)?;
    Ok(seed)
}

/// Why an address cannot be listened on, and what to do.
fn not_bound(address: SocketAddr, error: &io::Error) -> io::Error {
    let reason = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there; choose another port, or 0 for a free one".to_owned()
        }
        io::ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        io::ErrorKind::PermissionDenied => "ports below 1024 are reserved; choose a greater one".to_owned(),
        _ => error.to_string(),
    };
    io::Error::new(error.kind(), format!("cannot listen on {address}: {reason}"))
}

//! A mock portal for what the crate `bitrix24-portal` does not do: tables of methods that no documentation has, events and pages as
//! data that a test changes before it sends them, and bindings and queues of portals that deviate from the documentation.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::Value;

use crate::lock::lock;
use crate::server::MockServer;

pub(crate) use state::PortalState;

pub use access::{APPLICATION_TOKEN, CLIENT_ID, CLIENT_SECRET, Issued, MEMBER_ID, Tokens};
pub use bindings::Bindings;
pub use offline::OfflineQueue;
pub use outgoing::{HandlerResponse, Outgoing};
pub use table::{Row, Table};

mod access;
mod batch;
mod bindings;
mod conditions;
mod methods;
mod oauth;
mod offline;
mod outgoing;
mod pages;
mod state;
mod table;

/// A portal with tables. It dereferences to its [`MockServer`], with its URL, its calls and its faults.
///
/// ```
/// use bitrix24_client::Client;
/// use bitrix24_core::{Keyset, json, raw};
/// use bitrix24_testing::{MockPortal, Table};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let portal = MockPortal::start([Table::crm("crm.deal").with_rows(120)]).await;
/// let client = Client::webhook(&portal.webhook())?;
/// let deals = raw("crm.deal.list", json!({})).keyset(Keyset::new("ID")).read_only();
/// assert_eq!(client.rows(deals).by_id().collect_all().await?.len(), 120);
/// # Ok(())
/// # }
/// ```
pub struct MockPortal {
    server: MockServer,
    state: Arc<Mutex<PortalState>>,
}

impl MockPortal {
    /// Starts a portal with these tables, within the current tokio runtime.
    pub async fn start(tables: impl IntoIterator<Item = Table>) -> Self {
        let state = Arc::new(Mutex::new(PortalState::new(tables)));
        let shared = Arc::clone(&state);
        let server = MockServer::start(move |call| lock(&shared).answer(call)).await;
        Self { server, state }
    }

    /// Starts a portal with these tables on its own thread; see [`MockServer::start_on_thread`].
    pub fn start_on_thread(tables: impl IntoIterator<Item = Table>) -> Self {
        let state = Arc::new(Mutex::new(PortalState::new(tables)));
        let shared = Arc::clone(&state);
        let server = MockServer::start_on_thread(move |call| lock(&shared).answer(call));
        Self { server, state }
    }

    /// How many times a method ran, in batches and directly.
    pub fn runs(&self, method: &str) -> usize {
        self.state().runs(method)
    }

    /// The current rows of a table.
    ///
    /// # Panics
    /// If there is no such table.
    pub fn rows(&self, table: &str) -> Vec<Row> {
        self.state().table(table).rows.clone()
    }

    /// Changes the rows of a table, as other users of a portal do.
    pub fn change(&self, table: &str, change: impl FnOnce(&mut Vec<Row>)) {
        self.state().table(table).change(change);
    }

    /// Accesses the tokens of applications: issues them, expires them, counts refreshes.
    pub fn tokens<T>(&self, work: impl FnOnce(&mut Tokens) -> T) -> T {
        work(&mut self.state().tokens)
    }

    /// Accesses what applications have bound: events and placements.
    pub fn bindings<T>(&self, work: impl FnOnce(&mut Bindings) -> T) -> T {
        work(&mut self.state().bindings)
    }

    /// Accesses the queue of offline events.
    pub fn offline<T>(&self, work: impl FnOnce(&mut OfflineQueue) -> T) -> T {
        work(&mut self.state().offline)
    }

    /// Causes an event, as another user of the portal does: it is put into the queue of each source for which the event is bound as
    /// an offline event.
    ///
    /// ```
    /// use bitrix24_core::json;
    /// use bitrix24_testing::MockPortal;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let portal = MockPortal::start([]).await;
    /// portal.bindings(|bindings| bindings.bind_offline("onCrmDealUpdate", ""));
    /// portal.emit("onCrmDealUpdate", json!({"FIELDS": {"ID": 7}}));
    /// portal.emit("onCrmDealUpdate", json!({"FIELDS": {"ID": 7}})); // replaces the first one
    /// assert_eq!(portal.offline(|queue| queue.rows().len()), 1);
    /// # }
    /// ```
    pub fn emit(&self, event: &str, data: Value) {
        self.state().emit(event, &data, None);
    }

    /// Causes an event by a call of the application with this `auth_connector`, whose own queue does not get it.
    pub fn emit_from(&self, connector: &str, event: &str, data: Value) {
        self.state().emit(event, &data, Some(connector));
    }

    /// An event, with the tokens of the user who caused it, to be [sent](Outgoing::send) to a handler.
    ///
    /// ```
    /// use bitrix24_core::json;
    /// use bitrix24_core::oauth::{EventRequest, IncomingRequest};
    /// use bitrix24_testing::{APPLICATION_TOKEN, MockPortal};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), bitrix24_core::oauth::ParseError> {
    /// let portal = MockPortal::start([]).await;
    /// let body = portal.event("onCrmDealUpdate", json!({"FIELDS": {"ID": 7}})).body();
    /// let event = EventRequest::parse(&IncomingRequest::new(body.as_bytes()), 1_800_000_000)?;
    /// assert!(event.is("onCrmDealUpdate") && event.verify_application_token(APPLICATION_TOKEN));
    /// assert_eq!(event.data()["FIELDS"]["ID"], "7");
    /// # Ok(())
    /// # }
    /// ```
    pub fn event(&self, name: &str, data: Value) -> Outgoing {
        Outgoing::event(name, data, &self.client_endpoint(), &self.tokens(Tokens::issue))
    }

    /// The request of an installation, with new tokens of an administrator.
    pub fn install(&self) -> Outgoing {
        Outgoing::install(&self.client_endpoint(), &self.tokens(Tokens::issue))
    }

    /// The request of a removal; `clean` if the user wants the data of the application to be deleted.
    pub fn uninstall(&self, clean: bool) -> Outgoing {
        Outgoing::uninstall(clean, &self.client_endpoint())
    }

    /// A robot that runs, with the values of its properties.
    pub fn robot(&self, properties: Value) -> Outgoing {
        Outgoing::robot(properties, &self.client_endpoint(), &self.tokens(Tokens::issue))
    }

    /// A page that a user opens, at a placement with options, with new tokens of the user. The placement of the application's own page is
    /// `DEFAULT`, whose options are `null`.
    pub fn page(&self, placement: &str, options: &Value) -> Outgoing {
        let origin = self.origin();
        let domain = origin.trim_start_matches("http://");
        Outgoing::page(placement, options, domain, &self.tokens(Tokens::issue))
    }

    /// The URL of the authorization server, which is this portal too.
    pub fn token_endpoint(&self) -> String {
        format!("{}/oauth/token/", self.server.origin())
    }

    /// The base URL of method calls of an application, as in `client_endpoint`.
    pub fn client_endpoint(&self) -> String {
        format!("{}/rest/", self.server.origin())
    }

    fn state(&self) -> MutexGuard<'_, PortalState> {
        lock(&self.state)
    }
}

impl fmt::Debug for MockPortal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MockPortal").field(&self.server).finish()
    }
}

impl Deref for MockPortal {
    type Target = MockServer;

    fn deref(&self) -> &MockServer {
        &self.server
    }
}

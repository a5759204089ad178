//! A mock portal with tables: lists with filters, order and pages, records that are added and changed, batches, expiring
//! tokens, and limits.
//!
//! It builds on the mock server and is included next to it. It implements what the documentation says about each kind of
//! method; it is not a real portal, but code that works with it does not fail for a reason that is known in advance.
//! `php_batch.rs` runs its batches; tests of other portals include that file directly.
//!
//! ```ignore
//! #[path = "../../tests/support/mock_server.rs"]
//! mod mock_server;
//! #[path = "../../tests/support/mock_portal.rs"]
//! mod mock_portal;
//! use mock_portal::{MockPortal, Table};
//!
//! let portal = MockPortal::start([Table::crm("crm.deal").with_rows(120)]).await;
//! portal.fail("crm.deal.add", Fault::LoseResponse);             // a call
//! portal.fail_command("crm.deal.list", Fault::QueryLimit);    // a command of a batch
//! portal.before_page("crm.deal.list", 2, |rows| rows.truncate(70));
//! let client = Client::webhook(&portal.webhook())?;
//! // …
//! assert_eq!(portal.runs("crm.deal.add"), 1);
//! ```
#![allow(dead_code, unreachable_pub, unused_imports)]

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::mock_server::{Fault, FaultPlan, MockServer};

use state::PortalState;

pub use access::{CLIENT_ID, CLIENT_SECRET, Issued, Tokens};
pub use limits::Limits;
pub use php_batch::php;
pub use table::{Paging, Row, Table};

#[path = "mock_portal/access.rs"]
mod access;
#[path = "mock_portal/batch.rs"]
mod batch;
#[path = "mock_portal/conditions.rs"]
mod conditions;
#[path = "mock_portal/limits.rs"]
mod limits;
#[path = "mock_portal/methods.rs"]
mod methods;
#[path = "mock_portal/oauth.rs"]
mod oauth;
#[path = "mock_portal/pages.rs"]
mod pages;
#[path = "php_batch.rs"]
pub mod php_batch;
#[path = "mock_portal/state.rs"]
mod state;
#[path = "mock_portal/table.rs"]
mod table;

/// A portal with tables. It dereferences to its [`MockServer`], with its URL, its calls and its faults.
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

    /// Changes the rows of a table right before page number `page` of a list is read, starting at 1, in batches and directly.
    pub fn before_page(&self, list: &str, page: usize, change: impl FnOnce(&mut Vec<Row>) + Send + 'static) {
        self.state().before_page(list, page, Box::new(change));
    }

    /// Schedules a fault for the next command of a batch that calls this method. An error becomes the error of that command;
    /// any other fault removes the command from results and errors, whether it ran or not.
    pub fn fail_command(&self, method: &str, fault: Fault) -> FaultPlan {
        self.state().command_faults.schedule(method, fault)
    }

    /// Sets limits. Default: none.
    pub fn limit(&self, limits: Limits) {
        self.state().limits = limits;
    }

    /// Accesses the tokens of applications: issues them, expires them, counts refreshes.
    pub fn tokens<T>(&self, work: impl FnOnce(&mut Tokens) -> T) -> T {
        work(&mut self.state().tokens)
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

impl Deref for MockPortal {
    type Target = MockServer;

    fn deref(&self) -> &MockServer {
        &self.server
    }
}

/// Locks a mutex. If a test panicked while it held the lock, the test reports it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

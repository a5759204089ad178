//! A portal with rows in it: lists that filter, sort and page, records that are added and changed, batches, keys that
//! expire, and limits.
//!
//! It stands on the scripted portal and is included beside it. What it knows of methods is what the documentation says of
//! all of a kind; it is no portal, but what holds against it does not fail for a reason that can be known beforehand. Batches
//! are played by `php_batch.rs` next to it, which tests of other portals include by themselves.
//!
//! ```ignore
//! #[path = "../../tests/support/mock_server.rs"]
//! mod mock_server;
//! #[path = "../../tests/support/mock_portal.rs"]
//! mod mock_portal;
//! use mock_portal::{MockPortal, Table};
//!
//! let shop = MockPortal::start([Table::crm("crm.deal").filled(120)]).await;
//! shop.fail("crm.deal.add", Fault::LoseResponse);             // a call, on its way
//! shop.fail_command("crm.deal.list", Fault::QueryLimit);    // a command of a batch
//! shop.before_page("crm.deal.list", 2, |rows| rows.truncate(70));
//! let client = Client::webhook(&shop.webhook())?;
//! // …
//! assert_eq!(shop.runs("crm.deal.add"), 1);
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
mod php_batch;
#[path = "mock_portal/state.rs"]
mod state;
#[path = "mock_portal/table.rs"]
mod table;

/// A portal with rows. It is a [`MockServer`] besides, with its address, its calls and its faults.
pub struct MockPortal {
    server: MockServer,
    state: Arc<Mutex<PortalState>>,
}

impl MockPortal {
    /// Starts a portal with these tables. Must be called within a tokio runtime, which it shares.
    pub async fn start(tables: impl IntoIterator<Item = Table>) -> Self {
        let state = Arc::new(Mutex::new(PortalState::new(tables)));
        let behind = Arc::clone(&state);
        let server = MockServer::start(move |call| lock(&behind).answer(call)).await;
        Self { server, state }
    }

    /// Starts a portal with these tables on a thread of its own; see [`MockServer::start_apart`].
    pub fn start_apart(tables: impl IntoIterator<Item = Table>) -> Self {
        let state = Arc::new(Mutex::new(PortalState::new(tables)));
        let behind = Arc::clone(&state);
        let server = MockServer::start_apart(move |call| lock(&behind).answer(call));
        Self { server, state }
    }

    /// How often a method was carried out, in batches and by itself.
    pub fn runs(&self, method: &str) -> usize {
        self.state().runs(method)
    }

    /// The rows of a table as they are now.
    ///
    /// # Panics
    /// Where there is no such table.
    pub fn rows(&self, table: &str) -> Vec<Row> {
        self.state().table(table).rows.clone()
    }

    /// Changes the rows of a table, as others of the portal's users do all the time.
    pub fn change(&self, table: &str, change: impl FnOnce(&mut Vec<Row>)) {
        self.state().table(table).change(change);
    }

    /// Changes the rows of a table just before the `page`-th page of a list is read, counted from 1, in batches and by
    /// itself.
    pub fn before_page(&self, list: &str, page: usize, change: impl FnOnce(&mut Vec<Row>) + Send + 'static) {
        self.state().before_page(list, page, Box::new(change));
    }

    /// Puts a fault before the next command of a batch that calls this method. A refusal becomes the error of that command;
    /// every other fault leaves the command out of results and errors, whether it has run or not.
    pub fn fail_command(&self, method: &str, fault: Fault) -> FaultPlan {
        self.state().command_faults.schedule(method, fault)
    }

    /// Sets limits; there are none before.
    pub fn limit(&self, limits: Limits) {
        self.state().limits = limits;
    }

    /// Does something with the keys of applications: issues them, lets them expire, counts renewals.
    pub fn tokens<T>(&self, work: impl FnOnce(&mut Tokens) -> T) -> T {
        work(&mut self.state().tokens)
    }

    /// The address of the authorisation server, which is this portal too.
    pub fn token_endpoint(&self) -> String {
        format!("{}/oauth/token/", self.server.origin())
    }

    /// The address at which an application calls methods, as `client_endpoint` gives it.
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

/// What a mutex holds. That a test has panicked while it held it is told by the test.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! A portal with rows in it: lists that filter, sort and page, records that are added and changed, batches, keys that
//! expire, and limits.
//!
//! It stands on the scripted portal and is included beside it. What it knows of methods is what the documentation says of
//! all of a kind; it is no portal, but what holds against it does not fail for a reason that can be known beforehand. Batches
//! are played by `php_batch.rs` next to it, which tests of other portals include by themselves.
//!
//! ```ignore
//! #[path = "../../tests/support/portal.rs"]
//! mod portal;
//! #[path = "../../tests/support/shop.rs"]
//! mod shop;
//! use shop::{Shop, Table};
//!
//! let shop = Shop::start([Table::crm("crm.deal").filled(120)]).await;
//! shop.fail("crm.deal.add", Fault::LoseAnswer);             // a call, on its way
//! shop.fail_command("crm.deal.list", Fault::QueryLimit);    // a command of a batch
//! shop.before_page("crm.deal.list", 2, |rows| rows.truncate(70));
//! let client = Client::webhook(&shop.webhook())?;
//! // …
//! assert_eq!(shop.runs("crm.deal.add"), 1);
//! ```
#![allow(dead_code, unreachable_pub, unused_imports)]

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::portal::{Fault, Plan, Portal};

use counter::Counter;

pub use access::{CLIENT_ID, CLIENT_SECRET, Issued, Tokens};
pub use limits::Limits;
pub use php_batch::php;
pub use table::{Paging, Row, Table};

#[path = "shop/access.rs"]
mod access;
#[path = "shop/batch.rs"]
mod batch;
#[path = "shop/conditions.rs"]
mod conditions;
#[path = "shop/counter.rs"]
mod counter;
#[path = "shop/limits.rs"]
mod limits;
#[path = "shop/methods.rs"]
mod methods;
#[path = "shop/oauth.rs"]
mod oauth;
#[path = "shop/pages.rs"]
mod pages;
#[path = "php_batch.rs"]
mod php_batch;
#[path = "shop/table.rs"]
mod table;

/// A portal with rows. It is a [`Portal`] besides, with its address, its calls and its faults.
pub struct Shop {
    portal: Portal,
    counter: Arc<Mutex<Counter>>,
}

impl Shop {
    /// Starts a portal with these tables. Must be called within a tokio runtime, which it shares.
    pub async fn start(tables: impl IntoIterator<Item = Table>) -> Self {
        let counter = Arc::new(Mutex::new(Counter::new(tables)));
        let behind = Arc::clone(&counter);
        let portal = Portal::start(move |call| locked(&behind).answer(call)).await;
        Self { portal, counter }
    }

    /// Starts a portal with these tables on a thread of its own; see [`Portal::start_apart`].
    pub fn start_apart(tables: impl IntoIterator<Item = Table>) -> Self {
        let counter = Arc::new(Mutex::new(Counter::new(tables)));
        let behind = Arc::clone(&counter);
        let portal = Portal::start_apart(move |call| locked(&behind).answer(call));
        Self { portal, counter }
    }

    /// How often a method was carried out, in batches and by itself.
    pub fn runs(&self, method: &str) -> usize {
        self.counter().runs(method)
    }

    /// The rows of a table as they are now.
    ///
    /// # Panics
    /// Where there is no such table.
    pub fn rows(&self, table: &str) -> Vec<Row> {
        self.counter().table(table).rows.clone()
    }

    /// Changes the rows of a table, as others of the portal's users do all the time.
    pub fn change(&self, table: &str, change: impl FnOnce(&mut Vec<Row>)) {
        self.counter().table(table).change(change);
    }

    /// Changes the rows of a table just before the `page`-th page of a list is read, counted from 1, in batches and by
    /// itself.
    pub fn before_page(&self, list: &str, page: usize, change: impl FnOnce(&mut Vec<Row>) + Send + 'static) {
        self.counter().before_page(list, page, Box::new(change));
    }

    /// Puts a fault before the next command of a batch that calls this method. A refusal becomes the error of that command;
    /// every other fault leaves the command out of results and errors, whether it has run or not.
    pub fn fail_command(&self, method: &str, fault: Fault) -> Plan {
        self.counter().mishaps.put(method, fault)
    }

    /// Sets limits; there are none before.
    pub fn limit(&self, limits: Limits) {
        self.counter().limits = limits;
    }

    /// Does something with the keys of applications: issues them, lets them expire, counts renewals.
    pub fn tokens<T>(&self, work: impl FnOnce(&mut Tokens) -> T) -> T {
        work(&mut self.counter().tokens)
    }

    /// The address of the authorisation server, which is this portal too.
    pub fn token_endpoint(&self) -> String {
        format!("{}/oauth/token/", self.portal.origin())
    }

    /// The address at which an application calls methods, as `client_endpoint` gives it.
    pub fn client_endpoint(&self) -> String {
        format!("{}/rest/", self.portal.origin())
    }

    fn counter(&self) -> MutexGuard<'_, Counter> {
        locked(&self.counter)
    }
}

impl Deref for Shop {
    type Target = Portal;

    fn deref(&self) -> &Portal {
        &self.portal
    }
}

/// What a mutex holds. That a test has panicked while it held it is told by the test.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

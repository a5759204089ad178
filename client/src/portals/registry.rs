//! The clients by member id, and when they are removed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Stores;
use crate::builder::ClientBuilder;
use crate::client::Client;
use crate::oauth::{App, TokenStore};

pub(super) struct Registry {
    app: App,
    stores: Box<Stores>,
    settings: ClientBuilder,
    idle_time: Duration,
    clients: Mutex<Clients>,
}

#[derive(Default)]
struct Clients {
    by_member_id: HashMap<Box<str>, Entry>,
    /// When unused clients were removed last.
    cleaned_up: Option<Instant>,
}

struct Entry {
    client: Client,
    used: Instant,
}

impl Registry {
    pub(super) fn new(app: App, stores: Box<Stores>, settings: ClientBuilder, idle_time: Duration) -> Self {
        Self { app, stores, settings, idle_time, clients: Mutex::default() }
    }

    /// The client of a portal; creates it if it is unknown.
    ///
    /// This is done under the lock: of two clients of one portal each would refresh the tokens.
    pub(super) fn client(&self, member_id: &str) -> Client {
        let mut clients = self.lock();
        let now = Instant::now();
        if let Some(known) = clients.by_member_id.get_mut(member_id) {
            known.used = now;
            return known.client.clone();
        }
        let cleaned_up = *clients.cleaned_up.get_or_insert(now);
        if now.duration_since(cleaned_up) >= self.idle_time / 2 {
            clients.remove_unused(now, self.idle_time);
        }
        let client = self.settings.clone().application(self.app.clone(), self.store(member_id));
        let entry = Entry { client: client.clone(), used: now };
        clients.by_member_id.insert(member_id.into(), entry);
        client
    }

    /// The token store of a portal.
    pub(super) fn store(&self, member_id: &str) -> Arc<dyn TokenStore> {
        (self.stores)(member_id)
    }

    pub(super) fn len(&self) -> usize {
        self.lock().by_member_id.len()
    }

    /// All clients.
    pub(super) fn clients(&self) -> Vec<Client> {
        self.lock().by_member_id.values().map(|entry| entry.client.clone()).collect()
    }

    pub(super) fn remove_unused(&self) {
        self.lock().remove_unused(Instant::now(), self.idle_time);
    }

    /// Locks the clients. They are consistent after each operation, so a panic of `stores` has not corrupted them.
    fn lock(&self) -> MutexGuard<'_, Clients> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clients {
    fn remove_unused(&mut self, now: Instant, idle_time: Duration) {
        self.cleaned_up = Some(now);
        self.by_member_id.retain(|_, entry| {
            let unused = now.duration_since(entry.used) >= idle_time;
            // A clone of the client or a call in progress holds its state. No task can get one under the lock.
            let in_use = Arc::strong_count(&entry.client.inner) > 1;
            // A second client would refresh the tokens again, and one that is dropped could not save them later.
            if in_use {
                entry.used = now;
            }
            !unused || in_use || entry.client.inner.credentials.is_busy()
        });
    }
}

//! The tokens in use: given to calls, refreshed once for all calls that wait, and saved before they are used.

mod state;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bitrix24_core::oauth::AuthError;
use bitrix24_core::{ErrorKind, Failure};
use tokio::sync::watch;
use tokio::time::sleep;

use super::access::Access;
use super::app::App;
use super::clock::unix_time;
use super::server::Server;
use super::store::TokenStore;
use crate::transport_error::error_chain;
use state::{State, TokenPair};

/// The pauses before the store is read for the pair that another process received for a used refresh token.
const WAITS_FOR_OTHER_PROCESS: [Duration; 3] =
    [Duration::ZERO, Duration::from_millis(200), Duration::from_millis(800)];

/// The tokens of one user of one portal, shared by all clones of a client.
///
/// Everything that takes time (loading from the store, the request to the authorization server, saving a new pair) runs in one
/// task at a time, and all callers wait for it. It is a separate task, so that a caller that is dropped does not lose a new
/// pair.
#[derive(Clone)]
pub(crate) struct Session {
    shared: Arc<Shared>,
}

struct Shared {
    server: Server,
    store: Arc<dyn TokenStore>,
    /// The time in seconds since 1970-01-01 UTC.
    clock: fn() -> u64,
    state: Mutex<State>,
}

impl Session {
    /// Creates a session with the tokens of this store. Nothing is loaded before the first use.
    pub(crate) fn new(app: App, store: Arc<dyn TokenStore>) -> Self {
        Self::with_clock(app, store, unix_time)
    }

    fn with_clock(app: App, store: Arc<dyn TokenStore>, clock: fn() -> u64) -> Self {
        let state = Mutex::new(State::new(app.client_secret().clone()));
        let shared = Shared { server: Server::new(app), store, clock, state };
        Self { shared: Arc::new(shared) }
    }

    /// The current token and its endpoint. A token that has expired by the clock is refreshed first.
    pub(crate) async fn access(&self) -> Result<Access, Failure> {
        let (mut receiver, new_task) = {
            let mut state = self.shared.state();
            if let Some(access) = state.usable((self.shared.clock)()) {
                return access;
            }
            match state.running_task() {
                Some(receiver) => (receiver, None),
                None => {
                    let (sender, receiver) = watch::channel(None);
                    (state.start_task(receiver), Some(sender))
                }
            }
        };
        // Not under the lock: a runtime that is shutting down drops the task immediately, and dropping it takes the lock.
        if let Some(sender) = new_task {
            self.spawn_task(sender);
        }
        match receiver.wait_for(Option::is_some).await {
            Ok(access) => access.clone().expect("`wait_for` returned a value that is `Some`"),
            Err(_) => Err(task_aborted()),
        }
    }

    /// Replaces a token that the portal refused as expired. If there is a newer one already, it is returned.
    pub(crate) async fn refresh(&self, refused: &Access) -> Result<Access, Failure> {
        self.shared.state().mark_refused(refused.generation());
        self.access().await
    }

    /// The id of the application.
    pub(crate) fn client_id(&self) -> &str {
        self.shared.server.app().client_id()
    }

    /// Replaces every current and former secret of this session in the text.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.shared.redact(text)
    }

    /// Starts the task that obtains a usable token and sends it to all waiting callers.
    fn spawn_task(&self, sender: watch::Sender<Option<Result<Access, Failure>>>) {
        let guard = TaskGuard { shared: Arc::clone(&self.shared) };
        tokio::spawn(async move {
            let access = guard.shared.obtain_access().await;
            let access = access.map_err(|failure| failure.redact(&|text| guard.shared.redact(text)));
            // New callers see the new state before the waiting ones are notified.
            drop(guard);
            sender.send_replace(Some(access));
        });
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("app", self.shared.server.app()).finish_non_exhaustive()
    }
}

/// Marks the task as finished, also if it is dropped with its runtime or panics in a store.
struct TaskGuard {
    shared: Arc<Shared>,
}

impl Drop for TaskGuard {
    fn drop(&mut self) {
        self.shared.state().finish_task();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn redact(&self, text: &str) -> String {
        self.state().redact(text)
    }

    /// Obtains a usable token: saves a pair that could not be saved before, loads what another process or a new installation has
    /// saved, and refreshes.
    async fn obtain_access(&self) -> Result<Access, Failure> {
        let unsaved = self.state().unsaved();
        match unsaved {
            Some(pair) => self.save(&pair).await?,
            None => self.load().await?,
        }
        if let Some(access) = self.state().usable((self.clock)()) {
            return access;
        }
        let pair = self.state().pair().ok_or_else(no_tokens)?;
        let refresh_token = pair.tokens.refresh_token().ok_or_else(no_refresh_token)?;
        if let Some(failure) = self.state().blocking_failure((self.clock)()) {
            return Err(failure);
        }
        match self.server.refresh(&pair.tokens, refresh_token, self.clock).await {
            Ok(tokens) => {
                let pair = self.state().set_refreshed(tokens);
                self.save(&pair).await?;
                pair.access()
            }
            Err(failure) => self.handle_refresh_failure(failure).await,
        }
    }

    /// Saves a pair. On failure the pair stays in memory: there is no other one.
    async fn save(&self, pair: &TokenPair) -> Result<(), Failure> {
        self.store.save(&pair.tokens).await.map_err(|error| {
            let reason = error_chain(&*error);
            store_failure(format!(
                "the tokens were refreshed, but the token store cannot save them ({reason}); the new pair is in memory, and \
                 the next call will try to save it again"
            ))
        })?;
        self.state().mark_saved(pair.generation);
        Ok(())
    }

    /// Loads the pair of the store, unless this session has used it before.
    async fn load(&self) -> Result<(), Failure> {
        let stored = self.store.load().await;
        let stored = stored.map_err(|error| {
            store_failure(format!("the token store cannot be read: {}", error_chain(&*error)))
        })?;
        if let Some(tokens) = stored {
            self.state().set_loaded(tokens);
        }
        Ok(())
    }

    /// Handles a failed refresh. If the refresh token is used up, another process may have used it at the same time: then the
    /// store contains the new pair, or will soon.
    async fn handle_refresh_failure(&self, failure: Failure) -> Result<Access, Failure> {
        let failure = failure.redact(&|text| self.redact(text));
        self.state().set_refresh_failure(failure.clone(), (self.clock)());
        if failure.code().map(AuthError::from_code) != Some(AuthError::InvalidGrant) {
            return Err(failure);
        }
        for pause in WAITS_FOR_OTHER_PROCESS {
            sleep(pause).await;
            // The caller needs the failure of the refresh, not that of the store.
            let _ = self.load().await;
            if let Some(access) = self.state().usable((self.clock)()) {
                return access;
            }
        }
        Err(failure)
    }
}

fn no_tokens() -> Failure {
    let text = "the token store has no tokens; install the application on the portal or let a user authorize it, and save \
                the tokens";
    Failure::new(ErrorKind::Authorization, text)
}

fn no_refresh_token() -> Failure {
    let text = "the access token has expired and came without a refresh token, as tokens of events do; use the tokens of \
                the installation";
    Failure::new(ErrorKind::Authorization, text)
}

fn task_aborted() -> Failure {
    let text =
        "the refresh of the tokens was aborted: its runtime was shut down, or the token store panicked";
    Failure::new(ErrorKind::Authorization, text)
}

fn store_failure(text: String) -> Failure {
    // The error of the store is part of the text, which is redacted, and not the source, which is not.
    Failure::new(ErrorKind::Authorization, text)
}

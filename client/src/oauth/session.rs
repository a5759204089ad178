//! The tokens in use: given to calls, refreshed once for all calls that wait, and saved before they are used.

mod state;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bitrix24_core::oauth::{AuthError, Tokens};
use bitrix24_core::{ErrorKind, Failure};
use tokio::sync::watch;
use tokio::time::sleep;

use super::access::Access;
use super::app::App;
use super::background::{self, Unfinished};
use super::clock::unix_time;
use super::server::Server;
use super::store::TokenStore;
use crate::transport_error::error_chain;
use state::{State, TokenPair};

/// The pauses before a store without a lock is read for the pair that another process received for a used refresh token.
const WAITS_FOR_OTHER_PROCESS: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(200), Duration::from_millis(800), Duration::from_secs(2)];

/// How much longer than the timeout of a refresh a thread waits at its end for the new pair to be saved.
const SAVE_MARGIN: Duration = Duration::from_secs(5);

/// The tokens of one user of one portal, shared by all clones of a client.
///
/// Everything that takes time (loading from the store, the request to the authorization server, saving a new pair) runs in one
/// task at a time, and all callers wait for it. The task runs on a thread of its own, so that neither a caller that is dropped
/// nor a runtime that ends loses a new pair.
#[derive(Clone)]
pub(crate) struct Session {
    shared: Arc<Shared>,
}

struct Shared {
    server: Server,
    store: Arc<dyn TokenStore>,
    clock: Clock,
    state: Mutex<State>,
    unfinished: Arc<Unfinished>,
}

/// Returns the time in seconds since 1970-01-01 UTC.
type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

impl Session {
    /// Creates a session with the tokens of this store. Nothing is loaded before the first use.
    pub(crate) fn new(app: App, store: Arc<dyn TokenStore>) -> Self {
        Self::with_clock(app, store, Arc::new(unix_time))
    }

    fn with_clock(app: App, store: Arc<dyn TokenStore>, clock: Clock) -> Self {
        let state = Mutex::new(State::new(app.client_secret().clone()));
        let shared = Shared { server: Server::new(app), store, clock, state, unfinished: Arc::default() };
        let session = Self { shared: Arc::new(shared) };
        session.wait_at_thread_end();
        session
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
        self.wait_at_thread_end();
        // Not under the lock: a task that cannot be started is dropped immediately, and dropping it takes the lock.
        if let Some(sender) = new_task {
            self.spawn_task(sender)?;
        }
        match receiver.wait_for(Option::is_some).await {
            Ok(access) => access.clone().expect("`wait_for` returned a value that is `Some`"),
            Err(_) => Err(task_aborted()),
        }
    }

    /// Waits until no refresh is in progress, and saves a pair that could not be saved.
    pub(crate) async fn flush(&self) -> Result<(), Failure> {
        let running = self.shared.state().running_task();
        if let Some(mut receiver) = running {
            // The caller of the method receives the failure; what matters here is whether the pair is saved.
            let _ = receiver.wait_for(Option::is_some).await;
        }
        let is_unsaved = || self.shared.state().unsaved().is_some();
        if is_unsaved() {
            let saved = self.access().await;
            if is_unsaved() {
                saved?;
            }
        }
        Ok(())
    }

    /// Whether tokens are being loaded, refreshed or saved, or could not be saved yet.
    pub(crate) fn is_busy(&self) -> bool {
        let state = self.shared.state();
        state.running_task().is_some() || state.unsaved().is_some()
    }

    /// The current thread does not end before a refresh in progress.
    fn wait_at_thread_end(&self) {
        let limit = self.shared.server.app().timeout().saturating_add(SAVE_MARGIN);
        self.shared.unfinished.wait_at_thread_end(limit);
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
    fn spawn_task(&self, sender: watch::Sender<Option<Result<Access, Failure>>>) -> Result<(), Failure> {
        let guard = TaskGuard { shared: Arc::clone(&self.shared) };
        let task = async move {
            let place = guard.shared.server.app().refresh_place().await;
            let access = guard.shared.obtain_access().await;
            drop(place);
            let access = access.map_err(|failure| failure.redact(&|text| guard.shared.redact(text)));
            // New callers see the new state before the waiting ones are notified.
            drop(guard);
            sender.send_replace(Some(access));
        };
        background::spawn(task).map_err(|error| {
            let text = "this machine cannot start the thread that refreshes tokens; nothing was sent";
            Failure::new(ErrorKind::Request, text).with_source(error)
        })
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("app", self.shared.server.app()).finish_non_exhaustive()
    }
}

/// Marks the task as finished, also if a store panics.
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
        // Not under the lock, since the text may be long.
        let redactor = self.state().redactor();
        redactor.redact(text)
    }

    /// Obtains a usable token: loads what another process or a new installation has saved, and refreshes.
    async fn obtain_access(&self) -> Result<Access, Failure> {
        if self.state().unsaved().is_none() {
            self.load().await?;
            if let Some(access) = self.state().usable((self.clock)()) {
                return access;
            }
            self.refreshable()?;
        }
        let lock = self.store.lock().await.map_err(|error| {
            store_failure(format!("the token store cannot be locked: {}", error_chain(&*error)))
        })?;
        let access = self.obtain_locked(lock.is_some()).await;
        if let Some(lock) = lock {
            // The pair is saved whether or not the lock can be released; a lock ends by itself.
            let _ = lock.release().await;
        }
        access
    }

    /// The same under the lock of the store, if it has one.
    async fn obtain_locked(&self, locked: bool) -> Result<Access, Failure> {
        // Another process may have refreshed, or the application may have been installed again.
        let stored = self.load().await?;
        let unsaved = self.state().unsaved();
        if let Some(pair) = unsaved {
            self.save(&pair, stored.as_ref()).await?;
        }
        if let Some(access) = self.state().usable((self.clock)()) {
            return access;
        }
        let (pair, refresh_token) = self.refreshable()?;
        let _unfinished = self.unfinished.begin();
        // Only for the error, so a store that does not know is no failure.
        if self.store.was_interrupted().await.unwrap_or_default() {
            self.state().mark_interrupted();
        }
        if let Some(stored) = &stored {
            self.store.prepare(stored).await.map_err(|error| {
                let reason = error_chain(&*error);
                store_failure(format!(
                    "the tokens were not refreshed, since the token store cannot save new ones ({reason})"
                ))
            })?;
        }
        match self.server.refresh(&pair.tokens, &refresh_token, &*self.clock).await {
            Ok(tokens) => {
                let pair = self.state().set_refreshed(tokens);
                self.save(&pair, stored.as_ref()).await?;
                self.state().usable((self.clock)()).unwrap_or_else(|| pair.access())
            }
            Err(failure) => self.handle_refresh_failure(failure, locked).await,
        }
    }

    /// The pair and its refresh token, or the reason why it must not be refreshed.
    fn refreshable(&self) -> Result<(TokenPair, Box<str>), Failure> {
        let state = self.state();
        let pair = state.pair().ok_or_else(no_tokens)?;
        let refresh_token = pair.tokens.refresh_token().ok_or_else(no_refresh_token)?.into();
        state.blocking_failure((self.clock)()).map_or(Ok((pair, refresh_token)), Err)
    }

    /// Saves a pair, unless the store no longer has `expected` but the tokens of a new installation: then these are used. On
    /// failure the pair stays in memory: there is no other one.
    async fn save(&self, pair: &TokenPair, expected: Option<&Tokens>) -> Result<(), Failure> {
        let replaced = self.store.replace(expected, &pair.tokens).await.map_err(|error| {
            let reason = error_chain(&*error);
            store_failure(format!(
                "the tokens were refreshed, but the token store cannot save them ({reason}); the new pair is in memory, and \
                 the next call will try to save it again"
            ))
        })?;
        if replaced {
            self.state().mark_saved(pair.generation);
            return Ok(());
        }
        self.load().await?;
        if self.state().unsaved().is_some() {
            let text = "the tokens were refreshed, but the token store has changed meanwhile and does not have newer ones; the \
                        new pair is in memory, and the next call will try to save it again";
            return Err(store_failure(text.to_owned()));
        }
        Ok(())
    }

    /// Loads the pair of the store, and uses it unless this session has used it before. Returns what the store has.
    async fn load(&self) -> Result<Option<Tokens>, Failure> {
        let stored = self.store.load().await;
        let stored = stored.map_err(|error| {
            store_failure(format!("the token store cannot be read: {}", error_chain(&*error)))
        })?;
        if let Some(tokens) = &stored {
            self.state().set_loaded(tokens.clone());
        }
        Ok(stored)
    }

    /// Handles a failed refresh. If the refresh token is used up, the application may have been installed again. If the store has
    /// no lock, another process may also have used the token at the same time: then the store contains the new pair, or will soon.
    async fn handle_refresh_failure(&self, failure: Failure, locked: bool) -> Result<Access, Failure> {
        let failure = failure.redact(&|text| self.redact(text));
        // Before it is stored: later calls receive it too.
        let failure = if self.state().is_interrupted() { after_interruption(failure) } else { failure };
        self.state().set_refresh_failure(failure.clone(), (self.clock)());
        if failure.code().map(AuthError::from_code) != Some(AuthError::InvalidGrant) {
            return Err(failure);
        }
        let pauses = if locked { &WAITS_FOR_OTHER_PROCESS[..1] } else { &WAITS_FOR_OTHER_PROCESS };
        for pause in pauses {
            sleep(*pause).await;
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

/// The refusal of a refresh token with which a process that was killed had begun a refresh.
fn after_interruption(failure: Failure) -> Failure {
    if failure.code().map(AuthError::from_code) != Some(AuthError::InvalidGrant) {
        return failure;
    }
    let text = format!(
        "a process was killed while it waited for the successors of these tokens, which are lost; a user must authorize the \
         application again ({})",
        failure.description()
    );
    Failure::auth(failure.status().unwrap_or_default(), failure.code().unwrap_or_default(), text)
}

fn task_aborted() -> Failure {
    Failure::new(ErrorKind::Authorization, "the refresh of the tokens was aborted: the token store panicked")
}

fn store_failure(text: String) -> Failure {
    // The error of the store is part of the text, which is redacted, and not the source, which is not.
    Failure::new(ErrorKind::Authorization, text)
}

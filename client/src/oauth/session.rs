//! The tokens in use: handed out to calls, renewed once for all that wait, and kept before they are used.

mod state;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bitrix24_core::oauth::AuthError;
use bitrix24_core::{Failure, Kind};
use tokio::sync::watch;
use tokio::time::sleep;

use super::access::Access;
use super::app::App;
use super::server::Server;
use super::store::TokenStore;
use crate::trouble::explained;
use state::{Pair, State};

/// After which pauses the store is asked for what another process has got for the refresh token that it spent.
const WAITS_FOR_OTHERS: [Duration; 3] =
    [Duration::ZERO, Duration::from_millis(200), Duration::from_millis(800)];

/// The tokens of one user of one portal, as all clones of a client share them.
///
/// Whatever takes time – reading the store, asking the authorisation server, keeping a new pair – is done by one task at a
/// time, on which all callers wait. It is a task of its own, so that a caller who gives up in the meantime takes no new pair
/// along into nothing.
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

/// The time by this machine's clock, in seconds since 1970-01-01 UTC.
pub(super) fn unix_time() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Session {
    /// A session with the tokens of this store. Nothing is read before it is first used.
    pub(crate) fn new(app: App, store: Arc<dyn TokenStore>) -> Self {
        Self::with_clock(app, store, unix_time)
    }

    fn with_clock(app: App, store: Arc<dyn TokenStore>, clock: fn() -> u64) -> Self {
        let state = Mutex::new(State::new(app.client_secret().clone()));
        let shared = Shared { server: Server::new(app), store, clock, state };
        Self { shared: Arc::new(shared) }
    }

    /// The current token and where it is for, renewed first where it is over by the clock.
    pub(crate) async fn access(&self) -> Result<Access, Failure> {
        let (mut outcome, departure) = {
            let mut state = self.shared.state();
            if let Some(access) = state.usable((self.shared.clock)()) {
                return access;
            }
            match state.under_way() {
                Some(outcome) => (outcome, None),
                None => {
                    let (sender, outcome) = watch::channel(None);
                    (state.departs(outcome), Some(sender))
                }
            }
        };
        // Not under the lock: a runtime that is being shut down drops the task at once, which then says that it has arrived.
        if let Some(sender) = departure {
            self.depart(sender);
        }
        match outcome.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().expect("it was waited for"),
            Err(_) => Err(given_up()),
        }
    }

    /// The token after one that the portal has refused as over. Where there is a later one already, this is it.
    pub(crate) async fn renew(&self, refused: &Access) -> Result<Access, Failure> {
        self.shared.state().refuse(refused.generation());
        self.access().await
    }

    /// The id of the application.
    pub(crate) fn client_id(&self) -> &str {
        self.shared.server.app().client_id()
    }

    /// The text with every secret masked that this session has or had.
    pub(crate) fn masked(&self, text: &str) -> String {
        self.shared.masked(text)
    }

    /// Sets out to get a token that can be used, and tells those who wait what came of it.
    fn depart(&self, sender: watch::Sender<Option<Result<Access, Failure>>>) {
        let arrival = Arrival { shared: Arc::clone(&self.shared) };
        tokio::spawn(async move {
            let settled = arrival.shared.settle().await;
            let settled = settled.map_err(|failure| failure.scrubbed(&|text| arrival.shared.masked(text)));
            // Whoever asks from now on finds the new state, and those who wait are told.
            drop(arrival);
            sender.send_replace(Some(settled));
        });
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("app", self.shared.server.app()).finish_non_exhaustive()
    }
}

/// Ends what is under way, also where its task is given up with its runtime or panics in a store.
struct Arrival {
    shared: Arc<Shared>,
}

impl Drop for Arrival {
    fn drop(&mut self) {
        self.shared.state().arrived();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn masked(&self, text: &str) -> String {
        self.state().masked(text)
    }

    /// Does what is needed for a token that can be used: keeps a pair that could not be kept before, takes over what another
    /// process or a new installation has put into the store, and renews.
    async fn settle(&self) -> Result<Access, Failure> {
        let not_kept = self.state().not_kept();
        match not_kept {
            Some(pair) => self.keep(&pair).await?,
            None => self.take_over().await?,
        }
        if let Some(access) = self.state().usable((self.clock)()) {
            return access;
        }
        let pair = self.state().pair().ok_or_else(no_tokens)?;
        let refresh = pair.tokens.refresh_token().ok_or_else(no_refresh_token)?;
        if let Some(failure) = self.state().remembered((self.clock)()) {
            return Err(failure);
        }
        match self.server.renew(&pair.tokens, refresh, self.clock).await {
            Ok(tokens) => {
                let pair = self.state().renewed(tokens);
                self.keep(&pair).await?;
                pair.access()
            }
            Err(failure) => self.not_renewed(failure).await,
        }
    }

    /// Hands a pair to the store. It stays in use whatever comes of it: there is no other any more.
    async fn keep(&self, pair: &Pair) -> Result<(), Failure> {
        self.store.save(&pair.tokens).await.map_err(|error| {
            let problem = explained(&*error);
            store_failure(format!(
                "the tokens were renewed but the token store does not take them ({problem}); the new pair is in memory, \
                 and the next call offers it to the store again"
            ))
        })?;
        self.state().kept(pair.generation);
        Ok(())
    }

    /// Takes over what the store has, unless this session has had it before.
    async fn take_over(&self) -> Result<(), Failure> {
        let stored = self.store.load().await;
        let stored = stored.map_err(|error| {
            store_failure(format!("the token store cannot be read: {}", explained(&*error)))
        })?;
        if let Some(tokens) = stored {
            self.state().stored(tokens);
        }
        Ok(())
    }

    /// A renewal that failed. Where the refresh token is spent, another process may have spent it at the very same time: then
    /// the store has, or will have in a moment, what came of it.
    async fn not_renewed(&self, failure: Failure) -> Result<Access, Failure> {
        let failure = failure.scrubbed(&|text| self.masked(text));
        self.state().remember(failure.clone(), (self.clock)());
        if failure.code().map(AuthError::from_code) != Some(AuthError::InvalidGrant) {
            return Err(failure);
        }
        for pause in WAITS_FOR_OTHERS {
            sleep(pause).await;
            // A store that fails now is not what the caller has to hear of: the renewal would have failed all the same.
            let _ = self.take_over().await;
            if let Some(access) = self.state().usable((self.clock)()) {
                return access;
            }
        }
        Err(failure)
    }
}

fn no_tokens() -> Failure {
    let text = "the token store has no tokens; install the application on the portal, or let a user authorise it, and save \
                the tokens that come of it";
    Failure::new(Kind::Authorisation, text)
}

fn no_refresh_token() -> Failure {
    let text = "the access token is over and came without a refresh token, as those of events do; keep the tokens of the \
                installation";
    Failure::new(Kind::Authorisation, text)
}

fn given_up() -> Failure {
    let text = "the renewal of the tokens was given up halfway: its runtime was shut down, or the token store panicked";
    Failure::new(Kind::Authorisation, text)
}

fn store_failure(text: String) -> Failure {
    // The error below is told in words, which are scrubbed, and not attached, where nothing would be.
    Failure::new(Kind::Authorisation, text)
}

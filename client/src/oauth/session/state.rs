//! The state of a session. Nothing here waits.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use bitrix24_core::Failure;
use bitrix24_core::oauth::{RefreshRetry, Tokens, refresh_retry};
use reqwest::Url;
use tokio::sync::watch;

use crate::oauth::access::{Access, endpoint};
use crate::secret::{Redactor, Secret, Secrets};

/// How many seconds before its expiry a token is no longer used: it must not expire on the way to the portal.
const EXPIRY_MARGIN: u64 = 30;

/// Receives the result of the running task, once.
pub(super) type AccessReceiver = watch::Receiver<Option<Result<Access, Failure>>>;

/// A pair of tokens in use.
#[derive(Clone)]
pub(super) struct TokenPair {
    pub(super) tokens: Tokens,
    /// Counted from one; a newer pair has a greater number.
    pub(super) generation: u64,
    endpoint: Result<Url, Failure>,
}

impl TokenPair {
    /// The access of calls, unless the tokens are for an invalid address.
    pub(super) fn access(&self) -> Result<Access, Failure> {
        let endpoint = self.endpoint.clone()?;
        Ok(Access::new(self.tokens.access_token(), endpoint, self.generation))
    }
}

/// A failed refresh, and when it may be retried; `None` means never.
struct FailedRefresh {
    failure: Failure,
    retry_at: Option<u64>,
}

/// How many pairs are remembered that were replaced by newer ones.
const MAX_REPLACED: usize = 96;

pub(super) struct State {
    pair: Option<TokenPair>,
    /// Whether the store has the pair. The pair is not used before that.
    saved: bool,
    /// The pairs that newer ones have replaced, as hashes. A store that returns one of them is outdated.
    replaced: VecDeque<u64>,
    /// The latest generation that the portal refused as expired.
    refused_generation: u64,
    /// The failure of the last refresh of the pair.
    failed_refresh: Option<FailedRefresh>,
    /// Whether a process was killed while it refreshed the pair.
    interrupted: bool,
    running_task: Option<AccessReceiver>,
    secrets: Secrets,
}

impl State {
    /// Creates a state that knows only the secret of the application.
    pub(super) fn new(client_secret: Secret) -> Self {
        let secrets = Secrets::new(client_secret);
        Self {
            pair: None,
            saved: false,
            replaced: VecDeque::new(),
            refused_generation: 0,
            failed_refresh: None,
            interrupted: false,
            running_task: None,
            secrets,
        }
    }

    /// The access for a call at `now`; `None` if a task must run first.
    pub(super) fn usable(&self, now: u64) -> Option<Result<Access, Failure>> {
        let pair = self.pair.as_ref()?;
        let usable = self.saved
            && pair.generation > self.refused_generation
            && pair.tokens.is_fresh(now, EXPIRY_MARGIN);
        usable.then(|| pair.access())
    }

    /// The pair, usable or not.
    pub(super) fn pair(&self) -> Option<TokenPair> {
        self.pair.clone()
    }

    /// The pair, if the store does not have it yet.
    pub(super) fn unsaved(&self) -> Option<TokenPair> {
        self.pair.clone().filter(|_| !self.saved)
    }

    /// Marks the pair of this generation as saved.
    pub(super) fn mark_saved(&mut self, generation: u64) {
        self.saved |= self.pair.as_ref().is_some_and(|pair| pair.generation == generation);
    }

    /// Marks the pair of this generation as refused by the portal.
    pub(super) fn mark_refused(&mut self, generation: u64) {
        self.refused_generation = self.refused_generation.max(generation);
    }

    /// Uses the pair of the store, unless this session has it or has replaced it: then the store is unchanged or outdated.
    ///
    /// Pairs are compared by both tokens and the expiry: a server may renew a pair and return the same access token.
    pub(super) fn set_loaded(&mut self, tokens: Tokens) {
        let loaded = identity(&tokens);
        if self.pair.as_ref().is_some_and(|pair| identity(&pair.tokens) == loaded) {
            self.saved = true;
        } else if !self.replaced.contains(&loaded) {
            self.set_pair(tokens);
            self.saved = true;
        }
    }

    /// Uses the refreshed pair, which the store does not have yet.
    pub(super) fn set_refreshed(&mut self, tokens: Tokens) -> TokenPair {
        self.saved = false;
        self.set_pair(tokens)
    }

    fn set_pair(&mut self, tokens: Tokens) -> TokenPair {
        if let Some(pair) = &self.pair {
            if self.replaced.len() == MAX_REPLACED {
                self.replaced.pop_front();
            }
            self.replaced.push_back(identity(&pair.tokens));
        }
        self.secrets.add(Secret::token(tokens.access_token()));
        if let Some(refresh_token) = tokens.refresh_token() {
            self.secrets.add(Secret::token(refresh_token));
        }
        let generation = self.pair.as_ref().map_or(0, |pair| pair.generation) + 1;
        let endpoint = endpoint(tokens.client_endpoint());
        self.failed_refresh = None;
        self.interrupted = false;
        self.pair.insert(TokenPair { tokens, generation, endpoint }).clone()
    }

    /// Records that a process was killed while it refreshed the pair. The store knows it only until the next refresh.
    pub(super) fn mark_interrupted(&mut self) {
        self.interrupted = true;
    }

    /// Whether a process was killed while it refreshed the pair.
    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted
    }

    /// Records that the refresh of the pair failed.
    pub(super) fn set_refresh_failure(&mut self, failure: Failure, now: u64) {
        let retry_at = match refresh_retry(&failure) {
            RefreshRetry::Immediately => Some(now),
            RefreshRetry::After(pause) => Some(now.saturating_add(pause.as_secs())),
            _ => None,
        };
        self.failed_refresh = Some(FailedRefresh { failure, retry_at });
    }

    /// The failure because of which the pair must not be refreshed at `now`.
    pub(super) fn blocking_failure(&self, now: u64) -> Option<Failure> {
        let failed = self.failed_refresh.as_ref()?;
        let blocked = failed.retry_at.is_none_or(|retry_at| now < retry_at);
        blocked.then(|| failed.failure.clone())
    }

    /// The receiver of the running task.
    pub(super) fn running_task(&self) -> Option<AccessReceiver> {
        self.running_task.clone()
    }

    /// Registers a task as running.
    pub(super) fn start_task(&mut self, receiver: AccessReceiver) -> AccessReceiver {
        self.running_task.insert(receiver).clone()
    }

    /// Marks the running task as finished.
    pub(super) fn finish_task(&mut self) {
        self.running_task = None;
    }

    /// The redactor of every secret of the session and of that of the application.
    pub(super) fn redactor(&self) -> Arc<Redactor> {
        self.secrets.redactor()
    }
}

/// What distinguishes a pair from its predecessor.
fn identity(tokens: &Tokens) -> u64 {
    let mut hasher = DefaultHasher::new();
    (tokens.access_token(), tokens.refresh_token(), tokens.expires_at()).hash(&mut hasher);
    hasher.finish()
}

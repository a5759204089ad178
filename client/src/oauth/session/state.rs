//! What a session knows. Nothing here waits for anything.

use bitrix24_core::Failure;
use bitrix24_core::oauth::{Repeat, Tokens, repeat_after};
use reqwest::Url;
use tokio::sync::watch;

use crate::oauth::access::{Access, endpoint};
use crate::secret::{Secret, Secrets};

/// How long before its end a token is no longer used, in seconds: a call should not begin with what is over on arrival.
const MARGIN: u64 = 30;

/// Told to all who wait, once.
pub(super) type Outcome = watch::Receiver<Option<Result<Access, Failure>>>;

/// A pair of tokens in use.
#[derive(Clone)]
pub(super) struct Pair {
    pub(super) tokens: Tokens,
    /// Counted from one; a later pair has a greater number.
    pub(super) generation: u64,
    endpoint: Result<Url, Failure>,
}

impl Pair {
    /// What calls are made with, unless the tokens are for an address that cannot be called.
    pub(super) fn access(&self) -> Result<Access, Failure> {
        let endpoint = self.endpoint.clone()?;
        Ok(Access::new(self.tokens.access_token(), endpoint, self.generation))
    }
}

/// A renewal that failed, and from when on it may be tried again; never, where there is no such time.
struct Failed {
    failure: Failure,
    again: Option<u64>,
}

pub(super) struct State {
    pair: Option<Pair>,
    /// Whether the store has the pair. It is not used before.
    kept: bool,
    /// The latest pair that the portal has refused as over.
    refused: u64,
    /// What came of the last renewal of the pair, where it failed.
    failed: Option<Failed>,
    under_way: Option<Outcome>,
    secrets: Secrets,
}

impl State {
    /// Nothing is known yet but the secret of the application.
    pub(super) fn new(of_app: Secret) -> Self {
        let secrets = Secrets::new(of_app);
        Self { pair: None, kept: false, refused: 0, failed: None, under_way: None, secrets }
    }

    /// What a call can be made with at `now`, where nothing needs to be done first.
    pub(super) fn usable(&self, now: u64) -> Option<Result<Access, Failure>> {
        let pair = self.pair.as_ref()?;
        let usable = self.kept && pair.generation > self.refused && pair.tokens.is_fresh(now, MARGIN);
        usable.then(|| pair.access())
    }

    /// The pair, whether or not it can be used.
    pub(super) fn pair(&self) -> Option<Pair> {
        self.pair.clone()
    }

    /// The pair that the store does not have yet.
    pub(super) fn not_kept(&self) -> Option<Pair> {
        self.pair.clone().filter(|_| !self.kept)
    }

    /// The store has the pair of this generation.
    pub(super) fn kept(&mut self, generation: u64) {
        self.kept |= self.pair.as_ref().is_some_and(|pair| pair.generation == generation);
    }

    /// The portal has refused the pair of this generation as over.
    pub(super) fn refuse(&mut self, generation: u64) {
        self.refused = self.refused.max(generation);
    }

    /// What the store has. It is news unless this session has had it before: then the store is behind, or as it was.
    pub(super) fn stored(&mut self, tokens: Tokens) {
        if !self.secrets.has(&Secret::token(tokens.access_token())) {
            self.put(tokens);
            self.kept = true;
        }
    }

    /// The pair that has come in place of the last one, which the store does not have yet.
    pub(super) fn renewed(&mut self, tokens: Tokens) -> Pair {
        self.kept = false;
        self.put(tokens)
    }

    fn put(&mut self, tokens: Tokens) -> Pair {
        self.secrets.add(Secret::token(tokens.access_token()));
        if let Some(refresh) = tokens.refresh_token() {
            self.secrets.add(Secret::token(refresh));
        }
        let generation = self.pair.as_ref().map_or(0, |pair| pair.generation) + 1;
        let endpoint = endpoint(tokens.client_endpoint());
        self.failed = None;
        self.pair.insert(Pair { tokens, generation, endpoint }).clone()
    }

    /// A renewal of the pair has failed.
    pub(super) fn remember(&mut self, failure: Failure, now: u64) {
        let again = match repeat_after(&failure) {
            Repeat::AtOnce => Some(now),
            Repeat::After(pause) => Some(now.saturating_add(pause.as_secs())),
            _ => None,
        };
        self.failed = Some(Failed { failure, again });
    }

    /// Why the pair is not to be renewed now.
    pub(super) fn remembered(&self, now: u64) -> Option<Failure> {
        let failed = self.failed.as_ref()?;
        let too_early = failed.again.is_none_or(|again| now < again);
        too_early.then(|| failed.failure.clone())
    }

    /// What others already wait for.
    pub(super) fn under_way(&self) -> Option<Outcome> {
        self.under_way.clone()
    }

    /// Something is under way from now on.
    pub(super) fn departs(&mut self, outcome: Outcome) -> Outcome {
        self.under_way.insert(outcome).clone()
    }

    /// Nothing is under way any more.
    pub(super) fn arrived(&mut self) {
        self.under_way = None;
    }

    /// The text with every secret of the session, and that of the application, masked.
    pub(super) fn masked(&self, text: &str) -> String {
        self.secrets.masked(text)
    }
}

//! The accounts of one portal, and those who wait for a place in them.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bitrix24_core::pace::{Bucket, Moment, Operating, Outcome, Place, Refusal};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::{Ask, News};

/// What is known of one portal.
pub(super) struct Accounts {
    books: Mutex<Books>,
    /// Told when a place was given back, so that those behind it may go earlier.
    ///
    /// Nobody needs to be told when they may go later: they find out when they come.
    given_back: Notify,
}

struct Books {
    bucket: Bucket,
    operating: Operating,
}

impl Accounts {
    pub(super) fn new(bucket: Bucket, operating: Operating) -> Self {
        Self { books: Mutex::new(Books { bucket, operating }), given_back: Notify::new() }
    }

    /// Whether nothing needs to be known of the portal, so that new accounts would do as well.
    pub(super) fn are_idle(&self, now: Duration) -> bool {
        let books = self.books();
        books.bucket.is_idle(now) && books.operating.is_idle(now)
    }

    /// Learns what an answer tells.
    pub(super) fn hear(&self, at: Moment, news: &News<'_>) {
        let mut books = self.books();
        let too_fast = |outcome: &Outcome<'_>| outcome.refusal() == Some(Refusal::TooFast);
        if news.commands().iter().chain([&news.call()]).any(too_fast) {
            books.bucket.refused(at.now());
        }
        books.operating.heard(at, news.key(), news.call(), news.commands());
    }

    /// The books. They are consistent after each of their operations, so a panic elsewhere has not harmed them.
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who wants to send a request. Whoever goes away before it was let go leaves nothing behind.
pub(super) struct Caller<'a> {
    accounts: &'a Accounts,
    place: Option<Place>,
}

impl<'a> Caller<'a> {
    pub(super) fn new(accounts: &'a Accounts) -> Self {
        Self { accounts, place: None }
    }

    /// Ready when someone gives a place back after this was called.
    pub(super) fn news(&self) -> Notified<'a> {
        self.accounts.given_back.notified()
    }

    /// Goes if it may.
    ///
    /// Who wants a method that rests has no place in the bucket meanwhile, where it would keep others waiting.
    ///
    /// # Errors
    /// When to try again, if it may not go yet.
    pub(super) fn go(&mut self, ask: &Ask<'_>, now: Duration) -> Result<(), Duration> {
        let mut books = self.accounts.books();
        let methods = ask.commands().iter().copied().chain([ask.method()]);
        let rests_until = methods.map(|method| books.operating.when(ask.key(), method, now)).max();
        if let Some(rests_until) = rests_until.filter(|until| *until > now) {
            drop(books);
            self.give_back();
            return Err(rests_until);
        }
        let place = self.place.get_or_insert_with(|| books.bucket.reserve(now));
        books.bucket.take(place, now)
    }

    fn give_back(&mut self) {
        let Some(place) = self.place.take() else { return };
        let waited = self.accounts.books().bucket.release(&place);
        if waited {
            self.accounts.given_back.notify_waiters();
        }
    }
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        self.give_back();
    }
}

//! The accounts of one portal, and those who wait for a place in them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bitrix24_core::pace::{Bucket, Moment, Operating, Outcome, Place, Refusal};
use tokio::sync::Notify;

use super::{Ask, News};

/// What is known of one portal.
pub(super) struct Accounts {
    books: Mutex<Books>,
}

struct Books {
    bucket: Bucket,
    operating: Operating,
    /// Those who wait for a place in the bucket, and what wakes them.
    waiting: BTreeMap<Place, Arc<Notify>>,
}

impl Books {
    /// Nobody waits for this place any more. Whoever is first now may be due earlier than they thought, and is woken to look.
    ///
    /// The others sleep on, or thousands would be woken each time that one of them goes away. They too wake when they were to
    /// be due at the time when they last looked, so that a first one who does not come holds up nobody.
    fn leave(&mut self, place: Place) {
        self.waiting.remove(&place);
        if let Some((_, first)) = self.waiting.first_key_value() {
            first.notify_one();
        }
    }
}

impl Accounts {
    pub(super) fn new(bucket: Bucket, operating: Operating) -> Self {
        Self { books: Mutex::new(Books { bucket, operating, waiting: BTreeMap::new() }) }
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

/// One who wants to send a request. Whoever goes away before being let go leaves nothing behind.
pub(super) struct Caller<'a> {
    accounts: &'a Accounts,
    place: Option<Place>,
    /// Rung when it is worth looking again before the time.
    pub(super) bell: Arc<Notify>,
}

impl<'a> Caller<'a> {
    pub(super) fn new(accounts: &'a Accounts) -> Self {
        Self { accounts, place: None, bell: Arc::default() }
    }

    /// Goes if it may.
    ///
    /// Who wants a method that rests has no place in the bucket meanwhile, where it would keep others waiting.
    ///
    /// # Errors
    /// When to look again, if it may not go yet.
    pub(super) fn go(&mut self, ask: &Ask<'_>, now: Duration) -> Result<(), Duration> {
        let mut books = self.accounts.books();
        let methods = ask.commands().iter().copied().chain([ask.method()]);
        let rests_until = methods.map(|method| books.operating.when(ask.key(), method, now)).max();
        if let Some(rests_until) = rests_until.filter(|until| *until > now) {
            self.give_back(&mut books);
            return Err(rests_until);
        }
        let place = *self.place.get_or_insert_with(|| books.bucket.reserve(now));
        if let Err(due) = books.bucket.take(place, now) {
            books.waiting.entry(place).or_insert_with(|| Arc::clone(&self.bell));
            return Err(due);
        }
        self.place = None;
        books.leave(place);
        Ok(())
    }

    fn give_back(&mut self, books: &mut Books) {
        if let Some(place) = self.place.take() {
            books.bucket.release(place);
            books.leave(place);
        }
    }
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        if self.place.is_some() {
            let accounts = self.accounts;
            self.give_back(&mut accounts.books());
        }
    }
}

//! The limiter that keeps its accounts in the memory of one program.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bitrix24_core::pace::{Bucket, Moment, Operating, Plan};
use tokio::time::{Instant, timeout};

use super::accounts::{Accounts, Caller};
use super::{Admission, Ask, Limiter, News};

/// Keeps the pace that portals allow, by accounts in memory: of requests for each portal, and of time for each method and key.
///
/// Requests wait instead of being refused, in the order in which they ask; a method that has used up its time rests until some
/// of it comes free, which takes ten minutes at most. Clones share their accounts, so one `Pace` may serve any number of
/// clients and portals. Portals do not hinder one another.
///
/// A portal counts the requests of all programs behind one address together. It tells that there are others by refusing; then
/// everybody here slows down. Programs that know of one another do better with a part of the pace for each
/// ([`Pace::new`]), or with a [`Limiter`] that they share.
///
/// It waits by the clock of tokio, and needs a runtime of it with its timer.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_client::Pace;
///
/// let one_of_two_programs = Pace::new(25, 1.0);
/// let on_premise = Pace::standard().without_operating_limit();
/// let stricter_by_configuration = Pace::standard().operating_limit(Duration::from_secs(420));
/// ```
#[derive(Clone)]
pub struct Pace {
    shared: Arc<Shared>,
}

/// What clones share.
struct Shared {
    plan: Plan,
    /// The account with which each portal begins.
    operating: Operating,
    /// When the steady clock began.
    start: Instant,
    portals: Mutex<Portals>,
}

#[derive(Default)]
struct Portals {
    by_origin: HashMap<Box<str>, Arc<Accounts>>,
    /// At how many portals those are forgotten of which nothing needs to be known.
    forget_at: usize,
}

/// How many portals are kept in mind without looking which of them could be forgotten.
const FEW_PORTALS: usize = 64;

impl Pace {
    /// What portals allow on every plan but Enterprise: 50 requests at once, 2 a second over time, and 480 s of each method
    /// in ten minutes.
    pub fn standard() -> Self {
        Self::with(Plan::STANDARD, Operating::default())
    }

    /// What portals allow on the plan Enterprise: 250 requests at once, 5 a second over time, and 480 s of each method in ten
    /// minutes.
    pub fn enterprise() -> Self {
        Self::with(Plan::ENTERPRISE, Operating::default())
    }

    /// `capacity` requests at once, at least one, and `per_second` over time; less than one in an hour, and what is no number,
    /// counts as one in an hour.
    pub fn new(capacity: u32, per_second: f64) -> Self {
        Self::with(Plan::new(capacity, per_second), Operating::default())
    }

    /// The same pace with new accounts, in which each method may take this long in ten minutes: 480 s unless set.
    pub fn operating_limit(self, limit: Duration) -> Self {
        Self::with(self.shared.plan, self.shared.operating.clone().with_limit(Some(limit)))
    }

    /// The same pace with new accounts and no limit to the time of methods, for portals on premise that have none. A method
    /// that is refused for its time rests all the same.
    pub fn without_operating_limit(self) -> Self {
        Self::with(self.shared.plan, self.shared.operating.clone().with_limit(None))
    }

    fn with(plan: Plan, operating: Operating) -> Self {
        let portals = Mutex::default();
        Self { shared: Arc::new(Shared { plan, operating, start: Instant::now(), portals }) }
    }
}

impl Default for Pace {
    /// The pace of every plan but Enterprise.
    fn default() -> Self {
        Self::standard()
    }
}

impl Shared {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// The accounts of a portal, new ones where it is not known.
    fn accounts(&self, origin: &str) -> Arc<Accounts> {
        let mut portals = self.portals.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = portals.by_origin.get(origin) {
            return Arc::clone(known);
        }
        portals.make_room(self.now());
        let accounts = Arc::new(Accounts::new(Bucket::new(self.plan), self.operating.clone()));
        portals.by_origin.insert(origin.into(), Arc::clone(&accounts));
        accounts
    }

    async fn wait(&self, ask: Ask<'_>) {
        let accounts = self.accounts(ask.portal());
        let mut caller = Caller::new(&accounts);
        while let Err(due) = caller.go(&ask, self.now()) {
            // Whether the time has come or the bell was rung, it looks again.
            let _ = timeout(due.saturating_sub(self.now()), caller.bell.notified()).await;
        }
    }
}

impl Portals {
    /// Forgets portals of which nothing needs to be known, once there are twice as many as were worth keeping the last time.
    fn make_room(&mut self, now: Duration) {
        if self.by_origin.len() >= self.forget_at.max(FEW_PORTALS) {
            self.by_origin.retain(|_, accounts| Arc::strong_count(accounts) > 1 || !accounts.are_idle(now));
            self.forget_at = 2 * self.by_origin.len();
        }
    }
}

impl Limiter for Pace {
    fn admit<'a>(&'a self, ask: Ask<'a>) -> Admission<'a> {
        Box::pin(self.shared.wait(ask))
    }

    fn told(&self, news: News<'_>) {
        let now = self.shared.now();
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.shared.accounts(news.portal()).hear(Moment::new(now, unix), &news);
    }
}

/// Shows the figures, and nothing of the portals.
impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pace").field("plan", &self.shared.plan).finish_non_exhaustive()
    }
}

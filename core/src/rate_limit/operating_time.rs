//! The time that methods have taken of late, and which of them must rest.

use std::time::Duration;

use serde_json::Value;

use super::{CallOutcome, Rejection};
use crate::system::Time;

/// In which a portal adds up the time of a method; a block lasts no longer.
const WINDOW: Duration = Duration::from_secs(600);

/// How long a method rests that was refused, where the portal has not said until when; twice as long after each further
/// refusal.
const DEFAULT_BLOCK: Duration = Duration::from_secs(60);

/// Added to the moment at which time comes free, since the portal tells it in whole seconds.
const ROUNDING: Duration = Duration::from_secs(1);

/// The two clocks of a moment: the steady one by which everything here is measured, and that of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamps {
    monotonic: Duration,
    unix: Duration,
}

impl Timestamps {
    /// A moment at `now` on the steady clock, `unix` after the beginning of 1970 on the calendar's.
    pub fn new(monotonic: Duration, unix: Duration) -> Self {
        Self { monotonic, unix }
    }

    /// The moment on the steady clock.
    pub fn monotonic(&self) -> Duration {
        self.monotonic
    }
}

/// How much time each method may take, in the ten minutes in which a portal adds it up, and which methods must rest.
///
/// Each answer tells how many seconds its method has taken so far with the same key ([`Time::operating`], a sum and not the
/// time of one call), and when the first of them come free ([`Time::operating_reset_at`]). A method that comes near its
/// [limit](Self::with_limit) rests until then. One that the portal has refused rests as long as the portal last said, or a
/// minute, and twice as long each time that it is refused right after.
///
/// Documentation and measurements disagree about batches: by one the commands are charged to their methods, by the other all
/// of them to `batch`. So what is heard of a command goes to both.
#[derive(Clone, Debug)]
pub struct OperatingTimeBudget {
    limit: Option<Duration>,
    margin: Duration,
    /// Methods near their limit or refused, which are few; nothing is budget of all others.
    budgets: Vec<MethodBudget>,
}

/// What is budget of a method called with one key.
#[derive(Clone, Debug, Default)]
struct MethodBudget {
    key: Box<str>,
    method: Box<str>,
    /// When some of the method's time comes free, as the portal last said.
    reset_at: Option<Duration>,
    /// Until when the method rests.
    blocked_until: Duration,
    /// How often it was refused since it last ran.
    rejections: u32,
}

impl Default for OperatingTimeBudget {
    /// The limit of the cloud: 480 s.
    fn default() -> Self {
        Self { limit: Some(Duration::from_secs(480)), margin: Duration::from_secs(5), budgets: Vec::new() }
    }
}

impl OperatingTimeBudget {
    /// With this limit; with none no method rests before the portal refuses it.
    pub fn with_limit(mut self, limit: Option<Duration>) -> Self {
        self.limit = limit;
        self
    }

    /// With this much of the limit left unused: 5 s unless changed, since a call's time is budget only afterwards.
    pub fn with_margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// When a method may be called with a key: `now`, or when its rest ends.
    pub fn available_at(&self, key: &str, method: &str, now: Duration) -> Duration {
        self.find(key, method).map_or(now, |at| self.budgets[at].blocked_until.max(now))
    }

    /// Hears what came of a call, and of the commands in it where it was a batch.
    pub fn record(&mut self, at: Timestamps, key: &str, call: CallOutcome<'_>, commands: &[CallOutcome<'_>]) {
        for outcome in commands {
            self.record_one(at, key, *outcome);
        }
        if call.rejection().is_some() || commands.is_empty() {
            return self.record_one(at, key, call);
        }
        // A sum for one method among others says the least about the batch, so the largest counts.
        let times = commands.iter().chain([&call]).filter_map(CallOutcome::time);
        let used = |time: &Time| time.operating.unwrap_or_default();
        if let Some(time) = times.max_by(|one, other| used(one).total_cmp(&used(other))) {
            self.record_executed(at, key, call.method(), time);
        }
    }

    fn record_one(&mut self, at: Timestamps, key: &str, outcome: CallOutcome<'_>) {
        match (outcome.rejection(), outcome.time()) {
            (Some(Rejection::OperatingTime), _) => self.record_rejected(at.monotonic, key, outcome.method()),
            (None, Some(time)) => self.record_executed(at, key, outcome.method(), time),
            _ => {}
        }
    }

    fn record_executed(&mut self, at: Timestamps, key: &str, method: &str, time: &Time) {
        let reset = reset_time(at, time);
        if let Some(budget) = self.find(key, method).map(|found| &mut self.budgets[found])
            && budget.rejections > 0
            && budget.blocked_until > at.monotonic
        {
            // It was under way when another was refused, and does not lift the block.
            budget.reset_at = reset;
            return;
        }
        let used = time.operating.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let (Some(used), Some(limit)) = (used, self.limit) else { return self.forget(key, method) };
        let exhausted = used >= limit.saturating_sub(self.margin);
        if !exhausted && used < limit / 2 {
            return self.forget(key, method);
        }
        let blocked_until =
            if exhausted { reset.unwrap_or(at.monotonic + DEFAULT_BLOCK) } else { Duration::ZERO };
        let budget = self.find_or_insert(key, method);
        budget.reset_at = reset;
        budget.blocked_until = blocked_until;
        budget.rejections = 0;
    }

    fn record_rejected(&mut self, now: Duration, key: &str, method: &str) {
        let budget = self.find_or_insert(key, method);
        // Calls that were under way together are refused together, which is one refusal.
        if budget.blocked_until > now {
            return;
        }
        let rest = DEFAULT_BLOCK.saturating_mul(1 << budget.rejections.min(10)).min(WINDOW);
        let announced = budget.reset_at.filter(|reset| budget.rejections == 0 && *reset > now);
        budget.blocked_until = announced.unwrap_or(now + rest);
        budget.rejections += 1;
    }

    fn find(&self, key: &str, method: &str) -> Option<usize> {
        // A portal does not tell apart names that differ in case.
        self.budgets
            .iter()
            .position(|budget| *budget.key == *key && budget.method.eq_ignore_ascii_case(method))
    }

    fn find_or_insert(&mut self, key: &str, method: &str) -> &mut MethodBudget {
        let at = self.find(key, method).unwrap_or_else(|| {
            self.budgets.push(MethodBudget {
                key: key.into(),
                method: method.into(),
                ..MethodBudget::default()
            });
            self.budgets.len() - 1
        });
        &mut self.budgets[at]
    }

    fn forget(&mut self, key: &str, method: &str) {
        if let Some(at) = self.find(key, method) {
            self.budgets.swap_remove(at);
        }
    }

    /// Whether no method rests, so that a new account would do as well.
    pub fn is_idle(&self, now: Duration) -> bool {
        self.budgets.iter().all(|budget| budget.blocked_until <= now)
    }
}

/// When some of the method's time comes free, by the steady clock; nothing where the portal says nothing of use.
///
/// The portal tells it by its own clock, which is the one that also tells when the call ended.
fn reset_time(at: Timestamps, time: &Time) -> Option<Duration> {
    let reset = match time.operating_reset_at.as_ref()? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    let started = time.start.zip(time.duration).map(|(start, duration)| start + duration);
    let ended = time.finish.or(started).unwrap_or(at.unix.as_secs_f64());
    let left = reset - ended;
    // A moment that has passed long ago is none at which anything will happen.
    if left.is_nan() || left <= -ROUNDING.as_secs_f64() {
        return None;
    }
    let left = Duration::try_from_secs_f64(left.max(0.0)).unwrap_or(WINDOW).min(WINDOW);
    Some(at.monotonic + left + ROUNDING)
}

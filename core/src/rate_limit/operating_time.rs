//! The operating time of methods, and which methods are blocked because of it.

use std::time::Duration;

use serde_json::Value;

use super::{CallOutcome, OPERATING_TIME_LIMIT, OPERATING_TIME_WINDOW, Rejection};
use crate::system::Time;

/// How long a rejected method is blocked if the portal has not said until when; doubled after each further rejection.
const DEFAULT_BLOCK: Duration = Duration::from_secs(60);

/// Added to the time at which operating time is free again, since the portal sends whole seconds.
const ROUNDING: Duration = Duration::from_secs(1);

/// One instant on two clocks: the monotonic clock of all measurements here, and the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamps {
    monotonic: Duration,
    unix: Duration,
}

impl Timestamps {
    /// `monotonic` on the monotonic clock, and `unix` since the start of 1970.
    pub fn new(monotonic: Duration, unix: Duration) -> Self {
        Self { monotonic, unix }
    }

    /// The time on the monotonic clock.
    pub fn monotonic(&self) -> Duration {
        self.monotonic
    }
}

/// How much operating time each method has left in the [period](OPERATING_TIME_WINDOW) over which a portal sums it, and which methods are blocked.
///
/// Each response contains how many seconds its method has taken so far with the same key ([`Time::operating`], a sum and not
/// the time of one call), and when the first of them are free again ([`Time::operating_reset_at`]). A method near its
/// [limit](Self::with_limit) is blocked until then. A method that the portal rejects is blocked for as long as the portal last
/// said, or for a minute, and for twice as long each time it is rejected again right after.
///
/// Documentation and measurements disagree about batches: according to one, commands are charged to their methods, according to
/// the other, all of them to `batch`. The time of a command is therefore charged to both.
#[derive(Clone, Debug)]
pub struct OperatingTimeBudget {
    limit: Option<Duration>,
    margin: Duration,
    /// The few methods that are near their limit or rejected; nothing is stored about the others.
    budgets: Vec<MethodBudget>,
}

/// The budget of a method with one key.
#[derive(Clone, Debug, Default)]
struct MethodBudget {
    key: Box<str>,
    method: Box<str>,
    /// When some of the time is free again, as the portal last said.
    reset_at: Option<Duration>,
    /// When the block of the method ends.
    blocked_until: Duration,
    /// The number of rejections since the method last ran.
    rejections: u32,
}

impl Default for OperatingTimeBudget {
    /// The limit of the cloud: [`OPERATING_TIME_LIMIT`].
    fn default() -> Self {
        Self { limit: Some(OPERATING_TIME_LIMIT), margin: Duration::from_secs(5), budgets: Vec::new() }
    }
}

impl OperatingTimeBudget {
    /// Sets the limit. Without a limit no method is blocked before the portal rejects it.
    pub fn with_limit(mut self, limit: Option<Duration>) -> Self {
        self.limit = limit;
        self
    }

    /// Sets how much of the limit stays unused, since the time of a call is known only afterwards. Default: 5 s.
    pub fn with_margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// When a method may be called with a key: `now`, or the end of its block.
    pub fn available_at(&self, key: &str, method: &str, now: Duration) -> Duration {
        self.find(key, method).map_or(now, |at| self.budgets[at].blocked_until.max(now))
    }

    /// Records the outcome of a call, and of its commands if it was a batch.
    pub fn record(&mut self, at: Timestamps, key: &str, call: CallOutcome<'_>, commands: &[CallOutcome<'_>]) {
        for outcome in commands {
            self.record_one(at, key, *outcome);
        }
        if call.rejection().is_some() || commands.is_empty() {
            return self.record_one(at, key, call);
        }
        // The sum of one method says little about the batch, so the largest one counts.
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
            // The call was in flight when another one was rejected, and does not end the block.
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
        // Calls in flight are rejected together, which counts as one rejection.
        if budget.blocked_until > now {
            return;
        }
        let rest = DEFAULT_BLOCK.saturating_mul(1 << budget.rejections.min(10)).min(OPERATING_TIME_WINDOW);
        let announced = budget.reset_at.filter(|reset| budget.rejections == 0 && *reset > now);
        budget.blocked_until = announced.unwrap_or(now + rest);
        budget.rejections += 1;
    }

    fn find(&self, key: &str, method: &str) -> Option<usize> {
        // A portal ignores the case of method names.
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

    /// Whether no method is blocked, so that a new budget would behave the same.
    pub fn is_idle(&self, now: Duration) -> bool {
        self.budgets.iter().all(|budget| budget.blocked_until <= now)
    }
}

/// When some of the method's time is free again, on the monotonic clock; `None` if the portal sends nothing useful.
///
/// The portal sends the time of its own clock, and with it the end of the call on the same clock.
fn reset_time(at: Timestamps, time: &Time) -> Option<Duration> {
    let reset = match time.operating_reset_at.as_ref()? {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    let started = time.start.zip(time.duration).map(|(start, duration)| start + duration);
    let ended = time.finish.or(started).unwrap_or(at.unix.as_secs_f64());
    let left = reset - ended;
    // Nothing will happen at a time that is long past.
    if left.is_nan() || left <= -ROUNDING.as_secs_f64() {
        return None;
    }
    let left = Duration::try_from_secs_f64(left.max(0.0))
        .unwrap_or(OPERATING_TIME_WINDOW)
        .min(OPERATING_TIME_WINDOW);
    Some(at.monotonic + left + ROUNDING)
}

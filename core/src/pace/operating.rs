//! The time that methods have taken of late, and which of them must rest.

use std::time::Duration;

use serde_json::Value;

use super::{Outcome, Refusal};
use crate::system::Time;

/// In which a portal adds up the time of a method; a block lasts no longer.
const WINDOW: Duration = Duration::from_secs(600);

/// How long a method rests that was refused, where the portal has not said until when; twice as long after each further
/// refusal.
const REST: Duration = Duration::from_secs(60);

/// Added to the moment at which time comes free, since the portal tells it in whole seconds.
const ROUNDING: Duration = Duration::from_secs(1);

/// The two clocks of a moment: the steady one by which everything here is measured, and that of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    now: Duration,
    unix: Duration,
}

impl Moment {
    /// A moment at `now` on the steady clock, `unix` after the beginning of 1970 on the calendar's.
    pub fn new(now: Duration, unix: Duration) -> Self {
        Self { now, unix }
    }

    /// The moment on the steady clock.
    pub fn now(&self) -> Duration {
        self.now
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
pub struct Operating {
    limit: Option<Duration>,
    margin: Duration,
    /// Methods near their limit or refused, which are few; nothing is known of all others.
    known: Vec<Known>,
}

/// What is known of a method called with one key.
#[derive(Clone, Debug, Default)]
struct Known {
    key: Box<str>,
    method: Box<str>,
    /// When some of the method's time comes free, as the portal last said.
    reset: Option<Duration>,
    /// Until when the method rests.
    rests_until: Duration,
    /// How often it was refused since it last ran.
    refusals: u32,
}

impl Default for Operating {
    /// The limit of the cloud: 480 s.
    fn default() -> Self {
        Self { limit: Some(Duration::from_secs(480)), margin: Duration::from_secs(5), known: Vec::new() }
    }
}

impl Operating {
    /// With this limit; with none no method rests before the portal refuses it.
    pub fn with_limit(mut self, limit: Option<Duration>) -> Self {
        self.limit = limit;
        self
    }

    /// With this much of the limit left unused: 5 s unless changed, since a call's time is known only afterwards.
    pub fn with_margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    /// When a method may be called with a key: `now`, or when its rest ends.
    pub fn when(&self, key: &str, method: &str, now: Duration) -> Duration {
        self.find(key, method).map_or(now, |at| self.known[at].rests_until.max(now))
    }

    /// Hears what came of a call, and of the commands in it where it was a batch.
    pub fn heard(&mut self, at: Moment, key: &str, call: Outcome<'_>, commands: &[Outcome<'_>]) {
        for outcome in commands {
            self.note(at, key, *outcome);
        }
        if call.refusal().is_some() || commands.is_empty() {
            return self.note(at, key, call);
        }
        // A sum for one method among others says the least about the batch, so the largest counts.
        let times = commands.iter().chain([&call]).filter_map(Outcome::time);
        let used = |time: &Time| time.operating.unwrap_or_default();
        if let Some(time) = times.max_by(|one, other| used(one).total_cmp(&used(other))) {
            self.ran(at, key, call.method(), time);
        }
    }

    fn note(&mut self, at: Moment, key: &str, outcome: Outcome<'_>) {
        match (outcome.refusal(), outcome.time()) {
            (Some(Refusal::OperatingTime), _) => self.refused(at.now, key, outcome.method()),
            (None, Some(time)) => self.ran(at, key, outcome.method(), time),
            _ => {}
        }
    }

    fn ran(&mut self, at: Moment, key: &str, method: &str, time: &Time) {
        let reset = free_at(at, time);
        if let Some(known) = self.find(key, method).map(|found| &mut self.known[found])
            && known.refusals > 0
            && known.rests_until > at.now
        {
            // It was under way when another was refused, and does not lift the block.
            known.reset = reset;
            return;
        }
        let used = time.operating.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let (Some(used), Some(limit)) = (used, self.limit) else { return self.forget(key, method) };
        let full = used >= limit.saturating_sub(self.margin);
        if !full && used < limit / 2 {
            return self.forget(key, method);
        }
        let rests_until = if full { reset.unwrap_or(at.now + REST) } else { Duration::ZERO };
        let known = self.entry(key, method);
        known.reset = reset;
        known.rests_until = rests_until;
        known.refusals = 0;
    }

    fn refused(&mut self, now: Duration, key: &str, method: &str) {
        let known = self.entry(key, method);
        // Calls that were under way together are refused together, which is one refusal.
        if known.rests_until > now {
            return;
        }
        let rest = REST.saturating_mul(1 << known.refusals.min(10)).min(WINDOW);
        let told = known.reset.filter(|reset| known.refusals == 0 && *reset > now);
        known.rests_until = told.unwrap_or(now + rest);
        known.refusals += 1;
    }

    fn find(&self, key: &str, method: &str) -> Option<usize> {
        // A portal does not tell apart names that differ in case.
        self.known.iter().position(|known| *known.key == *key && known.method.eq_ignore_ascii_case(method))
    }

    fn entry(&mut self, key: &str, method: &str) -> &mut Known {
        let at = self.find(key, method).unwrap_or_else(|| {
            self.known.push(Known { key: key.into(), method: method.into(), ..Known::default() });
            self.known.len() - 1
        });
        &mut self.known[at]
    }

    fn forget(&mut self, key: &str, method: &str) {
        if let Some(at) = self.find(key, method) {
            self.known.swap_remove(at);
        }
    }

    /// Whether no method rests, so that a new account would do as well.
    pub fn is_idle(&self, now: Duration) -> bool {
        self.known.iter().all(|known| known.rests_until <= now)
    }
}

/// When some of the method's time comes free, by the steady clock; nothing where the portal says nothing of use.
///
/// The portal tells it by its own clock, which is the one that also tells when the call ended.
fn free_at(at: Moment, time: &Time) -> Option<Duration> {
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
    Some(at.now + left + ROUNDING)
}

//! Whether a call that failed is made again, decided by one question: did it run?
//!
//! What was never sent, or refused before it ran, may be sent again. What may have run is repeated only where a second time does
//! no harm: the method changes nothing, or the request carries a key by which the portal tells a repeat. What was answered for
//! good is not asked again, since the answer would be the same.

use std::time::Duration;

use crate::error::{Failure, Kind, Ran};
use crate::pace::{Refusal, refusal};
use crate::system::SystemError;

/// How often a call is made, and how long to wait in between.
///
/// A first pause is set [before the second attempt](Self::with_pause), each further one is
/// [so many times as long](Self::with_growth), and none is longer than [the longest](Self::with_longest). Unless changed, a
/// call is made five times at most, with 1, 2, 4 and 8 s between, and no pause would exceed 30 s; of each, up to half is left
/// out by chance.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_core::retry::Policy;
/// let patient = Policy::default().with_attempts(8).with_longest(Duration::from_secs(60));
/// assert_eq!(patient.pause(7), Duration::from_secs(60));
/// assert_eq!(Policy::never().attempts(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    attempts: u32,
    first: Duration,
    growth: f64,
    longest: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self { attempts: 5, first: Duration::from_secs(1), growth: 2.0, longest: Duration::from_secs(30) }
    }
}

impl Policy {
    /// A call is made once, whatever comes of it.
    pub fn never() -> Self {
        Self::default().with_attempts(1)
    }

    /// With this many attempts at most, the first one included; none counts as one.
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// With this pause before the second attempt.
    pub fn with_pause(mut self, first: Duration) -> Self {
        self.first = first;
        self
    }

    /// With each pause this many times as long as the one before. What is below one, or no number, counts as one.
    pub fn with_growth(mut self, growth: f64) -> Self {
        self.growth = if growth > 1.0 { growth } else { 1.0 };
        self
    }

    /// With no pause longer than this.
    pub fn with_longest(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }

    /// How often a call is made at most, the first time included.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The pause after the failed attempt of this number, of which the first is 1, before chance shortens it.
    pub fn pause(&self, attempt: u32) -> Duration {
        let exponent = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
        let seconds = self.first.as_secs_f64() * self.growth.powi(exponent);
        Duration::try_from_secs_f64(seconds).map_or(self.longest, |pause| pause.min(self.longest))
    }
}

/// An attempt that has failed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// Which attempt it was; the first is 1.
    pub number: u32,
    /// What came of it.
    pub failure: &'a Failure,
    /// Whether the call may change something: [`MethodInfo::changes`](crate::MethodInfo::changes).
    pub changes: bool,
    /// Whether the request carries a key by which the portal tells a repeat (`Idempotency-Key`, the same at each attempt).
    pub keyed: bool,
}

impl<'a> Attempt<'a> {
    /// A failed attempt, of which the first is 1, of a call that may change something and carries no key.
    pub fn new(number: u32, failure: &'a Failure) -> Self {
        Self { number, failure, changes: true, keyed: false }
    }

    /// With what is known of the method: whether a call may change something.
    pub fn with_changes(mut self, changes: bool) -> Self {
        self.changes = changes;
        self
    }

    /// With what is known of the request: whether it carries a key by which the portal tells a repeat.
    pub fn with_key(mut self, keyed: bool) -> Self {
        self.keyed = keyed;
        self
    }
}

/// What to do after an attempt has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Send the same request again.
    Again {
        /// How long to wait before. A limiter may make it longer.
        after: Duration,
        /// What makes it worth another attempt.
        cause: Cause,
    },
    /// Give the failure to the caller.
    Stop(Stop),
}

/// What makes a failed call worth another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// There was no connection, and nothing was sent.
    NotSent,
    /// The portal refused it before it ran, since requests come too fast or the method has used up its time.
    Refused(Refusal),
    /// What came of it is unknown, and a second time does no harm.
    Lost,
}

/// Why a call that failed is not made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stop {
    /// The answer would be the same again.
    Settled,
    /// It may have run, and a second time might do the thing twice.
    MayHaveRun,
    /// It was worth another attempt, and none is left.
    Spent,
}

/// Whether to make a call again after an attempt has failed, and when. `chance`, from 0 to below 1, says how much of the pause
/// is left out: none of it at 0, and nearly half of it below 1, so that those who failed together do not come back together.
///
/// An expired token is renewed elsewhere, and stops here.
pub fn decide(policy: &Policy, attempt: &Attempt<'_>, chance: f64) -> Verdict {
    let cause = match judge(attempt) {
        Ok(cause) => cause,
        Err(stop) => return Verdict::Stop(stop),
    };
    if attempt.number >= policy.attempts {
        return Verdict::Stop(Stop::Spent);
    }
    let chance = if chance.is_nan() { 0.0 } else { chance.clamp(0.0, 1.0) };
    let pause = policy.pause(attempt.number);
    // The longest of all pauses does not survive the way through a float.
    let shortened = Duration::try_from_secs_f64(pause.as_secs_f64() * (1.0 - chance / 2.0));
    Verdict::Again { after: shortened.unwrap_or(pause), cause }
}

/// What makes the attempt worth another, or why it is worth none.
fn judge(attempt: &Attempt<'_>) -> Result<Cause, Stop> {
    let failure = attempt.failure;
    if let Some(refusal) = refusal(failure) {
        return Ok(Cause::Refused(refusal));
    }
    match failure.kind() {
        Kind::Connect => Ok(Cause::NotSent),
        _ if !is_lost(failure) => Err(Stop::Settled),
        _ if attempt.changes && !attempt.keyed => Err(Stop::MayHaveRun),
        _ => Ok(Cause::Lost),
    }
}

/// Whether the failure leaves open what came of the request, so that another attempt may end differently.
fn is_lost(failure: &Failure) -> bool {
    let broken_server = failure.status().is_some_and(|status| status >= 500);
    match failure.kind() {
        Kind::Timeout | Kind::Transport | Kind::Truncated => true,
        // A page of the portal or of something before it; below 500 it says the same each time.
        Kind::NotJson | Kind::NotAnAnswer => broken_server,
        Kind::Method | Kind::System => {
            let system = failure.code().and_then(SystemError::from_code);
            system.is_some_and(|system| system.ran() == Ran::Maybe)
        }
        Kind::Authorisation
        | Kind::Request
        | Kind::Connect
        | Kind::Deadline
        | Kind::Redirect
        | Kind::TooLarge
        | Kind::Decode
        | Kind::NotExecuted
        | Kind::Reference
        | Kind::Incomplete => false,
    }
}

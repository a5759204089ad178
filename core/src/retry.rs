//! Whether a call that failed is made again, decided by one question: did it run?
//!
//! What was never sent, or refused before it ran, may be sent again. What may have run is repeated only where a second time does
//! no harm: the method changes nothing, or the request carries a key by which the portal tells a repeat. What was answered for
//! good is not asked again, since the answer would be the same.

use std::time::Duration;

use crate::error::{ErrorKind, Executed, Failure};
use crate::rate_limit::Rejection;
use crate::system::SystemError;

/// How often a call is made, and how long to wait in between.
///
/// A first pause is set [before the second attempt](Self::with_initial_backoff), each further one is
/// [so many times as long](Self::with_multiplier), and none is longer than [the longest](Self::with_max_backoff). Unless changed, a
/// call is made five times at most, with 1, 2, 4 and 8 s between, and no pause would exceed 30 s; of each, up to half is left
/// out by chance.
///
/// ```
/// use std::time::Duration;
/// use bitrix24_core::retry::RetryPolicy;
/// let patient = RetryPolicy::default().with_max_attempts(8).with_max_backoff(Duration::from_secs(60));
/// assert_eq!(patient.backoff(7), Duration::from_secs(60));
/// assert_eq!(RetryPolicy::never().max_attempts(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_backoff: Duration,
    multiplier: f64,
    max_backoff: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            initial_backoff: Duration::from_secs(1),
            multiplier: 2.0,
            max_backoff: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// A call is made once, whatever comes of it.
    pub fn never() -> Self {
        Self::default().with_max_attempts(1)
    }

    /// With this many attempts at most, the first one included; none counts as one.
    pub fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// With this pause before the second attempt.
    pub fn with_initial_backoff(mut self, first: Duration) -> Self {
        self.initial_backoff = first;
        self
    }

    /// With each pause this many times as long as the one before. What is below one, or no number, counts as one.
    pub fn with_multiplier(mut self, growth: f64) -> Self {
        self.multiplier = if growth > 1.0 { growth } else { 1.0 };
        self
    }

    /// With no pause longer than this.
    pub fn with_max_backoff(mut self, longest: Duration) -> Self {
        self.max_backoff = longest;
        self
    }

    /// How often a call is made at most, the first time included.
    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// The pause after the failed attempt of this number, of which the first is 1, before chance shortens it.
    pub fn backoff(&self, attempt: u32) -> Duration {
        let exponent = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
        let seconds = self.initial_backoff.as_secs_f64() * self.multiplier.powi(exponent);
        Duration::try_from_secs_f64(seconds).map_or(self.max_backoff, |pause| pause.min(self.max_backoff))
    }
}

/// An attempt that has failed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FailedAttempt<'a> {
    /// Which attempt it was; the first is 1.
    pub number: u32,
    /// What came of it.
    pub failure: &'a Failure,
    /// Whether the call may change something: [`MethodInfo::side_effects`](crate::MethodInfo::side_effects).
    pub side_effects: bool,
    /// Whether the request carries a key by which the portal tells a repeat (`Idempotency-Key`, the same at each attempt).
    pub has_idempotency_key: bool,
}

impl<'a> FailedAttempt<'a> {
    /// A failed attempt, of which the first is 1, of a call that may change something and carries no key.
    pub fn new(number: u32, failure: &'a Failure) -> Self {
        Self { number, failure, side_effects: true, has_idempotency_key: false }
    }

    /// With what is known of the method: whether a call may change something.
    pub fn with_side_effects(mut self, side_effects: bool) -> Self {
        self.side_effects = side_effects;
        self
    }

    /// With what is known of the request: whether it carries a key by which the portal tells a repeat.
    pub fn with_idempotency_key(mut self, has_idempotency_key: bool) -> Self {
        self.has_idempotency_key = has_idempotency_key;
        self
    }
}

/// What to do after an attempt has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Send the same request again.
    Retry {
        /// How long to wait before. A limiter may make it longer.
        after: Duration,
        /// What makes it worth another attempt.
        cause: RetryCause,
    },
    /// Give the failure to the caller.
    Stop(StopReason),
}

/// What makes a failed call worth another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryCause {
    /// There was no connection, and nothing was sent.
    NotSent,
    /// The portal refused it before it ran, since requests come too fast or the method has used up its time.
    Rejected(Rejection),
    /// What came of it is unknown, and a second time does no harm.
    OutcomeUnknown,
}

/// Why a call that failed is not made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StopReason {
    /// The answer would be the same again.
    Final,
    /// It may have run, and a second time might do the thing twice.
    MayHaveExecuted,
    /// It was worth another attempt, and none is left.
    AttemptsExhausted,
}

/// Whether to make a call again after an attempt has failed, and when. `chance`, from 0 to below 1, says how much of the pause
/// is left out: none of it at 0, and nearly half of it below 1, so that those who failed together do not come back together.
///
/// An expired token is renewed elsewhere, and stops here.
pub fn decide(policy: &RetryPolicy, attempt: &FailedAttempt<'_>, chance: f64) -> Decision {
    let cause = match classify(attempt) {
        Ok(cause) => cause,
        Err(stop) => return Decision::Stop(stop),
    };
    if attempt.number >= policy.max_attempts {
        return Decision::Stop(StopReason::AttemptsExhausted);
    }
    let chance = if chance.is_nan() { 0.0 } else { chance.clamp(0.0, 1.0) };
    let pause = policy.backoff(attempt.number);
    // The longest of all pauses does not survive the way through a float.
    let shortened = Duration::try_from_secs_f64(pause.as_secs_f64() * (1.0 - chance / 2.0));
    Decision::Retry { after: shortened.unwrap_or(pause), cause }
}

/// What makes the attempt worth another, or why it is worth none.
fn classify(attempt: &FailedAttempt<'_>) -> Result<RetryCause, StopReason> {
    let failure = attempt.failure;
    if let Some(refusal) = Rejection::from_failure(failure) {
        return Ok(RetryCause::Rejected(refusal));
    }
    match failure.kind() {
        ErrorKind::Connect => Ok(RetryCause::NotSent),
        _ if !is_outcome_unknown(failure) => Err(StopReason::Final),
        _ if attempt.side_effects && !attempt.has_idempotency_key => Err(StopReason::MayHaveExecuted),
        _ => Ok(RetryCause::OutcomeUnknown),
    }
}

/// Whether the failure leaves open what came of the request, so that another attempt may end differently.
fn is_outcome_unknown(failure: &Failure) -> bool {
    let broken_server = failure.status().is_some_and(|status| status >= 500);
    match failure.kind() {
        ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::Truncated => true,
        // A page of the portal or of something before it; below 500 it says the same each time.
        ErrorKind::NotJson | ErrorKind::UnexpectedResponse => broken_server,
        ErrorKind::Method | ErrorKind::System => {
            let system = failure.code().and_then(SystemError::from_code);
            system.is_some_and(|system| system.executed() == Executed::Unknown)
        }
        ErrorKind::Authorization
        | ErrorKind::Request
        | ErrorKind::Connect
        | ErrorKind::Deadline
        | ErrorKind::Redirect
        | ErrorKind::TooLarge
        | ErrorKind::Decode
        | ErrorKind::NotExecuted
        | ErrorKind::UnresolvedReference
        | ErrorKind::IncompleteList => false,
    }
}

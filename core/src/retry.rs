//! The decision whether to retry a failed call. It depends on one question: did the call run?
//!
//! A call that was never sent, or was rejected before it ran, may be sent again. A call that may have run is retried only if
//! repeating it is harmless: if the method has no side effects, or the request has an idempotency key. Any other response is
//! final, since the portal would return the same again.

use std::time::Duration;

use crate::error::{ErrorKind, Executed, Failure};
use crate::rate_limit::Rejection;
use crate::system::SystemError;

/// How many times a call is attempted, the pauses between the attempts, and for how long limits may reject it.
///
/// A call that the portal rejects because of its limits did not run, and is sent again until the
/// [rejection budget](Self::with_rejection_budget) is used up. These attempts do not count: other programs may use up the
/// portal's limits for minutes.
///
/// The first pause is the [initial backoff](Self::with_initial_backoff), each further one is
/// [multiplied](Self::with_multiplier), and none exceeds the [maximum](Self::with_max_backoff). Default: five attempts, with
/// pauses of 1, 2, 4 and 8 s, and at most 30 s. Each pause is shortened at random by up to half.
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
    rejection_budget: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            initial_backoff: Duration::from_secs(1),
            multiplier: 2.0,
            max_backoff: Duration::from_secs(30),
            rejection_budget: Duration::from_secs(30 * 60),
        }
    }
}

impl RetryPolicy {
    /// A call is attempted once.
    pub fn never() -> Self {
        Self::default().with_max_attempts(1).with_rejection_budget(Duration::ZERO)
    }

    /// Sets for how long a call is sent again that the portal rejects because of its limits, from the first rejection. Zero: it is
    /// not sent again. Default: 30 minutes, since a method that is rejected for its operating time may be blocked for ten.
    pub fn with_rejection_budget(mut self, budget: Duration) -> Self {
        self.rejection_budget = budget;
        self
    }

    /// Sets the maximum number of attempts, including the first; 0 counts as 1. Attempts that the portal rejected because of its
    /// limits do not count.
    pub fn with_max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the pause before the second attempt.
    pub fn with_initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// Sets the factor from one pause to the next. A factor below one, or that is not a number, counts as one.
    pub fn with_multiplier(mut self, multiplier: f64) -> Self {
        self.multiplier = if multiplier > 1.0 { multiplier } else { 1.0 };
        self
    }

    /// Sets the longest pause.
    pub fn with_max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// For how long a call is sent again that the portal rejects because of its limits.
    pub fn rejection_budget(&self) -> Duration {
        self.rejection_budget
    }

    /// The maximum number of attempts, including the first.
    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// The pause after the failed attempt with this number, starting at 1, before it is shortened at random.
    pub fn backoff(&self, attempt: u32) -> Duration {
        let exponent = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
        let seconds = self.initial_backoff.as_secs_f64() * self.multiplier.powi(exponent);
        Duration::try_from_secs_f64(seconds).map_or(self.max_backoff, |pause| pause.min(self.max_backoff))
    }
}

/// A failed attempt.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FailedAttempt<'a> {
    /// The number of the attempt, starting at 1.
    pub number: u32,
    /// How many of the attempts, with this one, the portal rejected because of its limits.
    pub rejections: u32,
    /// The time since the first of them.
    pub rejected_for: Duration,
    /// The failure.
    pub failure: &'a Failure,
    /// Whether the call may have side effects: [`MethodInfo::side_effects`](crate::MethodInfo::side_effects).
    pub side_effects: bool,
    /// Whether the request has a key by which the portal recognizes a retry (`Idempotency-Key`, the same in each attempt).
    pub has_idempotency_key: bool,
}

impl<'a> FailedAttempt<'a> {
    /// Creates the failed attempt with this number, starting at 1, of a call with possible side effects and without an
    /// idempotency key.
    pub fn new(number: u32, failure: &'a Failure) -> Self {
        Self {
            number,
            rejections: 0,
            rejected_for: Duration::ZERO,
            failure,
            side_effects: true,
            has_idempotency_key: false,
        }
    }

    /// Sets how many of the attempts, with this one, the portal rejected because of its limits, and the time since the first of
    /// them.
    pub fn with_rejections(mut self, rejections: u32, rejected_for: Duration) -> Self {
        self.rejections = rejections;
        self.rejected_for = rejected_for;
        self
    }

    /// Sets whether the call may have side effects.
    pub fn with_side_effects(mut self, side_effects: bool) -> Self {
        self.side_effects = side_effects;
        self
    }

    /// Sets whether the request has an idempotency key.
    pub fn with_idempotency_key(mut self, has_idempotency_key: bool) -> Self {
        self.has_idempotency_key = has_idempotency_key;
        self
    }
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Send the same request again.
    Retry {
        /// The pause before it. A rate limiter may extend it.
        after: Duration,
        /// The cause of the retry.
        cause: RetryCause,
    },
    /// Return the failure to the caller.
    Stop(StopReason),
}

/// Why a failed call is retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryCause {
    /// The connection could not be established, and nothing was sent.
    NotSent,
    /// The portal rejected it before it ran, because of the rate limit or the operating time of the method.
    Rejected(Rejection),
    /// Its outcome is unknown, and repeating it is harmless.
    OutcomeUnknown,
}

/// Why a failed call is not retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StopReason {
    /// The portal would return the same again.
    Final,
    /// It may have run, and a retry might repeat its effect.
    MayHaveExecuted,
    /// No attempt is left.
    AttemptsExhausted,
    /// The portal has rejected it because of its limits for too long.
    RejectedTooLong,
}

/// Decides whether and when to retry a call after a failed attempt. `chance`, from 0 to below 1, is how much the pause is
/// shortened: not at all at 0, and by nearly half below 1, so that calls that failed together are not retried together.
///
/// An expired token is handled elsewhere and is final here.
pub fn decide(policy: &RetryPolicy, attempt: &FailedAttempt<'_>, chance: f64) -> Decision {
    let cause = match classify(attempt) {
        Ok(cause) => cause,
        Err(stop) => return Decision::Stop(stop),
    };
    let counted = match cause {
        RetryCause::Rejected(_) if attempt.rejected_for >= policy.rejection_budget => {
            return Decision::Stop(StopReason::RejectedTooLong);
        }
        RetryCause::Rejected(_) => attempt.rejections,
        _ => attempt.number.saturating_sub(attempt.rejections),
    };
    if !matches!(cause, RetryCause::Rejected(_)) && counted >= policy.max_attempts {
        return Decision::Stop(StopReason::AttemptsExhausted);
    }
    let chance = if chance.is_nan() { 0.0 } else { chance.clamp(0.0, 1.0) };
    let pause = policy.backoff(counted);
    // The longest possible pause does not survive the conversion to a float.
    let shortened = Duration::try_from_secs_f64(pause.as_secs_f64() * (1.0 - chance / 2.0));
    let requested = attempt.failure.retry_after().unwrap_or_default().min(MAX_RETRY_AFTER);
    Decision::Retry { after: shortened.unwrap_or(pause).max(requested), cause }
}

/// The longest pause that a server can ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(10 * 60);

/// The cause of a retry, or the reason against one.
fn classify(attempt: &FailedAttempt<'_>) -> Result<RetryCause, StopReason> {
    let failure = attempt.failure;
    if let Some(refusal) = Rejection::from_failure(failure) {
        return Ok(RetryCause::Rejected(refusal));
    }
    match failure.kind() {
        ErrorKind::Connect if failure.is_permanent() => Err(StopReason::Final),
        ErrorKind::Connect => Ok(RetryCause::NotSent),
        _ if !is_outcome_unknown(failure) => Err(StopReason::Final),
        _ if attempt.side_effects && !attempt.has_idempotency_key => Err(StopReason::MayHaveExecuted),
        _ => Ok(RetryCause::OutcomeUnknown),
    }
}

/// Whether the failure leaves the outcome of the request open, so that another attempt may end differently.
fn is_outcome_unknown(failure: &Failure) -> bool {
    // A proxy that is overloaded or ended the wait, or a server that is broken.
    let temporary = failure.status().is_some_and(|status| matches!(status, 408 | 429 | 500..));
    match failure.kind() {
        ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::Truncated => true,
        // A page or an empty body with success: the portal or a proxy failed while it wrote the response.
        ErrorKind::NotJson => temporary || failure.status().is_some_and(|status| status < 300),
        ErrorKind::UnexpectedResponse => temporary,
        ErrorKind::Method | ErrorKind::System => match failure.code().and_then(SystemError::from_code) {
            Some(system) => system.executed() == Executed::Unknown,
            None => matches!(failure.status(), Some(408 | 429)),
        },
        ErrorKind::Authorization
        | ErrorKind::Request
        | ErrorKind::Connect
        | ErrorKind::Limiter
        | ErrorKind::Deadline
        | ErrorKind::Redirect
        | ErrorKind::TooLarge
        | ErrorKind::Decode
        | ErrorKind::NotExecuted
        | ErrorKind::UnresolvedReference
        | ErrorKind::IncompleteList => false,
    }
}

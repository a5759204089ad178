//! Whether a failed call is retried: one row per failure.

use std::time::Duration;

use bitrix24_core::rate_limit::Rejection;
use bitrix24_core::retry::{Decision, FailedAttempt, RetryCause, RetryPolicy, StopReason, decide};
use bitrix24_core::{ErrorKind, Failure, parse_response};

fn failed(kind: ErrorKind, status: u16) -> Failure {
    Failure::new(kind, "a failure").with_status(status)
}

fn without_response(kind: ErrorKind) -> Failure {
    Failure::new(kind, "a failure")
}

fn code(status: u16, code: &str) -> Failure {
    Failure::from_response(status, code, "a description")
}

/// The failure of a response with this status and body.
fn body(status: u16, body: &str) -> Failure {
    parse_response(status, body.as_bytes()).unwrap_err()
}

/// The decision after a first attempt: `Ok` with the cause of a retry, or `Err` with the reason to stop.
fn decision_for(failure: &Failure, side_effects: bool, keyed: bool) -> Result<RetryCause, StopReason> {
    let attempt = FailedAttempt::new(1, failure).with_side_effects(side_effects).with_idempotency_key(keyed);
    match decide(&RetryPolicy::default(), &attempt, 0.0) {
        Decision::Retry { cause, .. } => Ok(cause),
        Decision::Stop(stop) => Err(stop),
        other => panic!("{other:?}"),
    }
}

/// The same decision, checked for each kind of method and request.
fn decision_for_any_call(failure: &Failure) -> Result<RetryCause, StopReason> {
    let decisions = [(true, false), (true, true), (false, false), (false, true)];
    let [first, others @ ..] =
        decisions.map(|(side_effects, keyed)| decision_for(failure, side_effects, keyed));
    assert!(others.iter().all(|other| *other == first), "{failure}: {first:?}, but {others:?}");
    first
}

#[test]
fn an_unsent_or_rate_limited_call_is_retried() {
    let rate_limited = RetryCause::Rejected(Rejection::RateLimited);
    let cases = [
        (without_response(ErrorKind::Connect), RetryCause::NotSent),
        (code(503, "QUERY_LIMIT_EXCEEDED"), rate_limited),
        (code(503, "query_limit_exceeded"), rate_limited),
        (code(200, "QUERY_LIMIT_EXCEEDED"), rate_limited),
        (code(429, "BITRIX_REST_V3_EXCEPTION_RATELIMITEXCEPTION"), rate_limited),
        (code(429, "Bitrix_Rest_V3_Exception_RateLimitException"), rate_limited),
        (code(429, "OPERATION_TIME_LIMIT"), RetryCause::Rejected(Rejection::OperatingTime)),
        // As the error of one command of a batch, without a status.
        (
            Failure::from_code("OPERATION_TIME_LIMIT", "blocked"),
            RetryCause::Rejected(Rejection::OperatingTime),
        ),
        (
            body(503, r#"{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}"#),
            rate_limited,
        ),
        (body(429, r#"{"error":{"code":"X_RATELIMITEXCEPTION","message":"slowly"}}"#), rate_limited),
    ];
    for (failure, cause) in cases {
        assert_eq!(decision_for_any_call(&failure), Ok(cause), "{failure}");
    }
}

#[test]
fn a_final_error_is_not_retried() {
    let refused = [
        code(403, "ACCESS_DENIED"),
        code(403, "insufficient_scope"),
        code(403, "INVALID_CREDENTIALS"),
        code(403, "user_access_error"),
        code(401, "NO_AUTH_FOUND"),
        code(401, "expired_token"),
        code(400, "INVALID_REQUEST"),
        code(400, "ERROR_BATCH_LENGTH_EXCEEDED"),
        code(405, "ERROR_BATCH_METHOD_NOT_ALLOWED"),
        code(404, "ERROR_MANIFEST_IS_NOT_AVAILABLE"),
        code(404, "ERROR_METHOD_NOT_FOUND"),
        code(401, "INVALID_CREDENTIALS"),
        code(401, "insufficient_scope"),
        code(401, "METHOD_CONFIRM_WAITING"),
        code(403, "METHOD_CONFIRM_DENIED"),
        code(401, "PAYMENT_REQUIRED"),
        code(403, "WRONG_AUTH_TYPE"),
        code(403, "allowed_only_intranet_user"),
        code(401, "APPLICATION_NOT_FOUND"),
        code(401, "ERROR_OAUTH"),
        code(401, "authorization_error"),
        code(401, "INVALID_TOKEN"),
        // A manual ban, although the status is that of too many requests.
        code(503, "OVERLOAD_LIMIT"),
        code(500, "PORTAL_DELETED"),
        code(422, "BITRIX_REST_V3_EXCEPTION_VALIDATION_REQUESTVALIDATIONEXCEPTION"),
    ];
    let method_errors = [
        code(400, "1048582"),
        code(400, ""),
        code(200, "0"),
        code(500, "ERROR_CORE"),
        code(500, ""),
        body(400, r#"{"error":100,"error_description":"wrong"}"#),
    ];
    let other_kinds = [
        without_response(ErrorKind::Request),
        failed(ErrorKind::Redirect, 302),
        failed(ErrorKind::Decode, 200),
        failed(ErrorKind::TooLarge, 200),
        failed(ErrorKind::NotJson, 403),
        failed(ErrorKind::NotJson, 404),
        failed(ErrorKind::UnexpectedResponse, 200),
        body(200, r#"{"neither":1}"#),
        body(200, r#"{"result":[],"next":"soon"}"#),
    ];
    for failure in refused.iter().chain(&method_errors).chain(&other_kinds) {
        assert_eq!(decision_for_any_call(failure), Err(StopReason::Final), "{failure}");
    }
}

#[test]
fn a_call_that_may_have_run_is_retried_only_if_that_is_safe() {
    let cases = [
        without_response(ErrorKind::Timeout),
        failed(ErrorKind::Timeout, 200),
        without_response(ErrorKind::Transport),
        failed(ErrorKind::Truncated, 200),
        failed(ErrorKind::Truncated, 500),
        failed(ErrorKind::NotJson, 502),
        failed(ErrorKind::NotJson, 503),
        failed(ErrorKind::NotJson, 504),
        failed(ErrorKind::UnexpectedResponse, 500),
        code(500, "INTERNAL_SERVER_ERROR"),
        code(500, "ERROR_UNEXPECTED_ANSWER"),
        body(502, "<html><h1>502 Bad Gateway</h1></html>"),
        body(500, ""),
        body(200, r#"{"result":{"ID":17"#),
    ];
    for failure in cases {
        assert_eq!(decision_for(&failure, true, false), Err(StopReason::MayHaveExecuted), "{failure}");
        assert_eq!(
            decision_for(&failure, false, false),
            Ok(RetryCause::OutcomeUnknown),
            "{failure}: read-only"
        );
        assert_eq!(
            decision_for(&failure, true, true),
            Ok(RetryCause::OutcomeUnknown),
            "{failure}: with an idempotency key"
        );
    }
}

#[test]
fn a_rejection_is_identified_by_its_code_with_any_status() {
    for (failure, expected) in [
        (code(503, "QUERY_LIMIT_EXCEEDED"), Some(Rejection::RateLimited)),
        (code(429, "operation_time_limit"), Some(Rejection::OperatingTime)),
        (code(503, "OVERLOAD_LIMIT"), None),
        (failed(ErrorKind::NotJson, 503), None),
        (failed(ErrorKind::NotJson, 429), None),
        (without_response(ErrorKind::Timeout), None),
    ] {
        assert_eq!(Rejection::from_failure(&failure), expected, "{failure}");
    }
}

/// The backoff before each retry of a policy, in milliseconds.
fn pauses(policy: &RetryPolicy, chance: f64) -> Vec<u128> {
    let failure = without_response(ErrorKind::Connect);
    let decisions = (1..).map(|number| decide(policy, &FailedAttempt::new(number, &failure), chance));
    let pauses = decisions.map_while(|decision| match decision {
        Decision::Retry { after, .. } => Some(after.as_millis()),
        _ => None,
    });
    pauses.collect()
}

#[test]
fn backoff_grows_to_its_maximum_until_attempts_are_exhausted() {
    let second = Duration::from_secs(1);
    let default = RetryPolicy::default();
    let cases = [
        (default, 0.0, vec![1000, 2000, 4000, 8000]),
        (default, 0.5, vec![750, 1500, 3000, 6000]),
        (default, f64::NAN, vec![1000, 2000, 4000, 8000]),
        (default, 7.0, vec![500, 1000, 2000, 4000]),
        (default.with_max_backoff(3 * second), 0.0, vec![1000, 2000, 3000, 3000]),
        (
            default.with_initial_backoff(second / 4).with_multiplier(1.0).with_max_attempts(3),
            0.0,
            vec![250, 250],
        ),
        (default.with_multiplier(f64::NAN).with_max_attempts(3), 0.0, vec![1000, 1000]),
        (default.with_multiplier(0.1).with_max_attempts(3), 0.0, vec![1000, 1000]),
        (default.with_initial_backoff(Duration::ZERO).with_max_attempts(3), 0.0, vec![0, 0]),
        (default.with_max_attempts(0), 0.0, vec![]),
        (RetryPolicy::never(), 0.0, vec![]),
        (
            default.with_initial_backoff(Duration::MAX).with_max_backoff(Duration::MAX).with_max_attempts(2),
            0.0,
            vec![Duration::MAX.as_millis()],
        ),
    ];
    for (policy, chance, expected) in cases {
        assert_eq!(pauses(&policy, chance), expected, "{policy:?}, {chance}");
    }
}

#[test]
fn backoff_after_many_attempts_is_the_maximum() {
    let policy = RetryPolicy::default().with_multiplier(1e9);
    for attempt in [3, 100, u32::MAX] {
        assert_eq!(policy.backoff(attempt), Duration::from_secs(30));
    }
}

#[test]
fn the_last_attempt_is_exhausted_unless_its_error_is_final() {
    let refused = code(503, "QUERY_LIMIT_EXCEEDED");
    let denied = code(403, "ACCESS_DENIED");
    let lost = without_response(ErrorKind::Timeout);
    let not_sent = without_response(ErrorKind::Connect);
    let last = |failure| decide(&RetryPolicy::default(), &FailedAttempt::new(5, failure), 0.0);
    assert_eq!(last(&not_sent), Decision::Stop(StopReason::AttemptsExhausted));
    assert!(matches!(last(&refused), Decision::Retry { .. }), "rejections do not count");
    assert_eq!(last(&denied), Decision::Stop(StopReason::Final));
    assert_eq!(last(&lost), Decision::Stop(StopReason::MayHaveExecuted));
}

#[test]
fn rejections_have_a_budget_of_time_and_do_not_count_as_attempts() {
    let rejected = code(503, "QUERY_LIMIT_EXCEEDED");
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let after = |policy: &RetryPolicy, number, rejections, rejected_for| {
        let attempt = FailedAttempt::new(number, &rejected).with_rejections(rejections, rejected_for);
        decide(policy, &attempt, 0.0)
    };
    let default = RetryPolicy::default();
    let cause = RetryCause::Rejected(Rejection::RateLimited);
    let retry = |seconds| Decision::Retry { after: Duration::from_secs(seconds), cause };
    assert_eq!(after(&default, 1, 1, Duration::ZERO), retry(1));
    assert_eq!(after(&default, 900, 900, minutes(29)), retry(30));
    assert_eq!(after(&default, 6, 2, minutes(1)), retry(2), "the backoff follows the rejections alone");
    assert_eq!(after(&default, 2, 2, minutes(30)), Decision::Stop(StopReason::RejectedTooLong));
    let short = default.with_rejection_budget(minutes(1));
    assert_eq!(after(&short, 2, 2, minutes(1)), Decision::Stop(StopReason::RejectedTooLong));
    let never = RetryPolicy::never();
    assert_eq!(after(&never, 1, 1, Duration::ZERO), Decision::Stop(StopReason::RejectedTooLong));
    // A failure of another kind after rejections has all its attempts.
    let not_sent = without_response(ErrorKind::Connect);
    let attempt = |number| FailedAttempt::new(number, &not_sent).with_rejections(10, minutes(5));
    assert!(matches!(decide(&default, &attempt(14), 0.0), Decision::Retry { .. }));
    assert_eq!(decide(&default, &attempt(15), 0.0), Decision::Stop(StopReason::AttemptsExhausted));
}

#[test]
fn reads_are_retried_after_the_failures_of_proxies_and_writes_are_not() {
    let failures = [
        body(429, "<html>slow down</html>"),
        body(408, ""),
        body(200, "<html>502</html>"),
        body(200, ""),
        code(429, "TOO_MANY"),
    ];
    for failure in failures {
        assert_eq!(decision_for(&failure, false, false), Ok(RetryCause::OutcomeUnknown), "{failure}");
        assert_eq!(decision_for(&failure, true, false), Err(StopReason::MayHaveExecuted), "{failure}");
    }
    let asked = body(429, "").with_retry_after(Duration::from_secs(7));
    let attempt = FailedAttempt::new(1, &asked).with_side_effects(false);
    let expected = Decision::Retry { after: Duration::from_secs(7), cause: RetryCause::OutcomeUnknown };
    assert_eq!(decide(&RetryPolicy::default(), &attempt, 0.0), expected);
}

#[test]
fn a_permanent_failure_to_connect_is_final() {
    assert_eq!(
        decision_for_any_call(&without_response(ErrorKind::Connect).permanent()),
        Err(StopReason::Final)
    );
}

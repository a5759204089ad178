//! Whether a call that failed is made again: one row for each way in which it can fail.

use std::time::Duration;

use bitrix24_core::rate_limit::Rejection;
use bitrix24_core::retry::{Decision, FailedAttempt, RetryCause, RetryPolicy, StopReason, decide};
use bitrix24_core::{ErrorKind, Failure, parse_response};

fn failed(kind: ErrorKind, status: u16) -> Failure {
    Failure::new(kind, "what happened").with_status(status)
}

fn without_answer(kind: ErrorKind) -> Failure {
    Failure::new(kind, "what happened")
}

fn code(status: u16, code: &str) -> Failure {
    Failure::from_response(status, code, "in the portal's words")
}

/// The failure that a body makes which a server sent with a status.
fn body(status: u16, body: &str) -> Failure {
    parse_response(status, body.as_bytes()).unwrap_err()
}

/// What comes of a first attempt: `Ok` with what makes it worth another, `Err` with why there is none.
fn verdict(failure: &Failure, changes: bool, keyed: bool) -> Result<RetryCause, StopReason> {
    let attempt = FailedAttempt::new(1, failure).with_side_effects(changes).with_idempotency_key(keyed);
    match decide(&RetryPolicy::default(), &attempt, 0.0) {
        Decision::Retry { cause, .. } => Ok(cause),
        Decision::Stop(stop) => Err(stop),
        other => panic!("{other:?}"),
    }
}

/// The same, whatever the method and the request are.
fn always(failure: &Failure) -> Result<RetryCause, StopReason> {
    let verdicts = [(true, false), (true, true), (false, false), (false, true)];
    let [first, others @ ..] = verdicts.map(|(changes, keyed)| verdict(failure, changes, keyed));
    assert!(others.iter().all(|other| *other == first), "{failure}: {first:?}, but {others:?}");
    first
}

#[test]
fn what_was_not_sent_or_was_refused_for_its_pace_is_sent_again() {
    let too_fast = RetryCause::Rejected(Rejection::RateLimited);
    let cases = [
        (without_answer(ErrorKind::Connect), RetryCause::NotSent),
        (code(503, "QUERY_LIMIT_EXCEEDED"), too_fast),
        (code(503, "query_limit_exceeded"), too_fast),
        (code(200, "QUERY_LIMIT_EXCEEDED"), too_fast),
        (code(429, "BITRIX_REST_V3_EXCEPTION_RATELIMITEXCEPTION"), too_fast),
        (code(429, "Bitrix_Rest_V3_Exception_RateLimitException"), too_fast),
        (code(429, "OPERATION_TIME_LIMIT"), RetryCause::Rejected(Rejection::OperatingTime)),
        (body(503, r#"{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}"#), too_fast),
        (body(429, r#"{"error":{"code":"X_RATELIMITEXCEPTION","message":"slowly"}}"#), too_fast),
    ];
    for (failure, cause) in cases {
        assert_eq!(always(&failure), Ok(cause), "{failure}");
    }
}

#[test]
fn what_was_answered_for_good_is_not_asked_again() {
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
        // A ban by hand, although the status is that of too many requests.
        code(503, "OVERLOAD_LIMIT"),
        code(500, "PORTAL_DELETED"),
        code(422, "BITRIX_REST_V3_EXCEPTION_VALIDATION_REQUESTVALIDATIONEXCEPTION"),
    ];
    let methods_own = [
        code(400, "1048582"),
        code(400, ""),
        code(200, "0"),
        code(500, "ERROR_CORE"),
        code(500, ""),
        body(400, r#"{"error":100,"error_description":"wrong"}"#),
    ];
    let of_another_kind = [
        without_answer(ErrorKind::Request),
        failed(ErrorKind::Redirect, 302),
        failed(ErrorKind::Decode, 200),
        failed(ErrorKind::TooLarge, 200),
        failed(ErrorKind::NotJson, 200),
        failed(ErrorKind::NotJson, 403),
        failed(ErrorKind::NotJson, 404),
        failed(ErrorKind::UnexpectedResponse, 200),
        body(200, "<html>Log in</html>"),
        body(200, r#"{"neither":1}"#),
        body(200, r#"{"result":[],"next":"soon"}"#),
    ];
    for failure in refused.iter().chain(&methods_own).chain(&of_another_kind) {
        assert_eq!(always(failure), Err(StopReason::Final), "{failure}");
    }
}

#[test]
fn what_may_have_run_is_repeated_only_where_a_second_time_does_no_harm() {
    let cases = [
        without_answer(ErrorKind::Timeout),
        failed(ErrorKind::Timeout, 200),
        without_answer(ErrorKind::Transport),
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
        assert_eq!(verdict(&failure, true, false), Err(StopReason::MayHaveExecuted), "{failure}");
        assert_eq!(
            verdict(&failure, false, false),
            Ok(RetryCause::OutcomeUnknown),
            "{failure}: it only reads"
        );
        assert_eq!(
            verdict(&failure, true, true),
            Ok(RetryCause::OutcomeUnknown),
            "{failure}: the portal knows a repeat"
        );
    }
}

#[test]
fn a_code_tells_a_refusal_for_pace_whatever_the_status() {
    for (failure, expected) in [
        (code(503, "QUERY_LIMIT_EXCEEDED"), Some(Rejection::RateLimited)),
        (code(429, "operation_time_limit"), Some(Rejection::OperatingTime)),
        (code(503, "OVERLOAD_LIMIT"), None),
        (failed(ErrorKind::NotJson, 503), None),
        (failed(ErrorKind::NotJson, 429), None),
        (without_answer(ErrorKind::Timeout), None),
    ] {
        assert_eq!(Rejection::from_failure(&failure), expected, "{failure}");
    }
}

/// The pauses of a policy, as long as there are attempts left.
fn pauses(policy: &RetryPolicy, chance: f64) -> Vec<u128> {
    let failure = without_answer(ErrorKind::Connect);
    let verdicts = (1..).map(|number| decide(policy, &FailedAttempt::new(number, &failure), chance));
    let pauses = verdicts.map_while(|verdict| match verdict {
        Decision::Retry { after, .. } => Some(after.as_millis()),
        _ => None,
    });
    pauses.collect()
}

#[test]
fn pauses_grow_up_to_the_longest_until_no_attempt_is_left() {
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
fn the_pause_after_ever_so_many_attempts_is_the_longest() {
    let policy = RetryPolicy::default().with_multiplier(1e9);
    for attempt in [3, 100, u32::MAX] {
        assert_eq!(policy.backoff(attempt), Duration::from_secs(30));
    }
}

#[test]
fn the_last_attempt_says_that_none_is_left_rather_than_that_the_answer_is_final() {
    let refused = code(503, "QUERY_LIMIT_EXCEEDED");
    let denied = code(403, "ACCESS_DENIED");
    let lost = without_answer(ErrorKind::Timeout);
    let last = |failure| decide(&RetryPolicy::default(), &FailedAttempt::new(5, failure), 0.0);
    assert_eq!(last(&refused), Decision::Stop(StopReason::AttemptsExhausted));
    assert_eq!(last(&denied), Decision::Stop(StopReason::Final));
    assert_eq!(last(&lost), Decision::Stop(StopReason::MayHaveExecuted));
}

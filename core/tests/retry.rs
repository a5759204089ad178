//! Whether a call that failed is made again: one row for each way in which it can fail.

use std::time::Duration;

use bitrix24_core::pace::{Refusal, refusal};
use bitrix24_core::retry::{Attempt, Cause, Policy, Stop, Verdict, decide};
use bitrix24_core::{Failure, Kind, read_answer};

fn failed(kind: Kind, status: u16) -> Failure {
    Failure::new(kind, "what happened").with_status(status)
}

fn without_answer(kind: Kind) -> Failure {
    Failure::new(kind, "what happened")
}

fn code(status: u16, code: &str) -> Failure {
    Failure::answered(status, code, "in the portal's words")
}

/// The failure that a body makes which a server sent with a status.
fn body(status: u16, body: &str) -> Failure {
    read_answer(status, body.as_bytes()).unwrap_err()
}

/// What comes of a first attempt: `Ok` with what makes it worth another, `Err` with why there is none.
fn verdict(failure: &Failure, changes: bool, keyed: bool) -> Result<Cause, Stop> {
    let attempt = Attempt::new(1, failure).with_changes(changes).with_key(keyed);
    match decide(&Policy::default(), &attempt, 0.0) {
        Verdict::Again { cause, .. } => Ok(cause),
        Verdict::Stop(stop) => Err(stop),
        other => panic!("{other:?}"),
    }
}

/// The same, whatever the method and the request are.
fn always(failure: &Failure) -> Result<Cause, Stop> {
    let verdicts = [(true, false), (true, true), (false, false), (false, true)];
    let [first, others @ ..] = verdicts.map(|(changes, keyed)| verdict(failure, changes, keyed));
    assert!(others.iter().all(|other| *other == first), "{failure}: {first:?}, but {others:?}");
    first
}

#[test]
fn what_was_not_sent_or_was_refused_for_its_pace_is_sent_again() {
    let too_fast = Cause::Refused(Refusal::TooFast);
    let cases = [
        (without_answer(Kind::Connect), Cause::NotSent),
        (code(503, "QUERY_LIMIT_EXCEEDED"), too_fast),
        (code(503, "query_limit_exceeded"), too_fast),
        (code(200, "QUERY_LIMIT_EXCEEDED"), too_fast),
        (code(429, "BITRIX_REST_V3_EXCEPTION_RATELIMITEXCEPTION"), too_fast),
        (code(429, "Bitrix_Rest_V3_Exception_RateLimitException"), too_fast),
        (code(429, "OPERATION_TIME_LIMIT"), Cause::Refused(Refusal::OperatingTime)),
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
        without_answer(Kind::Request),
        failed(Kind::Redirect, 302),
        failed(Kind::Decode, 200),
        failed(Kind::TooLarge, 200),
        failed(Kind::NotJson, 200),
        failed(Kind::NotJson, 403),
        failed(Kind::NotJson, 404),
        failed(Kind::NotAnAnswer, 200),
        body(200, "<html>Log in</html>"),
        body(200, r#"{"neither":1}"#),
        body(200, r#"{"result":[],"next":"soon"}"#),
    ];
    for failure in refused.iter().chain(&methods_own).chain(&of_another_kind) {
        assert_eq!(always(failure), Err(Stop::Settled), "{failure}");
    }
}

#[test]
fn what_may_have_run_is_repeated_only_where_a_second_time_does_no_harm() {
    let cases = [
        without_answer(Kind::Timeout),
        failed(Kind::Timeout, 200),
        without_answer(Kind::Transport),
        failed(Kind::Truncated, 200),
        failed(Kind::Truncated, 500),
        failed(Kind::NotJson, 502),
        failed(Kind::NotJson, 503),
        failed(Kind::NotJson, 504),
        failed(Kind::NotAnAnswer, 500),
        code(500, "INTERNAL_SERVER_ERROR"),
        code(500, "ERROR_UNEXPECTED_ANSWER"),
        body(502, "<html><h1>502 Bad Gateway</h1></html>"),
        body(500, ""),
        body(200, r#"{"result":{"ID":17"#),
    ];
    for failure in cases {
        assert_eq!(verdict(&failure, true, false), Err(Stop::MayHaveRun), "{failure}");
        assert_eq!(verdict(&failure, false, false), Ok(Cause::Lost), "{failure}: it only reads");
        assert_eq!(verdict(&failure, true, true), Ok(Cause::Lost), "{failure}: the portal knows a repeat");
    }
}

#[test]
fn a_code_tells_a_refusal_for_pace_whatever_the_status() {
    for (failure, expected) in [
        (code(503, "QUERY_LIMIT_EXCEEDED"), Some(Refusal::TooFast)),
        (code(429, "operation_time_limit"), Some(Refusal::OperatingTime)),
        (code(503, "OVERLOAD_LIMIT"), None),
        (failed(Kind::NotJson, 503), None),
        (failed(Kind::NotJson, 429), None),
        (without_answer(Kind::Timeout), None),
    ] {
        assert_eq!(refusal(&failure), expected, "{failure}");
    }
}

/// The pauses of a policy, as long as there are attempts left.
fn pauses(policy: &Policy, chance: f64) -> Vec<u128> {
    let failure = without_answer(Kind::Connect);
    let verdicts = (1..).map(|number| decide(policy, &Attempt::new(number, &failure), chance));
    let pauses = verdicts.map_while(|verdict| match verdict {
        Verdict::Again { after, .. } => Some(after.as_millis()),
        _ => None,
    });
    pauses.collect()
}

#[test]
fn pauses_grow_up_to_the_longest_until_no_attempt_is_left() {
    let second = Duration::from_secs(1);
    let default = Policy::default();
    let cases = [
        (default, 0.0, vec![1000, 2000, 4000, 8000]),
        (default, 0.5, vec![750, 1500, 3000, 6000]),
        (default, f64::NAN, vec![1000, 2000, 4000, 8000]),
        (default, 7.0, vec![500, 1000, 2000, 4000]),
        (default.with_longest(3 * second), 0.0, vec![1000, 2000, 3000, 3000]),
        (default.with_pause(second / 4).with_growth(1.0).with_attempts(3), 0.0, vec![250, 250]),
        (default.with_growth(f64::NAN).with_attempts(3), 0.0, vec![1000, 1000]),
        (default.with_growth(0.1).with_attempts(3), 0.0, vec![1000, 1000]),
        (default.with_pause(Duration::ZERO).with_attempts(3), 0.0, vec![0, 0]),
        (default.with_attempts(0), 0.0, vec![]),
        (Policy::never(), 0.0, vec![]),
        (
            default.with_pause(Duration::MAX).with_longest(Duration::MAX).with_attempts(2),
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
    let policy = Policy::default().with_growth(1e9);
    for attempt in [3, 100, u32::MAX] {
        assert_eq!(policy.pause(attempt), Duration::from_secs(30));
    }
}

#[test]
fn the_last_attempt_says_that_none_is_left_rather_than_that_the_answer_is_final() {
    let refused = code(503, "QUERY_LIMIT_EXCEEDED");
    let denied = code(403, "ACCESS_DENIED");
    let lost = without_answer(Kind::Timeout);
    let last = |failure| decide(&Policy::default(), &Attempt::new(5, failure), 0.0);
    assert_eq!(last(&refused), Verdict::Stop(Stop::Spent));
    assert_eq!(last(&denied), Verdict::Stop(Stop::Settled));
    assert_eq!(last(&lost), Verdict::Stop(Stop::MayHaveRun));
}

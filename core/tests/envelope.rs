//! Every form in which a portal's answer is known to come.

use bitrix24_core::{Error, ErrorKind, Executed, RawErrorCode, SystemError, Value, json, parse_response};

fn answer(status: u16, body: &Value) -> Result<bitrix24_core::RawResponse, Error<RawErrorCode>> {
    parse_response(status, body.to_string().as_bytes()).map_err(|failure| Error::new("stock.get", failure))
}

#[test]
fn an_answer_with_a_result_succeeds_whatever_stands_beside_it() {
    let cases = [
        (json!({"result": 7}), (json!(7), None, None, None)),
        (json!({"result": null}), (json!(null), None, None, None)),
        (json!({"result": []}), (json!([]), None, None, None)),
        (json!({"result": false, "more": 1}), (json!(false), None, None, None)),
        (
            json!({"time": {"duration": 0.5}, "result": {"b": 1, "a": 2}}),
            (json!({"b": 1, "a": 2}), Some(0.5), None, None),
        ),
        (json!({"result": 7, "time": {"duration": "0.5"}}), (json!(7), Some(0.5), None, None)),
        (json!({"result": 7, "time": {"duration": "soon"}}), (json!(7), None, None, None)),
        (json!({"result": 7, "time": "soon"}), (json!(7), None, None, None)),
        (json!({"result": 7, "time": []}), (json!(7), None, None, None)),
        (json!({"result": 7, "total": 120, "next": 50}), (json!(7), None, Some(120), Some(50))),
        (json!({"result": 7, "total": "120", "next": "50"}), (json!(7), None, Some(120), Some(50))),
        (json!({"result": 7, "total": 0, "next": 0}), (json!(7), None, Some(0), Some(0))),
        (json!({"result": 7, "total": null, "next": false}), (json!(7), None, None, None)),
        (json!({"result": {"error": "X"}}), (json!({"error": "X"}), None, None, None)),
        (json!({"result": {"error": {"text": "X"}}}), (json!({"error": {"text": "X"}}), None, None, None)),
        (
            json!({"result": {"error": {"code": "X"}, "id": 7}}),
            (json!({"error": {"code": "X"}, "id": 7}), None, None, None),
        ),
    ];
    for (body, expected) in cases {
        let answer = answer(200, &body).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!((answer.result, answer.time.duration, answer.total, answer.next), expected, "{body}");
    }
}

#[test]
fn an_empty_error_beside_a_result_is_none() {
    let empties = [json!(null), json!(""), json!(false), json!([]), json!({})];
    for error in empties {
        let body = json!({"result": 7, "error": error});
        assert_eq!(answer(200, &body).unwrap().result, json!(7), "{body}");
        let body = json!({"result": 7, "error": error, "error_description": ""});
        assert_eq!(answer(200, &body).unwrap().result, json!(7), "{body}");
    }
}

#[test]
fn an_error_is_told_in_many_forms_under_any_status() {
    let cases = [
        (json!({"error": "NOT_HERE", "error_description": "No bolt"}), "NOT_HERE", "No bolt"),
        (json!({"error": "NOT_HERE"}), "NOT_HERE", ""),
        (json!({"error": "NOT_HERE", "result": null}), "NOT_HERE", ""),
        (json!({"error": 400, "error_description": "No bolt"}), "400", "No bolt"),
        (json!({"error": 200_040_300_020_i64}), "200040300020", ""),
        (json!({"error": "1048582", "error_description": "No bolt"}), "1048582", "No bolt"),
        (json!({"error": 0}), "0", ""),
        (json!({"error": "0", "result": []}), "0", ""),
        (json!({"error": true}), "true", ""),
        (json!({"error": ["A", 1]}), "[\"A\",1]", ""),
        (json!({"error": "", "error_description": "No bolt"}), "", "No bolt"),
        (json!({"error": "", "error_description": "No bolt", "result": []}), "", "No bolt"),
        (json!({"error": null, "error_description": "No bolt"}), "", "No bolt"),
        (json!({"error": [], "error_description": "No bolt"}), "", "No bolt"),
        (json!({"error_description": "No bolt"}), "", "No bolt"),
        (json!({"error": ""}), "", ""),
        (json!({"error": {"code": "BAD", "message": "No bolt"}}), "BAD", "No bolt"),
        (json!({"error": {"code": 17, "message": "No bolt", "validation": []}}), "17", "No bolt"),
        (json!({"error": {"error": "BAD", "error_description": "No bolt"}}), "BAD", "No bolt"),
        (json!({"error": {"odd": 1}}), "", ""),
        (json!({"result": {"error": {"error": "BAD", "error_description": "No bolt"}}}), "BAD", "No bolt"),
        (json!({"result": {"error": {"code": 0, "message": "No bolt"}}, "time": {}}), "0", "No bolt"),
    ];
    for (body, code, description) in cases {
        for status in [200, 400, 500] {
            let error = answer(status, &body).unwrap_err();
            assert_eq!((error.kind(), error.executed()), (ErrorKind::Method, Executed::Yes), "{body}");
            assert_eq!(error.status(), Some(status), "{body}");
            assert_eq!((error.code(), error.description()), (Some(code), description), "{body}");
            assert!(error.is(RawErrorCode::from(code)), "{body}");
        }
    }
}

#[test]
fn the_fields_that_rest_3_refuses_are_told_one_by_one() {
    let validation = json!([
        {"field": "name", "message": "too long"}, {"field": "size", "message": 7}, {"message": "no owner"}, "odd", [1],
    ]);
    let body = json!({"error": {"code": "BAD", "message": "No", "validation": validation}});
    let error = answer(400, &body).unwrap_err();
    let told: Vec<_> = error.invalid_fields().iter().map(|field| (&*field.field, &*field.message)).collect();
    let expected = [("name", "too long"), ("size", "7"), ("", "no owner"), ("", "odd"), ("", "[1]")];
    assert_eq!(told, expected);
    assert_eq!(error.description(), "No");
    assert!(error.to_string().ends_with(": No; name: too long; size: 7; no owner; odd; [1]"), "{error}");
    assert_eq!(answer(400, &json!({"error": "BAD"})).unwrap_err().invalid_fields(), []);
}

#[test]
fn the_codes_of_any_method_are_known_in_any_case() {
    for code in ["QUERY_LIMIT_EXCEEDED", "query_limit_exceeded"] {
        let error = answer(503, &json!({"error": code})).unwrap_err();
        assert_eq!(
            (error.kind(), error.system_error()),
            (ErrorKind::System, Some(SystemError::QueryLimitExceeded))
        );
        assert_eq!(error.code(), Some(code), "the code stands as it was written");
    }
}

#[test]
fn a_call_that_was_refused_for_its_pace_has_not_run_whoever_knows_its_code() {
    let codes =
        ["QUERY_LIMIT_EXCEEDED", "operation_time_limit", "BITRIX_REST_V3_EXCEPTION_RATELIMITEXCEPTION"];
    for code in codes {
        let error = answer(429, &json!({"error": {"code": code, "message": "slowly"}})).unwrap_err();
        assert_eq!((error.executed(), error.code()), (Executed::No, Some(code)));
    }
}

#[test]
fn what_is_no_answer_says_what_it_is_instead() {
    let cases: [(u16, &[u8], ErrorKind, &str); 17] = [
        (200, b"", ErrorKind::NotJson, "the response is empty (HTTP 200)"),
        (502, b" \r\n", ErrorKind::NotJson, "the response is empty (HTTP 502)"),
        (
            403,
            b"<html><body class=\"x\"><h1>Go\n away</h1></body></html>",
            ErrorKind::NotJson,
            "the response is an HTML page instead of JSON: Go away (HTTP 403)",
        ),
        (
            200,
            b"\n<!DOCTYPE html>Sign in",
            ErrorKind::NotJson,
            "the response is an HTML page instead of JSON: Sign in (HTTP 200)",
        ),
        (
            200,
            b"OK",
            ErrorKind::NotJson,
            "the response is not JSON (expected value at line 1 column 1): OK (HTTP 200)",
        ),
        (200, b"{\"result\": 7}x", ErrorKind::NotJson, "the response is not JSON (trailing characters"),
        (200, b"\xff\xfe", ErrorKind::NotJson, "the response is not JSON"),
        (200, b"{\"result\": \"\xff\"}", ErrorKind::NotJson, "the response is not JSON"),
        (200, b"{\"result\": 1e999}", ErrorKind::NotJson, "the response is not JSON (number out of range"),
        (200, b"{\"result\": [1, 2", ErrorKind::Truncated, "the response ends after 16 bytes (HTTP 200)"),
        (200, b"{", ErrorKind::Truncated, "the response ends after 1 bytes (HTTP 200)"),
        (
            200,
            b"[]",
            ErrorKind::UnexpectedResponse,
            "the response is not an envelope: `result`: expected an object with `result` or `error`",
        ),
        (200, b"\"text\"", ErrorKind::UnexpectedResponse, "found \"text\" (HTTP 200)"),
        (200, b"null", ErrorKind::UnexpectedResponse, "found null (HTTP 200)"),
        (200, b"{}", ErrorKind::UnexpectedResponse, "neither `result` nor `error`; its keys are:"),
        (
            200,
            b"{\"openapi\": 3, \"paths\": {}}",
            ErrorKind::UnexpectedResponse,
            "its keys are: openapi, paths (HTTP 200)",
        ),
        (
            500,
            b"{\"result\": 7}",
            ErrorKind::UnexpectedResponse,
            "but its status indicates an error (HTTP 500)",
        ),
    ];
    for (status, body, kind, text) in cases {
        let failure = parse_response(status, body).unwrap_err();
        assert_eq!(failure.kind(), kind, "{}", body.escape_ascii());
        assert!(failure.to_string().contains(text), "{}: {failure}", body.escape_ascii());
        assert_ne!(Error::<RawErrorCode>::new("stock.get", failure).executed(), Executed::No);
    }
}

#[test]
fn a_count_that_cannot_be_read_is_an_error() {
    let cases = [
        (json!({"result": [], "next": "soon"}), "`next`: expected an integer, found \"soon\""),
        (json!({"result": [], "total": 1.5}), "`total`: expected an integer, found 1.5"),
        (json!({"result": [], "next": -1}), "`next`: expected a count, found -1"),
        (json!({"result": [], "total": [1]}), "`total`: expected an integer, found a list of 1"),
    ];
    for (body, text) in cases {
        let error = answer(200, &body).unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Decode, Some(200)), "{body}");
        assert_eq!(error.mismatch().unwrap().to_string(), text);
    }
}

#[test]
fn a_result_that_cannot_be_taken_as_it_should_is_still_there() {
    let cases = [
        (200, json!({"result": {"id": 7}, "total": "soon"}), Some(json!({"id": 7}))),
        (200, json!({"result": {"id": 7}, "error": "HALF_DONE"}), Some(json!({"id": 7}))),
        (500, json!({"result": 7}), Some(json!(7))),
        (200, json!({"result": [], "error": "NOTHING_DONE"}), None),
        (400, json!({"error": "NOTHING_DONE"}), None),
    ];
    for (status, body, kept) in cases {
        assert_eq!(answer(status, &body).unwrap_err().raw_result(), kept.as_ref(), "{body}");
    }

    let body = json!({"result": {"id": "s3cret"}, "total": 1});
    let read = answer(200, &body).unwrap().with_body(body.to_string().into_bytes()).decode::<i64>();
    let error: Error<RawErrorCode> = Error::new("stock.add", read.unwrap_err());
    assert_eq!((error.kind(), error.raw_result()), (ErrorKind::Decode, Some(&json!({"id": "s3cret"}))));
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
}

#[test]
fn json_that_is_nested_too_deep_is_refused_and_not_followed() {
    let body = "[".repeat(100_000);
    assert_eq!(parse_response(200, body.as_bytes()).unwrap_err().kind(), ErrorKind::NotJson);
}

#[test]
fn a_long_answer_is_cut_when_it_is_shown() {
    let failure = parse_response(200, "я".repeat(10_000).as_bytes()).unwrap_err();
    assert!(failure.to_string().chars().count() < 400, "{failure}");
}

//! The known forms of a portal's response.

use std::collections::BTreeMap;

use bitrix24_core::wire::{FromWire, MismatchPolicy, WireReader, YesNo};
use bitrix24_core::{
    Error, ErrorKind, Executed, Map, RawErrorCode, SystemError, Time, Value, json, parse_response,
};

fn parse(status: u16, body: &Value) -> Result<bitrix24_core::RawResponse, Error<RawErrorCode>> {
    parse_response(status, body.to_string().as_bytes()).map_err(|failure| Error::new("stock.get", failure))
}

#[test]
fn a_response_with_a_result_succeeds_whatever_its_other_keys() {
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
        let response = parse(200, &body).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(
            (response.result.to_value(), response.time.duration, response.total, response.next),
            expected,
            "{body}"
        );
    }
}

#[test]
fn each_part_of_the_time_is_optional_and_may_have_any_type() {
    let cases = [
        (
            json!({"start": 1_788_430_740, "processing": 0, "operating": 0.25}),
            [Some(1_788_430_740.0), Some(0.0), Some(0.25)],
        ),
        (json!({"start": 1_788_430_740.5, "processing": 0.1}), [Some(1_788_430_740.5), Some(0.1), None]),
        (json!({"start": "1788430740.5", "operating": null}), [Some(1_788_430_740.5), None, None]),
        (json!({"start": "soon", "processing": 0.1, "operating": [1]}), [None, Some(0.1), None]),
        (json!({"operating": false, "processing": {"odd": 1}, "start": 1}), [Some(1.0), None, None]),
    ];
    for (time, expected) in cases {
        let time_read = parse(200, &json!({"result": 7, "time": time})).unwrap().time;
        assert_eq!([time_read.start, time_read.processing, time_read.operating], expected, "{time}");
    }
}

#[test]
fn an_empty_error_beside_a_result_is_ignored() {
    let empties = [json!(null), json!(""), json!(false), json!([]), json!({})];
    for error in empties {
        let body = json!({"result": 7, "error": error});
        assert_eq!(parse(200, &body).unwrap().result, json!(7), "{body}");
        let body = json!({"result": 7, "error": error, "error_description": ""});
        assert_eq!(parse(200, &body).unwrap().result, json!(7), "{body}");
    }
}

#[test]
fn an_error_is_recognized_in_every_form_and_with_any_status() {
    let cases = [
        (json!({"error": "NOT_HERE", "error_description": "No bolt"}), "NOT_HERE", "No bolt"),
        (json!({"error": "NOT_HERE"}), "NOT_HERE", ""),
        (json!({"error": "NOT_HERE", "error_description": "No<br>bolt"}), "NOT_HERE", "No<br>bolt"),
        (json!({"error": "not_Here", "error_description": null}), "not_Here", ""),
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
            let error = parse(status, &body).unwrap_err();
            // The code is in no documentation, so any part of the portal may have sent it.
            assert_eq!((error.kind(), error.executed()), (ErrorKind::Method, Executed::Unknown), "{body}");
            assert_eq!(error.status(), Some(status), "{body}");
            assert_eq!((error.code(), error.description()), (Some(code), description), "{body}");
            assert!(error.is(RawErrorCode::from(code)), "{body}");
        }
    }
}

#[test]
fn the_invalid_fields_of_rest_3_are_listed() {
    let validation = json!([
        {"field": "name", "message": "too long"}, {"field": "size", "message": 7}, {"message": "no owner"}, "odd", [1],
    ]);
    let body = json!({"error": {"code": "BAD", "message": "No", "validation": validation}});
    let error = parse(400, &body).unwrap_err();
    let fields: Vec<_> =
        error.invalid_fields().iter().map(|field| (&*field.field, &*field.message)).collect();
    let expected = [("name", "too long"), ("size", "7"), ("", "no owner"), ("", "odd"), ("", "[1]")];
    assert_eq!(fields, expected);
    assert_eq!(error.description(), "No");
    assert!(error.to_string().ends_with(": No; name: too long; size: 7; no owner; odd; [1]"), "{error}");
    assert_eq!(parse(400, &json!({"error": "BAD"})).unwrap_err().invalid_fields(), []);
}

#[test]
fn system_error_codes_are_case_insensitive() {
    for code in ["QUERY_LIMIT_EXCEEDED", "query_limit_exceeded"] {
        let error = parse(503, &json!({"error": code})).unwrap_err();
        assert_eq!(
            (error.kind(), error.system_error()),
            (ErrorKind::System, Some(SystemError::QueryLimitExceeded))
        );
        assert_eq!(error.code(), Some(code), "the code keeps its case");
    }
}

#[test]
fn a_system_error_is_recognized_with_another_status_than_documented() {
    let cases = [
        ("PORTAL_DELETED", 500, SystemError::PortalDeleted),
        ("PORTAL_DELETED", 410, SystemError::PortalDeleted),
        ("insufficient_scope", 401, SystemError::InsufficientScope),
        ("INVALID_CREDENTIALS", 401, SystemError::InvalidCredentials),
    ];
    for (code, status, system) in cases {
        let error = parse(status, &json!({"error": code})).unwrap_err();
        assert_eq!((error.system_error(), error.executed()), (Some(system), Executed::No), "{code} {status}");
    }
}

#[test]
fn an_empty_result_stands_for_an_empty_list_and_for_false() {
    fn decode<T: FromWire>(result: Value) -> Option<(T, usize)> {
        let response = parse(200, &json!({"result": result})).unwrap().decode::<T>().ok()?;
        let mismatches = response.mismatches().len();
        Some((response.result, mismatches))
    }
    let empty_values = [json!(null), json!(""), json!(false), json!([]), json!({})];
    let no_rows: [usize; 5] = [1, 1, 1, 0, 0];
    for (result, mismatches) in empty_values.clone().into_iter().zip(no_rows) {
        assert_eq!(decode::<Vec<i64>>(result.clone()), Some((vec![], mismatches)), "{result}");
        assert_eq!(
            decode::<BTreeMap<String, i64>>(result.clone()),
            Some((BTreeMap::new(), mismatches)),
            "{result}"
        );
        assert_eq!(decode::<Map<String, Value>>(result.clone()), Some((Map::new(), mismatches)), "{result}");
    }
    for result in empty_values {
        let mismatches = usize::from(result != json!(false));
        assert_eq!(decode::<bool>(result.clone()), Some((false, mismatches)), "{result}");
        assert_eq!(decode::<YesNo>(result.clone()), Some((false.into(), mismatches)), "{result}");
        assert_eq!(decode::<()>(result.clone()), Some(((), 0)), "{result}");
        assert_eq!(decode::<i64>(result.clone()), None, "{result}");
        assert_eq!(
            decode::<Time>(result.clone()).is_some(),
            result.is_array() || result.is_object(),
            "{result}"
        );
    }
    assert_eq!(decode::<()>(json!(true)), Some(((), 1)));
    assert_eq!(decode::<()>(json!(7)), None, "an identifier is not lost");
    assert_eq!(decode::<bool>(json!("yes")), None);
    assert_eq!(decode::<Vec<i64>>(json!([1, "x"])), None);
}

#[test]
fn a_strict_decoding_fails_at_the_first_mismatch() {
    let body = json!({"result": {"start": "soon", "finish": 7}});
    let response = parse(200, &body).unwrap();
    let read = response.clone().decode::<Time>().unwrap();
    assert_eq!((read.result.start, read.result.finish), (None, Some(7.0)));
    assert_eq!(read.result.extra["start"], "soon");
    assert_eq!(read.mismatches()[0].path(), "start");
    let failure = response.decode_as::<Time, WireReader>(MismatchPolicy::Error).unwrap_err();
    let error: Error<RawErrorCode> = Error::new("stock.get", failure);
    assert_eq!((error.kind(), error.raw_result()), (ErrorKind::Decode, Some(&body["result"])));
}

#[test]
fn a_rate_limited_call_has_not_been_executed() {
    let codes =
        ["QUERY_LIMIT_EXCEEDED", "operation_time_limit", "BITRIX_REST_V3_EXCEPTION_RATELIMITEXCEPTION"];
    for code in codes {
        let error = parse(429, &json!({"error": {"code": code, "message": "slowly"}})).unwrap_err();
        assert_eq!((error.executed(), error.code()), (Executed::No, Some(code)));
    }
}

#[test]
fn an_invalid_response_is_described_by_its_error() {
    let cases: [(u16, &[u8], ErrorKind, &str); 16] = [
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
fn an_invalid_count_is_an_error() {
    let cases = [
        (json!({"result": [], "next": "soon"}), "`next`: expected an integer, found \"soon\""),
        (json!({"result": [], "total": 1.5}), "`total`: expected an integer, found 1.5"),
        (json!({"result": [], "next": -1}), "`next`: expected a count, found -1"),
        (json!({"result": [], "total": [1]}), "`total`: expected an integer, found a list of 1"),
    ];
    for (body, text) in cases {
        let error = parse(200, &body).unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Decode, Some(200)), "{body}");
        assert_eq!(error.mismatch().unwrap().to_string(), text);
    }
}

#[test]
fn a_failed_response_keeps_its_raw_result() {
    let cases = [
        (200, json!({"result": {"id": 7}, "total": "soon"}), Some(json!({"id": 7}))),
        (200, json!({"result": {"id": 7}, "error": "HALF_DONE"}), Some(json!({"id": 7}))),
        (500, json!({"result": 7}), Some(json!(7))),
        (200, json!({"result": [], "error": "NOTHING_DONE"}), None),
        (400, json!({"error": "NOTHING_DONE"}), None),
    ];
    for (status, body, raw_result) in cases {
        assert_eq!(parse(status, &body).unwrap_err().raw_result(), raw_result.as_ref(), "{body}");
    }

    let body = json!({"result": {"id": "s3cret"}, "total": 1});
    let read = parse(200, &body).unwrap().decode::<i64>();
    let error: Error<RawErrorCode> = Error::new("stock.add", read.unwrap_err());
    assert_eq!((error.kind(), error.raw_result()), (ErrorKind::Decode, Some(&json!({"id": "s3cret"}))));
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
}

#[test]
fn json_that_is_nested_too_deeply_is_refused() {
    let body = "[".repeat(100_000);
    assert_eq!(parse_response(200, body.as_bytes()).unwrap_err().kind(), ErrorKind::NotJson);
}

#[test]
fn a_long_response_is_shortened_in_the_message() {
    let failure = parse_response(200, "я".repeat(10_000).as_bytes()).unwrap_err();
    assert!(failure.to_string().chars().count() < 400, "{failure}");
}

#[test]
fn a_rejected_call_is_an_error_of_the_system_in_any_status_and_language() {
    let cases = [
        (401, "METHOD_CONFIRM_WAITING"),
        (403, "METHOD_CONFIRM_DENIED"),
        (401, "PAYMENT_REQUIRED"),
        (403, "WRONG_AUTH_TYPE"),
        (403, "allowed_only_intranet_user"),
        (401, "APPLICATION_NOT_FOUND"),
        (401, "ERROR_OAUTH"),
        (401, "authorization_error"),
        (401, "INVALID_TOKEN"),
        (401, "invalid_credentials"),
        (403, "INVALID_CREDENTIALS"),
        (401, "INSUFFICIENT_SCOPE"),
        (403, "insufficient_scope"),
        (404, "ERROR_METHOD_NOT_FOUND"),
        (410, "PORTAL_DELETED"),
    ];
    for (status, code) in cases {
        let body = json!({"error": code, "error_description": "Ошибка<br>"});
        let error = parse(status, &body).unwrap_err();
        let system = error.system_error().unwrap_or_else(|| panic!("{code} is no system error"));
        assert!(system.code().eq_ignore_ascii_case(code), "{code}");
        assert_eq!((error.kind(), error.executed()), (ErrorKind::System, Executed::No), "{code}");
        assert_eq!((error.code(), error.description()), (Some(code), "Ошибка<br>"), "{code}");
        let is_known = system.statuses().is_empty() || system.statuses().contains(&status) || status == 410;
        assert!(is_known, "{code} {status}");
        assert_eq!(system.statuses().first().copied(), system.status(), "{code}");
    }
}

#[test]
fn the_texts_of_an_error_are_bounded() {
    let long = "x".repeat(4 << 20);
    let field = |number: usize| json!({"field": format!("field {number}"), "message": "No"});
    let many: Vec<Value> = (0..200_000).map(field).collect();
    let bodies = [
        json!({"error": {"code": "INVALID", "message": "No", "validation": many}}),
        json!({"error": {"code": "INVALID", "validation": [{"field": long, "message": long}]}}),
        json!({"error": "INVALID", "error_description": long}),
        json!({"error": long, "error_description": "No"}),
        json!({long.as_str(): 1}),
        json!(long),
        json!({"result": 1, "total": long}),
    ];
    let texts = bodies.map(|body| body.to_string()).into_iter();
    for text in texts.chain([long.clone(), format!("<html>{long}</html>"), format!("\u{feff}{long}")]) {
        let failure = parse_response(400, text.as_bytes()).unwrap_err();
        let error = Error::<RawErrorCode>::new("zoo.animal.add", failure);
        assert!(error.to_string().len() < 3000, "{}", error.to_string().len());
        assert!(format!("{error:?}").len() < 200_000, "{}", format!("{error:?}").len());
        assert!(error.invalid_fields().len() <= 1000);
    }
}

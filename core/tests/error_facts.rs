//! The facts of errors, serialized and read again.
#![cfg(feature = "serde")]

use bitrix24_core::{Error, ErrorFacts, ErrorKind, Failure, RawErrorCode, json};
use serde_json::{from_value, to_value};

#[test]
fn facts_come_back() {
    let failures = [
        Failure::from_response(400, "NOT_FOUND", "There is no such deal"),
        Failure::from_response(503, "QUERY_LIMIT_EXCEEDED", "Too many requests"),
        Failure::from_code("", ""),
        Failure::new(ErrorKind::Timeout, "no response arrived within 30 seconds"),
        Failure::new(ErrorKind::NotJson, "an HTML page").with_status(502),
        Failure::auth(400, "invalid_grant", ""),
    ];
    for failure in failures {
        let error: Error<RawErrorCode> = Error::new("crm.deal.get", failure);
        let written = to_value(&error).unwrap();
        assert_eq!(written, to_value(error.facts()).unwrap());
        assert_eq!(from_value::<ErrorFacts>(written.clone()).unwrap(), error.facts(), "{written}");
        let text = written.to_string();
        assert_eq!(serde_json::from_str::<ErrorFacts>(&text).unwrap(), error.facts(), "{text}");
    }
}

#[test]
fn facts_are_plain_values() {
    let failure = Failure::from_response(503, "QUERY_LIMIT_EXCEEDED", "Too many requests");
    let expected = json!({
        "method": "crm.deal.get", "kind": "system", "code": "QUERY_LIMIT_EXCEEDED", "message": "Too many requests",
        "status": 503, "executed": "no",
    });
    assert_eq!(to_value(Error::<RawErrorCode>::new("crm.deal.get", failure)).unwrap(), expected);
    for (name, value, message) in [
        ("kind", json!("other"), "`kind`: expected a kind of errors, found \"other\""),
        ("executed", json!(true), "`executed`: expected yes, no or unknown, found true"),
        ("status", json!(70_000), "`status`: expected an HTTP status, found 70000"),
    ] {
        let mut wrong = expected.clone();
        wrong[name] = value;
        assert_eq!(from_value::<ErrorFacts>(wrong).unwrap_err().to_string(), message);
    }
}

//! Requests without a type, serialized and read again.
#![cfg(feature = "serde")]

use std::time::Duration;

use bitrix24_core::rate_limit::{CountedBy, RateLimit};
use bitrix24_core::{HasKeyset, Keyset, Method, Pagination, RawRequest, Value, json, raw};
use proptest::prelude::*;
use serde_json::{from_value, to_value};

/// A request in a queue.
fn through_text<T: serde::Serialize + serde::de::DeserializeOwned>(request: &T) -> T {
    let text = serde_json::to_string(request).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_request_comes_back_as_it_was() {
    let params =
        json!({"zebra": 1, "Apple": [1.25, u64::MAX, "x", null, {}], "order": {"b": "ASC", "a": "DESC"}});
    let mut limit = RateLimit::new(3, 60).counted_by(CountedBy::Application);
    limit.period += Duration::from_nanos(7);
    let requests = [
        raw("crm.deal.get", params),
        raw("tasks.task.list", json!([["a"], 2])).v3().read_only(),
        raw("zoo.list", json!(null)).rows_pointer("/items").pagination(Pagination::Cursor).rate_limit(limit),
        raw("", json!(7)).pagination(Pagination::None),
    ];
    for request in requests {
        let read = through_text(&request);
        assert_eq!(read, request);
        assert_eq!(read.info(), request.info());
        // PHP reads parameters by position, so that their order is kept too.
        assert_eq!(json!(read.params().as_map()).to_string(), json!(request.params().as_map()).to_string());
    }
    let keyset = Keyset::new("ID").with_row_id("id").with_params("FILTER", "sort").with_direction("order");
    for keyset in [Keyset::new("ID"), keyset] {
        let request = raw("zoo.list", json!({})).keyset(keyset);
        assert_eq!(through_text(&request), request);
        assert_eq!(through_text(&request.clone().of::<u8>()).info().keyset, Some(keyset));
    }
}

#[test]
fn a_written_request_is_plain_json() {
    let limit = RateLimit::new(3, 60).counted_by(CountedBy::User);
    let request = raw("zoo.list", json!({"a": 1})).v3().rate_limit(limit).keyset(Keyset::new("id"));
    let expected = json!({
        "method": "zoo.list", "api": "v3", "params": {"a": 1}, "side_effects": true, "pagination": "unknown",
        "rows_pointer": null,
        "keyset": {"id": "id", "row_id": "id", "filter": "filter", "order": "order", "direction": null},
        "rate_limit": {"requests": 3, "seconds": 60, "nanoseconds": 0, "counted_by": "user"},
    });
    assert_eq!(to_value(request).unwrap(), expected);
}

#[test]
fn a_request_that_was_changed_is_an_error_and_not_another_request() {
    let written = to_value(raw("zoo.list", json!({}))).unwrap();
    let cases = [
        ("api", json!("v4"), "`api`: expected v2 or v3, found \"v4\""),
        ("method", json!(null), "`method`: expected a text, found null"),
        ("params", json!("x"), "`params`: expected an object, found \"x\""),
        ("side_effects", json!("maybe"), "`side_effects`: expected true or false, found \"maybe\""),
        ("pagination", json!("all"), "`pagination`: expected the name of a pagination, found \"all\""),
        (
            "rate_limit",
            json!({"requests": -1, "seconds": 1, "nanoseconds": 0, "counted_by": "user"}),
            "`rate_limit.requests`: expected a number that is not negative, found -1",
        ),
        (
            "keyset",
            to_value(raw("zoo.list", json!({})).keyset(Keyset::new("ID"))).unwrap()["keyset"].clone(),
            "`keyset`: expected null; a request with a keyset is a `RawRequest<HasKeyset>`",
        ),
    ];
    for (name, value, message) in cases {
        let mut changed = written.clone();
        changed[name] = value;
        assert_eq!(from_value::<RawRequest>(changed).unwrap_err().to_string(), message);
    }
    for name in written.as_object().into_iter().flat_map(|fields| fields.keys()) {
        let mut missing = written.clone();
        if let Value::Object(fields) = &mut missing {
            fields.remove(name);
        }
        let error = from_value::<RawRequest>(missing).unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{name}`: ")), "{error}");
    }
    let error = from_value::<RawRequest<HasKeyset>>(written).unwrap_err().to_string();
    assert_eq!(error, "`keyset`: expected an object; a request without a keyset is a `RawRequest`");
}

proptest! {
    #[test]
    fn any_parameters_come_back(
        name in any::<String>(), key in any::<String>(), text in any::<String>(), number in any::<f64>(), count in any::<u64>()
    ) {
        let number = Some(number).filter(|number| number.is_finite());
        let request = raw(name, json!({key: [text, number, count, {"a": []}, [], false]}));
        prop_assert_eq!(through_text(&request), request);
    }
}

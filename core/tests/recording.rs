//! Recorded lines: the shapes of values, and what the lines of an exchange contain.

use bitrix24_core::recording::{Exchange, RecordValues, shape};
use bitrix24_core::{Api, Value, json};
use proptest::prelude::*;

/// The lines of an exchange as JSON. The secret of the caller is `5ecret`.
fn lines(exchange: Exchange<'_>, values: RecordValues) -> [Value; 2] {
    let lines = exchange.lines(values, &|text| text.replace("5ecret", "***"));
    lines.map(|line| {
        assert!(!line.contains('\n'), "{line}");
        serde_json::from_str(&line).unwrap()
    })
}

#[test]
fn values_have_shapes() {
    for (value, expected) in [
        (json!(null), json!(null)),
        (json!(true), json!(true)),
        (json!(0), json!(0)),
        (json!(35943), json!(1)),
        (json!(-7), json!(1)),
        (json!(99.9), json!(1.5)),
        (json!("35943"), json!("1")),
        (json!("Lion"), json!("text")),
        (json!([]), json!([])),
        (json!({}), json!({})),
        (json!(["lion.png", "aGVsbG8="]), json!(["text", "text"])),
        (json!([1, 2, 3, 4]), json!([1])),
        (json!([1, "a", null, 2, "b"]), json!([1, "text", null])),
        (
            json!([{"ID": "7", "NAME": "Lion"}, {"ID": "8", "NAME": "Bear"}, {"ID": "9", "NAME": null}]),
            json!([{"ID": "1", "NAME": "text"}, {"ID": "1", "NAME": null}]),
        ),
        (
            json!({"7": {"id": 7}, "9": {"id": 9}, "12": {"id": null}}),
            json!({"1": {"id": 1}, "2": {"id": null}}),
        ),
        (json!({"0": "Lion", "1": "Bear"}), json!({"0": "text"})),
        (json!({"anna@example.com": 7, "ivan@example.com": "x"}), json!({"key_1": 1, "key_2": "text"})),
        (json!({"ID": 1, "UF_CRM_1721244707107": ["5"]}), json!({"ID": 1, "UF_CRM_1": ["1"]})),
    ] {
        assert_eq!(shape(&value), expected, "{value}");
    }
}

#[test]
fn an_exchange_gives_a_request_and_a_response() {
    let params =
        json!({"filter": {">=BORN": "2020-02-03"}, "select": ["ID", "NAME", "UF_*"], "0": 7, "1": 8});
    let body = json!({
        "result": [{"ID": "35943", "NAME": "Leo"}], "next": 50, "total": 0,
        "time": {"start": 1430.5, "date_start": "2024-05-06T07:08:09+03:00"},
    });
    let exchange = Exchange::new(Api::V2, "zoo.animal.list", params, 200, body);
    let [request, response] = lines(exchange, RecordValues::Shapes);
    let params = json!({"filter": {">=BORN": "2000-01-01"}, "select": ["text"], "1": 1, "2": 1});
    assert_eq!(request, json!({"api": "v2", "method": "zoo.animal.list", "kind": "request", "body": params}));
    let body = json!({
        "result": [{"ID": "1", "NAME": "text"}], "next": 1, "total": 0,
        "time": {"start": 1.5, "date_start": "2000-01-01T00:00:00+03:00"},
    });
    let expected =
        json!({"api": "v2", "method": "zoo.animal.list", "kind": "response", "status": 200, "body": body});
    assert_eq!(response, expected);
}

#[test]
fn the_code_of_an_error_stays_and_its_description_does_not() {
    for (api, body, expected) in [
        (
            Api::V2,
            json!({"error": "ANIMAL_ASLEEP", "error_description": "Leo sleeps"}),
            json!({"error": "ANIMAL_ASLEEP", "error_description": "text"}),
        ),
        (
            Api::V2,
            json!({"error": 100, "error_description": ""}),
            json!({"error": 100, "error_description": ""}),
        ),
        (Api::V2, json!({"error": "Leo sleeps"}), json!({"error": "text"})),
        (
            Api::V3,
            json!({"error": {"code": "ZOO_CLOSED", "message": "Come back", "validation": [{"field": "name"}]}}),
            json!({"error": {"code": "ZOO_CLOSED", "message": "text", "validation": [{"field": "text"}]}}),
        ),
        (Api::V2, json!("<html>Bad gateway at 10.0.0.1</html>"), json!("text")),
    ] {
        let exchange = Exchange::new(api, "zoo.animal.feed", json!({}), 400, body);
        assert_eq!(lines(exchange, RecordValues::Shapes)[1]["body"], expected);
    }
}

#[test]
fn a_batch_keeps_its_methods_and_the_links_between_its_names() {
    let params = json!({"halt": 1, "cmd": {
        "cdeadbeef_0": "zoo.animal.get?ID=35943&filter[%3ENAME]=Leo", "lions of Anna": "zoo.animal.list", "x": "two words?a=1",
    }});
    let body = json!({"result": {
        "result": {"lions of Anna": [{"ID": "7"}]},
        "result_error": {"cdeadbeef_0": {"error": "ANIMAL_ASLEEP", "error_description": "Leo sleeps"}},
        "result_total": {"lions of Anna": 17}, "result_next": [], "result_time": {"lions of Anna": {"duration": 0.5}},
    }, "time": {"duration": 0.5}});
    let exchange = Exchange::new(Api::V2, "batch", params, 200, body);
    let [request, response] = lines(exchange, RecordValues::Shapes);
    let commands =
        json!({"c0": "zoo.animal.get?ID=1&filter[%3ENAME]=text", "c1": "zoo.animal.list", "c2": "text"});
    assert_eq!(request["body"], json!({"halt": 1, "cmd": commands}));
    let result = json!({
        "result": {"c1": [{"ID": "1"}]},
        "result_error": {"c0": {"error": "ANIMAL_ASLEEP", "error_description": "text"}},
        "result_total": {"c1": 1}, "result_next": [], "result_time": {"c1": {"duration": 1.5}},
    });
    assert_eq!(response["body"], json!({"result": result, "time": {"duration": 1.5}}));
}

#[test]
fn secrets_are_in_no_line() {
    let params = json!({"auth": "hidden1", "url": "https://zoo.bitrix24.com/rest/1/hidden2x/?token=hidden3", "5ecret": 1});
    let body = json!({"result": {
        "key": "5ecret", "access_token": "hidden4", "file": "https://zoo.bitrix24.com/get?auth=hidden5&id=7",
        "nested": [{"PASSWORD": "hidden6"}],
    }});
    for values in [RecordValues::Shapes, RecordValues::Verbatim] {
        let exchange = Exchange::new(Api::V3, "zoo.key.get", params.clone(), 200, body.clone());
        for line in lines(exchange, values) {
            let line = line.to_string();
            assert!(!line.contains("hidden") && !line.contains("5ecret"), "{values:?}: {line}");
        }
    }
}

#[test]
fn verbatim_lines_keep_values() {
    let body = json!({"result": [{"ID": "35943"}, {"ID": "35944"}, {"ID": "35945"}]});
    let exchange = Exchange::new(Api::V2, "zoo.animal.list", json!({"NAME": "Leo"}), 200, body.clone());
    let [request, response] = lines(exchange, RecordValues::Verbatim);
    assert_eq!((&request["body"], &response["body"]), (&json!({"NAME": "Leo"}), &body));
}

fn any_key() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z]{1,8}(_[A-Z]{1,6})?",
        "(UF_CRM_|ufCrm|parentId|PROPERTY_|chat|key_)[0-9]{1,13}",
        "[0-9]{1,6}",
        "[a-f0-9]{6,32}",
        "[a-zA-Z0-9_.]{0,12}",
        "[а-яёa-z@ :/.]{1,12}",
    ]
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[YN01]?",
        "-?[0-9]{1,24}",
        "[0-9]{1,10}\\.[0-9]{1,5}",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,7})?)?)?(Z|[+-]0[0-9]:00)?",
        "[0-9]{2}\\.[0-9]{2}\\.20[0-9]{2}",
        "\\PC{0,20}",
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any_text().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 64, 12, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..14).prop_map(Value::Array),
            prop::collection::vec((any_key(), inner), 0..14)
                .prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}

/// Whether a text of a shape says nothing about the text that it stands for.
fn is_shape(text: &str) -> bool {
    const FORMS: [&str; 16] = [
        "",
        "Y",
        "N",
        "y",
        "n",
        "0",
        "1",
        "-1",
        "01",
        "-01",
        "1.50",
        "-1.50",
        "true",
        "false",
        "text",
        "0000-00-00",
    ];
    let moments = ["2000-01-01", "20.01.2000", "01/20/2000", "2000/01/01", "2000.01.01", "0000-00-00"];
    let rest = moments.iter().find_map(|moment| text.strip_prefix(moment));
    FORMS.contains(&text)
        || rest
            .unwrap_or(text)
            .chars()
            .all(|c| matches!(c, '0' | '3' | ':' | '.' | '+' | '-' | 'T' | 'Z' | ' '))
}

/// Compares a value with its shape: the kinds of values, the number of keys where all are kept, and the texts.
fn check_shape(value: &Value, shape: &Value) {
    match (value, shape) {
        (Value::Null, Value::Null) | (Value::Bool(_), Value::Bool(_)) => assert_eq!(value, shape),
        (Value::Number(_), Value::Number(number)) => {
            assert!(["0", "0.0", "-0.0", "1", "1.5"].contains(&number.to_string().as_str()), "{number}");
        }
        (Value::String(_), Value::String(text)) => assert!(is_shape(text), "{text}"),
        (Value::Array(items), Value::Array(shapes)) => {
            assert!(shapes.len() <= items.len() && shapes.is_empty() == items.is_empty());
            if items.len() <= 2 {
                items.iter().zip(shapes).for_each(|(item, shape)| check_shape(item, shape));
            }
        }
        (Value::Object(map), Value::Object(shapes)) => {
            assert!(shapes.len() <= map.len() && shapes.is_empty() == map.is_empty());
            if shapes.len() == map.len() {
                map.values().zip(shapes.values()).for_each(|(value, shape)| check_shape(value, shape));
            }
            for key in shapes.keys().filter(|key| !map.contains_key(*key)) {
                assert!(key.contains(|c: char| c.is_ascii_digit()), "{key}");
                assert!(!key.contains(|c: char| !c.is_ascii()), "{key}");
            }
        }
        _ => panic!("{value} has the shape {shape}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_shape_has_the_structure_of_its_value_and_none_of_its_texts(value in any_json()) {
        check_shape(&value, &shape(&value));
    }

    #[test]
    fn a_shape_is_its_own_shape(value in any_json()) {
        let once = shape(&value);
        prop_assert_eq!(shape(&once), once);
    }

    #[test]
    fn no_input_breaks_the_lines(params in any_json(), body in any_json(), is_batch in any::<bool>()) {
        let method = if is_batch { "batch" } else { "zoo.animal.get" };
        for values in [RecordValues::Shapes, RecordValues::Verbatim] {
            lines(Exchange::new(Api::V2, method, params.clone(), 200, body.clone()), values);
        }
    }
}

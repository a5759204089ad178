//! What holds for every value, not only for those that someone has thought of.

use std::collections::BTreeMap;
use std::fmt::Debug;

use bitrix24_core::wire::{DateTime, Fields, FromWire, ToWire, YesNo};
use bitrix24_core::{Error, Map, Params, RawErrorCode, Time, Value, json, parse_response};
use proptest::collection::{btree_map, hash_map, vec};
use proptest::prelude::*;

/// Texts that PHP is known to write for something else, and any other.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        proptest::sample::select(vec![
            "",
            " ",
            "Y",
            "N",
            "D",
            "0",
            "1",
            "-1",
            "1.0",
            "1e400",
            "null",
            "[]",
            "NaN",
            "9".repeat(40).leak()
        ])
        .prop_map(str::to_owned),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| number.to_string()),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ]
}

/// Any JSON, with keys that are numbers as often as not.
fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![text(), (0..4_u8).prop_map(|key| key.to_string()), Just("duration".to_owned())];
    scalar().prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((key.clone(), inner), 0..6).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// JSON with the keys of an envelope and anything behind them.
fn envelope() -> impl Strategy<Value = Value> {
    let keys = ["result", "error", "error_description", "time", "total", "next", "other"];
    let error =
        vec((proptest::sample::select(vec!["code", "message", "validation", "error"]), any_json()), 0..4)
            .prop_map(|entries| {
                entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>()
            });
    let value = prop_oneof![any_json(), error.prop_map(Value::Object)];
    vec((proptest::sample::select(keys.to_vec()), value), 0..6).prop_map(|entries| {
        Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    })
}

/// Reads a value as a type, as each of the types made of it, and shows what is said where it is refused.
fn read_in_all_ways<T: FromWire>(value: &Value) {
    fn read<T: FromWire>(value: &Value) {
        if let Err(mismatch) = T::from_wire(value.clone()) {
            assert!(!format!("{mismatch} {mismatch:?} {}", mismatch.path()).is_empty());
        }
    }
    read::<T>(value);
    read::<Option<T>>(value);
    read::<Box<T>>(value);
    read::<Vec<T>>(value);
    read::<Vec<Option<T>>>(value);
    read::<Option<Vec<T>>>(value);
    read::<BTreeMap<String, T>>(value);
    read::<BTreeMap<String, Vec<T>>>(value);
}

/// What is written is read back, in memory and through the text that goes over the wire.
fn comes_back<T: FromWire + ToWire + Debug + PartialEq>(given: &T) {
    let written = given.to_wire();
    let sent: Value = serde_json::from_str(&written.to_string()).unwrap();
    assert_eq!(T::from_wire(written).as_ref(), Ok(given));
    assert_eq!(T::from_wire(sent).as_ref(), Ok(given));
}

/// A number that JSON can say; a negative zero comes back as zero where it was an integer.
fn number() -> impl Strategy<Value = f64> {
    proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO
}

fn flag() -> impl Strategy<Value = YesNo> {
    any::<bool>().prop_map(YesNo::from)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_json_makes_reading_panic(value in any_json()) {
        read_in_all_ways::<i64>(&value);
        read_in_all_ways::<f64>(&value);
        read_in_all_ways::<bool>(&value);
        read_in_all_ways::<YesNo>(&value);
        read_in_all_ways::<String>(&value);
        read_in_all_ways::<DateTime>(&value);
        read_in_all_ways::<Value>(&value);
        read_in_all_ways::<Map<String, Value>>(&value);
        read_in_all_ways::<Time>(&value);
        read_in_all_ways::<()>(&value);
    }

    #[test]
    fn no_bytes_make_reading_an_answer_panic(status in any::<u16>(), body in vec(any::<u8>(), 0..200)) {
        if let Err(failure) = parse_response(status, &body) {
            prop_assert!(!failure.to_string().is_empty());
        }
    }

    #[test]
    fn no_text_makes_reading_an_answer_panic(status in any::<u16>(), body in "[\\PC<>{}\"\n ]{0,80}") {
        if let Err(failure) = parse_response(status, body.as_bytes()) {
            prop_assert!(!failure.to_string().is_empty());
        }
    }

    #[test]
    fn no_envelope_makes_reading_an_answer_panic(status in any::<u16>(), body in envelope()) {
        let error = parse_response(status, body.to_string().as_bytes()).map_err(|failure| Error::<RawErrorCode>::new("a.b", failure));
        if let Err(error) = error {
            let shown = format!("{error} {error:?} {:?} {:?}", error.kind(), error.executed());
            prop_assert!(!shown.is_empty());
        }
    }

    #[test]
    fn an_answer_cut_anywhere_never_succeeds(body in envelope(), cut in any::<proptest::sample::Index>()) {
        let text = body.to_string();
        let bytes = &text.as_bytes()[..cut.index(text.len())];
        prop_assert!(parse_response(200, bytes).is_err());
    }

    #[test]
    fn an_answer_with_a_result_and_no_error_gives_that_result(result in any_json()) {
        let body = json!({"result": result, "time": {"duration": 1}});
        // Through text once, since that is where a negative zero or a long number takes its final form.
        let result: Value = serde_json::from_str(&result.to_string()).unwrap();
        prop_assert_eq!(parse_response(200, body.to_string().as_bytes()).unwrap().result, result);
    }

    #[test]
    fn integers_come_back(value in any::<i64>()) {
        comes_back(&value);
    }

    #[test]
    fn numbers_come_back(value in number()) {
        comes_back(&value);
    }

    #[test]
    fn flags_come_back(value in any::<bool>()) {
        comes_back(&value);
        comes_back(&YesNo::from(value));
    }

    #[test]
    fn texts_come_back(value in any::<String>()) {
        comes_back(&value);
    }

    #[test]
    fn dates_come_back(value in ".+") {
        comes_back(&DateTime::from(value));
    }

    #[test]
    fn any_json_comes_back(value in any_json()) {
        comes_back(&value);
    }

    #[test]
    fn nested_values_come_back(
        lists in vec(vec(any::<Option<i64>>(), 0..4), 0..4),
        maps in btree_map(any::<String>(), vec(number(), 0..4), 0..4),
        flags in proptest::option::of(btree_map(any::<String>(), flag(), 0..4)),
        text in any::<Option<String>>().prop_map(|text| text.map(Box::new)),
    ) {
        comes_back(&lists);
        comes_back(&maps);
        comes_back(&flags);
        comes_back(&text);
    }

    #[test]
    fn an_integer_is_the_same_as_a_number_and_as_a_text(value in any::<i64>()) {
        prop_assert_eq!(i64::from_wire(json!(value)), Ok(value));
        prop_assert_eq!(i64::from_wire(json!(value.to_string())), Ok(value));
        prop_assert_eq!(i64::from_wire(json!(format!(" {value}\n"))), Ok(value));
    }

    #[test]
    fn an_integer_that_looks_like_a_fraction_is_read_exactly_or_refused(value in any::<i64>(), zeros in 1..9_usize) {
        let text = format!("{value}.{}", "0".repeat(zeros));
        if let Ok(read) = i64::from_wire(json!(text)) {
            prop_assert_eq!(read, value);
        }
        if let Ok(read) = i64::from_wire(serde_json::from_str(&text).unwrap()) {
            prop_assert_eq!(read, value);
        }
    }

    #[test]
    fn an_integer_of_usual_size_that_looks_like_a_fraction_is_read(value in -(1_i64 << 53) + 1..1_i64 << 53, zeros in 1..9_usize) {
        let text = format!("{value}.{}", "0".repeat(zeros));
        prop_assert_eq!(i64::from_wire(json!(text)), Ok(value));
        prop_assert_eq!(i64::from_wire(serde_json::from_str(&text).unwrap()), Ok(value));
    }

    #[test]
    fn parameters_keep_their_order(names in hash_map(any::<String>(), any_json(), 0..12)) {
        let mut params = Params::new();
        for (name, value) in &names {
            params.put(name, value);
            params.put_some::<i64>("never", &None);
        }
        let given: Vec<&String> = names.keys().collect();
        let kept: Vec<String> = params.as_map().keys().cloned().collect();
        prop_assert_eq!(kept.iter().collect::<Vec<_>>(), given.clone());
        let sent: Map<String, Value> = serde_json::from_str(&json!(params.as_map()).to_string()).unwrap();
        prop_assert_eq!(sent.keys().collect::<Vec<_>>(), given);
        let places: Vec<String> = params.into_positional().into_map().keys().cloned().collect();
        prop_assert_eq!(places.clone(), (0..places.len()).map(|place| place.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn fields_that_nobody_takes_are_kept(entries in btree_map("[a-e]{1,2}", any_json(), 0..8)) {
        let object: Map<String, Value> = entries.clone().into_iter().collect();
        let mut fields = Fields::new(Value::Object(object)).unwrap();
        let taken = fields.required::<Option<Value>>("a");
        let mut rest: BTreeMap<String, Value> = fields.remaining().into_iter().collect();
        prop_assert_eq!(taken.is_ok(), true);
        if let Some(value) = entries.get("a") {
            rest.insert("a".to_owned(), value.clone());
        }
        prop_assert_eq!(rest, entries);
    }

    #[test]
    fn a_value_under_an_unusual_code_is_a_method_error_of_that_code(code in "[a-z]{1,8}[0-9]{3}") {
        let failure = parse_response(200, json!({"error": code}).to_string().as_bytes()).unwrap_err();
        prop_assert!(Error::<RawErrorCode>::new("a.b", failure).is(RawErrorCode::from(code.as_str())));
    }
}

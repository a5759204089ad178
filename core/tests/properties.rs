//! Properties that hold for every value.

use std::collections::BTreeMap;
use std::fmt::Debug;

use bitrix24_core::wire::{
    DateTime, Fields, FromFields, FromWire, Json, Mismatches, ToWire, YesNo, decode, decode_json_strict,
    decode_strict,
};
use bitrix24_core::{Error, Map, Params, RawErrorCode, Time, Value, json, parse_response};
use proptest::collection::{btree_map, hash_map, vec};
use proptest::prelude::*;

/// Texts that PHP writes for other values, and random ones.
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

/// Any JSON, often with numeric keys.
fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![text(), (0..4_u8).prop_map(|key| key.to_string()), Just("duration".to_owned())];
    scalar().prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((key.clone(), inner), 0..6).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// JSON with the keys of an envelope and random values.
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

/// Reads a value as a type and as types that contain it, and formats the error if there is one.
fn read_in_all_ways<T: FromWire>(value: &Value) {
    fn read<T: FromWire>(value: &Value) {
        let json = Json::from_value(value).unwrap();
        let fits = T::fits(json.get());
        match T::from_wire(json.get(), &mut Mismatches::new()) {
            Ok(_) => assert!(fits, "{value}"),
            Err(error) => {
                assert!(!fits, "{value}");
                let mismatch = error.mismatch();
                let (path, field, pointer) = (mismatch.path(), mismatch.field(), mismatch.pointer());
                assert!(!format!("{mismatch} {mismatch:?} {path} {field} {pointer}").is_empty());
            }
        }
        if let Ok(decoded) = decode::<T>(value.clone()) {
            let strict = decode_strict::<T>(value.clone()).err();
            assert_eq!(decoded.mismatches.as_slice().first(), strict.as_ref(), "{value}");
        }
    }
    read::<T>(value);
    read::<Option<T>>(value);
    read::<Vec<T>>(value);
    read::<Vec<Option<T>>>(value);
    read::<Option<Vec<T>>>(value);
    read::<BTreeMap<String, T>>(value);
    read::<BTreeMap<String, Vec<T>>>(value);
}

/// Checks that a value is read back as written, in memory and through JSON text.
fn check_round_trip<T: FromWire + ToWire + Debug + PartialEq>(expected: &T) {
    let written = expected.to_wire();
    let sent: Value = serde_json::from_str(&written.to_string()).unwrap();
    assert_eq!(decode_strict::<T>(written).as_ref(), Ok(expected));
    assert_eq!(decode_strict::<T>(sent).as_ref(), Ok(expected));
}

/// A number that JSON can represent. A negative zero that is written as an integer is read back as zero.
fn number() -> impl Strategy<Value = f64> {
    proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO
}

fn flag() -> impl Strategy<Value = YesNo> {
    any::<bool>().prop_map(YesNo::from)
}

/// What remains of an object without its `a`.
struct Rest(Map<String, Value>);

impl FromFields for Rest {
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        let _: Option<Value> = fields.optional("a");
        Self(fields.remaining())
    }
}

/// A struct with a field of each type, as the generator writes it.
#[derive(Debug, PartialEq)]
struct Sample {
    integer: Option<i64>,
    number: Option<f64>,
    flag: Option<bool>,
    yes_no: Option<YesNo>,
    text: Option<String>,
    date: Option<DateTime>,
    json: Option<Value>,
    list: Option<Vec<i64>>,
    lists: Option<Vec<Vec<String>>>,
    map: Option<BTreeMap<String, Option<f64>>>,
    object: Option<Map<String, Value>>,
    part: Option<Time>,
    parts: Option<Vec<Time>>,
    parts_by_key: Option<BTreeMap<String, Vec<Time>>>,
    extra: Map<String, Value>,
}

/// The fields of [`Sample`].
const SAMPLE: [&str; 14] = [
    "integer",
    "number",
    "flag",
    "yes_no",
    "text",
    "date",
    "json",
    "list",
    "lists",
    "map",
    "object",
    "part",
    "parts",
    "parts_by_key",
];

impl FromFields for Sample {
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        Self {
            integer: fields.optional("integer"),
            number: fields.optional("number"),
            flag: fields.optional("flag"),
            yes_no: fields.optional("yes_no"),
            text: fields.optional("text"),
            date: fields.optional("date"),
            json: fields.optional("json"),
            list: fields.optional("list"),
            lists: fields.optional("lists"),
            map: fields.optional("map"),
            object: fields.optional("object"),
            part: fields.optional("part"),
            parts: fields.optional("parts"),
            parts_by_key: fields.optional("parts_by_key"),
            extra: fields.remaining(),
        }
    }
}

impl Sample {
    fn field(&self, name: &str) -> String {
        match name {
            "integer" => format!("{:?}", self.integer),
            "number" => format!("{:?}", self.number),
            "flag" => format!("{:?}", self.flag),
            "yes_no" => format!("{:?}", self.yes_no),
            "text" => format!("{:?}", self.text),
            "date" => format!("{:?}", self.date),
            "json" => format!("{:?}", self.json),
            "list" => format!("{:?}", self.list),
            "lists" => format!("{:?}", self.lists),
            "map" => format!("{:?}", self.map),
            "object" => format!("{:?}", self.object),
            "part" => format!("{:?}", self.part),
            "parts" => format!("{:?}", self.parts),
            _ => format!("{:?}", self.parts_by_key),
        }
    }
}

/// A [`Sample`] in which each field fits.
fn sample() -> Value {
    json!({
        "integer": "7", "number": 1.5, "flag": true, "yes_no": "Y", "text": "bolt", "date": "2026-01-31", "json": {"a": 1},
        "list": [1, "2"], "lists": {"3": ["a"]}, "map": {"a": "1.5", "b": null}, "object": {"a": 1}, "part": {"start": 1},
        "parts": [{"start": 1}, []], "parts_by_key": [[{"start": 1}]],
    })
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
    fn no_bytes_make_parsing_a_response_panic(status in any::<u16>(), body in vec(any::<u8>(), 0..200)) {
        if let Err(failure) = parse_response(status, &body) {
            prop_assert!(!failure.to_string().is_empty());
        }
    }

    #[test]
    fn no_text_makes_parsing_a_response_panic(status in any::<u16>(), body in "[\\PC<>{}\"\n ]{0,80}") {
        if let Err(failure) = parse_response(status, body.as_bytes()) {
            prop_assert!(!failure.to_string().is_empty());
        }
    }

    #[test]
    fn no_envelope_makes_parsing_a_response_panic(status in any::<u16>(), body in envelope()) {
        let error = parse_response(status, body.to_string().as_bytes()).map_err(|failure| Error::<RawErrorCode>::new("a.b", failure));
        if let Err(error) = error {
            let shown = format!("{error} {error:?} {:?} {:?}", error.kind(), error.executed());
            prop_assert!(!shown.is_empty());
        }
    }

    #[test]
    fn a_truncated_response_never_succeeds(body in envelope(), cut in any::<proptest::sample::Index>()) {
        let text = body.to_string();
        let bytes = &text.as_bytes()[..cut.index(text.len())];
        prop_assert!(parse_response(200, bytes).is_err());
    }

    #[test]
    fn a_response_with_a_result_and_no_error_returns_that_result(result in any_json()) {
        let body = json!({"result": result, "time": {"duration": 1}});
        // Through text once, because a negative zero or a long number changes there.
        let result: Value = serde_json::from_str(&result.to_string()).unwrap();
        prop_assert_eq!(parse_response(200, body.to_string().as_bytes()).unwrap().result, result);
    }

    #[test]
    fn integers_round_trip(value in any::<i64>()) {
        check_round_trip(&value);
    }

    #[test]
    fn numbers_round_trip(value in number()) {
        check_round_trip(&value);
    }

    #[test]
    fn flags_round_trip(value in any::<bool>()) {
        check_round_trip(&value);
        check_round_trip(&YesNo::from(value));
    }

    #[test]
    fn texts_round_trip(value in any::<String>()) {
        check_round_trip(&value);
    }

    #[test]
    fn dates_round_trip(value in ".+") {
        check_round_trip(&DateTime::from(value));
    }

    #[test]
    fn any_json_round_trips(value in any_json()) {
        check_round_trip(&value);
    }

    #[test]
    fn nested_values_round_trip(
        lists in vec(vec(any::<Option<i64>>(), 0..4), 0..4),
        maps in btree_map(any::<String>(), vec(number(), 0..4), 0..4),
        flags in proptest::option::of(btree_map(any::<String>(), flag(), 0..4)),
        text in any::<Option<String>>(),
    ) {
        check_round_trip(&lists);
        check_round_trip(&maps);
        check_round_trip(&flags);
        check_round_trip(&text);
    }

    #[test]
    fn an_integer_is_the_same_as_a_number_and_as_a_text(value in any::<i64>()) {
        prop_assert_eq!(decode_strict::<i64>(json!(value)), Ok(value));
        prop_assert_eq!(decode_strict::<i64>(json!(value.to_string())), Ok(value));
        prop_assert_eq!(decode_strict::<i64>(json!(format!(" {value}\n"))), Ok(value));
    }

    #[test]
    fn an_integer_that_looks_like_a_fraction_is_read_exactly_or_refused(value in any::<i64>(), zeros in 1..9_usize) {
        let text = format!("{value}.{}", "0".repeat(zeros));
        if let Ok(read) = decode_strict::<i64>(json!(text)) {
            prop_assert_eq!(read, value);
        }
        if let Ok(read) = decode_strict::<i64>(serde_json::from_str::<Value>(&text).unwrap()) {
            prop_assert_eq!(read, value);
        }
    }

    #[test]
    fn an_integer_of_usual_size_that_looks_like_a_fraction_is_read(value in -(1_i64 << 53) + 1..1_i64 << 53, zeros in 1..9_usize) {
        let text = format!("{value}.{}", "0".repeat(zeros));
        prop_assert_eq!(decode_strict::<i64>(json!(text)), Ok(value));
        prop_assert_eq!(decode_strict::<i64>(serde_json::from_str::<Value>(&text).unwrap()), Ok(value));
    }

    #[test]
    fn a_number_is_an_integer_by_its_digits_and_not_by_those_of_a_double(
        value in -(1_i64 << 53) + 1..1_i64 << 53, places in 0..30_usize, zeros in 0..9_usize, fraction in "[0-9]{0,20}[1-9]"
    ) {
        // The same number with the point moved to the left, and with an exponent that moves it back.
        let (sign, digits) = if value < 0 { ("-", -value) } else { ("", value) };
        let digits = format!("{digits:0>width$}", width = places + 1);
        let (before, after) = digits.split_at(digits.len() - places);
        let number = format!("{sign}{before}.{after}0{}e{places}", "0".repeat(zeros));
        prop_assert_eq!(decode_strict::<i64>(json!(number)), Ok(value));
        prop_assert_eq!(decode_json_strict::<i64>(Json::parse(&*number).unwrap().get()), Ok(value));
        let number = format!("{sign}{before}.{after}{fraction}e{places}");
        prop_assert!(decode_strict::<i64>(json!(number)).is_err(), "{}", number);
        prop_assert!(decode_json_strict::<i64>(Json::parse(&*number).unwrap().get()).is_err(), "{}", number);
    }

    #[test]
    fn parameters_keep_their_order(names in hash_map(any::<String>(), any_json(), 0..12)) {
        let mut params = Params::new();
        for (name, value) in &names {
            params.put(name, value);
            params.put_some::<i64>("never", &None);
        }
        let expected: Vec<&String> = names.keys().collect();
        let kept: Vec<String> = params.as_map().keys().cloned().collect();
        prop_assert_eq!(kept.iter().collect::<Vec<_>>(), expected.clone());
        let sent: Map<String, Value> = serde_json::from_str(&json!(params.as_map()).to_string()).unwrap();
        prop_assert_eq!(sent.keys().collect::<Vec<_>>(), expected);
        let positions: Vec<String> = params.into_positional().into_map().keys().cloned().collect();
        prop_assert_eq!(positions.clone(), (0..positions.len()).map(|position| position.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn any_value_in_any_field_costs_at_most_that_field(position in 0..SAMPLE.len(), odd in any_json(), in_list in any::<bool>()) {
        let whole = sample();
        let mut changed = whole.clone();
        changed[SAMPLE[position]] = odd.clone();
        let decoded = if in_list {
            let decoded = decode::<Vec<Sample>>(json!([whole, changed])).unwrap();
            prop_assert!(decoded.mismatches.iter().all(|mismatch| mismatch.path().starts_with("[1].")));
            decode_strict::<Sample>(whole.clone()).unwrap();
            prop_assert_eq!(&decoded.value[0], &decode_strict::<Sample>(whole.clone()).unwrap());
            decoded.value.into_iter().nth(1).unwrap()
        } else {
            decode::<Sample>(changed.clone()).unwrap().value
        };
        let name = SAMPLE[position];
        let expected = decode_strict::<Sample>(whole).unwrap();
        let (odd_field, other_fields) = (decoded.field(name), |sample: &Sample| {
            SAMPLE.iter().filter(|other| **other != name).map(|other| sample.field(other)).collect::<Vec<_>>()
        });
        prop_assert_eq!(other_fields(&decoded), other_fields(&expected), "the other fields are untouched");
        let is_nothing = matches!(odd, Value::Null) || bitrix24_core::wire::is_php_empty(&odd);
        let kept = decoded.extra.get(name);
        prop_assert_eq!(decoded.extra.len(), usize::from(kept.is_some()));
        match kept {
            Some(kept) => prop_assert!(kept == &odd && odd_field == "None", "{} {}", odd, odd_field),
            None => prop_assert!(odd_field != "None" || is_nothing, "{} {}", odd, odd_field),
        }
        let strict = decode_strict::<Sample>(changed);
        prop_assert!(kept.is_none() || strict.unwrap_err().path().starts_with(name));
    }

    #[test]
    fn fields_that_are_not_read_are_kept(entries in btree_map("[a-e]{1,2}", any_json(), 0..8)) {
        let object: Map<String, Value> = entries.clone().into_iter().collect();
        let mut rest: BTreeMap<String, Value> = decode_strict::<Rest>(Value::Object(object)).unwrap().0.into_iter().collect();
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

//! The parser and `serde_json` agree about every text, and so do the values that they read.

use bitrix24_core::wire::{Fields, FromFields, Json, JsonKind, decode_json, decode_json_strict};
use bitrix24_core::{Map, Value, json, parse_response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Asserts that the parser accepts what `serde_json` accepts, and reads the same value in the same order.
fn check(text: &str) {
    let parsed = Json::parse(text).map(|json| json.to_value());
    match serde_json::from_str::<Value>(text) {
        Ok(expected) => {
            let parsed = parsed.unwrap_or_else(|_| panic!("refused: {text}"));
            assert_eq!(parsed, expected, "{text}");
            assert_eq!(parsed.to_string(), expected.to_string(), "the order of {text}");
            let built = Json::from_value(&expected).unwrap();
            assert_eq!(built.to_value().to_string(), expected.to_string(), "{text}");
        }
        Err(error) => assert!(parsed.is_err(), "{text} is accepted, but {error}"),
    }
}

#[test]
fn texts_at_the_edges_of_json_are_accepted_as_by_serde_json() {
    let numbers = [
        "0",
        "-0",
        "-0.0",
        "01",
        "-",
        "-a",
        "1.",
        ".5",
        "1.5",
        "1.50",
        "+1",
        "1e5",
        "1E+5",
        "1e-5",
        "1e",
        "1e+",
        "1.e5",
        "0e0",
        "0x1",
        "1_0",
        "NaN",
        "Infinity",
        "-Infinity",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "123456789012345678901234567890",
        "1e308",
        "1e309",
        "-1e309",
        "1e400",
        "0e400",
        "0.0e999999999999",
        "1e-400",
        "1e99999999999999999999",
        "1e-99999999999999999999",
        "2.2250738585072011e-308",
        "179769313486231580793728971405301e276",
    ];
    let strings = [
        r#""""#,
        r#"""#,
        r#""a"#,
        r#""\""#,
        r#""\\""#,
        r#""\/""#,
        r#""\a""#,
        r#""\b\f\n\r\t""#,
        r#""\u0041""#,
        r#""\u00e9\u0416""#,
        r#""\u004""#,
        r#""\u004g""#,
        r#""\U0041""#,
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\u0041""#,
        r#""\ud83dx""#,
        r#""\ud83d\n""#,
        r#""\ud83d\ud83d\ude00""#,
        r#""\u0000""#,
        "\"\t\"",
        "\"\n\"",
        "\"\u{0}\"",
        "\"\u{7f}\"",
        "\"Ж😀\"",
        "\"\u{2028}\"",
        "'a'",
        r#""a" "b""#,
        r#""12345678\"12345678""#,
        "\"1234567\u{1f}\"",
        "\"ааааааа\\\"б\"",
    ];
    let others = [
        "",
        " ",
        "null",
        "nul",
        "nulll",
        "Null",
        "true",
        "false",
        "tru",
        "[]",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1,2]",
        " [ 1 , 2 ] ",
        "\u{feff}[]",
        "[]\u{a0}",
        "[]x",
        "{}",
        "{",
        "}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{1:1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\" : 1 , \"b\" : 2}",
        "{\"a\":1,\"b\":2,\"a\":3}",
        "{\"a\":{\"x\":1},\"b\":[1],\"a\":[{\"y\":[2]}],\"c\":0}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\":1,\"\":2}",
        "[}",
        "{]",
        "{\"a\":[}",
        "/**/1",
        "// x\n1",
        "\u{b}1",
        "1\u{c}",
    ];
    for text in numbers.iter().chain(&strings).chain(&others) {
        check(text);
        check(&format!("[{text}]"));
        check(&format!("{{\"key\":{text}}}"));
        check(&format!("{{{text}:1}}"));
    }
}

#[test]
fn values_may_be_nested_as_deeply_as_in_serde_json() {
    for depth in [1, 64, 126, 127, 128, 129, 1_000, 100_000] {
        check(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
        check(&format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)));
        check(&format!("{}1{}", "[{\"a\":".repeat(depth), "}]".repeat(depth)));
    }
    // Depth counts what is open, not what was closed.
    check(&format!("[{}1]", "[[[]]],".repeat(1_000)));
    let deep = (0..500).fold(json!(1), |value, _| json!([value]));
    assert_eq!(Json::from_value(&deep).unwrap().to_value(), deep, "a value in memory has no limit");
}

#[test]
fn the_last_value_of_a_repeated_key_counts_at_the_place_of_the_first() {
    for count in [2, 10, 63, 64, 65, 66, 200, 5_000] {
        for repeated in [0, count / 2, count - 1] {
            let mut text = String::from("{");
            for index in 0..count {
                text += &format!("\"key{index}\": [{index}], ");
            }
            check(&format!("{text}\"key{repeated}\": {{\"last\": [1, 2]}}}}"));
            check(&format!("{text}\"\\u006bey{repeated}\": true, \"more\": [], \"key{repeated}\": {{}}}}"));
        }
    }
}

#[test]
fn a_response_that_is_cut_anywhere_is_refused() {
    let body =
        json!({"result": [{"a\"b": "c\\d", "n": -1.5e3, "t": true, "x": null}], "time": {"start": 1.25}})
            .to_string();
    for end in 0..body.len() {
        assert!(Json::parse(&body[..end]).is_err(), "{}", &body[..end]);
        assert!(parse_response(200, &body.as_bytes()[..end]).is_err());
    }
    assert!(parse_response(200, body.into_bytes()).is_ok());
}

#[test]
fn numbers_keep_the_digits_that_were_sent() {
    let digits =
        ["1.50", "0.10", "1E5", "123456789012345678901234567890", "-0", "0.1234567890123456789012345"];
    for digits in digits {
        let json = Json::parse(format!("[{digits}]")).unwrap();
        let number = json.get().item(0).unwrap();
        assert_eq!((number.kind(), number.number()), (JsonKind::Number, Some(digits)));
        assert_eq!(decode_json_strict::<String>(number).as_deref(), Ok(digits));
    }
}

/// Parts of JSON and of what is nearly JSON.
fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(vec!["{", "}", "[", "]", ",", ":", "\"a\"", "\"b\":", "\"a\":1,", "1", "null", "true", " "]).prop_map(str::to_owned),
        1 => select(vec!["-", "0", ".", "e", "E+", "\\", "\"", "\\u00", "\\ud800", "\n", "\u{1}", "é"]).prop_map(str::to_owned),
        1 => any::<f64>().prop_map(|number| number.to_string()),
        1 => any::<String>().prop_map(|text| Value::from(text).to_string()),
    ]
}

/// Any JSON, often with repeated keys in its text, which escapes and white space vary.
fn json_text() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|flag| flag.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?",
        string(any::<String>()),
    ];
    let key = string(prop_oneof!["[ab]{0,2}", any::<String>()]);
    scalar.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(|items| format!("[{}]", items.join(","))),
            vec((key.clone(), inner), 0..8).prop_map(|entries| {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{key} : {value}\n")).collect();
                format!("{{ {}}}", entries.join(", "))
            }),
        ]
    })
}

/// A string of JSON, sometimes with an escape for each character.
fn string(text: impl Strategy<Value = String> + 'static) -> BoxedStrategy<String> {
    let strategy = (text, any::<bool>()).prop_map(|(text, escaped)| {
        if !escaped {
            return Value::from(text).to_string();
        }
        let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        format!("\"{units}\"")
    });
    strategy.boxed()
}

/// The fields of an object by name, in any order.
#[derive(Debug, PartialEq)]
struct Named(Vec<Option<Value>>, Map<String, Value>);

thread_local! {
    /// The names that [`Named`] reads.
    static NAMES: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) };
}

impl FromFields for Named {
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        let names = NAMES.with_borrow(Clone::clone);
        Self(names.iter().map(|name| fields.optional(name)).collect(), fields.remaining())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn tokens_in_any_order_are_accepted_as_by_serde_json(tokens in vec(token(), 0..24)) {
        check(&tokens.concat());
    }

    #[test]
    fn any_json_is_read_as_by_serde_json(text in json_text()) {
        check(&text);
    }

    #[test]
    fn damaged_json_is_refused_as_by_serde_json(text in json_text(), at in any::<prop::sample::Index>(), byte in any::<char>()) {
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let place = places[at.index(places.len())];
        let (before, after) = text.split_at(place);
        check(before);
        check(&format!("{before}{byte}{after}"));
        check(&format!("{before}{byte}{}", &after[after.chars().next().map_or(0, char::len_utf8)..]));
    }

    /// Each name is taken once, whatever the order and the number of the fields; what is left stays in `extra` in its order.
    #[test]
    fn fields_are_found_in_any_order(count in 0..150_usize, names in vec(0..160_usize, 0..200), repeated in any::<bool>()) {
        let mut text: Vec<String> = (0..count).map(|index| format!("\"K{index}\": {{\"v\": [{index}]}}")).collect();
        if repeated && count > 1 {
            text.push("\"K1\": 7".to_owned());
        }
        let text = format!("{{{}}}", text.join(","));
        let mut expected: Map<String, Value> = serde_json::from_str(&text).unwrap();
        NAMES.set(names.iter().map(|name| format!("K{name}")).collect());
        let values: Vec<_> = names.iter().map(|name| expected.shift_remove(&format!("K{name}"))).collect();
        let read = decode_json::<Named>(Json::parse(text).unwrap().get()).unwrap();
        prop_assert!(read.mismatches.is_empty());
        prop_assert_eq!(Value::from(read.value.1.clone()).to_string(), Value::from(expected).to_string());
        prop_assert_eq!(read.value.0, values);
    }

    #[test]
    fn equality_and_hashes_agree(first in json_text(), second in json_text()) {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let hash = |json: &Json| { let mut hasher = DefaultHasher::new(); json.get().hash(&mut hasher); hasher.finish() };
        let [first, second] = [first, second].map(|text| Json::parse(text).ok());
        let (Some(first), Some(second)) = (first, second) else { return Ok(()) };
        prop_assert_eq!(&first, &first.clone());
        prop_assert!(first != second || hash(&first) == hash(&second));
        prop_assert!(first != second || first.to_value() == second.to_value());
    }
}

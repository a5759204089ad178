//! The forms of scalar values on the wire, and the errors of other values.

use std::collections::BTreeMap;
use std::fmt::Debug;

use bitrix24_core::wire::{DateTime, FromWire, YesNo, decode_strict, is_php_empty};
use bitrix24_core::{Map, Value, json};

/// Reads each value and compares the result, or the error message after "`result`: ".
fn check<T: FromWire + Debug + PartialEq>(cases: impl IntoIterator<Item = (Value, Result<T, &'static str>)>) {
    for (value, expected) in cases {
        let read = decode_strict::<T>(value.clone()).map_err(|mismatch| mismatch.to_string());
        let expected = expected.map_err(|text| format!("`result`: {text}"));
        assert_eq!(read, expected, "{value}");
    }
}

#[test]
fn an_integer_is_a_number_without_a_fraction_or_its_digits() {
    check::<i64>([
        (json!(35943), Ok(35943)),
        (json!("35943"), Ok(35943)),
        (json!(" 35943 "), Ok(35943)),
        (json!(-7), Ok(-7)),
        (json!("-7"), Ok(-7)),
        (json!(0), Ok(0)),
        (json!("0"), Ok(0)),
        (json!("007"), Ok(7)),
        (json!(12.0), Ok(12)),
        (json!("1000.000000"), Ok(1000)),
        (json!("2e3"), Ok(2000)),
        (json!(200_040_300_020_i64), Ok(200_040_300_020)),
        (json!(i64::MAX), Ok(i64::MAX)),
        (json!(i64::MIN.to_string()), Ok(i64::MIN)),
        (json!(9_007_199_254_740_991.0), Ok(9_007_199_254_740_991)),
        (json!(12.5), Err("expected an integer, found 12.5")),
        (json!("12.5"), Err("expected an integer, found \"12.5\"")),
        (json!("12 pcs"), Err("expected an integer, found \"12 pcs\"")),
        (json!("1 000"), Err("expected an integer, found \"1 000\"")),
        (json!("12,0"), Err("expected an integer, found \"12,0\"")),
        (json!("0x1F"), Err("expected an integer, found \"0x1F\"")),
        (json!(u64::MAX), Err("expected an integer, found 18446744073709551615")),
        (json!("18446744073709551615"), Err("expected an integer, found \"18446744073709551615\"")),
        (json!(1e300), Err("expected an integer, found 1e+300")),
        // A double cannot represent these exactly, so reading one could return another.
        (json!("9007199254740993.0"), Err("expected an integer, found \"9007199254740993.0\"")),
        (json!(9_007_199_254_740_992.0), Err("expected an integer, found 9007199254740992.0")),
        // A double loses these fractions.
        (json!("4503599627370497.4"), Err("expected an integer, found \"4503599627370497.4\"")),
        (json!("1.00000000000000000001"), Err("expected an integer, found \"1.00000000000000000001\"")),
        (json!("1e-400"), Err("expected an integer, found \"1e-400\"")),
        (json!("12345e-2"), Err("expected an integer, found \"12345e-2\"")),
        (json!("12300e-2"), Ok(123)),
        (json!("0.0123E+4"), Ok(123)),
        (json!("-0.0e-99999999999999999999"), Ok(0)),
        (json!(""), Err("expected an integer, found \"\"")),
        (json!(null), Err("expected an integer, found null")),
        (json!(false), Err("expected an integer, found false")),
        (json!(true), Err("expected an integer, found true")),
        (json!([]), Err("expected an integer, found a list of 0")),
        (json!([7]), Err("expected an integer, found a list of 1")),
        (json!({"ID": 7}), Err("expected an integer, found an object with 1 keys (ID)")),
    ]);
}

#[test]
fn a_number_is_json_or_a_decimal_in_a_text() {
    check::<f64>([
        (json!(12), Ok(12.0)),
        (json!(12.75), Ok(12.75)),
        (json!("1000.000000"), Ok(1000.0)),
        (json!(" -0.5 "), Ok(-0.5)),
        (json!("1.5E-3"), Ok(0.0015)),
        (json!(".5"), Ok(0.5)),
        (json!(u64::MAX), Ok(18_446_744_073_709_551_615.0)),
        (json!("inf"), Err("expected a number, found \"inf\"")),
        (json!("NaN"), Err("expected a number, found \"NaN\"")),
        (json!("1e999"), Err("expected a number, found \"1e999\"")),
        (json!("1,5"), Err("expected a number, found \"1,5\"")),
        (json!("."), Err("expected a number, found \".\"")),
        (json!("12|USD"), Err("expected a number, found \"12|USD\"")),
        (json!(""), Err("expected a number, found \"\"")),
        (json!(false), Err("expected a number, found false")),
        (json!(null), Err("expected a number, found null")),
        (json!([]), Err("expected a number, found a list of 0")),
    ]);
}

#[test]
fn a_number_is_the_same_as_json_and_as_text() {
    for text in
        ["0.1", "9.95", "1234567.89", "51.24817837550540", "5.0139e-2", "123456789012345.67", "-61.89e-7"]
    {
        let parsed: Value = serde_json::from_str(text).unwrap();
        assert_eq!(decode_strict::<f64>(parsed), Ok(text.parse().unwrap()), "{text}");
        assert_eq!(decode_strict::<f64>(json!(text)), Ok(text.parse().unwrap()), "{text:?}");
    }
}

const FLAGS: [(&str, bool); 10] = [
    ("true", true),
    ("false", false),
    ("1", true),
    ("0", false),
    ("1.0", true),
    (r#""Y""#, true),
    (r#""N""#, false),
    (r#""y""#, true),
    (r#""1""#, true),
    (r#""FALSE""#, false),
];

#[test]
fn a_flag_is_read_in_every_form() {
    for (text, flag) in FLAGS {
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(decode_strict::<bool>(value.clone()), Ok(flag), "{text}");
        assert_eq!(decode_strict::<YesNo>(value), Ok(YesNo::from(flag)), "{text}");
    }
}

#[test]
fn a_value_that_is_not_a_flag_is_refused() {
    let refused = [
        // Some settings have a third value for the default.
        (json!("D"), "expected true or false, found \"D\""),
        (json!("yes"), "expected true or false, found \"yes\""),
        (json!(2), "expected true or false, found 2"),
        (json!(-1), "expected true or false, found -1"),
        (json!(0.5), "expected true or false, found 0.5"),
        (json!(""), "expected true or false, found \"\""),
        (json!(null), "expected true or false, found null"),
        (json!([]), "expected true or false, found a list of 0"),
        (json!({}), "expected true or false, found an object with 0 keys ()"),
    ];
    check::<bool>(refused.clone().map(|(value, text)| (value, Err(text))));
    check::<YesNo>(refused.map(|(value, text)| (value, Err(text))));
}

#[test]
fn a_text_is_a_text_or_the_digits_of_a_number() {
    check::<String>([
        (json!("Bolt"), Ok("Bolt".to_owned())),
        (json!(""), Ok(String::new())),
        (json!(" "), Ok(" ".to_owned())),
        (json!(12), Ok("12".to_owned())),
        (json!(12.5), Ok("12.5".to_owned())),
        (json!(null), Err("expected a text, found null")),
        (json!(true), Err("expected a text, found true")),
        (json!(false), Err("expected a text, found false")),
        (json!([]), Err("expected a text, found a list of 0")),
        (json!({"a": 1, "b": 2}), Err("expected a text, found an object with 2 keys (a, b)")),
    ]);
}

#[test]
fn a_date_is_kept_as_it_was_written() {
    let written = [
        "2026-01-31T08:05:00+03:00",
        "2026-01-31T08:05:00Z",
        "2026-01-31 08:05:00",
        "2026-01-31",
        "31.01.2026",
        "01/31/2026 08:05:00 am",
    ];
    check::<DateTime>(written.map(|text| (json!(text), Ok(DateTime::from(text)))));
    check::<DateTime>([
        (json!(""), Err("expected a date, found \"\"")),
        (json!(null), Err("expected a date, found null")),
        (json!(false), Err("expected a date, found false")),
        (json!(1_769_835_900), Err("expected a date, found 1769835900")),
    ]);
}

/// The empty values that PHP writes.
fn empty_values() -> [Value; 5] {
    [json!(null), json!(""), json!(false), json!([]), json!({})]
}

#[test]
fn the_five_empty_forms_of_php_are_empty_and_zero_is_not() {
    for value in empty_values() {
        assert!(is_php_empty(&value), "{value}");
        assert_eq!(decode_strict::<()>(value), Ok(()));
    }
    for value in [json!(0), json!("0"), json!(" "), json!(true), json!([null]), json!({"a": null})] {
        assert!(!is_php_empty(&value), "{value}");
        assert!(decode_strict::<()>(value).is_err());
    }
}

#[test]
fn an_option_is_none_for_each_empty_form_that_its_type_cannot_hold() {
    fn read<T: FromWire>() -> [Option<T>; 5] {
        empty_values().map(|value| decode_strict::<Option<T>>(value).unwrap())
    }
    assert_eq!(read::<i64>(), [None; 5]);
    assert_eq!(read::<f64>(), [None; 5]);
    assert_eq!(read::<DateTime>(), [const { None }; 5]);
    assert_eq!(read::<bool>(), [None, None, Some(false), None, None]);
    assert_eq!(read::<String>(), [None, Some(String::new()), None, None, None]);
    assert_eq!(read::<Vec<i64>>(), [None, None, None, Some(vec![]), Some(vec![])]);
    assert_eq!(
        read::<BTreeMap<String, i64>>(),
        [None, None, None, Some(BTreeMap::new()), Some(BTreeMap::new())]
    );
    assert_eq!(
        read::<Value>(),
        [None, Some(json!("")), Some(json!(false)), Some(json!([])), Some(json!({}))]
    );
}

#[test]
fn an_option_does_not_hide_a_value_of_another_type() {
    check::<Option<i64>>([
        (json!("0"), Ok(Some(0))),
        (json!("many"), Err("expected an integer, found \"many\"")),
        (json!(true), Err("expected an integer, found true")),
        (json!([null]), Err("expected an integer, found a list of 1")),
    ]);
}

#[test]
fn a_list_is_also_an_object_with_integer_keys() {
    check::<Vec<i64>>([
        (json!([1, "2", 3.0]), Ok(vec![1, 2, 3])),
        (json!([]), Ok(vec![])),
        (json!({}), Ok(vec![])),
        (json!({"0": 5, "2": "6"}), Ok(vec![5, 6])),
        (json!({"9": 5, "-1": 6}), Ok(vec![5, 6])),
        (json!({"0": 5, "items": 6}), Err("expected a list, found an object with 2 keys (0, items)")),
        (json!(null), Err("expected a list, found null")),
        (json!("1,2"), Err("expected a list, found \"1,2\"")),
    ]);
}

#[test]
fn an_object_with_free_keys_is_also_a_list() {
    let object = |entries: &[(&str, i64)]| {
        Ok(entries.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect())
    };
    check::<BTreeMap<String, i64>>([
        (json!({"b": 1, "a": "2"}), object(&[("a", 2), ("b", 1)])),
        (json!([]), object(&[])),
        (json!([7, 8]), object(&[("0", 7), ("1", 8)])),
        (json!(null), Err("expected an object, found null")),
        (json!("x"), Err("expected an object, found \"x\"")),
    ]);
    check::<Map<String, Value>>([
        (json!([7]), Ok(Map::from_iter([("0".to_owned(), json!(7))]))),
        (json!(7), Err("expected an object, found 7")),
    ]);
}

#[test]
fn a_nested_mismatch_has_its_path() {
    let cases = [
        (
            decode_strict::<Vec<Vec<i64>>>(json!([[1], [2, "x"]])).map(drop),
            "`[1][1]`: expected an integer, found \"x\"",
        ),
        (
            decode_strict::<Vec<i64>>(json!({"4": 1, "7": []})).map(drop),
            "`[7]`: expected an integer, found a list of 0",
        ),
        (
            decode_strict::<BTreeMap<String, Vec<Option<bool>>>>(json!({"a": [], "b": [null, "D"]}))
                .map(drop),
            "`b[1]`: expected true or false, found \"D\"",
        ),
        (
            decode_strict::<BTreeMap<String, i64>>(json!([1, null])).map(drop),
            "`[1]`: expected an integer, found null",
        ),
    ];
    for (read, text) in cases {
        assert_eq!(read.unwrap_err().to_string(), text);
    }
}

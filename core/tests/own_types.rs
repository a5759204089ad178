//! Types of a program, read by their `Deserialize` in the forms that portals send.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::str::FromStr;

use bitrix24_core::wire::DateTime;
use bitrix24_core::{ErrorKind, Method, Value, json, lenient, parse_response, raw};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Debug, PartialEq, Clone, Copy, PartialOrd, Eq, Ord)]
struct Grams(u64);

#[derive(Deserialize, Debug, PartialEq)]
enum Size {
    Small,
    #[serde(rename = "2")]
    Large,
    Other(i64),
}

#[derive(Deserialize, Debug, PartialEq, Default)]
struct Animal {
    #[serde(rename = "ID")]
    id: Option<i64>,
    #[serde(rename = "NAME")]
    name: Option<String>,
}

/// Reads a value as `T`, shown by `Debug`, or the error.
fn read<T: DeserializeOwned + std::fmt::Debug>(value: Value) -> String {
    lenient::from_value::<T>(&value).map_or_else(|error| error.to_string(), |value| format!("{value:?}"))
}

#[test]
fn scalars_are_read_in_every_form_of_the_wire() {
    let cases = [
        (read::<i64>(json!("12")), "12"),
        (read::<u8>(json!(" 12 ")), "12"),
        (read::<u8>(json!(12.0)), "12"),
        (read::<i8>(json!("-12")), "-12"),
        (read::<u64>(json!("18446744073709551615")), "18446744073709551615"),
        (read::<u64>(json!(18446744073709551615_u64)), "18446744073709551615"),
        (read::<u128>(json!("7")), "7"),
        (read::<u8>(json!("300")), r#"`result`: expected u8, found "300""#),
        (read::<u8>(json!("x")), r#"`result`: expected an integer, found "x""#),
        (read::<i64>(json!(1.5)), "`result`: expected an integer, found 1.5"),
        (read::<f64>(json!("1.5")), "1.5"),
        (read::<f32>(json!(2)), "2.0"),
        (read::<f64>(json!("")), r#"`result`: expected a number, found """#),
        (read::<bool>(json!("Y")), "true"),
        (read::<bool>(json!("n")), "false"),
        (read::<bool>(json!(1)), "true"),
        (read::<bool>(json!("0")), "false"),
        (read::<bool>(json!("D")), r#"`result`: expected true or false, found "D""#),
        (read::<String>(json!("text")), r#""text""#),
        (read::<String>(json!(12)), r#""12""#),
        (read::<String>(json!(false)), "`result`: expected a text, found false"),
        (read::<char>(json!("Y")), "'Y'"),
        (read::<Grams>(json!("7")), "Grams(7)"),
        (read::<Size>(json!("Small")), "Small"),
        (read::<Size>(json!(2)), "Large"),
        (read::<Size>(json!({"Other": "9"})), "Other(9)"),
        (
            read::<Size>(json!("Huge")),
            r#"`result`: expected a value that its type accepts (unknown variant `Huge`, expected one of `Small`, `2`, `Other`), found "Huge""#,
        ),
        (read::<()>(json!([])), "()"),
        (read::<Value>(json!({"a": ["1", 2]})), r#"Object {"a": Array [String("1"), Number(2)]}"#),
    ];
    for (read, expected) in cases {
        assert_eq!(read, expected);
    }
}

#[test]
fn lists_and_objects_are_read_in_every_form_of_php() {
    type Names = BTreeMap<String, String>;
    let cases = [
        (read::<Vec<u8>>(json!(["1", 2])), "[1, 2]"),
        (read::<Vec<u8>>(json!({"4": "1", "9": 2})), "[1, 2]"),
        (read::<Vec<u8>>(json!({"a": 1})), "`result`: expected a list, found an object with 1 keys (a)"),
        (read::<Vec<u8>>(json!(["1", "x"])), r#"`[1]`: expected an integer, found "x""#),
        (read::<Vec<u8>>(json!({"9": "x"})), r#"`[9]`: expected an integer, found "x""#),
        (read::<(u8, String)>(json!(["1", 2])), r#"(1, "2")"#),
        (read::<Names>(json!({"a": 1})), r#"{"a": "1"}"#),
        (read::<Names>(json!(["x", "y"])), r#"{"0": "x", "1": "y"}"#),
        (read::<BTreeMap<u32, bool>>(json!({"17": "Y"})), "{17: true}"),
        (read::<BTreeMap<Grams, bool>>(json!({"17": "Y"})), "{Grams(17): true}"),
        (read::<BTreeMap<u64, bool>>(json!({"18446744073709551615": "Y"})), "{18446744073709551615: true}"),
        (
            read::<BTreeMap<i64, bool>>(json!({"9223372036854775808": "Y"})),
            r#"`9223372036854775808`: expected i64, found "Y""#,
        ),
        (read::<BTreeMap<u32, bool>>(json!({"a": "Y"})), r#"`a`: expected an integer as key, found "a""#),
        (read::<Names>(json!({"a": [1]})), "`a`: expected a text, found a list of 1"),
        (read::<Animal>(json!([])), "Animal { id: None, name: None }"),
        (read::<Animal>(json!(["x"])), "`result`: expected an object, found a list of 1"),
        (
            read::<Vec<Animal>>(json!([{"ID": "7"}, {"ID": "x"}])),
            r#"`[1].ID`: expected an integer, found "x""#,
        ),
    ];
    for (read, expected) in cases {
        assert_eq!(read, expected);
    }
    for empty in [json!(null), json!(""), json!(false), json!([]), json!({})] {
        assert_eq!(read::<Vec<u8>>(empty.clone()), "[]", "{empty}");
        assert_eq!(read::<Names>(empty.clone()), "{}", "{empty}");
    }
}

#[test]
fn nothing_in_an_option_is_none_unless_the_type_has_a_use_for_it() {
    let cases = [
        (read::<Option<i64>>(json!(null)), "None"),
        (read::<Option<i64>>(json!("")), "None"),
        (read::<Option<i64>>(json!(false)), "None"),
        (read::<Option<i64>>(json!([])), "None"),
        (read::<Option<i64>>(json!({})), "None"),
        (read::<Option<i64>>(json!("7")), "Some(7)"),
        (read::<Option<i64>>(json!("x")), r#"`result`: expected an integer, found "x""#),
        (read::<Option<bool>>(json!(false)), "Some(false)"),
        (read::<Option<bool>>(json!([])), "None"),
        (read::<Option<String>>(json!(false)), "None"),
        (read::<Option<String>>(json!("")), "None"),
        (read::<Option<Vec<u8>>>(json!([])), "Some([])"),
        (read::<Option<Vec<u8>>>(json!("")), "None"),
        (read::<Option<Vec<u8>>>(json!(false)), "Some([])"),
        (read::<Option<Animal>>(json!([])), "Some(Animal { id: None, name: None })"),
        (read::<Option<Animal>>(json!(false)), "None"),
        (read::<Vec<Option<u8>>>(json!([false, "1", [], {}, "2"])), "[None, Some(1), None, None, Some(2)]"),
        (read::<Animal>(json!({"ID": false, "NAME": []})), "Animal { id: None, name: None }"),
    ];
    for (read, expected) in cases {
        assert_eq!(read, expected);
    }
}

/// A type whose own conversion fails.
#[derive(Debug)]
struct Weekday;

impl<'de> Deserialize<'de> for Weekday {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text == "Mo" { Ok(Self) } else { Err(serde::de::Error::custom(format!("{text} is no weekday"))) }
    }
}

/// Counts how many times a result is read.
#[derive(Debug)]
struct Pass;

thread_local!(static PASSES: Cell<usize> = const { Cell::new(0) });

impl<'de> Deserialize<'de> for Pass {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PASSES.set(PASSES.get() + 1);
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

#[test]
fn a_result_is_read_again_once_for_each_type_that_has_no_use_for_an_empty_form() {
    type Rows = (Pass, Vec<Option<i64>>, Vec<Option<bool>>, Vec<Option<Animal>>);
    let flags = vec![json!(false); 500];
    let rows = lenient::from_value::<Rows>(&json!([0, flags, flags, [false, [], false]])).unwrap();
    assert!(rows.1.iter().all(Option::is_none));
    assert!(rows.2.iter().all(|flag| *flag == Some(false)));
    assert_eq!(rows.3, [None, Some(Animal::default()), None]);
    assert_eq!(PASSES.get(), 3, "one for the integers, one for the animals, and the last");
}

#[test]
fn surplus_items_and_keys_are_errors() {
    type Pair = (u8, String);
    let cases = [
        (read::<Pair>(json!([1, "a"])), r#"(1, "a")"#),
        (read::<Pair>(json!({"0": 1, "2": "a"})), r#"(1, "a")"#),
        (read::<Pair>(json!([1, "a", 2])), "`result`: expected a list with fewer items, found a list of 3"),
        (
            read::<Vec<[u8; 2]>>(json!([[1, 2], [1, 2, 3]])),
            "`[1]`: expected a list with fewer items, found a list of 3",
        ),
        (
            read::<Size>(json!({"Other": 9, "Small": null})),
            "`result`: expected an object with one key, found an object with 2 keys (Other, Small)",
        ),
        (read::<Option<[u8; 0]>>(json!([])), "Some([])"),
    ];
    for (read, expected) in cases {
        assert_eq!(read, expected);
    }
}

#[test]
fn a_long_text_that_is_no_variant_is_shown_in_part() {
    let error = read::<Size>(json!("я".repeat(10_000)));
    assert!(error.contains("unknown variant `яяя"), "{error}");
    assert!(error.chars().count() < 500, "{error}");
}

#[test]
fn an_error_has_the_path_of_its_field() {
    #[derive(Deserialize, Debug)]
    #[allow(dead_code, reason = "only errors are read")]
    struct Visit {
        #[serde(rename = "DAY")]
        day: Weekday,
        #[serde(rename = "HOURS")]
        hours: BTreeMap<String, Option<u8>>,
    }
    let cases = [
        (
            json!({"DAY": "Mo", "HOURS": {"from": "900"}}),
            r#"`visits[1].HOURS.from`: expected u8, found "900""#,
        ),
        (
            json!({"DAY": "Su", "HOURS": []}),
            r#"`visits[1].DAY`: expected a value that its type accepts (Su is no weekday), found "Su""#,
        ),
        (json!({"HOURS": []}), "`visits[1].DAY`: expected a value, found nothing"),
        (json!({"DAY": "Mo", "HOURS": 7}), "`visits[1].HOURS`: expected an object, found 7"),
    ];
    for (visit, expected) in cases {
        let all = json!({"visits": [{"DAY": "Mo", "HOURS": []}, visit]});
        assert_eq!(read::<BTreeMap<String, Vec<Visit>>>(all), expected);
    }
}

#[test]
fn the_result_of_any_request_is_read_as_a_type_of_the_program() {
    fn result_of<M: Method>(_: M, body: &Value) -> Result<M::Output, String> {
        let response =
            parse_response(200, body.to_string().as_bytes()).map_err(|failure| failure.to_string())?;
        let response = response.decode_as::<_, M::Reader>(Default::default());
        response.map(|response| response.result).map_err(|failure| {
            assert_eq!(failure.kind(), ErrorKind::Decode);
            failure.to_string()
        })
    }
    let request = raw("zoo.animal.get", json!({"ID": 7})).of::<Animal>();
    assert_eq!(request.params().into_map()["ID"], 7, "the request stays as it is");
    assert_eq!(request.info().name, "zoo.animal.get");
    let animal = result_of(request, &json!({"result": {"ID": "7", "NAME": "Ann"}}));
    assert_eq!(animal, Ok(Animal { id: Some(7), name: Some("Ann".to_owned()) }));
    let wrong = result_of(raw("zoo.animal.get", json!(null)).of::<Animal>(), &json!({"result": {"ID": "x"}}));
    let text = r#"the result does not match its type: `ID`: expected an integer, found "x""#;
    assert_eq!(wrong, Err(text.to_owned()));
}

/// A date of another library, by its conversion from the portal's date.
#[derive(Debug, PartialEq)]
struct Year(u16);

impl TryFrom<DateTime> for Year {
    type Error = <u16 as FromStr>::Err;

    fn try_from(date: DateTime) -> Result<Self, Self::Error> {
        date.as_str().chars().take(4).collect::<String>().parse().map(Self)
    }
}

#[test]
fn fields_of_other_sources_are_read_with_attributes() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Visit {
        #[serde(deserialize_with = "lenient::deserialize")]
        id: u8,
        #[serde(deserialize_with = "lenient::date::deserialize")]
        from: Year,
        #[serde(deserialize_with = "lenient::optional_date::deserialize", default)]
        until: Option<Year>,
        #[serde(with = "lenient::yes_no")]
        paid: bool,
        #[serde(with = "lenient::or_default")]
        guests: Vec<String>,
    }
    let read = |json: Value| serde_json::from_value::<Visit>(json).map_err(|error| error.to_string());
    let visit = |until| Visit { id: 7, from: Year(2026), until, paid: true, guests: Vec::new() };
    let json =
        |id, from, until| json!({"id": id, "from": from, "until": until, "paid": "Y", "guests": false});
    assert_eq!(read(json("7", "2026-03-01", "")), Ok(visit(None)));
    assert_eq!(read(json("7", "2026-03-01", "2027-03-01")), Ok(visit(Some(Year(2027)))));
    let error = read(json("x", "2026-03-01", "")).unwrap_err();
    assert_eq!(error, r#"`result`: expected an integer, found "x""#);
    assert_eq!(read(json("7", "soon", "")).unwrap_err(), "invalid digit found in string");
    assert_eq!(read(json("7", "", "")).unwrap_err(), r#"`result`: expected a date, found """#);
}

#[test]
fn values_are_written_as_their_types_do_and_flags_as_letters() {
    #[derive(Serialize)]
    struct Visit {
        #[serde(with = "lenient")]
        id: u8,
        #[serde(with = "lenient::yes_no")]
        paid: bool,
        #[serde(with = "lenient::or_default")]
        guests: Vec<u8>,
    }
    let visit = Visit { id: 7, paid: false, guests: vec![1] };
    assert_eq!(serde_json::to_value(visit).unwrap(), json!({"id": 7, "paid": "N", "guests": [1]}));
}

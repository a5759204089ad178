//! Decimals keep what the portal wrote, and compare by value.

use std::collections::HashSet;

use bitrix24_core::wire::{Decimal, Json, ToWire, decode_json_strict, decode_strict};
use bitrix24_core::{Value, json};
use proptest::prelude::*;

fn read(value: Value) -> Result<Decimal, String> {
    decode_strict(value).map_err(|error: bitrix24_core::wire::Mismatch| error.to_string())
}

#[test]
fn a_decimal_keeps_what_the_portal_wrote() {
    let cases = [
        (json!("1500.50"), "1500.50"),
        (json!("12345678901234567890123456789.0100"), "12345678901234567890123456789.0100"),
        (json!(" 7.0 "), "7.0"),
        (json!("-0.5"), "-0.5"),
        (json!("1e3"), "1e3"),
        (json!(12), "12"),
        (json!(-12), "-12"),
        (json!(u64::MAX), "18446744073709551615"),
        (json!(0.1), "0.1"),
        (json!(1500.5), "1500.5"),
    ];
    for (value, shown) in cases {
        let decimal = read(value.clone()).unwrap();
        assert_eq!(decimal.to_string(), shown);
        assert_eq!(read(decimal.to_wire()), Ok(decimal.clone()), "it is read again");
        if !matches!(&value, Value::String(text) if text.trim() != text) && value != json!(u64::MAX) {
            assert_eq!(decimal.to_wire(), value, "it is written as it was read");
        }
    }
    for value in [
        json!(""),
        json!("x"),
        json!("1,5"),
        json!("0x1"),
        json!("inf"),
        json!("NaN"),
        json!(true),
        json!([1]),
    ] {
        assert!(read(value.clone()).unwrap_err().contains("expected a number"), "{value}");
    }
}

#[test]
fn digits_of_a_json_number_are_kept() {
    for digits in ["1500.50", "12345678901234567890.123456789", "0.10", "7", "-0.5", "1e3"] {
        let json = Json::parse(digits).unwrap();
        let decimal: Decimal = decode_json_strict(json.get()).unwrap();
        assert_eq!((decimal.to_string().as_str(), decimal), (digits, Decimal::from(digits)));
    }
}

#[test]
fn decimals_compare_by_value() {
    let equal = ["100", "100.0", "100.00", "+100", "1e2", "0100", "1000e-1"];
    for one in equal {
        for other in equal {
            assert_eq!(Decimal::from(one), Decimal::from(other), "{one} {other}");
        }
    }
    assert_eq!(equal.map(Decimal::from).into_iter().collect::<HashSet<_>>().len(), 1);
    assert_eq!(Decimal::from("-0.0"), Decimal::from(0));
    assert_eq!(Decimal::from(0.1), Decimal::from("0.1"));
    assert_eq!(Decimal::from("99.90"), 99.9);
    assert_eq!(Decimal::from("7.00"), 7);
    let ascending = [
        "-1e99999999999999999999",
        "-1e3000000000",
        "-1000",
        "-99.95",
        "-99.9",
        "-0.1",
        "-0.01",
        "0",
        "1e-99999999999999999999",
        "1e-3000000000",
        "0.01",
        "0.1",
        "9",
        "9.9000000000000000000000001",
        "10",
        "12345678901234567.8",
        "12345678901234567.81",
        "1e30",
        "1e3000000000",
        "1e99999999999999999999",
        "no number",
    ];
    for pair in ascending.windows(2) {
        assert!(Decimal::from(pair[0]) < Decimal::from(pair[1]), "{pair:?}");
    }
}

#[test]
fn a_decimal_becomes_other_numbers() {
    let cases = [
        ("7", 7.0, Some(7)),
        ("7.00", 7.0, Some(7)),
        ("7.5", 7.5, None),
        ("1e3", 1000.0, Some(1000)),
        ("-9223372036854775808", i64::MIN as f64, Some(i64::MIN)),
        ("9223372036854775807", i64::MAX as f64, Some(i64::MAX)),
        ("9223372036854775808", i64::MAX as f64, None),
        ("1e300", 1e300, None),
        ("0.000", 0.0, Some(0)),
    ];
    for (text, float, integer) in cases {
        let decimal: Decimal = text.parse().unwrap();
        assert_eq!((decimal.to_f64(), decimal.to_i64()), (float, integer), "{text}");
    }
    assert!("twelve".parse::<Decimal>().is_err());
    assert!(Decimal::from("twelve").to_f64().is_nan());
    assert_eq!(Decimal::from("twelve").to_i64(), None);
}

#[test]
fn requests_take_numbers_and_texts() {
    fn written(number: impl Into<Decimal>) -> Value {
        number.into().to_wire()
    }
    assert_eq!(written(100), json!(100));
    assert_eq!(written(100_u64), json!(100));
    assert_eq!(written(99.9), json!(99.9));
    assert_eq!(written("99.90"), json!("99.90"));
    assert_eq!(written("99.90".to_owned()), json!("99.90"));
    assert_eq!(written(f64::NAN), Value::Null);
}

proptest! {
    /// Order and equality are those of integers with a fixed number of places.
    #[test]
    fn order_is_the_order_of_numbers(one in -20_000_i64..20_000, other in -20_000_i64..20_000, places in 0..6_usize) {
        let text = |number: i64| {
            let digits = format!("{:0width$}", number.unsigned_abs(), width = places + 1);
            let (whole, fraction) = digits.split_at(digits.len() - places);
            format!("{}{whole}.{fraction}", if number < 0 { "-" } else { "" })
        };
        let (a, b) = (Decimal::from(text(one)), Decimal::from(text(other)));
        prop_assert_eq!(a.cmp(&b), one.cmp(&other), "{} {}", a, b);
    }

    #[test]
    fn a_float_comes_back(number in any::<f64>().prop_filter("finite", |number| number.is_finite())) {
        let decimal = Decimal::from(number);
        prop_assert_eq!(decimal.to_f64(), number);
        prop_assert_eq!(Decimal::from(decimal.to_string()).to_f64(), number);
        prop_assert_eq!(Decimal::from(decimal.to_string()), decimal);
    }
}

#[cfg(feature = "rust_decimal")]
#[test]
fn rust_decimal() {
    use ::rust_decimal::Decimal as Exact;

    for text in
        ["1500.50", "-0.01", "79228162514264337593543950335", "0.0000000000000000000000000001", "1e3", "+7"]
    {
        let exact = Exact::try_from(Decimal::from(text)).unwrap();
        assert_eq!(Decimal::from(exact), Decimal::from(text));
    }
    assert_eq!(Decimal::from(Exact::new(150_050, 2)).to_string(), "1500.50");
    let long = "1.00000000000000000000000000000000000001";
    let error = Exact::try_from(&Decimal::from(long)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{long} cannot be a `rust_decimal::Decimal`, which has up to 28 digits")
    );
    assert!(Exact::try_from(Decimal::from("x")).is_err());
}

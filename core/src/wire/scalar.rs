//! Numbers, strings and booleans.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::{FromWire, FromWireError, JsonKind, JsonRef, Mismatches, ToWire};

/// Whether this is one of the five forms in which PHP writes "nothing": `null`, `""`, `false`, `[]` and `{}`.
pub fn is_php_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// An integer: a JSON number without a fraction (`12`, `12.0`), or the same in a string.
impl FromWire for i64 {
    fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
        integer(json).ok_or_else(|| FromWireError::new("an integer", json))
    }

    fn fits(json: JsonRef<'_>) -> bool {
        integer(json).is_some()
    }
}

pub(super) fn integer(json: JsonRef<'_>) -> Option<i64> {
    match json.number() {
        Some(digits) => integer_of_text(digits),
        None => integer_of_text(&json.string()?),
    }
}

/// An integer in a text.
pub(super) fn integer_of_text(text: &str) -> Option<i64> {
    let text = text.trim();
    text.parse().ok().or_else(|| whole(text))
}

/// An integer beyond the range of `i64`, as a JSON number or in a string.
pub(super) fn unsigned(json: JsonRef<'_>) -> Option<u64> {
    match json.number() {
        Some(digits) => unsigned_of_text(digits),
        None => unsigned_of_text(&json.string()?),
    }
}

/// An integer beyond the range of `i64` in a text.
pub(super) fn unsigned_of_text(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// An integer with a decimal point or an exponent (`7.0`, `7e2`), as long as a double represents each integer exactly.
fn whole(text: &str) -> Option<i64> {
    // 2⁵³: the first integer that is ambiguous, since 2⁵³ + 1 is rounded to it.
    const INEXACT: f64 = 9_007_199_254_740_992.0;
    let number = decimal(text)?;
    (number.abs() < INEXACT && !has_fraction(text)).then_some(number as i64)
}

/// Whether a number in decimal notation has a fraction, by its digits: a double loses that of `4503599627370497.4`.
fn has_fraction(text: &str) -> bool {
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let Some(last) = number.rfind(|c| matches!(c, '1'..='9')) else { return false };
    let point = number.find('.').unwrap_or(number.len());
    // The power of ten of the last digit that is not 0.
    let power = if last < point { (point - last - 1) as i64 } else { -((last - point) as i64) };
    // An exponent beyond `i64` is of a number that is rounded to 0, or infinite.
    power.saturating_add(exponent.parse().unwrap_or(i64::MIN)) < 0
}

/// A number in plain decimal notation. PHP does not send the other forms that Rust parses (`inf`, `nan`).
pub(super) fn decimal(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    if plain { text.parse().ok().filter(|number: &f64| number.is_finite()) } else { None }
}

impl ToWire for i64 {
    fn to_wire(&self) -> Value {
        Value::from(*self)
    }
}

/// A number, as JSON or in a string.
impl FromWire for f64 {
    fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
        number(json).ok_or_else(|| FromWireError::new("a number", json))
    }

    fn fits(json: JsonRef<'_>) -> bool {
        number(json).is_some()
    }
}

pub(super) fn number(json: JsonRef<'_>) -> Option<f64> {
    match json.number() {
        Some(digits) => digits.parse().ok(),
        None => decimal(json.string()?.trim()),
    }
}

/// A number as JSON; infinities and NaN, which JSON cannot express, become `null`.
impl ToWire for f64 {
    fn to_wire(&self) -> Value {
        Number::from_f64(*self).map_or(Value::Null, Value::Number)
    }
}

/// A boolean: `true`, `"Y"`, `"1"`, `1`, `"true"`, and their opposites, in any case.
impl FromWire for bool {
    fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
        flag(json).ok_or_else(|| FromWireError::new("true or false", json))
    }

    fn fits(json: JsonRef<'_>) -> bool {
        flag(json).is_some()
    }

    /// Nothing is `false`, as PHP converts it.
    fn fallback(result: JsonRef<'_>) -> Option<Self> {
        result.is_php_empty().then_some(false)
    }
}

pub(super) fn flag(json: JsonRef<'_>) -> Option<bool> {
    match json.kind() {
        JsonKind::Bool => json.bool(),
        JsonKind::Number => match integer_of_text(json.number()?)? {
            1 => Some(true),
            0 => Some(false),
            _ => None,
        },
        JsonKind::String => flag_text(json.string()?.trim()),
        _ => None,
    }
}

fn flag_text(text: &str) -> Option<bool> {
    const FORMS: [(&str, bool); 6] =
        [("Y", true), ("N", false), ("1", true), ("0", false), ("true", true), ("false", false)];
    FORMS.iter().find(|(form, _)| form.eq_ignore_ascii_case(text)).map(|(_, flag)| *flag)
}

impl ToWire for bool {
    fn to_wire(&self) -> Value {
        Value::Bool(*self)
    }
}

/// A boolean that is written in another form than JSON's. It is decoded in any form, like `bool`.
macro_rules! written_flag {
    ($(#[$attribute:meta])* $name:ident, $flag:ident => $written:expr) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name(bool);

        impl From<bool> for $name {
            fn from(flag: bool) -> Self {
                Self(flag)
            }
        }

        impl From<$name> for bool {
            fn from(flag: $name) -> Self {
                flag.0
            }
        }

        impl FromWire for $name {
            fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
                bool::from_wire(json, mismatches).map(Self)
            }

            fn fits(json: JsonRef<'_>) -> bool {
                bool::fits(json)
            }

            fn fallback(result: JsonRef<'_>) -> Option<Self> {
                bool::fallback(result).map(Self)
            }
        }

        impl From<$name> for Value {
            fn from($name($flag): $name) -> Self {
                Self::from($written)
            }
        }

        impl ToWire for $name {
            fn to_wire(&self) -> Value {
                Value::from(*self)
            }
        }
    };
}

written_flag! {
    /// A boolean that is written `"Y"` and `"N"`, as older methods require. It is decoded in any form, like `bool`.
    ///
    /// Generated requests and results have `bool` and write flags as each method requires. This type is for values that no page
    /// describes: conditions of a filter, `json!`, and structs that are written by hand.
    YesNo, flag => if flag { "Y" } else { "N" }
}

written_flag! {
    /// A boolean that is written `1` and `0`, as some methods require. It is decoded in any form, like `bool`.
    ///
    /// Generated requests and results have `bool`, as for [`YesNo`].
    ZeroOne, flag => i64::from(flag)
}

/// A string; a number becomes its digits as they were sent, since the same field may be either.
impl FromWire for String {
    fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
        let digits = || json.number().map(str::to_owned);
        let text = json.string().map(Cow::into_owned).or_else(digits);
        text.ok_or_else(|| FromWireError::new("a text", json))
    }

    fn fits(json: JsonRef<'_>) -> bool {
        matches!(json.kind(), JsonKind::String | JsonKind::Number)
    }
}

impl ToWire for String {
    fn to_wire(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl ToWire for str {
    fn to_wire(&self) -> Value {
        Value::from(self)
    }
}

/// No value: methods whose `result` is always `null`. Any of PHP's empty forms is accepted.
impl FromWire for () {
    fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
        if json.is_php_empty() { Ok(()) } else { Err(FromWireError::new("nothing", json)) }
    }

    fn fits(json: JsonRef<'_>) -> bool {
        json.is_php_empty()
    }

    /// Methods that delete return `true`, `[]` or `null`, and no portal keeps to the documented one.
    fn fallback(result: JsonRef<'_>) -> Option<Self> {
        (result.bool() == Some(true)).then_some(())
    }
}

impl ToWire for () {
    fn to_wire(&self) -> Value {
        Value::Null
    }
}

//! Numbers, strings and booleans.

use serde_json::{Number, Value};

use super::{FromWire, FromWireError, Mismatches, ToWire};

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
    fn from_wire(value: Value, _: &mut Mismatches) -> Result<Self, FromWireError> {
        integer(&value).ok_or_else(|| FromWireError::new("an integer", value))
    }

    fn fits(value: &Value) -> bool {
        integer(value).is_some()
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(whole)),
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| decimal(text).and_then(whole))
        }
        _ => None,
    }
}

/// Converts a number without a fraction, as long as a double represents each integer exactly.
fn whole(number: f64) -> Option<i64> {
    // 2⁵³: the first integer that is ambiguous, since 2⁵³ + 1 is rounded to it.
    const INEXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() < INEXACT).then_some(number as i64)
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
    fn from_wire(value: Value, _: &mut Mismatches) -> Result<Self, FromWireError> {
        number(&value).ok_or_else(|| FromWireError::new("a number", value))
    }

    fn fits(value: &Value) -> bool {
        number(value).is_some()
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => decimal(text.trim()),
        _ => None,
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
    fn from_wire(value: Value, _: &mut Mismatches) -> Result<Self, FromWireError> {
        flag(&value).ok_or_else(|| FromWireError::new("true or false", value))
    }

    fn fits(value: &Value) -> bool {
        flag(value).is_some()
    }

    /// Nothing is `false`, as PHP converts it.
    fn fallback(result: &Value) -> Option<Self> {
        is_php_empty(result).then_some(false)
    }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_f64() {
            Some(1.0) => Some(true),
            Some(0.0) => Some(false),
            _ => None,
        },
        Value::String(text) => flag_text(text.trim()),
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

/// A boolean that is written `"Y"` and `"N"`, as older methods require. It is decoded in any form, like `bool`.
///
/// Generated requests and results have `bool` and write flags as each method requires. This type is for values that no page
/// describes: conditions of a filter, `json!`, and structs that are written by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct YesNo(bool);

impl From<bool> for YesNo {
    fn from(flag: bool) -> Self {
        Self(flag)
    }
}

impl From<YesNo> for bool {
    fn from(flag: YesNo) -> Self {
        flag.0
    }
}

impl FromWire for YesNo {
    fn from_wire(value: Value, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        bool::from_wire(value, mismatches).map(Self)
    }

    fn fits(value: &Value) -> bool {
        bool::fits(value)
    }

    fn fallback(result: &Value) -> Option<Self> {
        bool::fallback(result).map(Self)
    }
}

impl From<YesNo> for Value {
    fn from(flag: YesNo) -> Self {
        Self::from(if flag.0 { "Y" } else { "N" })
    }
}

impl ToWire for YesNo {
    fn to_wire(&self) -> Value {
        Value::from(*self)
    }
}

/// A boolean that is written `1` and `0`, as some methods require. It is decoded in any form, like `bool`.
///
/// Generated requests and results have `bool`, as for [`YesNo`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ZeroOne(bool);

impl From<bool> for ZeroOne {
    fn from(flag: bool) -> Self {
        Self(flag)
    }
}

impl From<ZeroOne> for bool {
    fn from(flag: ZeroOne) -> Self {
        flag.0
    }
}

impl FromWire for ZeroOne {
    fn from_wire(value: Value, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        bool::from_wire(value, mismatches).map(Self)
    }

    fn fits(value: &Value) -> bool {
        bool::fits(value)
    }

    fn fallback(result: &Value) -> Option<Self> {
        bool::fallback(result).map(Self)
    }
}

impl From<ZeroOne> for Value {
    fn from(flag: ZeroOne) -> Self {
        Self::from(i64::from(flag.0))
    }
}

impl ToWire for ZeroOne {
    fn to_wire(&self) -> Value {
        Value::from(*self)
    }
}

/// A string; a number becomes its digits, since the same field may be either.
impl FromWire for String {
    fn from_wire(value: Value, _: &mut Mismatches) -> Result<Self, FromWireError> {
        match value {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            other => Err(FromWireError::new("a text", other)),
        }
    }

    fn fits(value: &Value) -> bool {
        value.is_string() || value.is_number()
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
    fn from_wire(value: Value, _: &mut Mismatches) -> Result<Self, FromWireError> {
        if is_php_empty(&value) { Ok(()) } else { Err(FromWireError::new("nothing", value)) }
    }

    fn fits(value: &Value) -> bool {
        is_php_empty(value)
    }

    /// Methods that delete return `true`, `[]` or `null`, and no portal keeps to the documented one.
    fn fallback(result: &Value) -> Option<Self> {
        (*result == Value::Bool(true)).then_some(())
    }
}

impl ToWire for () {
    fn to_wire(&self) -> Value {
        Value::Null
    }
}

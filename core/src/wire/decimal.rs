//! Numbers that may have a fraction.

mod digits;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;

#[cfg(feature = "rust_decimal")]
pub use self::rust_decimal::DecimalError;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde_json::Value;

use self::digits::Digits;
use super::{FromWire, FromWireError, JsonRef, Mismatch, Mismatches, ToWire, decode_strict, scalar};

/// A number that may have a fraction, with exactly the digits that the portal wrote: amounts of money, quantities, rates.
///
/// Portals write such numbers as JSON numbers and as texts (`"1500.50"`, of any length), and `f64` keeps only 15 digits of
/// them. Comparison is by value: `1500.5` equals `1500.50`. A request contains what the decimal was made from: a JSON number
/// for an integer or an `f64`, a text for a text and for a JSON number whose digits `f64` would change.
///
/// ```
/// use bitrix24_core::wire::{Decimal, decode_strict};
/// use bitrix24_core::json;
///
/// let amount = decode_strict::<Decimal>(json!("12345678901234567.80"))?;
/// assert_eq!(amount.to_string(), "12345678901234567.80");
/// assert_eq!(amount, Decimal::from("12345678901234567.8"));
/// assert!(amount > Decimal::from(12_345_678_901_234_567_i64));
///
/// let price = decode_strict::<Decimal>(json!("99.90"))?;
/// assert_eq!((price.to_f64(), price.to_i64()), (99.9, None));
/// assert_eq!(price, 99.9);
/// # Ok::<(), bitrix24_core::wire::Mismatch>(())
/// ```
///
/// Calculations are a matter of other types: [`to_f64`](Self::to_f64), or `rust_decimal::Decimal` with the feature
/// `rust_decimal`, which is exact up to 28 digits.
#[derive(Clone)]
pub struct Decimal(Form);

/// What the decimal was made from.
#[derive(Clone)]
enum Form {
    Integer(i64),
    Float(f64),
    Text(Box<str>),
}

impl Decimal {
    /// The nearest `f64`; NaN if the decimal was made from a text that is no number.
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Form::Integer(number) => *number as f64,
            Form::Float(number) => *number,
            Form::Text(text) => scalar::decimal(text.trim()).unwrap_or(f64::NAN),
        }
    }

    /// The same integer. `None` if there is a fraction, or if the number exceeds `i64`.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Integer(number) => Some(*number),
            _ => Digits::of(&self.to_string())?.to_i64(),
        }
    }

    /// The number with these digits, as JSON has them.
    fn of_digits(digits: &str) -> Self {
        match (digits.parse::<i64>(), digits.parse::<f64>()) {
            (Ok(number), _) => Self::from(number),
            (_, Ok(number)) if number.to_string() == digits => Self::from(number),
            _ => Self::from(digits),
        }
    }
}

/// The digits as the portal wrote them, in plain notation for what was a JSON number.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Integer(number) => number.fmt(f),
            Form::Float(number) => number.fmt(f),
            Form::Text(text) => f.pad(text),
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({self})")
    }
}

impl Default for Decimal {
    fn default() -> Self {
        Self(Form::Integer(0))
    }
}

/// By value. Texts that are no numbers come last, by their letters.
impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Form::Integer(own), Form::Integer(other)) = (&self.0, &other.0) {
            return own.cmp(other);
        }
        let (own, other) = (self.to_string(), other.to_string());
        match (Digits::of(&own), Digits::of(&other)) {
            (Some(own), Some(other)) => own.cmp(&other),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => own.cmp(&other),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let text = self.to_string();
        match Digits::of(&text) {
            Some(digits) => digits.hash(state),
            None => text.hash(state),
        }
    }
}

macro_rules! of_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Decimal {
            fn from(number: $integer) -> Self {
                match i64::try_from(number) {
                    Ok(number) => Self(Form::Integer(number)),
                    Err(_) => Self(Form::Text(number.to_string().into())),
                }
            }
        }

        impl PartialEq<$integer> for Decimal {
            fn eq(&self, other: &$integer) -> bool {
                self.cmp(&Self::from(*other)) == Ordering::Equal
            }
        }
    )*};
}

of_integers!(i8, i16, i32, i64, u8, u16, u32, u64, usize);

/// The shortest number that is nearest to this `f64`: `0.1` is one tenth. Infinities and NaN are written as `null`.
impl From<f64> for Decimal {
    fn from(number: f64) -> Self {
        Self(Form::Float(number))
    }
}

impl PartialEq<f64> for Decimal {
    fn eq(&self, other: &f64) -> bool {
        self.cmp(&Self::from(*other)) == Ordering::Equal
    }
}

/// Keeps the text without looking at it. A request contains it as it is; [`FromStr`] checks that it is a number.
impl From<&str> for Decimal {
    fn from(text: &str) -> Self {
        Self(Form::Text(text.into()))
    }
}

/// Keeps the text without looking at it. A request contains it as it is; [`FromStr`] checks that it is a number.
impl From<String> for Decimal {
    fn from(text: String) -> Self {
        Self(Form::Text(text.into()))
    }
}

impl From<&Decimal> for Decimal {
    fn from(number: &Decimal) -> Self {
        number.clone()
    }
}

/// Reads a number in decimal notation: `1500.50`, `-7`, `1e3`.
impl FromStr for Decimal {
    type Err = Mismatch;

    fn from_str(text: &str) -> Result<Self, Mismatch> {
        decode_strict(Value::from(text))
    }
}

/// A number, as JSON or in a text.
impl FromWire for Decimal {
    fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
        if let Some(digits) = json.number() {
            return Ok(Self::of_digits(digits));
        }
        match json.string() {
            Some(text) if scalar::decimal(text.trim()).is_some() => Ok(Self::from(text.trim())),
            _ => Err(FromWireError::new("a number", json)),
        }
    }

    fn fits(json: JsonRef<'_>) -> bool {
        f64::fits(json)
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        match number.0 {
            Form::Integer(number) => Self::from(number),
            Form::Float(number) => number.to_wire(),
            Form::Text(text) => Self::from(String::from(text)),
        }
    }
}

impl ToWire for Decimal {
    fn to_wire(&self) -> Value {
        Value::from(self.clone())
    }
}

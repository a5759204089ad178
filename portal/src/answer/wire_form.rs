//! How numbers and flags are written in responses.

mod shown;

use std::fmt::{self, Display, Formatter};

use serde_json::{Number, Value};
use shown::Shown;

use super::empty::Empty;
use crate::spec::{Api, JsonType, Schema};

/// Modules whose methods write numbers as text although the names of their fields are in camel case.
const TEXT_MODULES: [&str; 1] = ["tasks."];

/// How the numbers of an object are written. Objects with names in upper case, those of the classic methods of REST 2, have their
/// numbers as text; others have numbers. Methods whose examples show another form have that.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    api: Api,
    module_has_text: bool,
    /// Whether the object has names in upper case.
    classic: bool,
    text: bool,
    /// Whether a flag is a letter, where its type does not say so.
    letter: Option<bool>,
    /// Whether dates have no time.
    dates: bool,
    /// How a field without a value is, where examples show it.
    empty: Option<Empty>,
    shown: Option<&'static Shown>,
}

impl Form {
    /// The form of a method's results.
    pub(crate) fn of(api: Api, method: &str) -> Self {
        let method = method.to_ascii_lowercase();
        let module_has_text = api == Api::V2 && TEXT_MODULES.iter().any(|module| method.starts_with(module));
        let shown = if api == Api::V2 { Shown::of(&method) } else { None };
        Self {
            api,
            module_has_text,
            classic: false,
            text: false,
            letter: None,
            dates: false,
            empty: None,
            shown,
        }
    }

    /// The form inside an object.
    pub(crate) fn of_object(self, schema: &Schema) -> Self {
        let classic = schema.properties.keys().any(|name| name.contains(|c: char| c.is_ascii_uppercase()))
            && !schema.properties.keys().any(|name| name.contains(|c: char| c.is_ascii_lowercase()));
        let classic = classic && self.api == Api::V2;
        Self { classic, text: classic || self.module_has_text, ..self }
    }

    /// The form of a field of the object.
    pub(crate) fn of_field(self, name: &str) -> Self {
        let Some(shown) = self.shown else { return self };
        Self {
            text: shown.has_text(name).unwrap_or(self.text),
            letter: shown.has_letter(name),
            dates: shown.has_date(name),
            empty: shown.empty(name),
            ..self
        }
    }

    /// Whether numbers are texts.
    pub(crate) fn has_text_numbers(self) -> bool {
        self.text
    }

    /// Whether dates have neither time nor zone.
    pub(crate) fn has_dates(self) -> bool {
        self.dates
    }

    /// How a field of this type is without a value; the type has no references. REST 3 has `null` for all but lists.
    pub(crate) fn empty(self, schema: &Schema) -> Empty {
        if let Some(empty) = self.empty {
            return empty;
        }
        match schema.single() {
            Some(JsonType::Array) => Empty::List,
            _ if self.api == Api::V3 => Empty::Null,
            Some(JsonType::Object) => Empty::List,
            Some(JsonType::Boolean) if schema.format.as_deref() == Some("char") => Empty::No,
            Some(JsonType::String) if schema.is_date() && self.classic => Empty::Text,
            _ => Empty::Null,
        }
    }

    /// Whether a flag of this type is `Y` or `N`.
    pub(crate) fn has_letters(self, schema: &Schema) -> bool {
        self.letter.unwrap_or(schema.format.as_deref() == Some("char"))
    }

    /// A flag.
    pub(crate) fn flag(self, schema: &Schema, flag: bool) -> Value {
        match (self.has_letters(schema), flag) {
            (true, true) => "Y".into(),
            (true, false) => "N".into(),
            (false, flag) => flag.into(),
        }
    }

    /// A whole number.
    pub(crate) fn integer(self, number: i64) -> Value {
        if self.text { number.to_string().into() } else { number.into() }
    }

    /// A decimal number: as text it is a [`Decimal`].
    pub(crate) fn decimal(self, number: f64) -> Value {
        if self.text {
            return Decimal(number).to_string().into();
        }
        json_number(number).map_or(Value::Null, Value::Number)
    }
}

/// A decimal number as JSON, where PHP writes no decimals of a whole one.
pub(crate) fn json_number(number: f64) -> Option<Number> {
    // Beyond these, not every whole number is exact.
    let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
    if is_whole { Some((number as i64).into()) } else { Number::from_f64(number) }
}

/// A decimal number as text: with two decimals, or with more where these are not all.
pub(crate) struct Decimal(pub(crate) f64);

impl Display for Decimal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(number) = *self;
        let has_more = (number * 100.0).round() / 100.0 != number;
        if has_more { write!(f, "{number}") } else { write!(f, "{number:.2}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_lose_nothing() {
        for (number, wanted) in [
            (0.0, "0.00"),
            (12.5, "12.50"),
            (54.8738, "54.8738"),
            (-0.1, "-0.10"),
            (5e-7, "0.0000005"),
            (1e9, "1000000000.00"),
        ] {
            assert_eq!(Decimal(number).to_string(), wanted);
        }
    }
}

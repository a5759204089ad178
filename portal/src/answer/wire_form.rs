//! How numbers and flags are written in responses.

use std::fmt::{self, Display, Formatter};

use serde_json::{Number, Value};

use crate::spec::{Api, Schema};

/// Modules whose methods write numbers as text although the names of their fields are in camel case.
const TEXT_MODULES: [&str; 1] = ["tasks."];

/// How the numbers of an object are written. Objects with names in upper case, those of the classic methods of REST 2, have their
/// numbers as text; others have numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    api: Api,
    module_has_text: bool,
    text: bool,
}

impl Form {
    /// The form of a method's results.
    pub(crate) fn of(api: Api, method: &str) -> Self {
        let method = method.to_ascii_lowercase();
        let module_has_text = api == Api::V2 && TEXT_MODULES.iter().any(|module| method.starts_with(module));
        Self { api, module_has_text, text: false }
    }

    /// The interface of the method.
    pub(crate) fn api(self) -> Api {
        self.api
    }

    /// The form inside an object.
    pub(crate) fn of_object(self, schema: &Schema) -> Self {
        let classic = schema.properties.keys().any(|name| name.contains(|c: char| c.is_ascii_uppercase()))
            && !schema.properties.keys().any(|name| name.contains(|c: char| c.is_ascii_lowercase()));
        Self { text: self.api == Api::V2 && (classic || self.module_has_text), ..self }
    }

    /// Whether numbers are texts.
    pub(crate) fn has_text_numbers(self) -> bool {
        self.text
    }

    /// A flag.
    pub(crate) fn flag(self, schema: &Schema, flag: bool) -> Value {
        match schema.format.as_deref() {
            Some("char") if flag => "Y".into(),
            Some("char") => "N".into(),
            _ => flag.into(),
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
        Number::from_f64(number).map_or(Value::Null, Value::Number)
    }
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

//! Conversions to and from the type of rust_decimal.

use std::error::Error;
use std::fmt;

use rust_decimal::Decimal as Exact;

use super::Decimal;
use crate::excerpt::excerpt;

/// A number that `rust_decimal::Decimal` cannot contain without a loss, or a text that is no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecimalError(Box<str>);

/// How many characters of the number are shown.
const SHOWN: usize = 60;

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} cannot be a `rust_decimal::Decimal`, which has up to 28 digits",
            excerpt(&self.0, SHOWN)
        )
    }
}

impl Error for DecimalError {}

impl TryFrom<&Decimal> for Exact {
    type Error = DecimalError;

    fn try_from(number: &Decimal) -> Result<Self, DecimalError> {
        let text = number.to_string();
        let bare = text.trim().trim_start_matches('+');
        let exact = if bare.contains(['e', 'E']) {
            Self::from_scientific(bare).ok().filter(|exact| Decimal::from(*exact) == *number)
        } else {
            Self::from_str_exact(bare).ok()
        };
        exact.ok_or_else(|| DecimalError(text.as_str().into()))
    }
}

impl TryFrom<Decimal> for Exact {
    type Error = DecimalError;

    fn try_from(number: Decimal) -> Result<Self, DecimalError> {
        Self::try_from(&number)
    }
}

/// Written as a text with all digits.
impl From<Exact> for Decimal {
    fn from(number: Exact) -> Self {
        Self::from(number.to_string())
    }
}

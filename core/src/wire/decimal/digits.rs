//! The digits of a number, for comparisons.

use std::cmp::Ordering;
use std::num::IntErrorKind;

/// A number as its digits: ±0.d₁d₂d₃… × 10^magnitude, where neither the first nor the last digit is 0. Zero has no digits and
/// no sign. Equal numbers are the same value.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Digits {
    negative: bool,
    magnitude: i64,
    digits: Vec<u8>,
}

impl Digits {
    /// The digits of a number in decimal notation; `None` if the text is none.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, parse_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        if all().next().is_none() || !all().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let zeros = all().take_while(|digit| *digit == b'0').count();
        let mut digits: Vec<u8> = all().skip(zeros).map(|digit| digit - b'0').collect();
        while digits.last() == Some(&0) {
            digits.pop();
        }
        if digits.is_empty() {
            return Some(Self { negative: false, magnitude: 0, digits });
        }
        let places = i64::try_from(whole.len()).ok()? - i64::try_from(zeros).ok()?;
        let magnitude = exponent.saturating_add(places);
        Some(Self { negative, magnitude, digits })
    }

    /// The same integer; `None` if there is a fraction, or if it exceeds `i64`.
    pub(super) fn to_i64(&self) -> Option<i64> {
        let places = usize::try_from(self.magnitude).ok()?;
        if self.digits.len() > places {
            return None;
        }
        let mut sum: i64 = 0;
        // Leading digits are not 0, so that more than 19 places end the loop.
        for place in 0..places {
            let digit = i64::from(self.digits.get(place).copied().unwrap_or_default());
            sum = sum.checked_mul(10)?;
            sum = if self.negative { sum.checked_sub(digit)? } else { sum.checked_add(digit)? };
        }
        Some(sum)
    }
}

/// An exponent; one beyond `i64` is the nearest `i64`.
fn parse_exponent(text: &str) -> Option<i64> {
    match text.parse::<i64>() {
        Ok(exponent) => Some(exponent),
        Err(error) => match error.kind() {
            IntErrorKind::PosOverflow => Some(i64::MAX),
            IntErrorKind::NegOverflow => Some(i64::MIN),
            _ => None,
        },
    }
}

impl Ord for Digits {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let by_size = || (self.magnitude, &self.digits).cmp(&(other.magnitude, &other.digits));
        sign(self).cmp(&sign(other)).then_with(|| if self.negative { by_size().reverse() } else { by_size() })
    }
}

impl PartialOrd for Digits {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

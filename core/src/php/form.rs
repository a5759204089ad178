//! Decoding of forms from outside, with bounded work.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use super::decode::Array;
use super::{MAX_DEPTH, Name};

/// What is decoded of a form from outside. A form beyond a limit is refused, after a work that the limits bound.
///
/// ```
/// use bitrix24_core::php::{Limits, decode_form};
/// let limits = Limits::default().with_values(2);
/// assert!(decode_form(b"a=1&b=2", limits).is_ok());
/// assert!(decode_form(b"a=1&b=2&c=3", limits).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    values: usize,
    depth: usize,
}

impl Limits {
    /// Sets the maximum number of values, including the arrays that contain them. Default: 10,000. PHP itself reads at most
    /// 1,000 by default, so that few programs of a portal send more.
    pub fn with_values(mut self, values: usize) -> Self {
        self.values = values;
        self
    }

    /// Sets the maximum number of brackets after a name, at most 64 as in PHP. Default: 32.
    pub fn with_depth(mut self, depth: usize) -> Self {
        self.depth = depth.min(MAX_DEPTH);
        self
    }

    /// The maximum number of values.
    pub fn values(self) -> usize {
        self.values
    }

    /// The maximum number of brackets after a name.
    pub fn depth(self) -> usize {
        self.depth
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { values: 10_000, depth: 32 }
    }
}

/// The reason why a form is refused. It contains nothing of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormError {
    /// The form, or a value in it, is not UTF-8.
    NotUtf8,
    /// There are more values than [`Limits::with_values`] allows.
    TooManyValues,
    /// A name has more brackets than [`Limits::with_depth`] allows.
    TooDeep,
    /// A name occurs twice, so that two readers may disagree about its value.
    Repeated,
}

impl FormError {
    pub(crate) const fn problem(self) -> &'static str {
        match self {
            Self::NotUtf8 => "the form is not UTF-8",
            Self::TooManyValues => "the form has too many values",
            Self::TooDeep => "the form is nested too deeply",
            Self::Repeated => "the form has two values with the same name",
        }
    }
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.problem())
    }
}

impl std::error::Error for FormError {}

/// Decodes a body of the type `application/x-www-form-urlencoded` from outside, as PHP's `parse_str` does.
///
/// [`decode`](super::decode) describes the result. Unlike PHP, it refuses what it does not take completely.
///
/// ```
/// use bitrix24_core::php::{FormError, Limits, decode_form};
/// let form = decode_form(b"data[FIELDS][ID]=7&ts=1800000000", Limits::default())?;
/// assert_eq!(form["data"]["FIELDS"]["ID"], "7");
/// assert_eq!(decode_form(b"title=%D1", Limits::default()), Err(FormError::NotUtf8));
/// # Ok::<(), FormError>(())
/// ```
///
/// # Errors
/// A [`FormError`] if the form is beyond the limits, is not UTF-8, or gives a value twice.
pub fn decode_form(body: &[u8], limits: Limits) -> Result<Map<String, Value>, FormError> {
    Form { top: Array::default(), values: 0, limits, may_repeat: false }.read(body)
}

/// Decodes the query of a URL, in which the address of a handler and the portal may both give a value: the last one counts.
///
/// # Errors
/// A [`FormError`] if the query is beyond the limits or is not UTF-8.
pub(crate) fn decode_query(query: &str, limits: Limits) -> Result<Map<String, Value>, FormError> {
    Form { top: Array::default(), values: 0, limits, may_repeat: true }.read(query.as_bytes())
}

struct Form {
    top: Array,
    values: usize,
    limits: Limits,
    may_repeat: bool,
}

impl Form {
    fn read(mut self, body: &[u8]) -> Result<Map<String, Value>, FormError> {
        // A text in UTF-16, of which each second byte is zero.
        if body.contains(&0) {
            return Err(FormError::NotUtf8);
        }
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            self.pair(pair)?;
        }
        Ok(self.top.into_map())
    }

    fn pair(&mut self, pair: &[u8]) -> Result<(), FormError> {
        let end = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = end.map_or((pair, &[][..]), |end| (&pair[..end], &pair[end + 1..]));
        // Each pair counts, also one that PHP drops.
        self.values += 1;
        let name = unescaped(name)?;
        let value = unescaped(value)?.into_owned();
        if let Some(name) = Name::parse(&name) {
            if name.keys.len() > self.limits.depth {
                return Err(FormError::TooDeep);
            }
            let inserted = self.top.insert(name, value);
            if inserted.replaced && !self.may_repeat {
                return Err(FormError::Repeated);
            }
            self.values += inserted.new.saturating_sub(1);
        }
        if self.values > self.limits.values { Err(FormError::TooManyValues) } else { Ok(()) }
    }
}

/// A text without percent-encoding.
fn unescaped(text: &[u8]) -> Result<Cow<'_, str>, FormError> {
    let Some(first) = text.iter().position(|byte| matches!(byte, b'%' | b'+')) else {
        return str::from_utf8(text).map(Cow::Borrowed).map_err(|_| FormError::NotUtf8);
    };
    let mut bytes = Vec::with_capacity(text.len());
    bytes.extend_from_slice(&text[..first]);
    for (at, part) in text[first..].split(|byte| *byte == b'+').enumerate() {
        if at > 0 {
            bytes.push(b' ');
        }
        bytes.extend(percent_decode(part));
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| FormError::NotUtf8)
}

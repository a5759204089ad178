//! Decoding of forms from outside, with bounded work.

use std::fmt;

use serde_json::{Map, Value};

use super::arrays::{Arrays, Root};
use super::{MAX_DEPTH, Name};
use crate::wire::Json;

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
    Ok(decode_request(body, "", limits)?.get().to_map())
}

/// Decodes a form and the query of its URL as one document. Fields of the form override those of the query, in which the address of a
/// handler and the portal may both give a value: the last one counts.
///
/// # Errors
/// A [`FormError`] if either is beyond the limits or is not UTF-8, or if the form gives a value twice.
pub(crate) fn decode_request(body: &[u8], query: &str, limits: Limits) -> Result<Json, FormError> {
    let mut arrays = Arrays::with_capacity(body.len() + query.len());
    let root = Form::new(&mut arrays, limits, false).read(body)?;
    if !query.is_empty() {
        let others = Form::new(&mut arrays, limits, true).read(query.as_bytes())?;
        arrays.add_missing(root, others);
    }
    arrays.into_json(root).ok_or(FormError::TooManyValues)
}

struct Form<'a> {
    arrays: &'a mut Arrays,
    root: Root,
    values: usize,
    limits: Limits,
    may_repeat: bool,
    /// The present name.
    name: Vec<u8>,
}

impl<'a> Form<'a> {
    fn new(arrays: &'a mut Arrays, limits: Limits, may_repeat: bool) -> Self {
        let root = arrays.root();
        Self { arrays, root, values: 0, limits, may_repeat, name: Vec::new() }
    }

    fn read(mut self, body: &[u8]) -> Result<Root, FormError> {
        // A text in UTF-16, of which each second byte is zero. A character of which one byte is escaped and another is not is none either.
        if body.contains(&0) || str::from_utf8(body).is_err() {
            return Err(FormError::NotUtf8);
        }
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            self.pair(pair)?;
        }
        Ok(self.root)
    }

    fn pair(&mut self, pair: &[u8]) -> Result<(), FormError> {
        let end = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = end.map_or((pair, &[][..]), |end| (&pair[..end], &pair[end + 1..]));
        // Each pair counts, also one that PHP drops.
        self.values += 1;
        self.name.clear();
        unescape(name, &mut self.name);
        let name = str::from_utf8(&self.name).map_err(|_| FormError::NotUtf8)?;
        let text = self.arrays.text(|text| unescape(value, text)).ok_or(FormError::NotUtf8)?;
        if let Some(name) = Name::parse(name) {
            if name.is_deeper_than(self.limits.depth) {
                return Err(FormError::TooDeep);
            }
            let inserted = self.arrays.insert(self.root, &name, text);
            if inserted.replaced && !self.may_repeat {
                return Err(FormError::Repeated);
            }
            self.values += inserted.new.saturating_sub(1);
        }
        if self.values > self.limits.values { Err(FormError::TooManyValues) } else { Ok(()) }
    }
}

/// Appends a text without its percent-encoding. A percent sign without two digits is one.
fn unescape(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'%' | b'+')) {
        out.extend_from_slice(&rest[..at]);
        let digit = |at: usize| rest.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        let (byte, length) = match (rest[at], digit(at + 1), digit(at + 2)) {
            (b'+', ..) => (b' ', 1),
            (_, Some(high), Some(low)) => (u8::try_from(high * 16 + low).unwrap_or_default(), 3),
            (percent, ..) => (percent, 1),
        };
        out.push(byte);
        rest = &rest[at + length..];
    }
    out.extend_from_slice(rest);
}

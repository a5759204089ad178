//! Decoding of whole results.

use std::borrow::Borrow;

use serde_json::Value;

use super::in_memory::to_json;
use super::{FromWire, FromWireError, JsonRef, Mismatch, Mismatches, Reader, WireReader};

/// A decoded value, and the parts of it that do not fit.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Decoded<T> {
    /// The value. A field that does not fit is `None`, and its value is in `extra`.
    pub value: T,
    /// What does not fit.
    pub mismatches: Mismatches,
}

/// Decodes JSON of a portal as a type of this crate, or as any type that implements [`FromWire`] or
/// [`FromFields`](super::FromFields).
///
/// ```
/// use bitrix24_core::{Map, Value, json, wire};
/// use wire::{DateTime, Fields, FromFields};
///
/// #[derive(Debug)]
/// struct User {
///     id: Option<i64>,
///     changed: Option<DateTime>,
///     extra: Map<String, Value>,
/// }
///
/// impl FromFields for User {
///     fn from_fields(fields: &mut Fields<'_>) -> Self {
///         Self {
///             id: fields.optional("ID"),
///             changed: fields.optional("TIMESTAMP_X"),
///             extra: fields.remaining(),
///         }
///     }
/// }
///
/// let users = wire::decode::<Vec<User>>(json!([{"ID": "7", "TIMESTAMP_X": {"day": 3}}]))?;
/// assert_eq!((users.value[0].id, &users.value[0].changed), (Some(7), &None));
/// assert_eq!(users.value[0].extra["TIMESTAMP_X"], json!({"day": 3}));
/// let mismatch = &users.mismatches.as_slice()[0];
/// assert_eq!(mismatch.to_string(), "`[0].TIMESTAMP_X`: expected a date, found an object with 1 keys (day)");
///
/// let error = wire::decode::<User>(json!("no user")).unwrap_err();
/// assert_eq!(error.to_string(), r#"`result`: expected an object, found "no user""#);
/// # Ok::<(), wire::FromWireError>(())
/// ```
///
/// # Errors
/// A [`FromWireError`] if the value as a whole has another form.
pub fn decode<T: FromWire>(value: impl Borrow<Value>) -> Result<Decoded<T>, FromWireError> {
    decode_json(to_json(value.borrow())?.get())
}

/// Decodes a value of a response, like [`decode`].
///
/// # Errors
/// A [`FromWireError`] if the value as a whole has another form.
pub fn decode_json<T: FromWire>(json: JsonRef<'_>) -> Result<Decoded<T>, FromWireError> {
    decode_as::<T, WireReader>(json)
}

/// Decodes a value of a response with a reader.
#[inline]
pub(crate) fn decode_as<T, R: Reader<T>>(json: JsonRef<'_>) -> Result<Decoded<T>, FromWireError> {
    let mut mismatches = Mismatches::new();
    match R::read(json, &mut mismatches) {
        Ok(value) => Ok(Decoded { value, mismatches }),
        Err(error) => fall_back::<T, R>(json, error),
    }
}

#[cold]
fn fall_back<T, R: Reader<T>>(json: JsonRef<'_>, error: FromWireError) -> Result<Decoded<T>, FromWireError> {
    let Some(value) = R::fallback(json) else { return Err(error) };
    let mut mismatches = Mismatches::new();
    mismatches.push(error.into());
    Ok(Decoded { value, mismatches })
}

/// Decodes a value that must fit in all its parts.
///
/// ```
/// use bitrix24_core::{json, wire};
/// assert_eq!(wire::decode_strict::<i64>(json!("12")), Ok(12));
/// assert_eq!(wire::decode_strict::<Vec<bool>>(json!(["Y", "D"])).unwrap_err().path(), "[1]");
/// ```
///
/// # Errors
/// The first [`Mismatch`].
pub fn decode_strict<T: FromWire>(value: impl Borrow<Value>) -> Result<T, Mismatch> {
    decode_json_strict(to_json(value.borrow())?.get())
}

/// Decodes a value of a response that must fit in all its parts, like [`decode_strict`].
///
/// # Errors
/// The first [`Mismatch`].
pub fn decode_json_strict<T: FromWire>(json: JsonRef<'_>) -> Result<T, Mismatch> {
    let mut mismatches = Mismatches::new();
    let value = T::from_wire(json, &mut mismatches)?;
    match mismatches.into_iter().next() {
        None => Ok(value),
        Some(mismatch) => Err(mismatch),
    }
}

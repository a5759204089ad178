//! A method of the generated crate, as plain functions.

use bitrix24::wire::{FromWire, FromWireError, Mismatches, decode};
use bitrix24::{Api, ErrorCode, Method, Value};

/// A method, with functions of its types.
pub(crate) struct Entry {
    pub(crate) api: Api,
    /// The name in lower case.
    pub(crate) name: &'static str,
    /// Decodes a result.
    pub(crate) decode: fn(Value) -> Result<Mismatches, FromWireError>,
    /// Whether the error enumeration has a variant for a code and a message.
    pub(crate) knows_error: fn(&str, &str) -> bool,
}

/// The entry of a request type.
pub(crate) const fn entry<M: Method<Output: FromWire>>(api: Api, name: &'static str) -> Entry {
    Entry { api, name, decode: decode_result::<M>, knows_error: knows_error::<M> }
}

fn decode_result<M: Method<Output: FromWire>>(result: Value) -> Result<Mismatches, FromWireError> {
    Ok(decode::<M::Output>(result)?.mismatches)
}

fn knows_error<M: Method>(code: &str, message: &str) -> bool {
    M::Error::from_code(code, message).is_some()
}

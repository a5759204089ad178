//! Values that are in memory and not in a response.

use serde_json::Value;

use super::{FromWireError, Json};

/// The value in the form that everything is read from.
pub(super) fn to_json(value: &Value) -> Result<Json, FromWireError> {
    Json::from_value(value)
        .ok_or_else(|| FromWireError::new("a value with less than 512 MiB of text", Json::default().get()))
}

//! Values in the forms that portals send, for types of a program that derive serde's `Deserialize`.
//!
//! [`Method::of`](crate::Method::of) reads every field so, without attributes. This module is for other sources: events, settings
//! of a placement, JSON that a program stores. As `#[serde(with = "bitrix24::lenient")]` it reads a field of any type: a number in
//! quotes, a flag as `Y`, `N`, `1` or `0`, a list that is an object with integer keys, nothing in any form for an empty list or for
//! `None`. The type of the field decides what is accepted, by the functions of [`wire`], at any depth.
//!
//! | attribute | reads | writes |
//! |---|---|---|
//! | `#[serde(with = "bitrix24::lenient")]` | any type | as the type does |
//! | `#[serde(with = "bitrix24::lenient::yes_no")]` | a flag | `Y` or `N` |
//! | `#[serde(with = "bitrix24::lenient::date")]` | a date of any library | as the type does |
//! | `#[serde(with = "bitrix24::lenient::optional_date")]` | a date, or nothing in any form | as the type does |
//! | `#[serde(with = "bitrix24::lenient::or_default")]` | any type; nothing in any form is its default | as the type does |
//!
//! Add `#[serde(default)]` to fields that may be absent.
//!
//! ```
//! use bitrix24_core::lenient;
//!
//! #[derive(serde::Deserialize)]
//! struct Deal {
//!     #[serde(with = "lenient")]
//!     id: u32,
//!     #[serde(with = "lenient::yes_no")]
//!     closed: bool,
//!     #[serde(with = "lenient")]
//!     tags: Vec<String>,
//!     #[serde(with = "lenient", default)]
//!     opportunity: Option<f64>,
//!     #[serde(with = "lenient::or_default")]
//!     probability: u8,
//! }
//!
//! let json = r#"{"id": "7", "closed": "Y", "tags": {"3": "new"}, "opportunity": "", "probability": false}"#;
//! let deal: Deal = serde_json::from_str(json)?;
//! assert_eq!((deal.id, deal.closed, deal.tags), (7, true, vec!["new".to_owned()]));
//! assert_eq!((deal.opportunity, deal.probability), (None, 0));
//! # Ok::<(), serde_json::Error>(())
//! ```

pub mod date;
pub mod optional_date;
pub mod or_default;
pub mod yes_no;

use serde_core::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde_core::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::wire::{self, Mismatch};

/// Reads JSON that came from a portal as a type of the program.
///
/// ```
/// use bitrix24_core::{json, lenient};
/// assert_eq!(lenient::from_value::<Vec<u8>>(&json!({"1": "7", "2": 8}))?, [7, 8]);
/// let error = lenient::from_value::<Vec<u8>>(&json!(["7", "x"])).unwrap_err();
/// assert_eq!(error.to_string(), r#"`[1]`: expected an integer, found "x""#);
/// # Ok::<(), bitrix24_core::wire::Mismatch>(())
/// ```
///
/// # Errors
/// The first value that does not fit, with its path.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Mismatch> {
    wire::own::read_value(value)
}

/// Reads a value of any type.
///
/// # Errors
/// A value that does not fit, with its path below the field.
pub fn deserialize<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    from_value(&Value::deserialize(deserializer)?).map_err(Error::custom)
}

/// Writes a value as its type does.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer, T: Serialize>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.serialize(serializer)
}

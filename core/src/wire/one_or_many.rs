//! Lists that may be one item.

use std::ops::Deref;

use serde_json::Value;

use super::list::is_sparse_list;
use super::{FromWire, FromWireError, JsonKind, JsonRef, Mismatches, ToWire};

/// The result of a method that returns a list, or one item without a list if the request names the item.
///
/// ```
/// use bitrix24_core::json;
/// use bitrix24_core::wire::{OneOrMany, decode_strict};
///
/// let all = decode_strict::<OneOrMany<i64>>(json!([3, "4"]))?;
/// assert_eq!(all[..], [3, 4]);
/// let one = decode_strict::<OneOrMany<i64>>(json!("4"))?;
/// assert_eq!(one.into_vec(), [4]);
/// # Ok::<(), bitrix24_core::wire::Mismatch>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OneOrMany<T>(Vec<T>);

impl<T> OneOrMany<T> {
    /// The items; a single one is a list of one.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

/// For results in tests.
impl<T> FromIterator<T> for OneOrMany<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T> Deref for OneOrMany<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for OneOrMany<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Whether the value is a list in one of PHP's forms, and no single item.
fn is_list(json: JsonRef<'_>) -> bool {
    match json.kind() {
        JsonKind::Array => true,
        JsonKind::Object => is_sparse_list(json),
        _ => false,
    }
}

impl<T: FromWire> FromWire for OneOrMany<T> {
    fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        if is_list(json) {
            Vec::from_wire(json, mismatches).map(Self)
        } else {
            T::from_wire(json, mismatches).map(|item| Self(vec![item]))
        }
    }

    fn fits(json: JsonRef<'_>) -> bool {
        if is_list(json) { Vec::<T>::fits(json) } else { T::fits(json) }
    }

    /// Nothing is an empty list.
    fn fallback(result: JsonRef<'_>) -> Option<Self> {
        result.is_php_empty().then(|| Self(Vec::new()))
    }
}

/// A list, also of a single item.
impl<T: ToWire> ToWire for OneOrMany<T> {
    fn to_wire(&self) -> Value {
        self.0.to_wire()
    }
}

impl<T> From<Vec<T>> for OneOrMany<T> {
    fn from(items: Vec<T>) -> Self {
        Self(items)
    }
}

//! Objects with known fields.

use std::fmt;

use serde_json::{Map, Value};

use super::json::{FieldsIter, KeyFilter};
use super::mismatch::PathStep;
use super::{FromWire, FromWireError, Json, JsonRef, Mismatch, Mismatches};

/// A struct that is decoded from the fields of an object. Generated structs implement it, and so may a struct for the fields of
/// one portal.
///
/// The object may be `[]`, which is PHP's empty object. A field never fails the struct: each is an `Option`, and a value of
/// another type stays in the struct's `extra`.
pub trait FromFields: Sized {
    /// Takes the fields. [`Fields::remaining`] comes last.
    fn from_fields(fields: &mut Fields<'_>) -> Self;
}

impl<T: FromFields> FromWire for T {
    #[inline]
    fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        Ok(T::from_fields(&mut Fields::new(json, mismatches)?))
    }

    fn fits(json: JsonRef<'_>) -> bool {
        is_object(json)
    }
}

/// Whether a value has the form of an object with known fields.
fn is_object(json: JsonRef<'_>) -> bool {
    json.is_object() || json.is_array() && json.is_empty()
}

/// The fields of an object, taken out one by one; the remaining ones are for `extra`.
///
/// Fields are found fastest in the order in which they were sent.
pub struct Fields<'a> {
    object: JsonRef<'a>,
    /// The next entry, and its position.
    next: FieldsIter<'a>,
    position: usize,
    /// The keys of the object, once a field was not the next entry.
    keys: Option<KeyFilter>,
    taken: Taken,
    mismatches: &'a mut Mismatches,
}

impl<'a> Fields<'a> {
    /// The fields of an object, or no fields of `[]`, which is PHP's empty object.
    pub(super) fn new(object: JsonRef<'a>, mismatches: &'a mut Mismatches) -> Result<Self, FromWireError> {
        if !is_object(object) {
            return Err(FromWireError::new("an object", object));
        }
        let (next, taken) = (object.fields(), Taken::default());
        Ok(Self { object, next, position: 0, keys: None, taken, mismatches })
    }

    /// Takes one field; `None` if it is absent, in one of PHP's empty forms, or of another type. A value of another type stays
    /// among the [`remaining`](Self::remaining) fields, and the mismatch is recorded.
    pub fn optional<T: FromWire>(&mut self, key: &str) -> Option<T> {
        let (position, value) = self.find(key)?;
        let before = self.mismatches.len();
        match Option::<T>::from_wire(value, self.mismatches) {
            Ok(read) => {
                self.taken.insert(position);
                if self.mismatches.len() > before {
                    self.mismatches.extend_paths(before, &PathStep::Field(key.into()));
                }
                read
            }
            Err(error) => {
                self.reject(key, before, error);
                None
            }
        }
    }

    /// Takes one field that must be there, also in one of PHP's empty forms if its type has them.
    ///
    /// # Errors
    /// A [`Mismatch`] with the name of the field if it is absent or of another type.
    pub fn required<T: FromWire>(&mut self, key: &str) -> Result<T, Mismatch> {
        let (position, value) = self.find(key).ok_or_else(|| Mismatch::missing(key))?;
        let before = self.mismatches.len();
        let read = T::from_wire(value, self.mismatches).map_err(|error| Mismatch::from(error).under(key))?;
        self.taken.insert(position);
        if self.mismatches.len() > before {
            self.mismatches.extend_paths(before, &PathStep::Field(key.into()));
        }
        Ok(read)
    }

    #[cold]
    fn reject(&mut self, key: &str, before: usize, error: FromWireError) {
        // What was recorded inside the value is lost together with it.
        self.mismatches.truncate(before);
        self.mismatches.push(Mismatch::from(error).of_field(key));
    }

    /// The position and the value of a field that was not taken.
    fn find(&mut self, key: &str) -> Option<(usize, JsonRef<'a>)> {
        let mut next = self.next.clone();
        let position = match next.next() {
            Some((next_key, value)) if next_key.is(key) => {
                let position = self.position;
                (self.next, self.position) = (next, position + 1);
                return self.taken.is_free(position).then_some((position, value));
            }
            _ => self.position,
        };
        let object = self.object;
        let keys = self.keys.get_or_insert_with(|| key_filter(object));
        if !keys.may_contain(key.as_bytes()) {
            return None;
        }
        let mut after = self.next.clone().enumerate().map(|(index, entry)| (position + index, entry));
        let found = after.find(|(_, (other, _))| other.is(key)).or_else(|| {
            self.object.fields().enumerate().take(position).find(|(_, (other, _))| other.is(key))
        });
        let (position, (_, value)) = found?;
        // The following fields of the type probably follow here too.
        (self.next, self.position) = (self.object.fields_after(value, position), position + 1);
        self.taken.is_free(position).then_some((position, value))
    }

    /// Takes the remaining fields, in their order.
    pub fn remaining(&mut self) -> Map<String, Value> {
        let left = self.object.len() - self.taken.count;
        let mut remaining = Map::with_capacity(left);
        if left > 0 {
            for (position, (key, value)) in self.object.fields().enumerate() {
                if self.taken.insert(position) {
                    remaining.insert(key.name().into_owned(), value.to_value());
                }
            }
        }
        remaining
    }
}

fn key_filter(object: JsonRef<'_>) -> KeyFilter {
    let mut keys = KeyFilter::default();
    for (key, _) in object.fields() {
        keys.insert(key.name().as_bytes());
    }
    keys
}

impl fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fields").field(&self.object).finish()
    }
}

/// The positions of entries that were taken.
#[derive(Default)]
struct Taken {
    count: usize,
    /// The first positions; objects with more entries are rare.
    first: u64,
    further: Vec<u64>,
}

impl Taken {
    fn is_free(&self, position: usize) -> bool {
        let word = match (position / 64).checked_sub(1) {
            None => self.first,
            Some(index) => self.further.get(index).copied().unwrap_or(0),
        };
        word >> (position % 64) & 1 == 0
    }

    /// Inserts a position; `false` if it was taken before.
    fn insert(&mut self, position: usize) -> bool {
        let is_free = self.is_free(position);
        let word = match (position / 64).checked_sub(1) {
            None => &mut self.first,
            Some(index) => {
                if self.further.len() <= index {
                    self.further.resize(index + 1, 0);
                }
                &mut self.further[index]
            }
        };
        *word |= 1 << (position % 64);
        self.count += usize::from(is_free);
        is_free
    }
}

/// A struct without fields.
#[doc(hidden)]
pub fn no_fields<T: FromFields>() -> T {
    let (nothing, mut mismatches) = (Json::default(), Mismatches::new());
    let object = nothing.get();
    let (next, taken) = (object.fields(), Taken::default());
    let mismatches = &mut mismatches;
    T::from_fields(&mut Fields { object, next, position: 0, keys: None, taken, mismatches })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::Json;

    #[derive(Debug, PartialEq)]
    struct Part(Option<i64>, Map<String, Value>);

    impl FromFields for Part {
        fn from_fields(fields: &mut Fields<'_>) -> Self {
            Self(fields.optional("N"), fields.remaining())
        }
    }

    fn rest(fields: Value) -> Map<String, Value> {
        fields.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_value_of_another_type_costs_its_field() {
        let mut mismatches = Mismatches::new();
        let value =
            json!({"A": 1, "B": "x", "C": [1, "y", 2], "D": [{"N": 3}, {"N": true}], "E": [{"N": true}, 4]});
        let json = Json::from_value(&value).unwrap();
        let mut fields = Fields::new(json.get(), &mut mismatches).unwrap();
        let numbers: [Option<i64>; 3] = ["A", "B", "missing"].map(|key| fields.optional(key));
        assert_eq!(numbers, [Some(1), None, None]);
        assert_eq!(fields.optional::<Vec<i64>>("C"), None);
        let parts = vec![Part(Some(3), Map::new()), Part(None, rest(json!({"N": true})))];
        assert_eq!(fields.optional("D"), Some(parts));
        assert_eq!(fields.optional::<Vec<Part>>("E"), None);
        let kept = json!({"B": "x", "C": [1, "y", 2], "E": [{"N": true}, 4]});
        assert_eq!(Value::from(fields.remaining()), kept, "the value goes back as it was");
        let shown: Vec<String> = mismatches.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "`B`: expected an integer, found \"x\"",
                "`C[1]`: expected an integer, found \"y\"",
                "`D[1].N`: expected an integer, found true",
                "`E[1]`: expected an object, found 4",
            ]
        );
        let places: Vec<_> =
            mismatches.iter().map(|mismatch| (mismatch.field(), mismatch.pointer())).collect();
        let expected = [("B", "/B"), ("C", "/C"), ("D.N", "/D/1/N"), ("E", "/E")];
        assert_eq!(places, expected.map(|(field, pointer)| (field.to_owned(), pointer.to_owned())));
    }
}

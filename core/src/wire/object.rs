//! Objects with known fields.

use serde_json::{Map, Value};

use super::mismatch::PathStep;
use super::{FromWire, FromWireError, Mismatch, Mismatches};

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
    fn from_wire(value: Value, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        Ok(T::from_fields(&mut Fields::new(value, mismatches)?))
    }

    fn fits(value: &Value) -> bool {
        is_object(value)
    }
}

/// Whether a value has the form of an object with known fields.
fn is_object(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// The fields of an object, taken out one by one; the remaining ones are for `extra`.
#[derive(Debug)]
pub struct Fields<'a> {
    fields: Map<String, Value>,
    mismatches: &'a mut Mismatches,
}

impl<'a> Fields<'a> {
    /// The fields of `value`: of an object, or no fields of `[]`, which is PHP's empty object.
    pub(super) fn new(value: Value, mismatches: &'a mut Mismatches) -> Result<Self, FromWireError> {
        match value {
            Value::Object(fields) => Ok(Self { fields, mismatches }),
            Value::Array(items) if items.is_empty() => Ok(Self { fields: Map::new(), mismatches }),
            other => Err(FromWireError::new("an object", other)),
        }
    }

    /// Takes one field; `None` if it is absent, in one of PHP's empty forms, or of another type. A value of another type goes
    /// back, so that it is among the [`remaining`](Self::remaining) fields, and the mismatch is recorded.
    pub fn optional<T: FromWire>(&mut self, key: &str) -> Option<T> {
        let value = self.fields.swap_remove(key)?;
        let before = self.mismatches.len();
        match Option::<T>::from_wire(value, self.mismatches) {
            Ok(read) => {
                if self.mismatches.len() > before {
                    self.mismatches.extend_paths(before, &PathStep::Field(key.to_owned()));
                }
                read
            }
            Err(error) => {
                self.put_back(key, before, error);
                None
            }
        }
    }

    /// Takes one field that must be there, also in one of PHP's empty forms if its type has them.
    ///
    /// # Errors
    /// A [`Mismatch`] with the name of the field if it is absent or of another type.
    pub fn required<T: FromWire>(&mut self, key: &str) -> Result<T, Mismatch> {
        let value = self.fields.swap_remove(key).ok_or_else(|| Mismatch::missing(key))?;
        let before = self.mismatches.len();
        let read = T::from_wire(value, self.mismatches).map_err(|error| Mismatch::from(error).under(key))?;
        if self.mismatches.len() > before {
            self.mismatches.extend_paths(before, &PathStep::Field(key.to_owned()));
        }
        Ok(read)
    }

    #[cold]
    fn put_back(&mut self, key: &str, before: usize, error: FromWireError) {
        let (value, mismatch) = error.into_parts();
        // What was recorded inside the value is lost together with it.
        self.mismatches.truncate(before);
        self.mismatches.push(mismatch.of_field(key));
        self.fields.insert(key.to_owned(), value);
    }

    /// Takes the remaining fields, in no particular order.
    pub fn remaining(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.fields)
    }
}

/// A struct without fields.
#[doc(hidden)]
pub fn no_fields<T: FromFields>() -> T {
    T::from_fields(&mut Fields { fields: Map::new(), mismatches: &mut Mismatches::new() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
        let mut fields = Fields::new(value, &mut mismatches).unwrap();
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

//! Serialization of this crate's values inside `json!` and inside the caller's types, and back.

use serde_core::de::Error as _;
use serde_core::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::file::File;
use crate::filter::{Conditions, Filter};
use crate::wire::{DateTime, Decimal, ToWire, YesNo, ZeroOne, decode_strict};

macro_rules! as_on_the_wire {
    ($($name:ty),*) => {
        $(
            /// Serializes the value as in a request.
            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    self.to_wire().serialize(serializer)
                }
            }
        )*
    };
}

as_on_the_wire!(DateTime, Decimal, YesNo, ZeroOne, File, Filter, Conditions);

macro_rules! from_the_wire {
    ($($name:ty),*) => {
        $(
            /// Reads the value in every form that it has in a response.
            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    decode_strict(Value::deserialize(deserializer)?).map_err(D::Error::custom)
                }
            }
        )*
    };
}

from_the_wire!(DateTime, Decimal, YesNo, ZeroOne);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_stand_in_json_as_in_a_request() {
        let given = json!({
            "open": YesNo::from(true),
            "file": File::new("a.txt", "hello"),
            "filter": Filter::new().above("ID", 7),
            "conditions": Conditions::new().above("id", 7),
        });
        let expected = json!({
            "open": "Y", "file": ["a.txt", "aGVsbG8="], "filter": {">ID": 7}, "conditions": [["id", ">", 7]],
        });
        assert_eq!(given, expected);
    }
}

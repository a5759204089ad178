//! Serialization of this crate's values inside `json!` and inside the caller's types.

use serde_core::{Serialize, Serializer};

use crate::file::File;
use crate::filter::{Conditions, Filter};
use crate::wire::{DateTime, ToWire, YesNo};

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

as_on_the_wire!(DateTime, YesNo, File, Filter, Conditions);

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

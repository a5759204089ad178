//! Enumerations whose variants have names, in both directions.

/// Gives each variant a name. With the feature `serde` the name is what is written and read; `$expected` says in errors what was
/// expected.
macro_rules! named {
    ($name:ident, $expected:literal { $($variant:ident $text:literal)* }) => {
        impl $name {
            /// The name in serialized values.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        /// The name in serialized values.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        const _: () = {
            use crate::wire::serde::{Deserialize, Deserializer, Serialize, Serializer};
            use crate::wire::{FromWire, FromWireError, JsonRef, Mismatches};

            impl FromWire for $name {
                fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
                    match json.string().as_deref() {
                        $(Some($text) => Ok(Self::$variant),)*
                        _ => Err(FromWireError::new($expected, json)),
                    }
                }
            }

            /// Writes the name.
            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            /// Reads the name.
            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    crate::wire::deserialize(deserializer)
                }
            }
        };
    };
}

pub(crate) use named;

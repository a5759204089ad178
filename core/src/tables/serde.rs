//! `Serialize` and `Deserialize`, by `ToWire` and `FromWire`.

/// Implements `Serialize` and `Deserialize` by `ToWire` and `FromWire`.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ([] $name:ty) => {
        $crate::__serialize! { [] $name }
        $crate::__deserialize! { [] $name }
    };
}

#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __serialize {
    ([$($bound:tt)*] $name:ty) => {
        /// Writes the value as it is on the wire.
        impl<$($bound)*> $crate::wire::serde::Serialize for $name {
            fn serialize<S: $crate::wire::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::wire::serialize(self, serializer)
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serialize {
    ($($table:tt)*) => {};
}

#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __deserialize {
    ([] $name:ty) => {
        /// Reads the value in every form that it has on the wire.
        impl<'de> $crate::wire::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::wire::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::deserialize(deserializer)
            }
        }
    };
    ([$($bound:tt)+] $name:ty) => {
        /// Reads the value in every form that it has on the wire.
        impl<'de, $($bound)+> $crate::wire::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::wire::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::deserialize(deserializer)
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __deserialize {
    ($($table:tt)*) => {};
}

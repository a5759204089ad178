//! Results, and objects in results.

/// A result, or an object in a result. Its fields are optional. A type may have one parameter.
///
/// ```text
/// b24::tables::result! { GetResult { id "ID" title "TITLE" } }
/// b24::tables::result! { ListResult<T> { items "items" } }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __result {
    ($name:ident { $($fields:tt)* }) => {
        $crate::__result_of! { [] [] [] $name { $($fields)* } }
    };
    ($name:ident<$any:ident> { $($fields:tt)* }) => {
        $crate::__result_of! {
            [$any: $crate::wire::FromWire] [$any: $crate::wire::ToWire] [$any] $name<$any> { $($fields)* }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __result_of {
    ([$($read:tt)*] [$($write:tt)*] [$($any:tt)*] $name:ty { $($fields:tt)* }) => {
        /// Reads JSON of a portal. Fields that are not documented are in `extra`, and any value of another type is an error.
        impl<$($read)*> TryFrom<$crate::Value> for $name {
            type Error = $crate::wire::Mismatch;

            fn try_from(value: $crate::Value) -> Result<Self, Self::Error> {
                $crate::wire::decode_strict(value)
            }
        }

        impl<$($any)*> $crate::wire::CustomFields for $name {
            fn extra_fields(&self) -> &$crate::Map<String, $crate::Value> {
                &self.extra
            }
        }

        $crate::__read_object! { [$($read)*] [$($write)*] $name { $($fields)* } }
    };
}

/// An object that a portal sends in an event, to the page of a placement, or to a handler. It is a result without what only programs
/// that make or keep results need.
///
/// ```text
/// b24::tables::sent! { AnimalFields { id "ID" } }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __sent {
    ($name:ident { $($fields:tt)* }) => {
        $crate::__read_object! { [] [] $name { $($fields)* } }
    };
}

/// What all objects have that a portal writes.
#[doc(hidden)]
#[macro_export]
macro_rules! __read_object {
    ([$($read:tt)*] [$($write:tt)*] $name:ty { $($fields:tt)* }) => {
        /// A value without fields.
        impl<$($read)*> Default for $name {
            fn default() -> Self {
                $crate::wire::no_fields()
            }
        }

        $crate::__write_result! { [$($write)*] $name { $($fields)* } }
        $crate::__serialize! { [$($write)*] $name }
        $crate::__deserialize! { [$($read)*] $name }
    };
}

/// Implements `ToWire` for a result.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __write_result {
    ([$($bound:tt)*] $name:ty { $($field:ident $wire:literal)* }) => {
        impl<$($bound)*> $crate::wire::ToWire for $name {
            fn to_wire(&self) -> $crate::Value {
                let mut fields = $crate::Params::new();
                $(fields.put_some($wire, &self.$field);)*
                fields.put_all(&self.extra);
                $crate::Value::Object(fields.into_map())
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __write_result {
    ($($table:tt)*) => {};
}

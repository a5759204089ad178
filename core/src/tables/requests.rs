//! Requests, and objects in requests.

/// An object in a request: its required fields, then the optional ones.
///
/// ```text
/// b24::tables::fields! { AddFields { title "TITLE" } { comment "COMMENT" } }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __fields {
    ($name:ident $required:tt $optional:tt) => {
        impl $crate::wire::CustomFields for $name {
            fn extra_fields(&self) -> &$crate::Map<String, $crate::Value> {
                &self.extra
            }
        }

        $crate::__read_written! { read_written $name $required $optional }
        $crate::__serde!([] $name);
    };
}

/// A request: its required parameters, then the optional ones. It is written as its parameters.
///
/// ```text
/// b24::tables::request! { Vote { session_id "SESSION_ID" } { rating "RATING" } }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __request {
    ($name:ident $required:tt $optional:tt) => {
        impl $crate::wire::CustomFields for $name {
            fn extra_fields(&self) -> &$crate::Map<String, $crate::Value> {
                &self.extra
            }
        }

        $crate::__write_params! { $name }
        $crate::__read_written! { read_written $name $required $optional }
        $crate::__serde!([] $name);
    };
}

/// A request whose parameters are positional: `0`, `1` …
#[doc(hidden)]
#[macro_export]
macro_rules! __positional {
    ($name:ident $required:tt $optional:tt) => {
        impl $crate::wire::CustomFields for $name {
            fn extra_fields(&self) -> &$crate::Map<String, $crate::Value> {
                &self.extra
            }
        }

        $crate::__write_params! { $name }
        $crate::__read_written! { read_by_position $name $required $optional }
        $crate::__serde!([] $name);
    };
}

/// Implements `ToWire` for a request.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __write_params {
    ($name:ident) => {
        impl $crate::wire::ToWire for $name {
            fn to_wire(&self) -> $crate::Value {
                $crate::Value::Object($crate::Method::params(self).into_map())
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __write_params {
    ($name:ident) => {};
}

/// Implements `FromWire` for what requests write.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __read_written {
    (
        $read:ident $name:ident { $($required:ident $required_wire:literal)* } { $($optional:ident $optional_wire:literal)* }
    ) => {
        impl $crate::wire::FromWire for $name {
            fn from_wire(
                json: $crate::wire::JsonRef<'_>,
                mismatches: &mut $crate::wire::Mismatches,
            ) -> Result<Self, $crate::wire::FromWireError> {
                $crate::wire::$read(json, mismatches, |fields| {
                    Ok(Self {
                        $($required: fields.required($required_wire)?,)*
                        $($optional: fields.optional($optional_wire),)*
                        extra: fields.remaining(),
                    })
                })
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __read_written {
    ($($table:tt)*) => {};
}

//! What generated types have in common, from tables of their fields and values.
//!
//! Generated code contains one invocation for each type. The macros expand to what the features of this crate ask for, so that
//! generated code has no features of its own for it: without `serde`, the tables of fields are not used. They are not public:
//! only generated code may use them.

/// An open enumeration of texts.
///
/// ```text
/// b24::tables::text_values! { GetResultStatus { New "NEW" Done "DONE" } }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __text_values {
    ($name:ident { $($variant:ident $text:literal)* }) => {
        impl $name {
            /// The value as it is on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }

            fn documented(text: &str) -> Option<Self> {
                Some(match text {
                    $($text => Self::$variant,)*
                    _ => return None,
                })
            }
        }

        /// The documented value, or `Other`.
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::documented(text).unwrap_or_else(|| Self::Other(text.to_owned()))
            }
        }

        /// The documented value, or `Other`.
        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::documented(&text).unwrap_or(Self::Other(text))
            }
        }

        /// Never fails: a value that is not documented is `Other`.
        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        /// The value as it is on the wire.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::wire::FromWire for $name {
            fn from_wire(
                json: $crate::wire::JsonRef<'_>,
                mismatches: &mut $crate::wire::Mismatches,
            ) -> Result<Self, $crate::wire::FromWireError> {
                match json.string().and_then(|text| Self::documented(&text)) {
                    Some(documented) => Ok(documented),
                    None => String::from_wire(json, mismatches).map(Self::from),
                }
            }

            fn fits(json: $crate::wire::JsonRef<'_>) -> bool {
                String::fits(json)
            }
        }

        impl $crate::wire::ToWire for $name {
            fn to_wire(&self) -> $crate::Value {
                $crate::Value::from(self.as_str())
            }
        }

        $crate::__by_value!($name as_str);
        $crate::__serde!([] $name);
    };
}

/// An open enumeration of integers.
///
/// ```text
/// b24::tables::integer_values! { AddPriority { Low 0 High 2 } }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __integer_values {
    ($name:ident { $($variant:ident $number:literal)* }) => {
        impl $name {
            /// The value as it is on the wire.
            pub fn as_i64(&self) -> i64 {
                match self {
                    $(Self::$variant => $number,)*
                    Self::Other(number) => *number,
                }
            }
        }

        /// The documented value, or `Other`.
        impl From<i64> for $name {
            fn from(number: i64) -> Self {
                match number {
                    $($number => Self::$variant,)*
                    _ => Self::Other(number),
                }
            }
        }

        /// Reads an integer. A value that is not documented is `Other`.
        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(<Self as From<i64>>::from)
            }
        }

        /// The value as it is on the wire.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.as_i64().fmt(f)
            }
        }

        impl $crate::wire::FromWire for $name {
            fn from_wire(
                json: $crate::wire::JsonRef<'_>,
                mismatches: &mut $crate::wire::Mismatches,
            ) -> Result<Self, $crate::wire::FromWireError> {
                i64::from_wire(json, mismatches).map(Self::from)
            }

            fn fits(json: $crate::wire::JsonRef<'_>) -> bool {
                i64::fits(json)
            }
        }

        impl $crate::wire::ToWire for $name {
            fn to_wire(&self) -> $crate::Value {
                $crate::Value::from(self.as_i64())
            }
        }

        $crate::__by_value!($name as_i64);
        $crate::__serde!([] $name);
    };
}

/// An enumeration of errors, which implements `ErrorCode`.
///
/// ```text
/// b24::tables::error! { GetError }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __error {
    ($name:ident) => {
        impl $name {
            /// The code as it is on the wire. It may be a number, and it is empty if only a message distinguishes the error.
            pub fn code(&self) -> &str {
                $crate::ErrorCode::code(self)
            }
        }

        /// The code, or the documented message of an error without a code, or `no code`.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad($crate::ErrorCode::text(self))
            }
        }
    };
}

/// Equality, order and hash of an enumeration by its value on the wire.
#[doc(hidden)]
#[macro_export]
macro_rules! __by_value {
    ($name:ident $value:ident) => {
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.$value() == other.$value()
            }
        }

        impl Eq for $name {}

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.$value().cmp(&other.$value())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.$value().hash(state);
            }
        }
    };
}

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

/// The payload of an event that is no object with known fields: a list, a scalar, or anything. Its one field has all of it.
///
/// ```text
/// b24::tables::whole! { LineDelete { value i64 } }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __whole {
    ($name:ident { $field:ident $type:ty }) => {
        /// An empty payload.
        impl Default for $name {
            fn default() -> Self {
                Self { $field: None }
            }
        }

        impl $crate::wire::FromWire for $name {
            fn from_wire(
                json: $crate::wire::JsonRef<'_>,
                mismatches: &mut $crate::wire::Mismatches,
            ) -> Result<Self, $crate::wire::FromWireError> {
                Ok(Self { $field: $crate::wire::FromWire::from_wire(json, mismatches)? })
            }
        }

        $crate::__write_whole! { $name $field }
        $crate::__serde!([] $name);
    };
}

/// Implements `ToWire` for a payload that is no object.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __write_whole {
    ($name:ident $field:ident) => {
        impl $crate::wire::ToWire for $name {
            fn to_wire(&self) -> $crate::Value {
                $crate::wire::ToWire::to_wire(&self.$field)
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __write_whole {
    ($name:ident $field:ident) => {};
}

/// The facts of an event: its name in capital letters and as the documentation spells it, its scopes, and its tokens or `Unknown`; then
/// the others, unless they have their defaults.
///
/// ```text
/// b24::tables::event_info!("ONZOOANIMALFEED" "onZooAnimalFeed" ["zoo"] Sometimes)
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __event_info {
    ($name:literal $spelling:literal [$($scope:literal)*] $tokens:ident $($fact:ident $values:tt)*) => {
        $crate::events::EventInfo::of($name, $spelling, &[$($scope),*], $crate::__event_tokens!($tokens))$(.$fact $values)*
    };
}

/// Whether the requests of an event contain access tokens. `Unknown`: the documentation does not say it.
#[doc(hidden)]
#[macro_export]
macro_rules! __event_tokens {
    (Unknown) => {
        None
    };
    ($tokens:ident) => {
        Some($crate::events::EventTokens::$tokens)
    };
}

/// The payload of an event, and the facts of the event.
///
/// ```text
/// b24::tables::event! { AnimalFeed "ONZOOANIMALFEED" "onZooAnimalFeed" ["zoo"] Sometimes }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __event {
    ($payload:ident $name:literal $($facts:tt)*) => {
        impl $crate::events::EventType for $payload {
            const NAME: &'static str = $name;
            const INFO: $crate::events::EventInfo = $crate::__event_info!($name $($facts)*);
        }
    };
}

/// An enumeration over events: each variant with its payload, perhaps behind features. The last variant is `Other`.
///
/// ```text
/// b24::tables::events! { Event { #[cfg(feature = "zoo")] ZooAnimalFeed zoo::AnimalFeed } }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __events {
    ($name:ident { $($(#[$gate:meta])* $variant:ident $payload:path)* }) => {
        #[allow(deprecated, reason = "deprecated events are sent all the same")]
        impl $crate::events::FromEvent for $name {
            fn from_event(event: $crate::events::RawEvent) -> Result<Self, $crate::events::OtherEvent> {
                $(
                    $(#[$gate])*
                    if <$payload as $crate::events::EventType>::is(event.name()) {
                        return Ok(Self::$variant($crate::events::Received::read(event)));
                    }
                )*
                Ok(Self::Other(event))
            }
        }

        #[allow(deprecated, reason = "deprecated events are sent all the same")]
        impl $name {
            /// What comes with the payload: the name, the portal, the tokens.
            pub fn envelope(&self) -> &$crate::events::Envelope {
                self.beside_payload().0
            }

            /// The values of the payload that are of another type than documented.
            pub fn mismatches(&self) -> &[$crate::wire::Mismatch] {
                self.beside_payload().1
            }

            fn beside_payload(&self) -> (&$crate::events::Envelope, &[$crate::wire::Mismatch]) {
                match self {
                    $($(#[$gate])* Self::$variant(event) => (&event.envelope, event.mismatches.as_slice()),)*
                    Self::Other(event) => (&event.envelope, &[]),
                }
            }
        }

        /// Shows what comes with the payload, and neither the payload nor a token.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let (envelope, mismatches) = self.beside_payload();
                f.debug_struct(stringify!($name))
                    .field("envelope", envelope)
                    .field("mismatches", &mismatches.len())
                    .finish_non_exhaustive()
            }
        }

        /// Decodes the payload by the name of the event.
        impl From<$crate::events::RawEvent> for $name {
            fn from(event: $crate::events::RawEvent) -> Self {
                event.decode().unwrap_or_else(|other: $crate::events::OtherEvent| Self::Other(other.into_event()))
            }
        }
    };
}

/// A placement: its code, the type of its options, and what its handler receives.
///
/// ```text
/// b24::tables::placement! { CageTab "ZOO_CAGE_TAB" NoOptions, IdContext }
/// b24::tables::placement! { HouseTab { house_id i64 } "ZOO_HOUSE_XXX_TAB" "ZOO_HOUSE_" "_TAB" NoOptions, IdContext }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __placement {
    ($name:ident $code:literal $options:ty, $context:ty) => {
        impl $crate::placements::PlacementType for $name {
            const CODE: &'static str = $code;
            type Options = $options;
        }

        impl $crate::placements::PlacementContext for $name {
            type Context = $context;

            fn from_code(code: &str) -> Option<Self> {
                (code == $code).then_some(Self)
            }

            fn code(&self) -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed($code)
            }
        }
    };
    ($name:ident { $field:ident $type:ty } $code:literal $before:literal $after:literal $options:ty, $context:ty) => {
        impl $crate::placements::PlacementType for $name {
            const CODE: &'static str = $code;
            type Options = $options;
        }

        impl $crate::placements::PlacementContext for $name {
            type Context = $context;

            fn from_code(code: &str) -> Option<Self> {
                $crate::placements::family_part(code, $before, $after).map(|$field| Self { $field })
            }

            fn code(&self) -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Owned(format!(concat!($before, "{}", $after), self.$field))
            }
        }
    };
}

/// An open enumeration of the codes of placements: single ones, and families with a value.
///
/// ```text
/// b24::tables::placement_codes! {
///     PlacementCode { ZooCageTab "ZOO_CAGE_TAB" } families { ZooHouseTab(i64) "ZOO_HOUSE_" "_TAB" }
/// }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __placement_codes {
    ($name:ident { $($variant:ident $code:literal)* } families { $($family:ident($type:ty) $before:literal $after:literal)* }) => {
        impl $name {
            /// The code.
            pub fn code(&self) -> std::borrow::Cow<'_, str> {
                match self {
                    $(Self::$variant => std::borrow::Cow::Borrowed($code),)*
                    $(Self::$family(value) => std::borrow::Cow::Owned(format!(concat!($before, "{}", $after), value)),)*
                    Self::Other(code) => std::borrow::Cow::Borrowed(code),
                }
            }
        }

        /// The documented code, or `Other`.
        impl From<&str> for $name {
            fn from(code: &str) -> Self {
                match code {
                    $($code => return Self::$variant,)*
                    _ => {}
                }
                $(
                    if let Some(value) = $crate::placements::family_part(code, $before, $after) {
                        return Self::$family(value);
                    }
                )*
                Self::Other(code.to_owned())
            }
        }

        /// Never fails: a code that is not documented is `Other`.
        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(code))
            }
        }

        /// The code.
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.code())
            }
        }

        impl $crate::wire::ToWire for $name {
            fn to_wire(&self) -> $crate::Value {
                $crate::Value::from(self.code().as_ref())
            }
        }
    };
}

/// The request of a handler: its name, the method that registers the address, the parameter with it, and the response.
///
/// ```text
/// b24::tables::handler! { Feed "zoo.feeder" "zoo.feeder.add" "HANDLER" () }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __handler {
    ($request:ident $name:literal $method:literal $address:literal $response:ty) => {
        impl $crate::handlers::HandlerType for $request {
            const NAME: &'static str = $name;
            const METHOD: &'static str = $method;
            const ADDRESS: &'static str = $address;
            type Response = $response;
        }
    };
}

#[doc(hidden)]
pub use crate::{
    __error as error, __event as event, __event_info as event_info, __events as events, __fields as fields,
    __handler as handler, __integer_values as integer_values, __placement as placement,
    __placement_codes as placement_codes, __positional as positional, __request as request,
    __result as result, __sent as sent, __text_values as text_values, __whole as whole,
};

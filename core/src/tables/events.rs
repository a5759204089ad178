//! Events: their payloads, and the enumeration over all of them.

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

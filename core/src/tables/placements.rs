//! Placements and registered handlers.

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

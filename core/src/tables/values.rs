//! Enumerations: documented values, and errors.

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

/// An enumeration of errors, which implements `ErrorCode`: code, HTTP status, and message of each.
///
/// ```text
/// b24::tables::error! { GetError { Denied "DENIED" Some(403), None; NotHere "" None, Some("Not here"); } }
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __error {
    ($name:ident { $($rows:tt)* }) => {
        $crate::__error_code! { $name { $($rows)* } }

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

/// Implements `ErrorCode`.
#[doc(hidden)]
#[macro_export]
macro_rules! __error_code {
    ($name:ident {}) => {
        impl $crate::ErrorCode for $name {
            fn table() -> &'static [$crate::DocumentedError<Self>] {
                &[]
            }

            fn other(code: &str) -> Self {
                Self::Other(code.into())
            }

            fn as_other(&self) -> Option<&str> {
                let Self::Other(code) = self;
                Some(code)
            }
        }
    };
    ($name:ident { $($variant:ident $code:literal $status:expr, $message:expr;)* }) => {
        impl $crate::ErrorCode for $name {
            fn table() -> &'static [$crate::DocumentedError<Self>] {
                &[$($crate::DocumentedError {
                    error: Self::$variant,
                    code: $code,
                    status: $status,
                    message: $message,
                }),*]
            }

            fn other(code: &str) -> Self {
                Self::Other(code.into())
            }

            fn as_other(&self) -> Option<&str> {
                if let Self::Other(code) = self { Some(code) } else { None }
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

//! How the result of a method, or a row of its list, becomes a value of Rust.

use serde_core::de::DeserializeOwned;

use super::{FromWire, FromWireError, JsonRef, Mismatches, own};

/// A way to read values of type `T` from the portal's JSON. There are two: [`WireReader`] and [`SerdeReader`].
pub trait Reader<T>: sealed::Sealed {
    /// Reads a value. Parts of it that do not fit are recorded in `mismatches`.
    ///
    /// # Errors
    /// A [`FromWireError`] if the value as a whole has another form.
    fn read(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<T, FromWireError>;

    /// The value for a whole result that does not fit but means the same; see [`FromWire::fallback`].
    fn fallback(_result: JsonRef<'_>) -> Option<T> {
        None
    }
}

/// Reads the types of this crate, by [`FromWire`]: a value of another type costs its field.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct WireReader;

impl<T: FromWire> Reader<T> for WireReader {
    #[inline]
    fn read(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<T, FromWireError> {
        T::from_wire(json, mismatches)
    }

    #[inline]
    fn fallback(result: JsonRef<'_>) -> Option<T> {
        T::fallback(result)
    }
}

/// Reads types of the program by their `Deserialize`, in every form in which portals send a value; see
/// [`Method::of`](crate::Method::of). A value that does not fit is an error, with its path.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SerdeReader;

impl<T: DeserializeOwned> Reader<T> for SerdeReader {
    fn read(json: JsonRef<'_>, _: &mut Mismatches) -> Result<T, FromWireError> {
        own::read(json).map_err(FromWireError::from)
    }
}

mod sealed {
    pub trait Sealed {}

    impl Sealed for super::WireReader {}
    impl Sealed for super::SerdeReader {}
}

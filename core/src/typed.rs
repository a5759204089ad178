//! Requests whose results are read as other types than the generated ones.

use std::fmt;
use std::marker::PhantomData;

use crate::wire::WireReader;

/// A request whose result is read as `O`, and the rows of a list as `T`, both by the reader `D`.
///
/// [`Method::of`](crate::Method::of) creates it for types of the program. The kinds of an entity use it too (`crm::item::Kind`): the
/// same method returns deals for one kind and contacts for another. The rest of the request can be set [`with`](Self::with) a
/// closure:
///
/// ```
/// use bitrix24_core::{Method, Typed, json, raw};
/// let request = raw("crm.item.list", json!({"entityTypeId": 2}));
/// let typed: Typed<_, Vec<i64>> = Typed::new(request).with(|request| request.read_only());
/// assert!(!typed.info().side_effects);
/// ```
#[must_use = "a request does nothing until a client calls it"]
pub struct Typed<R, O, T = O, D = WireReader> {
    request: R,
    read_as: ReadAs<O, T, D>,
}

/// The types of a result and of a row, and their reader.
type ReadAs<O, T, D> = PhantomData<fn() -> (O, T, D)>;

impl<R, O, T, D> Typed<R, O, T, D> {
    /// Reads the result of a request as another type.
    pub fn new(request: R) -> Self {
        Self { request, read_as: PhantomData }
    }

    /// Changes the request.
    pub fn with(self, change: impl FnOnce(R) -> R) -> Self {
        Self::new(change(self.request))
    }

    /// The request, with the types of its own.
    pub fn into_request(self) -> R {
        self.request
    }

    /// The request, with the types of its own.
    pub fn request(&self) -> &R {
        &self.request
    }
}

impl<R: Clone, O, T, D> Clone for Typed<R, O, T, D> {
    fn clone(&self) -> Self {
        Self::new(self.request.clone())
    }
}

impl<R: fmt::Debug, O, T, D> fmt::Debug for Typed<R, O, T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Typed").field(&self.request).finish()
    }
}

impl<R: PartialEq, O, T, D> PartialEq for Typed<R, O, T, D> {
    fn eq(&self, other: &Self) -> bool {
        self.request == other.request
    }
}

/// Writes the request.
#[cfg(feature = "serde")]
impl<R: serde_core::Serialize, O, T, D> serde_core::Serialize for Typed<R, O, T, D> {
    fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.request.serialize(serializer)
    }
}

/// Reads the request.
#[cfg(feature = "serde")]
impl<'de, R: serde_core::Deserialize<'de>, O, T, W> serde_core::Deserialize<'de> for Typed<R, O, T, W> {
    fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        R::deserialize(deserializer).map(Self::new)
    }
}

//! Requests whose results are read as other types than the generated ones.

use std::fmt;
use std::marker::PhantomData;

use crate::method::{ListMethod, Method, MethodInfo};
use crate::params::Params;
use crate::wire::FromWire;

/// A request whose result is read as `O`, and the rows of a list as `T`.
///
/// The kinds of an entity use it (`crm::item::Kind`): the same method returns deals for one kind and contacts for another. The
/// rest of the request can be set [`with`](Self::with) a closure:
///
/// ```
/// use bitrix24_core::{Method, Typed, json, raw};
/// let request = raw("crm.item.list", json!({"entityTypeId": 2}));
/// let typed: Typed<_, Vec<i64>> = Typed::new(request).with(|request| request.read_only());
/// assert!(!typed.info().side_effects);
/// ```
#[must_use = "a request does nothing until a client calls it"]
pub struct Typed<R, O, T = O> {
    request: R,
    read_as: PhantomData<fn() -> (O, T)>,
}

impl<R, O, T> Typed<R, O, T> {
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
}

impl<R: Clone, O, T> Clone for Typed<R, O, T> {
    fn clone(&self) -> Self {
        Self::new(self.request.clone())
    }
}

impl<R: fmt::Debug, O, T> fmt::Debug for Typed<R, O, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Typed").field(&self.request).finish()
    }
}

impl<R: PartialEq, O, T> PartialEq for Typed<R, O, T> {
    fn eq(&self, other: &Self) -> bool {
        self.request == other.request
    }
}

/// Writes the request.
#[cfg(feature = "serde")]
impl<R: serde_core::Serialize, O, T> serde_core::Serialize for Typed<R, O, T> {
    fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.request.serialize(serializer)
    }
}

/// Reads the request.
#[cfg(feature = "serde")]
impl<'de, R: serde_core::Deserialize<'de>, O, T> serde_core::Deserialize<'de> for Typed<R, O, T> {
    fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        R::deserialize(deserializer).map(Self::new)
    }
}

impl<R: Method, O: FromWire, T> Method for Typed<R, O, T> {
    type Output = O;
    type Error = R::Error;

    fn info(&self) -> MethodInfo<'_> {
        self.request.info()
    }

    fn params(&self) -> Params {
        self.request.params()
    }
}

impl<R: ListMethod, O: FromWire, T: FromWire> ListMethod for Typed<R, O, T> {
    type Row = T;
    type Keyset = R::Keyset;
}

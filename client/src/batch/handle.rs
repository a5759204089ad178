//! Handles of the requests of a batch.

use std::fmt;
use std::marker::PhantomData;

use bitrix24_core::batch::{CommandId, PathSegment, Reference};

/// The handle of a request in a [`Batch`](super::Batch). It identifies the response, and the result for later requests.
#[must_use = "the response of a request is read by its handle"]
pub struct BatchHandle<M> {
    id: CommandId,
    method: PhantomData<fn() -> M>,
}

impl<M> BatchHandle<M> {
    pub(super) fn new(id: CommandId) -> Self {
        Self { id, method: PhantomData }
    }

    pub(super) fn id(self) -> CommandId {
        self.id
    }

    /// A reference to the whole result, for a later request; usually the identifier of a new record.
    pub fn result(self) -> Reference {
        self.id.result()
    }

    /// A reference to a part of the result, for a later request: the field with this name, or the item at this index of a list.
    /// [`Reference::at`] goes further: `users.at(0).at("ID")`.
    ///
    /// Names are those on the wire (`ID`), not those of the result's type (`id`).
    pub fn at(self, segment: impl Into<PathSegment>) -> Reference {
        self.id.result().at(segment)
    }
}

impl<M> Clone for BatchHandle<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for BatchHandle<M> {}

impl<M> fmt::Debug for BatchHandle<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BatchHandle").field(&self.id.position()).finish()
    }
}

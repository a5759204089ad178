//! Knowing a request of a batch again.

use std::fmt;
use std::marker::PhantomData;

use bitrix24_core::batch::{CommandId, Reference, Step};

/// A request in a [`Batch`](super::Batch): the way to its reply, and to its result for the requests behind it.
#[must_use = "without its handle a request has no reply to be read"]
pub struct Handle<M> {
    id: CommandId,
    method: PhantomData<fn() -> M>,
}

impl<M> Handle<M> {
    pub(super) fn new(id: CommandId) -> Self {
        Self { id, method: PhantomData }
    }

    pub(super) fn id(self) -> CommandId {
        self.id
    }

    /// The whole result, for a request behind this one: the identifier of what was added, most often.
    pub fn result(self) -> Reference {
        self.id.result()
    }

    /// A place in the result, for a request behind this one: the field of this name, or the item at this place of a list. The
    /// [`Reference`] leads further in by steps of its own: `users.at(0).at("ID")`.
    ///
    /// Names are those on the wire (`ID`), not those of the result's type (`id`).
    pub fn at(self, step: impl Into<Step>) -> Reference {
        self.id.result().at(step)
    }
}

impl<M> Clone for Handle<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Handle<M> {}

impl<M> fmt::Debug for Handle<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.id.position()).finish()
    }
}

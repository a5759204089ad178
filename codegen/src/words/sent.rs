//! The words about placements and handlers.

use super::book::{MethodWords, Uses, Words, folded};
use super::lookup::Lookup;
use super::places::Places;
use crate::descriptor::{Handler, Placement, Schema, Spec};

/// The words that a placement or a handler may have, and its values. What a program writes (options, the response) are those of a
/// request, what it receives those of a result.
pub(super) struct SentWords<'w> {
    pub(super) lookup: Lookup<'w>,
    pub(super) places: Places<'w>,
}

/// A schema that nothing is known about, in place of one that a descriptor does not have.
static NOTHING: std::sync::LazyLock<Schema> = std::sync::LazyLock::new(Schema::default);

impl Words {
    /// The words about a placement.
    pub(super) fn placement(&self, code: &str) -> Option<&MethodWords> {
        self.placements.get(&folded(code))
    }

    /// The words about a handler.
    pub(super) fn handler(&self, name: &str) -> Option<&MethodWords> {
        self.handlers.get(&folded(name))
    }

    /// The words about the values of a placement: its own, then those of the glossaries of its scope.
    pub(super) fn of_placement<'s>(&'s self, placement: &'s Placement) -> SentWords<'s> {
        let scope = placement.scope.first().map_or("", String::as_str);
        let (options, receives) = (placement.options.as_ref(), placement.receives.as_ref());
        SentWords {
            lookup: Lookup::of_sent(self, self.placement(&placement.placement), scope),
            places: Places::of_sent(options.unwrap_or(&NOTHING), receives.unwrap_or(&NOTHING), self),
        }
    }

    /// The words about the values of a handler: its own, then those of the glossaries of the method that registers its address.
    pub(super) fn of_handler<'s>(&'s self, handler: &'s Handler) -> SentWords<'s> {
        let response = handler.response.as_ref().unwrap_or(&NOTHING);
        SentWords {
            lookup: Lookup::of_sent(self, self.handler(&handler.handler), &handler.method),
            places: Places::of_sent(response, &handler.receives, self),
        }
    }

    /// Records the texts about the placements and handlers of a spec.
    pub(super) fn use_sent(&self, spec: &Spec, uses: &mut Uses) {
        let placements = spec.placements.iter().map(|file| self.of_placement(&file.content));
        let handlers = spec.handlers.iter().map(|file| self.of_handler(&file.content));
        for SentWords { lookup, places } in placements.chain(handlers) {
            lookup.record_values(&places.all, uses);
        }
    }
}

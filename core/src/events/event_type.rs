//! The payload of an event as a type.

use super::EventInfo;
use crate::wire::FromWire;

/// The payload of an event: its `data`. Generated types implement it, and so may a struct for the events of one portal, which
/// implements [`FromFields`](crate::wire::FromFields) too.
///
/// `Default` is the payload of an event without data.
pub trait EventType: FromWire + Default {
    /// The name in capital letters: `ONCRMDEALADD`.
    const NAME: &'static str;

    /// What is known about the event. Default: its name.
    const INFO: EventInfo = EventInfo::new(Self::NAME);

    /// Whether an event of this name has this payload: its own in any case, or that of one of its family.
    fn is(name: &str) -> bool {
        Self::INFO.is(name)
    }
}

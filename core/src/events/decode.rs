//! From an event with its payload as JSON to a type.

use std::fmt;

use super::{EventType, RawEvent, Received};
use crate::wire::Mismatches;

/// A type that is made of an event: [`Received`] for one kind, the generated enumeration `Event` for all, or an enumeration of a program
/// for those that it subscribes to.
pub trait FromEvent: Sized {
    /// Decodes the event.
    ///
    /// # Errors
    /// An [`OtherEvent`], with the event, if the type is not for events of its name.
    fn from_event(event: RawEvent) -> Result<Self, OtherEvent>;
}

impl RawEvent {
    /// Decodes the payload: as [`Received<E>`](Received) of one type, or as an enumeration of several.
    ///
    /// # Errors
    /// An [`OtherEvent`], with the event, if it has another name. Values that do not fit are no error: see
    /// [`Received::mismatches`].
    pub fn decode<T: FromEvent>(self) -> Result<T, OtherEvent> {
        T::from_event(self)
    }
}

impl FromEvent for RawEvent {
    fn from_event(event: RawEvent) -> Result<Self, OtherEvent> {
        Ok(event)
    }
}

impl<E: EventType> FromEvent for Received<E> {
    fn from_event(event: RawEvent) -> Result<Self, OtherEvent> {
        if !E::is(event.name()) {
            return Err(OtherEvent::new(E::INFO.spelling(), event));
        }
        Ok(Self::read(event))
    }
}

impl<E: EventType> Received<E> {
    /// Decodes the payload, whatever the name of the event is.
    pub fn read(event: RawEvent) -> Self {
        let (data, mut mismatches) = (event.data.get(), Mismatches::new());
        let (payload, unread) = if data.is_nothing() && !E::fits(data) {
            // A payload in one of PHP's empty forms has no fields.
            (E::default(), None)
        } else {
            match E::from_wire(data, &mut mismatches) {
                Ok(payload) => (payload, None),
                Err(error) => {
                    mismatches = Mismatches::new();
                    mismatches.push(error.into());
                    (E::default(), Some(data.to_value()))
                }
            }
        };
        Self { payload, envelope: event.envelope, mismatches, unread }
    }
}

/// An event of another name than expected.
#[derive(Clone, PartialEq)]
pub struct OtherEvent {
    expected: &'static str,
    event: Box<RawEvent>,
}

impl OtherEvent {
    /// `event` was received instead of `expected`.
    pub fn new(expected: &'static str, event: RawEvent) -> Self {
        Self { expected, event: Box::new(event) }
    }

    /// The name of the event that was expected.
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// The event.
    pub fn event(&self) -> &RawEvent {
        &self.event
    }

    /// The event.
    pub fn into_event(self) -> RawEvent {
        *self.event
    }
}

impl fmt::Debug for OtherEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtherEvent").field("expected", &self.expected).field("event", &self.event).finish()
    }
}

impl fmt::Display for OtherEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected the event {}, received {:?}", self.expected, self.event.name())
    }
}

impl std::error::Error for OtherEvent {}

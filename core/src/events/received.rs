//! An event whose payload is decoded.

use std::fmt;
use std::ops::Deref;

use serde_json::Value;

use super::Envelope;
use crate::oauth::Tokens;
use crate::wire::Mismatches;

/// An event with its payload. The fields and methods of the payload are used as if they were its own.
///
/// `Debug` shows neither the payload nor a token: payloads about bots contain tokens.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Received<E> {
    /// The payload.
    pub payload: E,
    /// The name of the event, the portal, and all else that comes with the payload.
    pub envelope: Envelope,
    /// The values of the payload that are of another type than documented. Each costs its field, and is in the `extra` of the object
    /// that it is a field of.
    pub mismatches: Mismatches,
    /// The payload as it was received, if as a whole it is of another type than documented.
    pub unread: Option<Value>,
}

impl<E> Received<E> {
    /// An event of these parts, for tests of handlers.
    pub fn new(payload: E, envelope: Envelope) -> Self {
        Self { payload, envelope, mismatches: Mismatches::new(), unread: None }
    }

    /// The name in capital letters: `ONCRMDEALADD`.
    pub fn event_name(&self) -> &str {
        &self.envelope.name
    }

    /// The number of the subscription, as `event.get` lists it.
    pub fn handler_id(&self) -> Option<i64> {
        self.envelope.handler_id
    }

    /// When the event was sent or queued, in seconds since 1970-01-01 UTC.
    pub fn timestamp(&self) -> Option<u64> {
        self.envelope.timestamp
    }

    /// The portal's identifier, which stays the same when the portal is renamed.
    pub fn member_id(&self) -> Option<&str> {
        self.envelope.member_id.as_deref()
    }

    /// The domain of the portal, according to the request.
    pub fn domain(&self) -> Option<&str> {
        self.envelope.domain.as_deref()
    }

    /// The tokens of the user who caused the event, if a user did.
    pub fn tokens(&self) -> Option<&Tokens> {
        self.envelope.tokens.as_ref()
    }

    /// The same event with another payload.
    pub fn map<T>(self, map: impl FnOnce(E) -> T) -> Received<T> {
        let Self { payload, envelope, mismatches, unread } = self;
        Received { payload: map(payload), envelope, mismatches, unread }
    }
}

impl<E> fmt::Debug for Received<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("envelope", &self.envelope)
            .field("mismatches", &self.mismatches.len())
            .finish_non_exhaustive()
    }
}

impl<E> Deref for Received<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.payload
    }
}

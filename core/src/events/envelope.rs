//! What comes with every event.

use serde_json::Value;

use crate::oauth::Tokens;

/// What comes with the payload of an event. `Debug` shows neither token.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Envelope {
    /// The name in capital letters: `ONCRMDEALADD`.
    pub name: String,
    /// The number of the subscription, as `event.get` lists it. Few events have none.
    pub handler_id: Option<i64>,
    /// When the event was sent or queued, in seconds since 1970-01-01 UTC. It may arrive late.
    pub timestamp: Option<u64>,
    /// The portal's identifier, which stays the same when the portal is renamed. A row of the queue has none: it is from the portal that
    /// was asked.
    pub member_id: Option<String>,
    /// The domain of the portal, according to the request.
    pub domain: Option<String>,
    /// The tokens of the user who caused the event. There are none if no user did, and few events contain a refresh token.
    pub tokens: Option<Tokens>,
    /// The row of the queue, if it is an offline event.
    pub offline: Option<OfflineRow>,
}

/// The row of an event in the queue of offline events.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct OfflineRow {
    /// The number of the row.
    pub id: Option<i64>,
    /// What identifies the event when it is cleared. A later event about the same thing has the same one.
    pub message_id: Option<String>,
    /// The process that has taken the row.
    pub process_id: Option<String>,
    /// What the portal adds to the payload, such as the user who caused the event; `null` if there is nothing.
    pub additional: Value,
}

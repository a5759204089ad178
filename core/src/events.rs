//! Events that a portal sends, typed.
//!
//! An event reaches an application in three ways: as a form that the portal sends to a handler
//! ([`EventRequest`](crate::oauth::EventRequest)), as a row of the queue of offline events, and as a line of recorded traffic.
//! All three are a [`RawEvent`]: an [`Envelope`] with the name and the portal, and the payload as JSON. [`RawEvent::decode`] reads the
//! payload as the type of one event, or as any of several.
//!
//! A form has texts only: numbers are digits, `true` is `1`, `false` is `0` or nothing, `null` is an empty text, empty lists are
//! missing, lists are objects whose keys are indexes, and the word `undefined` stands for a missing value, except where a text is expected. Payloads are read by [`FromWire`](crate::wire::FromWire), as results are, which
//! accepts all of these. A value of another type costs its field, and never the event.
//!
//! ```
//! use bitrix24_core::events::{EventType, RawEvent, Received};
//! use bitrix24_core::oauth::{EventRequest, IncomingRequest};
//! use bitrix24_core::wire::{Fields, FromFields};
//!
//! #[derive(Debug, Default)]
//! struct ZebraFed {
//!     zebra_id: Option<i64>,
//!     hungry: Option<bool>,
//! }
//!
//! impl FromFields for ZebraFed {
//!     fn from_fields(fields: &mut Fields<'_>) -> Self {
//!         Self { zebra_id: fields.optional("ZEBRA_ID"), hungry: fields.optional("HUNGRY") }
//!     }
//! }
//!
//! impl EventType for ZebraFed {
//!     const NAME: &'static str = "ONZEBRAFED";
//! }
//!
//! let body = b"event=OnZebraFed&data[ZEBRA_ID]=7&data[HUNGRY]=0&auth[member_id]=m1&auth[application_token]=t0ken";
//! let request = EventRequest::parse(&IncomingRequest::new(body), 1_800_000_000)?;
//! let event: Received<ZebraFed> = RawEvent::from(&request).decode()?;
//! assert_eq!((event.zebra_id, event.hungry), (Some(7), Some(false)));
//! assert_eq!((event.event_name(), event.member_id()), ("ONZEBRAFED", Some("m1")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decode;
mod envelope;
mod event_info;
mod event_type;
mod offline_row;
mod raw_event;
mod raw_event_error;
mod received;

pub use decode::{FromEvent, OtherEvent};
pub use envelope::{Envelope, OfflineRow};
pub use event_info::{EventContext, EventInfo, EventTokens};
pub use event_type::EventType;
pub use raw_event::RawEvent;
pub use raw_event_error::RawEventError;
pub use received::Received;

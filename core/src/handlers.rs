//! Handlers: what a portal sends to an address that an application has registered with a method, typed.
//!
//! Automation rules, message providers, delivery services and others call an address of an application. The generated types have the
//! fields of these requests, and the response that the portal expects.
//!
//! ```
//! use bitrix24_core::handlers::{HandlerRequest, HandlerType};
//! use bitrix24_core::oauth::{EventRequest, IncomingRequest};
//! use bitrix24_core::wire::{Fields, FromFields};
//!
//! #[derive(Debug, Default)]
//! struct Feed {
//!     token: Option<String>,
//!     grams: Option<i64>,
//!     ts: Option<i64>,
//! }
//!
//! impl FromFields for Feed {
//!     fn from_fields(fields: &mut Fields<'_>) -> Self {
//!         Self { token: fields.optional("event_token"), grams: fields.optional("grams"), ts: fields.optional("ts") }
//!     }
//! }
//!
//! impl HandlerType for Feed {
//!     const NAME: &'static str = "zoo.feeder";
//!     const METHOD: &'static str = "zoo.feeder.add";
//!     const ADDRESS: &'static str = "HANDLER";
//!     type Response = ();
//! }
//!
//! let body = b"event_token=t7&grams=250&ts=1799999990&auth[member_id]=m1&auth[application_token]=t0ken";
//! let request = EventRequest::parse(&IncomingRequest::new(body), 1_800_000_000)?;
//! let feed = HandlerRequest::<Feed>::of(&request);
//! assert_eq!((feed.token.as_deref(), feed.grams, feed.ts), (Some("t7"), Some(250), Some(1_799_999_990)));
//! # Ok::<(), bitrix24_core::oauth::ParseError>(())
//! ```

use std::ops::Deref;

use serde_json::Map;

use crate::Value;
use crate::oauth::{EventRequest, IncomingRequest, ParseError};
use crate::wire::{FromWire, Mismatches, ToWire, decode};

/// The fields of the requests that a portal sends to one address. Generated types implement it, and so may a struct of the program.
///
/// `Default` is a request without fields.
pub trait HandlerType: FromWire + Default {
    /// The name: that of the methods, and what the address is for: `bizproc.robot`.
    const NAME: &'static str;
    /// The method that registers the address.
    const METHOD: &'static str;
    /// The parameter with the address; names below objects follow a `/`.
    const ADDRESS: &'static str;
    /// The response that the portal expects. `()`: it ignores the response.
    type Response: ToWire;
}

/// A request to a handler. Its fields are used as if they were its own.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HandlerRequest<H> {
    /// The fields.
    pub request: H,
    /// The values that are of another type than documented. Each costs its field.
    pub mismatches: Mismatches,
}

impl<H: HandlerType> HandlerRequest<H> {
    /// Reads the fields of a request with the part `auth`, which is to be verified first: see
    /// [`EventRequest::verify_application_token`].
    pub fn of(request: &EventRequest) -> Self {
        let mut fields = request.fields().clone();
        // These have methods of their own.
        if let Some(event) = request.event() {
            fields.insert("event".to_owned(), event.into());
        }
        if let Some(time) = request.timestamp() {
            fields.insert("ts".to_owned(), time.into());
        }
        if !request.data().is_null() {
            fields.insert("data".to_owned(), request.data().clone());
        }
        Self::read(fields)
    }

    /// Reads the fields of a request without `auth`, such as that of a delivery service. Nothing shows who has sent it: put a secret
    /// into the address.
    ///
    /// # Errors
    /// A [`ParseError`] if the body is neither a form nor a JSON object.
    pub fn parse(request: &IncomingRequest<'_>) -> Result<Self, ParseError> {
        let mut fields = request.fields()?.get().to_map();
        fields.shift_remove("auth");
        Ok(Self::read(fields))
    }

    fn read(fields: Map<String, Value>) -> Self {
        match decode::<H>(Value::Object(fields)) {
            Ok(decoded) => Self { request: decoded.value, mismatches: decoded.mismatches },
            Err(error) => {
                let mut mismatches = Mismatches::new();
                mismatches.push(error.into());
                Self { request: H::default(), mismatches }
            }
        }
    }
}

impl<H> Deref for HandlerRequest<H> {
    type Target = H;

    fn deref(&self) -> &H {
        &self.request
    }
}

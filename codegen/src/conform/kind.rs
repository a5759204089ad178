//! The kinds of violations.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The spec has no descriptor of a documented method.
    UnknownMethod,
    /// The generated code does not match the spec.
    Generated,
    /// A request body is not JSON.
    RequestNotJson,
    /// An example calls an unknown method.
    OtherMethod,
    /// A request has a parameter that the descriptor does not list.
    UnknownParameter,
    /// A request lacks a required parameter.
    MissingParameter,
    /// A parameter has a value of the wrong type.
    ParameterType,
    /// A response is not JSON.
    ResponseNotJson,
    /// The generated types cannot decode a response.
    Response,
    /// A field of a response has another type.
    ResponseMismatch,
    /// The descriptor does not list a documented error.
    ErrorCode,
    /// The spec has no descriptor of a documented event.
    UnknownEvent,
    /// The payload of an event cannot be decoded.
    EventPayload,
    /// A field of a payload has another type.
    EventMismatch,
    /// The spec has no descriptor of a documented placement.
    UnknownPlacement,
    /// The spec has no descriptor of the requests to a documented address.
    UnknownHandler,
}

impl Kind {
    /// The heading in a report.
    pub fn heading(self) -> &'static str {
        match self {
            Self::UnknownMethod => "methods without a descriptor",
            Self::Generated => "generated code that does not match the spec",
            Self::RequestNotJson => "requests that are not JSON",
            Self::OtherMethod => "requests to unknown methods",
            Self::UnknownParameter => "requests with an unknown parameter",
            Self::MissingParameter => "requests without a required parameter",
            Self::ParameterType => "requests with a value of the wrong type",
            Self::ResponseNotJson => "responses that are not JSON",
            Self::Response => "responses that the generated types cannot decode",
            Self::ResponseMismatch => "fields of responses with a value of the wrong type",
            Self::ErrorCode => "errors that the descriptor does not list",
            Self::UnknownEvent => "events without a descriptor",
            Self::EventPayload => "payloads of events that cannot be decoded",
            Self::EventMismatch => "fields of payloads with a value of the wrong type",
            Self::UnknownPlacement => "placements without a descriptor",
            Self::UnknownHandler => "handlers without a descriptor",
        }
    }
}

/// The name in the baseline and in JSON.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

//! Errors in recorded responses.

use serde_json::{Map, Value};

use crate::conform::{SpecIndex, TypeRegistry};
use crate::descriptor::Descriptor;

/// The error in a response.
pub(super) struct ErrorReply {
    /// The code; empty if the portal sent none.
    pub(super) code: String,
    message: String,
}

impl ErrorReply {
    /// The error of an envelope: a code, or the object of REST 3.
    pub(super) fn of(envelope: &Map<String, Value>) -> Option<Self> {
        match envelope.get("error") {
            Some(Value::Object(error)) if !error.is_empty() => Some(Self::of_object(error)),
            Some(code) => Some(Self {
                code: text(Some(code))?,
                message: text(envelope.get("error_description")).unwrap_or_default(),
            }),
            None => Some(Self { code: String::new(), message: text(envelope.get("error_description"))? }),
        }
    }

    /// The error that some methods send as their result: `{"error": {"code": …}}`.
    pub(super) fn nested(result: &Value) -> Option<Self> {
        let wrapped = result.as_object().filter(|result| result.len() == 1)?;
        let error = wrapped.get("error")?.as_object()?;
        let has_code = error.contains_key("code") || error.contains_key("error");
        has_code.then(|| Self::of_object(error))
    }

    fn of_object(error: &Map<String, Value>) -> Self {
        let part =
            |names: [&str; 2]| names.into_iter().find_map(|name| text(error.get(name))).unwrap_or_default();
        Self { code: part(["code", "error"]), message: part(["message", "error_description"]) }
    }

    /// Whether nothing identifies the error: there is no code, and a shape replaces the message.
    pub(super) fn is_shape(&self) -> bool {
        self.code.is_empty() && self.message == "text"
    }

    /// Whether the method or the system has this error.
    pub(super) fn is_documented(
        &self,
        index: &SpecIndex<'_>,
        types: &dyn TypeRegistry,
        descriptor: &Descriptor,
    ) -> bool {
        let Self { code, message } = self;
        let is_listed = || {
            !code.is_empty() && descriptor.errors.iter().any(|error| error.code.eq_ignore_ascii_case(code))
        };
        types.knows_error(descriptor.api, &descriptor.method, code, message) == Some(true)
            || !code.is_empty() && index.is_of_system(code)
            || is_listed()
    }
}

/// A text, or the digits of a number.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

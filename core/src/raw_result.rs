//! Results that are kept for the case that they cannot be decoded: a result may identify a record that was just created, and
//! nothing else identifies it.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::json_text::parse_json;

/// The body of a response. Assigning the results of a batch to its commands consumes them, so results that cannot be assigned
/// are parsed again from here; others cost nothing extra.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct ResponseBody(Vec<u8>);

impl ResponseBody {
    pub(crate) fn new(body: Vec<u8>) -> Self {
        Self(body)
    }

    /// The result in the body.
    pub(crate) fn result(&self) -> Option<Value> {
        parse_json::<Value>(&self.0).ok()?.get_mut("result").map(Value::take)
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// The result in a failure. It is shared, since many commands may share a failure, and `Debug` does not show it, since it may
/// contain anything that a result may contain.
#[derive(Clone)]
pub(crate) struct RawResult(Arc<Value>);

impl RawResult {
    pub(crate) fn new(result: Value) -> Self {
        Self(Arc::new(result))
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }
}

impl fmt::Debug for RawResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

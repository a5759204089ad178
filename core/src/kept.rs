//! What is kept of an answer for the case that its result cannot be taken as it should: it may tell of something that was just
//! made, and nobody else can tell of it any more.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

/// The body of an answer. Reading takes a result apart, so that what does not fit is read once more from here; what fits pays
/// nothing for it.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Body(Vec<u8>);

impl Body {
    pub(crate) fn new(body: Vec<u8>) -> Self {
        Self(body)
    }

    /// The result in it, where there is one.
    pub(crate) fn result(&self) -> Option<Value> {
        serde_json::from_slice::<Value>(&self.0).ok()?.get_mut("result").map(Value::take)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// A result in a failure. It is shared, since a failure may be that of many commands, and shown nowhere, since it may hold
/// anything that a result may.
#[derive(Clone)]
pub(crate) struct Kept(Arc<Value>);

impl Kept {
    pub(crate) fn new(result: Value) -> Self {
        Self(Arc::new(result))
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

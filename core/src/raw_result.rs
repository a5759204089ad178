//! Results that are kept for the case that they cannot be decoded: a result may identify a record that was just created, and
//! nothing else identifies it.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::wire::Json;

/// The result in a failure. It is shared, since many commands may share a failure, and becomes a [`Value`] when it is asked for.
/// `Debug` does not show it, since it may contain anything that a result may contain.
#[derive(Clone)]
pub(crate) struct RawResult(Arc<(Json, OnceLock<Value>)>);

impl RawResult {
    pub(crate) fn new(result: Json) -> Self {
        Self(Arc::new((result, OnceLock::new())))
    }

    pub(crate) fn value(&self) -> &Value {
        let (result, value) = &*self.0;
        value.get_or_init(|| result.to_value())
    }
}

impl fmt::Debug for RawResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

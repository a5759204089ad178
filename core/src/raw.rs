//! Calling a method that has no type.

use serde_json::Value;

use crate::error::Code;
use crate::method::{Api, Method, MethodInfo};
use crate::params::Params;

/// A call of any method by its name; see [`raw`].
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a request does nothing until a client calls it"]
pub struct Raw {
    api: Api,
    name: String,
    params: Params,
    changes: bool,
}

/// Calls a method by name, with parameters and result as JSON: for methods that are newer than this crate.
///
/// `params` is an object of parameters by name, a list of them by position, or `null` for none.
///
/// ```
/// use bitrix24_core::{json, raw};
/// let request = raw("crm.thing.released.today", json!({"ID": 7}));
/// # let _ = request;
/// ```
pub fn raw(name: impl Into<String>, params: impl Into<Params>) -> Raw {
    Raw { api: Api::V2, name: name.into(), params: params.into(), changes: true }
}

impl Raw {
    /// The same call over REST 3.
    pub fn v3(mut self) -> Self {
        self.api = Api::V3;
        self
    }

    /// The same call of a method that changes nothing, so that a client may repeat it when its answer got lost.
    pub fn that_only_reads(mut self) -> Self {
        self.changes = false;
        self
    }
}

impl Method for Raw {
    type Output = Value;
    type Error = Code;

    fn info(&self) -> MethodInfo<'_> {
        let info = MethodInfo::new(self.api, &self.name);
        if self.changes { info } else { info.that_only_reads() }
    }

    fn params(&self) -> Params {
        self.params.clone()
    }
}

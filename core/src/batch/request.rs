//! A call of `batch` to send.

use serde_json::{Map, Value};

use super::METHOD;
use crate::method::{Api, MethodInfo};

/// A call of `batch` to send.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchRequest {
    pub(super) side_effects: bool,
    pub(super) methods: Vec<Box<str>>,
    pub(super) params: Map<String, Value>,
}

impl BatchRequest {
    /// The method. It has side effects if one of its commands has.
    pub fn info(&self) -> MethodInfo<'static> {
        let info = MethodInfo::new(Api::V2, METHOD);
        if self.side_effects { info } else { info.read_only() }
    }

    /// The names of the methods that it calls, in the order of the commands.
    pub fn methods(&self) -> &[Box<str>] {
        &self.methods
    }

    /// The parameters.
    pub fn params(&self) -> &Map<String, Value> {
        &self.params
    }
}

//! The results of recorded traffic by method: further examples for the pages of the method.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::descriptor::{Api, MethodKey, method_key};
use crate::recorded::{self, Recorded};

/// How many results of one method are used; no more are needed to see its types.
const MANY: usize = 200;

/// The different results of each method.
#[derive(Default)]
pub(crate) struct RecordedResults<'a>(BTreeMap<MethodKey, Vec<&'a Value>>);

impl<'a> RecordedResults<'a> {
    /// The results in recorded lines, in their order.
    pub(crate) fn of(lines: &'a [Recorded]) -> Self {
        let mut by_method: BTreeMap<MethodKey, Vec<&'a Value>> = BTreeMap::new();
        for recorded in recorded::results(lines) {
            let results = by_method.entry(method_key(recorded.api, recorded.method)).or_default();
            if results.len() < MANY && !results.contains(&recorded.result) {
                results.push(recorded.result);
            }
        }
        Self(by_method)
    }

    /// The results of a method.
    pub(crate) fn of_method(&self, api: Api, method: &str) -> &[&'a Value] {
        self.0.get(&method_key(api, method)).map_or(&[], Vec::as_slice)
    }
}

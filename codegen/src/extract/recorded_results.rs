//! The results of recorded traffic by method: further examples for the pages of the method.

use std::collections::BTreeMap;

use crate::descriptor::{Api, MethodKey, method_key};
use crate::recorded::{self, Recorded, RecordedResult};

/// How many results of one method are used; no more are needed to see its types.
const MANY: usize = 200;

/// The different results of each method.
#[derive(Default)]
pub(crate) struct RecordedResults<'a>(BTreeMap<MethodKey, Vec<RecordedResult<'a>>>);

impl<'a> RecordedResults<'a> {
    /// The results in recorded lines, in their order.
    pub(crate) fn of(lines: &'a [Recorded]) -> Self {
        let mut by_method: BTreeMap<MethodKey, Vec<RecordedResult<'a>>> = BTreeMap::new();
        for recorded in recorded::results(lines) {
            let results = by_method.entry(method_key(recorded.line.api, recorded.method)).or_default();
            let is_known = results.iter().any(|known| known.result == recorded.result);
            if results.len() < MANY && !is_known {
                results.push(recorded);
            }
        }
        Self(by_method)
    }

    /// The results of a method.
    pub(crate) fn of_method(&self, api: Api, method: &str) -> &[RecordedResult<'a>] {
        self.0.get(&method_key(api, method)).map_or(&[], Vec::as_slice)
    }
}

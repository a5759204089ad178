//! Recorded results as further examples of a page, without what exists on one portal only.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::recorded::{Recorded, RecordedResult, is_portal_field};

/// The recorded results of a method, as examples behind those of its page.
pub(super) struct RecordedExamples<'a> {
    pub(super) results: Vec<Value>,
    /// The lines of the results.
    lines: Vec<&'a Recorded>,
}

/// The lines of recorded values, by the address of the value: the samples of a value are references into the results.
pub(crate) type RecordedSamples<'a> = HashMap<*const Value, &'a Recorded>;

impl<'a> RecordedExamples<'a> {
    /// Removes the fields of one portal that the page does not show, and keys that are data.
    pub(super) fn of(recorded: &[RecordedResult<'a>], documented: &[Value]) -> Self {
        let mut names = HashSet::new();
        documented.iter().for_each(|result| collect_names(result, &mut names));
        Self {
            results: recorded.iter().map(|recorded| cleaned(recorded.result, &names)).collect(),
            lines: recorded.iter().map(|recorded| recorded.line).collect(),
        }
    }

    /// The line of every value in the results.
    pub(super) fn samples(&self) -> RecordedSamples<'a> {
        let mut samples = HashMap::new();
        for (result, line) in self.results.iter().zip(&self.lines) {
            collect_samples(result, line, &mut samples);
        }
        samples
    }
}

fn collect_names<'a>(value: &'a Value, names: &mut HashSet<&'a str>) {
    names.extend(value.as_object().into_iter().flat_map(Map::keys).map(String::as_str));
    parts(value).for_each(|part| collect_names(part, names));
}

fn collect_samples<'a>(value: &Value, line: &'a Recorded, samples: &mut RecordedSamples<'a>) {
    samples.insert(std::ptr::from_ref(value), line);
    parts(value).for_each(|part| collect_samples(part, line, samples));
}

/// The items of a list, or the values of an object.
fn parts(value: &Value) -> impl Iterator<Item = &Value> {
    let values = value.as_object().into_iter().flat_map(Map::values);
    value.as_array().into_iter().flatten().chain(values)
}

fn cleaned(value: &Value, documented: &HashSet<&str>) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| cleaned(item, documented)).collect(),
        Value::Object(map) => {
            let is_known = |key: &String| documented.contains(key.as_str());
            if !map.is_empty() && map.keys().all(|key| !is_known(key) && is_data(key)) {
                // A map by data has numbers for keys, from which the import sees that it is a map.
                let numbered = map.values().enumerate();
                return numbered
                    .map(|(index, value)| ((index + 1).to_string(), cleaned(value, documented)))
                    .collect();
            }
            let kept = map
                .iter()
                .filter(|(key, _)| is_known(key) || is_number(key) || !is_data(key) && !is_portal_field(key));
            kept.map(|(key, value)| (key.clone(), cleaned(value, documented))).collect()
        }
        scalar => scalar.clone(),
    }
}

fn is_number(key: &str) -> bool {
    key.parse::<i64>().is_ok()
}

/// Whether a key is no name of a field: a masked one, one with other characters than names have, or one with a long number.
fn is_data(key: &str) -> bool {
    /// This many digits are an identifier.
    const LONG_NUMBER: usize = 3;
    let may_be_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '$' | '-');
    let has_number = key.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= LONG_NUMBER);
    let is_masked = key.strip_prefix("key_").is_some_and(|number| number.parse::<usize>().is_ok());
    is_masked || is_number(key) || has_number && !is_portal_field(key) || !key.chars().all(may_be_name)
}

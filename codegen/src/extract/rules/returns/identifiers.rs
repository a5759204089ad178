//! The identifiers of rows in examples: numbers, under which PHP may write the rows of a list as an object, or words, by which
//! no list can be read in ascending order.

use crate::descriptor::escape_token;
use serde_json::Value;

/// The lists in the first two steps of a result, as JSON Pointers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Identifiers {
    /// Where every example shows objects under their own numbers. A number that is not the identifier of the object below it
    /// identifies something else, so that the object is a map.
    pub(crate) as_keys: Vec<String>,
    /// Where an example shows a row whose identifier is no number.
    pub(crate) words: Vec<String>,
}

/// How far from the top of a result a list may be.
const STEPS: usize = 2;

/// The lists of rows in the examples of a result.
pub(super) fn of(results: &[Value]) -> Identifiers {
    let mut found = Identifiers::default();
    found.search(&results.iter().collect::<Vec<_>>(), "", STEPS);
    found
}

impl Identifiers {
    fn search(&mut self, values: &[&Value], pointer: &str, steps: usize) {
        let mut rows = values.iter().filter_map(|value| value.as_array()).flatten();
        if rows.any(|row| id(row).is_some_and(is_word)) {
            self.words.push(pointer.to_owned());
        }
        let objects: Vec<_> = values.iter().filter_map(|value| value.as_object()).collect();
        if objects.iter().all(|object| object.is_empty()) || objects.len() < values.len() {
            return;
        }
        if objects.iter().all(|object| object.iter().all(|(key, value)| is_own_number(key, value))) {
            self.as_keys.push(pointer.to_owned());
            return;
        }
        let Some(first) = objects.first().filter(|_| steps > 0) else { return };
        for name in first.keys() {
            let inside: Vec<&Value> = objects.iter().filter_map(|object| object.get(name)).collect();
            let step = escape_token(name);
            self.search(&inside, &format!("{pointer}/{step}"), steps - 1);
        }
    }
}

/// The identifier of a row.
fn id(row: &Value) -> Option<&Value> {
    row.as_object()?.iter().find(|(name, _)| name.eq_ignore_ascii_case("id")).map(|(_, id)| id)
}

fn is_word(id: &Value) -> bool {
    id.as_str().is_some_and(|id| !id.is_empty() && id.parse::<i64>().is_err())
}

/// Whether a key is a number and the identifier of the object under it. Examples abbreviate the objects after the first to `{}`.
fn is_own_number(key: &str, value: &Value) -> bool {
    if !value.is_object() || key.parse::<i64>().is_err() {
        return false;
    }
    match id(value) {
        Some(Value::String(id)) => id == key,
        Some(id) => id.as_i64().is_some_and(|id| key.parse() == Ok(id)),
        None => value.as_object().is_some_and(|object| object.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_under_their_own_numbers_are_lists_in_every_example() {
        for (results, expected) in [
            (vec![json!({"7": {"id": 7}, "9": {"id": 9}})], vec![""]),
            (vec![json!({"animals": {"7": {"id": 7}}, "count": 1})], vec!["/animals"]),
            (vec![json!({"page": {"animals": {"7": {"ID": "7"}, "9": {}}}})], vec!["/page/animals"]),
            (vec![json!({"animals": {"7": {"id": 7}}}), json!({"animals": {}})], vec!["/animals"]),
            (vec![json!({"animals": {"7": {"id": 7}}}), json!({"animals": {"cat": {}}})], vec![]),
            (vec![json!({"7": "Cat"})], vec![]),
            (vec![json!({"7": {"may": true}})], vec![]),
            (vec![json!({"7": {"id": 3}})], vec![]),
            (vec![json!({"cat": {"id": 7}})], vec![]),
            (vec![json!({"animals": []})], vec![]),
        ] {
            assert_eq!(of(&results).as_keys, expected, "{results:?}");
        }
    }

    #[test]
    fn one_word_among_identifiers_makes_them_words() {
        for (results, expected) in [
            (vec![json!([{"ID": "7"}, {"ID": "cat"}])], vec![""]),
            (vec![json!([{"ID": "7"}])], vec![]),
            (
                vec![json!({"animals": [{"id": 7}]}), json!({"animals": [{"id": "5f3a.21"}]})],
                vec!["/animals"],
            ),
            (vec![json!([{"name": "cat"}, 7])], vec![]),
        ] {
            assert_eq!(of(&results).words, expected, "{results:?}");
        }
    }
}

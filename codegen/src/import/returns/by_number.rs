//! Lists that PHP writes as objects, for their keys are the numbers of what they hold.

use serde_json::Value;

/// The places in the first two steps of a result at which every example shows objects under their own numbers, as JSON Pointers.
/// A number that is not the object's own is that of something else, by which the objects are told apart.
pub(super) fn places(results: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    search(&results.iter().collect::<Vec<_>>(), "", 2, &mut found);
    found
}

fn search(values: &[&Value], pointer: &str, steps: usize, found: &mut Vec<String>) {
    let objects: Vec<_> = values.iter().filter_map(|value| value.as_object()).collect();
    if objects.iter().all(|object| object.is_empty()) || objects.len() < values.len() {
        return;
    }
    if objects.iter().all(|object| object.iter().all(|(key, value)| is_own_number(key, value))) {
        found.push(pointer.to_owned());
        return;
    }
    let Some(first) = objects.first().filter(|_| steps > 0) else { return };
    for name in first.keys() {
        let inside: Vec<&Value> = objects.iter().filter_map(|object| object.get(name)).collect();
        let step = name.replace('~', "~0").replace('/', "~1");
        search(&inside, &format!("{pointer}/{step}"), steps - 1, found);
    }
}

/// Whether a key is a number and the identifier of the object under it. Examples leave objects out behind the first.
fn is_own_number(key: &str, value: &Value) -> bool {
    let Some(object) = value.as_object().filter(|_| key.parse::<i64>().is_ok()) else { return false };
    let id = object.iter().find(|(name, _)| name.eq_ignore_ascii_case("id")).map(|(_, id)| id);
    match id {
        Some(Value::String(id)) => id == key,
        Some(id) => id.as_i64().is_some_and(|id| key.parse() == Ok(id)),
        None => object.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_under_numbers_are_lists_in_every_example() {
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
            assert_eq!(places(&results), expected, "{results:?}");
        }
    }
}

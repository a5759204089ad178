//! Parameters by name, as a portal tells names apart.

use serde_json::{Map, Value};

use crate::method::Api;

/// Where a parameter stands, in the caller's spelling.
///
/// REST 2 folds the case of names at the top of a request, and of two that differ by case alone the later one holds. REST 3
/// knows each name in one spelling.
pub(super) fn spelled<'p>(params: &'p Map<String, Value>, api: Api, name: &str) -> Option<&'p str> {
    let same = |key: &&String| match api {
        Api::V2 => key.eq_ignore_ascii_case(name),
        Api::V3 => *key == name,
    };
    params.keys().rev().find(same).map(String::as_str)
}

/// The value of a parameter, whatever the caller's spelling.
pub(super) fn get<'p>(params: &'p Map<String, Value>, api: Api, name: &str) -> Option<&'p Value> {
    params.get(spelled(params, api, name)?)
}

/// Sets a parameter in the caller's spelling, or under `name` where the caller has not given it. No second spelling is left,
/// since which of two a portal hears depends on their order.
pub(super) fn set(params: &mut Map<String, Value>, api: Api, name: &str, value: Value) {
    let spelling = spelled(params, api, name).unwrap_or(name).to_owned();
    if api == Api::V2 {
        params.retain(|key, _| *key == spelling || !key.eq_ignore_ascii_case(name));
    }
    params.insert(spelling, value);
}

/// Takes a parameter out, in every spelling; the value is the one that a portal would hear.
pub(super) fn take(params: &mut Map<String, Value>, api: Api, name: &str) -> Option<Value> {
    let mut heard = None;
    while let Some(spelling) = spelled(params, api, name).map(str::to_owned) {
        let value = params.shift_remove(&spelling);
        heard = heard.or(value);
    }
    heard
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_parameter_keeps_the_spelling_of_the_caller_and_has_no_second_one() {
        let cases = [
            (Api::V2, json!({}), json!({"start": 5})),
            (Api::V2, json!({"START": 1, "x": 2}), json!({"START": 5, "x": 2})),
            (Api::V2, json!({"Start": 1, "x": 2, "START": 3}), json!({"x": 2, "START": 5})),
            (Api::V3, json!({"START": 1}), json!({"START": 1, "start": 5})),
        ];
        for (api, given, expected) in cases {
            let mut params = map(given);
            set(&mut params, api, "start", json!(5));
            assert_eq!(Value::Object(params), expected);
        }
    }

    #[test]
    fn of_two_spellings_the_later_is_heard() {
        let mut params = map(json!({"filter": 1, "x": 2, "FILTER": 3}));
        assert_eq!(get(&params, Api::V2, "Filter"), Some(&json!(3)));
        assert_eq!(get(&params, Api::V3, "filter"), Some(&json!(1)));
        assert_eq!(take(&mut params, Api::V2, "filter"), Some(json!(3)));
        assert_eq!(Value::Object(params), json!({"x": 2}));
    }
}

//! Parameters by name, compared as a portal compares names.

use serde_json::{Map, Value};

use crate::method::Api;

/// The caller's spelling of a parameter.
///
/// REST 2 ignores the case of top-level names, and the later of two that differ only in case wins. REST 3 is case sensitive.
pub(super) fn spelling<'p>(params: &'p Map<String, Value>, api: Api, name: &str) -> Option<&'p str> {
    let same = |key: &&String| match api {
        Api::V2 => key.eq_ignore_ascii_case(name),
        Api::V3 => *key == name,
    };
    params.keys().rev().find(same).map(String::as_str)
}

/// The value of a parameter, in any spelling.
pub(super) fn get<'p>(params: &'p Map<String, Value>, api: Api, name: &str) -> Option<&'p Value> {
    params.get(spelling(params, api, name)?)
}

/// Sets a parameter in the caller's spelling, or as `name` if the caller has not set it. Other spellings are removed, since the
/// portal's choice between two depends on their order.
pub(super) fn set(params: &mut Map<String, Value>, api: Api, name: &str, value: Value) {
    let spelling = spelling(params, api, name).unwrap_or(name).to_owned();
    if api == Api::V2 {
        params.retain(|key, _| *key == spelling || !key.eq_ignore_ascii_case(name));
    }
    params.insert(spelling, value);
}

/// Removes a parameter in every spelling and returns the value that a portal would use.
pub(super) fn take(params: &mut Map<String, Value>, api: Api, name: &str) -> Option<Value> {
    let mut effective = None;
    while let Some(spelling) = spelling(params, api, name).map(str::to_owned) {
        let value = params.shift_remove(&spelling);
        effective = effective.or(value);
    }
    effective
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_parameter_keeps_the_caller_s_spelling_and_has_no_second_one() {
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
    fn the_later_of_two_spellings_wins() {
        let mut params = map(json!({"filter": 1, "x": 2, "FILTER": 3}));
        assert_eq!(get(&params, Api::V2, "Filter"), Some(&json!(3)));
        assert_eq!(get(&params, Api::V3, "filter"), Some(&json!(1)));
        assert_eq!(take(&mut params, Api::V2, "filter"), Some(json!(3)));
        assert_eq!(Value::Object(params), json!({"x": 2}));
    }
}

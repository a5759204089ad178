//! The page number or offset inside another parameter.

use serde_json::{Map, Value};

use super::param_names;
use super::rows::segments;
use crate::error::{ErrorKind, Failure};
use crate::method::{Api, MethodInfo};
use crate::params::SKIPPED;
use crate::wire::is_php_empty;

/// A place inside a parameter; see [`MethodInfo::page_pointer`].
#[derive(Debug)]
pub(super) struct NestedParam {
    api: Api,
    positional: bool,
    path: Vec<String>,
}

impl NestedParam {
    /// The place of a method's page inside the parameters, if it has one.
    ///
    /// # Errors
    /// A [`Failure`] of the kind [`ErrorKind::Request`] if the caller's parameters contain a value on the path that is no object:
    /// the request for the second page would have to replace it.
    pub(super) fn new(info: MethodInfo<'_>, params: &Map<String, Value>) -> Result<Option<Self>, Failure> {
        let Some(pointer) = info.page_pointer else { return Ok(None) };
        let param = Self { api: info.api, positional: info.positional, path: segments(pointer) };
        let mut value =
            param.path.split_first().and_then(|(first, _)| param_names::get(params, info.api, first));
        for segment in param.path.iter().skip(1) {
            value = match value {
                Some(Value::Object(map)) => map.get(segment),
                Some(other) if !is_php_empty(other) => {
                    let text = format!(
                        "the page is set at `{pointer}`, but a parameter on the path is no object and has no `{segment}`"
                    );
                    return Err(Failure::new(ErrorKind::Request, text));
                }
                _ => None,
            };
        }
        Ok(Some(param))
    }

    /// The caller's value.
    pub(super) fn get<'p>(&self, params: &'p Map<String, Value>) -> Option<&'p Value> {
        let (first, rest) = self.path.split_first()?;
        let top = param_names::get(params, self.api, first)?;
        rest.iter().try_fold(top, |value, segment| value.get(segment))
    }

    /// Sets the value and creates the objects around it.
    pub(super) fn set(&self, params: &mut Map<String, Value>, value: Value) {
        let Some((first, rest)) = self.path.split_first() else { return };
        if self.positional {
            fill_before(params, first);
        }
        let mut top = param_names::get(params, self.api, first).cloned().unwrap_or_default();
        let mut target = &mut top;
        for segment in rest {
            if !target.is_object() {
                *target = Value::Object(Map::new());
            }
            target = &mut target[segment.as_str()];
        }
        *target = value;
        param_names::set(params, self.api, first, top);
    }
}

/// Fills the empty positions before `position`, so that the parameter that is set there keeps its position.
fn fill_before(params: &mut Map<String, Value>, position: &str) {
    for before in 0..position.parse::<usize>().unwrap_or(0) {
        params.entry(before.to_string()).or_insert(SKIPPED);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_page_is_set_with_all_objects_around_it() {
        let by_name = MethodInfo::new(Api::V2, "stock.list").with_page_pointer("/params/offset");
        let by_position =
            MethodInfo::new(Api::V2, "stock.list").with_positional().with_page_pointer("/2/NAV/iNumPage");
        let cases = [
            (by_name, json!({}), None, json!({"params": {"offset": 9}})),
            (by_name, json!({"x": 1, "params": null}), None, json!({"x": 1, "params": {"offset": 9}})),
            (
                by_name,
                json!({"PARAMS": {"limit": 5, "offset": 5}}),
                Some(json!(5)),
                json!({"PARAMS": {"limit": 5, "offset": 9}}),
            ),
            (by_position, json!({}), None, json!({"0": [], "1": [], "2": {"NAV": {"iNumPage": 9}}})),
            (
                by_position,
                json!({"0": {"ID": "asc"}, "1": []}),
                None,
                json!({"0": {"ID": "asc"}, "1": [], "2": {"NAV": {"iNumPage": 9}}}),
            ),
            (
                by_position,
                json!({"0": 1, "1": 2, "2": {"NAV": {"nPageSize": 2, "iNumPage": "3"}}, "3": ["ID"]}),
                Some(json!("3")),
                json!({"0": 1, "1": 2, "2": {"NAV": {"nPageSize": 2, "iNumPage": 9}}, "3": ["ID"]}),
            ),
        ];
        for (info, given, found, expected) in cases {
            let mut params = map(given);
            let param = NestedParam::new(info, &params).unwrap().unwrap();
            assert_eq!(param.get(&params), found.as_ref(), "{params:?}");
            param.set(&mut params, json!(9));
            // Compared as text, so that the order matters.
            assert_eq!(Value::Object(params).to_string(), expected.to_string());
        }
    }

    #[test]
    fn a_value_that_is_no_object_is_not_replaced() {
        let info = MethodInfo::new(Api::V2, "stock.list").with_page_pointer("/params/offset");
        for params in [json!({"params": 7}), json!({"params": [1]})] {
            let failure = NestedParam::new(info, &map(params)).unwrap_err();
            assert_eq!(failure.kind(), ErrorKind::Request);
            assert!(failure.to_string().contains("`/params/offset`"), "{failure}");
        }
    }
}

//! The number of a page or an offset that stands inside a parameter, and not as one of its own.

use serde_json::{Map, Value};

use super::names;
use super::rows::steps;
use crate::error::{Failure, Kind};
use crate::method::{Api, MethodInfo};
use crate::params::SKIPPED;
use crate::wire::is_empty_form;

/// A place inside a parameter; see [`MethodInfo::page_at`].
#[derive(Debug)]
pub(super) struct Within {
    api: Api,
    positional: bool,
    steps: Vec<String>,
}

impl Within {
    /// The place of a method's page inside the parameters, where it has one.
    ///
    /// # Errors
    /// A [`Failure`] of the kind [`Kind::Request`] where the caller's parameters hold something on the way there that holds
    /// nothing itself: it would have to be thrown away to ask for the second page.
    pub(super) fn of(info: MethodInfo<'_>, params: &Map<String, Value>) -> Result<Option<Self>, Failure> {
        let Some(pointer) = info.page_at else { return Ok(None) };
        let within = Self { api: info.api, positional: info.positional, steps: steps(pointer) };
        let mut here = within.steps.split_first().and_then(|(first, _)| names::get(params, info.api, first));
        for step in within.steps.iter().skip(1) {
            here = match here {
                Some(Value::Object(map)) => map.get(step),
                Some(other) if !is_empty_form(other) => {
                    let text = format!(
                        "the page is asked for at `{pointer}`, and what stands there holds no `{step}`"
                    );
                    return Err(Failure::new(Kind::Request, text));
                }
                _ => None,
            };
        }
        Ok(Some(within))
    }

    /// What the caller has put there.
    pub(super) fn get<'p>(&self, params: &'p Map<String, Value>) -> Option<&'p Value> {
        let (first, others) = self.steps.split_first()?;
        others.iter().try_fold(names::get(params, self.api, first)?, |here, step| here.get(step))
    }

    /// Puts a value there, and what has to hold it.
    pub(super) fn set(&self, params: &mut Map<String, Value>, value: Value) {
        let Some((first, others)) = self.steps.split_first() else { return };
        if self.positional {
            fill(params, first);
        }
        let mut held = names::get(params, self.api, first).cloned().unwrap_or_default();
        let mut here = &mut held;
        for step in others {
            if !here.is_object() {
                *here = Value::Object(Map::new());
            }
            here = &mut here[step.as_str()];
        }
        *here = value;
        names::set(params, self.api, first, held);
    }
}

/// Fills the places before `place` that have nothing in them, so that what is put there comes to stand there.
fn fill(params: &mut Map<String, Value>, place: &str) {
    for before in 0..place.parse::<usize>().unwrap_or(0) {
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
    fn a_page_is_put_where_it_belongs_with_all_that_has_to_hold_it() {
        let by_name = MethodInfo::new(Api::V2, "stock.list").with_page_at("/params/offset");
        let by_position =
            MethodInfo::new(Api::V2, "stock.list").with_positional().with_page_at("/2/NAV/iNumPage");
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
            let within = Within::of(info, &params).unwrap().unwrap();
            assert_eq!(within.get(&params), found.as_ref(), "{params:?}");
            within.set(&mut params, json!(9));
            // As texts, so that the order counts.
            assert_eq!(Value::Object(params).to_string(), expected.to_string());
        }
    }

    #[test]
    fn what_holds_nothing_is_not_thrown_away_for_a_page() {
        let info = MethodInfo::new(Api::V2, "stock.list").with_page_at("/params/offset");
        for params in [json!({"params": 7}), json!({"params": [1]})] {
            let failure = Within::of(info, &map(params)).unwrap_err();
            assert_eq!(failure.kind(), Kind::Request);
            assert!(failure.to_string().contains("`/params/offset`"), "{failure}");
        }
    }
}

//! The request for a page by identifier, made of the caller's own.

use serde_json::{Map, Value, json};

use super::Direction;
use crate::error::{Failure, Kind};
use crate::list::names;
use crate::method::{Api, Keyset, MethodInfo};
use crate::wire::{FromWire, is_empty_form};

/// The caller's request, ready to be narrowed to a range of identifiers.
#[derive(Debug)]
pub(super) struct Query {
    api: Api,
    id: String,
    filter: String,
    order: String,
    /// Everything but conditions and order.
    params: Map<String, Value>,
    /// The caller's conditions, without those that have become bounds.
    conditions: Value,
    /// The caller's `>ID`.
    pub(super) above: Option<i64>,
    /// The caller's `<ID`.
    pub(super) below: Option<i64>,
}

impl Query {
    pub(super) fn new(
        info: MethodInfo<'_>,
        keyset: Keyset<'_>,
        mut params: Map<String, Value>,
    ) -> Result<Self, Failure> {
        let api = info.api;
        if info.positional {
            return Err(refused("parameters of this method go by position, so no condition can be added"));
        }
        let order = names::take(&mut params, api, keyset.order).unwrap_or_default();
        if !is_empty_form(&order) && !is_ascending(&order, keyset.id) {
            let text = format!(
                "`{}` asks for another order than by ascending `{}`: leave it out, or walk the list page by page",
                keyset.order, keyset.id
            );
            return Err(refused(&text));
        }
        begin_at_the_beginning(&mut params, api)?;
        select_the_identifier(&mut params, api, keyset.id);
        let spelling = |name| names::spelled(&params, api, name).unwrap_or(name).to_owned();
        let (filter, order) = (spelling(keyset.filter), keyset.order.to_owned());
        let conditions = names::take(&mut params, api, keyset.filter).unwrap_or_default();
        let mut query = Self {
            api,
            id: keyset.id.to_owned(),
            filter,
            order,
            params,
            conditions,
            above: None,
            below: None,
        };
        query.read_conditions()?;
        Ok(query)
    }

    /// Brings the caller's conditions into a form that takes ours beside them.
    fn read_conditions(&mut self) -> Result<(), Failure> {
        let conditions = std::mem::take(&mut self.conditions);
        self.conditions = match (self.api, conditions) {
            (Api::V2, nothing) if is_empty_form(&nothing) => json!({}),
            (Api::V3, nothing) if is_empty_form(&nothing) => json!([]),
            // What stands beside a choice would be one more choice.
            (Api::V2, Value::Object(map)) if is_choice(&map) => json!({"0": map}),
            (Api::V2, Value::Object(map)) => Value::Object(self.without_bounds(map)?),
            (Api::V3, Value::Array(list)) => Value::Array(list),
            (Api::V3, Value::Object(group)) => json!([group]),
            (_, other) => {
                let kind = if self.api == Api::V2 { "an object" } else { "a list" };
                return Err(refused(&format!("`{}` must be {kind} of conditions, not {other}", self.filter)));
            }
        };
        Ok(())
    }

    /// Takes `>ID` and `<ID` out, since a request has room for one of each.
    fn without_bounds(&mut self, mut conditions: Map<String, Value>) -> Result<Map<String, Value>, Failure> {
        let bounds: Vec<String> =
            conditions.keys().filter(|key| bound(key, &self.id).is_some()).cloned().collect();
        for key in bounds {
            let value = conditions.shift_remove(&key).unwrap_or_default();
            let number = i64::from_wire(value.clone()).map_err(|_| {
                refused(&format!("the condition `{key}` needs an integer to begin at, and not {value}"))
            })?;
            if bound(&key, &self.id) == Some('>') {
                self.above = Some(self.above.map_or(number, |above| above.max(number)));
            } else {
                self.below = Some(self.below.map_or(number, |below| below.min(number)));
            }
        }
        Ok(conditions)
    }

    /// The parameters of a page with identifiers between `above` and `below`, which may be references.
    pub(super) fn page(
        &self,
        direction: Direction,
        above: Value,
        below: Option<Value>,
    ) -> Map<String, Value> {
        let mut params = self.params.clone();
        let conditions = match &self.conditions {
            Value::Array(list) => {
                let ours = [(">", Some(above)), ("<", below)].into_iter();
                let ours = ours.filter_map(|(operator, bound)| Some(json!([self.id, operator, bound?])));
                Value::Array(list.iter().cloned().chain(ours).collect())
            }
            conditions => {
                let mut map = conditions.as_object().cloned().unwrap_or_default();
                map.insert(format!(">{}", self.id), above);
                if let Some(below) = below {
                    map.insert(format!("<{}", self.id), below);
                }
                Value::Object(map)
            }
        };
        params.insert(self.filter.clone(), conditions);
        let order = if direction == Direction::Up { "ASC" } else { "DESC" };
        params.insert(self.order.clone(), json!({ self.id.as_str(): order }));
        if self.api == Api::V2 {
            params.insert("start".to_owned(), json!(-1));
        }
        params
    }

    /// The same page with nothing but identifiers in its rows, where the caller selects fields at all: who does not may call
    /// a method that cannot.
    pub(super) fn with_identifiers_alone(&self, mut page: Map<String, Value>) -> Map<String, Value> {
        if names::spelled(&page, self.api, "select").is_some() {
            names::set(&mut page, self.api, "select", json!([self.id]));
        }
        page
    }
}

fn refused(text: &str) -> Failure {
    Failure::new(Kind::Request, format!("this list cannot be read by identifier: {text}"))
}

/// The operator of a condition that bounds the identifier on one side.
fn bound(condition: &str, id: &str) -> Option<char> {
    let operator = condition.chars().next().filter(|first| matches!(first, '>' | '<'))?;
    condition[1..].eq_ignore_ascii_case(id).then_some(operator)
}

/// Whether conditions stand side by side for one of them to hold.
fn is_choice(conditions: &Map<String, Value>) -> bool {
    let mut logic = conditions.iter().filter(|(key, _)| key.eq_ignore_ascii_case("logic"));
    logic.any(|(_, value)| value.as_str().is_some_and(|word| word.eq_ignore_ascii_case("or")))
}

fn is_ascending(order: &Value, id: &str) -> bool {
    let Some(order) = order.as_object().filter(|order| order.len() == 1) else { return false };
    let asc = |way: &Value| way.as_str().is_some_and(|way| way.eq_ignore_ascii_case("asc"));
    order.iter().all(|(field, way)| field.eq_ignore_ascii_case(id) && asc(way))
}

/// Takes out what says that the list is to begin at its beginning, and refuses what says otherwise: a place by number means
/// nothing where pages are found by identifier.
fn begin_at_the_beginning(params: &mut Map<String, Value>, api: Api) -> Result<(), Failure> {
    let places: &[(&str, i64)] = match api {
        Api::V2 => &[("start", 0)],
        Api::V3 => &[("page", 1), ("offset", 0)],
    };
    let mut pagination = Map::new();
    let holder = match (api, params.get_mut("pagination")) {
        (Api::V2, _) => params,
        (Api::V3, Some(Value::Object(given))) => given,
        (Api::V3, _) => &mut pagination,
    };
    for (name, first) in places {
        let Some(value) = names::take(holder, api, name) else { continue };
        let begins = i64::from_wire(value.clone()).is_ok_and(|place| place <= *first);
        if !is_empty_form(&value) && !begins {
            let text =
                format!("`{name}` is {value}; to begin later, give a condition on the identifier instead");
            return Err(refused(&text));
        }
    }
    Ok(())
}

/// Adds the identifier to the fields that the caller selects.
fn select_the_identifier(params: &mut Map<String, Value>, api: Api, id: &str) {
    let Some(spelling) = names::spelled(params, api, "select").map(str::to_owned) else { return };
    let has = |fields: &mut dyn Iterator<Item = &Value>| {
        fields.filter_map(Value::as_str).any(|field| field == "*" || field.eq_ignore_ascii_case(id))
    };
    match params.get_mut(&spelling) {
        Some(Value::Array(fields)) if !fields.is_empty() && !has(&mut fields.iter()) => {
            fields.push(json!(id))
        }
        Some(Value::Object(fields)) if !fields.is_empty() && !has(&mut fields.values()) => {
            let free =
                (fields.len()..).map(|number| number.to_string()).find(|key| !fields.contains_key(key));
            fields.insert(free.unwrap_or_default(), json!(id));
        }
        _ => {}
    }
}

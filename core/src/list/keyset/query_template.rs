//! The caller's request as a template for pages by identifier.

use serde_json::{Map, Value, json};

use super::direction::Direction;
use crate::error::{ErrorKind, Failure};
use crate::list::param_names;
use crate::method::{Api, Keyset, MethodInfo};
use crate::wire::{decode_strict, is_php_empty};

/// The caller's request, ready to be limited to a range of identifiers.
#[derive(Debug)]
pub(super) struct QueryTemplate {
    api: Api,
    id: String,
    filter: String,
    order: String,
    /// The parameter for the direction, where the order is the name of a field.
    direction: Option<String>,
    /// All parameters except conditions and order.
    params: Map<String, Value>,
    /// The caller's conditions, without those that became bounds.
    conditions: Value,
    /// The caller's `>ID`.
    pub(super) above: Option<i64>,
    /// The caller's `<ID`.
    pub(super) below: Option<i64>,
}

impl QueryTemplate {
    pub(super) fn new(
        info: MethodInfo<'_>,
        keyset: Keyset<'_>,
        mut params: Map<String, Value>,
    ) -> Result<Self, Failure> {
        let api = info.api;
        if info.positional {
            return Err(invalid("the method has positional parameters, so no condition can be added"));
        }
        let order = param_names::take(&mut params, api, keyset.order).unwrap_or_default();
        let direction = keyset.direction.and_then(|name| param_names::take(&mut params, api, name));
        let is_asc = |direction: &Value| is_php_empty(direction) || is_text(direction, "asc");
        let ascending = direction.as_ref().is_none_or(is_asc)
            && match keyset.direction {
                _ if is_php_empty(&order) => true,
                Some(_) => is_text(&order, keyset.id),
                None => is_ascending(&order, keyset.id),
            };
        if !ascending {
            let text = format!(
                "`{}` requests an order other than ascending `{}`: omit it, or read the list page by page",
                keyset.order, keyset.id
            );
            return Err(invalid(&text));
        }
        remove_start(&mut params, api)?;
        select_identifier(&mut params, api, keyset.id);
        let spelling = |name| param_names::spelling(&params, api, name).unwrap_or(name).to_owned();
        let (filter, order) = (spelling(keyset.filter), keyset.order.to_owned());
        let conditions = param_names::take(&mut params, api, keyset.filter).unwrap_or_default();
        let mut template = Self {
            api,
            id: keyset.id.to_owned(),
            filter,
            order,
            direction: keyset.direction.map(str::to_owned),
            params,
            conditions,
            above: None,
            below: None,
        };
        template.normalize_conditions()?;
        Ok(template)
    }

    /// Converts the caller's conditions into a form to which others can be added.
    fn normalize_conditions(&mut self) -> Result<(), Failure> {
        let conditions = std::mem::take(&mut self.conditions);
        self.conditions = match (self.api, conditions) {
            (Api::V2, empty) if is_php_empty(&empty) => json!({}),
            (Api::V3, empty) if is_php_empty(&empty) => json!([]),
            // A condition next to an `OR` would become another alternative.
            (Api::V2, Value::Object(map)) if is_or(&map) => json!({"0": map}),
            (Api::V2, Value::Object(map)) => Value::Object(self.take_bounds(map)?),
            (Api::V3, Value::Array(list)) => Value::Array(list),
            (Api::V3, Value::Object(group)) => json!([group]),
            (_, other) => {
                let expected = if self.api == Api::V2 { "an object" } else { "a list" };
                return Err(invalid(&format!(
                    "`{}` must be {expected} of conditions, not {other}",
                    self.filter
                )));
            }
        };
        Ok(())
    }

    /// Removes `>ID` and `<ID`, since a request can contain only one of each.
    fn take_bounds(&mut self, mut conditions: Map<String, Value>) -> Result<Map<String, Value>, Failure> {
        let bounds: Vec<String> =
            conditions.keys().filter(|key| bound(key, &self.id).is_some()).cloned().collect();
        for key in bounds {
            let value = conditions.shift_remove(&key).unwrap_or_default();
            let number = decode_strict::<i64>(value.clone())
                .map_err(|_| invalid(&format!("the condition `{key}` must be an integer, not {value}")))?;
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
                let bounds = [(">", Some(above)), ("<", below)].into_iter();
                let bounds = bounds.filter_map(|(operator, bound)| Some(json!([self.id, operator, bound?])));
                Value::Array(list.iter().cloned().chain(bounds).collect())
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
        let order = if direction == Direction::Ascending { "ASC" } else { "DESC" };
        match &self.direction {
            None => {
                params.insert(self.order.clone(), json!({ self.id.as_str(): order }));
            }
            Some(direction) => {
                params.insert(self.order.clone(), json!(self.id));
                params.insert(direction.clone(), json!(order));
            }
        }
        if self.api == Api::V2 {
            params.insert("start".to_owned(), json!(-1));
        }
        params
    }

    /// The same page with only identifiers in its rows, if the caller selects fields: without `select` the method may not support
    /// it.
    pub(super) fn ids_only(&self, mut page: Map<String, Value>) -> Map<String, Value> {
        if param_names::spelling(&page, self.api, "select").is_some() {
            param_names::set(&mut page, self.api, "select", json!([self.id]));
        }
        page
    }
}

fn invalid(text: &str) -> Failure {
    Failure::new(ErrorKind::Request, format!("this list cannot be read by identifier: {text}"))
}

/// The operator of a condition that bounds the identifier on one side.
fn bound(condition: &str, id: &str) -> Option<char> {
    let operator = condition.chars().next().filter(|first| matches!(first, '>' | '<'))?;
    condition[1..].eq_ignore_ascii_case(id).then_some(operator)
}

/// Whether the conditions are alternatives.
fn is_or(conditions: &Map<String, Value>) -> bool {
    let mut logic = conditions.iter().filter(|(key, _)| key.eq_ignore_ascii_case("logic"));
    logic.any(|(_, value)| value.as_str().is_some_and(|word| word.eq_ignore_ascii_case("or")))
}

fn is_ascending(order: &Value, id: &str) -> bool {
    let Some(order) = order.as_object().filter(|order| order.len() == 1) else { return false };
    order.iter().all(|(field, value)| field.eq_ignore_ascii_case(id) && is_text(value, "asc"))
}

/// Whether a value is a text, without case.
fn is_text(value: &Value, wanted: &str) -> bool {
    value.as_str().is_some_and(|text| text.eq_ignore_ascii_case(wanted))
}

/// Removes a start at the beginning, and rejects any other one: an offset has no meaning for pages by identifier.
fn remove_start(params: &mut Map<String, Value>, api: Api) -> Result<(), Failure> {
    let starts: &[(&str, i64)] = match api {
        Api::V2 => &[("start", 0)],
        Api::V3 => &[("page", 1), ("offset", 0)],
    };
    let mut no_pagination = Map::new();
    let holder = match (api, params.get_mut("pagination")) {
        (Api::V2, _) => params,
        (Api::V3, Some(Value::Object(pagination))) => pagination,
        (Api::V3, _) => &mut no_pagination,
    };
    for (name, first) in starts {
        let Some(value) = param_names::take(holder, api, name) else { continue };
        let at_beginning = decode_strict::<i64>(value.clone()).is_ok_and(|start| start <= *first);
        if !is_php_empty(&value) && !at_beginning {
            let text =
                format!("`{name}` is {value}; to start later, set a condition on the identifier instead");
            return Err(invalid(&text));
        }
    }
    Ok(())
}

/// Adds the identifier to the fields that the caller selects.
fn select_identifier(params: &mut Map<String, Value>, api: Api, id: &str) {
    let Some(spelling) = param_names::spelling(params, api, "select").map(str::to_owned) else { return };
    let has_id = |fields: &mut dyn Iterator<Item = &Value>| {
        fields.filter_map(Value::as_str).any(|field| field == "*" || field.eq_ignore_ascii_case(id))
    };
    match params.get_mut(&spelling) {
        Some(Value::Array(fields)) if !fields.is_empty() && !has_id(&mut fields.iter()) => {
            fields.push(json!(id))
        }
        Some(Value::Object(fields)) if !fields.is_empty() && !has_id(&mut fields.values()) => {
            let free =
                (fields.len()..).map(|number| number.to_string()).find(|key| !fields.contains_key(key));
            fields.insert(free.unwrap_or_default(), json!(id));
        }
        _ => {}
    }
}

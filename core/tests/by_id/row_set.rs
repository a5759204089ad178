//! A mock portal without a socket: one list, batches of its pages, and a walk through the list.
//!
//! Each file that includes it uses only a part of it, hence the `allow`.
#![allow(dead_code, unreachable_pub)]

use std::collections::BTreeSet;

use bitrix24_core::list::{KeysetPaginator, PageRequest};
use bitrix24_core::wire::Json;
use bitrix24_core::{Api, Failure, Keyset, Map, MethodInfo, RawResponse, Value, json, parse_response, php};

pub fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

pub const LIST: MethodInfo<'static> =
    MethodInfo::new(Api::V2, "stock.list").with_rows_pointer("").with_keyset(Keyset::new("ID")).read_only();
pub const ITEMS: MethodInfo<'static> = MethodInfo::new(Api::V2, "stock.item.list")
    .with_rows_pointer("/items")
    .with_keyset(Keyset::new("ID").with_row_id("id"))
    .read_only();
pub const REST3: MethodInfo<'static> = MethodInfo::new(Api::V3, "stock.item.list")
    .with_rows_pointer("/items")
    .with_keyset(Keyset::new("id"))
    .read_only();

/// The outcome of a walk.
pub struct Walked {
    pub ids: Vec<i64>,
    pub failure: Option<Failure>,
}

/// Walks to the end of the list. `between` runs before each response is made; `take_last` decides which of two responses
/// arrives first.
pub fn walk(
    row_set: &mut RowSet,
    info: MethodInfo<'_>,
    params: Value,
    overlapping: bool,
    mut between: impl FnMut(&mut RowSet),
    mut take_last: impl FnMut() -> bool,
) -> Walked {
    let mut walk = KeysetPaginator::new(info, map(params), overlapping).unwrap();
    let mut in_flight = Vec::new();
    let mut walked = Walked { ids: Vec::new(), failure: None };
    loop {
        while let Some(page_request) = walk.next_request() {
            between(row_set);
            let responses = row_set.answer(&page_request, info);
            in_flight.push((page_request, responses));
            assert!(in_flight.len() <= 1 + usize::from(overlapping), "too many concurrent requests");
        }
        if walk.is_finished() || in_flight.is_empty() {
            assert!(walk.is_finished(), "the walk hangs");
            return walked;
        }
        let next = if take_last() { in_flight.len() - 1 } else { 0 };
        let (page_request, responses) = in_flight.remove(next);
        let outcome = walk.on_responses(&page_request, responses);
        assert!(row_set.requests < 5_000, "the walk does not end");
        let ids = outcome.rows.iter().map(|(_, row)| id_of(row));
        walked.ids.extend(ids);
        walked.failure = outcome.failure;
    }
}

pub fn walk_unchanged(
    row_set: &mut RowSet,
    info: MethodInfo<'_>,
    params: Value,
    overlapping: bool,
) -> Walked {
    walk(row_set, info, params, overlapping, |_| {}, || false)
}

/// The rows of a list, and how the portal returns them.
#[derive(Clone)]
pub struct RowSet {
    pub ids: BTreeSet<i64>,
    /// The number of rows of a page.
    pub size: usize,
    /// Whether the rows are under `items`, and whether they are an object keyed by identifier.
    pub items: bool,
    pub keyed: bool,
    /// Whether conditions on the identifier are ignored.
    pub ignores_conditions: bool,
    /// Rows that count towards a page but are not returned.
    pub hidden: BTreeSet<i64>,
    pub queries: usize,
    pub requests: usize,
}

impl RowSet {
    pub fn of(ids: impl IntoIterator<Item = i64>) -> Self {
        Self {
            ids: ids.into_iter().collect(),
            size: 50,
            items: false,
            keyed: false,
            ignores_conditions: false,
            hidden: BTreeSet::new(),
            queries: 0,
            requests: 0,
        }
    }

    /// The result of the list for these parameters, with conditions as PHP reads them.
    pub fn list(&mut self, params: &Map<String, Value>) -> Value {
        self.queries += 1;
        let (mut conditions, mut descending, mut v3) = (Vec::new(), false, false);
        for (name, value) in params {
            match (name.to_lowercase().as_str(), value) {
                ("filter", Value::Array(triples)) => {
                    v3 = true;
                    let operator = |triple: &Value| triple[1].as_str().unwrap_or_default().to_owned();
                    conditions = triples.iter().map(|triple| (operator(triple), triple[2].clone())).collect();
                }
                ("filter", value) => {
                    let operator = |key: &str| key.to_lowercase().trim_end_matches("id").to_owned();
                    conditions = map(value.clone())
                        .iter()
                        .map(|(key, value)| (operator(key), value.clone()))
                        .collect();
                }
                ("order", value) => {
                    descending = map(value.clone()).values().any(|direction| direction == "DESC")
                }
                _ => {}
            }
        }
        if self.ignores_conditions {
            conditions.clear();
        }
        let bounds = |operator| {
            conditions.iter().filter(move |(known, _)| known == operator).map(|(_, value)| number(value))
        };
        let above = bounds(">").max().unwrap_or(i64::MIN);
        let below = bounds("<").min().unwrap_or(i64::MAX);
        conditions.retain(|(operator, _)| !matches!(operator.as_str(), ">" | "<"));
        let (first, last) = (above.saturating_add(1), below.max(above.saturating_add(1)));
        let passing = self
            .ids
            .range(first..last)
            .filter(|id| conditions.iter().all(|(operator, value)| passes(**id, operator, value)));
        let mut shown: Vec<i64> = match descending {
            true => passing.rev().take(self.size).copied().collect(),
            false => passing.take(self.size).copied().collect(),
        };
        shown.retain(|id| !self.hidden.contains(id));
        self.to_json(&shown, v3)
    }

    fn to_json(&self, ids: &[i64], v3: bool) -> Value {
        let name = if self.items || v3 { "id" } else { "ID" };
        let row = |id: &i64| json!({ name: id.to_string() });
        let rows: Value = if self.keyed {
            ids.iter().map(|id| (id.to_string(), row(id))).collect::<Map<_, _>>().into()
        } else {
            ids.iter().map(row).collect()
        };
        if self.items || v3 { json!({ "items": rows }) } else { rows }
    }

    /// The portal's responses to a request of the walk.
    pub fn answer(
        &mut self,
        page_request: &PageRequest,
        info: MethodInfo<'_>,
    ) -> Vec<Result<RawResponse, Failure>> {
        self.requests += 1;
        if let Some(params) = page_request.single_page() {
            let result = self.list(&params);
            return vec![parse_response(200, json!({ "result": result }).to_string().as_bytes())];
        }
        let mut run = page_request.commands(0xabc, info).run();
        let request = run.next_request().expect("a batch that can be sent");
        let mut results = Map::new();
        for (id, query) in map(request.params()["cmd"].clone()) {
            let query = resolve_references(query.as_str().unwrap_or_default(), &results);
            let result = self.list(&php::decode(query.split_once('?').map_or("", |(_, query)| query)));
            results.insert(id, result);
        }
        let body = json!({"result": {"result": results, "result_error": []}});
        run.on_response(parse_response(200, body.to_string().as_bytes()));
        assert!(run.next_request().is_none(), "one request");
        PageRequest::responses(run.finish())
    }
}

/// The number that PHP reads in a value.
/// The identifier of a row.
pub fn id_of(row: &Json) -> i64 {
    number(&row.get().field("ID").or(row.get().field("id")).unwrap().to_value())
}

pub fn number(value: &Value) -> i64 {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(0)
}

fn passes(id: i64, operator: &str, value: &Value) -> bool {
    match operator {
        ">=" => id >= number(value),
        "<=" => id <= number(value),
        "!" => id != number(value),
        "%7" => id % 7 == 0,
        _ => true,
    }
}

/// The query with its references replaced by their values.
fn resolve_references(query: &str, results: &Map<String, Value>) -> String {
    let mut text = query.replace("%24", "$").replace("%5B", "[").replace("%5D", "]");
    while let Some(start) = text.find("$result[") {
        let end = text[start..].find('&').map_or(text.len(), |length| start + length);
        let path: Vec<&str> = text[start + 8..end].trim_end_matches(']').split("][").collect();
        let found = path[1..].iter().try_fold(&results[path[0]], |value, step| match value {
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            value => value.get(*step),
        });
        let value = found.map_or_else(|| "unresolved".to_owned(), |id| number(id).to_string());
        text.replace_range(start..end, &value);
    }
    text
}

//! A portal that is a function: one list, and batches over it; and a walk through the list.
//!
//! Each file that includes it uses a part of it, hence the `allow`.
#![allow(dead_code, unreachable_pub)]

use std::collections::BTreeSet;

use bitrix24_core::list::{KeysetPaginator, PageRequest};
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

/// What has come of a walk.
pub struct Walked {
    pub ids: Vec<i64>,
    pub failure: Option<Failure>,
}

/// Walks to the end; between a request and its answer `meanwhile` happens. `choose` says which of two answers comes first.
pub fn walk(
    row_set: &mut RowSet,
    info: MethodInfo<'_>,
    params: Value,
    overlapping: bool,
    mut meanwhile: impl FnMut(&mut RowSet),
    mut choose: impl FnMut() -> bool,
) -> Walked {
    let mut walk = KeysetPaginator::new(info, map(params), overlapping).unwrap();
    let mut under_way = Vec::new();
    let mut walked = Walked { ids: Vec::new(), failure: None };
    loop {
        while let Some(ask) = walk.next_request() {
            meanwhile(row_set);
            let answers = row_set.answer(&ask, info);
            under_way.push((ask, answers));
            assert!(under_way.len() <= 1 + usize::from(overlapping), "too many requests at once");
        }
        if walk.is_finished() || under_way.is_empty() {
            assert!(walk.is_finished(), "the walk hangs");
            return walked;
        }
        let next = if choose() { under_way.len() - 1 } else { 0 };
        let (ask, answers) = under_way.remove(next);
        let given = walk.on_responses(&ask, answers);
        assert!(row_set.requests < 5_000, "the walk does not end");
        let ids = given.rows.iter().map(|(_, row)| number(row.get("ID").or(row.get("id")).unwrap()));
        walked.ids.extend(ids);
        walked.failure = given.failure;
    }
}

pub fn walk_quietly(row_set: &mut RowSet, info: MethodInfo<'_>, params: Value, overlapping: bool) -> Walked {
    walk(row_set, info, params, overlapping, |_| {}, || false)
}

/// What a list is like that a portal keeps.
#[derive(Clone)]
pub struct RowSet {
    pub ids: BTreeSet<i64>,
    /// How many rows a page has.
    pub size: usize,
    /// Where the rows stand, and as what.
    pub items: bool,
    pub keyed: bool,
    /// Whether conditions on the identifier are heeded.
    pub deaf: bool,
    /// Rows that count towards a page and are not shown.
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
            deaf: false,
            hidden: BTreeSet::new(),
            queries: 0,
            requests: 0,
        }
    }

    /// The result of the list for these parameters, with conditions as PHP hears them.
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
                ("order", value) => descending = map(value.clone()).values().any(|way| way == "DESC"),
                _ => {}
            }
        }
        if self.deaf {
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
        self.written(&shown, v3)
    }

    fn written(&self, ids: &[i64], v3: bool) -> Value {
        let name = if self.items || v3 { "id" } else { "ID" };
        let row = |id: &i64| json!({ name: id.to_string() });
        let rows: Value = if self.keyed {
            ids.iter().map(|id| (id.to_string(), row(id))).collect::<Map<_, _>>().into()
        } else {
            ids.iter().map(row).collect()
        };
        if self.items || v3 { json!({ "items": rows }) } else { rows }
    }

    /// The portal's answers to a request of the walk.
    pub fn answer(&mut self, ask: &PageRequest, info: MethodInfo<'_>) -> Vec<Result<RawResponse, Failure>> {
        self.requests += 1;
        if let Some(params) = ask.single_page() {
            let result = self.list(&params);
            return vec![parse_response(200, json!({ "result": result }).to_string().as_bytes())];
        }
        let mut run = ask.commands(0xabc, info).run();
        let request = run.next_request().expect("a batch that can be sent");
        let mut results = Map::new();
        for (id, query) in map(request.params()["cmd"].clone()) {
            let query = resolved(query.as_str().unwrap_or_default(), &results);
            let result = self.list(&php::decode(query.split_once('?').map_or("", |(_, query)| query)));
            results.insert(id, result);
        }
        let body = json!({"result": {"result": results, "result_error": []}});
        run.on_response(parse_response(200, body.to_string().as_bytes()));
        assert!(run.next_request().is_none(), "one request");
        PageRequest::responses(run.finish())
    }
}

/// The number that PHP makes of a value.
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

/// The query with every reference replaced that leads somewhere.
fn resolved(query: &str, results: &Map<String, Value>) -> String {
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

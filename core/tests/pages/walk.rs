//! Walks through the pages of a list.

use bitrix24_core::list::Paginator;
use bitrix24_core::{Api, Failure, Map, MethodInfo, Pagination, RawResponse, Value, json, parse_response};

pub(crate) fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

pub(crate) fn response(body: &Value) -> RawResponse {
    parse_response(200, body.to_string().as_bytes()).unwrap()
}

pub(crate) fn list(pagination: Pagination) -> MethodInfo<'static> {
    let api = if matches!(pagination, Pagination::V3 | Pagination::Cursor) { Api::V3 } else { Api::V2 };
    MethodInfo::new(api, "stock.list").with_pagination(pagination).with_rows_pointer("/items")
}

/// The outcome of a walk: the requests, the number of new pages, and the failure.
pub(crate) struct Walked {
    pub(crate) requests: Vec<Value>,
    pub(crate) new_pages: usize,
    pub(crate) failure: Option<Failure>,
}

/// Walks through these pages whatever is requested. The last page is repeated.
pub(crate) fn walk(info: MethodInfo<'_>, params: Value, pages: &[Value]) -> Walked {
    let mut walk = Paginator::new(info, map(params)).unwrap();
    let mut walked = Walked { requests: Vec::new(), new_pages: 0, failure: None };
    while let Some(params) = walk.next_request() {
        let page = pages.get(walked.requests.len()).or(pages.last()).unwrap();
        walked.requests.push(Value::Object(params.clone()));
        assert!(walked.requests.len() < 50, "the walk does not end");
        let outcome = walk.on_response(&response(page));
        walked.new_pages += usize::from(outcome.is_new);
        walked.failure = outcome.failure;
    }
    walked
}

/// Rows with these identifiers.
pub(crate) fn rows(ids: std::ops::Range<u64>) -> Value {
    ids.map(|id| json!({ "id": id })).collect()
}

pub(crate) fn page(ids: std::ops::Range<u64>) -> Value {
    json!({"result": {"items": rows(ids)}})
}

pub(crate) fn page_with(ids: std::ops::Range<u64>, extra: Value) -> Value {
    let mut result = map(json!({ "items": rows(ids) }));
    result.extend(map(extra));
    json!({ "result": result })
}

pub(crate) fn counted(ids: std::ops::Range<u64>, next: Value, total: Value) -> Value {
    let mut page = page(ids);
    for (key, value) in [("next", next), ("total", total)] {
        if !value.is_null() {
            page[key] = value;
        }
    }
    page
}

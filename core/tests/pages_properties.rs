//! Random lists page by page, with each pagination.

use bitrix24_core::list::{OverlapFilter, Paginator, rows_of};
use bitrix24_core::{Api, Map, MethodInfo, Pagination, RawResponse, Value, json, parse_response};
use proptest::prelude::*;

fn list(pagination: Pagination) -> MethodInfo<'static> {
    let api = if matches!(pagination, Pagination::V3 | Pagination::Cursor) { Api::V3 } else { Api::V2 };
    MethodInfo::new(api, "stock.list").with_pagination(pagination).with_rows_pointer("/items")
}

/// A list that returns at most `page_size` rows at the requested position.
fn portal(ids: &[u64], pagination: Pagination, params: &Map<String, Value>, page_size: usize) -> RawResponse {
    let params = Value::Object(params.clone());
    let number =
        |pointer: &str| params.pointer(pointer).and_then(Value::as_u64).map(|number| number as usize);
    let at = match pagination {
        Pagination::Start => number("/start").unwrap_or(0),
        Pagination::LimitOffset => number("/offset").unwrap_or(0),
        Pagination::V3 => number("/pagination/offset").unwrap_or(0),
        Pagination::Page => (number("/page").unwrap_or(1) - 1) * page_size,
        Pagination::LastId => {
            number("/LAST_ID").map_or(0, |last| ids.partition_point(|id| *id <= last as u64))
        }
        _ => number("/pagination/afterCursor/n").unwrap_or(0),
    };
    let shown = &ids[at.min(ids.len())..(at + page_size).min(ids.len())];
    let rows: Vec<Value> = shown.iter().map(|id| json!({ "id": id })).collect();
    let mut body = json!({"result": {"items": rows}});
    let end = at + shown.len();
    if end < ids.len() && pagination == Pagination::Start {
        body["next"] = json!(end);
        body["total"] = json!(ids.len());
    }
    if end < ids.len() && pagination == Pagination::Cursor {
        body["result"]["nextCursor"] = json!({ "n": end });
    }
    parse_response(200, body.to_string().as_bytes()).unwrap()
}

proptest! {
    /// With any pagination and page size, each row is returned once, in the order of the list.
    #[test]
    fn every_pagination_returns_every_row_once(
        ids in proptest::collection::btree_set(1_u64..10_000, 0..200),
        page_size in 1_usize..60,
        index in 0_usize..6,
    ) {
        let pagination = [
            Pagination::Start, Pagination::LimitOffset, Pagination::V3,
            Pagination::Page, Pagination::LastId, Pagination::Cursor,
        ][index];
        let ids: Vec<u64> = ids.into_iter().collect();
        let info = list(pagination);
        let (mut pages, mut overlap) = (Paginator::new(info, Map::new()).unwrap(), OverlapFilter::new(info));
        let (mut returned, mut requests) = (Vec::new(), 0);
        while let Some(params) = pages.next_request() {
            let response = portal(&ids, pagination, params, page_size);
            let outcome = pages.on_response(&response);
            prop_assert!(outcome.is_new && outcome.failure.is_none(), "{:?}", outcome.failure);
            let rows = overlap.retain_new(rows_of(&response.result, "/items").unwrap());
            returned.extend(rows.into_iter().filter_map(|(_, row)| row.to_value()["id"].as_u64()));
            requests += 1;
        }
        prop_assert!(requests <= ids.len() / page_size + 2);
        prop_assert_eq!(returned, ids);
    }

    /// Rows that are added at the front during a walk by offset shift others onto the next page: no original row is duplicated or
    /// missing.
    #[test]
    fn rows_added_at_the_front_cause_no_duplicates(
        count in 51_u64..300,
        added in proptest::collection::vec(0_u64..20, 3),
    ) {
        let mut ids: Vec<u64> = (1_000..1_000 + count).rev().collect();
        let original = ids.clone();
        let info = list(Pagination::LimitOffset);
        let (mut pages, mut overlap) = (Paginator::new(info, Map::new()).unwrap(), OverlapFilter::new(info));
        let mut returned = Vec::new();
        let mut added = added.into_iter();
        while let Some(params) = pages.next_request() {
            let response = portal(&ids, Pagination::LimitOffset, params, 50);
            let outcome = pages.on_response(&response);
            prop_assert!(outcome.failure.is_none());
            let rows = overlap.retain_new(rows_of(&response.result, "/items").unwrap());
            returned.extend(rows.into_iter().filter_map(|(_, row)| row.to_value()["id"].as_u64()));
            let newest = ids.first().copied().unwrap_or(5_000);
            let more = added.next().unwrap_or(0);
            ids.splice(0..0, (newest + 1..=newest + more).rev());
        }
        returned.retain(|id| *id < 1_000 + count);
        prop_assert_eq!(returned, original);
    }
}

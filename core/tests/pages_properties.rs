//! Walking any list page by page, in each way in which a portal gives it.

use bitrix24_core::list::{OverlapFilter, Paginator, take_rows};
use bitrix24_core::{Api, Map, MethodInfo, Pagination, RawResponse, Value, json, parse_response};
use proptest::prelude::*;

fn list(pagination: Pagination) -> MethodInfo<'static> {
    let api = if matches!(pagination, Pagination::V3 | Pagination::Cursor) { Api::V3 } else { Api::V2 };
    MethodInfo::new(api, "stock.list").with_pagination(pagination).with_rows_pointer("/items")
}

/// A list that answers by position, with a limit that it cuts to `most`.
fn portal(ids: &[u64], pagination: Pagination, params: &Map<String, Value>, most: usize) -> RawResponse {
    let params = Value::Object(params.clone());
    let number =
        |pointer: &str| params.pointer(pointer).and_then(Value::as_u64).map(|number| number as usize);
    let at = match pagination {
        Pagination::Start => number("/start").unwrap_or(0),
        Pagination::LimitOffset => number("/offset").unwrap_or(0),
        Pagination::V3 => number("/pagination/offset").unwrap_or(0),
        Pagination::Page => (number("/page").unwrap_or(1) - 1) * most,
        Pagination::LastId => {
            number("/LAST_ID").map_or(0, |last| ids.partition_point(|id| *id <= last as u64))
        }
        _ => number("/pagination/afterCursor/n").unwrap_or(0),
    };
    let shown = &ids[at.min(ids.len())..(at + most).min(ids.len())];
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
    /// Whatever the way and the size of pages, each row is given once, in the order of the list.
    #[test]
    fn every_way_gives_every_row_once(
        ids in proptest::collection::btree_set(1_u64..10_000, 0..200),
        most in 1_usize..60,
        way in 0_usize..6,
    ) {
        let way = [
            Pagination::Start, Pagination::LimitOffset, Pagination::V3,
            Pagination::Page, Pagination::LastId, Pagination::Cursor,
        ][way];
        let ids: Vec<u64> = ids.into_iter().collect();
        let info = list(way);
        let (mut pages, mut seam) = (Paginator::new(info, Map::new()).unwrap(), OverlapFilter::new(info));
        let (mut given, mut requests) = (Vec::new(), 0);
        while let Some(params) = pages.next_request() {
            let answer = portal(&ids, way, params, most);
            let told = pages.on_response(&answer);
            prop_assert!(told.is_new && told.failure.is_none(), "{:?}", told.failure);
            let rows = seam.retain_new(take_rows(answer.result, "/items").unwrap());
            given.extend(rows.into_iter().filter_map(|(_, row)| row["id"].as_u64()));
            requests += 1;
        }
        prop_assert!(requests <= ids.len() / most + 2);
        prop_assert_eq!(given, ids);
    }

    /// Rows that are added at the front while a list is walked by offset push others over the seams: none of those that were
    /// there from the beginning is given twice or left out.
    #[test]
    fn rows_added_at_the_front_make_no_row_come_twice(
        count in 51_u64..300,
        added in proptest::collection::vec(0_u64..20, 3),
    ) {
        let mut ids: Vec<u64> = (1_000..1_000 + count).rev().collect();
        let original = ids.clone();
        let info = list(Pagination::LimitOffset);
        let (mut pages, mut seam) = (Paginator::new(info, Map::new()).unwrap(), OverlapFilter::new(info));
        let mut given = Vec::new();
        let mut added = added.into_iter();
        while let Some(params) = pages.next_request() {
            let answer = portal(&ids, Pagination::LimitOffset, params, 50);
            let told = pages.on_response(&answer);
            prop_assert!(told.failure.is_none());
            let rows = seam.retain_new(take_rows(answer.result, "/items").unwrap());
            given.extend(rows.into_iter().filter_map(|(_, row)| row["id"].as_u64()));
            let newest = ids.first().copied().unwrap_or(5_000);
            let more = added.next().unwrap_or(0);
            ids.splice(0..0, (newest + 1..=newest + more).rev());
        }
        given.retain(|id| *id < 1_000 + count);
        prop_assert_eq!(given, original);
    }
}

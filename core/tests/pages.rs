//! Lists page by page: the requests, and the end of a walk.

use bitrix24_core::list::Paginator;
use bitrix24_core::{
    Api, ErrorKind, Failure, Map, MethodInfo, Pagination, RawResponse, Value, json, parse_response,
};

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn response(body: &Value) -> RawResponse {
    parse_response(200, body.to_string().as_bytes()).unwrap()
}

fn list(pagination: Pagination) -> MethodInfo<'static> {
    let api = if matches!(pagination, Pagination::V3 | Pagination::Cursor) { Api::V3 } else { Api::V2 };
    MethodInfo::new(api, "stock.list").with_pagination(pagination).with_rows_pointer("/items")
}

/// The outcome of a walk: the requests, the number of new pages, and the failure.
struct Walked {
    requests: Vec<Value>,
    new_pages: usize,
    failure: Option<Failure>,
}

/// Walks through these pages whatever is requested. The last page is repeated.
fn walk(info: MethodInfo<'_>, params: Value, pages: &[Value]) -> Walked {
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
fn rows(ids: std::ops::Range<u64>) -> Value {
    ids.map(|id| json!({ "id": id })).collect()
}

fn page(ids: std::ops::Range<u64>) -> Value {
    json!({"result": {"items": rows(ids)}})
}

fn page_with(ids: std::ops::Range<u64>, extra: Value) -> Value {
    let mut result = map(json!({ "items": rows(ids) }));
    result.extend(map(extra));
    json!({ "result": result })
}

fn counted(ids: std::ops::Range<u64>, next: Value, total: Value) -> Value {
    let mut page = page(ids);
    for (key, value) in [("next", next), ("total", total)] {
        if !value.is_null() {
            page[key] = value;
        }
    }
    page
}

#[test]
fn each_pagination_requests_pages_until_the_list_ends() {
    let cases = [
        (
            "`start` is the `next` of the last page",
            Pagination::Start,
            json!({"filter": {"A": 1}}),
            vec![
                counted(0..50, json!(50), json!(120)),
                counted(50..100, json!(100), json!(120)),
                counted(100..120, json!(null), json!(120)),
            ],
            json!([
                {"filter": {"A": 1}},
                {"filter": {"A": 1}, "start": 50},
                {"filter": {"A": 1}, "start": 100},
            ]),
        ),
        (
            "a `next` of 0 is a valid offset, and removed rows are not an error",
            Pagination::Start,
            json!({}),
            vec![counted(0..50, json!(0), json!(90)), counted(50..80, json!(null), json!(90))],
            json!([{}, {"start": 0}]),
        ),
        (
            "the walk begins at the offset of the caller, in the caller's spelling",
            Pagination::Start,
            json!({"START": "50", "Order": {"ID": "ASC"}}),
            vec![counted(50..100, json!(100), json!(null)), page(100..101)],
            json!([{"START": "50", "Order": {"ID": "ASC"}}, {"START": 100, "Order": {"ID": "ASC"}}]),
        ),
        (
            "a total beyond a full page means more pages, even without `next`",
            Pagination::Start,
            json!({}),
            vec![counted(0..50, json!(null), json!(70)), counted(50..70, json!(null), json!(70))],
            json!([{}, {"start": 50}]),
        ),
        (
            "a short page ends the list although the total is higher",
            Pagination::Start,
            json!({}),
            vec![counted(0..30, json!(null), json!(70))],
            json!([{}]),
        ),
        (
            "an empty page does not end the list while the total is higher",
            Pagination::Start,
            json!({}),
            vec![
                counted(0..0, json!(50), json!(70)),
                counted(50..60, json!(60), json!(70)),
                counted(60..70, json!(70), json!(70)),
                counted(0..0, json!(120), json!(70)),
            ],
            json!([{}, {"start": 50}, {"start": 60}, {"start": 70}]),
        ),
        (
            "an empty page with `next` does not end the list",
            Pagination::Start,
            json!({}),
            vec![
                counted(0..50, json!(50), json!(null)),
                counted(0..0, json!(100), json!(null)),
                counted(0..0, json!(150), json!(null)),
                counted(150..160, json!(null), json!(null)),
            ],
            json!([{}, {"start": 50}, {"start": 100}, {"start": 150}]),
        ),
        (
            "rows that were removed meanwhile end the list",
            Pagination::Start,
            json!({}),
            vec![counted(0..50, json!(50), json!(120)), counted(0..0, json!(null), json!(50))],
            json!([{}, {"start": 50}]),
        ),
        (
            "an unknown pagination follows `next`",
            Pagination::Unknown,
            json!({}),
            vec![counted(0..50, json!(50), json!(51)), counted(50..51, json!(null), json!(51))],
            json!([{}, {"start": 50}]),
        ),
        (
            "an unknown pagination without `next` has one page",
            Pagination::Unknown,
            json!({"start": "2026-01-01"}),
            vec![page(0..70)],
            json!([{"start": "2026-01-01"}]),
        ),
        (
            "a list without pagination has one page",
            Pagination::None,
            json!({}),
            vec![page(0..70)],
            json!([{}]),
        ),
        (
            "the offset grows by the rows of each page until one is empty",
            Pagination::LimitOffset,
            json!({"LIMIT": 200, "OFFSET": 10}),
            vec![page(10..60), page(60..80), page(0..0)],
            json!([
                {"LIMIT": 200, "OFFSET": 10},
                {"LIMIT": 200, "OFFSET": 60},
                {"LIMIT": 200, "OFFSET": 80},
            ]),
        ),
        (
            "a total that is reached saves the last request",
            Pagination::LimitOffset,
            json!({}),
            vec![counted(0..10, json!(10), json!(15)), counted(10..15, json!(null), json!(15))],
            json!([{}, {"offset": 10}]),
        ),
        (
            "`nextOffset` and `hasMore` are followed",
            Pagination::LimitOffset,
            json!({"limit": 2}),
            vec![
                page_with(7..9, json!({"nextOffset": "9", "hasMore": true})),
                page_with(9..10, json!({"nextOffset": 10, "hasMore": false})),
            ],
            json!([{"limit": 2}, {"limit": 2, "offset": 9}]),
        ),
        (
            "the last identifier is the cursor",
            Pagination::LastId,
            json!({"LIMIT": 3, "last_id": 90}),
            vec![page(80..83), page(70..71), page(0..0)],
            json!([
                {"LIMIT": 3, "last_id": 90},
                {"LIMIT": 3, "last_id": 82},
                {"LIMIT": 3, "last_id": 70},
            ]),
        ),
        (
            "page numbers continue from the caller's",
            Pagination::Page,
            json!({"Page": "3"}),
            vec![page(0..50), page(50..60), page(0..0)],
            json!([{"Page": "3"}, {"Page": 4}, {"Page": 5}]),
        ),
        (
            "page numbers start at 1",
            Pagination::Page,
            json!({}),
            vec![
                page_with(0..50, json!({"hasNextPage": true})),
                page_with(50..60, json!({"hasNextPage": false})),
            ],
            json!([{}, {"page": 2}]),
        ),
        (
            "a limit that REST 3 reduces does not end the list",
            Pagination::V3,
            json!({"pagination": {"limit": 1000}, "select": ["id"]}),
            vec![page(0..50), page(50..100), page(100..110), page(0..0)],
            json!([
                {"pagination": {"limit": 1000}, "select": ["id"]},
                {"pagination": {"limit": 1000, "offset": 50}, "select": ["id"]},
                {"pagination": {"limit": 1000, "offset": 100}, "select": ["id"]},
                {"pagination": {"limit": 1000, "offset": 110}, "select": ["id"]},
            ]),
        ),
        (
            "a page number of REST 3 with a limit becomes an offset",
            Pagination::V3,
            json!({"pagination": {"page": 3, "limit": 20, "offset": 0}}),
            vec![page(40..60), page(0..0)],
            json!([
                {"pagination": {"limit": 20, "offset": 40}},
                {"pagination": {"limit": 20, "offset": 60}},
            ]),
        ),
        (
            "a page number of REST 3 without a limit is incremented",
            Pagination::V3,
            json!({"pagination": {"page": 3}}),
            vec![page(50..75), page(0..0)],
            json!([{"pagination": {"page": 3}}, {"pagination": {"page": 4}}]),
        ),
        (
            "REST 3 needs no `pagination` for the first page",
            Pagination::V3,
            json!({}),
            vec![page(0..0)],
            json!([{}]),
        ),
        (
            "a cursor is followed until there is none",
            Pagination::Cursor,
            json!({"pagination": {"limit": 2}}),
            vec![
                page_with(1..3, json!({"nextCursor": {"position": 2, "id": 2}})),
                page_with(3..4, json!({"nextCursor": null})),
            ],
            json!([
                {"pagination": {"limit": 2}},
                {"pagination": {"limit": 2, "afterCursor": {"position": 2, "id": 2}}},
            ]),
        ),
    ];
    for (name, pagination, params, pages, expected) in cases {
        let walked = walk(list(pagination), params, &pages);
        assert_eq!(Value::Array(walked.requests), expected, "{name}");
        assert_eq!(walked.new_pages, pages.len(), "{name}");
        assert!(walked.failure.is_none(), "{name}: {:?}", walked.failure);
    }
}

#[test]
fn a_walk_without_progress_fails_after_the_pages_read_so_far() {
    let cases = [
        ("a repeated page", Pagination::LimitOffset, vec![page(0..50)], (1, "the same page twice")),
        ("a repeated page", Pagination::V3, vec![page(0..50)], (1, "the same page twice")),
        ("a repeated page", Pagination::Page, vec![page(0..50)], (1, "the same page twice")),
        ("a repeated page", Pagination::LastId, vec![page(0..50)], (1, "the same page twice")),
        (
            "a loop of pages",
            Pagination::Page,
            vec![page(0..50), page(50..100), page(0..50)],
            (2, "the same page twice"),
        ),
        (
            "a repeated last page",
            Pagination::LimitOffset,
            vec![page(0..50), page(50..60)],
            (2, "the same page twice"),
        ),
        (
            "a `start` that is ignored",
            Pagination::Start,
            vec![counted(0..50, json!(50), json!(99)), counted(0..50, json!(100), json!(99))],
            (1, "the same page twice"),
        ),
        (
            "a total that is never reached",
            Pagination::Start,
            vec![counted(0..50, json!(null), json!(99))],
            (1, "the same page twice"),
        ),
        (
            "an empty page before the end",
            Pagination::Start,
            vec![counted(0..50, json!(50), json!(70)), counted(0..0, json!(null), json!(70))],
            (2, "the page at offset 50 has no rows, but the list has 70"),
        ),
        (
            "an empty page that leads beyond the end",
            Pagination::Start,
            vec![counted(0..50, json!(50), json!(70)), counted(0..0, json!(100), json!(70))],
            (2, "the page at offset 50 has no rows, but the list has 70"),
        ),
        (
            "an empty page with `next`, of a list by offset",
            Pagination::LimitOffset,
            vec![page(0..50), counted(0..0, json!(100), json!(null))],
            (2, "a page without rows announces the next page"),
        ),
        (
            "a constant `next`",
            Pagination::Start,
            vec![counted(0..50, json!(50), json!(99)), counted(50..99, json!(50), json!(99))],
            (2, "announces the next page at offset 50"),
        ),
        (
            "a decreasing `next`",
            Pagination::LimitOffset,
            vec![page(0..50), counted(50..99, json!(10), json!(null))],
            (2, "announces the next page at offset 10"),
        ),
        (
            "a constant last row",
            Pagination::LastId,
            vec![page(0..50), page(10..50)],
            (2, "two pages end with the row 49"),
        ),
        (
            "rows without an identifier",
            Pagination::LastId,
            vec![json!({"result": {"items": ["a"]}})],
            (1, "no `id`"),
        ),
        (
            "a constant cursor",
            Pagination::Cursor,
            vec![page_with(0..2, json!({"nextCursor": 7})), page_with(2..4, json!({"nextCursor": 7}))],
            (2, "the cursor 7"),
        ),
        (
            "`hasMore` without a cursor",
            Pagination::Cursor,
            vec![page_with(0..2, json!({"hasMore": true}))],
            (1, "no cursor"),
        ),
        (
            "`hasMore` after an empty page",
            Pagination::LimitOffset,
            vec![page_with(0..0, json!({"hasMore": true}))],
            (1, "without rows"),
        ),
    ];
    for (name, pagination, pages, (new_pages, text)) in cases {
        let walked = walk(list(pagination), json!({}), &pages);
        let failure = walked.failure.unwrap_or_else(|| panic!("{name} of {pagination:?} is not an error"));
        assert_eq!(
            (failure.kind(), walked.new_pages),
            (ErrorKind::IncompleteList, new_pages),
            "{name}: {failure}"
        );
        assert!(failure.to_string().contains(text), "{name}: {failure}");
        assert!(failure.to_string().contains("incomplete"), "{failure}");
    }
}

#[test]
fn equal_rows_without_identifiers_are_no_loop_while_a_total_bounds_the_walk() {
    let same = |next: Value| json!({"result": {"items": [{"STAGE": "NEW"}]}, "next": next, "total": 3});
    let pages =
        [same(json!(1)), same(json!(2)), json!({"result": {"items": [{"STAGE": "NEW"}]}, "total": 3})];
    let walked = walk(list(Pagination::Start), json!({}), &pages);
    assert_eq!((walked.new_pages, walked.failure.is_none()), (3, true));

    let stuck = walk(list(Pagination::LimitOffset), json!({}), &pages[..1]);
    assert!(stuck.failure.is_some());
}

#[test]
fn a_response_without_rows_is_an_error_with_the_path() {
    let walked = walk(list(Pagination::V3), json!({}), &[json!({"result": {"tasks": [1]}})]);
    let failure = walked.failure.unwrap();
    assert_eq!((failure.kind(), walked.new_pages), (ErrorKind::Decode, 0));
    assert!(failure.to_string().contains("`items`: expected a value, found nothing"), "{failure}");
}

/// A page whose `total` counts only itself, without `next`.
fn self_counted(ids: std::ops::Range<u64>) -> Value {
    let count = ids.end - ids.start;
    counted(ids, json!(null), json!(count))
}

#[test]
fn a_full_page_whose_total_counts_only_itself_is_not_the_whole_list() {
    let fifty = || self_counted(0..50);
    let numbered = list(Pagination::Page);
    let known = list(Pagination::Start);
    let unknown = list(Pagination::Unknown);
    let cases = [
        ("fifty rows and an empty page", known, json!({}), vec![fifty(), page(0..0)], json!([50]), 2),
        ("fifty rows and a repeated page", known, json!({}), vec![fifty()], json!([50]), 1),
        (
            "each page counts itself",
            known,
            json!({}),
            vec![fifty(), self_counted(50..100), self_counted(100..130)],
            json!([50, 100]),
            3,
        ),
        (
            "each page counts 50 rows, and the last one is repeated",
            known,
            json!({}),
            vec![fifty(), counted(50..100, json!(null), json!(50))],
            json!([50, 100]),
            2,
        ),
        (
            "a page at an offset that counts only itself",
            known,
            json!({"start": 50}),
            vec![self_counted(50..100), page(0..0)],
            json!([100]),
            2,
        ),
        (
            "a total beyond the first page is trusted when it is reached",
            known,
            json!({}),
            vec![counted(0..50, json!(50), json!(100)), counted(50..100, json!(null), json!(100))],
            json!([50]),
            2,
        ),
        ("a page that is not full", known, json!({}), vec![self_counted(0..49)], json!([]), 1),
        ("a page larger than the usual size", known, json!({}), vec![self_counted(0..51)], json!([]), 1),
        ("an unknown pagination", unknown, json!({}), vec![fifty(), page(0..0)], json!([50]), 2),
        (
            "a `start` that is not an offset",
            unknown,
            json!({"start": "2026-01-01"}),
            vec![fifty()],
            json!([]),
            1,
        ),
        ("no pagination", list(Pagination::None), json!({}), vec![fifty()], json!([]), 1),
        (
            "positional parameters, which have no offset",
            unknown.with_positional(),
            json!({"0": {"ID": "asc"}}),
            vec![fifty()],
            json!([]),
            1,
        ),
        ("pages by number", numbered, json!({}), vec![fifty()], json!([2]), 1),
        (
            "pages by number whose total is reached",
            numbered,
            json!({}),
            vec![counted(0..50, json!(50), json!(60)), counted(50..60, json!(null), json!(60))],
            json!([2]),
            2,
        ),
        (
            "pages by number from page 2 on, where the number of earlier rows is unknown",
            numbered,
            json!({"page": 2}),
            vec![counted(50..60, json!(null), json!(10)), page(0..0)],
            json!([3]),
            2,
        ),
    ];
    for (name, info, params, pages, offsets, new_pages) in cases {
        let walked = walk(info, params, &pages);
        let next = |params: &Value| params.get("start").or(params.get("page")).cloned().unwrap_or_default();
        let requests: Vec<Value> = walked.requests[1..].iter().map(next).collect();
        assert_eq!(Value::Array(requests), offsets, "{name}");
        assert_eq!(walked.new_pages, new_pages, "{name}");
        assert!(walked.failure.is_none(), "{name}: {:?}", walked.failure);
    }
}

#[test]
fn a_repeated_page_is_recognized_although_its_fields_changed() {
    let seen = |views: u64| {
        let rows: Vec<Value> = (0..50).map(|id| json!({"ID": id, "VIEWS": views})).collect();
        json!({"result": {"items": rows}, "total": 50})
    };
    let walked = walk(list(Pagination::Start), json!({}), &[seen(1), seen(2)]);
    assert_eq!((walked.new_pages, walked.failure.is_none()), (1, true));

    // `ID` is not an identifier if several rows have the same value.
    let of_one = |from: u64| {
        let rows: Vec<Value> = (from..from + 50).map(|at| json!({"ID": 7, "AT": at})).collect();
        json!({"result": {"items": rows}, "total": 50})
    };
    let walked = walk(list(Pagination::Start), json!({}), &[of_one(0), of_one(50), page(0..0)]);
    assert_eq!((walked.new_pages, walked.failure.is_none()), (3, true));
}

#[test]
fn a_result_that_is_a_list_is_read_as_rows_without_a_rows_pointer() {
    let info = MethodInfo::new(Api::V2, "stock.list").with_pagination(Pagination::Unknown);
    let page = |ids, total| json!({"result": rows(ids), "total": total});
    let walked = walk(info, json!({}), &[page(0..50, 70), page(50..70, 70)]);
    assert_eq!(Value::Array(walked.requests), json!([{}, {"start": 50}]));
    assert_eq!((walked.new_pages, walked.failure.is_none()), (2, true));
}

#[test]
fn a_nested_page_parameter_is_set_in_its_place() {
    let offset = list(Pagination::LimitOffset).with_page_pointer("/params/offset");
    let third = list(Pagination::Page).with_positional().with_page_pointer("/2/NAV_PARAMS/iNumPage");
    let cases = [
        (
            offset,
            json!({"Params": {"limit": 50, "offset": 10}}),
            vec![page(10..60), page(60..70), page(0..0)],
            json!([
                {"Params": {"limit": 50, "offset": 10}},
                {"Params": {"limit": 50, "offset": 60}},
                {"Params": {"limit": 50, "offset": 70}},
            ]),
        ),
        (
            third,
            json!({}),
            vec![page(0..50), page(50..60), page(0..0)],
            json!([
                {},
                {"0": [], "1": [], "2": {"NAV_PARAMS": {"iNumPage": 2}}},
                {"0": [], "1": [], "2": {"NAV_PARAMS": {"iNumPage": 3}}},
            ]),
        ),
        (
            third,
            json!({"0": {"ID": "asc"}, "1": [], "2": {"NAV_PARAMS": {"nPageSize": 20, "iNumPage": 4}}, "3": ["ID"]}),
            vec![page(60..80), page(0..0)],
            json!([
                {"0": {"ID": "asc"}, "1": [], "2": {"NAV_PARAMS": {"nPageSize": 20, "iNumPage": 4}}, "3": ["ID"]},
                {"0": {"ID": "asc"}, "1": [], "2": {"NAV_PARAMS": {"nPageSize": 20, "iNumPage": 5}}, "3": ["ID"]},
            ]),
        ),
    ];
    for (info, params, pages, expected) in cases {
        let walked = walk(info, params, &pages);
        // As text, because the order of positions matters.
        assert_eq!(Value::Array(walked.requests).to_string(), expected.to_string());
        assert_eq!(walked.new_pages, pages.len());
        assert!(walked.failure.is_none(), "{:?}", walked.failure);
    }
}

#[test]
fn positional_parameters_without_a_page_pointer_fail_after_one_page() {
    let info = list(Pagination::Unknown).with_positional();
    let walked = walk(info, json!({"0": {"ID": "asc"}}), &[counted(0..50, json!(50), json!(99))]);
    assert_eq!(walked.new_pages, 1);
    assert!(walked.failure.unwrap().to_string().contains("positional parameters"));
}

#[test]
fn an_invalid_start_of_a_list_is_refused_before_anything_is_sent() {
    let unknown = MethodInfo::new(Api::V2, "stock.list").with_pagination(Pagination::Page);
    let cases = [
        (list(Pagination::Start), json!({"start": -1}), "by identifier"),
        (list(Pagination::Start), json!({"START": "first"}), "`start` is the start of the list"),
        (
            list(Pagination::LimitOffset),
            json!({"OFFSET": -5}),
            "expected a number that is not negative, found -5",
        ),
        (list(Pagination::Page), json!({"page": {"a": 1}}), "expected a number that is not negative"),
        (list(Pagination::V3), json!({"pagination": 7}), "expected an object, found 7"),
        (list(Pagination::V3), json!({"pagination": {"page": "x"}}), "`page`"),
        (list(Pagination::Cursor), json!({"pagination": [1]}), "expected an object"),
        (
            list(Pagination::Page).with_page_pointer("/nav/page"),
            json!({"nav": {"page": "x"}}),
            "`page` is the start",
        ),
        (list(Pagination::Page).with_page_pointer("/nav/page"), json!({"nav": 7}), "has no `page`"),
        (unknown, json!({}), "rows_pointer"),
    ];
    for (info, params, text) in cases {
        let failure = Paginator::new(info, map(params.clone())).unwrap_err();
        assert_eq!(failure.kind(), ErrorKind::Request, "{params}");
        assert!(failure.to_string().contains(text), "{params}: {failure}");
    }
}

/// Reads an endless list, and returns the number of its pages and the failure.
fn walk_endless(page: impl Fn(u64) -> Value) -> (u64, String) {
    let mut walk = Paginator::new(list(Pagination::Start), Map::new()).unwrap();
    for number in 0.. {
        let outcome = walk.on_response(&response(&page(number)));
        if let Some(failure) = outcome.failure {
            assert_eq!(failure.kind(), ErrorKind::IncompleteList);
            return (number + 1, failure.to_string());
        }
        assert!(walk.next_request().is_some(), "an endless list is never complete");
    }
    unreachable!()
}

#[test]
fn an_endless_list_is_an_error() {
    let endless = |total: Value, rows: u64| {
        walk_endless(|number| {
            let first = number * 50;
            counted(first..first + rows, json!(first + 50), total.clone())
        })
    };
    let (pages, failure) = endless(json!(120), 50);
    assert_eq!(pages, 4, "{failure}");
    assert!(
        failure.contains("the page at offset 150 announces another page, but the list has 120 rows"),
        "{failure}"
    );
    let (pages, failure) = endless(json!(null), 0);
    assert_eq!(pages, 21, "{failure}");
    assert!(failure.contains("20 pages in a row have no rows"), "{failure}");
    // A method that never counts further than a page may have any number of rows.
    let (pages, failure) = endless(json!(50), 1);
    assert_eq!(pages, 2_002, "{failure}");
}

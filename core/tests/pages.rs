//! Walking lists page by page: which requests are made, and where a walk ends.

use bitrix24_core::list::Paginator;
use bitrix24_core::{
    Api, ErrorKind, Failure, Map, MethodInfo, Pagination, RawResponse, Value, json, parse_response,
};

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn answer(body: &Value) -> RawResponse {
    parse_response(200, body.to_string().as_bytes()).unwrap()
}

fn list(pagination: Pagination) -> MethodInfo<'static> {
    let api = if matches!(pagination, Pagination::V3 | Pagination::Cursor) { Api::V3 } else { Api::V2 };
    MethodInfo::new(api, "stock.list").with_pagination(pagination).with_rows_pointer("/items")
}

/// What a walk has come to: the requests, the pages that were given, and the failure.
struct Walked {
    requests: Vec<Value>,
    given: usize,
    failure: Option<Failure>,
}

/// Walks through pages that come whatever is asked for; the last one comes again and again.
fn walk(info: MethodInfo<'_>, params: Value, pages: &[Value]) -> Walked {
    let mut walk = Paginator::new(info, map(params)).unwrap();
    let mut walked = Walked { requests: Vec::new(), given: 0, failure: None };
    while let Some(params) = walk.next_request() {
        let page = pages.get(walked.requests.len()).or(pages.last()).unwrap();
        walked.requests.push(Value::Object(params.clone()));
        assert!(walked.requests.len() < 50, "the walk does not end");
        let told = walk.on_response(&answer(page));
        walked.given += usize::from(told.is_new);
        walked.failure = told.failure;
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

fn page_with(ids: std::ops::Range<u64>, beside: Value) -> Value {
    let mut result = map(json!({ "items": rows(ids) }));
    result.extend(map(beside));
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
fn each_way_asks_for_the_next_page_until_the_list_ends() {
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
            "a `next` of 0 is a place like any other, and rows that vanished are missed by nobody",
            Pagination::Start,
            json!({}),
            vec![counted(0..50, json!(0), json!(90)), counted(50..80, json!(null), json!(90))],
            json!([{}, {"start": 0}]),
        ),
        (
            "the walk begins where the caller says, in his spelling",
            Pagination::Start,
            json!({"START": "50", "Order": {"ID": "ASC"}}),
            vec![counted(50..100, json!(100), json!(null)), page(100..101)],
            json!([{"START": "50", "Order": {"ID": "ASC"}}, {"START": 100, "Order": {"ID": "ASC"}}]),
        ),
        (
            "a count beyond a full page proves that more follows, though no `next` says so",
            Pagination::Start,
            json!({}),
            vec![counted(0..50, json!(null), json!(70)), counted(50..70, json!(null), json!(70))],
            json!([{}, {"start": 50}]),
        ),
        (
            "rows that are hidden from the caller are counted on a page that is not full",
            Pagination::Start,
            json!({}),
            vec![counted(0..30, json!(null), json!(70))],
            json!([{}]),
        ),
        (
            "a page of hidden rows ends nothing while the count says that more follow",
            Pagination::Start,
            json!({}),
            vec![
                counted(0..0, json!(50), json!(70)),
                counted(50..60, json!(60), json!(70)),
                counted(0..0, json!(70), json!(70)),
            ],
            json!([{}, {"start": 50}, {"start": 60}]),
        ),
        (
            "where no way is known a `next` is followed",
            Pagination::Unknown,
            json!({}),
            vec![counted(0..50, json!(50), json!(51)), counted(50..51, json!(null), json!(51))],
            json!([{}, {"start": 50}]),
        ),
        (
            "where no way is known and there is no `next`, a page is all",
            Pagination::Unknown,
            json!({"start": "2026-01-01"}),
            vec![page(0..70)],
            json!([{"start": "2026-01-01"}]),
        ),
        (
            "a list that comes at once has one page",
            Pagination::None,
            json!({}),
            vec![page(0..70)],
            json!([{}]),
        ),
        (
            "the offset grows by the rows that came, until a page has none",
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
            "a count that is reached saves the last request",
            Pagination::LimitOffset,
            json!({}),
            vec![counted(0..10, json!(10), json!(15)), counted(10..15, json!(null), json!(15))],
            json!([{}, {"offset": 10}]),
        ),
        (
            "an answer that names the next offset and the end is believed",
            Pagination::LimitOffset,
            json!({"limit": 2}),
            vec![
                page_with(7..9, json!({"nextOffset": "9", "hasMore": true})),
                page_with(9..10, json!({"nextOffset": 10, "hasMore": false})),
            ],
            json!([{"limit": 2}, {"limit": 2, "offset": 9}]),
        ),
        (
            "the last identifier leads on",
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
            "pages are counted from the caller's on",
            Pagination::Page,
            json!({"Page": "3"}),
            vec![page(0..50), page(50..60), page(0..0)],
            json!([{"Page": "3"}, {"Page": 4}, {"Page": 5}]),
        ),
        (
            "pages are counted from the first on",
            Pagination::Page,
            json!({}),
            vec![
                page_with(0..50, json!({"hasNextPage": true})),
                page_with(50..60, json!({"hasNextPage": false})),
            ],
            json!([{}, {"page": 2}]),
        ),
        (
            "a limit that REST 3 cuts ends nothing",
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
            "a page of REST 3 becomes the offset that it stands for",
            Pagination::V3,
            json!({"pagination": {"page": 3, "limit": 20, "offset": 0}}),
            vec![page(40..60), page(0..0)],
            json!([
                {"pagination": {"limit": 20, "offset": 40}},
                {"pagination": {"limit": 20, "offset": 60}},
            ]),
        ),
        (
            "a page of REST 3 without a limit is counted",
            Pagination::V3,
            json!({"pagination": {"page": 3}}),
            vec![page(50..75), page(0..0)],
            json!([{"pagination": {"page": 3}}, {"pagination": {"page": 4}}]),
        ),
        ("REST 3 needs no pagination to begin", Pagination::V3, json!({}), vec![page(0..0)], json!([{}])),
        (
            "a cursor leads on until none is given",
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
    for (what, pagination, params, pages, expected) in cases {
        let walked = walk(list(pagination), params, &pages);
        assert_eq!(Value::Array(walked.requests), expected, "{what}");
        assert_eq!(walked.given, pages.len(), "{what}");
        assert!(walked.failure.is_none(), "{what}: {:?}", walked.failure);
    }
}

#[test]
fn a_walk_that_leads_nowhere_fails_behind_the_pages_that_were_given() {
    let cases = [
        ("the same page again", Pagination::LimitOffset, vec![page(0..50)], (1, "the same page twice")),
        ("the same page again", Pagination::V3, vec![page(0..50)], (1, "the same page twice")),
        ("the same page again", Pagination::Page, vec![page(0..50)], (1, "the same page twice")),
        ("the same page again", Pagination::LastId, vec![page(0..50)], (1, "the same page twice")),
        (
            "pages in a circle",
            Pagination::Page,
            vec![page(0..50), page(50..100), page(0..50)],
            (2, "the same page twice"),
        ),
        (
            "the last page again and again",
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
            "a count that no page leads to",
            Pagination::Start,
            vec![counted(0..50, json!(null), json!(99))],
            (1, "the same page twice"),
        ),
        (
            "a `next` that stays",
            Pagination::Start,
            vec![counted(0..50, json!(50), json!(99)), counted(50..99, json!(50), json!(99))],
            (2, "announces the next page at offset 50"),
        ),
        (
            "a `next` that goes back",
            Pagination::LimitOffset,
            vec![page(0..50), counted(50..99, json!(10), json!(null))],
            (2, "announces the next page at offset 10"),
        ),
        (
            "a last row that stays",
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
            "a cursor that stays",
            Pagination::Cursor,
            vec![page_with(0..2, json!({"nextCursor": 7})), page_with(2..4, json!({"nextCursor": 7}))],
            (2, "the cursor 7"),
        ),
        (
            "more without a cursor",
            Pagination::Cursor,
            vec![page_with(0..2, json!({"hasMore": true}))],
            (1, "no cursor"),
        ),
        (
            "more behind nothing",
            Pagination::LimitOffset,
            vec![page_with(0..0, json!({"hasMore": true}))],
            (1, "without rows"),
        ),
    ];
    for (what, pagination, pages, (given, text)) in cases {
        let walked = walk(list(pagination), json!({}), &pages);
        let failure = walked.failure.unwrap_or_else(|| panic!("{what} of {pagination:?} went unnoticed"));
        assert_eq!((failure.kind(), walked.given), (ErrorKind::IncompleteList, given), "{what}: {failure}");
        assert!(failure.to_string().contains(text), "{what}: {failure}");
        assert!(failure.to_string().contains("incomplete"), "{failure}");
    }
}

#[test]
fn equal_rows_without_identifiers_are_no_sign_of_a_circle_while_a_count_bounds_the_walk() {
    let same = |next: Value| json!({"result": {"items": [{"STAGE": "NEW"}]}, "next": next, "total": 3});
    let pages =
        [same(json!(1)), same(json!(2)), json!({"result": {"items": [{"STAGE": "NEW"}]}, "total": 3})];
    let walked = walk(list(Pagination::Start), json!({}), &pages);
    assert_eq!((walked.given, walked.failure.is_none()), (3, true));

    let stuck = walk(list(Pagination::LimitOffset), json!({}), &pages[..1]);
    assert!(stuck.failure.is_some());
}

#[test]
fn an_answer_without_the_rows_is_an_error_with_the_place() {
    let walked = walk(list(Pagination::V3), json!({}), &[json!({"result": {"tasks": [1]}})]);
    let failure = walked.failure.unwrap();
    assert_eq!((failure.kind(), walked.given), (ErrorKind::Decode, 0));
    assert!(failure.to_string().contains("`items`: expected a value, found nothing"), "{failure}");
}

/// A list that counts no further than a page, and gives no `next`.
fn self_counted(ids: std::ops::Range<u64>) -> Value {
    let count = ids.end - ids.start;
    counted(ids, json!(null), json!(count))
}

#[test]
fn a_full_page_that_counts_only_itself_is_not_taken_for_the_whole_list() {
    let fifty = || self_counted(0..50);
    let numbered = list(Pagination::Page);
    let known = list(Pagination::Start);
    let unknown = list(Pagination::Unknown);
    let cases = [
        (
            "a list of fifty, and nothing behind it",
            known,
            json!({}),
            vec![fifty(), page(0..0)],
            json!([50]),
            2,
        ),
        ("a list of fifty, and the same page again", known, json!({}), vec![fifty()], json!([50]), 1),
        (
            "a list of which each page counts itself",
            known,
            json!({}),
            vec![fifty(), self_counted(50..100), self_counted(100..130)],
            json!([50, 100]),
            3,
        ),
        (
            "a list of which each page is said to be all, and the last one comes again",
            known,
            json!({}),
            vec![fifty(), counted(50..100, json!(null), json!(50))],
            json!([50, 100]),
            2,
        ),
        (
            "a page from the middle on that counts only itself",
            known,
            json!({"start": 50}),
            vec![self_counted(50..100), page(0..0)],
            json!([100]),
            2,
        ),
        (
            "a count beyond the first page is believed when it is reached",
            known,
            json!({}),
            vec![counted(0..50, json!(50), json!(100)), counted(50..100, json!(null), json!(100))],
            json!([50]),
            2,
        ),
        ("a page that is not full", known, json!({}), vec![self_counted(0..49)], json!([]), 1),
        ("a page that is larger than any", known, json!({}), vec![self_counted(0..51)], json!([]), 1),
        ("a way that is not known", unknown, json!({}), vec![fifty(), page(0..0)], json!([50]), 2),
        ("a `start` that is no offset", unknown, json!({"start": "2026-01-01"}), vec![fifty()], json!([]), 1),
        ("no way at all", list(Pagination::None), json!({}), vec![fifty()], json!([]), 1),
        (
            "no place for an offset",
            unknown.with_positional(),
            json!({"0": {"ID": "asc"}}),
            vec![fifty()],
            json!([]),
            1,
        ),
        ("pages by number", numbered, json!({}), vec![fifty()], json!([2]), 1),
        (
            "pages by number whose count is reached",
            numbered,
            json!({}),
            vec![counted(0..50, json!(50), json!(60)), counted(50..60, json!(null), json!(60))],
            json!([2]),
            2,
        ),
        (
            "pages by number from the middle on, of which nobody knows how many rows are before",
            numbered,
            json!({"page": 2}),
            vec![counted(50..60, json!(null), json!(10)), page(0..0)],
            json!([3]),
            2,
        ),
    ];
    for (what, info, params, pages, asked, given) in cases {
        let walked = walk(info, params, &pages);
        let next = |params: &Value| params.get("start").or(params.get("page")).cloned().unwrap_or_default();
        let requests: Vec<Value> = walked.requests[1..].iter().map(next).collect();
        assert_eq!(Value::Array(requests), asked, "{what}");
        assert_eq!(walked.given, given, "{what}");
        assert!(walked.failure.is_none(), "{what}: {:?}", walked.failure);
    }
}

#[test]
fn a_page_that_changed_while_it_came_again_is_still_the_same_one() {
    let seen = |views: u64| {
        let rows: Vec<Value> = (0..50).map(|id| json!({"ID": id, "VIEWS": views})).collect();
        json!({"result": {"items": rows}, "total": 50})
    };
    let walked = walk(list(Pagination::Start), json!({}), &[seen(1), seen(2)]);
    assert_eq!((walked.given, walked.failure.is_none()), (1, true));

    // What is called `ID` is no identifier where several rows have the same.
    let of_one = |from: u64| {
        let rows: Vec<Value> = (from..from + 50).map(|at| json!({"ID": 7, "AT": at})).collect();
        json!({"result": {"items": rows}, "total": 50})
    };
    let walked = walk(list(Pagination::Start), json!({}), &[of_one(0), of_one(50), page(0..0)]);
    assert_eq!((walked.given, walked.failure.is_none()), (3, true));
}

#[test]
fn a_result_that_is_a_list_is_the_list_of_rows_though_nobody_says_so() {
    let info = MethodInfo::new(Api::V2, "stock.list").with_pagination(Pagination::Unknown);
    let page = |ids, total| json!({"result": rows(ids), "total": total});
    let walked = walk(info, json!({}), &[page(0..50, 70), page(50..70, 70)]);
    assert_eq!(Value::Array(walked.requests), json!([{}, {"start": 50}]));
    assert_eq!((walked.given, walked.failure.is_none()), (2, true));
}

#[test]
fn a_page_is_asked_for_inside_a_parameter_where_it_stands_there() {
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
        // As texts, so that the order of positions counts.
        assert_eq!(Value::Array(walked.requests).to_string(), expected.to_string());
        assert_eq!(walked.given, pages.len());
        assert!(walked.failure.is_none(), "{:?}", walked.failure);
    }
}

#[test]
fn parameters_by_position_leave_no_place_for_the_next_page() {
    let info = list(Pagination::Unknown).with_positional();
    let walked = walk(info, json!({"0": {"ID": "asc"}}), &[counted(0..50, json!(50), json!(99))]);
    assert_eq!(walked.given, 1);
    assert!(walked.failure.unwrap().to_string().contains("positional parameters"));
}

#[test]
fn a_beginning_that_is_none_is_refused_before_anything_is_sent() {
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

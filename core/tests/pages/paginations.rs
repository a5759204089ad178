//! The pages that each pagination requests.

use bitrix24_core::{Pagination, Value, json};

use super::walk::{counted, list, page, page_with, walk};

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

//! Lists whose totals are wrong.

use bitrix24_core::{Pagination, Value, json};

use super::walk::{counted, list, page, walk};

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

//! Lists without progress, and lists that never end.

use bitrix24_core::list::Paginator;
use bitrix24_core::{ErrorKind, Map, Pagination, Value, json};

use super::walk::{counted, list, page, page_with, response, walk};

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

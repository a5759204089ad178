//! Long lists by identifier while rows are added and removed, pages are rejected, and methods ignore conditions.

use std::collections::BTreeSet;

use bitrix24_core::list::KeysetPaginator;
use bitrix24_core::wire::Json;
use bitrix24_core::{ErrorKind, Failure, Map, RawResponse, Value, json};
use proptest::prelude::*;

use row_set::{ITEMS, LIST, REST3, RowSet, id_of, number, walk, walk_unchanged};

#[path = "by_id/row_set.rs"]
mod row_set;

#[test]
fn a_method_that_ignores_the_identifier_condition_is_an_error() {
    for info in [LIST, REST3] {
        let mut row_set = RowSet::of(1..=200);
        row_set.ignores_conditions = true;
        let walked = walk_unchanged(&mut row_set, info, json!({"filter": []}), false);
        assert_eq!(walked.ids, (1..=50).collect::<Vec<_>>());
        let failure = walked.failure.unwrap();
        assert_eq!(failure.kind(), ErrorKind::IncompleteList);
        assert!(failure.to_string().contains("a row with the"), "{failure}");
    }
}

#[test]
fn an_incomplete_batch_yields_the_earlier_rows_and_then_an_error() {
    let next_responses = |row_set: &mut RowSet, walk: &mut KeysetPaginator| {
        let page_request = walk.next_request().unwrap();
        let responses = row_set.answer(&page_request, LIST);
        (page_request, responses)
    };
    type Damage = fn(&mut Vec<Result<RawResponse, Failure>>);
    let broken: [(&str, Damage, usize, ErrorKind); 6] = [
        (
            "a page that failed",
            |responses| responses[3] = Err(Failure::from_response(200, "SOME", "error")),
            150,
            ErrorKind::Method,
        ),
        ("no responses", |responses| responses.clear(), 0, ErrorKind::IncompleteList),
        ("a repeated page", |responses| responses[2] = responses[1].clone(), 100, ErrorKind::IncompleteList),
        ("a missing page", |responses| drop(responses.remove(0)), 2_450, ErrorKind::IncompleteList),
        (
            "a page that is not a list",
            |responses| responses[1].as_mut().unwrap().result = json_of(json!("none")),
            50,
            ErrorKind::Decode,
        ),
        (
            "a row without the identifier",
            |responses| {
                let result = &mut responses[1].as_mut().unwrap().result;
                let mut rows = result.to_value();
                rows[7] = json!({"TITLE": "x"});
                *result = json_of(rows);
            },
            57,
            ErrorKind::Decode,
        ),
    ];
    for (name, damage, rows, kind) in broken {
        let mut row_set = RowSet::of(1..=10_000);
        let mut walk = KeysetPaginator::new(LIST, Map::new(), false).unwrap();
        let (page_request, responses) = next_responses(&mut row_set, &mut walk);
        assert_eq!(walk.on_responses(&page_request, responses).rows.len(), 50);
        let (page_request, mut responses) = next_responses(&mut row_set, &mut walk);
        damage(&mut responses);
        let outcome = walk.on_responses(&page_request, responses);
        if name == "a missing page" {
            // The rows are in order and above the bound, so the gap looks like missing identifiers.
            assert!(outcome.failure.is_none());
            assert_eq!(outcome.rows.len(), rows);
            continue;
        }
        assert_eq!(outcome.rows.len(), rows, "{name}");
        assert_eq!(outcome.failure.map(|failure| failure.kind()), Some(kind), "{name}");
        assert!(walk.is_finished() && walk.next_request().is_none(), "{name}");
    }
}

#[test]
fn a_rate_limited_page_is_requested_separately() {
    let rejected = || Err(Failure::from_response(429, "OPERATION_TIME_LIMIT", "blocked"));
    for overlapping in [false, true] {
        for page in 0..4 {
            let mut row_set = RowSet::of(1..=2_000);
            let mut walk = KeysetPaginator::new(LIST, Map::new(), overlapping).unwrap();
            let mut ids = Vec::new();
            let mut single_pages = 0;
            while let Some(page_request) = walk.next_request() {
                let mut responses = row_set.answer(&page_request, LIST);
                single_pages += usize::from(page_request.single_page().is_some());
                if single_pages < 3 && page < responses.len() && page_request.single_page().is_none() {
                    responses[page] = rejected();
                }
                let outcome = walk.on_responses(&page_request, responses);
                assert!(outcome.failure.is_none());
                ids.extend(outcome.rows.iter().map(|(_, row)| id_of(row)));
            }
            ids.sort_unstable();
            assert_eq!(ids, (1..=2_000).collect::<Vec<_>>());
            assert!(single_pages > 0);
        }
    }

    let mut walk = KeysetPaginator::new(LIST, Map::new(), false).unwrap();
    let page_request = walk.next_request().unwrap();
    assert!(walk.on_responses(&page_request, vec![rejected(), rejected()]).failure.is_none());
    let page_request = walk.next_request().unwrap();
    assert!(page_request.single_page().is_some());
    let outcome = walk.on_responses(&page_request, vec![rejected()]);
    assert_eq!(
        outcome.failure.unwrap().kind(),
        ErrorKind::Method,
        "a single page that is rejected ends the list"
    );
}

fn json_of(value: Value) -> Json {
    Json::from_value(&value).unwrap()
}

/// Reads 1,000 rows, of which those up to 50 are removed, with empty pages in place of those for which `is_empty` holds.
fn walk_with_gaps(
    unordered: bool,
    is_empty: impl Fn(usize, &Value) -> bool,
) -> (Vec<i64>, Option<Failure>, usize) {
    let mut row_set = RowSet::of(51..=1_000);
    let mut walk = KeysetPaginator::new(LIST, Map::new(), unordered).unwrap();
    let (mut ids, mut requests) = (Vec::new(), 0);
    while let Some(page_request) = walk.next_request() {
        requests += 1;
        assert!(requests < 100, "the walk does not end");
        let mut responses = row_set.answer(&page_request, LIST);
        for response in responses.iter_mut().flatten() {
            if is_empty(requests, &response.result.to_value()) {
                response.result = json_of(json!([]));
            }
        }
        let outcome = walk.on_responses(&page_request, responses);
        ids.extend(outcome.rows.iter().map(|(_, row)| id_of(row)));
        if outcome.failure.is_some() {
            return (ids, outcome.failure, requests);
        }
    }
    ids.sort_unstable();
    (ids, None, requests)
}

#[test]
fn an_empty_page_before_a_known_row_does_not_end_the_list() {
    let starts_at =
        |first: i64| move |page: &Value| page.get(0).is_some_and(|row| number(&row["ID"]) == first);
    for unordered in [false, true] {
        for first in [101, 501, 551] {
            let once = |request, page: &Value| request == 2 && starts_at(first)(page);
            let (ids, failure, _) = walk_with_gaps(unordered, once);
            assert!(failure.is_none(), "{failure:?}");
            assert_eq!(ids, (51..=1_000).collect::<Vec<_>>(), "{unordered} {first}");

            let always = |request, page: &Value| request > 1 && starts_at(first)(page);
            let (ids, failure, requests) = walk_with_gaps(unordered, always);
            let failure = failure.unwrap();
            assert_eq!(failure.kind(), ErrorKind::IncompleteList, "{unordered} {first}");
            assert!(failure.to_string().contains("has no rows, but the list has a row"), "{failure}");
            assert!(ids.len() < 950 && requests < 5, "{unordered} {first}: {requests}");
        }
    }
}

#[derive(Clone, Debug)]
enum Change {
    Add(i64),
    Remove(i64),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![(1_i64..4_000).prop_map(Change::Add), (1_i64..4_000).prop_map(Change::Remove)]
}

proptest! {
    /// With concurrent changes, each row that exists during the whole walk is returned exactly once and no row twice. Rows are
    /// in ascending order, unless requests overlap.
    #[test]
    fn each_row_that_is_not_removed_is_returned_exactly_once(
        ids in proptest::collection::btree_set(1_i64..3_000, 0..1_500),
        changes in proptest::collection::vec(proptest::collection::vec(change(), 0..30), 0..8),
        size in prop_oneof![Just(50_usize), 2_usize..60],
        shape in 0_usize..4,
        overlapping: bool,
        order in proptest::collection::vec(any::<bool>(), 1..8),
        above in proptest::option::of(0_i64..3_000),
        below in proptest::option::of(0_i64..3_500),
        sevenths: bool,
    ) {
        let mut row_set = RowSet { size, keyed: shape == 1, items: shape == 2, ..RowSet::of(ids) };
        let info = [LIST, LIST, ITEMS, REST3][shape];
        let wanted = |id: i64| {
            above.is_none_or(|above| id > above) && below.is_none_or(|below| id < below) && (!sevenths || id % 7 == 0)
        };
        let mut conditions = Map::new();
        above.map(|above| conditions.insert(">ID".to_owned(), json!(above)));
        below.map(|below| conditions.insert("<ID".to_owned(), json!(below)));
        if sevenths {
            conditions.insert("%7ID".to_owned(), json!(1));
        }
        let filter = if shape == 3 {
            conditions.iter().map(|(key, value)| json!(["id", key.trim_end_matches("ID"), value])).collect()
        } else {
            Value::Object(conditions)
        };
        let mut staying = row_set.ids.clone();
        let mut ever = row_set.ids.clone();
        let mut changes = changes.into_iter();
        let mut order = order.iter().cycle();
        let mut started = false;
        let walked = walk(&mut row_set, info, json!({ "filter": filter }), overlapping, |row_set| {
            for change in changes.next().filter(|_| std::mem::replace(&mut started, true)).unwrap_or_default() {
                match change {
                    Change::Add(id) => drop((row_set.ids.insert(id), ever.insert(id))),
                    Change::Remove(id) => drop((row_set.ids.remove(&id), staying.remove(&id))),
                }
            }
        }, || order.next().copied().unwrap_or(false));
        prop_assert!(walked.failure.is_none(), "{:?}", walked.failure);
        let returned: BTreeSet<i64> = walked.ids.iter().copied().collect();
        prop_assert_eq!(returned.len(), walked.ids.len(), "no row twice");
        staying.retain(|id| wanted(*id));
        prop_assert!(returned.is_superset(&staying), "lost: {:?}", staying.difference(&returned).collect::<Vec<_>>());
        prop_assert!(returned.iter().all(|id| wanted(*id) && ever.contains(id)));
        if !overlapping {
            prop_assert!(walked.ids.is_sorted());
        }
    }
}

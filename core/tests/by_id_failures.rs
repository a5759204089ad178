//! Walking long lists by identifier while rows come and go, pages are refused, and methods do not do as they are asked.

use std::collections::BTreeSet;

use bitrix24_core::list::KeysetPaginator;
use bitrix24_core::{ErrorKind, Failure, Map, RawResponse, Value, json};
use proptest::prelude::*;

use row_set::{ITEMS, LIST, REST3, RowSet, number, walk, walk_quietly};

#[path = "by_id/row_set.rs"]
mod row_set;

#[test]
fn a_method_that_does_not_heed_the_identifier_is_found_out() {
    for info in [LIST, REST3] {
        let mut row_set = RowSet::of(1..=200);
        row_set.deaf = true;
        let walked = walk_quietly(&mut row_set, info, json!({"filter": []}), false);
        assert_eq!(walked.ids, (1..=50).collect::<Vec<_>>());
        let failure = walked.failure.unwrap();
        assert_eq!(failure.kind(), ErrorKind::IncompleteList);
        assert!(failure.to_string().contains("a row with the"), "{failure}");
    }
}

#[test]
fn a_batch_that_is_not_whole_gives_the_rows_before_and_then_an_error() {
    let whole = |row_set: &mut RowSet, walk: &mut KeysetPaginator| {
        let ask = walk.next_request().unwrap();
        let answers = row_set.answer(&ask, LIST);
        (ask, answers)
    };
    type Damage = fn(&mut Vec<Result<RawResponse, Failure>>);
    let broken: [(&str, Damage, usize, ErrorKind); 6] = [
        (
            "a page that failed",
            |answers| answers[3] = Err(Failure::from_response(200, "SOME", "error")),
            150,
            ErrorKind::Method,
        ),
        ("no answers", |answers| answers.clear(), 0, ErrorKind::IncompleteList),
        ("a page again", |answers| answers[2] = answers[1].clone(), 100, ErrorKind::IncompleteList),
        ("a page left out", |answers| drop(answers.remove(0)), 2_450, ErrorKind::IncompleteList),
        (
            "a page that is no list",
            |answers| answers[1].as_mut().unwrap().result = json!("none"),
            50,
            ErrorKind::Decode,
        ),
        (
            "a row without the identifier",
            |answers| answers[1].as_mut().unwrap().result[7] = json!({"TITLE": "x"}),
            57,
            ErrorKind::Decode,
        ),
    ];
    for (what, damage, rows, kind) in broken {
        let mut row_set = RowSet::of(1..=10_000);
        let mut walk = KeysetPaginator::new(LIST, Map::new(), false).unwrap();
        let (ask, answers) = whole(&mut row_set, &mut walk);
        assert_eq!(walk.on_responses(&ask, answers).rows.len(), 50);
        let (ask, mut answers) = whole(&mut row_set, &mut walk);
        damage(&mut answers);
        let given = walk.on_responses(&ask, answers);
        if what == "a page left out" {
            // The rows are in order and above the bound: which identifiers there are nobody knows.
            assert!(given.failure.is_none());
            assert_eq!(given.rows.len(), rows);
            continue;
        }
        assert_eq!(given.rows.len(), rows, "{what}");
        assert_eq!(given.failure.map(|failure| failure.kind()), Some(kind), "{what}");
        assert!(walk.is_finished() && walk.next_request().is_none(), "{what}");
    }
}

#[test]
fn a_page_that_is_refused_for_the_limits_is_asked_for_by_itself() {
    let refused = || Err(Failure::from_response(429, "OPERATION_TIME_LIMIT", "blocked"));
    for overlapping in [false, true] {
        for page in 0..4 {
            let mut row_set = RowSet::of(1..=2_000);
            let mut walk = KeysetPaginator::new(LIST, Map::new(), overlapping).unwrap();
            let mut ids = Vec::new();
            let mut alone = 0;
            while let Some(ask) = walk.next_request() {
                let mut answers = row_set.answer(&ask, LIST);
                alone += usize::from(ask.single_page().is_some());
                if alone < 3 && page < answers.len() && ask.single_page().is_none() {
                    answers[page] = refused();
                }
                let given = walk.on_responses(&ask, answers);
                assert!(given.failure.is_none());
                ids.extend(given.rows.iter().map(|(_, row)| number(&row["ID"])));
            }
            ids.sort_unstable();
            assert_eq!(ids, (1..=2_000).collect::<Vec<_>>());
            assert!(alone > 0);
        }
    }

    let mut walk = KeysetPaginator::new(LIST, Map::new(), false).unwrap();
    let ask = walk.next_request().unwrap();
    assert!(walk.on_responses(&ask, vec![refused(), refused()]).failure.is_none());
    let ask = walk.next_request().unwrap();
    assert!(ask.single_page().is_some());
    let given = walk.on_responses(&ask, vec![refused()]);
    assert_eq!(given.failure.unwrap().kind(), ErrorKind::Method, "refused once more, and by itself");
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
    /// Whatever comes and goes meanwhile, each row that is there from the beginning to the end is given once, and none twice;
    /// in ascending order, unless two walkers are under way.
    #[test]
    fn each_row_that_stays_is_given_exactly_once(
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
        let mut begun = false;
        let walked = walk(&mut row_set, info, json!({ "filter": filter }), overlapping, |row_set| {
            for change in changes.next().filter(|_| std::mem::replace(&mut begun, true)).unwrap_or_default() {
                match change {
                    Change::Add(id) => drop((row_set.ids.insert(id), ever.insert(id))),
                    Change::Remove(id) => drop((row_set.ids.remove(&id), staying.remove(&id))),
                }
            }
        }, || order.next().copied().unwrap_or(false));
        prop_assert!(walked.failure.is_none(), "{:?}", walked.failure);
        let given: BTreeSet<i64> = walked.ids.iter().copied().collect();
        prop_assert_eq!(given.len(), walked.ids.len(), "no row twice");
        staying.retain(|id| wanted(*id));
        prop_assert!(given.is_superset(&staying), "lost: {:?}", staying.difference(&given).collect::<Vec<_>>());
        prop_assert!(given.iter().all(|id| wanted(*id) && ever.contains(id)));
        if !overlapping {
            prop_assert!(walked.ids.is_sorted());
        }
    }
}

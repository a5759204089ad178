//! Long lists by identifier: the number of requests, their parameters, and the lists that support it.

use bitrix24_core::list::KeysetPaginator;
use bitrix24_core::{Api, ErrorKind, Keyset, MethodInfo, Value, json, php};

use row_set::{ITEMS, LIST, REST3, RowSet, map, walk_unchanged};

#[path = "by_id/row_set.rs"]
mod row_set;

/// A list whose order is the name of a field.
const BY_NAME: MethodInfo<'static> =
    LIST.with_keyset(Keyset::new("ID").with_params("FILTER", "sort").with_direction("order"));

#[test]
fn a_list_takes_few_requests_and_few_empty_queries() {
    let cases = [
        // (rows, distance of identifiers) → (requests, maximum of queries)
        ((0, 1), (1, 2)),
        ((1, 1), (1, 2)),
        ((50, 1), (1, 2)),
        ((51, 1), (2, 3)),
        ((60, 1), (2, 3)),
        ((60, 1_000), (2, 4)),
        ((300, 1), (2, 8)),
        ((300, 7), (2, 10)),
        ((2_550, 1), (2, 52)),
        ((10_000, 3), (5, 210)),
        ((100_000, 1), (41, 2_002)),
        ((100_000, 13), (41, 2_002)),
    ];
    for ((rows, step), (requests, queries)) in cases {
        let mut row_set = RowSet::of((1..=rows).map(|row| row * step));
        let walked = walk_unchanged(&mut row_set, LIST, json!({}), false);
        assert!(walked.failure.is_none());
        assert_eq!(walked.ids, row_set.ids.iter().copied().collect::<Vec<_>>(), "{rows} rows by {step}");
        assert_eq!(row_set.requests, requests, "{rows} rows by {step}");
        assert!(row_set.queries <= queries, "{rows} rows by {step}: {} queries", row_set.queries);
    }
}

#[test]
fn overlapping_requests_do_not_increase_their_number() {
    for (rows, step, requests) in
        [(100_000, 1, 41), (100_000, 13, 41), (10_000, 3, 5), (7_000, 1, 4), (60, 9, 1), (300, 9, 2)]
    {
        let mut row_set = RowSet::of((1..=rows).map(|row| row * step));
        let mut walked = walk_unchanged(&mut row_set, LIST, json!({}), true);
        assert!(walked.failure.is_none());
        assert!(row_set.requests <= requests, "{rows} rows by {step}: {} requests", row_set.requests);
        walked.ids.sort_unstable();
        assert_eq!(walked.ids, row_set.ids.iter().copied().collect::<Vec<_>>(), "{rows} rows by {step}");
    }
}

#[test]
fn unevenly_distributed_rows_cost_a_few_more_requests() {
    let sparse_then_dense = (0..1_000).map(|row| row * 1_000).chain(1_000_000..1_099_000);
    let dense_then_sparse = (1..99_000).chain((0..1_000).map(|row| 100_000 + row * 1_000));
    for (ids, limit) in [(sparse_then_dense.collect::<Vec<_>>(), 46), (dense_then_sparse.collect(), 46)] {
        let mut row_set = RowSet::of(ids.iter().copied().filter(|id| *id > 0));
        let walked = walk_unchanged(&mut row_set, LIST, json!({}), false);
        assert_eq!(walked.ids.len(), row_set.ids.len());
        assert!(row_set.requests <= limit, "{} requests", row_set.requests);
    }
}

#[test]
fn requests_keep_the_parameters_of_the_caller() {
    let page = |condition: Value| json!({"filter": condition, "order": {"ID": "ASC"}, "start": -1});
    let cases = [
        ("nothing", LIST, json!({}), page(json!({">ID": 0}))),
        ("an empty filter", LIST, json!({"filter": []}), page(json!({">ID": 0}))),
        ("a bound of the caller", LIST, json!({"filter": {">ID": 900}}), page(json!({">ID": 900}))),
        ("a bound of the caller as text", LIST, json!({"filter": {">id": "900"}}), page(json!({">ID": 900}))),
        (
            "bounds on both sides",
            LIST,
            json!({"filter": {"<ID": 950, ">ID": 900, "<id": 940}}),
            page(json!({">ID": 900, "<ID": 940})),
        ),
        (
            "other conditions on the same field",
            LIST,
            json!({"filter": {">=ID": 5, "<=ID": 9, "!ID": 7, "@ID": [6, 8], "ID": 6, "A": "b"}}),
            page(json!({">=ID": 5, "<=ID": 9, "!ID": 7, "@ID": [6, 8], "ID": 6, "A": "b", ">ID": 0})),
        ),
        (
            "alternatives",
            LIST,
            json!({"filter": {"LOGIC": "or", "0": {"A": 1}, "1": {">ID": 7}}}),
            page(json!({"0": {"LOGIC": "or", "0": {"A": 1}, "1": {">ID": 7}}, ">ID": 0})),
        ),
        (
            "the spelling of the caller",
            LIST,
            json!({"FILTER": {"A": 1}, "SELECT": ["TITLE"], "ORDER": {"id": "asc"}, "START": -1}),
            json!({"SELECT": ["TITLE", "ID"], "FILTER": {"A": 1, ">ID": 0}, "order": {"ID": "ASC"}, "start": -1}),
        ),
        (
            "selected fields that include the identifier",
            LIST,
            json!({"select": ["id", "TITLE"], "limit": 7}),
            json!({"select": ["id", "TITLE"], "limit": 7, "filter": {">ID": 0}, "order": {"ID": "ASC"}, "start": -1}),
        ),
        (
            "all fields",
            LIST,
            json!({"select": {"0": "*", "1": "UF_*"}, "start": "0"}),
            json!({"select": {"0": "*", "1": "UF_*"}, "filter": {">ID": 0}, "order": {"ID": "ASC"}, "start": -1}),
        ),
        (
            "selected fields as an object with integer keys",
            LIST,
            json!({"select": {"1": "TITLE"}}),
            json!({"select": {"1": "TITLE", "2": "ID"}, "filter": {">ID": 0}, "order": {"ID": "ASC"}, "start": -1}),
        ),
        (
            "other parameters for conditions and order",
            LIST.with_keyset(Keyset::new("ID").with_params("FILTER", "ELEMENT_ORDER")),
            json!({"IBLOCK_ID": 3}),
            json!({"IBLOCK_ID": 3, "FILTER": {">ID": 0}, "ELEMENT_ORDER": {"ID": "ASC"}, "start": -1}),
        ),
        (
            "an order by the name of a field",
            BY_NAME,
            json!({"SORT": "id"}),
            json!({"FILTER": {">ID": 0}, "sort": "ID", "order": "ASC", "start": -1}),
        ),
        (
            "conditions of REST 3",
            REST3,
            json!({"filter": [["id", ">", 900]], "select": ["title"], "pagination": {"limit": 10, "page": 1}}),
            json!({
                "select": ["title", "id"],
                "pagination": {"limit": 10},
                "filter": [["id", ">", 900], ["id", ">", 0]],
                "order": {"id": "ASC"},
            }),
        ),
        (
            "alternatives of REST 3",
            REST3,
            json!({"filter": {"logic": "or", "conditions": [["id", 1], ["id", 2]]}}),
            json!({
                "filter": [{"logic": "or", "conditions": [["id", 1], ["id", 2]]}, ["id", ">", 0]],
                "order": {"id": "ASC"},
            }),
        ),
    ];
    for (name, info, params, expected) in cases {
        let page_request = KeysetPaginator::new(info, map(params), false).unwrap().next_request().unwrap();
        let sent = page_request.single_page().unwrap_or_else(|| {
            let request =
                page_request.commands(7, info).run().next_request().expect("a batch that can be sent");
            let query = request.params()["cmd"]["c00000007_0"].as_str().unwrap().to_owned();
            php::decode(query.split_once('?').unwrap().1)
        });
        assert_eq!(as_php(&Value::Object(sent)), as_php(&expected), "{name}");
    }
}

/// A value as PHP reads it: numbers as text, lists as objects.
fn as_php(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (index.to_string(), as_php(item))).collect()
        }
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), as_php(value))).collect(),
        Value::Number(number) => json!(number.to_string()),
        other => other.clone(),
    }
}

#[test]
fn conditions_that_exceed_a_query_are_sent_one_page_per_request() {
    let many: Vec<i64> = (1..=1_500).collect();
    let mut row_set = RowSet::of(1..=120);
    let walked = walk_unchanged(&mut row_set, LIST, json!({"filter": {"@STORE": many}}), false);
    assert_eq!((walked.ids.len(), walked.failure.is_none()), (120, true));
    assert_eq!((row_set.requests, row_set.queries), (4, 4), "the last one finds no rows");
}

#[test]
fn a_list_without_keyset_support_is_refused_before_anything_is_sent() {
    let cases = [
        (MethodInfo::new(Api::V2, "stock.list"), json!({}), "identifier field of this list is unknown"),
        (LIST.with_positional(), json!({}), "positional parameters"),
        (LIST, json!({"order": {"TITLE": "ASC"}}), "an order other than ascending"),
        (LIST, json!({"ORDER": {"ID": "DESC"}}), "an order other than ascending"),
        (LIST, json!({"order": {"ID": "ASC", "TITLE": "ASC"}}), "an order other than ascending"),
        (LIST, json!({"order": "ID"}), "an order other than ascending"),
        (BY_NAME, json!({"sort": "TITLE"}), "an order other than ascending"),
        (BY_NAME, json!({"sort": "ID", "order": "DESC"}), "an order other than ascending"),
        (BY_NAME, json!({"order": "DESC"}), "an order other than ascending"),
        (LIST, json!({"start": 50}), "`start` is 50"),
        (LIST, json!({"filter": {">ID": "x"}}), "`>ID` must be an integer"),
        (LIST, json!({"filter": ["ID"]}), "must be an object"),
        (LIST, json!({"filter": 7}), "must be an object"),
        (REST3, json!({"filter": "id"}), "must be a list"),
        (REST3, json!({"pagination": {"page": 2}}), "`page` is 2"),
        (REST3, json!({"pagination": {"offset": 10}}), "`offset` is 10"),
    ];
    for (info, params, text) in cases {
        let failure = KeysetPaginator::new(info, map(params.clone()), false).unwrap_err();
        assert_eq!(failure.kind(), ErrorKind::Request, "{params}");
        assert!(failure.to_string().contains(text), "{params}: {failure}");
    }
}

#[test]
fn a_list_of_any_shape_is_read_completely() {
    type Shape = fn(&mut RowSet);
    let shapes: [(&str, MethodInfo<'_>, Shape); 7] = [
        ("plain", LIST, |_| {}),
        ("wrapped, with another name of the identifier", ITEMS, |row_set| row_set.items = true),
        ("with holes", LIST, |row_set| row_set.keyed = true),
        ("of short pages", LIST, |row_set| row_set.size = 20),
        ("of long pages", LIST, |row_set| row_set.size = 73),
        ("with hidden rows", LIST, |row_set| {
            row_set.hidden = row_set.ids.iter().copied().filter(|id| id % 3 == 0).collect()
        }),
        ("of REST 3", REST3, |_| {}),
    ];
    for (name, info, shape) in shapes {
        for overlapping in [false, true] {
            let mut row_set = RowSet::of(1..=1_234);
            shape(&mut row_set);
            let mut walked = walk_unchanged(&mut row_set, info, json!({}), overlapping);
            assert!(walked.failure.is_none(), "{name}: {:?}", walked.failure);
            walked.ids.sort_unstable();
            let expected: Vec<i64> = row_set.ids.difference(&row_set.hidden).copied().collect();
            assert_eq!(walked.ids, expected, "{name}");
        }
    }
}

use serde_json::json;

use super::*;

#[test]
fn words_are_sources() {
    let of = |value: Value| Source::of(&value);
    assert_eq!(of(json!("$row.USER_ID")), Source::Row("userid".to_owned()));
    assert_eq!(of(json!("$each")), Source::Each(Vec::new()));
    assert_eq!(of(json!("$fields.NAME")), Source::Param(vec!["fields".to_owned(), "name".to_owned()]));
    assert_eq!(of(json!({"a": 1})), Source::Object(IndexMap::from([("a".to_owned(), of(json!(1)))])));
    let query = of(json!({"$count": "user", "where": {">ID": "$X"}}));
    let Source::Query(query) = &query else { panic!("{query:?}") };
    assert_eq!((query.take, query.conditions.keys().next().map(String::as_str)), (Take::Count, Some(">ID")));
}

#[test]
fn the_families_of_a_source_are_found_at_any_depth() {
    let source = json!({"a": [{"$not": {"$row": "one", "where": {"ID": {"$count": "two"}}}}]});
    let mut families = Vec::new();
    Source::of(&source).add_families(&mut families);
    assert_eq!(families, ["one", "two"]);
}

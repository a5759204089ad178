//! Queries as PHP reads them. The answers in the tables are those of PHP 8.2's own `parse_str`.

use bitrix24_core::{Map, Value, json, php};
use proptest::collection::vec;
use proptest::prelude::*;

#[test]
fn a_query_is_read_as_php_reads_it() {
    let cases = [
        ("", json!({})),
        ("&&a=1", json!({"a": "1"})),
        ("a&b=", json!({"a": "", "b": ""})),
        ("a=b=c", json!({"a": "b=c"})),
        ("a;b=1", json!({"a;b": "1"})),
        ("a%5Bb%5D=%26+%2B%20", json!({"a": {"b": "& + "}})),
        ("a=%zz%4", json!({"a": "%zz%4"})),
        ("a=%00x", json!({"a": "\0x"})),
        ("é[ключ]=знач", json!({"é": {"ключ": "знач"}})),
        // Names.
        ("=1", json!({})),
        ("[a]=1", json!({})),
        ("[[x]]=1", json!({})),
        (" a=1", json!({"a": "1"})),
        ("a =1", json!({"a_": "1"})),
        ("a.b=1&a b=2&a[x.y z]=3", json!({"a_b": "2", "a": {"x.y z": "3"}})),
        ("a]=1", json!({"a]": "1"})),
        ("a\tb=1&\u{a0}c=2", json!({"a\tb": "1", "\u{a0}c": "2"})),
        ("a%00b=1", json!({"a": "1"})),
        ("a[b%00c]=1", json!({"a_b": "1"})),
        // Brackets.
        ("a[b=1", json!({"a_b": "1"})),
        ("a.b[c.d e[=1", json!({"a_b_c_d_e_": "1"})),
        ("a[x][y z=1", json!({"a": {"x": "1"}})),
        ("a[][x=1", json!({"a": ["1"]})),
        ("a[b[c]=1", json!({"a": {"b[c": "1"}})),
        ("a[[b]]=1", json!({"a": {"[b": "1"}})),
        ("a[b]c]=1", json!({"a": {"b": "1"}})),
        ("a[b]x[c]=1", json!({"a": {"b": "1"}})),
        ("a[ ]=1&a[\t]=2", json!({"a": ["1", "2"]})),
        ("a[ x]=1&a[\nx][y]=2", json!({"a": {" x": "1", "\nx": {"y": "2"}}})),
        // Lists.
        ("a[]=1&a[]=2", json!({"a": ["1", "2"]})),
        ("a[0]=1&a[1]=2", json!({"a": ["1", "2"]})),
        ("a[1]=1&a[0]=2", json!({"a": {"1": "1", "0": "2"}})),
        ("a[]=1&a[]=2&a[5]=3&a[]=4", json!({"a": {"0": "1", "1": "2", "5": "3", "6": "4"}})),
        ("a[01]=1&a[]=2", json!({"a": {"01": "1", "0": "2"}})),
        ("a[-5]=1&a[]=2", json!({"a": {"-5": "1", "-4": "2"}})),
        ("a[-0]=1&a[+1]=2&a[1.5]=3", json!({"a": {"-0": "1", " 1": "2", "1.5": "3"}})),
        ("a[9223372036854775807]=1&a[]=2", json!({"a": {"9223372036854775807": "1"}})),
        ("a[9223372036854775808]=1&a[]=2", json!({"a": {"9223372036854775808": "1", "0": "2"}})),
        ("a[][x]=1&a[][y]=2", json!({"a": [{"x": "1"}, {"y": "2"}]})),
        ("a[0][0]=1&a[0][1]=2&a[1]=3", json!({"a": [["1", "2"], "3"]})),
        ("x[a][]=1&x[a][k]=2&x[a][]=3", json!({"x": {"a": {"0": "1", "k": "2", "1": "3"}}})),
        // The same name again.
        ("a=1&a[b]=2", json!({"a": {"b": "2"}})),
        ("a[b]=1&a=2", json!({"a": "2"})),
        ("a[b]=1&a[b][]=2&a[b][c]=3", json!({"a": {"b": {"0": "2", "c": "3"}}})),
        ("a[b]=1&a.b=2&a_b=3", json!({"a": {"b": "1"}, "a_b": "3"})),
    ];
    for (query, expected) in cases {
        let read = Value::Object(php::decode(query));
        assert_eq!(read.to_string(), expected.to_string(), "{query:?}, order included");
    }
}

#[test]
fn bytes_that_are_no_utf8_do_no_harm() {
    assert_eq!(Value::Object(php::decode("a=%ff")), json!({"a": "\u{fffd}"}));
}

#[test]
fn what_lies_too_deep_is_dropped_with_its_parameter() {
    let deep = |levels: usize| format!("a{}=1", "[x]".repeat(levels));
    assert!(php::decode(&deep(64)).contains_key("a"));
    assert_eq!(
        Value::Object(php::decode(&format!("z=0&a[q]=7&b=1&{}&b=2", deep(65)))),
        json!({"z": "0", "b": "2"})
    );
    assert_eq!(Value::Object(php::decode(&format!("{}&a=2", deep(65)))), json!({"a": "2"}));
}

#[test]
fn parameters_are_written_for_php_to_read() {
    let cases = [
        (json!({}), ""),
        (json!({"id": 7, "name": "A & B=C+D"}), "id=7&name=A+%26+B%3DC%2BD"),
        (json!({"filter": {">ID": 5, "!%TITLE": "ü"}}), "filter[%3EID]=5&filter[%21%25TITLE]=%C3%BC"),
        (json!({"order": {"SORT": "ASC", "ID": "DESC"}}), "order[SORT]=ASC&order[ID]=DESC"),
        (json!({"select": ["ID", "UF_*"]}), "select[0]=ID&select[1]=UF_*"),
        (json!({"0": 7, "1": {"POST_MESSAGE": "x"}}), "0=7&1[POST_MESSAGE]=x"),
        (json!({"phone": [{"VALUE": "1"}, {"VALUE": "2"}]}), "phone[0][VALUE]=1&phone[1][VALUE]=2"),
        (json!({"a": true, "b": false, "c": "Y", "d": ""}), "a=1&b=0&c=Y&d="),
        (json!({"a": -1, "b": u64::MAX, "c": 1.0, "d": 0.1}), "a=-1&b=18446744073709551615&c=1.0&d=0.1"),
        (
            json!({"a": 1e20, "b": -2.5e-7, "c": 1e16}),
            "a=100000000000000000000&b=-0.00000025&c=10000000000000000",
        ),
        (json!({"a": {"x.y z": 1, " x": 2, "[": 3}}), "a[x.y+z]=1&a[+x]=2&a[%5B]=3"),
        (json!({"a]": "#/?:"}), "a%5D=%23%2F%3F%3A"),
        (json!({"id": "$result[c_0][0][ID]"}), "id=%24result%5Bc_0%5D%5B0%5D%5BID%5D"),
    ];
    for (params, query) in cases {
        assert_eq!(php::encode(params.as_object().unwrap()).unwrap(), query, "{params}");
    }
}

#[test]
fn what_php_would_read_as_something_else_is_refused_by_name() {
    let cases = [
        (json!({"id": null}), "id", "null"),
        (json!({"fields": {"PHONE": [{"VALUE": null}]}}), "fields[PHONE][0][VALUE]", "null"),
        (json!({"filter": {}}), "filter", "empty"),
        (json!({"fields": {"PHONE": []}}), "fields[PHONE]", "empty"),
        (json!({"": 1}), "", "without one"),
        (json!({"a.b": 1}), "a.b", "replaces"),
        (json!({"a b": 1}), "a b", "replaces"),
        (json!({" a": 1}), " a", "replaces"),
        (json!({"a[b]": 1}), "a[b]", "replaces"),
        (json!({"a\0": 1}), "a\0", "NUL"),
        (json!({"a": {"": 1}}), "a[]", "number"),
        (json!({"a": {"\t": 1}}), "a[\t]", "number"),
        (json!({"a": {"b]": 1}}), "a[b]]", "bracket"),
        (json!({"a": {"b\0": 1}}), "a[b\0]", "NUL"),
        (json!({"a": vec![1; 1001]}), "a[1000]", "1000 values"),
    ];
    for (params, place, says) in cases {
        let error = php::encode(params.as_object().unwrap()).unwrap_err();
        assert_eq!(error.path(), place);
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[test]
fn what_lies_deeper_than_php_reads_is_refused() {
    let nested = |levels: usize| (0..levels).fold(json!(1), |value, _| json!({"x": value}));
    assert!(php::encode(json!({"a": nested(64)}).as_object().unwrap()).is_ok());
    let error = php::encode(json!({"a": nested(65)}).as_object().unwrap()).unwrap_err();
    assert!(error.to_string().contains("deeper"), "{error}");
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-c0-2.\\[\\] ]{0,3}",
        "[>!%]?[A-Z_]{1,4}",
        (0..3_u8).prop_map(|n| n.to_string())
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |float| float.is_finite().then(|| Value::from(float))),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name(), inner), 0..4).prop_map(|fields| fields.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// What a value is once it has been a text, and a list where PHP sees one.
fn as_php(value: &Value) -> Value {
    match value {
        Value::Bool(flag) => json!(if *flag { "1" } else { "0" }),
        Value::Number(number) if number.to_string().contains('e') => {
            json!(number.as_f64().unwrap().to_string())
        }
        Value::Number(number) => json!(number.to_string()),
        Value::Array(items) => items.iter().map(as_php).collect(),
        Value::Object(fields) if fields.keys().enumerate().all(|(place, key)| *key == place.to_string()) => {
            fields.values().map(as_php).collect()
        }
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, field)| (key.clone(), as_php(field))).collect())
        }
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn what_is_written_is_what_is_read(fields in vec((name(), value()), 0..4)) {
        let params: Map<String, Value> = fields.into_iter().collect();
        if let Ok(query) = php::encode(&params) {
            let read = Value::Object(php::decode(&query));
            let given: Map<_, _> = params.iter().map(|(name, value)| (name.clone(), as_php(value))).collect();
            prop_assert_eq!(read.to_string(), Value::Object(given).to_string());
        }
    }

    #[test]
    fn any_query_can_be_read(query in any::<String>(), brackets in "[a-b0-2\\[\\]=& .%+]{0,40}") {
        php::decode(&query);
        php::decode(&brackets);
    }
}

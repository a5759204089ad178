//! Universal lists and storages of applications: each call works on the list, the element or the storage that it names.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Map, Value, json};

/// Parameters of a method on lists, which all name the type.
fn of_list(params: Value) -> Value {
    let Value::Object(mut fields) = params else { return params };
    fields.insert("IBLOCK_TYPE_ID".to_owned(), json!("lists"));
    Value::Object(fields)
}

/// The texts in a field of all rows.
fn values<'r>(rows: &'r Value, field: &str) -> Vec<&'r str> {
    let rows = rows.as_array().unwrap_or_else(|| panic!("{rows}")).iter();
    rows.map(|row| row[field].as_str().unwrap_or_else(|| panic!("{row}"))).collect()
}

async fn two_lists(caller: &Caller) {
    for (id, code) in [(1, "one"), (2, "two")] {
        let list = of_list(json!({"IBLOCK_CODE": code, "FIELDS": {"NAME": code}}));
        assert_eq!(caller.call("lists.add", list.clone()).await, id);
        assert_eq!(caller.refused("lists.add", list).await, "ERROR_IBLOCK_ALREADY_EXISTS");
    }
}

#[tokio::test]
async fn lists_are_chosen_by_identifier_or_code() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    two_lists(&caller).await;
    for (params, codes) in [
        (json!({}), vec!["one", "two"]),
        (json!({"IBLOCK_ID": 2}), vec!["two"]),
        (json!({"IBLOCK_CODE": "one"}), vec!["one"]),
        (json!({"IBLOCK_CODE": "nosuch"}), vec![]),
    ] {
        assert_eq!(values(&caller.call("lists.get", of_list(params)).await, "CODE"), codes);
    }
    let update = |params: Value| of_list(params);
    caller.call("lists.update", update(json!({"IBLOCK_CODE": "two", "FIELDS": {"NAME": "Second"}}))).await;
    assert_eq!(values(&caller.call("lists.get", of_list(json!({}))).await, "NAME"), ["one", "Second"]);
    assert_eq!(caller.call("lists.get.iblock.type.id", json!({"IBLOCK_CODE": "two"})).await, "lists");
    assert_eq!(caller.call("lists.get.iblock.type.id", json!({"IBLOCK_ID": 9})).await, Value::Null);
    for method in ["lists.update", "lists.delete"] {
        let params = of_list(json!({"IBLOCK_ID": 9, "FIELDS": {"NAME": "Nothing"}}));
        assert_eq!(caller.refused(method, params).await, "ERROR_IBLOCK_NOT_FOUND");
    }
    caller.call("lists.delete", of_list(json!({"IBLOCK_ID": 1}))).await;
    assert_eq!(values(&caller.call("lists.get", of_list(json!({}))).await, "ID"), ["2"]);
}

#[tokio::test]
async fn elements_belong_to_their_list() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    two_lists(&caller).await;
    for (list, code) in
        [(json!({"IBLOCK_ID": 1}), "a"), (json!({"IBLOCK_CODE": "one"}), "b"), (json!({"IBLOCK_ID": 2}), "a")]
    {
        let mut params: Map<String, Value> = list.as_object().cloned().expect("an object");
        params.insert("ELEMENT_CODE".to_owned(), code.into());
        params.insert("FIELDS".to_owned(), json!({"NAME": code, "PROPERTY_7": 5}));
        let params = of_list(Value::Object(params));
        caller.call("lists.element.add", params.clone()).await;
        assert_eq!(caller.refused("lists.element.add", params).await, "ERROR_ELEMENT_ALREADY_EXISTS");
    }
    for (params, ids) in [
        (json!({"IBLOCK_ID": 1}), vec!["1", "2"]),
        (json!({"IBLOCK_CODE": "two"}), vec!["3"]),
        (json!({"IBLOCK_ID": 1, "ELEMENT_ID": 2}), vec!["2"]),
        (json!({"IBLOCK_ID": 1, "ELEMENT_CODE": "a"}), vec!["1"]),
        (json!({"IBLOCK_ID": 1, "ELEMENT_ID": 3}), vec![]),
    ] {
        let found = caller.whole("lists.element.get", of_list(params)).await;
        assert_eq!(values(&found["result"], "ID"), ids);
        assert_eq!(found["total"], ids.len());
    }
    let change = json!({"IBLOCK_ID": 1, "ELEMENT_ID": 2, "FIELDS": {"NAME": "changed"}});
    caller.call("lists.element.update", of_list(change)).await;
    let found = caller.call("lists.element.get", of_list(json!({"IBLOCK_ID": 1}))).await;
    assert_eq!((values(&found, "NAME"), values(&found, "CODE")), (vec!["a", "changed"], vec!["a", "b"]));
    assert_eq!(found[0]["PROPERTY_7"], 5);
    for method in ["lists.element.update", "lists.element.delete"] {
        for (params, error) in [
            (json!({"IBLOCK_ID": 1, "ELEMENT_ID": 999, "FIELDS": {"NAME": ""}}), "ERROR_ELEMENT_NOT_FOUND"),
            (json!({"IBLOCK_ID": 2, "ELEMENT_ID": 1, "FIELDS": {"NAME": ""}}), "ERROR_ELEMENT_NOT_FOUND"),
            (json!({"IBLOCK_ID": 9, "ELEMENT_ID": 1, "FIELDS": {"NAME": ""}}), "ERROR_IBLOCK_NOT_FOUND"),
        ] {
            assert_eq!(caller.refused(method, of_list(params)).await, error);
        }
    }
    caller.call("lists.element.delete", of_list(json!({"IBLOCK_CODE": "one", "ELEMENT_CODE": "a"}))).await;
    assert_eq!(
        values(&caller.call("lists.element.get", of_list(json!({"IBLOCK_ID": 1}))).await, "ID"),
        ["2"]
    );
    caller.call("lists.delete", of_list(json!({"IBLOCK_ID": 1}))).await;
    assert_eq!(portal.rows("lists.element").len(), 1);
}

#[tokio::test]
async fn sections_and_fields_belong_to_their_list() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    two_lists(&caller).await;
    for code in ["s", "t"] {
        let section = json!({"IBLOCK_ID": 1, "SECTION_CODE": code, "FIELDS": {"NAME": code}});
        caller.call("lists.section.add", of_list(section)).await;
    }
    let change = json!({"IBLOCK_ID": 1, "SECTION_ID": 2, "FIELDS": {"NAME": "changed"}});
    caller.call("lists.section.update", of_list(change)).await;
    let unknown = of_list(json!({"IBLOCK_ID": 1, "SECTION_ID": 9}));
    assert_eq!(caller.refused("lists.section.delete", unknown).await, "ERROR_SECTION_NOT_FOUND");
    caller.call("lists.section.delete", of_list(json!({"IBLOCK_ID": 1, "SECTION_CODE": "s"}))).await;
    let found = caller.call("lists.section.get", of_list(json!({"IBLOCK_ID": 1}))).await;
    assert_eq!((values(&found, "NAME"), values(&found, "CODE")), (vec!["changed"], vec!["t"]));
    assert_eq!(caller.call("lists.section.get", of_list(json!({"IBLOCK_ID": 2}))).await, json!([]));

    let field = |list: i64, kind: &str| {
        of_list(json!({"IBLOCK_ID": list, "FIELDS": {"NAME": "State", "TYPE": kind, "CODE": kind}}))
    };
    assert_eq!(caller.call("lists.field.add", field(1, "L")).await, "PROPERTY_1");
    assert_eq!(caller.call("lists.field.add", field(1, "SORT")).await, "SORT");
    assert_eq!(caller.call("lists.field.add", field(2, "L")).await, "PROPERTY_3");
    assert_eq!(caller.refused("lists.field.add", field(1, "L")).await, "ERROR_SAVE_FIELD");
    let one = of_list(json!({"IBLOCK_ID": 1, "FIELD_ID": "PROPERTY_1"}));
    let found = caller.call("lists.field.get", one.clone()).await;
    assert_eq!((&found["L"]["FIELD_ID"], &found["L"]["NAME"]), (&json!("PROPERTY_1"), &json!("State")));
    let all = caller.call("lists.field.get", of_list(json!({"IBLOCK_ID": 1}))).await;
    assert_eq!(all.as_object().expect("fields").keys().collect::<Vec<_>>(), ["PROPERTY_1", "SORT"]);
    caller.call("lists.field.delete", one.clone()).await;
    assert_eq!(caller.call("lists.field.get", one).await, json!([]));
    let types = caller.call("lists.field.type.get", of_list(json!({"IBLOCK_ID": 1}))).await;
    assert!(types.get("S:employee").is_some() && types.get("PREVIEW_TEXT").is_some(), "{types}");
}

#[tokio::test]
async fn storages_of_an_application_have_their_own_items() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::application(&portal);
    for code in ["dish", "cup"] {
        caller.call("entity.add", json!({"ENTITY": code, "NAME": code, "ACCESS": {"U1": "W"}})).await;
    }
    caller
        .call("entity.item.property.add", json!({"ENTITY": "dish", "PROPERTY": "price", "TYPE": "N"}))
        .await;
    caller.call("entity.item.property.add", json!({"ENTITY": "dish", "PROPERTY": "text", "TYPE": "S"})).await;
    for price in [10, 20] {
        caller
            .call(
                "entity.item.add",
                json!({"ENTITY": "dish", "NAME": "Soup", "PROPERTY_VALUES": {"price": price}}),
            )
            .await;
    }
    let rows =
        caller.call("entity.item.get", json!({"ENTITY": "dish", "FILTER": {">PROPERTY_price": 15}})).await;
    assert_eq!((&rows[0]["PROPERTY_VALUES"], &rows[1]), (&json!({"price": 20}), &Value::Null));
    let one = caller.call("entity.item.property.get", json!({"ENTITY": "dish", "PROPERTY": "text"})).await;
    assert_eq!((&one["PROPERTY"], &one["TYPE"]), (&json!("text"), &json!("S")));
    assert_eq!(caller.call("entity.rights", json!({"ENTITY": "dish"})).await, json!({"U1": "W"}));
    assert_eq!(caller.call("entity.rights", json!({"ENTITY": "nosuch"})).await, Value::Null);
    for (method, params, error) in [
        ("entity.add", json!({"ENTITY": "cup", "NAME": "again"}), "ERROR_ENTITY_ALREADY_EXISTS"),
        ("entity.update", json!({"ENTITY": "dish", "ENTITY_NEW": "cup"}), "ERROR_ENTITY_ALREADY_EXISTS"),
        (
            "entity.item.property.add",
            json!({"ENTITY": "dish", "PROPERTY": "text"}),
            "ERROR_PROPERTY_ALREADY_EXISTS",
        ),
        (
            "entity.item.property.delete",
            json!({"ENTITY": "cup", "PROPERTY": "text"}),
            "ERROR_PROPERTY_NOT_FOUND",
        ),
        ("entity.item.add", json!({"ENTITY": "nosuch", "NAME": "x"}), "ERROR_ENTITY_NOT_FOUND"),
        ("entity.item.get", json!({"ENTITY": "nosuch"}), "ERROR_ENTITY_NOT_FOUND"),
        ("entity.section.add", json!({"ENTITY": "nosuch", "NAME": "x"}), "ERROR_ENTITY_NOT_FOUND"),
        ("entity.item.update", json!({"ENTITY": "cup", "ID": 1, "NAME": "x"}), "ERROR_ITEM_NOT_FOUND"),
        ("entity.item.delete", json!({"ENTITY": "dish", "ID": 9}), "ERROR_ITEM_NOT_FOUND"),
        ("entity.section.delete", json!({"ENTITY": "dish", "ID": 9}), "ERROR_SECTION_NOT_FOUND"),
    ] {
        assert_eq!(caller.refused(method, params).await, error, "{method}");
    }
    caller.call("entity.update", json!({"ENTITY": "dish", "ENTITY_NEW": "plate", "NAME": "Plates"})).await;
    let storages = caller.call("entity.get", json!({})).await;
    assert_eq!(
        (values(&storages, "ENTITY"), values(&storages, "ID")),
        (vec!["plate", "cup"], vec!["1", "2"])
    );
    assert_eq!(caller.call("entity.get", json!({"ENTITY": "plate"})).await["IBLOCK_TYPE_ID"], "rest_entity");
    assert_eq!(caller.whole("entity.item.get", json!({"ENTITY": "plate"})).await["total"], 2);
    caller.call("entity.delete", json!({"ENTITY": "plate"})).await;
    assert!(portal.rows("entity.item").is_empty());
}

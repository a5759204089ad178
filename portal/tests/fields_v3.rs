//! Descriptions of fields in REST 3.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

#[tokio::test]
async fn fields_are_described_as_pages_show_them() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let list = caller.v3("timeman.record.field.list", json!({})).await;
    let names: Vec<&str> =
        list["items"].as_array().expect("fields").iter().filter_map(|field| field["name"].as_str()).collect();
    assert_eq!(
        names,
        ["id", "userId", "startTime", "endTime", "duration", "breakLength", "state", "isApproved"]
    );
    let user = &list["items"][1];
    assert_eq!(
        (&user["type"], &user["filterable"], &user["sortable"], &user["multiple"]),
        (&json!("int"), &json!(true), &json!(true), &json!(false)),
        "{user}"
    );
    let id = &list["items"][0];
    assert_eq!((&id["filterable"], &id["sortable"]), (&json!(false), &json!(true)), "{id}");
    let one = caller
        .v3("timeman.record.field.get", json!({"name": "userId", "select": ["type", "filterable"]}))
        .await;
    assert_eq!(one, json!({"item": {"type": "int", "filterable": true}}));
    let tasks = caller.v3("tasks.task.field.list", json!({"select": ["name", "type"]})).await;
    let has = |name: &str, kind: &str| {
        let field = json!({"name": name, "type": kind});
        tasks["items"].as_array().expect("fields").contains(&field)
    };
    assert!(has("id", "int") && has("title", "string") && has("deadline", "object"), "{tasks}");
    assert!(!has("nothing", "string"));
}

#[tokio::test]
async fn every_described_field_can_be_read_by_its_name() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let prefixes = [
        "humanresources.employee",
        "humanresources.node",
        "mail.mailbox",
        "mail.message",
        "mail.recipient",
        "main.eventlog",
        "note.collection",
        "note.document",
        "note.document.search",
        "note.document.tree",
        "note.file",
        "tasks.task",
        "tasks.task.access",
        "tasks.task.chat.message",
        "tasks.task.file",
        "timeman.record",
    ];
    for prefix in prefixes {
        let list = caller.v3(&format!("{prefix}.field.list"), json!({})).await;
        let fields = list["items"].as_array().expect("fields");
        assert!(!fields.is_empty(), "{prefix}");
        for field in fields {
            let one = caller.v3(&format!("{prefix}.field.get"), json!({"name": field["name"]})).await;
            assert_eq!(one["item"]["type"], field["type"], "{prefix}");
        }
    }
}

#[tokio::test]
async fn fields_that_do_not_exist_are_refused() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let code = async |params: Value| {
        let (status, body) = caller.v3_whole("main.eventlog.field.get", params).await;
        (status, body["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    let unknown = code(json!({"name": "nothing"})).await;
    assert_eq!(unknown, (400, "BITRIX_REST_V3_REALISATION_EXCEPTION_FIELDNOTFOUNDEXCEPTION".to_owned()));
    let select = code(json!({"name": "id", "select": ["nothing"]})).await;
    assert_eq!(select, (400, "BITRIX_REST_V3_EXCEPTION_UNKNOWNDTOPROPERTYEXCEPTION".to_owned()));
}

#[tokio::test]
async fn entries_of_the_log_are_read_after_a_cursor() {
    let portal = Portal::builder().rows("main.eventlog", 7).start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let ids = async |cursor: Value| {
        let found = caller.v3("main.eventlog.tail", json!({"cursor": cursor})).await;
        let items = found["items"].as_array().expect("rows").clone();
        items.iter().filter_map(|item| item["id"].as_i64()).collect::<Vec<_>>()
    };
    assert_eq!(ids(json!({"field": "id", "order": "ASC", "value": 3, "limit": 2})).await, [4, 5]);
    assert_eq!(ids(json!({"field": "id", "order": "ASC", "value": 5, "limit": 50})).await, [6, 7]);
    assert_eq!(ids(json!({"field": "id", "order": "DESC", "value": 3, "limit": 50})).await, [2, 1]);
    assert_eq!(ids(json!({"field": "id", "order": "ASC", "value": 7, "limit": 50})).await, Vec::<i64>::new());
    let unknown = json!({"cursor": {"field": "nothing", "value": 1}});
    assert_eq!(caller.v3_whole("main.eventlog.tail", unknown).await.0, 400);
}

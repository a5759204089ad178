//! Tasks of REST 3: the same rows as those of REST 2, with the words and the errors of REST 3.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

const REQUEST: &str = "VALIDATION_REQUESTVALIDATIONEXCEPTION";
const DTO: &str = "VALIDATION_DTOVALIDATIONEXCEPTION";

/// The end of the code of an error, and the field that is wrong.
async fn refused(caller: &Caller, method: &str, params: Value) -> (String, String) {
    let (status, body) = caller.v3_whole(method, params.clone()).await;
    assert!(status >= 400, "{method} {params}: {body}");
    let code = body["error"]["code"].as_str().unwrap_or_default();
    let code = code.strip_prefix("BITRIX_REST_V3_EXCEPTION_").unwrap_or(code);
    let field = body["error"]["validation"][0]["field"].as_str().unwrap_or_default();
    (code.to_owned(), field.to_owned())
}

/// A portal with two tasks.
async fn two_tasks() -> (Portal, Caller) {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for title in ["Sweep", "Paint"] {
        let fields = json!({"title": title, "creatorId": 1, "responsibleId": 1, "priority": "high"});
        caller.v3("tasks.task.add", json!({"fields": fields})).await;
    }
    (portal, caller)
}

#[tokio::test]
async fn words_of_rest_3_are_numbers_in_rest_2() {
    let (_portal, caller) = two_tasks().await;
    let select = json!({"taskId": 1, "select": ["ID", "STATUS", "PRIORITY", "CREATED_BY"]});
    let in_v2 = async || caller.call("tasks.task.get", select.clone()).await["task"].clone();
    assert_eq!(in_v2().await, json!({"id": "1", "status": "2", "priority": "2", "createdBy": "1"}));
    let in_v3 = async || {
        let task = caller.v3("tasks.task.get", json!({"id": 1, "select": ["status", "priority"]})).await;
        task["item"].clone()
    };
    assert_eq!(in_v3().await, json!({"id": 1, "status": "pending", "priority": "high"}));
    caller.call("tasks.task.start", json!({"taskId": 1})).await;
    assert_eq!(in_v3().await["status"], "in_progress");
    let fields = json!({"priority": "low", "status": "deferred"});
    let updated = caller.v3("tasks.task.update", json!({"id": 1, "fields": fields})).await;
    assert_eq!(updated, json!({"result": true}));
    assert_eq!((&in_v2().await["status"], &in_v2().await["priority"]), (&json!("6"), &json!("0")));
}

#[tokio::test]
async fn tasks_have_a_basic_set_of_fields_and_further_ones_by_selection() {
    let (_portal, caller) = two_tasks().await;
    let task = caller.v3("tasks.task.get", json!({"id": 1})).await["item"].clone();
    for (field, wanted) in [
        ("deadline", json!(null)),
        ("parentId", json!(null)),
        ("durationType", json!("days")),
        ("mark", json!("none")),
        ("checklist", json!([])),
        ("scenarios", json!(["default"])),
    ] {
        assert_eq!(task[field], wanted, "{field} of {task}");
    }
    assert_eq!((&task["rights"]["complete"], &task["rights"]["renew"]), (&json!(true), &json!(false)));
    for absent in ["creatorId", "responsibleId", "responsible", "group", "accomplices"] {
        assert!(task.get(absent).is_none(), "{absent} of {task}");
    }
    let select = json!(["responsible.name", "responsible.email", "creator.id"]);
    let task = caller.v3("tasks.task.get", json!({"id": 1, "select": select})).await["item"].clone();
    let responsible = json!({"name": "Ada Adler", "email": "ada.adler@example.com"});
    assert_eq!(task, json!({"id": 1, "responsible": responsible, "creator": {"id": 1}}));
    let list = caller.v3("tasks.task.list", json!({})).await;
    assert_eq!(list, json!({"items": [{"id": 1}, {"id": 2}]}));
    let by_title = json!({"select": ["title"], "order": {"title": "ASC"}});
    let list = caller.v3("tasks.task.list", by_title).await;
    assert_eq!(list["items"], json!([{"id": 2, "title": "Paint"}, {"id": 1, "title": "Sweep"}]));
}

#[tokio::test]
async fn requests_about_tasks_are_checked() {
    let (_portal, caller) = two_tasks().await;
    let add = |field: &str, value: Value| {
        let mut fields = json!({"title": "x", "creatorId": 1, "responsibleId": 1});
        fields[field] = value;
        ("tasks.task.add", json!({"fields": fields}))
    };
    let update = |id: i64, fields: Value| ("tasks.task.update", json!({"id": id, "fields": fields}));
    for ((method, params), code, field) in [
        (add("colour", json!(1)), "UNKNOWNDTOPROPERTYEXCEPTION", ""),
        (add("deadline", json!("abc")), REQUEST, "deadline"),
        (add("responsibleId", json!(99)), REQUEST, "responsibleId"),
        (add("creatorId", json!(99)), REQUEST, "creatorId"),
        (add("parentId", json!(99)), REQUEST, "parentId"),
        (add("priority", json!("urgent")), REQUEST, "priority"),
        (update(1, json!({"creatorId": 1})), REQUEST, "creatorId"),
        (update(1, json!({"parentId": 1})), REQUEST, "parentId"),
        (update(9, json!({"title": "x"})), "ACCESSDENIEDEXCEPTION", ""),
        (("tasks.task.delete", json!({"id": 9})), "ACCESSDENIEDEXCEPTION", ""),
        (("tasks.task.get", json!({"id": 9})), "ENTITYNOTFOUNDEXCEPTION", ""),
        (("tasks.task.get", json!({"id": 1, "select": ["foo"]})), "UNKNOWNDTOPROPERTYEXCEPTION", ""),
        (("tasks.task.get", json!({"id": 1, "select": ["group.foo"]})), "UNKNOWNDTOPROPERTYEXCEPTION", ""),
        (("humanresources.node.get", json!({"id": 1, "select": "id"})), "INVALIDSELECTEXCEPTION", ""),
        (("tasks.task.list", json!({"filter": [["title", "x"]]})), REQUEST, "title"),
        (("tasks.task.list", json!({"order": {"id": "UP"}})), "INVALIDORDEREXCEPTION", ""),
        (("tasks.task.list", json!({"pagination": {"limit": "abc"}})), "INVALIDPAGINATIONEXCEPTION", ""),
        (("tasks.task.file.attach", json!({"taskId": 1, "fileIds": [99]})), REQUEST, "fileIds"),
        (("tasks.task.result.add", json!({"fields": {"taskId": 1}})), DTO, "text"),
        (("tasks.task.result.add", json!({"fields": {"taskId": 9, "text": "x"}})), DTO, "taskId"),
        (
            ("tasks.task.result.list", json!({"filter": [["id", 1]]})),
            "VALIDATION_REQUESTFILTERVALIDATIONEXCEPTION",
            "",
        ),
        (
            (
                "main.eventlog.tail",
                json!({"filter": [["id", ">", 1]], "cursor": {"field": "id", "value": 0}}),
            ),
            "INVALIDFILTEREXCEPTION",
            "",
        ),
        (("timeman.record.list", json!({"filter": []})), REQUEST, "filter.userId"),
        (
            ("tasks.task.result.list", json!({"filter": [["taskId", "~", 1]]})),
            "UNKNOWNFILTEROPERATOREXCEPTION",
            "",
        ),
        (
            ("tasks.task.result.list", json!({"filter": [["taskId", 1]], "order": {"foo": "ASC"}})),
            "UNKNOWNDTOPROPERTYEXCEPTION",
            "",
        ),
    ] {
        let found = refused(&caller, method, params.clone()).await;
        assert_eq!((found.0.as_str(), found.1.as_str()), (code, field), "{method} {params}");
    }
}

#[tokio::test]
async fn all_missing_fields_are_named() {
    let (_portal, caller) = two_tasks().await;
    let (_, body) = caller.v3_whole("tasks.task.add", json!({"fields": {"title": "x"}})).await;
    let fields: Vec<&Value> =
        body["error"]["validation"].as_array().expect("fields").iter().map(|one| &one["field"]).collect();
    assert_eq!(fields, [&json!("creatorId"), &json!("responsibleId")], "{body}");
}

#[tokio::test]
async fn tasks_have_files_a_chat_and_results() {
    let (_portal, caller) = two_tasks().await;
    let file = json!({"id": 1, "data": {"NAME": "a.txt"}, "fileContent": ["a.txt", "aGVsbG8="]});
    let file = caller.call("disk.folder.uploadfile", file).await["ID"].clone();
    let attach = json!({"taskId": 2, "fileIds": [file]});
    assert_eq!(caller.v3("tasks.task.file.attach", attach).await, json!({"result": true}));
    let send = |task: i64| json!({"fields": {"taskId": task, "text": "Ready"}});
    assert_eq!(caller.v3("tasks.task.chat.message.send", send(2)).await, json!({"result": true}));
    let (code, _) = refused(&caller, "tasks.task.chat.message.send", send(9)).await;
    assert_eq!(code, "ACCESSDENIEDEXCEPTION");
    let select = json!({"id": 2, "select": ["fileIds", "chatId", "containsResults"]});
    let task = async || caller.v3("tasks.task.get", select.clone()).await["item"].clone();
    let file = file.as_i64().expect("a number");
    assert_eq!(task().await, json!({"id": 2, "fileIds": [file], "chatId": 1, "containsResults": false}));
    let messages = caller.call("im.dialog.messages.get", json!({"DIALOG_ID": "chat1"})).await;
    assert_eq!(messages["messages"][0]["text"], "Ready", "{messages}");

    let fields = json!({"taskId": 2, "text": "Done"});
    let result = caller.v3("tasks.task.result.add", json!({"fields": fields})).await["item"].clone();
    assert_eq!((&result["status"], &result["updatedAt"]), (&json!("open"), &json!(null)), "{result}");
    assert_eq!((&result["authorId"], &result["rights"]["edit"]), (&json!(1), &json!(true)));
    let from_chat = json!({"fields": {"messageId": 1}});
    let result = caller.v3("tasks.task.result.addfromchatmessage", from_chat).await["item"].clone();
    assert_eq!((&result["taskId"], &result["text"]), (&json!(2), &json!("Ready")), "{result}");
    let list = caller.v3("tasks.task.result.list", json!({"filter": [["taskId", 2]]})).await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2), "{list}");
    assert_eq!(task().await["containsResults"], true);
    let access = caller.v3("tasks.task.access.get", json!({"id": 2})).await;
    assert_eq!((&access["start"], &access["pause"]), (&json!(true), &json!(false)), "{access}");
}

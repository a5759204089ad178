//! Departments with their members, notes and mail of REST 3.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

const REQUEST: &str = "BITRIX_REST_V3_EXCEPTION_VALIDATION_REQUESTVALIDATIONEXCEPTION";
const DTO: &str = "BITRIX_REST_V3_EXCEPTION_VALIDATION_DTOVALIDATIONEXCEPTION";
const NOT_FOUND: &str = "BITRIX_REST_V3_EXCEPTION_ENTITYNOTFOUNDEXCEPTION";

async fn code(caller: &Caller, method: &str, params: Value) -> String {
    let (_, body) = caller.v3_whole(method, params).await;
    body["error"]["code"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn departments_have_members_with_roles() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let first = caller.v3("humanresources.node.list", json!({"type": "DEPARTMENT"})).await;
    assert_eq!((&first["items"][0]["name"], &first["items"][0]["userCount"]), (&json!("Company"), &json!(1)));
    let users = json!({"MEMBER_HEAD": [1], "MEMBER_EMPLOYEE": [7, 8]});
    let node = json!({"type": "DEPARTMENT", "name": "Yard", "parentId": 1, "userIds": users});
    let node = caller.v3("humanresources.node.add", node).await;
    assert_eq!((&node["accessCode"], &node["userCount"]), (&json!("DR2"), &json!(3)), "{node}");
    assert_eq!(
        (&node["members"][0]["name"], &node["members"][0]["role"]),
        (&json!("Ada Adler"), &json!("MEMBER_HEAD"))
    );
    let children = caller.v3("humanresources.node.children", json!({"id": 1, "select": ["name"]})).await;
    assert_eq!(children, json!({"items": [{"id": 2, "name": "Yard"}]}));
    let counts = caller.v3("humanresources.node.count", json!({})).await;
    assert_eq!(counts, json!({"departments": 2, "teams": 0}));

    let found = async |name: &str| {
        let params = json!({"name": name, "select": ["name", "departments"]});
        caller.v3("humanresources.employee.search", params).await["items"].clone()
    };
    let departments = json!([{"id": 1, "name": "Company"}, {"id": 2, "name": "Yard"}]);
    assert_eq!(found("ada").await, json!([{"userId": 1, "name": "Ada Adler", "departments": departments}]));
    assert_eq!(found("zed").await, json!([]));
    let several = caller.v3("humanresources.employee.multidepartment", json!({})).await;
    assert_eq!((&several["total"], &several["employees"][0]["userId"]), (&json!(1), &json!(1)), "{several}");
    let below = caller.v3("humanresources.employee.subordinates", json!({"id": 1})).await;
    let yard = json!({"nodeId": 2, "name": "Yard", "role": "HEAD", "subordinatesCount": 2});
    assert_eq!((&below["userId"], &below["departments"][1]), (&json!(1), &yard), "{below}");
    assert_eq!(caller.v3("humanresources.employee.count", json!({})).await, json!({"total": 1}));

    let success = json!({"success": true});
    let set = json!({"nodeId": 2, "userIds": {"MEMBER_HEAD": [7]}});
    assert_eq!(caller.v3("humanresources.node.member.set", set).await, success);
    let move_to = json!({"nodeId": 2, "userIds": [1]});
    assert_eq!(caller.v3("humanresources.node.member.move", move_to).await, success);
    let node = caller.v3("humanresources.node.get", json!({"id": 2})).await["item"].clone();
    let roles: Vec<&Value> =
        node["members"].as_array().expect("rows").iter().map(|row| &row["role"]).collect();
    assert_eq!(roles, [&json!("MEMBER_HEAD"), &json!("MEMBER_EMPLOYEE")]);
    let bind = json!({"nodeId": 2, "communicationType": "CHAT", "ids": [5]});
    assert_eq!(caller.v3("humanresources.node.communication.edit", bind).await, success);
    let bound = caller.v3("humanresources.node.communication.list", json!({"id": 2})).await;
    assert_eq!((&bound["chats"][0]["id"], &bound["channels"]), (&json!(5), &json!([])), "{bound}");
    for (method, params, wanted) in [
        ("node.list", json!({"type": "FOO"}), REQUEST),
        ("node.add", json!({"type": "TEAM", "name": "x", "parentId": 9}), REQUEST),
        ("node.edit", json!({"id": 2, "colorName": "black"}), REQUEST),
        ("node.member.add", json!({"nodeId": 2, "userIds": [1], "role": "FOO"}), REQUEST),
        ("node.member.add", json!({"nodeId": 9, "userIds": [1], "role": "MEMBER_HEAD"}), NOT_FOUND),
        ("node.communication.list", json!({"id": 9}), NOT_FOUND),
    ] {
        let method = format!("humanresources.{method}");
        assert_eq!(code(&caller, &method, params.clone()).await, wanted, "{method} {params}");
    }
}

#[tokio::test]
async fn documents_are_in_collections_and_below_each_other() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let collection =
        caller.v3("note.collection.add", json!({"fields": {"name": "Yard"}})).await["item"].clone();
    assert_eq!((&collection["position"], &collection["policyLevel"]), (&json!(0), &json!("view")));
    caller.v3("note.document.add", json!({"fields": {"collectionId": 1, "title": "Broom"}})).await;
    let below = json!({"collectionId": 1, "title": "Handle", "parentId": 1});
    caller.v3("note.document.add", json!({"fields": below})).await;
    let tree = caller.v3("note.document.tree.list", json!({"collectionId": 1})).await;
    assert_eq!(
        (&tree["items"][0]["children"][0]["title"], &tree["truncated"]),
        (&json!("Handle"), &json!(false))
    );
    assert_eq!(tree["items"].as_array().map(Vec::len), Some(1), "{tree}");
    let file = json!({"documentId": 1, "fileName": "a.png", "fileContent": "aGVsbG8="});
    let file = caller.v3("note.file.add", file).await["item"].clone();
    assert_eq!((&file["name"], &file["size"], &file["documentId"]), (&json!("a.png"), &json!(5), &json!(1)));
    for (method, params, wanted) in [
        ("collection.add", json!({"fields": {}}), DTO),
        ("collection.add", json!({"fields": {"name": ""}}), DTO),
        ("collection.add", json!({"fields": {"name": "x".repeat(256)}}), DTO),
        ("document.add", json!({"fields": {"collectionId": 9, "title": "x"}}), NOT_FOUND),
        (
            "document.add",
            json!({"fields": {"collectionId": 1, "title": "x", "parentId": 9}}),
            "NOTE_INVALID_PARENT",
        ),
        ("document.search.list", json!({"query": "ab"}), "NOTE_SEARCH_QUERY_TOO_SHORT"),
        ("document.search.list", json!({"query": "x".repeat(201)}), "NOTE_SEARCH_QUERY_TOO_LONG"),
        ("collection.archive", json!({"id": 9}), NOT_FOUND),
    ] {
        let method = format!("note.{method}");
        assert_eq!(code(&caller, &method, params.clone()).await, wanted, "{method} {params}");
    }
    assert_eq!(caller.v3("note.document.archive", json!({"id": 1})).await, json!({"result": true}));
    assert_eq!(code(&caller, "note.document.get", json!({"id": 2})).await, NOT_FOUND);
}

#[tokio::test]
async fn results_of_mail_say_what_was_asked() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let mail = json!({"from": "a@example.com", "to": ["b@example.com"], "subject": "Gate", "body": "Open"});
    let sent = caller.v3("mail.message.send", mail).await;
    assert_eq!(sent, json!({"success": true, "to": ["b@example.com"]}));
    let moved = caller.v3("mail.message.movetofolder", json!({"messageIds": [5, 6], "action": "spam"})).await;
    assert_eq!(moved, json!({"success": true, "movedCount": 2, "action": "spam"}));
    let found = caller.v3("mail.recipient.listemployees", json!({"query": "ada"})).await;
    let ada = json!({"id": 1, "email": "ada.adler@example.com", "name": "Ada Adler"});
    assert_eq!(found["items"], json!([ada]));
    let found = caller.v3("mail.recipient.listemployees", json!({"query": "zed"})).await;
    assert_eq!(found["items"], json!([]));
    let task = caller.v3("mail.message.createtask", json!({"messageId": 5, "title": "Answer"})).await;
    assert_eq!(task, json!({"success": true, "taskId": 1, "messageId": 5}));
    assert_eq!(caller.v3("tasks.task.get", json!({"id": 1})).await["item"]["title"], "Answer");
}

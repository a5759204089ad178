//! Families whose rows several prefixes share, and methods that set what their names say.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

#[tokio::test]
async fn universal_items_are_the_rows_of_their_kinds() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let kinds = [
        (2, "crm.deal", "TITLE"),
        (3, "crm.contact", "NAME"),
        (4, "crm.company", "TITLE"),
        (1, "crm.lead", "TITLE"),
    ];
    for (kind, prefix, name) in kinds {
        let fields = json!({name: "Gate", "UF_CRM_COLOR": "red"});
        let id = caller.call(&format!("{prefix}.add"), json!({"fields": fields})).await;
        let item = caller.call("crm.item.get", json!({"entityTypeId": kind, "id": id})).await["item"].clone();
        let field = name.to_lowercase();
        assert_eq!(
            (&item["id"], &item[&field], &item["ufCrmColor"], &item["entityTypeId"]),
            (&id, &json!("Gate"), &json!("red"), &json!(kind)),
            "{item}"
        );
        let row = caller.call(&format!("{prefix}.get"), json!({"id": id})).await;
        assert_eq!(
            (&item["createdTime"], &row["UF_CRM_COLOR"]),
            (&row["DATE_CREATE"], &json!("red")),
            "{row}"
        );
        let added = caller
            .call("crm.item.add", json!({"entityTypeId": kind, "fields": {field.as_str(): "Door"}}))
            .await;
        assert_eq!(added["item"]["id"], 2);
        let list = caller
            .whole(&format!("{prefix}.list"), json!({"filter": {name: "Door"}, "select": ["ID", name]}))
            .await;
        assert_eq!(
            (&list["total"], &list["result"]),
            (&json!(1), &json!([{"ID": "2", name: "Door"}])),
            "{list}"
        );
        let params =
            json!({"entityTypeId": kind, "filter": {format!("%{field}"): "a"}, "order": {"id": "desc"}});
        assert_eq!(caller.whole("crm.item.list", params).await["total"], 1);
        caller.call("crm.item.delete", json!({"entityTypeId": kind, "id": id})).await;
        assert_eq!(caller.whole(&format!("{prefix}.list"), json!({})).await["total"], 1, "{prefix}");
    }
    // A kind whose fields have other names: the stage of a lead is its status.
    caller
        .call("crm.item.update", json!({"entityTypeId": 1, "id": 2, "fields": {"stageId": "IN_PROCESS"}}))
        .await;
    assert_eq!(caller.call("crm.lead.get", json!({"id": 2})).await["STATUS_ID"], "IN_PROCESS");
    caller.call("crm.lead.update", json!({"id": 2, "fields": {"STATUS_ID": "NEW"}})).await;
    let item = caller.call("crm.item.get", json!({"entityTypeId": 1, "id": 2})).await;
    assert_eq!(item["item"]["stageId"], "NEW");
}

#[tokio::test]
async fn tasks_go_from_status_to_status() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let task =
        caller.call("tasks.task.add", json!({"fields": {"TITLE": "Sweep", "RESPONSIBLE_ID": 1}})).await;
    assert_eq!(task["task"]["status"], "2");
    for (method, status) in [
        ("start", "3"),
        ("pause", "2"),
        ("defer", "6"),
        ("renew", "2"),
        ("complete", "5"),
        ("disapprove", "2"),
        ("approve", "5"),
    ] {
        let changed = caller.call(&format!("tasks.task.{method}"), json!({"taskId": 1})).await;
        assert_eq!(changed["task"]["status"], status, "{method}");
        let found = caller
            .call("tasks.task.get", json!({"taskId": 1, "select": ["ID", "STATUS", "CLOSED_DATE"]}))
            .await;
        assert_eq!(found["task"]["status"], status, "{method}");
        assert_eq!(
            found["task"]["closedDate"].as_str().is_some_and(|date| !date.is_empty()),
            status == "5",
            "{found}"
        );
    }
    caller.call("tasks.task.delegate", json!({"taskId": 1, "userId": 7})).await;
    let found = caller.whole("tasks.task.list", json!({"filter": {"RESPONSIBLE_ID": 7, "STATUS": 5}})).await;
    assert_eq!(found["total"], 1);
    caller.call("tasks.task.pin", json!({"id": 1})).await;
    assert_eq!(portal.rows("tasks.task")[0]["isPinned"], true);
    caller.call("task.item.startexecution", json!({"TASKID": 1})).await;
    assert_eq!(caller.call("tasks.task.get", json!({"taskId": 1})).await["task"]["status"], "3");
    let item = caller.call("task.checklistitem.add", json!([1, {"TITLE": "Corner"}])).await;
    caller.call("task.checklistitem.complete", json!({"TASKID": 1, "ITEMID": item})).await;
    let items = caller.call("task.checklistitem.getlist", json!({"TASKID": 1})).await;
    assert_eq!((&items[0]["TITLE"], &items[0]["IS_COMPLETE"]), (&json!("Corner"), &json!("Y")));
}

#[tokio::test]
async fn chats_have_messages() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let chat = caller.call("im.chat.add", json!({"TITLE": "Yard", "USERS": [1, 2]})).await;
    let dialog = format!("chat{chat}");
    for text in ["one", "two", "three"] {
        caller.call("im.message.add", json!({"DIALOG_ID": dialog, "MESSAGE": text})).await;
    }
    caller.call("im.message.add", json!({"DIALOG_ID": "1", "MESSAGE": "elsewhere"})).await;
    caller.call("im.message.update", json!({"MESSAGE_ID": 2, "MESSAGE": "second"})).await;
    caller.call("im.message.delete", json!({"MESSAGE_ID": 1})).await;
    let found = caller.call("im.dialog.messages.get", json!({"DIALOG_ID": dialog, "FIRST_ID": 0})).await;
    let mut texts: Vec<&str> =
        found["messages"].as_array().expect("rows").iter().filter_map(|row| row["text"].as_str()).collect();
    texts.sort_unstable();
    assert_eq!((texts, &found["chat_id"]), (vec!["second", "three"], &chat), "{found}");
    caller.call("im.chat.updateTitle", json!({"CHAT_ID": chat, "TITLE": "Garden"})).await;
    assert_eq!(caller.call("im.dialog.get", json!({"DIALOG_ID": dialog})).await["name"], "Garden");
}

#[tokio::test]
async fn links_notes_and_todos_are_kept() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for title in ["Gate", "Fence"] {
        caller.call("crm.deal.add", json!({"fields": {"TITLE": title}})).await;
    }
    for contact in [3, 4] {
        let fields = json!({"CONTACT_ID": contact, "IS_PRIMARY": "N", "SORT": 10});
        assert_eq!(caller.call("crm.deal.contact.add", json!({"id": 1, "fields": fields})).await, true);
    }
    caller.call("crm.deal.contact.delete", json!({"id": 1, "fields": {"CONTACT_ID": 3}})).await;
    let contacts = caller.call("crm.deal.contact.items.get", json!({"id": 1})).await;
    assert_eq!(
        (contacts.as_array().map(Vec::len), contacts[0]["CONTACT_ID"].to_string().trim_matches('"')),
        (Some(1), "4")
    );
    assert_eq!(caller.call("crm.deal.contact.items.get", json!({"id": 2})).await, json!([]));
    let todo =
        json!({"ownerTypeId": 2, "ownerId": 1, "deadline": "2026-12-01T10:00:00+03:00", "title": "Call"});
    let id = caller.call("crm.activity.todo.add", todo).await["id"].clone();
    let params = json!({"id": id, "ownerTypeId": 2, "ownerId": 1, "value": "2026-12-02T10:00:00+03:00"});
    caller.call("crm.activity.todo.updateDeadline", params).await;
    let activity = caller.call("crm.activity.get", json!({"id": id})).await;
    assert_eq!(
        (&activity["SUBJECT"], &activity["DEADLINE"]),
        (&json!("Call"), &json!("2026-12-02T10:00:00+03:00"))
    );
    let item = json!({"ownerTypeId": 2, "ownerId": 1, "itemType": 1, "itemId": 5, "text": "Careful"});
    caller.call("crm.timeline.note.save", item.clone()).await;
    assert_eq!(caller.call("crm.timeline.note.get", item).await["text"], "Careful");
    assert_eq!(caller.call("user.current", json!({})).await["ID"], "1");
    let id = caller.call("user.add", json!({"EMAIL": "b@example.com", "NAME": "Boris"})).await;
    assert_eq!(
        (&id, &caller.call("user.get", json!({"ID": 2})).await[0]["NAME"]),
        (&json!(2), &json!("Boris"))
    );
    caller.call("timeman.open", json!({})).await;
    assert_eq!(caller.call("timeman.status", json!({})).await["STATUS"], "OPENED");
}

#[tokio::test]
async fn lists_are_cut_sorted_and_counted_as_by_a_portal() {
    let portal = Portal::builder().rows("crm.deal", 130).start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let ids = |body: &Value| -> Vec<i64> {
        let rows = body["result"].as_array().expect("rows").iter();
        rows.map(|row| row["ID"].as_str().expect("a text").parse().expect("a number")).collect()
    };
    let list = |params: Value| caller.whole("crm.deal.list", params);
    let first = list(json!({})).await;
    assert_eq!((ids(&first), &first["total"], &first["next"]), ((1..=50).collect(), &json!(130), &json!(50)));
    // A portal begins at full pages.
    let second = list(json!({"start": 99})).await;
    assert_eq!((ids(&second), &second["next"]), ((51..=100).collect(), &json!(100)));
    let last = list(json!({"start": 100, "order": {"ID": "DESC"}})).await;
    assert_eq!((ids(&last), last.get("next")), ((1..=30).rev().collect(), None));
    let after = list(json!({"start": 150})).await;
    assert_eq!((&after["result"], &after["total"], after.get("next")), (&json!([]), &json!(130), None));
    let uncounted = list(json!({"start": -1, "filter": {">ID": 120}})).await;
    assert_eq!(
        (ids(&uncounted), &uncounted["total"], uncounted.get("next")),
        ((121..=130).collect(), &json!(0), None)
    );
    // Equal values are in the order of identifiers, in both directions.
    for direction in ["ASC", "DESC"] {
        let same =
            list(json!({"order": {"CLOSED": direction, "ID": direction}, "select": ["ID", "CLOSED"]})).await;
        let rows = same["result"].as_array().expect("rows");
        let closed: Vec<&str> = rows.iter().filter_map(|row| row["CLOSED"].as_str()).collect();
        let sorted = if direction == "ASC" { closed.is_sorted() } else { closed.iter().rev().is_sorted() };
        assert!(sorted, "{closed:?}");
        let first: Vec<i64> = ids(&same)
            .into_iter()
            .zip(&closed)
            .filter(|(_, flag)| **flag == closed[0])
            .map(|(id, _)| id)
            .collect();
        assert!(
            if direction == "ASC" { first.is_sorted() } else { first.iter().rev().is_sorted() },
            "{first:?}"
        );
    }
    let selected = list(json!({"select": ["TITLE"], "filter": {"@ID": [3, 4], "!ID": 4}})).await;
    assert_eq!(selected["result"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        selected["result"][0].as_object().map(|row| row.keys().cloned().collect()),
        Some(vec!["ID".to_owned(), "TITLE".to_owned()])
    );
}

//! Tasks of REST 2, and what belongs to them.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

/// A portal with two tasks.
async fn two_tasks() -> (Portal, Caller) {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for title in ["Sweep", "Paint"] {
        caller.call("tasks.task.add", json!({"fields": {"TITLE": title, "RESPONSIBLE_ID": 1}})).await;
    }
    (portal, caller)
}

/// The values of a field in a list of rows.
fn values(rows: &Value, field: &str) -> Vec<String> {
    let rows = rows.as_array().into_iter().flatten();
    rows.map(|row| row[field].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn records_of_time_are_chosen_by_their_identifiers() {
    let (_portal, caller) = two_tasks().await;
    for task in [1, 2, 2] {
        let fields = json!({"SECONDS": 3600, "COMMENT_TEXT": "Swept"});
        caller.call("task.elapseditem.add", json!({"TASKID": task, "ARFIELDS": fields})).await;
    }
    let one = caller.call("task.elapseditem.get", json!({"TASKID": 2, "ITEMID": 3})).await;
    assert_eq!(values(&one, "ID"), ["3"], "{one}");
    assert_eq!(
        (&one[0]["MINUTES"], &one[0]["USER_ID"], &one[0]["SOURCE"]),
        (&json!("60"), &json!("1"), &json!("2"))
    );
    caller.call("task.elapseditem.delete", json!({"TASKID": 2, "ITEMID": 2})).await;
    let gone = caller.call("task.elapseditem.get", json!({"TASKID": 2, "ITEMID": 2})).await;
    assert_eq!(gone, json!([]));
}

#[tokio::test]
async fn items_of_checklists_have_an_order_and_a_list() {
    let (_portal, caller) = two_tasks().await;
    for title in ["List", "Corner", "Door"] {
        let fields = json!({"TITLE": title});
        caller.call("task.checklistitem.add", json!({"TASKID": 1, "FIELDS": fields})).await;
    }
    let list = async || caller.call("task.checklistitem.getlist", json!({"TASKID": 1})).await;
    assert_eq!(values(&list().await, "SORT_INDEX"), ["0", "1", "2"]);
    assert_eq!(values(&list().await, "PARENT_ID"), ["0", "1", "1"]);
    let after = json!({"TASKID": 1, "ITEMID": 3, "AFTERITEMID": 1});
    caller.call("task.checklistitem.moveafteritem", after).await;
    assert_eq!(values(&list().await, "TITLE"), ["List", "Door", "Corner"]);
    caller.call("task.checklistitem.complete", json!({"TASKID": 1, "ITEMID": 2})).await;
    let item = caller.call("task.checklistitem.get", json!({"TASKID": 1, "ITEMID": 2})).await;
    assert_eq!((&item["IS_COMPLETE"], &item["TOGGLED_BY"]), (&json!("Y"), &json!("1")), "{item}");
    assert_ne!(item["TOGGLED_DATE"], "", "{item}");

    for text in ["First", "Second"] {
        let fields = json!({"POST_MESSAGE": text});
        caller.call("task.commentitem.add", json!({"TASKID": 1, "FIELDS": fields})).await;
    }
    let comments = caller.call("task.commentitem.getlist", json!({"TASKID": 1})).await;
    assert_eq!(values(&comments, "POST_MESSAGE"), ["Second", "First"]);
    assert_eq!(values(&comments, "AUTHOR_NAME"), ["Ada Adler", "Ada Adler"]);
}

#[tokio::test]
async fn items_of_checklists_of_templates_are_moved() {
    let (_portal, caller) = two_tasks().await;
    let template = json!({"fields": {"TITLE": "Spring", "RESPONSIBLE_ID": 1, "CREATED_BY": 1}});
    let template = caller.call("tasks.template.add", template).await;
    for title in ["Yard", "Gate", "Roof"] {
        let fields = json!({"TITLE": title, "PARENT_ID": 0});
        let item = json!({"templateId": template, "fields": fields});
        caller.call("tasks.template.checklist.add", item).await;
    }
    let order = async || {
        let list = caller.call("tasks.template.checklist.list", json!({"templateId": template})).await;
        let mut items: Vec<Value> =
            list["checkListItems"].as_object().expect("items").values().cloned().collect();
        items.sort_by_key(|item| item["sortIndex"].as_str().and_then(|index| index.parse::<i64>().ok()));
        items.iter().map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let after = json!({"templateId": template, "checkListItemId": 3, "afterItemId": 1});
    let moved = caller.call("tasks.template.checklist.moveAfter", after).await;
    assert_eq!(moved["checkListItem"]["title"], "Roof", "{moved}");
    assert_eq!(order().await, ["Yard", "Roof", "Gate"]);
    let before = json!({"templateId": template, "checkListItemId": 2, "beforeItemId": 1});
    caller.call("tasks.template.checklist.moveBefore", before).await;
    assert_eq!(order().await, ["Gate", "Yard", "Roof"]);
}

#[tokio::test]
async fn files_of_tasks_are_attached_objects() {
    let (_portal, caller) = two_tasks().await;
    let file = json!({"id": 1, "data": {"NAME": "a.txt"}, "fileContent": ["a.txt", "aGVsbG8="]});
    let file = caller.call("disk.folder.uploadfile", file).await["ID"].clone();
    let attached = caller.call("tasks.task.files.attach", json!({"taskId": 1, "fileId": file})).await;
    assert_eq!(attached, json!({"attachmentId": 1}));
    let files = |task: i64| json!({"taskId": task, "select": ["UF_TASK_WEBDAV_FILES"]});
    let of_task = async |task: i64| {
        caller.call("tasks.task.get", files(task)).await["task"]["ufTaskWebdavFiles"].clone()
    };
    assert_eq!(of_task(1).await, json!([1]));
    let object = caller.call("disk.attachedObject.get", json!({"id": 1})).await;
    assert_eq!(
        (&object["OBJECT_ID"], &object["NAME"], &object["SIZE"]),
        (&json!(file.to_string()), &json!("a.txt"), &json!("5"))
    );
    assert_eq!(caller.refused("disk.attachedObject.get", json!({"id": 9})).await, "ERROR_NOT_FOUND");
    let name = format!("n{file}");
    let fields = json!({"TITLE": "With a file", "RESPONSIBLE_ID": 1, "UF_TASK_WEBDAV_FILES": [name]});
    caller.call("tasks.task.add", json!({"fields": fields})).await;
    assert_eq!(of_task(3).await, json!([2]));
}

#[tokio::test]
async fn tasks_change_their_stage_and_who_watches_them() {
    let (_portal, caller) = two_tasks().await;
    let stage = json!({"fields": {"TITLE": "Later", "COLOR": "FF0000", "ENTITY_ID": 1}});
    let stage = caller.call("task.stages.add", stage).await;
    let stages = caller.call("task.stages.get", json!({"entityId": 1})).await;
    assert_eq!((&stages["1"]["SORT"], &stages["1"]["ENTITY_TYPE"]), (&json!("100"), &json!("U")), "{stages}");
    caller.call("task.stages.movetask", json!({"id": 1, "stageId": stage})).await;
    let task = async |select: Value| {
        caller.call("tasks.task.get", json!({"taskId": 1, "select": select})).await["task"].clone()
    };
    assert_eq!(task(json!(["STAGE_ID"])).await["stageId"], "1");
    assert_eq!(
        caller.refused("task.stages.movetask", json!({"id": 9, "stageId": 1})).await,
        "TASK_NOT_FOUND"
    );
    let watched = caller.call("tasks.task.startwatch", json!({"taskId": 1})).await;
    assert_eq!((&watched["task"]["id"], &watched["task"]["title"]), (&json!("1"), &json!("Sweep")));
    assert_eq!(task(json!(["AUDITORS"])).await["auditors"].as_array().map(Vec::len), Some(1));
    caller.call("tasks.task.stopwatch", json!({"taskId": 1})).await;
    assert_eq!(task(json!(["AUDITORS"])).await["auditors"], json!([]));
    let access = caller.call("tasks.task.getaccess", json!({"taskId": 1, "users": [1, 9]})).await;
    let actions = &access["allowedActions"];
    assert_eq!((&actions["1"]["START"], &actions["9"]["START"]), (&json!(true), &json!(false)), "{access}");
    let counters = caller.call("tasks.task.counters.get", json!({})).await;
    assert_eq!(counters["expired"], json!({"counter": 0, "code": 6_291_456}), "{counters}");
}

#[tokio::test]
async fn fields_of_tasks_are_described_and_added() {
    let (_portal, caller) = two_tasks().await;
    let fields = caller.call("tasks.task.getFields", json!({})).await["fields"].clone();
    assert_eq!((&fields["STATUS"]["default"], &fields["TITLE"]["required"]), (&json!(2), &json!(true)));
    assert_eq!(fields["PRIORITY"]["values"]["2"], "High");
    let field = json!({"PARAMS": {"USER_TYPE_ID": "string", "FIELD_NAME": "MINE"}});
    caller.call("task.item.userfield.add", field).await;
    let field = caller.call("task.item.userfield.get", json!({"ID": 1})).await;
    assert_eq!((&field["FIELD_NAME"], &field["ENTITY_ID"]), (&json!("UF_MINE"), &json!("TASKS_TASK")));
    let types = caller.call("task.item.userfield.gettypes", json!({})).await;
    assert_eq!((&types[0]["ID"], types.as_array().map(Vec::len)), (&json!("string"), Some(16)));
}

#[tokio::test]
async fn flows_and_points_of_scrum_are_kept() {
    let (_portal, caller) = two_tasks().await;
    let flow = json!({
        "name": "Yard", "plannedCompletionTime": 7200, "distributionType": "manually", "responsibleList": [["user", "1"]]
    });
    let flow = caller.call("tasks.flow.Flow.create", json!({"flowData": flow})).await;
    assert_eq!((&flow["creatorId"], &flow["ownerId"]), (&json!(1), &json!(1)), "{flow}");
    for (data, exists) in [
        (json!({"name": "Yard"}), true),
        (json!({"name": "Gate"}), false),
        (json!({"name": "Yard", "id": 1}), false),
    ] {
        let found = caller.call("tasks.flow.Flow.isExists", json!({"flowData": data})).await;
        assert_eq!(found, json!({"exists": exists}), "{data}");
    }
    let sprint = json!({"fields": {"groupId": 1, "name": "May"}});
    caller.call("tasks.api.scrum.sprint.add", sprint).await;
    for name in ["id", "sprintId"] {
        let sprint = caller.call("tasks.api.scrum.sprint.get", json!({name: 1})).await;
        assert_eq!(sprint["name"], "May", "{name}");
    }
    let points = json!({"id": 2, "fields": {"storyPoints": "5"}});
    let updated = caller.call("tasks.api.scrum.task.update", points).await;
    assert_eq!((&updated["status"], &updated["data"]), (&json!("success"), &json!(true)), "{updated}");
    let task = caller.call("tasks.api.scrum.task.get", json!({"id": 2})).await;
    assert_eq!(task["storyPoints"], "5", "{task}");
}

#[tokio::test]
async fn tasks_are_refused_with_the_codes_of_the_module() {
    let (_portal, caller) = two_tasks().await;
    let link = json!({"taskIdFrom": 1, "taskIdTo": 2, "linkType": 2});
    caller.call("task.dependence.add", link.clone()).await;
    for (method, params, code) in [
        ("tasks.task.add", json!({}), "100"),
        ("tasks.task.add", json!({"fields": {"RESPONSIBLE_ID": 1}}), "ERROR_CORE"),
        ("tasks.task.add", json!({"fields": {"TITLE": "x", "RESPONSIBLE_ID": 9}}), "ERROR_CORE"),
        (
            "tasks.task.add",
            json!({"fields": {"TITLE": "x", "RESPONSIBLE_ID": 1, "PARENT_ID": 9}}),
            "ERROR_CORE",
        ),
        ("task.dependence.add", link.clone(), "ILLEGAL_NEW_LINK"),
        ("task.dependence.delete", json!({"taskIdFrom": 2, "taskIdTo": 1}), "ILLEGAL_NEW_LINK"),
    ] {
        assert_eq!(caller.refused(method, params.clone()).await, code, "{method} {params}");
    }
}

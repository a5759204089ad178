//! Histories of rows, sums over rows, and fields that follow from others.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

#[tokio::test]
async fn moves_of_stages_are_in_the_history() {
    let portal = Portal::builder().rows("crm.deal", 3).start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let history = async |kind: i64, owner: &Value| {
        let params = json!({"entityTypeId": kind, "filter": {"OWNER_ID": owner}, "order": {"ID": "ASC"}});
        let found = caller.whole("crm.stagehistory.list", params).await;
        let items = found["result"]["items"].as_array().expect("rows").clone();
        assert_eq!(found["total"], items.len());
        let text = |value: &Value| value.to_string().trim_matches('"').to_owned();
        let steps = items.iter().map(|item| format!("{}{}", text(&item["TYPE_ID"]), text(&item["STAGE_ID"])));
        steps.collect::<Vec<_>>().join(" ")
    };
    let deal = caller.call("crm.deal.add", json!({"fields": {"TITLE": "Gate"}})).await;
    assert_eq!(history(2, &deal).await, "1NEW");
    let stage = async |stage: &str| {
        caller.call("crm.deal.update", json!({"id": deal, "fields": {"STAGE_ID": stage}})).await;
    };
    stage("EXECUTING").await;
    caller
        .call("crm.deal.update", json!({"id": deal, "fields": {"TITLE": "Door", "STAGE_ID": "EXECUTING"}}))
        .await;
    let item = json!({"entityTypeId": 2, "id": deal, "fields": {"stageId": "WON"}});
    caller.call("crm.item.update", item).await;
    assert_eq!(history(2, &deal).await, "1NEW 2EXECUTING 3WON");
    // A deal whose history was not read before it moved.
    let other = caller.call("crm.deal.add", json!({"fields": {"TITLE": "Wall"}})).await;
    caller.call("crm.deal.update", json!({"id": other, "fields": {"STAGE_ID": "LOSE"}})).await;
    assert_eq!(history(2, &other).await, "1NEW 3LOSE");
    let lead = caller.call("crm.lead.add", json!({"fields": {"TITLE": "Gate"}})).await;
    let item = json!({"entityTypeId": 1, "id": lead, "fields": {"stageId": "IN_PROCESS"}});
    caller.call("crm.item.update", item).await;
    assert_eq!(history(1, &lead).await, "1NEW 2IN_PROCESS");
    let fields = json!({"title": "Bill", "stageId": "DT31_1:N"});
    let bill = caller.call("crm.item.add", json!({"entityTypeId": 31, "fields": fields})).await["item"]["id"]
        .clone();
    let item = json!({"entityTypeId": 31, "id": bill, "fields": {"stageId": "DT31_1:P"}});
    caller.call("crm.item.update", item).await;
    assert_eq!(history(31, &bill).await, "1DT31_1:N 2DT31_1:P");
    let all = caller.whole("crm.stagehistory.list", json!({"entityTypeId": 2})).await;
    assert_eq!(all["total"], 8, "three deals from the start, and two with five entries");
}

#[tokio::test]
async fn final_stages_close_deals() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let row = async |prefix: &str| caller.call(&format!("{prefix}.get"), json!({"id": 1})).await;
    caller.call("crm.deal.add", json!({"fields": {"TITLE": "Gate", "STAGE_ID": "WON"}})).await;
    for (stage, semantics, closed) in
        [("NEW", "P", "N"), ("LOSE", "F", "Y"), ("EXECUTING", "P", "N"), ("WON", "S", "Y")]
    {
        caller.call("crm.deal.update", json!({"id": 1, "fields": {"STAGE_ID": stage}})).await;
        let deal = row("crm.deal").await;
        assert_eq!(
            (&deal["STAGE_SEMANTIC_ID"], &deal["CLOSED"]),
            (&json!(semantics), &json!(closed)),
            "{deal}"
        );
    }
    caller.call("crm.lead.add", json!({"fields": {"TITLE": "Gate", "STATUS_ID": "JUNK"}})).await;
    assert_eq!(row("crm.lead").await["STATUS_SEMANTIC_ID"], "F");
    let stage = json!({"fields": {"ENTITY_ID": "DEAL_STAGE_1", "STATUS_ID": "C1:DONE", "NAME": "Done", "SEMANTICS": "S"}});
    caller.call("crm.status.add", stage).await;
    let moved = json!({"entityTypeId": 2, "id": 1, "fields": {"stageId": "C1:DONE"}});
    let item = caller.call("crm.item.update", moved).await;
    assert_eq!(
        (&item["item"]["stageSemanticId"], &item["item"]["closed"]),
        (&json!("S"), &json!("Y")),
        "{item}"
    );
}

#[tokio::test]
async fn changes_of_tasks_are_in_their_history() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    caller.call("tasks.task.add", json!({"fields": {"TITLE": "Sweep", "RESPONSIBLE_ID": 1}})).await;
    caller.call("tasks.task.add", json!({"fields": {"TITLE": "Paint", "RESPONSIBLE_ID": 1}})).await;
    caller
        .call("tasks.task.update", json!({"taskId": 1, "fields": {"TITLE": "Sweep up", "RESPONSIBLE_ID": 1}}))
        .await;
    caller.call("tasks.task.complete", json!({"taskId": 1})).await;
    let found = caller.call("tasks.task.history.list", json!({"taskId": 1})).await;
    let entries: Vec<Value> = found["list"].as_array().expect("rows").clone();
    let steps: Vec<(&str, &str, &str)> = entries
        .iter()
        .map(|entry| {
            let text = |pointer| entry.pointer(pointer).and_then(Value::as_str).expect("a text");
            (text("/field"), text("/value/from"), text("/value/to"))
        })
        .collect();
    assert_eq!(steps, [("NEW", "", ""), ("TITLE", "Sweep", "Sweep up"), ("STATUS", "2", "5")]);
    let log = caller.call("task.logitem.list", json!({"ID": 1})).await;
    let last = &log[2];
    assert_eq!(
        (&last["FIELD"], &last["FROM_VALUE"], &last["TO_VALUE"], &last["TASK_ID"]),
        (&json!("STATUS"), &json!("2"), &json!("5"), &json!("1")),
        "{log}"
    );
    let other = caller.call("tasks.task.history.list", json!({"taskId": 2})).await;
    assert_eq!(other["list"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn elapsed_time_is_summed_up() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    caller.call("tasks.task.add", json!({"fields": {"TITLE": "Sweep", "RESPONSIBLE_ID": 1}})).await;
    let item =
        caller.call("task.elapseditem.add", json!([1, {"SECONDS": 600, "COMMENT_TEXT": "Yard"}])).await;
    caller.call("task.elapseditem.add", json!([1, {"SECONDS": 60, "COMMENT_TEXT": "Gate"}])).await;
    let spent = async || {
        let task =
            caller.call("tasks.task.get", json!({"taskId": 1, "select": ["ID", "TIME_SPENT_IN_LOGS"]})).await;
        task["task"]["timeSpentInLogs"].clone()
    };
    assert_eq!(spent().await, "660");
    caller.call("task.elapseditem.update", json!([1, item, {"SECONDS": 30, "COMMENT_TEXT": "Yard"}])).await;
    assert_eq!(spent().await, "90");
    caller.call("task.elapseditem.delete", json!([1, item])).await;
    assert_eq!(spent().await, "60");
}

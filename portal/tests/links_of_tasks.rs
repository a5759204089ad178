//! What belongs to tasks, orders and departments.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

#[tokio::test]
async fn results_of_tasks_come_from_comments() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for title in ["Sweep", "Paint"] {
        caller.call("tasks.task.add", json!({"fields": {"TITLE": title, "RESPONSIBLE_ID": 1}})).await;
    }
    let comment = caller.call("task.commentitem.add", json!([2, {"POST_MESSAGE": "Two coats"}])).await;
    let result = caller.call("tasks.task.result.addFromComment", json!({"commentId": comment})).await;
    assert_eq!((&result["text"], &result["taskId"]), (&json!("Two coats"), &json!(2)), "{result}");
    caller.call("tasks.task.result.addFromComment", json!({"commentId": comment})).await;
    let list = async |task: i64| caller.call("tasks.task.result.list", json!({"taskId": task})).await;
    assert_eq!(list(2).await.as_array().map(Vec::len), Some(1));
    assert_eq!(list(1).await, json!([]));
    let added = caller.v3("tasks.task.result.add", json!({"fields": {"taskId": 1, "text": "Clean"}})).await;
    assert_eq!(added["item"]["text"], "Clean", "{added}");
    assert_eq!(list(1).await[0]["text"], "Clean");
    caller.call("tasks.task.result.deleteFromComment", json!({"commentId": comment})).await;
    assert_eq!(list(2).await, json!([]));
    let task = json!({"taskId": 2, "select": ["ID", "COMMENTS_COUNT"]});
    assert_eq!(caller.call("tasks.task.get", task).await["task"]["commentsCount"], "1");
}

#[tokio::test]
async fn tasks_of_both_interfaces_are_the_same() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    caller
        .call("tasks.task.add", json!({"fields": {"TITLE": "Sweep", "RESPONSIBLE_ID": 1, "CREATED_BY": 1}}))
        .await;
    let task =
        caller.v3("tasks.task.get", json!({"id": 1, "select": ["id", "title", "responsibleId"]})).await;
    assert_eq!(task["item"], json!({"id": 1, "title": "Sweep", "responsibleId": 1}));
    caller.v3("tasks.task.update", json!({"id": 1, "fields": {"title": "Sweep up"}})).await;
    let task = caller.call("tasks.task.get", json!({"taskId": 1})).await;
    assert_eq!(task["task"]["title"], "Sweep up");
    let history = caller.call("tasks.task.history.list", json!({"taskId": 1})).await;
    assert_eq!(history["list"][1]["field"], "TITLE", "{history}");
    let fields = json!({"title": "Paint", "creatorId": 1, "responsibleId": 1});
    let added = caller.v3("tasks.task.add", json!({"fields": fields})).await["item"]["id"].clone();
    let task = caller.call("tasks.task.get", json!({"taskId": added})).await;
    assert_eq!(
        (&task["task"]["title"], &task["task"]["createdBy"]),
        (&json!("Paint"), &json!("1")),
        "{task}"
    );
    caller.call("task.dependence.add", json!({"taskIdFrom": 1, "taskIdTo": 2, "linkType": 2})).await;
    assert_eq!(portal.rows("task.dependence").len(), 1);
    caller.call("task.dependence.delete", json!({"taskIdFrom": 1, "taskIdTo": 2})).await;
    assert_eq!(portal.rows("task.dependence").len(), 0);
}

#[tokio::test]
async fn values_of_properties_belong_to_orders() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let modify = async |order: i64, values: Value| {
        let fields = json!({"order": {"id": order, "propertyValues": values}});
        caller.call("sale.propertyvalue.modify", json!({"fields": fields})).await["propertyValues"].clone()
    };
    let both = json!([{"orderPropsId": 1, "value": "Ann"}, {"orderPropsId": 2, "value": "a@example.com"}]);
    assert_eq!(modify(5, both).await.as_array().map(Vec::len), Some(2));
    modify(5, json!([{"orderPropsId": 1, "value": "Bob"}])).await;
    modify(6, json!([{"orderPropsId": 1, "value": "Cleo"}])).await;
    let of_order =
        json!({"filter": {"orderId": 5}, "select": ["value", "orderPropsId"], "order": {"id": "asc"}});
    let found = caller.whole("sale.propertyvalue.list", of_order).await;
    let values: Vec<&Value> =
        found["result"]["propertyValues"].as_array().expect("rows").iter().map(|row| &row["value"]).collect();
    assert_eq!(
        (values, &found["total"]),
        (vec![&json!("Bob"), &json!("a@example.com")], &json!(2)),
        "{found}"
    );
    let product = json!({"fields": {"iblockId": 1, "name": "Hinge"}});
    let product = caller.call("catalog.product.add", product).await["element"]["id"].clone();
    let ratios = caller.call("catalog.ratio.list", json!({"filter": {"productId": product}})).await;
    assert_eq!(ratios["ratios"][0]["ratio"], 1.0, "{ratios}");
}

#[tokio::test]
async fn members_of_a_department_are_counted() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let node = caller
        .v3("humanresources.node.add", json!({"type": "DEPARTMENT", "name": "Yard", "parentId": 1}))
        .await;
    let add = json!({"nodeId": node["id"], "userIds": [3, 4, 5], "role": "MEMBER_EMPLOYEE"});
    caller.v3("humanresources.node.member.add", add.clone()).await;
    caller.v3("humanresources.node.member.add", add).await;
    let count = async || {
        caller.v3("humanresources.node.get", json!({"id": node["id"]})).await["item"]["userCount"].clone()
    };
    assert_eq!(count().await, 3);
    let remove = json!({"nodeId": node["id"], "userIds": [4, 9]});
    let removed = caller.v3("humanresources.node.member.remove", remove).await;
    assert_eq!((&removed["removed"], &removed["failed"][0]["userId"]), (&json!([4]), &json!(9)), "{removed}");
    assert_eq!(removed["failed"].as_array().map(Vec::len), Some(1), "{removed}");
    assert_eq!(count().await, 2);
}

#[tokio::test]
async fn rows_that_no_method_adds_are_made() {
    let builder =
        Portal::builder().rows("mail.message", 3).rows("main.eventlog", 2).rows("timeman.record", 2);
    let portal = builder.start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let messages = caller.v3("mail.message.list", json!({})).await;
    assert_eq!(messages["items"].as_array().map(Vec::len), Some(3));
    let one = caller.v3("mail.message.get", json!({"id": 2})).await;
    assert_eq!(one["item"]["subject"], messages["items"][1]["subject"], "{one}");
    let tail = caller.v3("main.eventlog.tail", json!({})).await;
    assert_eq!(tail["items"].as_array().map(Vec::len), Some(2));
    let records = json!({"filter": [["userId", ">", 0]], "select": ["id"]});
    let records = caller.v3("timeman.record.list", records).await;
    assert_eq!(records["items"].as_array().map(Vec::len), Some(2), "{records}");
    let (status, _) = caller.v3_whole("mail.message.get", json!({"id": 9})).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn documents_and_departments_are_searched() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    caller.v3("note.collection.add", json!({"fields": {"name": "Notes"}})).await;
    for (title, text) in [("Yard", "Sweep on Monday"), ("Gate", "Oil the hinges")] {
        let fields = json!({"collectionId": 1, "title": title, "markdown": text});
        caller.v3("note.document.add", json!({"fields": fields})).await;
    }
    for (query, wanted) in [("hinge", json!([2])), ("yard", json!([1])), ("roof", json!([]))] {
        let found = caller.v3("note.document.search.list", json!({"query": query})).await;
        let ids: Value =
            found["items"].as_array().expect("rows").iter().map(|row| row["documentId"].clone()).collect();
        assert_eq!(ids, wanted, "{found}");
    }
    for name in ["Yard", "Backyard", "Office"] {
        caller
            .v3("humanresources.node.add", json!({"type": "DEPARTMENT", "name": name, "parentId": 1}))
            .await;
    }
    let found = caller.v3("humanresources.node.search", json!({"type": "DEPARTMENT", "name": "yard"})).await;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(2), "{found}");
    let list = json!({"ENTITY_TYPE": "CONTACT", "ENTITIES": [4, 9]});
    let list = caller.call("crm.calllist.add", list).await;
    let items = caller.call("crm.calllist.items.get", json!({"LIST_ID": list})).await;
    let ids: Vec<String> = items
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["ID"].to_string().trim_matches('"').to_owned())
        .collect();
    assert_eq!(ids, ["4", "9"], "{items}");
}

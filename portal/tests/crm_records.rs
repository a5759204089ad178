//! Methods that work on several records of the CRM at once, and what they need.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

/// The identifiers of the rows of a list, as texts.
fn ids(rows: &Value, field: &str) -> Vec<String> {
    rows.as_array().into_iter().flatten().map(|row| row[field].to_string().replace('"', "")).collect()
}

#[tokio::test]
async fn duplicates_are_merged_into_the_first() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for name in ["Ada", "Ada", "Grace"] {
        caller.call("crm.contact.add", json!({"fields": {"NAME": name}})).await;
    }
    let merge = |list: Value| json!({"params": {"entityTypeId": 3, "entityIds": list}});
    assert_eq!(caller.refused("crm.entity.mergeBatch", merge(json!([1]))).await, "");
    assert_eq!(caller.refused("crm.entity.mergeBatch", merge(json!([1, 77]))).await, "");
    let merged = caller.call("crm.entity.mergeBatch", merge(json!([1, 2]))).await;
    assert_eq!(merged, json!({"STATUS": "SUCCESS", "ENTITY_IDS": [2]}));
    assert_eq!(ids(&caller.call("crm.contact.list", json!({})).await, "ID"), ["1", "3"]);
}

#[tokio::test]
async fn a_batch_of_items_is_imported() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let data = json!([{"title": "Gate", "opportunity": 5}, {"title": "Fence"}]);
    let imported = caller.call("crm.item.batchImport", json!({"entityTypeId": 2, "data": data})).await;
    assert_eq!(imported["items"], json!([{"item": {"id": 1}}, {"item": {"id": 2}}]));
    let deal = caller.call("crm.deal.get", json!({"id": 1})).await;
    assert_eq!((&deal["TITLE"], &deal["STAGE_ID"]), (&json!("Gate"), &json!("NEW")));
}

#[tokio::test]
async fn a_recurring_deal_makes_deals() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let deal = caller.call("crm.deal.add", json!({"fields": {"TITLE": "Cleaning"}})).await;
    let fields = json!({"DEAL_ID": deal, "CATEGORY_ID": 0, "IS_LIMIT": "N"});
    let id = caller.call("crm.deal.recurring.add", json!({"fields": fields})).await;
    let exposed = caller.call("crm.deal.recurring.expose", json!({"id": id})).await["DEAL_ID"].clone();
    let made = caller.call("crm.deal.get", json!({"id": exposed})).await;
    assert_eq!(made["TITLE"], "Cleaning", "{exposed}");
    assert_eq!(caller.call("crm.deal.list", json!({})).await.as_array().map(Vec::len), Some(2));
    assert_eq!(caller.refused("crm.deal.recurring.expose", json!({"id": 999})).await, "");
}

#[tokio::test]
async fn a_configurable_activity_keeps_its_fields_and_layout() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::application(&portal);
    caller.call("crm.deal.add", json!({"fields": {"TITLE": "Gate"}})).await;
    let layout = json!({"icon": {"code": "call"}, "header": {"title": "Bell"}, "body": {"blocks": {}}});
    let fields = json!({"typeId": "CONFIGURABLE", "completed": false, "badgeCode": "b1", "responsibleId": 1});
    let params = json!({"ownerTypeId": 2, "ownerId": 1, "fields": fields, "layout": layout});
    let id = caller.call("crm.activity.configurable.add", params).await["activity"]["id"].clone();
    let of =
        async || caller.call("crm.activity.configurable.get", json!({"id": id})).await["activity"].clone();
    let activity = of().await;
    assert_eq!([&activity["ownerTypeId"], &activity["ownerId"]], [2, 1], "{activity}");
    assert_eq!([&activity["fields"]["typeId"], &activity["fields"]["badgeCode"]], ["CONFIGURABLE", "b1"]);
    assert_eq!(
        [&activity["fields"]["completed"], &activity["layout"]["header"]["title"]],
        [&json!(false), &json!("Bell")]
    );
    let layout = json!({"icon": {"code": "call"}, "header": {"title": "Rung"}});
    let change = json!({"id": id, "fields": {"completed": true}, "layout": layout});
    caller.call("crm.activity.configurable.update", change).await;
    let activity = of().await;
    assert_eq!([&activity["fields"]["badgeCode"], &activity["layout"]["header"]["title"]], ["b1", "Rung"]);
    assert_eq!(activity["fields"]["completed"], true);

    let badge = json!({"code": "b1", "title": {"en": "Call status"}, "value": "Missed", "type": "failure"});
    let badge = caller.call("crm.activity.badge.add", badge).await["badge"].clone();
    assert_eq!([&badge["title"], &badge["value"]], ["Call status", "Missed"]);
}

#[tokio::test]
async fn a_comment_is_bound_to_its_record_and_to_others() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    caller.call("crm.lead.add", json!({"fields": {"TITLE": "Bell"}})).await;
    let fields = json!({"ENTITY_ID": 1, "ENTITY_TYPE": "lead", "COMMENT": "Rung"});
    let id = caller.call("crm.timeline.comment.add", json!({"fields": fields})).await;
    let deal = json!({"fields": {"OWNER_ID": id, "ENTITY_ID": 3, "ENTITY_TYPE": "deal"}});
    caller.call("crm.timeline.bindings.bind", deal).await;
    let lead = json!({"fields": {"OWNER_ID": id, "ENTITY_ID": 1, "ENTITY_TYPE": "lead"}});
    let bound = async || {
        let rows = caller.call("crm.timeline.bindings.list", json!({"filter": {"OWNER_ID": id}})).await;
        ids(&rows, "ENTITY_TYPE")
    };
    assert_eq!(bound().await, ["lead", "deal"]);
    caller.call("crm.timeline.bindings.unbind", lead).await;
    assert_eq!(bound().await, ["deal"]);
}

#[tokio::test]
async fn funnels_and_kinds_with_items_stay() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let default =
        caller.call("crm.category.get", json!({"entityTypeId": 2, "id": 0})).await["category"].clone();
    assert_eq!((&default["id"], &default["isDefault"]), (&json!(0), &json!("Y")), "{default}");
    assert_eq!(caller.call("crm.dealcategory.list", json!({})).await, json!([]));
    let rent = json!({"entityTypeId": 2, "fields": {"name": "Rent"}});
    caller.call("crm.category.add", rent).await;
    caller.call("crm.deal.add", json!({"fields": {"TITLE": "Boat", "CATEGORY_ID": 1}})).await;
    let kind = caller.call("crm.type.add", json!({"fields": {"title": "Boats"}})).await["type"].clone();
    let number = &kind["entityTypeId"];
    caller.call("crm.item.add", json!({"entityTypeId": number, "fields": {"title": "Ark"}})).await;
    let unknown = json!({"entityTypeId": 9999, "fields": {"title": "x", "name": "x"}});
    for (method, params, code) in [
        ("crm.category.delete", json!({"entityTypeId": 2, "id": 0}), "0"),
        ("crm.category.delete", json!({"entityTypeId": 2, "id": 1}), "0"),
        ("crm.category.delete", json!({"entityTypeId": number, "id": 1}), "BX_ERROR"),
        ("crm.category.list", json!({"entityTypeId": 1}), "ENTITY_TYPE_NOT_SUPPORTED"),
        ("crm.category.add", unknown.clone(), "NOT_FOUND"),
        ("crm.type.delete", json!({"id": kind["id"]}), "BX_ERROR"),
        ("crm.item.add", unknown, "NOT_FOUND"),
        ("crm.item.list", json!({"entityTypeId": 9999}), "NOT_FOUND"),
    ] {
        assert_eq!(caller.refused(method, params.clone()).await, code, "{method} {params}");
    }
    caller.call("crm.deal.delete", json!({"id": 1})).await;
    caller.call("crm.category.delete", json!({"entityTypeId": 2, "id": 1})).await;
    caller.call("crm.item.delete", json!({"entityTypeId": number, "id": 1})).await;
    caller.call("crm.type.delete", json!({"id": kind["id"]})).await;
    assert_eq!(caller.refused("crm.item.list", json!({"entityTypeId": number})).await, "NOT_FOUND");
}

#[tokio::test]
async fn a_preset_can_have_the_fields_that_it_does_not_have() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let of = async |preset: u8| {
        let params = json!({"preset": {"ID": preset}});
        let rest = caller.call("crm.requisite.preset.field.availabletoadd", params.clone()).await;
        let own = caller.call("crm.requisite.preset.field.list", params).await;
        (rest.as_array().is_some_and(|names| names.contains(&json!("RQ_INN"))), ids(&own, "FIELD_NAME"))
    };
    caller
        .call(
            "crm.requisite.preset.add",
            json!({"fields": {"NAME": "B", "ENTITY_TYPE_ID": 8, "COUNTRY_ID": 46}}),
        )
        .await;
    let field = json!({"preset": {"ID": 1}, "fields": {"FIELD_NAME": "RQ_INN", "SORT": 100}});
    caller.call("crm.requisite.preset.field.add", field).await;
    assert_eq!(of(1).await, (false, vec!["RQ_INN".to_owned()]));
    assert_eq!(of(2).await, (true, Vec::new()));
    caller.refused("crm.requisite.preset.field.list", json!({"preset": {"ID": 99}})).await;
}

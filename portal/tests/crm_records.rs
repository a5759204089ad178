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

#[tokio::test]
async fn requests_that_contradict_the_rows_are_refused() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::application(&portal);
    for (method, params) in [
        ("crm.deal.add", json!({"fields": {"TITLE": "Gate"}})),
        ("crm.contact.add", json!({"fields": {"NAME": "Ada"}})),
        (
            "crm.activity.todo.add",
            json!({"ownerTypeId": 2, "ownerId": 1, "deadline": "2026-12-25T10:00:00+00:00"}),
        ),
        (
            "crm.address.add",
            json!({"fields": {"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": 5, "CITY": "Ur"}}),
        ),
        (
            "crm.requisite.add",
            json!({"fields": {"ENTITY_TYPE_ID": 3, "ENTITY_ID": 1, "PRESET_ID": 1, "NAME": "R"}}),
        ),
        ("crm.requisite.preset.field.add", json!({"preset": {"ID": 1}, "fields": {"FIELD_NAME": "RQ_INN"}})),
        ("crm.automation.trigger.add", json!({"CODE": "bell.1", "NAME": "Bell"})),
        ("crm.automation.trigger.execute", json!({"CODE": "bell.1", "OWNER_TYPE_ID": 2, "OWNER_ID": 1})),
    ] {
        caller.call(method, params).await;
    }
    let owner = |entity: u64| json!({"activityId": 1, "entityTypeId": 2, "entityId": entity});
    let note = json!({"ownerTypeId": 2, "ownerId": 1, "itemType": 1, "itemId": 1});
    let address = |entity: u64| json!({"fields": {"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": entity, "CITY": "Uruk"}});
    let preset = |name: &str| json!({"preset": {"ID": 1}, "fields": {"FIELD_NAME": name}});
    let status =
        |entity: &str, code: &str| json!({"fields": {"ENTITY_ID": entity, "STATUS_ID": code, "NAME": "x"}});
    let move_to = json!({
        "activityId": 1, "sourceEntityTypeId": 2, "sourceEntityId": 77, "targetEntityTypeId": 2, "targetEntityId": 78
    });
    for (method, params, code) in [
        ("crm.deal.contact.add", json!({"id": 999, "fields": {"CONTACT_ID": 1}}), ""),
        ("crm.deal.contact.items.get", json!({"id": 999}), ""),
        ("crm.deal.contact.items.set", json!({"id": 999, "items": []}), ""),
        ("crm.deal.contact.add", json!({"id": 1, "fields": {"CONTACT_ID": 0}}), ""),
        ("crm.lead.contact.items.get", json!({"id": 999}), "NOT_FOUND"),
        ("crm.contact.company.items.get", json!({"id": 999}), ""),
        ("crm.company.contact.items.get", json!({"id": 999}), ""),
        ("crm.item.list", json!({"entityTypeId": 2, "filter": {"nofield": 1}}), "INVALID_ARG_VALUE"),
        ("crm.item.list", json!({"entityTypeId": 2, "order": {"id": "UP"}}), "INVALID_ARG_VALUE"),
        ("crm.type.add", json!({"fields": {"title": "S", "entityTypeId": 5}}), "INVALID_ARG_VALUE"),
        ("crm.stagehistory.list", json!({"entityTypeId": 9999}), "ENTITY_TYPE_NOT_SUPPORTED"),
        ("crm.status.delete", json!({"id": 1}), ""),
        ("crm.status.add", status("SOURCE", "CALL"), ""),
        ("crm.status.add", status("NOPE", "A"), ""),
        ("crm.address.add", address(5), ""),
        ("crm.address.update", address(77), ""),
        ("crm.address.delete", address(77), ""),
        ("crm.requisite.preset.field.add", preset("RQ_INN"), ""),
        ("crm.requisite.preset.field.add", preset("NOPE"), ""),
        (
            "crm.requisite.link.register",
            json!({"fields": {
                "ENTITY_TYPE_ID": 2, "ENTITY_ID": 1, "REQUISITE_ID": 60, "BANK_DETAIL_ID": 0, "MC_REQUISITE_ID": 0,
                "MC_BANK_DETAIL_ID": 0
            }}),
            "",
        ),
        ("crm.activity.binding.add", owner(1), "ACTIVITY_IS_ALREADY_BOUND"),
        ("crm.activity.binding.add", json!({"activityId": 9, "entityTypeId": 2, "entityId": 1}), "NOT_FOUND"),
        ("crm.activity.binding.delete", owner(7), "BINDING_NOT_FOUND"),
        ("crm.activity.binding.delete", owner(1), "LAST_BINDING_CANNOT_BE_DELETED"),
        ("crm.activity.binding.move", move_to, "BINDING_NOT_FOUND"),
        ("crm.timeline.note.get", note.clone(), "NOT_FOUND"),
        ("crm.timeline.note.delete", note, "NOT_FOUND"),
        (
            "crm.activity.layout.blocks.get",
            json!({"entityTypeId": 2, "entityId": 1, "activityId": 99}),
            "NOT_FOUND",
        ),
        ("crm.automation.trigger.execute", json!({"CODE": "nope", "OWNER_TYPE_ID": 2, "OWNER_ID": 1}), ""),
        ("crm.automation.trigger.add", json!({"CODE": "BAD CODE!", "NAME": "n"}), ""),
        ("crm.calllist.get", json!({"ID": 99}), ""),
    ] {
        assert_eq!(caller.refused(method, params.clone()).await, code, "{method} {params}");
    }
    // What is allowed beside.
    for (method, params) in [
        ("crm.status.delete", json!({"id": 1, "params": {"FORCED": "Y"}})),
        ("crm.status.add", status("SOURCE", "BELL")),
        ("crm.address.update", address(5)),
        ("crm.activity.binding.add", owner(2)),
        ("crm.activity.binding.delete", owner(1)),
        (
            "crm.timeline.note.save",
            json!({"ownerTypeId": 2, "ownerId": 1, "itemType": 1, "itemId": 1, "text": "x"}),
        ),
        ("crm.timeline.note.get", json!({"ownerTypeId": 2, "ownerId": 1, "itemType": 1, "itemId": 1})),
        ("crm.timeline.note.delete", json!({"ownerTypeId": 2, "ownerId": 1, "itemType": 1, "itemId": 1})),
        (
            "crm.item.list",
            json!({"entityTypeId": 2, "filter": {"!@stageId": ["WON"], "logic": "OR"}, "order": {"id": "DESC"}}),
        ),
    ] {
        caller.call(method, params).await;
    }
    let cities = caller.call("crm.address.list", json!({})).await;
    assert_eq!(ids(&cities, "CITY"), ["Uruk"]);
}

#[tokio::test]
async fn an_object_has_one_link_to_requisites() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for name in ["One", "Two"] {
        let fields = json!({"ENTITY_TYPE_ID": 3, "ENTITY_ID": 1, "PRESET_ID": 1, "NAME": name});
        let id = caller.call("crm.requisite.add", json!({"fields": fields})).await;
        let link = json!({
            "ENTITY_TYPE_ID": 2, "ENTITY_ID": 1, "REQUISITE_ID": id, "BANK_DETAIL_ID": 0, "MC_REQUISITE_ID": 0,
            "MC_BANK_DETAIL_ID": 0
        });
        caller.call("crm.requisite.link.register", json!({"fields": link})).await;
    }
    let link = caller.call("crm.requisite.link.get", json!({"entityTypeId": 2, "entityId": 1})).await;
    assert_eq!(link["REQUISITE_ID"].to_string().replace('"', ""), "2");
    assert_eq!(caller.call("crm.requisite.link.list", json!({})).await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn meanings_of_statuses_are_given_in_both_forms() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let fields = json!({
        "ENTITY_ID": "DEAL_STAGE", "STATUS_ID": "REST", "NAME": "x", "EXTRA": {"SEMANTICS": "F", "COLOR": "#ff0000"}
    });
    let id = caller.call("crm.status.add", json!({"fields": fields})).await;
    let row = caller.call("crm.status.get", json!({"id": id})).await;
    assert_eq!([&row["SEMANTICS"], &row["COLOR"]], ["F", "#ff0000"], "{row}");
    assert!(row.get("EXTRA").is_none(), "{row}");
}

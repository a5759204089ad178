//! Categories, stages and kinds of items that users define.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

fn codes(rows: &Value) -> Vec<String> {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().filter_map(|row| row["STATUS_ID"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn categories_of_deals_have_stages() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let category = json!({"entityTypeId": 2, "fields": {"name": "Repairs"}});
    let category = caller.call("crm.category.add", category).await["category"].clone();
    let id = category["id"].clone();
    let classic = caller.call("crm.dealcategory.get", json!({"id": id})).await;
    assert_eq!((&classic["NAME"], &classic["ID"]), (&json!("Repairs"), &json!(id.to_string())), "{classic}");
    let other = caller.call("crm.dealcategory.add", json!({"fields": {"NAME": "Rent"}})).await;
    assert_eq!(other, 2);
    let all = caller.call("crm.category.list", json!({"entityTypeId": 2})).await;
    let names: Vec<&str> =
        all["categories"].as_array().expect("rows").iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, ["General", "Repairs", "Rent"]);
    let stages = codes(&caller.call("crm.dealcategory.stage.list", json!({"id": id})).await);
    assert_eq!(stages, ["C1:NEW", "C1:EXECUTING", "C1:WON", "C1:LOSE"]);
    assert_eq!(
        stages,
        codes(&caller.call("crm.status.list", json!({"filter": {"ENTITY_ID": "DEAL_STAGE_1"}})).await)
    );
    assert_eq!(
        codes(&caller.call("crm.dealcategory.stage.list", json!({"id": 0})).await),
        codes(&caller.call("crm.status.list", json!({"filter": {"ENTITY_ID": "DEAL_STAGE"}})).await)
    );
    let deal = caller.call("crm.deal.add", json!({"fields": {"TITLE": "Gate", "CATEGORY_ID": 1}})).await;
    let row = caller.call("crm.deal.get", json!({"id": deal})).await;
    assert_eq!((&row["STAGE_ID"], &row["CATEGORY_ID"]), (&json!("C1:NEW"), &json!("1")), "{row}");
    let won = json!({"id": deal, "fields": {"STAGE_ID": "C1:WON"}});
    caller.call("crm.deal.update", won).await;
    assert_eq!(caller.call("crm.deal.get", json!({"id": deal})).await["STAGE_SEMANTIC_ID"], "S");
    assert_eq!(
        caller
            .call("crm.deal.get", json!({"id": caller.call("crm.deal.add", json!({"fields": {}})).await}))
            .await["STAGE_ID"],
        "NEW"
    );
}

#[tokio::test]
async fn a_kind_has_items_with_stages_and_fields_of_its_own() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let kind = caller.call("crm.type.add", json!({"fields": {"title": "Boats"}})).await["type"].clone();
    let number = kind["entityTypeId"].clone();
    let categories = caller.call("crm.category.list", json!({"entityTypeId": number})).await;
    assert_eq!(categories["categories"][0]["name"], "General", "{categories}");
    let entity = format!("DYNAMIC_{number}_STAGE_1");
    let stages = codes(&caller.call("crm.status.list", json!({"filter": {"ENTITY_ID": entity}})).await);
    let stage = |code: &str| format!("DT{number}_1:{code}");
    assert_eq!(stages, ["NEW", "PREPARATION", "SUCCESS", "FAIL"].map(stage));
    let name = format!("UF_CRM_{}_COLOR", kind["id"]);
    let field = json!({"entityId": format!("CRM_{}", kind["id"]), "fieldName": name, "userTypeId": "string"});
    caller.call("userfieldconfig.add", json!({"moduleId": "crm", "field": field})).await;
    let camel = format!("ufCrm{}Color", kind["id"]);
    let item = json!({"entityTypeId": number, "fields": {"title": "Skiff", camel.as_str(): "red"}});
    let item = caller.call("crm.item.add", item).await["item"].clone();
    assert_eq!((&item["stageId"], &item[&camel]), (&json!(stage("NEW")), &json!("red")), "{item}");
    let done = json!({"entityTypeId": number, "id": item["id"], "fields": {"stageId": stage("SUCCESS")}});
    assert_eq!(caller.call("crm.item.update", done).await["item"]["stageSemanticId"], "S");
    let filter = json!({"entityTypeId": number, "filter": {camel.as_str(): "red"}});
    assert_eq!(caller.whole("crm.item.list", filter).await["total"], 1);
    // A further category of the kind.
    let more = json!({"entityTypeId": number, "fields": {"name": "Rafts"}});
    let more = caller.call("crm.category.add", more).await["category"]["id"].clone();
    let item = json!({"entityTypeId": number, "fields": {"title": "Raft", "categoryId": more}});
    let item = caller.call("crm.item.add", item).await["item"].clone();
    assert_eq!(item["stageId"], format!("DT{number}_{more}:NEW"));
    let entity = format!("DYNAMIC_{number}_STAGE_{more}");
    let stages = caller.call("crm.status.list", json!({"filter": {"ENTITY_ID": entity}})).await;
    assert_eq!(codes(&stages)[0], format!("DT{number}_{more}:NEW"));
}

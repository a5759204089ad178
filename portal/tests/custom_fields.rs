//! Custom fields: definitions, descriptions and values.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::json;

#[tokio::test]
async fn fields_that_are_added_are_described_where_the_rows_are() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let fields = json!({"FIELD_NAME": "COLOUR", "USER_TYPE_ID": "string", "EDIT_FORM_LABEL": "Colour of the gate", "MANDATORY": "Y"});
    let id = caller.call("crm.deal.userfield.add", json!({"fields": fields})).await;
    let field = caller.call("crm.deal.userfield.get", json!({"id": id})).await;
    assert_eq!([&field["FIELD_NAME"], &field["ENTITY_ID"]], ["UF_CRM_COLOUR", "CRM_DEAL"]);
    let prefixed = json!({"FIELD_NAME": "UF_CRM_1734", "USER_TYPE_ID": "integer", "MULTIPLE": "Y"});
    caller.call("crm.deal.userfield.add", json!({"fields": prefixed})).await;

    let described = caller.call("crm.deal.fields", json!({})).await;
    let colour = &described["UF_CRM_COLOUR"];
    assert_eq!(
        [&colour["type"], &colour["title"], &colour["formLabel"]],
        ["string", "UF_CRM_COLOUR", "Colour of the gate"]
    );
    assert_eq!([&colour["isRequired"], &colour["isDynamic"], &colour["isMultiple"]], [true, true, false]);
    assert_eq!(described["UF_CRM_1734"]["isMultiple"], true);
    let universal = caller.call("crm.item.fields", json!({"entityTypeId": 2})).await;
    assert_eq!(universal["fields"]["ufCrmColour"]["upperName"], "UF_CRM_COLOUR");
    assert!(universal["fields"].get("ufCrm_1734").is_some());
    assert!(caller.call("crm.lead.fields", json!({})).await.get("UF_CRM_COLOUR").is_none());

    caller.call("crm.deal.userfield.delete", json!({"id": id})).await;
    assert!(caller.call("crm.deal.fields", json!({})).await.get("UF_CRM_COLOUR").is_none());
}

#[tokio::test]
async fn both_interfaces_define_the_same_fields() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let list = json!([{"VALUE": "Oak", "SORT": 10, "DEF": "Y"}, {"VALUE": "Pine", "SORT": 20}]);
    let fields = json!({"FIELD_NAME": "WOOD", "USER_TYPE_ID": "enumeration", "LIST": list});
    let id = caller.call("crm.deal.userfield.add", json!({"fields": fields})).await;
    let asked = json!({"moduleId": "crm", "id": id});
    let config = &caller.call("userfieldconfig.get", asked.clone()).await["field"];
    assert_eq!([&config["entityId"], &config["fieldName"]], ["CRM_DEAL", "UF_CRM_WOOD"]);
    assert_eq!([&config["enum"][0]["value"], &config["enum"][1]["value"]], ["Oak", "Pine"]);

    let field = json!({
        "entityId": "CRM_DEAL", "fieldName": "UF_CRM_AGE", "userTypeId": "enumeration", "enum": [{"value": "Old", "def": "Y"}]
    });
    let added = caller.call("userfieldconfig.add", json!({"moduleId": "crm", "field": field})).await;
    let age = caller.call("crm.deal.userfield.get", json!({"id": added["field"]["id"]})).await;
    assert_eq!([&age["FIELD_NAME"], &age["LIST"][0]["VALUE"]], ["UF_CRM_AGE", "Old"]);
    let of_deals = caller.call("crm.deal.userfield.list", json!({})).await;
    assert_eq!(of_deals.as_array().map(Vec::len), Some(2));
    assert_eq!(caller.call("crm.lead.userfield.list", json!({})).await, json!([]));

    caller.call("userfieldconfig.delete", asked).await;
    let of_deals = caller.call("crm.deal.userfield.list", json!({})).await;
    assert_eq!(of_deals[0]["FIELD_NAME"], "UF_CRM_AGE");
}

#[tokio::test]
async fn fields_of_kinds_are_those_of_their_configuration() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let added = caller.call("crm.type.add", json!({"fields": {"title": "Cages"}})).await;
    let (id, kind) = (&added["type"]["id"], &added["type"]["entityTypeId"]);
    let field = json!({
        "entityId": format!("CRM_{id}"), "fieldName": format!("UF_CRM_{id}_KEEPER"), "userTypeId": "employee",
        "editFormLabel": {"en": "Keeper"}
    });
    let added = caller.call("userfieldconfig.add", json!({"moduleId": "crm", "field": field})).await;
    assert_eq!(added["field"]["userTypeId"], "employee");
    let described = caller.call("crm.item.fields", json!({"entityTypeId": kind})).await;
    let keeper = &described["fields"][format!("ufCrm{id}Keeper")];
    assert_eq!(
        [&keeper["type"], &keeper["upperName"]],
        [&json!("employee"), &json!(format!("UF_CRM_{id}_KEEPER"))]
    );
    let deals = caller.call("crm.item.fields", json!({"entityTypeId": 2})).await;
    assert!(deals["fields"].get(format!("ufCrm{id}Keeper")).is_none());
}

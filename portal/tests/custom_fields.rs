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

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
async fn a_list_has_values_with_identifiers_and_a_label_is_that_of_all_places() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let list = json!([{"VALUE": "Oak", "SORT": 10}, {"VALUE": "Pine", "DEF": "Y"}, {"VALUE": ""}]);
    let fields = json!({"FIELD_NAME": "WOOD", "USER_TYPE_ID": "enumeration", "LABEL": "Wood", "LIST": list});
    let id = caller.call("crm.deal.userfield.add", json!({"fields": fields})).await;
    let field = caller.call("crm.deal.userfield.get", json!({"id": id})).await;
    assert_eq!(field["LIST"].as_array().map(Vec::len), Some(2), "{field}");
    let (oak, pine) = (&field["LIST"][0], &field["LIST"][1]);
    assert_eq!([&oak["DEF"], &oak["VALUE"], &pine["DEF"], &pine["VALUE"]], ["N", "Oak", "Y", "Pine"]);
    assert_eq!([&field["EDIT_FORM_LABEL"]["en"], &field["HELP_MESSAGE"]["de"]], ["Wood", "Wood"]);
    assert_eq!(
        [&field["SHOW_FILTER"], &field["EDIT_IN_LIST"], &field["SETTINGS"]["DISPLAY"]],
        ["N", "Y", "LIST"]
    );
    assert!(field.get("LABEL").is_none() && field["SORT"].to_string().contains("100"), "{field}");
    let list = json!([{"ID": oak["ID"], "VALUE": "Elm"}, {"ID": pine["ID"], "DEL": "Y"}, {"VALUE": "Fir"}]);
    caller.call("crm.deal.userfield.update", json!({"id": id, "fields": {"LIST": list}})).await;
    let changed = caller.call("crm.deal.userfield.get", json!({"id": id})).await["LIST"].clone();
    assert_eq!([&changed[0]["VALUE"], &changed[1]["VALUE"]], ["Elm", "Fir"]);
    assert_eq!(changed[0]["ID"], oak["ID"]);
    assert!(changed[1]["ID"] != pine["ID"] && changed[2].is_null(), "{changed}");
    let described = caller.call("crm.deal.fields", json!({})).await["UF_CRM_WOOD"].clone();
    assert_eq!([&described["items"][0]["VALUE"], &described["formLabel"]], ["Elm", "Wood"], "{described}");
    let config =
        caller.call("userfieldconfig.get", json!({"moduleId": "crm", "id": id})).await["field"].clone();
    assert_eq!([&config["enum"][1]["value"], &config["enum"][1]["def"]], ["Fir", "N"], "{config}");

    let fields = json!({"FIELD_NAME": "NOTE", "USER_TYPE_ID": "string"});
    let id = caller.call("crm.deal.userfield.add", json!({"fields": fields})).await;
    let field = caller.call("crm.deal.userfield.get", json!({"id": id})).await;
    assert!(field.get("LIST").is_none() && field["SETTINGS"]["MAX_LENGTH"] == 0, "{field}");
}

#[tokio::test]
async fn descriptions_name_directories_and_original_names() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for (method, field, directory) in [
        ("crm.deal.fields", "TYPE_ID", "DEAL_TYPE"),
        ("crm.lead.fields", "STATUS_ID", "STATUS"),
        ("crm.contact.fields", "HONORIFIC", "HONORIFIC"),
        ("crm.company.fields", "INDUSTRY", "INDUSTRY"),
        ("crm.quote.fields", "STATUS_ID", "QUOTE_STATUS"),
    ] {
        let fields = caller.call(method, json!({})).await;
        assert_eq!(fields[field]["statusType"], directory, "{method}");
        assert!(fields["ID"].get("statusType").is_none());
    }
    let fields = json!({"FIELD_NAME": "WOOD", "USER_TYPE_ID": "string"});
    caller.call("crm.lead.userfield.add", json!({"fields": fields})).await;
    for (original, name) in [("N", "ufCrmWood"), ("Y", "UF_CRM_WOOD")] {
        let params = json!({"entityTypeId": 1, "useOriginalUfNames": original});
        let fields = caller.call("crm.item.fields", params).await["fields"].clone();
        assert_eq!(fields["stageId"]["statusType"], "STATUS");
        assert_eq!(fields[name]["upperName"], "UF_CRM_WOOD", "{original}");
    }
}

#[tokio::test]
async fn wrong_definitions_are_refused() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let of = |name: &str, kind: &str| json!({"fields": {"FIELD_NAME": name, "USER_TYPE_ID": kind}});
    let config = |name: &str| {
        let field = json!({"entityId": "CRM_DEAL", "fieldName": name, "userTypeId": "string"});
        json!({"moduleId": "crm", "field": field})
    };
    caller.call("crm.deal.userfield.add", of("WOOD", "string")).await;
    caller.call("crm.lead.userfield.add", of("WOOD", "string")).await;
    for (method, params) in [
        ("crm.deal.userfield.add", of("UF_CRM_WOOD", "integer")),
        ("crm.deal.userfield.add", of("A B", "integer")),
        ("crm.deal.userfield.add", of("AGE", "years")),
        ("userfieldconfig.add", config("UF_CRM_WOOD")),
        ("userfieldconfig.add", config("WOOD")),
    ] {
        assert_eq!(caller.refused(method, params.clone()).await, "", "{method} {params}");
    }
    let all = caller.call("crm.deal.userfield.list", json!({})).await;
    assert_eq!(all.as_array().map(Vec::len), Some(1));
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

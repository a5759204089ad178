//! Directories of the CRM: lists with fixed values, currencies and call lists.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

fn of_all(rows: &Value, field: &str) -> Vec<Value> {
    rows.as_array().into_iter().flatten().map(|row| row[field].clone()).collect()
}

#[tokio::test]
async fn lists_with_fixed_values_have_the_documented_ones() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for (method, params, pointer, wanted) in [
        ("crm.enum.settings.mode", json!({}), "/1/ID", json!(2)),
        ("crm.enum.settings.mode", json!({}), "/0/SYMBOL_CODE", json!(null)),
        ("crm.enum.getorderownertypes", json!({}), "/0/code", json!("DEAL")),
        ("crm.enum.addresstype", json!({}), "/0/SYMBOL_CODE", json!(null)),
        ("crm.requisite.preset.countries", json!({}), "/5/CODE", json!("DE")),
        ("crm.requisite.preset.countries", json!({}), "/5/ID", json!(46)),
        ("crm.currency.localizations.fields", json!({}), "/DECIMALS/type", json!("int")),
        ("crm.userfield.settings.fields", json!({"type": "double"}), "/PRECISION/type", json!("int")),
        ("crm.userfield.settings.fields", json!({"type": "boolean"}), "/PRECISION", json!(null)),
        ("crm.userfield.settings.fields", json!({"type": "url"}), "", json!([])),
        ("userfieldconfig.getTypes", json!({"moduleId": "crm"}), "/types/crm/userTypeId", json!("crm")),
        ("crm.calllist.statuslist", json!({}), "/3/STATUS_ID", json!("STOP_CALLING")),
        ("crm.calllist.statuslist", json!({}), "/3/SORT", json!(40)),
        ("crm.contact.details.configuration.forceCommonScopeForAll", json!({}), "", json!(true)),
        ("crm.duplicate.volatileType.fields", json!({"entityTypeId": 1}), "/0/fieldCode", json!("TITLE")),
        ("crm.duplicate.volatileType.fields", json!({"entityTypeId": 4}), "/0/entityTypeId", json!(4)),
        ("crm.duplicate.volatileType.fields", json!({}), "/3/entityTypeId", json!(4)),
        ("crm.timeline.icon.list", json!({}), "/icons/0/code", json!("call")),
        ("crm.timeline.logo.list", json!({}), "/logos/0/isSystem", json!(true)),
    ] {
        let result = caller.call(method, params.clone()).await;
        let found = result.pointer(pointer).cloned().unwrap_or_default();
        assert_eq!(found, wanted, "{method} {params}: {result}");
    }
}

#[tokio::test]
async fn directories_include_those_of_funnels_and_kinds() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let types = caller.call("crm.status.entity.types", json!({})).await;
    assert_eq!(of_all(&types, "ID")[..3], ["STATUS", "SOURCE", "CONTACT_TYPE"]);
    assert_eq!(types[0]["SEMANTIC_INFO"]["FINAL_SORT"], 0);
    caller.call("crm.category.add", json!({"entityTypeId": 2, "fields": {"name": "Rent"}})).await;
    let kind = caller.call("crm.type.add", json!({"fields": {"title": "Boats"}})).await["type"].clone();
    let more = caller.call("crm.status.entity.types", json!({})).await;
    let ids = of_all(&more, "ID");
    let (funnel, stages) = (&more[ids.len() - 2], &more[ids.len() - 1]);
    assert_eq!((ids.len(), &funnel["ID"]), (of_all(&types, "ID").len() + 2, &json!("DEAL_STAGE_1")));
    assert_eq!(
        [&funnel["SEMANTIC_INFO"]["FINAL_SUCCESS_FIELD"], &funnel["PARENT_ID"]],
        ["C1:WON", "DEAL_STAGE"]
    );
    let number = &kind["entityTypeId"];
    assert_eq!([&stages["ENTITY_TYPE_ID"], &stages["IS_DEFAULT_CATEGORY"]], [number, &json!(true)]);
    assert_eq!(stages["PREFIX"], format!("DT{number}_1"));
}

#[tokio::test]
async fn a_currency_has_names_in_languages() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let en = json!({"DECIMALS": 2, "FULL_NAME": "Abcd", "FORMAT_STRING": "# A"});
    let fields = json!({"CURRENCY": "ABC", "AMOUNT_CNT": 1, "AMOUNT": 2.5, "LANG": {"en": en}});
    caller.call("crm.currency.add", json!({"fields": fields})).await;
    let row = caller.call("crm.currency.get", json!({"id": "ABC"})).await;
    assert_eq!([&row["FULL_NAME"], &row["LANG"]["en"]["FORMAT_STRING"]], ["Abcd", "# A"], "{row}");
    let both = json!({"de": {"FULL_NAME": "Abece"}, "en": {"FULL_NAME": "Abc"}});
    caller.call("crm.currency.localizations.set", json!({"id": "ABC", "localizations": both})).await;
    let all = caller.call("crm.currency.localizations.get", json!({"id": "ABC"})).await;
    assert_eq!([&all["de"]["FULL_NAME"], &all["en"]["FULL_NAME"]], ["Abece", "Abc"], "{all}");
    assert_eq!(all["en"]["FORMAT_STRING"], "# A");
    assert_eq!(
        caller.call("crm.currency.get", json!({"id": "ABC"})).await["LANG"]["de"]["FULL_NAME"],
        "Abece"
    );
    caller.call("crm.currency.localizations.delete", json!({"id": "ABC", "lids": ["de"]})).await;
    let left = caller.call("crm.currency.localizations.get", json!({"id": "ABC"})).await;
    assert!(left.get("de").is_none() && left.get("en").is_some(), "{left}");
    assert_eq!(caller.refused("crm.currency.localizations.get", json!({"id": "XYZ"})).await, "");
}

#[tokio::test]
async fn one_currency_is_the_base() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    assert_eq!(caller.call("crm.currency.base.get", json!({})).await, "USD");
    assert_eq!(caller.call("crm.currency.base.set", json!({"id": "EUR"})).await, true);
    assert_eq!(caller.call("crm.currency.base.get", json!({})).await, "EUR");
    assert_eq!(caller.call("crm.currency.get", json!({"id": "USD"})).await["BASE"], "N");
    caller.refused("crm.currency.base.set", json!({"id": "XYZ"})).await;
    assert_eq!(caller.call("crm.currency.base.get", json!({})).await, "EUR");
}

#[tokio::test]
async fn a_call_list_has_the_participants_of_its_last_change() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let list = json!({"ENTITY_TYPE": "CONTACT", "ENTITIES": [1, 2]});
    let id = caller.call("crm.calllist.add", list).await;
    let change = json!({"LIST_ID": id, "ENTITY_TYPE": "CONTACT", "ENTITIES": [2, 5]});
    assert_eq!(caller.call("crm.calllist.update", change).await, true);
    let items = caller.call("crm.calllist.items.get", json!({"LIST_ID": id})).await;
    let items = items.to_string().replace('"', "");
    assert_eq!(items, "[{ID:2,STATUS:IN_WORK,ENTITY_TYPE:3},{ID:5,STATUS:IN_WORK,ENTITY_TYPE:3}]");
    assert_eq!(caller.call("crm.calllist.get", json!({"ID": id})).await["ENTITY_TYPE_ID"], "3");
    caller.refused("crm.calllist.items.get", json!({"LIST_ID": 77})).await;
}

#[tokio::test]
async fn icons_that_are_added_have_a_file() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for (method, name) in [("crm.timeline.icon", "icon"), ("crm.timeline.logo", "logo")] {
        let params = json!({"code": "bell", "fileContent": "iVBORw0KGgo="});
        let added = caller.call(&format!("{method}.add"), params).await;
        let uri = added[name]["fileUri"].as_str().unwrap_or_default().to_owned();
        let file = reqwest::get(&uri).await.expect("a file").bytes().await.expect("bytes");
        assert_eq!((&added[name]["isSystem"], file.len()), (&json!(false), 8), "{added}");
        let found = caller.call(&format!("{method}.get"), json!({"code": "bell"})).await;
        assert_eq!(found[name]["code"], "bell");
    }
}

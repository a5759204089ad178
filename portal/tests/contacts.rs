//! Phone numbers and addresses of contacts, companies and leads, and what belongs to rows of the CRM.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

#[tokio::test]
async fn phones_and_emails_have_identifiers() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for (prefix, kind, name) in
        [("crm.contact", 3, "NAME"), ("crm.company", 4, "TITLE"), ("crm.lead", 1, "TITLE")]
    {
        let row = async || caller.call(&format!("{prefix}.get"), json!({"id": 1})).await;
        let update = async |fields: Value| {
            caller.call(&format!("{prefix}.update"), json!({"id": 1, "fields": fields})).await;
        };
        let phones = json!([{"VALUE": "+1 555 0100", "VALUE_TYPE": "MOBILE"}, {"VALUE": "+1 555 0199"}]);
        caller.call(&format!("{prefix}.add"), json!({"fields": {name: "Ann", "PHONE": phones}})).await;
        let added = row().await;
        let phone = &added["PHONE"][0];
        assert_eq!(
            (
                &phone["VALUE"],
                &phone["VALUE_TYPE"],
                &phone["TYPE_ID"],
                &added["HAS_PHONE"],
                &added["HAS_EMAIL"]
            ),
            (&json!("+1 555 0100"), &json!("MOBILE"), &json!("PHONE"), &json!("Y"), &json!("N")),
            "{prefix} {added}"
        );
        let (first, second) = (phone["ID"].clone(), added["PHONE"][1]["ID"].clone());
        assert_ne!(first, second);
        assert!(!first.is_null());
        update(json!({
            "PHONE": [{"ID": first, "VALUE": "+1 555 0111"}, {"ID": second, "DELETE": "Y"}, {"VALUE": "+1 555 0122"}],
            "EMAIL": [{"VALUE": "ann@example.com", "VALUE_TYPE": "HOME"}],
        }))
        .await;
        let changed = row().await;
        let values: Vec<&Value> =
            changed["PHONE"].as_array().expect("phones").iter().map(|phone| &phone["VALUE"]).collect();
        assert_eq!(values, ["+1 555 0111", "+1 555 0122"], "{changed}");
        assert_eq!((&changed["PHONE"][0]["ID"], &changed["HAS_EMAIL"]), (&first, &json!("Y")));
        // The universal item has them in one field.
        let item = caller.call("crm.item.get", json!({"entityTypeId": kind, "id": 1})).await["item"].clone();
        let all: Vec<(&str, &str)> = item["fm"]
            .as_array()
            .expect("values")
            .iter()
            .map(|one| (one["typeId"].as_str().expect("a type"), one["value"].as_str().expect("a value")))
            .collect();
        let wanted = [("PHONE", "+1 555 0111"), ("PHONE", "+1 555 0122"), ("EMAIL", "ann@example.com")];
        assert_eq!(all, wanted, "{item}");
        let fields = json!({"fm": [{"typeId": "PHONE", "valueType": "WORK", "value": "+1 555 0133"}]});
        caller.call("crm.item.update", json!({"entityTypeId": kind, "id": 1, "fields": fields})).await;
        assert_eq!(row().await["PHONE"].as_array().map(Vec::len), Some(3), "{prefix}");
        for (filter, count) in [("+1 555 0133", 1), ("+1 555 0199", 0)] {
            let found = caller.whole(&format!("{prefix}.list"), json!({"filter": {"PHONE": filter}})).await;
            assert_eq!(found["total"], count, "{prefix} {filter}");
        }
    }
}

#[tokio::test]
async fn duplicates_are_found_by_phones_and_emails() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let phone = json!([{"VALUE": "+1 (555) 01-00", "VALUE_TYPE": "WORK"}]);
    let email = json!([{"VALUE": "Ann@Example.com"}]);
    caller.call("crm.contact.add", json!({"fields": {"NAME": "Ann", "PHONE": phone, "EMAIL": email}})).await;
    caller
        .call("crm.contact.add", json!({"fields": {"NAME": "Bob", "PHONE": [{"VALUE": "+1 555 0200"}]}}))
        .await;
    caller.call("crm.lead.add", json!({"fields": {"TITLE": "Gate", "PHONE": phone}})).await;
    let find = async |params: Value| caller.call("crm.duplicate.findbycomm", params).await;
    let both = find(json!({"type": "PHONE", "values": ["+15550100", "+9"]})).await;
    assert_eq!(both, json!({"LEAD": [1], "CONTACT": [1]}));
    let one = find(json!({"type": "PHONE", "values": ["+15550100"], "entity_type": "CONTACT"})).await;
    assert_eq!(one, json!({"CONTACT": [1]}));
    assert_eq!(find(json!({"type": "EMAIL", "values": ["ann@example.com"]})).await, json!({"CONTACT": [1]}));
    assert_eq!(find(json!({"type": "EMAIL", "values": ["zoe@example.com"]})).await, json!([]));
}

#[tokio::test]
async fn files_of_contacts_can_be_downloaded() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    // "gate" in base64.
    let photo = json!({"fileData": ["gate.png", "Z2F0ZQ=="]});
    let fields = json!({"NAME": "Ann", "PHOTO": photo, "UF_CRM_SCAN": [photo]});
    caller.call("crm.contact.add", json!({"fields": fields})).await;
    let contact = caller.call("crm.contact.get", json!({"id": 1})).await;
    for link in [&contact["PHOTO"]["downloadUrl"], &contact["UF_CRM_SCAN"][0]["downloadUrl"]] {
        let response = reqwest::get(link.as_str().expect("a link")).await.expect("a response");
        assert_eq!(response.bytes().await.expect("bytes").as_ref(), b"gate", "{contact}");
    }
}

#[tokio::test]
async fn activities_and_comments_belong_to_their_owners() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let call = json!({
        "OWNER_TYPE_ID": 2, "OWNER_ID": 1, "TYPE_ID": 2, "SUBJECT": "Call", "RESPONSIBLE_ID": 1,
        "COMMUNICATIONS": [{"VALUE": "+1 555 0100", "ENTITY_ID": 1, "ENTITY_TYPE_ID": 3, "TYPE": "PHONE"}],
    });
    let id = caller.call("crm.activity.add", json!({"fields": call})).await;
    let activity = caller.call("crm.activity.get", json!({"id": id})).await;
    assert_eq!(activity["COMMUNICATIONS"][0]["VALUE"], "+1 555 0100", "{activity}");
    let params = json!({"activityId": id, "entityTypeId": 3, "entityId": 7});
    caller.call("crm.activity.binding.add", params).await;
    let bindings = caller.call("crm.activity.binding.list", json!({"activityId": id})).await;
    let has = |bindings: &Value, kind: i64, owner: i64| {
        let rows = bindings.as_array().cloned().unwrap_or_default();
        rows.iter().any(|row| row["entityTypeId"] == kind && row["entityId"] == owner)
    };
    assert!(has(&bindings, 3, 7) && has(&bindings, 2, 1), "{bindings}");
    let moved = json!({
        "activityId": id, "sourceEntityTypeId": 3, "sourceEntityId": 7, "targetEntityTypeId": 4, "targetEntityId": 8,
    });
    caller.call("crm.activity.binding.move", moved).await;
    let params = json!({"activityId": id, "entityTypeId": 4, "entityId": 8});
    caller.call("crm.activity.binding.delete", params).await;
    let bindings = caller.call("crm.activity.binding.list", json!({"activityId": id})).await;
    assert!(!has(&bindings, 3, 7) && has(&bindings, 2, 1), "{bindings}");
    for (owner, text) in [(1, "one"), (2, "two"), (1, "three")] {
        let fields = json!({"ENTITY_ID": owner, "ENTITY_TYPE": "deal", "COMMENT": text});
        caller.call("crm.timeline.comment.add", json!({"fields": fields})).await;
    }
    let filter = json!({"filter": {"ENTITY_ID": 1, "ENTITY_TYPE": "deal"}, "order": {"ID": "ASC"}});
    let comments = caller.whole("crm.timeline.comment.list", filter).await;
    let texts: Vec<&Value> =
        comments["result"].as_array().expect("rows").iter().map(|row| &row["COMMENT"]).collect();
    assert_eq!((texts, &comments["total"]), (vec![&json!("one"), &json!("three")], &json!(2)), "{comments}");
}

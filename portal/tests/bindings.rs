//! Contacts and companies that are bound to others: the methods of bindings and the fields of the rows agree.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

/// What rows bind, and the primary one.
fn bound(rows: &Value, field: &str) -> (Vec<String>, Option<String>) {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    let id = |row: &Value| row[field].to_string().trim_matches('"').to_owned();
    let primary = rows.iter().filter(|row| row["IS_PRIMARY"] == "Y").map(id).collect::<Vec<_>>();
    assert!(primary.len() <= 1, "{rows:?}");
    (rows.iter().map(id).collect(), primary.into_iter().next())
}

fn texts(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[tokio::test]
async fn contacts_in_fields_are_bindings() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for prefix in ["crm.deal", "crm.lead"] {
        let items = async || {
            let rows = caller.call(&format!("{prefix}.contact.items.get"), json!({"id": 1})).await;
            bound(&rows, "CONTACT_ID")
        };
        let field =
            async || caller.call(&format!("{prefix}.get"), json!({"id": 1})).await["CONTACT_ID"].clone();
        caller
            .call(&format!("{prefix}.add"), json!({"fields": {"TITLE": "Gate", "CONTACT_IDS": [5, 3]}}))
            .await;
        assert_eq!(items().await, (texts(&["5", "3"]), Some("5".to_owned())), "{prefix}");
        assert_eq!(field().await, "5");
        // The primary one is replaced, and others stay.
        caller.call(&format!("{prefix}.update"), json!({"id": 1, "fields": {"CONTACT_ID": 8}})).await;
        let (mut all, primary) = items().await;
        all.sort();
        assert_eq!((all, primary), (texts(&["3", "8"]), Some("8".to_owned())), "{prefix}");
        caller.call(&format!("{prefix}.update"), json!({"id": 1, "fields": {"CONTACT_IDS": []}})).await;
        assert_eq!(items().await, (Vec::new(), None));
        assert_eq!(field().await, Value::Null);
        // No other row has got them.
        caller.call(&format!("{prefix}.add"), json!({"fields": {"TITLE": "Door"}})).await;
        let other = caller.call(&format!("{prefix}.contact.items.get"), json!({"id": 2})).await;
        assert_eq!(other, json!([]));
    }
}

#[tokio::test]
async fn bindings_are_contacts_in_fields() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for (prefix, kind) in [("crm.deal", 2), ("crm.lead", 1)] {
        caller.call(&format!("{prefix}.add"), json!({"fields": {"TITLE": "Gate"}})).await;
        let fields = async || {
            let row = caller.call(&format!("{prefix}.get"), json!({"id": 1})).await;
            let item = caller.call("crm.item.get", json!({"entityTypeId": kind, "id": 1})).await;
            assert_eq!(
                item["item"]["contactId"].as_i64().map(|id| json!(id.to_string())),
                row["CONTACT_ID"].as_str().map(Into::into)
            );
            (row["CONTACT_ID"].clone(), item["item"]["contactIds"].clone())
        };
        let add = async |contact: i64, primary: &str| {
            let fields = json!({"CONTACT_ID": contact, "IS_PRIMARY": primary});
            caller.call(&format!("{prefix}.contact.add"), json!({"id": 1, "fields": fields})).await
        };
        add(3, "N").await;
        add(4, "N").await;
        assert_eq!(fields().await, (json!("3"), json!([3, 4])), "{prefix}");
        add(7, "Y").await;
        add(4, "N").await;
        assert_eq!(fields().await.0, "7");
        let rows = caller.call(&format!("{prefix}.contact.items.get"), json!({"id": 1})).await;
        let (mut all, primary) = bound(&rows, "CONTACT_ID");
        all.sort();
        assert_eq!((all, primary), (texts(&["3", "4", "7"]), Some("7".to_owned())), "{rows}");
        let delete = json!({"id": 1, "fields": {"CONTACT_ID": 7}});
        caller.call(&format!("{prefix}.contact.delete"), delete).await;
        assert_eq!(fields().await, (json!("3"), json!([3, 4])), "{prefix}");
        let items = json!([{"CONTACT_ID": 9}, {"CONTACT_ID": 2, "IS_PRIMARY": "Y", "SORT": 5}]);
        caller.call(&format!("{prefix}.contact.items.set"), json!({"id": 1, "items": items})).await;
        assert_eq!(fields().await, (json!("2"), json!([9, 2])), "{prefix}");
        let found = caller.whole(&format!("{prefix}.list"), json!({"filter": {"CONTACT_ID": 2}})).await;
        assert_eq!(found["total"], 1);
        caller.call(&format!("{prefix}.contact.items.delete"), json!({"id": 1})).await;
        assert_eq!(fields().await, (Value::Null, json!([])), "{prefix}");
    }
}

#[tokio::test]
async fn companies_of_a_contact_have_the_contact() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for company in 1..=8 {
        caller.call("crm.company.add", json!({"fields": {"TITLE": format!("Company {company}")}})).await;
    }
    caller.call("crm.contact.add", json!({"fields": {"NAME": "Ann", "COMPANY_IDS": [6, 7]}})).await;
    caller.call("crm.contact.add", json!({"fields": {"NAME": "Bob", "COMPANY_ID": 7}})).await;
    let contacts = async |company: i64| {
        let rows = caller.call("crm.company.contact.items.get", json!({"id": company})).await;
        rows.as_array().expect("rows").iter().map(|row| row["CONTACT_ID"].clone()).collect::<Vec<_>>()
    };
    let companies = async |contact: i64| {
        let rows = caller.call("crm.contact.company.items.get", json!({"id": contact})).await;
        bound(&rows, "COMPANY_ID")
    };
    let before = contacts(7).await;
    assert_eq!((before.len(), contacts(6).await.len(), contacts(8).await.len()), (2, 1, 0), "{before:?}");
    caller.call("crm.company.contact.add", json!({"id": 8, "fields": {"CONTACT_ID": 2}})).await;
    assert_eq!(companies(2).await, (texts(&["7", "8"]), Some("7".to_owned())));
    caller.call("crm.company.contact.items.delete", json!({"id": 7})).await;
    assert_eq!(companies(1).await, (texts(&["6"]), Some("6".to_owned())));
    assert_eq!(companies(2).await, (texts(&["8"]), Some("8".to_owned())));
    assert_eq!(caller.call("crm.contact.get", json!({"id": 2})).await["COMPANY_ID"], "8");
    caller.call("crm.contact.company.delete", json!({"id": 2, "fields": {"COMPANY_ID": 8}})).await;
    assert_eq!(contacts(8).await, Vec::<Value>::new());
}

//! Product rows: the methods of each owner and those of universal items work on the same rows, whose sum is the amount of the owner.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

/// The names of the products.
fn names(rows: &Value) -> Vec<&str> {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default().iter();
    rows.filter_map(|row| row.get("PRODUCT_NAME").or_else(|| row.get("productName"))?.as_str()).collect()
}

#[tokio::test]
async fn rows_of_an_owner_are_rows_of_universal_items() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for (prefix, code) in [("crm.deal", "D"), ("crm.lead", "L"), ("crm.quote", "Q")] {
        caller.call(&format!("{prefix}.add"), json!({"fields": {"TITLE": "Gate"}})).await;
        let rows = json!([
            {"PRODUCT_NAME": "Hinge", "PRICE": 12.5, "QUANTITY": 4}, {"PRODUCT_NAME": "Latch", "PRICE": "30", "QUANTITY": 1}
        ]);
        let set = caller.call(&format!("{prefix}.productrows.set"), json!({"id": 1, "rows": rows})).await;
        assert_eq!(set, true, "{prefix}");
        let owned = json!({"=ownerType": code, "=ownerId": 1});
        let list = caller.call("crm.item.productrow.list", json!({"filter": owned})).await;
        assert_eq!(names(&list["productRows"]), ["Hinge", "Latch"], "{list}");
        let hinge = &list["productRows"][0];
        assert_eq!(
            (
                &hinge["ownerType"],
                &hinge["ownerId"],
                &hinge["price"],
                &hinge["quantity"],
                &hinge["priceNetto"]
            ),
            (&json!(code), &json!(1), &json!(12.5), &json!(4), &json!(12.5)),
            "{hinge}"
        );
        let fields =
            json!({"ownerId": 1, "ownerType": code, "productName": "Bolt", "price": 5, "quantity": 2});
        let added = caller.call("crm.item.productrow.add", json!({"fields": fields})).await;
        let bolt = added["productRow"]["id"].clone();
        let found = caller.call(&format!("{prefix}.productrows.get"), json!({"id": 1})).await;
        assert_eq!(names(&found), ["Hinge", "Latch", "Bolt"], "{found}");
        assert_eq!((&found[2]["OWNER_TYPE"], &found[2]["PRICE"]), (&json!(code), &json!(5)), "{found}");
        let renamed = json!({"id": bolt, "fields": {"productName": "Long bolt"}});
        caller.call("crm.item.productrow.update", renamed).await;
        caller.call("crm.item.productrow.delete", json!({"id": hinge["id"]})).await;
        let found = caller.call(&format!("{prefix}.productrows.get"), json!({"id": 1})).await;
        assert_eq!(names(&found), ["Latch", "Long bolt"], "{found}");
        let classic = json!({"filter": {"OWNER_TYPE": code, "OWNER_ID": 1}});
        let classic = caller.whole("crm.productrow.list", classic).await;
        assert_eq!((names(&classic["result"]), &classic["total"]), (vec!["Latch", "Long bolt"], &json!(2)));
        assert_eq!(caller.call(&format!("{prefix}.productrows.get"), json!({"id": 2})).await, json!([]));
    }
    assert_eq!(portal.rows("crm.item.productrow").len(), 6);
}

#[tokio::test]
async fn setting_rows_replaces_those_of_one_owner() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let set = async |owner: i64, names: &[&str]| {
        let rows: Vec<Value> = names.iter().map(|name| json!({"productName": name, "price": 1})).collect();
        let params = json!({"ownerId": owner, "ownerType": "D", "productRows": rows});
        caller.call("crm.item.productrow.set", params).await["productRows"].clone()
    };
    set(1, &["Hinge"]).await;
    set(2, &["Latch"]).await;
    assert_eq!(names(&set(1, &["Bolt", "Nut"]).await), ["Bolt", "Nut"]);
    assert_eq!(names(&caller.call("crm.deal.productrows.get", json!({"id": 1})).await), ["Bolt", "Nut"]);
    assert_eq!(names(&caller.call("crm.deal.productrows.get", json!({"id": 2})).await), ["Latch"]);
    assert_eq!(set(1, &[]).await, json!([]));
    let unpaid = json!({"ownerId": 2, "ownerType": "D"});
    let unpaid = caller.call("crm.item.productrow.getAvailableForPayment", unpaid).await;
    assert_eq!(names(&unpaid["productRows"]), ["Latch"]);
    let fields = caller.call("crm.productrow.fields", json!({})).await;
    assert_eq!(fields["PRICE"]["type"], "double", "{fields}");
}

#[tokio::test]
async fn the_amount_of_an_owner_is_the_sum_of_its_rows() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let amount = async |id: i64| caller.call("crm.deal.get", json!({"id": id})).await["OPPORTUNITY"].clone();
    let rows = json!([{"PRODUCT_NAME": "Hinge", "PRICE": 0.1, "QUANTITY": 3}, {"PRODUCT_NAME": "Latch", "PRICE": 30}]);
    let manual = json!({"fields": {"TITLE": "Door", "OPPORTUNITY": 7, "IS_MANUAL_OPPORTUNITY": "Y"}});
    caller.call("crm.deal.add", json!({"fields": {"TITLE": "Gate", "OPPORTUNITY": 7}})).await;
    caller.call("crm.deal.add", manual).await;
    for id in [1, 2] {
        caller.call("crm.deal.productrows.set", json!({"id": id, "rows": rows})).await;
    }
    assert_eq!((amount(1).await, amount(2).await), (json!("30.30"), json!("7.00")));
    let latch = caller.call("crm.deal.productrows.get", json!({"id": 1})).await[1]["ID"].clone();
    caller.call("crm.item.productrow.update", json!({"id": latch, "fields": {"quantity": 2}})).await;
    assert_eq!(amount(1).await, "60.30");
    caller.call("crm.item.productrow.delete", json!({"id": latch})).await;
    assert_eq!(amount(1).await, "0.30");
    caller.call("crm.deal.productrows.set", json!({"id": 1, "rows": []})).await;
    assert_eq!(amount(1).await, "0.00");
    // Without the flag, the amount is the sum again.
    caller.call("crm.deal.update", json!({"id": 2, "fields": {"TITLE": "Wall", "OPPORTUNITY": 9}})).await;
    assert_eq!(amount(2).await, "9.00");
    caller.call("crm.deal.update", json!({"id": 2, "fields": {"IS_MANUAL_OPPORTUNITY": "N"}})).await;
    assert_eq!(amount(2).await, "30.30");
    // Items of other kinds: an invoice, and a kind that users define (0x80 is 128).
    caller.call("crm.type.add", json!({"fields": {"title": "Bills", "entityTypeId": 128}})).await;
    for (kind, code) in [(31, "SI"), (128, "T80")] {
        let item = json!({"entityTypeId": kind, "fields": {"title": "Bill"}});
        let id = caller.call("crm.item.add", item).await["item"]["id"].clone();
        let row =
            json!({"ownerType": code, "ownerId": id, "productName": "Hinge", "price": 12, "quantity": 2});
        caller.call("crm.item.productrow.add", json!({"fields": row})).await;
        let item = caller.call("crm.item.get", json!({"entityTypeId": kind, "id": id})).await["item"].clone();
        assert_eq!(item["opportunity"], 24.0, "{item}");
    }
}

#[tokio::test]
async fn products_of_the_crm_are_those_of_the_catalog() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let fields = json!({"NAME": "Hinge", "PRICE": 12, "CURRENCY_ID": "EUR", "SECTION_ID": 4});
    let id = caller.call("crm.product.add", json!({"fields": fields})).await;
    let product = caller.call("catalog.product.get", json!({"id": id})).await["product"].clone();
    assert_eq!(
        (&product["name"], &product["iblockSectionId"], &product["iblockId"]),
        (&json!("Hinge"), &json!(4), &json!(1)),
        "{product}"
    );
    let renamed = json!({"id": id, "fields": {"name": "Long hinge"}});
    caller.call("catalog.product.update", renamed).await;
    let product = caller.call("crm.product.get", json!({"id": id})).await;
    assert_eq!(
        (&product["NAME"], &product["CURRENCY_ID"]),
        (&json!("Long hinge"), &json!("EUR")),
        "{product}"
    );
    assert_eq!(caller.whole("crm.product.list", json!({"filter": {"SECTION_ID": 4}})).await["total"], 1);
}

//! The catalog: documents, prices, images, and what is the same in every portal.

#[path = "support/program.rs"]
mod program;

use program::{Program, all};
use serde_json::{Value, json};

#[tokio::test]
async fn a_document_is_a_draft_until_it_is_conducted() {
    let caller = Program::start().await;
    let document = json!({"fields": {"docType": "A", "currency": "EUR", "responsibleId": 1}});
    let document = caller.call("catalog.document.add", document).await["document"].clone();
    assert_eq!((&document["status"], &document["siteId"]), (&json!("N"), &json!("s1")), "{document}");
    assert_ne!(document["dateStatus"], "", "{document}");
    let id = json!({"id": document["id"]});
    let status =
        || async { all(&caller.call("catalog.document.list", json!({})).await["documents"], "status") };
    assert_eq!(caller.refused("catalog.document.cancel", id.clone()).await, "0", "it is not conducted");
    assert_eq!(caller.call("catalog.document.conduct", id.clone()).await, true);
    assert_eq!(status().await, ["Y"]);
    assert_eq!(caller.call("catalog.document.cancel", id).await, true);
    assert_eq!(status().await, ["C"]);
    let custom = json!({"documentId": 1, "fields": {"documentType": "A", "field7": "Note"}});
    caller.call("catalog.userfield.document.update", custom).await;
    let of_type = |of: &str| json!({"select": ["documentId", "documentType", "field7"], "filter": {"documentType": of}});
    let found = caller.call("catalog.userfield.document.list", of_type("A")).await["documents"].clone();
    assert_eq!(found, json!([{"documentId": 1, "documentType": "A", "field7": "Note"}]));
    assert_eq!(caller.call("catalog.userfield.document.list", of_type("S")).await["documents"], json!([]));
}

#[tokio::test]
async fn a_product_has_one_price_of_a_type() {
    let caller = Program::start().await;
    let second = caller.call("catalog.priceType.add", json!({"fields": {"name": "Wholesale"}})).await;
    let second = second["priceType"]["id"].clone();
    let price =
        |of: Value| json!({"fields": {"productId": 1, "catalogGroupId": of, "price": 10, "currency": "EUR"}});
    caller.call("catalog.price.add", price(json!(1))).await;
    for wrong in [1, 77] {
        assert_eq!(caller.refused("catalog.price.add", price(json!(wrong))).await, "0", "{wrong}");
    }
    caller.call("catalog.price.add", price(second.clone())).await;
    let modify = |prices: Value| {
        caller.call("catalog.price.modify", json!({"fields": {"product": {"id": 1, "prices": prices}}}))
    };
    let stored = || async { all(&caller.call("catalog.price.list", json!({})).await["prices"], "price") };
    let changed = modify(json!([
        {"id": 1, "catalogGroupId": 1, "price": 55, "currency": "EUR"},
        {"id": 2, "catalogGroupId": second, "price": 44, "currency": "EUR"}
    ]));
    let changed = changed.await["prices"].clone();
    assert_eq!(
        (all(&changed, "productId"), all(&changed, "id")),
        (vec![json!(1); 2], vec![json!(1), json!(2)])
    );
    assert_eq!(stored().await, [55.0, 44.0]);
    modify(json!([{"id": 1, "catalogGroupId": 1, "price": 60, "currency": "EUR"}])).await;
    assert_eq!(stored().await, [60.0], "a price that is not sent is removed");
}

#[tokio::test]
async fn an_image_of_a_product_has_the_name_and_the_content_that_were_sent() {
    let caller = Program::start().await;
    let content = ["1.png", "iVBORw0KGgo="];
    let picture = |product: i64| json!({"fields": {"productId": product, "type": "MORE_PHOTO"}, "fileContent": content});
    assert_eq!(caller.refused("catalog.productImage.add", picture(1)).await, "0", "there is no product");
    caller.call("catalog.product.service.add", json!({"fields": {"iblockId": 1, "name": "Repair"}})).await;
    let image = caller.call("catalog.productImage.add", picture(1)).await["productImage"].clone();
    assert_eq!(
        (&image["name"], &image["type"], &image["productId"]),
        (&json!("1.png"), &json!("MORE_PHOTO"), &json!(1))
    );
    let url = image["downloadUrl"].as_str().expect("a link");
    let content = reqwest::get(url).await.expect("a response").bytes().await.expect("a body");
    assert!(content.starts_with(b"\x89PNG"), "{content:?}");
    let of = |product: i64| json!({"productId": product, "id": image["id"]});
    assert_eq!(caller.call("catalog.productImage.get", of(1)).await["productImage"], image);
    assert_eq!(
        caller.refused("catalog.productImage.get", of(2)).await,
        "0",
        "it is an image of another product"
    );
    let images = |product: i64| caller.call("catalog.productImage.list", json!({"productId": product}));
    assert_eq!(
        (images(2).await["productImages"].clone(), images(1).await["productImages"][0].clone()),
        (json!([]), image.clone())
    );
    assert_eq!(caller.call("catalog.productImage.delete", of(1)).await, true);
    assert_eq!(images(1).await["productImages"], json!([]));
}

#[tokio::test]
async fn what_is_the_same_in_every_portal_is_listed() {
    let caller = Program::start().await;
    for (method, params, path, field, values) in [
        ("catalog.enum.getRoundTypes", json!({}), "enum", "id", json!([1, 2, 4])),
        ("catalog.enum.getStoreDocumentTypes", json!({}), "enum", "id", json!(["A", "S", "M", "R", "D"])),
        (
            "catalog.productPropertyFeature.getAvailableFeaturesByProperty",
            json!({"propertyId": 1}),
            "features",
            "featureId",
            json!(["LIST_PAGE_SHOW", "DETAIL_PAGE_SHOW"]),
        ),
        ("catalog.priceType.list", json!({}), "priceTypes", "name", json!(["BASE"])),
    ] {
        let found = caller.call(method, params).await;
        assert_eq!(Value::from(all(&found[path], field)), values, "{method}");
    }
    for (method, path) in
        [("catalog.priceTypeLang.getLanguages", "languages"), ("sale.statusLang.getListLangs", "langs")]
    {
        let languages = all(&caller.call(method, json!({})).await[path], "lid");
        assert!(
            languages.contains(&json!("en")) && languages.contains(&json!("de")),
            "{method} {languages:?}"
        );
    }
    let measure = json!({"fields": {"code": 796, "measureTitle": "Piece"}});
    assert_eq!(caller.refused("catalog.measure.add", measure).await, "200600000000");
}

#[tokio::test]
async fn a_product_has_the_type_of_its_kind() {
    let caller = Program::start().await;
    for (prefix, place, kind) in [
        ("catalog.product", "product", 1),
        ("catalog.product.sku", "sku", 3),
        ("catalog.product.offer", "offer", 4),
        ("catalog.product.service", "service", 7),
    ] {
        let product = json!({"fields": {"iblockId": 1, "name": "Rope"}});
        caller.call(&format!("{prefix}.add"), product).await;
        let found = caller.call(&format!("{prefix}.get"), json!({"id": 1})).await;
        assert_eq!(found[place]["type"], kind, "{prefix} {found}");
    }
}

#[tokio::test]
async fn fields_are_described_for_types_and_filters() {
    let caller = Program::start().await;
    let of_type = json!({"type": "ENUM"});
    let of_product = json!({"filter": {"iblockId": 1, "productType": 1}});
    for (method, params, path, fields) in [
        ("sale.property.getFieldsByType", &of_type, "property", ["active", "personTypeId"]),
        ("sale.shipmentproperty.getFieldsByType", &of_type, "property", ["active", "personTypeId"]),
        ("catalog.product.getFieldsByFilter", &of_product, "product", ["iblockId", "purchasingPrice"]),
        ("catalog.product.sku.getFieldsByFilter", &of_product, "sku", ["iblockId", "active"]),
        ("catalog.product.offer.getFieldsByFilter", &of_product, "offer", ["iblockId", "purchasingPrice"]),
        ("catalog.product.service.getFieldsByFilter", &of_product, "service", ["iblockId", "active"]),
    ] {
        let described = caller.call(method, params.clone()).await[path].clone();
        for field in fields {
            assert!(described[field]["type"].is_string(), "{method} {field} {described}");
        }
    }
}

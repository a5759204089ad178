//! Orders, payment systems, deliveries and cashboxes: state of several methods, and the errors of their pages.

#[path = "support/program.rs"]
mod program;

use program::{Program, all};
use serde_json::{Value, json};

/// Adds a handler of payments and a payment system of it.
async fn payment_system(caller: &Program) -> Value {
    let handler = json!({"NAME": "Cards", "CODE": "cards", "SETTINGS": {"CODES": {"KEY": {"NAME": "Key"}}, "CURRENCY": ["EUR"]}});
    caller.call("sale.paysystem.handler.add", handler).await;
    let system = json!({
        "NAME": "Card", "PERSON_TYPE_ID": 1, "BX_REST_HANDLER": "cards", "ENTITY_REGISTRY_TYPE": "ORDER",
        "SETTINGS": {"KEY": {"TYPE": "VALUE", "VALUE": "first"}}
    });
    caller.call("sale.paysystem.add", system).await
}

/// Adds a handler of deliveries with a profile, and a delivery of it.
async fn delivery(caller: &Program) -> Value {
    let handler = json!({
        "NAME": "Couriers", "CODE": "couriers", "SETTINGS": {"CALCULATE_URL": "http://127.0.0.1:9/", "CONFIG": []},
        "PROFILES": [{"NAME": "Taxi", "CODE": "TAXI", "DESCRIPTION": "By car"}]
    });
    caller.call("sale.delivery.handler.add", handler).await;
    let delivery = json!({
        "REST_CODE": "couriers", "NAME": "Courier", "CURRENCY": "EUR", "CONFIG": [{"CODE": "S", "VALUE": "v"}]
    });
    caller.call("sale.delivery.add", delivery).await
}

#[tokio::test]
async fn an_order_has_what_was_added_to_it() {
    let caller = Program::start().await;
    let order = json!({"fields": {"lid": "s1", "personTypeId": 1, "currency": "EUR"}});
    let order = caller.call("sale.order.add", order).await["order"].clone();
    assert_eq!(
        (&order["accountNumber"], &order["statusId"], &order["recountFlag"]),
        (&json!("1"), &json!("N"), &json!("Y"))
    );
    let item =
        json!({"orderId": 1, "productId": 1, "price": 5, "quantity": 2, "currency": "EUR", "name": "Rope"});
    let property =
        json!({"personTypeId": 1, "propsGroupId": 1, "name": "Person", "type": "STRING", "code": "FIO"});
    let shipment =
        json!({"orderId": 1, "allowDelivery": "N", "deducted": "N", "deliveryId": 1, "statusId": "DN"});
    for (method, fields) in [
        ("sale.basketitem.add", item),
        (
            "sale.basketproperties.add",
            json!({"basketId": 1, "name": "Colour", "value": "red", "code": "COLOUR"}),
        ),
        ("sale.payment.add", json!({"orderId": 1, "paySystemId": 1, "sum": 10})),
        ("sale.shipment.add", shipment),
        ("sale.property.add", property),
    ] {
        caller.call(method, json!({"fields": fields})).await;
    }
    let values =
        json!({"fields": {"order": {"id": 1, "propertyValues": [{"orderPropsId": 1, "value": "Bo"}]}}});
    let values = caller.call("sale.propertyvalue.modify", values).await["propertyValues"].clone();
    assert_eq!((&values[0]["name"], &values[0]["code"]), (&json!("Person"), &json!("FIO")), "{values}");
    let order = caller.call("sale.order.get", json!({"id": 1})).await["order"].clone();
    for (path, value) in [
        ("/basketItems/0/name", "Rope"),
        ("/basketItems/0/properties/0/value", "red"),
        ("/payments/0/accountNumber", "1/1"),
        ("/payments/0/currency", "EUR"),
        ("/shipments/0/statusId", "DN"),
        ("/shipments/0/accountNumber", "1/2"),
        ("/propertyValues/0/value", "Bo"),
    ] {
        assert_eq!(order.pointer(path), Some(&json!(value)), "{path} of {order}");
    }
}

#[tokio::test]
async fn settings_of_a_payment_system_are_read_and_changed() {
    let caller = Program::start().await;
    let id = payment_system(&caller).await;
    let systems = caller.call("sale.paysystem.list", json!({})).await;
    assert_eq!(
        (&systems[0]["ACTION_FILE"], &systems[0]["ACTIVE"]),
        (&json!("cards"), &json!("N")),
        "{systems}"
    );
    let settings = || caller.call("sale.paysystem.settings.get", json!({"ID": id, "PERSON_TYPE_ID": 1}));
    assert_eq!(settings().await, json!({"KEY": "first"}));
    let changed = json!({"MODE": {"TYPE": "VALUE", "VALUE": "TEST"}});
    let update = json!({"ID": id, "PERSON_TYPE_ID": 1, "SETTINGS": changed});
    assert_eq!(caller.call("sale.paysystem.settings.update", update).await, true);
    assert_eq!(settings().await, json!({"KEY": "first", "MODE": "TEST"}));
    caller.call("sale.payment.add", json!({"fields": {"orderId": 1, "paySystemId": id, "sum": 10}})).await;
    let of_payment = json!({"PAYMENT_ID": 1, "PAY_SYSTEM_ID": id});
    assert_eq!(caller.call("sale.paysystem.settings.payment.get", of_payment.clone()).await["MODE"], "TEST");
    assert_eq!(caller.call("sale.paysystem.pay.payment", of_payment).await, true);
    let payment = caller.call("sale.payment.get", json!({"id": 1})).await["payment"].clone();
    assert_eq!((&payment["paid"], &payment["empPaidId"]), (&json!("Y"), &json!(1)), "{payment}");
    let url =
        caller.call("salescenter.payment.getPublicUrl", json!({"id": 1})).await["payment"]["url"].clone();
    assert!(url.as_str().is_some_and(|url| url.starts_with(&caller.portal.origin())), "{url}");
}

#[tokio::test]
async fn a_payment_system_pays_an_invoice() {
    let caller = Program::start().await;
    let system = payment_system(&caller).await;
    let pay = json!({"INVOICE_ID": 1, "PAY_SYSTEM_ID": system});
    assert_eq!(
        caller.refused("sale.paysystem.pay.invoice", pay.clone()).await,
        "ERROR_INTERNAL_INVOICE_NOT_FOUND"
    );
    caller.call("crm.invoice.add", json!({"fields": {"ORDER_TOPIC": "Rope"}})).await;
    for of in [json!({"PAY_SYSTEM_ID": system}), json!({"BX_REST_HANDLER": "cards"})] {
        let mut params = of;
        params["INVOICE_ID"] = json!(1);
        assert_eq!(caller.call("sale.paysystem.settings.invoice.get", params).await, json!({"KEY": "first"}));
    }
    assert_eq!(caller.call("sale.paysystem.pay.invoice", pay).await, true);
    assert_eq!(caller.call("crm.invoice.get", json!({"id": 1})).await["PAYED"], "Y");
}

#[tokio::test]
async fn settings_of_handlers_are_listed_as_they_were_added() {
    let caller = Program::start().await;
    payment_system(&caller).await;
    delivery(&caller).await;
    let settings = json!({
        "PRINT_URL": "http://127.0.0.1:9/", "CHECK_URL": "http://127.0.0.1:9/",
        "CONFIG": {"AUTH": {"LABEL": "Access", "ITEMS": {}}}
    });
    let cashbox = json!({"CODE": "box", "NAME": "Box", "SETTINGS": settings});
    caller.call("sale.cashbox.handler.add", cashbox).await;
    for (method, path, value) in [
        ("sale.cashbox.handler.list", "/0/SETTINGS/CONFIG/AUTH/LABEL", json!("Access")),
        ("sale.cashbox.handler.list", "/0/SORT", json!("100")),
        ("sale.paysystem.handler.list", "/0/SETTINGS/CURRENCY", json!(["EUR"])),
        ("sale.delivery.handler.list", "/0/SETTINGS/CALCULATE_URL", json!("http://127.0.0.1:9/")),
        ("sale.delivery.handler.list", "/0/PROFILES/0/NAME", json!("Taxi")),
    ] {
        let rows = caller.call(method, json!({})).await;
        assert_eq!(rows.pointer(path), Some(&value), "{method} {rows}");
    }
}

#[tokio::test]
async fn a_delivery_has_a_child_for_each_profile_of_its_handler() {
    let caller = Program::start().await;
    let added = delivery(&caller).await;
    let (parent, profile) = (&added["parent"], &added["profiles"][0]);
    assert_eq!((&profile["NAME"], &profile["CURRENCY"]), (&json!("Taxi"), &json!("EUR")), "{added}");
    assert_eq!(added["profiles"].as_array().map(Vec::len), Some(1), "{added}");
    assert_ne!(profile["ID"], parent["ID"]);
    assert_eq!(
        caller.call("sale.delivery.update", json!({"ID": 1, "FIELDS": {"NAME": "Rider"}})).await,
        true
    );
    let names = || async { all(&caller.call("sale.delivery.getlist", json!({})).await, "NAME") };
    assert_eq!(names().await, ["Rider", "Taxi"]);
    let config = || caller.call("sale.delivery.config.get", json!({"ID": 1}));
    assert_eq!(config().await, json!([{"CODE": "S", "VALUE": "v"}]));
    let update = json!({"ID": 1, "CONFIG": [{"CODE": "S", "VALUE": "w"}, {"CODE": "R", "VALUE": "r"}]});
    caller.call("sale.delivery.config.update", update).await;
    assert_eq!(config().await, json!([{"CODE": "S", "VALUE": "w"}, {"CODE": "R", "VALUE": "r"}]));
    caller.call("sale.delivery.delete", json!({"ID": 1})).await;
    assert_eq!(names().await, Vec::<Value>::new(), "its profiles are gone too");
}

#[tokio::test]
async fn a_delivery_request_is_what_it_was_changed_to_until_it_is_deleted() {
    let caller = Program::start().await;
    delivery(&caller).await;
    let request = json!({"DELIVERY_ID": 1, "REQUEST_ID": "r7"});
    let with = |more: Value| {
        let fields = request.as_object().into_iter().chain(more.as_object()).flatten();
        fields.map(|(name, value)| (name.clone(), value.clone())).collect::<Value>()
    };
    let status = json!({"STATUS": {"TEXT": "On the way", "SEMANTIC": "process"}, "FINALIZE": "N"});
    assert_eq!(caller.call("sale.delivery.request.update", with(status)).await, true);
    let message = json!({"ADDRESSEE": "MANAGER", "MESSAGE": {"SUBJECT": "Late", "BODY": "By an hour"}});
    assert_eq!(caller.call("sale.delivery.request.sendmessage", with(message)).await, true);
    let rows = caller.portal.rows("sale.delivery.request");
    assert_eq!((rows.len(), &rows[0]["STATUS"]["TEXT"]), (1, &json!("On the way")), "{rows:?}");
    assert_eq!(caller.call("sale.delivery.request.delete", request.clone()).await, true);
    assert_eq!(caller.refused("sale.delivery.request.delete", request).await, "REQUEST_NOT_FOUND");
}

#[tokio::test]
async fn rows_are_removed_by_their_fields_and_once() {
    let caller = Program::start().await;
    for (prefix, fields, list, error) in [
        (
            "crm.orderentity",
            json!({"orderId": 1, "ownerId": 1, "ownerTypeId": 2}),
            "orderEntity",
            "201640400004",
        ),
        (
            "sale.propertyRelation",
            json!({"entityId": 1, "entityType": "D", "propertyId": 1}),
            "propertyRelations",
            "201640400004",
        ),
        (
            "sale.businessValuePersonDomain",
            json!({"personTypeId": 1, "domain": "I"}),
            "businessValuePersonDomains",
            "201440400003",
        ),
        (
            "sale.statusLang",
            json!({"statusId": "N", "lid": "en", "name": "New"}),
            "statusLangs",
            "201740400001",
        ),
    ] {
        let method = |verb: &str| format!("{prefix}.{verb}");
        let fields = json!({"fields": fields});
        caller.call(&method("add"), fields.clone()).await;
        assert_eq!(caller.call(&method("deleteByFilter"), fields.clone()).await, true, "{prefix}");
        assert_eq!(caller.call(&method("list"), json!({})).await[list], json!([]), "{prefix}");
        assert_eq!(caller.refused(&method("deleteByFilter"), fields).await, error, "{prefix}");
    }
}

#[tokio::test]
async fn what_exists_is_not_added_again() {
    let caller = Program::start().await;
    delivery(&caller).await;
    payment_system(&caller).await;
    let urls = json!({"PRINT_URL": "http://127.0.0.1:9/", "CHECK_URL": "http://127.0.0.1:9/", "CONFIG": {}});
    let cashbox = json!({"CODE": "box", "NAME": "Box", "SETTINGS": urls});
    let domain = json!({"fields": {"personTypeId": 1, "domain": "I"}});
    let language = json!({"fields": {"statusId": "N", "lid": "en", "name": "New"}});
    caller.call("sale.cashbox.handler.add", cashbox.clone()).await;
    caller.call("sale.businessValuePersonDomain.add", domain.clone()).await;
    caller.call("sale.statusLang.add", language.clone()).await;
    let settings = json!({"CODES": {}, "CALCULATE_URL": "x"});
    let handler = |code: &str| json!({"NAME": "x", "CODE": code, "SETTINGS": settings, "PROFILES": []});
    for (method, params, error) in [
        ("sale.cashbox.handler.add", cashbox, "ERROR_HANDLER_ALREADY_EXIST"),
        ("sale.paysystem.handler.add", handler("cards"), "ERROR_HANDLER_ALREADY_EXIST"),
        ("sale.delivery.handler.add", handler("couriers"), "ERROR_HANDLER_ALREADY_EXIST"),
        ("sale.status.add", json!({"fields": {"id": "F", "type": "O"}}), "201350000001"),
        ("sale.businessValuePersonDomain.add", domain, "201250000001"),
        ("sale.statusLang.add", language, "201750000003"),
    ] {
        assert_eq!(caller.refused(method, params).await, error, "{method}");
    }
    let statuses = caller.call("sale.status.list", json!({})).await;
    assert_eq!(all(&statuses["statuses"], "id"), ["N", "F"]);
    assert_eq!(statuses.as_object().map(serde_json::Map::len), Some(1), "the rows have one name: {statuses}");
}

#[tokio::test]
async fn what_does_not_exist_is_refused_with_the_code_of_the_page() {
    let caller = Program::start().await;
    let request = json!({"DELIVERY_ID": 999, "REQUEST_ID": "1"});
    let system = |person: i64, handler: &str| {
        json!({
            "NAME": "x", "PERSON_TYPE_ID": person, "BX_REST_HANDLER": handler, "ENTITY_REGISTRY_TYPE": "ORDER"
        })
    };
    payment_system(&caller).await;
    for (method, params, error) in [
        (
            "sale.delivery.add",
            json!({"REST_CODE": "nope", "NAME": "x", "CURRENCY": "EUR"}),
            "ERROR_HANDLER_NOT_FOUND",
        ),
        ("sale.delivery.config.get", json!({"ID": 999}), "ERROR_DELIVERY_NOT_FOUND"),
        ("sale.delivery.extra.service.get", json!({"DELIVERY_ID": 999}), "ERROR_DELIVERY_NOT_FOUND"),
        ("sale.delivery.request.delete", request.clone(), "DELIVERY_NOT_FOUND"),
        ("sale.delivery.request.update", request, "DELIVERY_NOT_FOUND"),
        ("sale.paysystem.add", system(1, "nope"), "ERROR_HANDLER_NOT_FOUND"),
        ("sale.paysystem.add", system(999, "cards"), "ERROR_PERSON_TYPE_NOT_FOUND"),
        ("sale.paysystem.update", json!({"ID": 999, "FIELDS": {"NAME": "x"}}), "ERROR_PAY_SYSTEM_NOT_FOUND"),
        ("sale.paysystem.settings.get", json!({"ID": 999, "PERSON_TYPE_ID": 1}), "ERROR_CHECK_FAILURE"),
        ("sale.paysystem.pay.payment", json!({"PAYMENT_ID": 999, "PAY_SYSTEM_ID": 1}), "ERROR_CHECK_FAILURE"),
        ("salescenter.payment.getPublicUrl", json!({"id": 999}), "200640400001"),
        ("crm.item.payment.add", json!({"entityId": 999, "entityTypeId": 2}), "0"),
    ] {
        assert_eq!(caller.refused(method, params).await, error, "{method}");
    }
}

#[tokio::test]
async fn a_payment_of_an_item_has_its_currency_and_is_paid() {
    let caller = Program::start().await;
    let deal = caller.call("crm.deal.add", json!({"fields": {"TITLE": "Gate", "CURRENCY_ID": "EUR"}})).await;
    let id = caller.call("crm.item.payment.add", json!({"entityId": deal, "entityTypeId": 2})).await;
    let payment = || caller.call("crm.item.payment.get", json!({"id": id}));
    let added = payment().await;
    assert_eq!(
        (&added["accountNumber"], &added["currency"], &added["sum"], &added["paid"]),
        (&json!("1/1"), &json!("EUR"), &json!(0), &json!("N")),
        "{added}"
    );
    caller.call("crm.item.payment.pay", json!({"id": id})).await;
    let paid = payment().await;
    assert_eq!((&paid["paid"], &paid["empPaidId"]), (&json!("Y"), &json!(1)), "{paid}");
    assert_ne!(paid["datePaid"], "", "{paid}");
}

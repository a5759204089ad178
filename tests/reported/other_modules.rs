//! Values of the other modules.

use bitrix24::{
    app, basic, biz_proc, calendar, catalog, entity, im, json, lists, sale, social_network, telephony,
    timeman, user, v3, voximplant,
};

use super::fact::{assert_all, date, result, yes};

#[test]
fn values_of_other_modules() {
    assert_all(vec![
        result::<basic::Batch>(
            40,
            "batch",
            json!({"result": [7], "result_error": [], "result_total": {"a": 60}, "result_next": {"a": 50}, "result_time": []}),
            |result| result.result.as_ref().unwrap()["0"] == 7,
        ),
        result::<basic::Batch>(
            41,
            "batch",
            json!({"result": {"a": true}, "result_error": [{"error": "NOT_FOUND", "error_description": "Gone"}]}),
            |result| result.result_error.as_ref().unwrap()["0"].error.as_deref() == Some("NOT_FOUND"),
        ),
        result::<im::chat::Get>(45, "im.chat.get", json!(null), Option::is_none),
        result::<lists::element::Add>(46, "lists.element.add", json!(53), |id| *id == 53),
        result::<im::recent::List>(
            66,
            "im.recent.list",
            json!({"items": [], "hasMore": true, "hasMorePages": true}),
            |list| list.has_more == Some(true),
        ),
        result::<social_network::api::workgroup::List>(
            67,
            "socialnetwork.api.workgroup.list",
            json!({"workgroups": [{"id": "4", "name": "Keepers"}]}),
            |list| list.workgroups.as_ref().unwrap()[0].id == Some(4),
        ),
        result::<app::Info>(131, "app.info", json!({"LICENSE_FAMILY": "project"}), |info| {
            info.license_family.as_deref() == Some("project")
        }),
        result::<biz_proc::workflow::Instances>(
            133,
            "bizproc.workflow.instances",
            json!([{"ID": "65e.1", "TEMPLATE_ID": "7", "STARTED_BY": "1", "DOCUMENT_ID": "DEAL_15"}]),
            |rows| rows[0].template_id == Some(7),
        ),
        result::<biz_proc::task::List>(
            133,
            "bizproc.task.list",
            json!([{"ID": "9", "STATUS": "0", "USER_ID": "1", "DOCUMENT_ID": "DEAL_15"}]),
            |rows| rows[0].id == Some(9) && rows[0].document_id.as_deref() == Some("DEAL_15"),
        ),
        result::<calendar::settings::Get>(
            135,
            "calendar.settings.get",
            json!({"work_time_start": "9"}),
            |settings| settings.work_time_end.is_none(),
        ),
        result::<catalog::document::element::List>(
            136,
            "catalog.document.element.list",
            json!({"documentElements": [{"id": 3, "amount": 2.5, "storeFrom": null}]}),
            |list| list.document_elements.as_ref().unwrap()[0].store_from.is_none(),
        ),
        result::<catalog::product::List>(
            137,
            "catalog.product.list",
            json!({"products": [{"id": 1, "canBuyZero": null, "quantityTrace": "D", "subscribe": "D", "code": null}]}),
            |list| {
                let product = &list.products.as_ref().unwrap()[0];
                let values = [&product.quantity_trace, &product.subscribe];
                values.iter().all(|value| *value == &Some(catalog::product::ProductQuantityTrace::D))
            },
        ),
        result::<catalog::product::Get>(
            138,
            "catalog.product.get",
            json!({"element": {"id": 4}}),
            |result| result.element.as_ref().unwrap().id == Some(4),
        ),
        result::<catalog::product::sku::List>(
            139,
            "catalog.product.sku.list",
            json!({"units": [{"id": 4, "code": null}]}),
            |list| list.units.as_ref().unwrap()[0].id == Some(4),
        ),
        result::<catalog::product::offer::List>(
            139,
            "catalog.product.offer.list",
            json!({"offers": [{"id": 4, "code": null}]}),
            |list| list.offers.as_ref().unwrap()[0].id == Some(4),
        ),
        result::<entity::Get>(
            142,
            "entity.get",
            json!([{"ID": "1", "NAME": "Cages"}, {"ID": "2", "NAME": "Food"}]),
            |storages| storages[1].id == Some(2),
        ),
        result::<entity::Get>(142, "entity.get", json!({"ID": "1", "NAME": "Cages"}), |storages| {
            storages.len() == 1 && storages[0].name.as_deref() == Some("Cages")
        }),
        result::<entity::item::property::Get>(
            143,
            "entity.item.property.get",
            json!([{"PROPERTY": "size", "SORT": "500"}]),
            |properties| properties[0].sort == Some(500),
        ),
        result::<entity::item::property::Get>(
            143,
            "entity.item.property.get",
            json!({"PROPERTY": "size", "NAME": "Size"}),
            |properties| properties[0].property.as_deref() == Some("size"),
        ),
        result::<im::search::user::List>(146, "im.search.user.list", json!([]), |users| users.is_empty()),
        result::<im::search::user::List>(
            146,
            "im.search.user.list",
            json!({"7": {"id": 7, "idle": false}}),
            |users| users[0].id == Some(7) && users[0].idle.is_none(),
        ),
        result::<im::user::list::Get>(147, "im.user.list.get", json!({"7": {"id": 7}}), |users| {
            users[0].id == Some(7)
        }),
        result::<lists::element::Get>(
            152,
            "lists.element.get",
            json!([{"ID": "3", "PROPERTY_5": {"77": "red"}}]),
            |rows| rows[0].extra["PROPERTY_5"]["77"] == "red",
        ),
        result::<lists::field::Get>(
            153,
            "lists.field.get",
            json!({"NAME": {"FIELD_ID": "NAME", "IS_REQUIRED": "Y"}, "PROPERTY_5": {"FIELD_ID": "PROPERTY_5"}}),
            |fields| yes(fields["NAME"].is_required),
        ),
        result::<sale::cashbox::List>(
            154,
            "sale.cashbox.list",
            json!([{"ID": "1", "NAME": "Gate"}]),
            |list| list[0].id == Some(1),
        ),
        result::<sale::order::Get>(
            156,
            "sale.order.get",
            json!({"order": {"basketItems": [{"xmlId": "crm_pr_4", "reservations": [{"storeId": 2}]}]}}),
            |result| {
                let item = &result.order.as_ref().unwrap().basket_items.as_ref().unwrap()[0];
                item.reservations.as_ref().unwrap()[0].store_id == Some(2)
            },
        ),
        result::<sale::payment_item_basket::List>(
            157,
            "sale.paymentItemBasket.list",
            json!({"paymentItemsBasket": [{"id": 1}]}),
            |list| list.payment_items_basket.as_ref().unwrap()[0].id == Some(1),
        ),
        result::<sale::payment_item_shipment::List>(
            157,
            "sale.paymentItemShipment.list",
            json!({"paymentItemsShipment": [{"id": 1}]}),
            |list| list.payment_items_shipment.as_ref().unwrap()[0].id == Some(1),
        ),
        result::<telephony::external_line::Update>(
            159,
            "telephony.externalLine.update",
            json!({"ID": "7"}),
            |line| line.id == Some(7),
        ),
        result::<telephony::external_line::Delete>(
            159,
            "telephony.externalLine.delete",
            json!([]),
            |nothing| nothing.is_empty(),
        ),
        result::<timeman::schedule::Get>(161, "timeman.schedule.get", json!([]), |schedule| {
            schedule.id.is_none()
        }),
        result::<user::Get>(
            162,
            "user.get",
            json!([{
                "ID": "7", "ACTIVE": true, "IS_ONLINE": "Y", "UF_DEPARTMENT": [1, 4], "TIME_ZONE_OFFSET": "3600",
                "PERSONAL_GENDER": "", "PERSONAL_BIRTHDAY": "",
            }, {"ID": "8", "ACTIVE": false, "TIME_ZONE_OFFSET": null, "PERSONAL_GENDER": "F"}]),
            |users| {
                yes(users[0].active)
                    && users[0].time_zone_offset == Some(3600)
                    && users[0].uf_department.as_deref() == Some(&[1, 4])
                    && users[0].personal_birthday.is_none()
            },
        ),
        result::<voximplant::sip::Status>(
            165,
            "voximplant.sip.status",
            json!({"LAST_UPDATED": "20.05.2026 10:00:00"}),
            |status| date(&status.last_updated, "20.05.2026 10:00:00"),
        ),
        result::<v3::note::collection::List>(
            185,
            "note.collection.list",
            json!({"items": [{"id": 3}], "nextCursor": {"position": 1, "id": 3}}),
            |list| list.next_cursor.as_ref().unwrap().id == Some(3),
        ),
        result::<v3::tasks::task::List>(187, "tasks.task.list", json!({"items": [{"id": 3}]}), |list| {
            list.items.as_ref().unwrap()[0].id == Some(3)
        }),
    ]);
}

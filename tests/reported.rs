//! What real portals return where it differs from the documentation: each row is a reported fact, with a small response in the
//! reported form. It must decode into the generated type without a mismatch, and to the right value.

use std::fmt::Debug;
use std::path::Path;

use bitrix24::wire::{CustomFields, FromWire, decode_strict};
use bitrix24::{Batch, Client, ErrorKind, Failure, Method, RawResponse, Value, json, parse_response, raw};
use bitrix24_codegen::descriptor::{Api, Pagination, Spec};
use bitrix24_testing::{MockResponse, MockServer};

use bitrix24::{
    app, basic, biz_proc, calendar, catalog, crm, entity, im, lists, sale, social_network, task, tasks,
    telephony, timeman, user, v3, voximplant,
};

/// A fact, and what is wrong about it.
struct Row {
    fact: u32,
    method: &'static str,
    wrong: Option<String>,
}

/// The result of a method, decoded as its type.
fn result<M: Method>(fact: u32, method: &'static str, result: Value, holds: fn(&M::Output) -> bool) -> Row
where
    M::Output: FromWire + Debug,
{
    let wrong = match decode_strict::<M::Output>(result) {
        Err(mismatch) => Some(mismatch.to_string()),
        Ok(value) => (!holds(&value)).then(|| format!("decodes as {value:?}")),
    };
    Row { fact, method, wrong }
}

/// A whole response.
fn response(
    fact: u32,
    method: &'static str,
    status: u16,
    body: &str,
    holds: fn(Result<&RawResponse, &Failure>) -> bool,
) -> Row {
    let parsed = parse_response(status, body.as_bytes());
    let wrong = (!holds(parsed.as_ref())).then(|| format!("parses as {parsed:?}"));
    Row { fact, method, wrong }
}

fn assert_all(rows: Vec<Row>) {
    let wrong = rows.into_iter().filter_map(|row| {
        let Row { fact, method, wrong } = row;
        wrong.map(|wrong| format!("{fact}: {method}: {wrong}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn date(date: &Option<bitrix24::wire::DateTime>, text: &str) -> bool {
    date.as_ref().is_some_and(|date| date.as_str() == text)
}

fn yes(flag: Option<bool>) -> bool {
    flag == Some(true)
}

#[test]
fn values_of_crm() {
    assert_all(vec![
        result::<crm::deal::Fields>(
            73,
            "crm.deal.fields",
            json!({"PLACE": {"type": "location"}, "UF_CRM_1": {"type": "product_file"}}),
            |fields| fields["UF_CRM_1"].r#type.as_deref() == Some("product_file"),
        ),
        result::<crm::contact::Get>(
            74,
            "crm.contact.get",
            json!({"ID": "7", "POST": null, "BIRTHDATE": "", "LEAD_ID": null, "UF_CRM_1": ""}),
            |contact| contact.post.is_none() && contact.birthdate.is_none() && contact.lead_id.is_none(),
        ),
        result::<crm::deal::Get>(75, "crm.deal.get", json!({"OPENED": "Y", "CLOSED": "N"}), |deal| {
            yes(deal.opened) && !yes(deal.closed)
        }),
        result::<crm::deal::Get>(
            76,
            "crm.deal.get",
            json!({"ID": "12", "OPPORTUNITY": "1900.50", "PROBABILITY": null, "CATEGORY_ID": "0"}),
            |deal| {
                deal.id == Some(12) && deal.opportunity == Some(1900.5.into()) && deal.category_id == Some(0)
            },
        ),
        result::<crm::deal::Delete>(77, "crm.deal.delete", json!(true), |done| *done),
        result::<crm::item::Delete>(77, "crm.item.delete", json!([]), |nothing| nothing.is_empty()),
        result::<crm::r#type::Delete>(77, "crm.type.delete", json!([]), |nothing| nothing.is_empty()),
        result::<crm::category::Delete>(77, "crm.category.delete", json!(null), |()| true),
        result::<crm::automated_solution::Delete>(
            77,
            "crm.automatedsolution.delete",
            json!(null),
            Option::is_none,
        ),
        result::<crm::timeline::comment::Delete>(77, "crm.timeline.comment.delete", json!(null), |()| true),
        result::<crm::item::product_row::Delete>(77, "crm.item.productrow.delete", json!(null), |()| true),
        result::<crm::deal::Add>(79, "crm.deal.add", json!(58), |id| *id == 58),
        result::<crm::lead::Fields>(
            80,
            "crm.lead.fields",
            json!({"STATUS_ID": {"type": "crm_status", "isRequired": false, "isReadOnly": true, "statusType": "STATUS"}}),
            |fields| {
                let field = &fields["STATUS_ID"];
                field.is_required == Some(false)
                    && field.is_read_only == Some(true)
                    && field.status_type.as_deref() == Some("STATUS")
            },
        ),
        result::<crm::activity::Get>(
            81,
            "crm.activity.get",
            json!({"TYPE_ID": "2", "STATUS": "1", "PRIORITY": "3", "DIRECTION": "2", "NOTIFY_TYPE": "0"}),
            |_| true,
        ),
        result::<crm::category::List>(
            82,
            "crm.category.list",
            json!({"categories": [{"id": 0, "isDefault": "Y"}, {"id": 3, "isDefault": "N", "originId": ""}]}),
            |list| yes(list.categories.as_ref().unwrap()[0].is_default),
        ),
        result::<crm::company::Get>(
            83,
            "crm.company.get",
            json!({"REVENUE": "120000.00", "EMPLOYEES": "EMPLOYEES_2"}),
            |company| {
                company.revenue == Some(120_000.into()) && company.employees.as_deref() == Some("EMPLOYEES_2")
            },
        ),
        result::<crm::company::contact::items::Get>(
            84,
            "crm.company.contact.items.get",
            json!([{"CONTACT_ID": 5, "IS_PRIMARY": "Y"}, {"CONTACT_ID": 6, "IS_PRIMARY": "Y"}]),
            |rows| rows.iter().all(|row| yes(row.is_primary)),
        ),
        result::<crm::contact::Get>(85, "crm.contact.get", json!({"COMPANY_ID": ""}), |contact| {
            contact.company_id.is_none()
        }),
        result::<crm::contact::Get>(85, "crm.contact.get", json!({"COMPANY_ID": "0"}), |contact| {
            contact.company_id == Some(0)
        }),
        result::<crm::contact::Get>(
            86,
            "crm.contact.get",
            json!({"IM": [{"ID": "9", "VALUE": "leo", "VALUE_TYPE": "TELEGRAM", "TYPE_ID": "IM"}]}),
            |contact| contact.im.as_ref().unwrap()[0].value_type.as_deref() == Some("TELEGRAM"),
        ),
        result::<crm::contact::Get>(
            87,
            "crm.contact.get",
            json!({"PHONE": [{"ID": "8", "VALUE": "100", "VALUE_TYPE": "WORK", "TYPE_ID": "PHONE"}]}),
            |contact| contact.phone.as_ref().unwrap()[0].id == Some(8) && contact.web.is_none(),
        ),
        result::<crm::company::Get>(
            87,
            "crm.company.get",
            json!({"EMAIL": [{"ID": "8", "VALUE": "leo@zoo.test", "VALUE_TYPE": "WORK", "TYPE_ID": "EMAIL"}]}),
            |company| company.email.as_ref().unwrap()[0].value.as_deref() == Some("leo@zoo.test"),
        ),
        result::<crm::lead::Get>(
            87,
            "crm.lead.get",
            json!({"WEB": [{"ID": "8", "VALUE": "zoo.test", "VALUE_TYPE": "HOME", "TYPE_ID": "WEB"}]}),
            |lead| lead.web.as_ref().unwrap()[0].id == Some(8),
        ),
        result::<crm::contact::Get>(88, "crm.contact.get", json!({"PHOTO": null}), |contact| {
            contact.photo.is_none()
        }),
        result::<crm::contact::Get>(89, "crm.contact.get", json!({"SOURCE_ID": "3|ZOO_CHAT"}), |contact| {
            contact.source_id.as_deref() == Some("3|ZOO_CHAT")
        }),
        result::<crm::deal::Get>(
            91,
            "crm.deal.get",
            json!({"UF_CRM_1": {"id": 4, "showUrl": "/show", "downloadUrl": "/download"}}),
            |deal| deal.extra["UF_CRM_1"]["id"] == 4,
        ),
        result::<crm::deal::product_rows::Get>(
            92,
            "crm.deal.productrows.get",
            json!([
                {"STORE_ID": null, "RESERVE_ID": null, "RESERVE_QUANTITY": null, "DATE_RESERVE_END": null},
                {"STORE_ID": 2, "RESERVE_ID": 5, "RESERVE_QUANTITY": 1.5, "DATE_RESERVE_END": "2026-01-02"},
            ]),
            |rows| rows[0].store_id.is_none() && rows[1].reserve_quantity == Some(1.5.into()),
        ),
        result::<crm::deal::product_rows::Get>(
            93,
            "crm.deal.productrows.get",
            json!([{"TAX_INCLUDED": "Y"}]),
            |rows| yes(rows[0].tax_included),
        ),
        result::<crm::deal_category::stage::List>(
            96,
            "crm.dealcategory.stage.list",
            json!([{"NAME": "Fed", "SORT": 10, "STATUS_ID": "C2:NEW"}]),
            |stages| stages[0].sort == Some(10) && stages[0].status_id.as_deref() == Some("C2:NEW"),
        ),
        result::<crm::status::entity::Items>(
            96,
            "crm.status.entity.items",
            json!([{"NAME": "Fed", "SORT": 10, "STATUS_ID": "C2:NEW"}]),
            |items| items[0].sort == Some(10),
        ),
        result::<crm::document_generator::numerator::List>(
            97,
            "crm.documentgenerator.numerator.list",
            json!({"numerators": [{"id": 1}]}),
            |list| list.numerators.as_ref().unwrap()[0].id == Some(1),
        ),
        result::<crm::document_generator::numerator::List>(
            97,
            "crm.documentgenerator.numerator.list",
            json!({"items": [{"id": 1}]}),
            |list| list.items.as_ref().unwrap()[0].id == Some(1),
        ),
        result::<crm::duplicate::FindByComm>(
            98,
            "crm.duplicate.findbycomm",
            json!({"LEAD": [4, 5]}),
            |found| found.lead.as_deref() == Some(&[4, 5]) && found.contact.is_none(),
        ),
        result::<crm::duplicate::FindByComm>(98, "crm.duplicate.findbycomm", json!([]), |found| {
            found.company.is_none()
        }),
        result::<crm::item::Get>(
            99,
            "crm.item.get",
            json!({"item": {"ufCrm1": "Y", "ufCrm2": "1", "ufCrm11_17": 22, "ufCrm3": "22"}}),
            |result| {
                let extra = &result.item.as_ref().unwrap().extra;
                let flag = |name| extra.custom::<bool>(name) == Ok(Some(true));
                let value = |name| extra.custom::<String>(name) == Ok(Some("22".to_owned()));
                // 101 and 104: values of lists as text or number, names with an underscore.
                flag("ufCrm1") && flag("ufCrm2") && value("ufCrm11_17") && value("ufCrm3")
            },
        ),
        result::<crm::item::Get>(
            100,
            "crm.item.get",
            json!({"item": {"begindate": "2026-05-20T03:00:00+03:00"}}),
            |result| date(&result.item.as_ref().unwrap().begin_date, "2026-05-20T03:00:00+03:00"),
        ),
        result::<crm::item::Get>(
            102,
            "crm.item.get",
            json!({"item": {"ufCrm1": {"id": 3, "url": "/a", "urlMachine": "/b"}}}),
            |result| result.item.as_ref().unwrap().extra["ufCrm1"]["urlMachine"] == "/b",
        ),
        result::<crm::item::List>(
            103,
            "crm.item.list",
            json!({"items": [
                {"id": 46, "contactId": null, "xmlId": null, "previousStageId": "", "opened": "Y"},
                {"id": 47, "contactId": 3, "xmlId": "", "previousStageId": "DT1:A", "opened": "N"},
            ]}),
            |list| {
                let items = list.items.as_ref().unwrap();
                items[0].id == Some(46) && items[0].contact_id.is_none() && yes(items[0].opened)
            },
        ),
        result::<crm::item::Fields>(
            105,
            "crm.item.fields",
            json!({"fields": {
                "fm": {"type": "crm_multifield", "isMultiple": true}, "opened": {"type": "boolean"},
            }}),
            |result| result.fields.as_ref().unwrap()["fm"].is_multiple == Some(true),
        ),
        result::<crm::item::Get>(
            106,
            "crm.item.get",
            json!({"item": {
                "fm": [{"id": 2, "typeId": "PHONE", "valueType": "WORK", "value": "100"}], "phoneWork": "100",
            }}),
            |result| {
                let item = result.item.as_ref().unwrap();
                item.fm.as_ref().unwrap()[0].value.as_deref() == Some("100")
                    && item.phone_work.as_deref() == Some("100")
            },
        ),
        result::<crm::item::product_row::List>(
            108,
            "crm.item.productrow.list",
            json!({"productRows": [{
                "id": 1, "price": 9.5, "quantity": 2, "taxRate": null, "taxIncluded": "Y", "ownerType": "Tb3",
                "xmlId": "", "type": 4, "measureCode": 796,
            }]}),
            |list| {
                let row = &list.product_rows.as_ref().unwrap()[0];
                row.tax_rate.is_none() && row.owner_type.as_deref() == Some("Tb3") && row.r#type == Some(4)
            },
        ),
        result::<crm::timeline::note::Save>(113, "crm.timeline.note.save", json!(false), |done| !done),
        result::<bitrix24::user_field_config::Get>(
            115,
            "userfieldconfig.get",
            json!({"field": {"id": "3"}}),
            |result| result.field.as_ref().unwrap().id == Some(3),
        ),
        result::<crm::stage_history::List>(
            64,
            "crm.stagehistory.list",
            json!({"items": [{"ID": "1", "TYPE_ID": "2", "OWNER_ID": "3", "STAGE_ID": "NEW"}]}),
            |list| list.items.as_ref().unwrap()[0].owner_id == Some(3),
        ),
    ]);
}

#[test]
fn values_of_tasks() {
    assert_all(vec![
        result::<task::check_list_item::GetList>(
            116,
            "task.checklistitem.getlist",
            json!([{"ID": "1", "TITLE": "Feed", "IS_COMPLETE": "N"}]),
            |items| items[0].id == Some(1),
        ),
        result::<task::check_list_item::GetList>(
            116,
            "task.checklistitem.getlist",
            json!({"21": {"ID": "21", "TITLE": "Feed"}}),
            |items| items[0].id == Some(21),
        ),
        result::<task::comment_item::Add>(117, "task.commentitem.add", json!("305"), |id| *id == 305),
        result::<tasks::flow::flow::Get>(
            119,
            "tasks.flow.Flow.get",
            json!({"active": true, "demo": false, "notifyAtHalfTime": false, "notifyOnQueueOverflow": null}),
            |flow| flow.active == Some(true) && flow.notify_on_queue_overflow.is_none(),
        ),
        result::<tasks::task::Get>(
            120,
            "tasks.task.get",
            json!({"task": {"deadline": "2026-05-09T00:00:00+03:00", "deadlineOrig": "2026-05-09 00:00:00"}}),
            |result| date(&result.task.as_ref().unwrap().deadline_orig, "2026-05-09 00:00:00"),
        ),
        result::<tasks::task::Get>(
            121,
            "tasks.task.get",
            json!({"task": {"multitask": "N", "favorite": "Y", "mark": null, "timeEstimate": "0"}}),
            |result| {
                let task = result.task.as_ref().unwrap();
                yes(task.favorite) && task.mark.is_none() && task.time_estimate == Some(0)
            },
        ),
        result::<tasks::task::List>(
            122,
            "tasks.task.list",
            json!({"tasks": [{"group": []}, {"group": {"id": "4", "name": "Keepers"}}]}),
            |list| {
                let tasks = list.tasks.as_ref().unwrap();
                let group = |index: usize| tasks[index].group.as_ref().and_then(|group| group.id);
                group(0).is_none() && group(1) == Some(4)
            },
        ),
        result::<tasks::task::List>(
            123,
            "tasks.task.list",
            json!({"tasks": [{"id": "86", "status": "2", "groupId": "0", "subStatus": "-1"}]}),
            |list| {
                let task = &list.tasks.as_ref().unwrap()[0];
                task.id == Some(86) && task.group_id == Some(0) && task.sub_status.as_deref() == Some("-1")
            },
        ),
        result::<tasks::task::Get>(
            124,
            "tasks.task.get",
            json!({"task": {"tags": {"8": {"id": 8, "title": "lion"}}}}),
            |result| {
                let tags = result.task.as_ref().unwrap().tags.as_ref().unwrap();
                tags["8"].title.as_deref() == Some("lion")
            },
        ),
        result::<tasks::task::Get>(
            124,
            "tasks.task.get",
            json!({"task": {"tags": [{"id": 8, "title": "lion"}]}}),
            |result| {
                let tags = result.task.as_ref().unwrap().tags.as_ref().unwrap();
                tags["0"].id == Some(8)
            },
        ),
        result::<tasks::task::Add>(
            125,
            "tasks.task.add",
            json!({"task": {"id": "86", "responsibleName": "Ann", "createdByLogin": "ann"}}),
            |result| result.task.as_ref().unwrap().extra["responsibleName"] == "Ann",
        ),
        result::<tasks::task::Get>(
            129,
            "tasks.task.get",
            json!({"task": {
                "chatId": 5, "ufCrmTask": ["D_4"], "ufTaskWebdavFiles": [31], "ufMailMessage": null,
            }}),
            |result| {
                let task = result.task.as_ref().unwrap();
                task.chat_id == Some(5) && task.uf_task_webdav_files.as_deref() == Some(&[31])
            },
        ),
        result::<tasks::task::GetAccess>(
            130,
            "tasks.task.getaccess",
            json!({"allowedActions": {"7": {"edit": true}}}),
            |result| result.allowed_actions.as_ref().unwrap()["7"]["edit"],
        ),
        result::<tasks::task::history::List>(
            130,
            "tasks.task.history.list",
            json!({"list": [{"id": "3", "field": "STATUS", "value": {"from": "2", "to": 3}}]}),
            |list| list.list.as_ref().unwrap()[0].id == Some(3),
        ),
        result::<tasks::task::counters::Get>(
            130,
            "tasks.task.counters.get",
            json!({"expired": {"counter": 1, "code": 6}, "total": {"counter": 4, "code": 9}}),
            |counters| counters["total"].counter == Some(4),
        ),
        result::<tasks::task::counters::Get>(130, "tasks.task.counters.get", json!([]), |counters| {
            counters.is_empty()
        }),
    ]);
}

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

#[test]
fn envelopes_and_errors() {
    fn code<'a>(parsed: Result<&'a RawResponse, &'a Failure>) -> Option<&'a str> {
        parsed.err().and_then(Failure::code)
    }
    fn kind(parsed: Result<&RawResponse, &Failure>) -> Option<ErrorKind> {
        parsed.err().map(Failure::kind)
    }
    assert_all(vec![
        response(2, "any", 400, r#"{"error": "", "error_description": "Not found"}"#, |parsed| {
            code(parsed) == Some("")
        }),
        response(2, "any", 400, r#"{"error": 100, "error_description": "No field"}"#, |parsed| {
            code(parsed) == Some("100")
        }),
        response(3, "any", 400, r#"{"error": "0", "error_description": "Broken"}"#, |parsed| {
            code(parsed) == Some("0")
        }),
        response(5, "any", 400, r#"{"error": "wrong_client"}"#, |parsed| {
            code(parsed) == Some("wrong_client")
        }),
        response(5, "any", 400, r#"{"error": "X", "error_description": "No<br>cage<br>"}"#, |parsed| {
            code(parsed) == Some("X")
        }),
        response(7, "any", 403, "<html>Forbidden</html>", |parsed| kind(parsed) == Some(ErrorKind::NotJson)),
        response(7, "any", 502, "<html>Bad gateway</html>", |parsed| {
            kind(parsed) == Some(ErrorKind::NotJson)
        }),
        response(9, "any", 200, r#"{"result": 1, "time": {"start": 1.5}}"#, |parsed| {
            parsed.is_ok_and(|parsed| parsed.time.start == Some(1.5) && parsed.time.operating.is_none())
        }),
        response(10, "any", 200, r#"{"result": 1, "time": {"start": 17, "processing": 0}}"#, |parsed| {
            parsed.is_ok_and(|parsed| parsed.time.start == Some(17.0) && parsed.time.processing == Some(0.0))
        }),
        response(13, "crm.deal.get", 400, r#"{"error": "", "error_description": "Not found"}"#, |parsed| {
            parsed.is_err_and(|failure| failure.status() == Some(400))
        }),
        response(32, "tasks.task.pause", 400, r#"{"error": 1048582}"#, |parsed| {
            code(parsed) == Some("1048582")
        }),
        response(49, "any list", 200, r#"{"result": [], "total": "60", "next": 50}"#, |parsed| {
            parsed.is_ok_and(|parsed| parsed.total == Some(60) && parsed.next == Some(50))
        }),
        response(50, "any list", 200, r#"{"result": []}"#, |parsed| {
            parsed.is_ok_and(|parsed| parsed.total.is_none() && parsed.next.is_none())
        }),
        response(
            195,
            "any of REST 3",
            400,
            r#"{"error": {"code": "ZOO_INVALID", "message": "No", "validation": [{"message": "No", "field": "cage"}]}}"#,
            |parsed| parsed.is_err_and(|failure| failure.code() == Some("ZOO_INVALID")),
        ),
        response(
            198,
            "any of REST 3",
            409,
            r#"{"error": {"code": "NOTE_SHORT", "message": "No"}}"#,
            |parsed| code(parsed) == Some("NOTE_SHORT"),
        ),
    ]);
}

/// A result of a batch, whether `one` and `two` succeed, and the code of the error of `two`.
type BatchRow = (u32, Value, bool, bool, Option<&'static str>);

#[tokio::test]
async fn results_of_batches() {
    let error = json!({"error": "NOT_FOUND", "error_description": "Gone"});
    let rows: Vec<BatchRow> = vec![
        (
            36,
            json!({"result": [], "result_error": {"c0": error, "c1": error}, "result_time": []}),
            false,
            false,
            Some("NOT_FOUND"),
        ),
        (
            40,
            json!({"result": {"c0": 1, "c1": 2}, "result_error": [], "result_total": [], "result_next": []}),
            true,
            true,
            None,
        ),
        (
            42,
            json!({"result": {"c0": 1}, "result_error": {"c1": error}, "result_time": {"c0": {"start": 1}}}),
            true,
            false,
            Some("NOT_FOUND"),
        ),
        (45, json!({"result": {"c0": null, "c1": 58943}, "result_error": []}), true, true, None),
    ];
    for (fact, result, one_holds, two_holds, code) in rows {
        let body = result.clone();
        let server = MockServer::start(move |call| {
            // The client chooses the names of its commands.
            let names: Vec<&String> = call.params["cmd"].as_object().unwrap().keys().collect();
            let text = body.to_string().replace("\"c0\"", &format!("{:?}", names[0]));
            let text = text.replace("\"c1\"", &format!("{:?}", names[1]));
            MockResponse::result(serde_json::from_str(&text).unwrap())
        })
        .await;
        let client = Client::webhook(&server.webhook()).unwrap();
        let mut batch = Batch::new();
        let one = batch.add(raw("zoo.animal.get", json!({"id": 1})));
        let two = batch.add(raw("zoo.animal.get", json!({"id": 2})));
        let results = client.run(batch).await;
        let (one, two) = (results.get(one), results.get(two));
        assert_eq!((one.is_ok(), two.is_ok()), (one_holds, two_holds), "{fact}: {one:?} {two:?}");
        assert_eq!(two.as_ref().err().and_then(|error| error.code()), code, "{fact}");
    }
}

#[test]
fn lists_of_the_descriptors() {
    let (spec, problems) = Spec::load(Path::new(env!("CARGO_MANIFEST_DIR")), Path::new("spec"));
    assert_eq!(problems, []);
    // Fact, method, pagination, rows, and the names of the identifier in conditions and in rows.
    type ListFacts =
        (u32, Api, &'static str, Pagination, Option<&'static str>, Option<(&'static str, &'static str)>);
    let rows: [ListFacts; 12] = [
        (55, Api::V2, "crm.address.list", Pagination::Start, Some(""), None),
        (64, Api::V2, "crm.stagehistory.list", Pagination::Start, Some("/items"), Some(("ID", "ID"))),
        (65, Api::V2, "crm.deal.userfield.list", Pagination::Start, Some(""), None),
        (
            65,
            Api::V2,
            "documentgenerator.template.list",
            Pagination::Start,
            Some("/templates"),
            Some(("id", "id")),
        ),
        (65, Api::V2, "userfieldconfig.list", Pagination::Start, Some("/fields"), Some(("id", "id"))),
        (66, Api::V2, "im.recent.list", Pagination::LimitOffset, Some("/items"), None),
        (
            67,
            Api::V2,
            "socialnetwork.api.workgroup.list",
            Pagination::Start,
            Some("/workgroups"),
            Some(("ID", "id")),
        ),
        (68, Api::V2, "tasks.task.list", Pagination::Start, Some("/tasks"), Some(("ID", "id"))),
        (139, Api::V2, "catalog.product.sku.list", Pagination::Start, Some("/units"), Some(("id", "id"))),
        (139, Api::V2, "catalog.product.offer.list", Pagination::Start, Some("/offers"), Some(("id", "id"))),
        (185, Api::V3, "note.collection.list", Pagination::Cursor, Some("/items"), None),
        (187, Api::V3, "tasks.task.list", Pagination::V3, Some("/items"), Some(("id", "id"))),
    ];
    for (fact, api, method, pagination, path, keyset) in rows {
        let found = spec.methods.iter().map(|file| &file.content);
        let mut found = found.filter(|found| found.api == api && found.method.eq_ignore_ascii_case(method));
        let found = found.next().unwrap_or_else(|| panic!("{fact}: {method} is missing"));
        let own = found.keyset.as_ref().map(|keyset| (keyset.id.as_str(), keyset.row_id()));
        assert_eq!(
            (found.pagination, found.rows.as_deref(), own),
            (pagination, path, keyset),
            "{fact}: {method}"
        );
    }
}

#[test]
fn errors_of_the_descriptors() {
    let (spec, problems) = Spec::load(Path::new(env!("CARGO_MANIFEST_DIR")), Path::new("spec"));
    assert_eq!(problems, []);
    let system = &spec.system.as_ref().unwrap().content;
    // Fact, code, and the status with which a portal sends it.
    let of_every_method = [
        (1, "ALLOWED_ONLY_INTRANET_USER", Some(403)),
        (11, "APPLICATION_NOT_FOUND", Some(401)),
        (11, "ERROR_OAUTH", Some(401)),
        (11, "authorization_error", Some(401)),
        (11, "INVALID_TOKEN", Some(401)),
        (19, "insufficient_scope", Some(401)),
        (20, "INVALID_CREDENTIALS", Some(401)),
        (21, "METHOD_CONFIRM_WAITING", Some(401)),
        (21, "METHOD_CONFIRM_DENIED", Some(403)),
        (22, "ERROR_METHOD_NOT_FOUND", None),
        (25, "OPERATION_TIME_LIMIT", Some(429)),
        (26, "PAYMENT_REQUIRED", Some(401)),
        (28, "QUERY_LIMIT_EXCEEDED", Some(503)),
        (35, "WRONG_AUTH_TYPE", Some(403)),
    ];
    for (fact, code, status) in of_every_method {
        let error = system.errors.iter().find(|error| error.code == code);
        let error = error.unwrap_or_else(|| panic!("{fact}: {code} is missing"));
        let known =
            error.status == status || status.is_some_and(|status| error.other_statuses.contains(&status));
        assert!(known, "{fact}: {code} has another status");
    }
    let of_methods = [
        (12, "bizproc.workflow.template.update", ""),
        (12, "bizproc.workflow.template.delete", ""),
        (13, "crm.deal.get", ""),
        (13, "crm.lead.get", ""),
        (13, "crm.contact.get", ""),
        (13, "crm.company.get", ""),
        (13, "crm.quote.get", ""),
        (14, "crm.duplicate.findbycomm", ""),
        (15, "crm.item.get", "NOT_FOUND"),
        (16, "crm.requisite.get", ""),
        (17, "crm.type.list", "100"),
        (18, "crm.type.list", "INVALID_ARG_VALUE"),
        (21, "voximplant.user.get", "METHOD_CONFIRM_WAITING"),
        (30, "socialnetwork.api.workgroup.get", "SONET_CONTROLLER_WORKGROUP_EMPTY"),
        (32, "tasks.task.pause", "1048582"),
        (33, "telephony.externalCall.finish", ""),
        (34, "crm.deal.update", ""),
        (109, "crm.item.productrow.update", "INVALID_ARG_VALUE"),
    ];
    for (fact, method, code) in of_methods {
        let found = spec.methods.iter().find(|file| file.content.method == method);
        let found = found.unwrap_or_else(|| panic!("{fact}: {method} is missing"));
        let known = found.content.errors.iter().any(|error| error.code == code);
        assert!(known, "{fact}: {method} has no error {code:?}");
    }
}

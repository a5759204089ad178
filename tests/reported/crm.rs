//! Values of CRM.

use bitrix24::wire::CustomFields;
use bitrix24::{crm, json};

use super::fact::{assert_all, date, result, yes};

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

//! Departments, people, working time, workflows, sites and what belongs to them.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

/// The texts in a field of all rows.
fn values<'r>(rows: &'r Value, field: &str) -> Vec<&'r str> {
    let rows = rows.as_array().unwrap_or_else(|| panic!("{rows}")).iter();
    rows.map(|row| row[field].as_str().unwrap_or_else(|| panic!("{row}"))).collect()
}

#[tokio::test]
async fn fixed_values_are_the_documented_ones() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for (method, names) in [
        ("user.fields", ["ID", "EMAIL", "UF_PHONE_INNER"]),
        ("mailservice.fields", ["SITE_ID", "ENCRYPTION", "SORT"]),
        ("voximplant.tts.voices.get", ["ukenglishfemale", "eurgermanmale", "jpjapanesemale"]),
        ("department.fields", ["ID", "PARENT", "UF_HEAD"]),
    ] {
        let found = caller.call(method, json!({})).await;
        assert!(names.iter().all(|name| found[name].is_string()), "{method} {found}");
    }
    for (method, titles) in [
        ("biconnector.connector.fields", ["urlCheck", "settings"]),
        ("biconnector.source.fields", ["connectorId", "code"]),
        ("biconnector.dataset.fields", ["sourceId", "externalName"]),
    ] {
        let found = caller.call(method, json!({})).await;
        let found = values(&found["fields"], "title");
        assert!(titles.iter().all(|title| found.contains(title)), "{method} {found:?}");
    }
    let kinds = caller.call("booking.v1.clienttype.list", json!({})).await;
    assert_eq!(values(&kinds["clientType"], "code"), ["COMPANY", "CONTACT"]);
    assert_eq!(caller.call("user.get", json!({"ID": 1})).await[0]["ACTIVE"], true);
}

#[tokio::test]
async fn custom_fields_have_their_prefix() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for name in ["SIZE", "UF_USR_COLOR"] {
        let field = json!({"fields": {"FIELD_NAME": name, "USER_TYPE_ID": "string"}});
        caller.call("user.userfield.add", field).await;
    }
    let found = caller.call("user.userfield.list", json!({})).await;
    assert_eq!(
        (values(&found, "FIELD_NAME"), values(&found, "ENTITY_ID"), values(&found, "SHOW_FILTER")),
        (vec!["UF_USR_SIZE", "UF_USR_COLOR"], vec!["USER", "USER"], vec!["N", "N"])
    );
    let field = json!({"PARAMS": {"FIELD_NAME": "NOTE", "USER_TYPE_ID": "string"}});
    let id = caller.call("task.item.userfield.add", field).await;
    let found = caller.call("task.item.userfield.get", json!({"ID": id})).await;
    assert_eq!((&found["FIELD_NAME"], &found["ENTITY_ID"]), (&json!("UF_NOTE"), &json!("TASKS_TASK")));
}

#[tokio::test]
async fn what_is_not_there_or_there_already_is_refused() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    caller.call("user.add", json!({"EMAIL": "b@example.com", "UF_DEPARTMENT": [1]})).await;
    caller.call("landing.site.add", json!({"fields": {"TITLE": "Site", "CODE": "site"}})).await;
    caller.call("landing.landing.add", json!({"fields": {"TITLE": "Page", "SITE_ID": 1}})).await;
    let page = json!({"fields": {"TITLE": "Page", "SITE_ID": 99}});
    let workflow = json!({"TEMPLATE_ID": 99, "DOCUMENT_ID": ["crm", "CCrmDocumentLead", "LEAD_1"]});
    for (method, params, error) in [
        ("department.update", json!({"ID": 99, "NAME": "x"}), "ERROR_CORE"),
        ("department.delete", json!({"ID": 99}), "ERROR_CORE"),
        ("user.update", json!({"ID": 99, "NAME": "x"}), "ERROR_CORE"),
        ("user.add", json!({"EMAIL": "b@example.com", "UF_DEPARTMENT": [1]}), "ERROR_ARGUMENT"),
        ("booking.v1.booking.get", json!({"id": 99}), "1021"),
        ("booking.v1.resource.get", json!({"id": 99}), "1009"),
        ("booking.v1.waitlist.get", json!({"id": 99}), "1040"),
        ("booking.v1.resourceType.get", json!({"id": 99}), "1013"),
        ("booking.v1.resource.add", json!({"fields": {"typeId": 99, "name": "x"}}), "1013"),
        ("bizproc.workflow.start", workflow, "ERROR_WRONG_WORKFLOW_ID"),
        ("timeman.open", json!({"USER_ID": 99}), ""),
        ("landing.site.delete", json!({"id": 1}), "SITE_IS_NOT_EMPTY"),
        ("landing.landing.add", page, "SITE_NOT_FOUND"),
        ("biconnector.source.get", json!({"id": 99}), "SOURCE_NOT_FOUND"),
    ] {
        assert_eq!(caller.refused(method, params).await, error, "{method}");
    }
    let application = Caller::application(&portal);
    for (method, error) in [
        ("bizproc.activity.add", "ERROR_ACTIVITY_ALREADY_INSTALLED"),
        ("bizproc.robot.add", "ERROR_ACTIVITY_ALREADY_INSTALLED"),
        ("telephony.externalLine.add", "ERROR_CORE"),
    ] {
        let params = json!({"CODE": "one", "HANDLER": "http://127.0.0.1:9/", "NAME": "One", "NUMBER": "1"});
        application.call(method, params.clone()).await;
        assert_eq!(application.refused(method, params).await, error, "{method}");
    }
}

#[tokio::test]
async fn working_days_belong_to_their_user() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    caller.call("user.add", json!({"EMAIL": "b@example.com", "UF_DEPARTMENT": [1]})).await;
    caller.call("timeman.open", json!({})).await;
    caller.call("timeman.open", json!({"USER_ID": 2})).await;
    caller.call("timeman.pause", json!({"USER_ID": 1})).await;
    for (params, status) in [(json!({}), "PAUSED"), (json!({"USER_ID": 2}), "OPENED")] {
        assert_eq!(caller.call("timeman.status", params).await["STATUS"], status);
    }
    let range = |text: &str| json!([{"ip_range": text, "name": "Office"}]);
    for ranges in [range("10.0.0.0-10.0.0.9"), range("10.1.0.0-10.1.0.9").to_string().into()] {
        assert_eq!(caller.call("timeman.networkrange.set", json!({"RANGES": ranges})).await["result"], true);
    }
    assert_eq!(caller.call("timeman.networkrange.get", json!({})).await, range("10.1.0.0-10.1.0.9"));
}

#[tokio::test]
async fn workflows_have_their_document() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::application(&portal);
    let document = |last: &str| json!(["crm", "CCrmDocumentLead", last]);
    let template =
        json!({"DOCUMENT_TYPE": document("LEAD"), "NAME": "Copy", "TEMPLATE_DATA": ["x.bpt", "eA=="]});
    caller.call("bizproc.workflow.template.add", template).await;
    let select = json!({"SELECT": ["ID", "MODULE_ID", "ENTITY", "AUTO_EXECUTE", "DOCUMENT_TYPE"]});
    let found = caller.call("bizproc.workflow.template.list", select).await;
    assert_eq!(
        found[0],
        json!({
            "ID": "1", "MODULE_ID": "crm", "ENTITY": "CCrmDocumentLead", "AUTO_EXECUTE": 0, "DOCUMENT_TYPE": document("LEAD")
        })
    );
    caller.call("bizproc.workflow.start", json!({"TEMPLATE_ID": 1, "DOCUMENT_ID": document("LEAD_1")})).await;
    let found = caller.call("bizproc.workflow.instances", json!({})).await;
    assert_eq!(
        (values(&found, "DOCUMENT_ID"), values(&found, "ENTITY")),
        (vec!["LEAD_1"], vec!["CCrmDocumentLead"])
    );
}

#[tokio::test]
async fn bookings_and_waiting_lists_become_each_other() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    caller.call("booking.v1.waitlist.add", json!({"fields": {"note": "by the window"}})).await;
    let at = json!({"timestamp": "1800000000", "timezone": "Europe/Berlin"});
    let fields = json!({"resourceIds": [1], "datePeriod": {"from": at, "to": at}});
    let id = caller
        .call("booking.v1.booking.createfromwaitlist", json!({"waitListId": 1, "fields": fields}))
        .await;
    assert_eq!(
        caller.call("booking.v1.booking.get", json!({"id": id})).await["booking"]["resourceIds"],
        json!([1])
    );
    assert_eq!(caller.refused("booking.v1.waitlist.get", json!({"id": 1})).await, "1040");
    let id = caller.call("booking.v1.waitlist.createfrombooking", json!({"bookingId": id})).await;
    caller.call("booking.v1.waitlist.get", json!({"id": id})).await;
    assert_eq!(
        caller.refused("booking.v1.waitlist.createfrombooking", json!({"bookingId": 1})).await,
        "1037"
    );
}

#[tokio::test]
async fn sites_have_folders_pages_and_blocks() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    caller.call("landing.site.add", json!({"fields": {"TITLE": "Site", "CODE": "site"}})).await;
    caller.call("landing.site.addFolder", json!({"siteId": 1, "fields": {"TITLE": "Folder"}})).await;
    assert_eq!(values(&caller.call("landing.site.getList", json!({})).await, "TITLE"), ["Site"]);
    let folders = caller.call("landing.site.getFolders", json!({"siteId": 1})).await;
    assert_eq!(values(&folders, "TITLE"), ["Folder"]);
    caller.call("landing.landing.add", json!({"fields": {"TITLE": "Page", "SITE_ID": 1}})).await;
    assert_eq!(caller.call("landing.landing.copy", json!({"lid": 1})).await, 2);
    let block = json!({"lid": 1, "block": 1});
    caller.call("landing.landing.addblock", json!({"lid": 1, "fields": {"CODE": "15.social"}})).await;
    caller.call("landing.block.updatecontent", json!({"lid": 1, "block": 1, "content": "<b>Hi</b>"})).await;
    assert_eq!(caller.call("landing.block.getcontent", block.clone()).await["content"], "<b>Hi</b>");
    assert_eq!(caller.call("landing.landing.copyblock", block.clone()).await, 2);
    let blocks = caller.call("landing.block.getlist", json!({"lid": 1})).await;
    assert_eq!(values(&blocks, "content"), ["<b>Hi</b>", "<b>Hi</b>"]);
    for method in ["landing.landing.markdeletedblock", "landing.landing.markundeletedblock"] {
        assert_eq!(caller.call(method, block.clone()).await, true, "{method}");
    }
    let nodes = json!({"lid": 1, "block": 1, "data": {".text": "Hi"}});
    assert_eq!(caller.call("landing.block.updatenodes", nodes).await, true);
    caller.call("landing.syspage.set", json!({"id": 1, "type": "cart", "lid": 2})).await;
    caller.call("landing.syspage.set", json!({"id": 1, "type": "mainpage", "lid": 1})).await;
    let pages = caller.call("landing.syspage.get", json!({"id": 1})).await;
    assert_eq!((&pages["mainpage"]["LANDING_ID"], &pages["mainpage"]["TITLE"]), (&json!(1), &json!("Page")));
    caller.call("landing.syspage.set", json!({"id": 1, "type": "cart"})).await;
    assert!(caller.call("landing.syspage.get", json!({"id": 1})).await.get("cart").is_none());
    caller.call("landing.template.setSiteRef", json!({"id": 1, "data": {"1": 2}})).await;
    assert_eq!(caller.call("landing.template.getSiteRef", json!({"id": 1})).await, json!({"1": 2}));
    let urls = caller.call("landing.site.getPublicUrl", json!({"id": [1]})).await;
    assert!(urls["1"].as_str().is_some_and(|url| url.starts_with("http")), "{urls}");
}

#[tokio::test]
async fn rights_of_sites_are_the_ones_that_were_set() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    caller.call("landing.site.add", json!({"fields": {"TITLE": "Site", "CODE": "site"}})).await;
    let rights = json!({"id": 1, "rights": {"U1": ["read", "edit"]}});
    assert_eq!(caller.call("landing.site.setRights", rights).await, true);
    assert_eq!(caller.call("landing.site.getRights", json!({"id": 1})).await, json!(["read", "edit"]));
    assert_eq!(caller.call("landing.site.setRights", json!({"id": 9, "rights": {}})).await, false);
    assert_eq!(caller.call("landing.site.getRights", json!({"id": 9})).await, json!([]));
    let roles = Portal::builder().rows("landing.role", 1).start().await.expect("a portal");
    let caller = Caller::new(&roles);
    caller.call("landing.role.setRights", json!({"id": 1, "rights": {"0": ["read"]}})).await;
    assert_eq!(caller.call("landing.role.getRights", json!({"id": 1})).await, json!({"0": ["read"]}));
    assert_eq!(caller.call("landing.role.getRights", json!({"id": 2})).await, json!([]));
}

#[tokio::test]
async fn fields_of_data_sets_are_added_hidden_and_removed() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let field = |name: &str| json!({"name": name, "externalCode": name, "type": "string"});
    let urls = json!({
        "title": "Shop", "logo": "x", "urlCheck": "http://127.0.0.1:9/", "urlData": "http://127.0.0.1:9/",
        "urlTableList": "http://127.0.0.1:9/", "urlTableDescription": "http://127.0.0.1:9/",
        "settings": [{"name": "Login", "type": "STRING", "code": "login"}]
    });
    caller.call("biconnector.connector.add", json!({"fields": urls})).await;
    let source = json!({"title": "Shop", "connectorId": 1, "settings": {"login": "ada"}});
    caller.call("biconnector.source.add", json!({"fields": source})).await;
    let found = caller.call("biconnector.source.get", json!({"id": 1})).await["item"].clone();
    assert_eq!((&found["connectorId"], &found["connection"]["title"]), (&json!(1), &json!("Shop")));
    assert_eq!(found["settings"], json!([{"code": "login", "name": "Login", "type": "STRING"}]));
    let set = json!({
        "name": "orders", "externalName": "orders", "externalCode": "orders", "sourceId": 1, "fields": [field("A"), field("B")]
    });
    caller.call("biconnector.dataset.add", json!({"fields": set})).await;
    let change =
        json!({"id": 1, "add": [field("C")], "update": [{"id": 1, "visible": false}], "delete": [2]});
    assert_eq!(caller.call("biconnector.dataset.fields.update", change).await, true);
    let found = caller.call("biconnector.dataset.get", json!({"id": 1})).await["item"]["fields"].clone();
    let of = |field: &Value| (field["id"].clone(), field["name"].clone(), field["visible"].clone());
    let found: Vec<_> = found.as_array().expect("fields").iter().map(of).collect();
    assert_eq!(found, [(json!(1), json!("A"), json!(false)), (json!(3), json!("C"), json!(true))]);
    let unknown = caller.refused("biconnector.dataset.fields.update", json!({"id": 9})).await;
    assert_eq!(unknown, "DATASET_NOT_FOUND");
}

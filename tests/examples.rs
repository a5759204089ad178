//! The examples, each run against a portal, with what the portal received.

#![allow(dead_code, reason = "the examples have a `main` too")]

use std::collections::BTreeSet;

use bitrix24::oauth::Tokens;
use bitrix24::{App, Client, MemoryStore, Value, json, raw};
use bitrix24_portal::{Fault, Portal};

#[path = "../examples/access_denied.rs"]
mod access_denied;
#[path = "../examples/application_server.rs"]
mod application_server;
#[path = "../examples/calendar_event.rs"]
mod calendar_event;
#[path = "../examples/chat_keyboard.rs"]
mod chat_keyboard;
#[path = "../examples/custom_fields.rs"]
mod custom_fields;
#[path = "../examples/deals_to_csv.rs"]
mod deals_to_csv;
#[path = "../examples/departments.rs"]
mod departments;
#[path = "../examples/files_on_the_drive.rs"]
mod files_on_the_drive;
#[path = "../examples/lead_with_phones.rs"]
mod lead_with_phones;
#[path = "../examples/many_updates.rs"]
mod many_updates;
#[path = "../examples/offline_events.rs"]
mod offline_events;
#[path = "../examples/open_line_dialog.rs"]
mod open_line_dialog;
#[path = "../examples/product_rows.rs"]
mod product_rows;
#[path = "../examples/smart_process.rs"]
mod smart_process;
#[path = "../examples/task_with_checklist_and_file.rs"]
mod task_with_checklist_and_file;
#[path = "../examples/timeline_comment.rs"]
mod timeline_comment;

/// A portal whose rows exist when they are asked for, and a client of it.
async fn portal() -> (Portal, Client) {
    let portal = Portal::builder().rows_on_demand(true).start().await.unwrap();
    let client = Client::webhook(&portal.webhook()).unwrap();
    (portal, client)
}

/// The methods that were called, in their order.
fn methods(portal: &Portal) -> Vec<String> {
    portal.calls().into_iter().map(|call| call.method).collect()
}

/// The parameters of the only call of a method.
fn params(portal: &Portal, method: &str) -> Value {
    let calls: Vec<Value> = calls_of(portal, method);
    assert_eq!(calls.len(), 1, "{method}");
    calls[0].clone()
}

fn calls_of(portal: &Portal, method: &str) -> Vec<Value> {
    let calls = portal.calls().into_iter().filter(|call| call.method == method);
    calls.map(|call| Value::Object(call.params)).collect()
}

#[tokio::test]
async fn deals_to_csv() {
    let portal = Portal::start().await.unwrap();
    let client = Client::webhook(&portal.webhook()).unwrap();
    let deal = |id: i64| {
        let sum = (id % 7 > 0).then_some(id * 10);
        raw("crm.deal.add", json!({"fields": {"TITLE": format!("Deal {id}"), "OPPORTUNITY": sum}}))
    };
    let mut added = client.bulk((1..=300).map(|id| (id, deal(id))));
    while let Some((id, outcome)) = added.next().await {
        outcome.unwrap_or_else(|error| panic!("{id}: {error}"));
    }
    let before = portal.calls().len();
    let csv = String::from_utf8(deals_to_csv::run(&client).await.unwrap()).unwrap();
    assert_eq!(csv.lines().count(), 301);
    // Batches overlap, so that deals are not added in the order of their titles.
    for (id, line) in (1..).zip(csv.lines().skip(1)) {
        let parts: Vec<&str> = line.split(';').collect();
        let deal: i64 = parts[1].strip_prefix("Deal ").unwrap().parse().unwrap();
        let sum = if deal % 7 > 0 { deal * 10 } else { 0 };
        assert_eq!(line, format!("{id};Deal {deal};{sum}"));
    }
    assert!(portal.calls().len() - before <= 3, "{} requests", portal.calls().len() - before);
}

#[tokio::test]
async fn lead_with_phones() {
    let (portal, client) = portal().await;
    assert_eq!(lead_with_phones::run(&client).await.unwrap(), Some(1));
    let sent = params(&portal, "crm.item.add");
    assert_eq!(sent["entityTypeId"], 1);
    assert_eq!(
        sent["fields"]["fm"],
        json!([
            {"typeId": "PHONE", "valueType": "WORK", "value": "+44 20 7946 0018"},
            {"typeId": "PHONE", "valueType": "MOBILE", "value": "+44 7700 900123"},
            {"typeId": "EMAIL", "valueType": "WORK", "value": "ann@example.com"},
        ])
    );
}

#[tokio::test]
async fn task_with_checklist_and_file() {
    let (portal, client) = portal().await;
    task_with_checklist_and_file::run(&client).await.unwrap();
    let items = ["task.checklistitem.add", "task.checklistitem.add"];
    let expected =
        ["tasks.task.add", items[0], items[1], "disk.storage.uploadfile", "tasks.task.files.attach"];
    assert_eq!(methods(&portal), expected);
    assert_eq!(params(&portal, "tasks.task.add")["fields"]["RESPONSIBLE_ID"], 7);
    let item = calls_of(&portal, items[0])[1].clone();
    assert_eq!(item, json!({"TASKID": 1, "FIELDS": {"TITLE": "Order chairs"}}));
    assert_eq!(portal.rows("task.checklistitem").len(), 2);
    assert_eq!(params(&portal, "disk.storage.uploadfile")["fileContent"][0], "plan.txt");
    let saved = params(&portal, "tasks.task.files.attach")["fileId"].clone();
    assert_eq!(params(&portal, "tasks.task.files.attach"), json!({"taskId": 1, "fileId": saved}));
}

#[tokio::test]
async fn open_line_dialog() {
    let (portal, client) = portal().await;
    let texts = open_line_dialog::run(&client).await.unwrap();
    assert!(!texts.is_empty() && texts.iter().all(|text| !text.is_empty()), "{texts:?}");
    let operator = ["imopenlines.operator.answer", "imopenlines.operator.finish"];
    let expected = [operator[0], "im.message.add", "imopenlines.session.history.get", operator[1]];
    assert_eq!(methods(&portal), expected);
    assert_eq!(params(&portal, operator[1]), json!({"CHAT_ID": 2043}));
}

#[tokio::test]
async fn files_on_the_drive() {
    let (portal, client) = portal().await;
    assert_eq!(files_on_the_drive::run(&client).await.unwrap(), 1_000_000);
    assert_eq!(methods(&portal)[0], "disk.folder.uploadfile");
}

#[tokio::test]
async fn product_rows() {
    let (portal, client) = portal().await;
    product_rows::run(&client).await.unwrap();
    let sent = params(&portal, "crm.item.productrow.set");
    assert_eq!((&sent["ownerId"], &sent["ownerType"]), (&json!(12), &json!("D")));
    let names: Vec<&Value> =
        sent["productRows"].as_array().unwrap().iter().map(|row| &row["productName"]).collect();
    assert_eq!(names, [&json!(null), &json!("Delivery")]);
    assert_eq!(sent["productRows"][1]["taxIncluded"], "Y");
}

#[tokio::test]
async fn timeline_comment() {
    let (portal, client) = portal().await;
    assert_eq!(timeline_comment::run(&client).await.unwrap(), 1);
    let fields = params(&portal, "crm.timeline.comment.add")["fields"].clone();
    assert_eq!(fields["ENTITY_TYPE"], "deal");
    assert_eq!(fields["FILES"][0][0], "offer.txt");
}

#[tokio::test]
async fn departments() {
    let (portal, client) = portal().await;
    assert_eq!(departments::run(&client).await.unwrap(), ["Company", "Workshop"]);
    assert_eq!(params(&portal, "department.add"), json!({"NAME": "Workshop", "PARENT": 1, "SORT": 200}));
}

#[tokio::test]
async fn custom_fields() {
    let (portal, client) = portal().await;
    assert_eq!(custom_fields::run(&client).await.unwrap(), Some(82.5));
    let field = params(&portal, "crm.deal.userfield.add")["fields"].clone();
    assert_eq!((&field["USER_TYPE_ID"], &field["FIELD_NAME"]), (&json!("double"), &json!("AREA")));
    assert_eq!(params(&portal, "crm.item.update")["fields"], json!({"ufCrmArea": 82.5}));
}

#[tokio::test]
async fn smart_process() {
    let (portal, client) = portal().await;
    let contracts = smart_process::run(&client).await.unwrap();
    let expected = smart_process::Contract { id: 1, title: "Chairs 2026".to_owned(), uf_crm_signed: true };
    assert_eq!(contracts, [expected]);
    let kind = params(&portal, "crm.item.add")["entityTypeId"].as_i64();
    assert!(kind >= Some(128), "{kind:?}");
    assert_eq!(params(&portal, "crm.item.list")["entityTypeId"].as_i64(), kind);
}

#[tokio::test]
async fn many_updates() {
    let (portal, client) = portal().await;
    portal.fail("crm.item.update", Fault::error(400, "ACCESS_DENIED", "Access denied"), 1);
    let unchanged = many_updates::run(&client).await.unwrap();
    // Batches overlap: the first update of the one that arrives first is refused.
    assert_eq!(unchanged.len(), 1, "{unchanged:?}");
    assert_eq!(methods(&portal), ["batch"; 3]);
    let won = portal.rows("crm.deal").iter().filter(|deal| deal["STAGE_ID"] == "WON").count();
    assert_eq!(won, 119);
}

/// An application on a portal with deals 1 to 12 of these titles.
async fn portal_of_an_application(title: impl Fn(i64) -> String) -> (Portal, App) {
    let portal = Portal::start().await.unwrap();
    for id in 1..=12 {
        call(&portal, "crm.deal.add", json!({"fields": {"TITLE": title(id)}}));
    }
    let (id, secret) = portal.client_credentials();
    let app = App::new(id, secret).with_server(&portal.origin()).unwrap();
    (portal, app)
}

/// A call of another user.
fn call(portal: &Portal, method: &str, params: Value) -> Value {
    portal.call(method, params.as_object().cloned().unwrap_or_default()).unwrap()
}

#[tokio::test]
async fn offline_events() {
    let (portal, app) = portal_of_an_application(|id| format!("Deal {id}")).await;
    let tokens = Tokens::new(portal.issue_tokens().access_token, portal.client_endpoint());
    let client = Client::application(app, MemoryStore::new(tokens));
    let stock = json!({"event": "onCrmDealUpdate", "event_type": "offline", "auth_connector": "stock"});
    call(&portal, "event.bind", stock);
    for deal in [7, 12, 99] {
        portal.fire_event("onCrmDealUpdate", json!({"FIELDS": {"ID": deal}})).unwrap();
    }
    let mut titles = Vec::new();
    let stop_after = |count: usize| move |titles: &[String]| titles.len() == count;
    offline_events::run(&client, &mut titles, stop_after(2)).await.unwrap();
    assert_eq!(titles, ["Deal 7", "Deal 12"]);
    let left = call(&portal, "event.offline.list", json!({"auth_connector": "stock"}));
    assert_eq!(left.as_array().map(Vec::len), Some(1), "deal 99 does not exist");
    assert_eq!((&left[0]["ERROR"], &left[0]["EVENT_DATA"]["FIELDS"]["ID"]), (&json!("1"), &json!(99)));
}

#[tokio::test]
async fn application_server() {
    let (portal, app) = portal_of_an_application(|id| format!("Deal <{id}>")).await;
    let folder = tempfile::tempdir().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (application, worker) = application_server::application(app, folder.path(), &address);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let shutdown = async { stopped.await.unwrap_or_default() };
    let server = tokio::spawn(application_server::serve(listener, application, worker, shutdown));
    let [events, tab] = ["events", "tab"].map(|path| format!("{address}/{path}"));

    // Without an installation nothing is accepted, and neither are installations by users, or with tokens of someone else.
    let added = portal.event_request("onCrmDealAdd", json!({"FIELDS": {"ID": 12}}));
    assert_eq!(added.send(&events).await.status(), Some(403));
    let no_administrator = portal.respond("user.admin", |_| Ok(json!(false).into()));
    assert_eq!(portal.install_request().send(&events).await.status(), Some(403));
    assert_eq!(no_administrator.calls(), 1);
    no_administrator.end();
    let stolen = portal.install_request().with("auth[member_id]", "another");
    assert_eq!(stolen.send(&events).await.status(), Some(403));
    let forged = portal.install_request().with("auth[refresh_token]", "forged");
    assert_eq!(forged.send(&events).await.status(), Some(403));

    assert_eq!(portal.install_request().send(&events).await.status(), Some(200));
    until(|| call(&portal, "placement.get", json!({})) != json!([])).await;
    assert_eq!(call(&portal, "event.get", json!({}))[0]["handler"], events);

    assert_eq!(added.send(&events).await.status(), Some(200));
    until(|| portal.rows("crm.deal")[11]["COMMENTS"] != json!(null)).await;

    let page = portal.page_request("CRM_DEAL_DETAIL_TAB", &json!({"ID": "7"}));
    let shown = page.send(&tab).await;
    let is_right = shown.body().contains("Delivery of Deal &lt;7&gt;");
    assert_eq!((shown.status(), is_right), (Some(200), true), "{}", shown.body());
    assert_eq!(page.with("REFRESH_ID", "forged").send(&tab).await.status(), Some(403));

    assert_eq!(portal.uninstall_request(true).send(&events).await.status(), Some(200));
    assert_eq!(added.with("event_handler_id", 7).send(&events).await.status(), Some(403));
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
}

/// Waits until something has happened in the background.
async fn until(mut happened: impl FnMut() -> bool) {
    let wait = async {
        while !happened() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), wait).await.expect("it happens");
}

#[tokio::test]
async fn access_denied() {
    let (portal, client) = portal().await;
    let added = json!({"entityTypeId": 2, "fields": {"title": "Row 1"}});
    client.call(raw("crm.item.add", added)).await.unwrap();
    assert_eq!(access_denied::title(&client, 1).await.unwrap(), "Row 1");
    let answers = [
        (Fault::error(403, "ACCESS_DENIED", ""), "(hidden)"),
        (Fault::error(400, "", "Access denied."), "(hidden)"),
        (Fault::error(403, "SOMETHING", ""), "(hidden)"),
        (Fault::error(400, "NOT_FOUND", "Item is not found"), "(deleted)"),
        (Fault::error(400, "0", "Not found"), "(deleted)"),
    ];
    for (fault, expected) in answers {
        portal.fail("crm.item.get", fault.clone(), 1);
        assert_eq!(access_denied::title(&client, 1).await.unwrap(), expected, "{fault:?}");
    }
    portal.fail("crm.item.get", Fault::error(400, "INVALID_ARG_VALUE", "id"), 1);
    let error = access_denied::title(&client, 1).await.unwrap_err();
    assert_eq!((error.code(), error.method()), (Some("INVALID_ARG_VALUE"), "crm.item.get"));
}

#[tokio::test]
async fn calendar_event() {
    let (portal, client) = portal().await;
    assert_eq!(calendar_event::run(&client).await.unwrap(), 1);
    let sent = params(&portal, "calendar.event.add");
    assert_eq!(
        (&sent["type"], &sent["ownerId"], &sent["is_meeting"]),
        (&json!("user"), &json!(7), &json!("Y"))
    );
    assert_eq!(sent["attendees"], json!([7, 9, 12]));
    assert_eq!(sent["remind"], json!([{"type": "min", "count": 15}]));
}

#[tokio::test]
async fn chat_keyboard() {
    let (portal, client) = portal().await;
    assert!(chat_keyboard::run(&client).await.unwrap() > 0);
    let sent = params(&portal, "im.message.add");
    assert_eq!((&sent["DIALOG_ID"], &sent["KEYBOARD"][1]["TEXT"]), (&json!("chat42"), &json!("Reject")));
}

/// An example that is not run here, or not in the list of the README, fails.
#[test]
fn every_example_is_tested_and_listed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
    let (tests, readme) = (read("tests/examples.rs"), read("README.md"));
    let files = std::fs::read_dir(root.join("examples")).unwrap();
    let names: BTreeSet<String> = files
        .filter_map(|file| file.unwrap().file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
        .collect();
    // These three run on their own, with a portal inside; `.ci/run` starts them.
    let programs = ["application", "batch", "quickstart"];
    assert_eq!(names.len(), 16 + programs.len());
    for name in names {
        assert!(readme.contains(&format!("examples/{name}.rs")), "README.md does not list {name}");
        let is_run = tests.contains(&format!("async fn {name}()"));
        assert!(is_run || programs.contains(&name.as_str()), "{name} is not run");
    }
}

//! The client of this project on a portal, over sockets.

use std::collections::HashSet;
use std::time::Duration;

use bitrix24_client::{App, Batch, Client, MemoryStore, NoLimit};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::{Keyset, Value, json, raw};
use bitrix24_portal::{Fault, Plan, Portal};

fn client(portal: &Portal) -> Client {
    Client::builder().limiter(NoLimit).webhook(&portal.webhook()).expect("a webhook")
}

async fn call(client: &Client, method: &str, params: Value) -> Value {
    let response = client.call(raw(method, params)).await;
    response.unwrap_or_else(|error| panic!("{method}: {error}")).result
}

#[tokio::test]
async fn a_deal_is_added_read_changed_listed_and_deleted() {
    let portal = Portal::start().await.expect("a portal");
    let client = client(&portal);
    let id = call(
        &client,
        "crm.deal.add",
        json!({"fields": {"TITLE": "Gate", "OPPORTUNITY": "100.5", "OPENED": "N", "UF_CRM_COLOR": "red"}}),
    )
    .await;
    assert_eq!(id, 1);
    let deal = call(&client, "crm.deal.get", json!({"ID": id})).await;
    // Numbers are texts, flags are letters, and dates have an offset.
    assert_eq!((&deal["ID"], &deal["TITLE"]), (&json!("1"), &json!("Gate")));
    assert_eq!(
        (&deal["OPPORTUNITY"], &deal["OPENED"], &deal["UF_CRM_COLOR"]),
        (&json!("100.50"), &json!("N"), &json!("red"))
    );
    assert!(deal["DATE_CREATE"].as_str().is_some_and(|date| date.ends_with("+03:00")), "{deal}");

    assert_eq!(call(&client, "crm.deal.update", json!({"id": id, "fields": {"title": "Door"}})).await, true);
    let found = call(
        &client,
        "crm.deal.list",
        json!({"filter": {"%TITLE": "oor"}, "select": ["ID", "TITLE", "UF_*"]}),
    )
    .await;
    assert_eq!(found, json!([{"ID": "1", "TITLE": "Door", "UF_CRM_COLOR": "red"}]));
    assert_eq!(portal.rows("crm.deal")[0]["OPPORTUNITY"], 100.5);
    assert_eq!(call(&client, "crm.deal.delete", json!({"id": id})).await, true);
    let error = client.call(raw("crm.deal.get", json!({"id": id}))).await.expect_err("no such deal");
    assert_eq!((error.status(), error.code()), (Some(400), Some("")));
}

#[tokio::test]
async fn custom_fields_have_the_names_that_each_call_asks_for() {
    let portal = Portal::start().await.expect("a portal");
    let client = client(&portal);
    let fields = json!({"title": "Gate", "ufCrmColor": "red"});
    call(&client, "crm.item.add", json!({"entityTypeId": 2, "fields": fields})).await;
    // Twice: rows that were read before are kept as texts.
    for _ in 0..2 {
        for (original, name, other) in
            [("N", "ufCrmColor", "UF_CRM_COLOR"), ("Y", "UF_CRM_COLOR", "ufCrmColor")]
        {
            let params = json!({"entityTypeId": 2, "id": 1, "useOriginalUfNames": original});
            let got = call(&client, "crm.item.get", params.clone()).await;
            let listed = call(&client, "crm.item.list", params).await;
            for item in [&got["item"], &listed["items"][0]] {
                assert_eq!((&item[name], &item[other]), (&json!("red"), &Value::Null), "{original}: {item}");
            }
        }
    }
    // A field that is added later is in rows that were read before.
    let later = json!({"ufCrmSize": "large"});
    call(&client, "crm.item.update", json!({"entityTypeId": 2, "id": 1, "fields": later})).await;
    let got = call(&client, "crm.item.get", json!({"entityTypeId": 2, "id": 1})).await;
    assert_eq!(got["item"]["ufCrmSize"], "large", "{got}");
}

#[tokio::test]
async fn ten_thousand_rows_are_listed_in_every_way() {
    let portal = Portal::builder().rows("crm.deal", 10_000).start().await.expect("a portal");
    let client = client(&portal);
    let deals = || raw("crm.deal.list", json!({"select": ["ID"]})).keyset(Keyset::new("ID")).read_only();
    let ids = |rows: Vec<Value>| rows.iter().map(|row| row["ID"].to_string()).collect::<HashSet<_>>();
    for (way, rows) in [
        ("pages", client.rows(deals()).collect_all().await),
        ("identifiers", client.rows(deals()).by_id().collect_all().await),
    ] {
        let rows = rows.unwrap_or_else(|error| panic!("{way}: {error}"));
        assert_eq!((rows.len(), ids(rows).len()), (10_000, 10_000), "{way}");
    }
    let page = client
        .call(raw("crm.deal.list", json!({"start": 9_950, "order": {"ID": "desc"}})))
        .await
        .expect("a page");
    assert_eq!((page.total, page.next, page.result[49]["ID"].as_str()), (Some(10_000), None, Some("1")));
    let page = client
        .call(raw("crm.deal.list", json!({"start": -1, "filter": {">ID": 100}})))
        .await
        .expect("a page");
    assert_eq!((page.total, page.next, page.result[0]["ID"].as_str()), (Some(0), None, Some("101")));
}

#[tokio::test]
async fn commands_of_a_batch_see_each_other() {
    let portal = Portal::start().await.expect("a portal");
    let client = client(&portal);
    let mut batch = Batch::new().halt_on_error();
    let company = batch.add(raw("crm.company.add", json!({"fields": {"TITLE": "A & B"}})));
    let deal = batch.add(raw("crm.deal.add", json!({"fields": {"TITLE": "Gate"}})));
    batch.set_param(deal, "fields[COMPANY_ID]", company.result());
    let list = batch.add(raw("crm.deal.list", json!({"filter": {"!COMPANY_ID": false}})));
    let missing = batch.add(raw("crm.deal.get", json!({"id": 7})));
    let skipped = batch.add(raw("crm.deal.add", json!({"fields": {"TITLE": "Door"}})));
    let responses = client.run(batch).await;
    let listed = responses.get(list).expect("a list");
    assert_eq!((listed.total, &listed.result[0]["COMPANY_ID"]), (Some(1), &json!("1")));
    assert_eq!(responses.get(missing).expect_err("no deal").code(), Some(""));
    assert!(responses.get(skipped).is_err());
    assert_eq!((portal.rows("crm.deal").len(), portal.runs("crm.deal.add"), portal.calls().len()), (1, 1, 1));
}

#[tokio::test]
async fn universal_items_have_kinds() {
    let portal = Portal::start().await.expect("a portal");
    let client = client(&portal);
    let kind = json!({"fields": {"title": "Boats", "entityTypeId": 130}});
    call(&client, "crm.type.add", kind).await;
    for kind in [2, 31, 130] {
        let params = json!({"entityTypeId": kind, "fields": {"title": format!("of {kind}"), "opened": "Y"}});
        let added = call(&client, "crm.item.add", params).await;
        assert_eq!((&added["item"]["id"], &added["item"]["opened"]), (&json!(1), &json!("Y")), "{added}");
    }
    let list = client.call(raw("crm.item.list", json!({"entityTypeId": 31}))).await.expect("a list");
    assert_eq!((list.total, &list.result["items"][0]["title"]), (Some(1), &json!("of 31")));
    for kind in [99, 132] {
        let list = raw("crm.item.list", json!({"entityTypeId": kind}));
        let error = client.call(list).await.expect_err("no such kind");
        assert_eq!(error.code(), Some("NOT_FOUND"), "{kind}");
    }
}

#[tokio::test]
async fn tasks_of_both_interfaces_and_their_checklists() {
    let portal = Portal::start().await.expect("a portal");
    let client = client(&portal);
    let task =
        call(&client, "tasks.task.add", json!({"fields": {"TITLE": "Sweep", "RESPONSIBLE_ID": 1}})).await;
    assert_eq!((&task["task"]["id"], &task["task"]["title"]), (&json!("1"), &json!("Sweep")));
    let item = call(&client, "task.checklistitem.add", json!([1, {"TITLE": "Corner"}])).await;
    let items = call(&client, "task.checklistitem.getlist", json!({"TASKID": 1})).await;
    assert_eq!((&items[0]["ID"], &items[0]["TITLE"]), (&json!(item.to_string()), &json!("Corner")));
    assert_eq!(call(&client, "task.checklistitem.getlist", json!({"TASKID": 2})).await, json!([]));

    let found =
        client.call(raw("tasks.task.list", json!({"filter": [["id", 1]], "select": ["id", "title"]})).v3());
    assert_eq!(found.await.expect("a list").result, json!({"items": [{"id": 1, "title": "Sweep"}]}));
    let error = client
        .call(raw("tasks.task.list", json!({"filter": [["colour", 1]]})).v3())
        .await
        .expect_err("no field");
    assert_eq!(error.code(), Some("BITRIX_REST_V3_EXCEPTION_UNKNOWNDTOPROPERTYEXCEPTION"));
}

#[tokio::test]
async fn rows_are_chosen_by_codes_and_owners() {
    let portal = Portal::builder().basic_rows(false).start().await.expect("a portal");
    let client = client(&portal);
    call(
        &client,
        "crm.currency.add",
        json!({"fields": {"CURRENCY": "SEK", "AMOUNT": 10.5, "AMOUNT_CNT": 1, "SORT": 100}}),
    )
    .await;
    let currency = call(&client, "crm.currency.get", json!({"id": "SEK"})).await;
    assert_eq!((&currency["CURRENCY"], &currency["AMOUNT"]), (&json!("SEK"), &json!("10.50")));
    assert_eq!(call(&client, "crm.currency.delete", json!({"id": "SEK"})).await, true);
    assert_eq!(call(&client, "crm.currency.list", json!({})).await, json!([]));

    let section = json!({"type": "user", "ownerId": 7, "name": "Yard"});
    call(&client, "calendar.section.add", section).await;
    let listed = |owner: i64| json!({"type": "user", "ownerId": owner});
    assert_eq!(call(&client, "calendar.section.get", listed(7)).await[0]["NAME"], "Yard");
    assert_eq!(call(&client, "calendar.section.get", listed(8)).await, json!([]));

    call(&client, "landing.demos.register", json!({"data": {"code": "shop", "name": "Shop"}})).await;
    let demos = json!({"params": {"filter": {"=TITLE": "none"}, "limit": 5}});
    assert_eq!(call(&client, "landing.demos.getList", demos).await, json!([]));
    assert_eq!(call(&client, "landing.demos.unregister", json!({"code": "shop"})).await, true);
}

#[tokio::test]
async fn rows_of_an_owner_and_options_are_replaced_and_read() {
    let portal = Portal::start().await.expect("a portal");
    let client = client(&portal);
    for rows in [
        json!([{"PRODUCT_NAME": "Nail", "QUANTITY": 3}, {"PRODUCT_NAME": "Plank"}]),
        json!([{"PRODUCT_NAME": "Saw"}]),
    ] {
        assert_eq!(call(&client, "crm.deal.productrows.set", json!({"id": 7, "rows": rows})).await, true);
    }
    let rows = call(&client, "crm.deal.productrows.get", json!({"id": 7})).await;
    assert_eq!((rows.as_array().map(Vec::len), &rows[0]["PRODUCT_NAME"]), (Some(1), &json!("Saw")));
    assert_eq!(call(&client, "crm.deal.productrows.get", json!({"id": 8})).await, json!([]));
    call(&client, "user.option.set", json!({"options": {"theme": "dark", "size": "2"}})).await;
    assert_eq!(call(&client, "user.option.get", json!({})).await, json!({"theme": "dark", "size": "2"}));
}

#[tokio::test]
async fn tokens_expire_and_are_renewed_once() {
    let portal = Portal::start().await.expect("a portal");
    let pair = portal.issue_tokens();
    let (id, secret) = portal.client_credentials();
    let tokens = Tokens::new(pair.access_token.as_str(), portal.client_endpoint())
        .with_refresh_token(pair.refresh_token.as_str());
    let app = App::new(id, secret).with_server(&portal.origin()).expect("a server");
    let client = Client::builder().limiter(NoLimit).application(app, MemoryStore::new(tokens));
    // Only an application may call it.
    call(&client, "entity.add", json!({"ENTITY": "menu", "NAME": "Menu"})).await;
    portal.expire_tokens();
    call(&client, "entity.item.add", json!({"ENTITY": "menu", "NAME": "Soup"})).await;
    assert_eq!(portal.runs("entity.item.add"), 1);
    let webhook = self::client(&portal);
    let error = webhook.call(raw("entity.get", json!({}))).await.expect_err("no application");
    assert_eq!((error.status(), error.code()), (Some(403), Some("WRONG_AUTH_TYPE")));
}

#[tokio::test]
async fn faults_happen_as_often_as_asked() {
    let portal = Portal::builder().sample_rows(3).start().await.expect("a portal");
    let client = client(&portal);
    let read = || raw("crm.deal.list", json!({})).read_only();
    for fault in [
        Fault::error(503, "QUERY_LIMIT_EXCEEDED", "Too many requests"),
        Fault::Close,
        Fault::CutAnswer,
        Fault::Html(502),
        Fault::Delay(Duration::from_millis(20)),
    ] {
        portal.fail("crm.deal.list", fault.clone(), 1);
        let answer = client.call(read()).await;
        assert_eq!(answer.map(|answer| answer.total).ok(), Some(Some(3)), "{fault:?}");
    }
    portal.fail("crm.deal.add", Fault::LoseAnswer, 1);
    assert!(client.call(raw("crm.deal.add", json!({"fields": {"TITLE": "lost"}}))).await.is_err());
    assert_eq!((portal.runs("crm.deal.add"), portal.rows("crm.deal").len()), (1, 4));
    portal.fail("crm.lead.add", Fault::error(400, "NO_LUCK", "No luck"), 1);
    let mut batch = Batch::new();
    let first = batch.add(raw("crm.lead.add", json!({"fields": {"TITLE": "x"}})));
    let second = batch.add(raw("crm.lead.add", json!({"fields": {"TITLE": "y"}})));
    let responses = client.run(batch).await;
    assert_eq!(responses.get(first).expect_err("a fault").code(), Some("NO_LUCK"));
    assert!(responses.get(second).is_ok());
}

#[tokio::test]
async fn limits_of_a_plan_are_kept() {
    let plan = Plan::Bucket { burst: 3, per_second: 0.0 };
    let portal = Portal::builder().plan(plan).start().await.expect("a portal");
    let http = reqwest::Client::new();
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let response =
            http.post(format!("{}server.time", portal.webhook())).send().await.expect("a response");
        statuses.push(response.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 503]);
}

#[tokio::test]
async fn rows_exist_on_demand_until_they_are_deleted() {
    let portal = Portal::builder().rows_on_demand(true).start().await.expect("a portal");
    let client = client(&portal);
    let deal = call(&client, "crm.deal.get", json!({"id": 5_438})).await;
    assert_eq!(call(&client, "crm.deal.get", json!({"id": "5438"})).await, deal);
    assert_eq!(call(&client, "crm.deal.add", json!({"fields": {"TITLE": "next"}})).await, 5_439);
    assert_eq!(call(&client, "crm.deal.delete", json!({"id": 5_438})).await, true);
    assert!(client.call(raw("crm.deal.get", json!({"id": 5_438}))).await.is_err());
    let error =
        client.call(raw("crm.deal.get", json!({"id": i64::MAX}))).await.expect_err("no such identifier");
    assert_eq!(error.status(), Some(400));
}

#[tokio::test]
async fn a_renamed_portal_redirects() {
    let (portal, renamed) =
        (Portal::start().await.expect("a portal"), Portal::start().await.expect("a portal"));
    portal.move_to(&renamed.origin());
    let http =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let response = http.post(format!("{}profile", portal.webhook())).send().await.expect("a response");
    let location = response.headers()["location"].to_str().expect("a location").to_owned();
    assert_eq!((response.status().as_u16(), location), (302, format!("{}profile", renamed.webhook())));
}

#[tokio::test]
async fn a_repeated_key_of_rest_3_repeats_the_response() {
    let portal = Portal::start().await.expect("a portal");
    let token = portal.issue_tokens().access_token;
    let http = reqwest::Client::new();
    let add = |title: &'static str| {
        let request = http.post(format!("{}/rest/api/tasks.task.add", portal.origin())).bearer_auth(&token);
        let fields = json!({"title": title, "creatorId": 1, "responsibleId": 1});
        request.header("idempotency-key", "7").json(&json!({"fields": fields})).send()
    };
    let first: Value = add("x").await.expect("a response").json().await.expect("JSON");
    let second: Value = add("x").await.expect("a response").json().await.expect("JSON");
    assert_eq!((&first, portal.runs("tasks.task.add")), (&second, 1), "{first}");
    assert_eq!(add("y").await.expect("a response").status().as_u16(), 422);
}

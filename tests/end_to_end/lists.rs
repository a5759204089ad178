//! Generated requests as lists, batches and filters, against a portal with rows.

use bitrix24::crm::{deal, item};
use bitrix24::filter::Filter;
use bitrix24::{Batch, Client, ErrorKind, Map, NoLimit, Value, json};

use bitrix24_portal::Portal;

/// The entity type of deals in the universal methods.
const DEALS: i64 = 2;

async fn start_portal(table: &str, rows: usize) -> (Portal, Client) {
    let portal = Portal::builder().rows(table, rows).start().await.unwrap();
    let client = Client::builder().limiter(NoLimit).webhook(&portal.webhook()).unwrap();
    (portal, client)
}

#[tokio::test]
async fn rows_by_identifier_are_typed() {
    let (portal, client) = start_portal("crm.deal", 3_000).await;
    let request = item::list(DEALS).select(["id", "title"]);
    let mut rows = client.rows(request).by_id();
    let (mut expected, mut titles) = (0, Vec::new());
    while let Some(row) = rows.next().await {
        let row: item::Item = row.unwrap();
        expected += 1;
        titles.push(Value::from(row.title.unwrap()));
        assert_eq!(row.id, Some(expected));
    }
    let stored = portal.rows("crm.deal");
    assert!(stored.iter().map(|row| &row["TITLE"]).eq(&titles));
    assert_eq!((expected, portal.calls().len()), (3_000, 3));
}

#[tokio::test]
async fn pages_are_typed_responses() {
    let (_portal, client) = start_portal("crm.deal", 120).await;
    let mut pages = client.pages(item::list(DEALS));
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        found.push((page.result.items.map(|items| items.len()), page.total));
    }
    assert_eq!(found, [(Some(50), Some(120)), (Some(50), Some(120)), (Some(20), Some(120))]);
}

#[tokio::test]
#[expect(deprecated, reason = "older portals have only the older methods")]
async fn a_filter_applies_to_every_page_of_a_list() {
    let (portal, client) = start_portal("crm.deal", 0).await;
    for id in 1..=900 {
        let fields = json!({"TITLE": "Bolts", "STAGE_ID": if id % 3 == 0 { "WON" } else { "NEW" }});
        portal.call("crm.deal.add", Map::from_iter([("fields".to_owned(), fields)])).unwrap();
    }
    let won = Filter::new().equal("STAGE_ID", "WON").above("ID", 300);
    let request = deal::list().filter(won).select(["ID", "STAGE_ID"]);
    for rows in [client.rows(request.clone()), client.rows(request).by_id()] {
        let rows: Vec<deal::Deal> = rows.collect_all().await.unwrap();
        assert_eq!(rows.len(), 200);
        assert!(rows.iter().all(|deal| deal.stage_id.as_deref() == Some("WON")));
        assert_eq!(rows[0].id, Some(303));
    }
    assert_eq!(portal.calls()[0].params["filter"], json!({"=STAGE_ID": "WON", ">ID": 300}));
}

#[tokio::test]
async fn batch_requests_refer_to_each_other_and_have_typed_responses() {
    let (portal, client) = start_portal("crm.deal", 7).await;
    let mut batch = Batch::new().halt_on_error();
    let added = batch.add(item::add(DEALS, json!({"title": "Bolts & nuts"})));
    let read = batch.add(item::get(DEALS, 0));
    batch.set_param(read, "id", added.at("item").at("id"));
    let missing = batch.add(item::get(DEALS, 99));
    let skipped = batch.add(item::get(DEALS, 1));

    let responses = client.run(batch).await;
    let item = responses.get(read).unwrap().result.item.unwrap();
    assert_eq!((item.id, item.title.as_deref()), (Some(8), Some("Bolts & nuts")));
    assert_eq!(responses.get(missing).unwrap_err().method(), "crm.item.get");
    assert_eq!(responses.get(skipped).unwrap_err().kind(), ErrorKind::NotExecuted);
    assert_eq!((portal.calls().len(), portal.runs("crm.item.get")), (1, 1));
}

#[cfg(feature = "tasks")]
#[tokio::test]
async fn conditions_apply_to_a_request_of_rest_3() {
    use bitrix24::filter::Conditions;
    use bitrix24::v3::tasks::task;

    let (portal, client) = start_portal("tasks.task", 300).await;
    let either = [Conditions::new().at_most("id", 60), Conditions::new().one_of("id", [200, 210])];
    let request = task::list().filter(Conditions::new().any_of(either).not_equal("id", 7));
    let by_page = client.rows(request.clone()).collect_all().await.unwrap();
    let by_id = client.rows(request).by_id().collect_all().await.unwrap();
    for rows in [by_page, by_id] {
        assert_eq!(rows.len(), 61);
        assert_eq!((rows[6].id, rows[60].id), (Some(8), Some(210)));
    }
    let calls = portal.calls();
    assert!(
        calls.iter().all(|call| (call.api, &*call.method) == (bitrix24_portal::Api::V3, "tasks.task.list"))
    );
    assert_eq!(calls[0].params["filter"][1], json!(["id", "!=", 7]));
}

#[cfg(feature = "task")]
#[tokio::test]
#[expect(deprecated, reason = "its parameters are positional, and one of them contains the page")]
async fn pages_of_a_positional_method_are_requested_in_their_parameter() {
    use bitrix24::task::item as tasks;
    use bitrix24_testing::{MockResponse, MockServer};

    let server = MockServer::start(|call| {
        let page = call.params.pointer("/2/NAV_PARAMS/iNumPage").and_then(|page| page.as_i64()).unwrap_or(1);
        let ids = (page - 1) * 50 + 1..=(page * 50).min(120);
        MockResponse::result(ids.map(|id| json!({ "ID": id })).collect())
    })
    .await;
    let client = Client::builder().limiter(NoLimit).webhook(&server.webhook()).unwrap();
    let rows = client.rows(tasks::list().select(["ID"])).collect_all().await.unwrap();
    assert_eq!(rows.len(), 120);
    let bodies: Vec<String> = server.calls().iter().map(|call| call.text()).collect();
    let page =
        |number| format!(r#"{{"0":[],"1":[],"2":{{"NAV_PARAMS":{{"iNumPage":{number}}}}},"3":["ID"]}}"#);
    assert_eq!(bodies, [r#"{"0":[],"1":[],"2":[],"3":["ID"]}"#.to_owned(), page(2), page(3), page(4)]);
}

#[cfg(feature = "blocking")]
#[test]
fn a_program_without_a_runtime_has_typed_rows() {
    use bitrix24::blocking;

    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let portal = runtime.block_on(Portal::builder().rows("crm.deal", 120).start()).unwrap();
    let server = Client::builder().limiter(NoLimit).webhook(&portal.webhook()).unwrap();
    let server = blocking::Client::new(server);
    let ids: Vec<i64> = server.rows(item::list(DEALS)).by_id().filter_map(|row| row.unwrap().id).collect();
    assert_eq!(ids, (1..=120).collect::<Vec<_>>());
    let one = server.call(item::get(DEALS, 5)).unwrap();
    assert_eq!(one.result.item.unwrap().id, Some(5));
}

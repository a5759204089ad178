//! Lists as streams, against a mock portal.

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bitrix24_client::{Client, NoLimit, Progress};
use bitrix24_core::wire::{Fields, FromFields, Mismatch, MismatchPolicy};
use bitrix24_core::{
    Api, ErrorKind, HasKeyset, Keyset, ListMethod, Map, Method, MethodInfo, Pagination, Params, RawErrorCode,
    RawRequest, Value, json, raw,
};
use futures_core::Stream;

use bitrix24_portal::{Fault, Portal};
use bitrix24_testing::{Call, MockResponse, MockServer};

/// A row, as the generator writes it.
#[derive(Debug, PartialEq)]
struct Bolt {
    id: Option<i64>,
    extra: Map<String, Value>,
}

impl Bolt {
    fn new(id: i64) -> Self {
        Self { id: Some(id), extra: Map::new() }
    }
}

impl FromFields for Bolt {
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        Self { id: fields.optional("ID"), extra: fields.remaining() }
    }
}

/// A list, as the generator writes it.
#[derive(Clone, Debug)]
struct BoltList;

impl Method for BoltList {
    type Output = Vec<Bolt>;
    type Reader = bitrix24_core::wire::WireReader;
    type Error = RawErrorCode;

    fn info(&self) -> MethodInfo<'_> {
        MethodInfo::new(Api::V2, "crm.deal.list")
            .with_pagination(Pagination::Start)
            .with_rows_pointer("")
            .with_keyset(Keyset::new("ID"))
            .read_only()
    }

    fn params(&self) -> Params {
        // Rows of the portal have many fields.
        Params::from_iter([("select", json!(["ID"]))])
    }
}

impl ListMethod for BoltList {
    type Row = Bolt;
    type Keyset = HasKeyset;
}

fn bolts(params: Value) -> RawRequest<HasKeyset> {
    raw("crm.deal.list", params).keyset(Keyset::new("ID")).read_only()
}

async fn portal_with_rows(rows: usize) -> (Portal, Client) {
    let portal = Portal::builder().basic_rows(false).rows("crm.deal", rows).start().await.unwrap();
    let client = client_of(&portal.webhook());
    (portal, client)
}

/// A portal with so many rows, of which every third one was deleted between them.
async fn portal_with_gaps(rows: usize) -> (Portal, Client) {
    let all = rows + rows.saturating_sub(1) / 2;
    let (portal, client) = portal_with_rows(all).await;
    for id in (3..=all).step_by(3) {
        portal.call("crm.deal.delete", Map::from_iter([("id".to_owned(), json!(id))])).unwrap();
    }
    (portal, client)
}

async fn server_with_script(
    script: impl Fn(&Call) -> MockResponse + Send + Sync + 'static,
) -> (MockServer, Client) {
    let server = MockServer::start(script).await;
    let client = client_of(&server.webhook());
    (server, client)
}

fn client_of(webhook: &str) -> Client {
    Client::builder().limiter(NoLimit).webhook(webhook).unwrap()
}

#[tokio::test]
async fn pages_are_responses_until_the_list_ends() {
    let (server, client) = portal_with_rows(120).await;
    let mut pages = client.pages(BoltList);
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        found.push((page.result.len(), page.result[0].id, page.total, page.next));
    }
    assert_eq!(
        found,
        [
            (50, Some(1), Some(120), Some(50)),
            (50, Some(51), Some(120), Some(100)),
            (20, Some(101), Some(120), None)
        ]
    );
    let sent: Vec<Value> = server.calls().into_iter().map(|call| call.params.into()).collect();
    let expected = [json!({}), json!({"start": 50}), json!({"start": 100})].map(|mut params| {
        params["select"] = json!(["ID"]);
        params
    });
    assert_eq!(sent, expected);
    assert!(pages.next().await.is_none(), "nothing after the end");
}

#[tokio::test]
async fn rows_are_requested_page_by_page_when_needed() {
    let (server, client) = portal_with_rows(120).await;
    let mut rows = client.rows(BoltList);
    assert_eq!(server.calls().len(), 0);
    for id in 1..=50 {
        assert_eq!(rows.next().await.unwrap().unwrap(), Bolt::new(id));
    }
    assert_eq!(server.calls().len(), 1);
    let rest = rows.collect_all().await.unwrap();
    assert_eq!(rest.iter().filter_map(|bolt| bolt.id).collect::<Vec<_>>(), (51..=120).collect::<Vec<_>>());
    assert_eq!(server.calls().len(), 3);
}

#[tokio::test]
async fn rows_by_identifier_take_one_request_for_fifty_pages() {
    for (count, requests) in [(0, 1), (50, 1), (51, 2), (2_550, 2), (10_000, 5)] {
        let (server, client) = portal_with_gaps(count).await;
        let rows = client.rows(BoltList).by_id().collect_all().await.unwrap();
        assert_eq!(rows.len(), count);
        assert!(rows.is_sorted_by(|a, b| a.id < b.id));
        assert_eq!(server.calls().len(), requests, "{count} rows");
    }
}

#[tokio::test]
async fn unordered_rows_are_the_same_rows_in_as_many_requests() {
    let (server, client) = portal_with_gaps(10_000).await;
    let rows = client.rows(BoltList).unordered().collect_all().await.unwrap();
    let ids: BTreeSet<i64> = rows.iter().filter_map(|bolt| bolt.id).collect();
    assert_eq!((rows.len(), ids.len()), (10_000, 10_000));
    assert!(server.calls().len() <= 5, "{} requests", server.calls().len());
}

#[tokio::test]
async fn unordered_rows_use_two_concurrent_requests() {
    let (server, client) = portal_with_rows(12_000).await;
    server.fail("batch", Fault::Delay(Duration::from_millis(100)), usize::MAX);
    assert_eq!(client.rows(BoltList).unordered().collect_all().await.unwrap().len(), 12_000);
    let used: BTreeSet<_> = server.calls().into_iter().map(|call| call.peer).collect();
    assert!(used.len() > 1, "all requests used one connection");
}

#[tokio::test]
async fn a_raw_request_declares_the_properties_of_its_list() {
    let (_portal, client) = portal_with_rows(1_000).await;
    let filter = json!({"filter": {">ID": 900}, "select": ["TITLE"]});
    assert_eq!(client.rows(bolts(filter.clone())).by_id().collect_all().await.unwrap().len(), 100);
    assert_eq!(client.rows(bolts(filter.clone())).collect_all().await.unwrap().len(), 100);
    let unknown = || client.rows(raw("crm.deal.list", filter.clone()).read_only());
    assert_eq!(unknown().by_keyset(Keyset::new("ID")).collect_all().await.unwrap().len(), 100);
    assert_eq!(unknown().by_keyset(Keyset::new("ID")).unordered().collect_all().await.unwrap().len(), 100);
}

#[tokio::test]
async fn an_error_follows_the_rows_before_it_and_ends_the_stream() {
    let (server, client) = portal_with_rows(150).await;
    server.fail("crm.deal.list", Fault::error(400, "STOCK_IS_LOCKED", "come back later"), 1).skip(2);
    let mut rows = client.rows(BoltList);
    for _ in 0..100 {
        rows.next().await.unwrap().unwrap();
    }
    let error = rows.next().await.unwrap().unwrap_err();
    assert_eq!((error.code(), error.method()), (Some("STOCK_IS_LOCKED"), "crm.deal.list"));
    assert!(rows.next().await.is_none());

    server.fail("crm.deal.list", Fault::error(400, "STOCK_IS_LOCKED", "come back later"), 1).skip(2);
    let interrupted = client.rows(BoltList).collect_all().await.unwrap_err();
    assert_eq!(interrupted.rows.len(), 100);
    assert!(interrupted.to_string().ends_with("after 100 rows"), "{interrupted}");
}

#[tokio::test]
async fn a_failed_command_of_a_batch_loses_no_earlier_row() {
    let (portal, client) = portal_with_rows(5_000).await;
    let locked = Fault::error(400, "STOCK_IS_LOCKED", "come back later");
    // The first batch has two commands, one for each end of the list.
    portal.fail("crm.deal.list", locked, 1).skip(2 + 3);
    let interrupted = client.rows(BoltList).by_id().collect_all().await.unwrap_err();
    assert_eq!(interrupted.rows.len(), 50 + 3 * 50);
    assert_eq!(interrupted.error.code(), Some("STOCK_IS_LOCKED"));
}

#[tokio::test]
async fn a_page_rejected_for_operating_time_is_requested_separately() {
    let (portal, client) = portal_with_rows(1_000).await;
    let limited = Fault::error(429, "OPERATION_TIME_LIMIT", "Method is blocked");
    portal.fail("crm.deal.list", limited, 1).skip(2 + 3);
    assert_eq!(client.rows(BoltList).by_id().collect_all().await.unwrap().len(), 1_000);
    let methods: Vec<String> = portal.calls().into_iter().map(|call| call.method).collect();
    assert_eq!(methods, ["batch", "batch", "crm.deal.list", "batch"]);
}

#[tokio::test]
async fn an_endless_list_is_an_error() {
    let (_portal, client) = server_with_script(|_| {
        MockResponse::json(200, &json!({"result": [{"ID": 1}], "next": 50, "total": 99}))
    })
    .await;
    let interrupted = client.rows(BoltList).collect_all().await.unwrap_err();
    assert_eq!((interrupted.rows.len(), interrupted.error.kind()), (1, ErrorKind::IncompleteList));
    assert!(interrupted.to_string().contains("incomplete"), "{interrupted}");

    let by_id = client.rows(raw("crm.deal.list", json!({})).v3().rows_pointer("").keyset(Keyset::new("ID")));
    let interrupted = by_id.by_id().collect_all().await.unwrap_err();
    assert_eq!((interrupted.rows.len(), interrupted.error.kind()), (1, ErrorKind::IncompleteList));
}

#[tokio::test]
async fn an_invalid_row_is_an_error_with_its_path_and_the_others_follow() {
    let result = json!([{"ID": 1}, "no bolt", {"ID": 3}]);
    let (_portal, client) = server_with_script(move |_| MockResponse::result(result.clone())).await;
    let mut rows = client.rows(BoltList);
    assert_eq!(rows.next().await.unwrap().unwrap(), Bolt::new(1));
    let error = rows.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.mismatch().unwrap().path()), (ErrorKind::Decode, "[1]".to_owned()));
    assert_eq!(rows.next().await.unwrap().unwrap(), Bolt::new(3));
    assert!(rows.next().await.is_none());
}

#[tokio::test]
async fn a_value_of_another_type_costs_a_field_of_its_row() {
    let result = json!([{"ID": 1}, {"ID": "many"}, {"ID": 3}]);
    let (server, client) = server_with_script(move |_| MockResponse::result(result.clone())).await;
    let mut rows = client.rows(BoltList);
    let mut found = Vec::new();
    while let Some(row) = rows.next().await {
        let paths: Vec<String> = rows.mismatches().iter().map(Mismatch::path).collect();
        found.push((row.unwrap(), paths));
    }
    let odd = Bolt { id: None, extra: Map::from_iter([("ID".to_owned(), json!("many"))]) };
    assert_eq!(found, [(Bolt::new(1), vec![]), (odd, vec!["[1].ID".to_owned()]), (Bolt::new(3), vec![])]);

    let strict = Client::builder().limiter(NoLimit).mismatch_policy(MismatchPolicy::Error);
    let mut rows = strict.webhook(&server.webhook()).unwrap().rows(BoltList);
    assert_eq!(rows.next().await.unwrap().unwrap(), Bolt::new(1));
    let error = rows.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.mismatch().unwrap().path()), (ErrorKind::Decode, "[1].ID".to_owned()));
    assert_eq!(rows.next().await.unwrap().unwrap(), Bolt::new(3));
    assert!(rows.next().await.is_none());
}

#[tokio::test]
async fn progress_is_reported_after_each_response() {
    let (_portal, client) = portal_with_rows(120).await;
    let progress_log = Arc::new(Mutex::new(Vec::new()));
    let record = |progress_log: &Arc<Mutex<Vec<_>>>| {
        let progress_log = Arc::clone(progress_log);
        move |progress: Progress| {
            progress_log.lock().unwrap().push((progress.rows, progress.requests, progress.total))
        }
    };
    client.rows(BoltList).on_progress(record(&progress_log)).collect_all().await.unwrap();
    client.rows(BoltList).by_id().on_progress(record(&progress_log)).collect_all().await.unwrap();
    let expected =
        [(50, 1, Some(120)), (100, 2, Some(120)), (120, 3, Some(120)), (50, 1, None), (120, 2, None)];
    assert_eq!(*progress_log.lock().unwrap(), expected);
}

#[tokio::test]
async fn rows_and_pages_are_send_streams() {
    fn check(_: &(impl Stream + Send + Unpin + std::fmt::Debug)) {}

    let (_portal, client) = portal_with_rows(3).await;
    let (rows, pages) = (client.rows(BoltList), client.pages(BoltList));
    check(&rows);
    check(&pages);
    assert_eq!(
        format!("{rows:?}"),
        r#"Rows { method: "crm.deal.list", progress: Progress { rows: 0, requests: 0, total: None }, .. }"#
    );
    let task = tokio::spawn(async move {
        let mut rows = pin!(rows);
        let mut count = 0;
        while std::future::poll_fn(|cx| rows.as_mut().poll_next(cx)).await.is_some() {
            count += 1;
        }
        count
    });
    assert_eq!(task.await.unwrap(), 3);
}

#[tokio::test]
async fn a_cancelled_wait_loses_no_row() {
    let (portal, client) = portal_with_rows(120).await;
    portal.fail("crm.deal.list", Fault::Delay(Duration::from_millis(30)), usize::MAX);
    let mut rows = client.rows(BoltList);
    let (mut ids, mut dropped) = (Vec::new(), 0);
    loop {
        match tokio::time::timeout(Duration::from_millis(5), rows.next()).await {
            Ok(Some(row)) => ids.extend(row.unwrap().id),
            Ok(None) => break,
            Err(_) => dropped += 1,
        }
    }
    assert_eq!(ids, (1..=120).collect::<Vec<_>>());
    assert!(dropped > 0);
}

//! Lists of several pages with faults: each row is returned once, or an error follows the rows before it. A list is never
//! truncated silently.

use std::collections::BTreeSet;
use std::time::Duration;

use bitrix24_client::{Client, NoLimit, Rows};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{
    ErrorKind, HasKeyset, Keyset, Map, Pagination, RawErrorCode, RawRequest, Value, json, raw,
};

use bitrix24_portal::{Fault, Portal};
use bitrix24_testing::{MockResponse, MockServer, php};
use outcomes::{
    ATTEMPTS, Operation, Row, operating_limit, portal_with_deals, query_limit, rows, webhook_elsewhere,
};

#[path = "common/outcomes.rs"]
mod outcomes;

/// How a list is read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    PageByPage,
    ById,
    Unordered,
}

const MODES: [Mode; 3] = [Mode::PageByPage, Mode::ById, Mode::Unordered];

impl Mode {
    fn rows(self, client: &Client, list: RawRequest<HasKeyset>) -> Rows<Value, RawErrorCode, HasKeyset> {
        let rows = client.rows(list);
        match self {
            Self::PageByPage => rows,
            Self::ById => rows.by_id(),
            Self::Unordered => rows.unordered(),
        }
    }
}

async fn start_portal(deals: usize) -> (Portal, Client) {
    let portal = portal_with_deals(deals).await;
    let client = client(&portal.webhook());
    (portal, client)
}

/// A portal with rows of another table.
async fn portal_with(table: &str, rows: usize) -> (Portal, Client) {
    let portal = Portal::builder().basic_rows(false).rows(table, rows).start().await.unwrap();
    let client = client(&portal.webhook());
    (portal, client)
}

/// The body of the response to the first call.
fn first_page(portal: &Portal) -> Value {
    let lines = portal.recorded();
    let response: Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
    response["body"].clone()
}

fn client(webhook: &str) -> Client {
    let attempts = u32::try_from(ATTEMPTS).unwrap();
    let retries =
        RetryPolicy::default().with_max_attempts(attempts).with_initial_backoff(Duration::from_millis(1));
    // A fault has no effect on the calls after it.
    let builder = Client::builder().limiter(NoLimit).retry_policy(retries).overload_pause(Duration::ZERO);
    builder.webhook(webhook).unwrap()
}

fn deals(params: Value) -> RawRequest<HasKeyset> {
    raw("crm.deal.list", params).keyset(Keyset::new("ID")).read_only()
}

/// Deals with their identifiers only, so that responses are short.
fn identifiers() -> RawRequest<HasKeyset> {
    deals(json!({"select": ["ID"]}))
}

fn id(row: &Value) -> i64 {
    php::number(row.get("ID").or(row.get("id")).unwrap_or(&Value::Null)) as i64
}

/// The identifiers of the rows, and the kind of the error if the list was not read to its end.
async fn read(mode: Mode, client: &Client, list: RawRequest<HasKeyset>) -> (Vec<i64>, Option<ErrorKind>) {
    let (mut ids, error) = read_in_order(mode, client, list).await;
    if mode == Mode::Unordered {
        ids.sort_unstable();
    }
    assert!(ids.is_sorted_by(|one, other| one < other), "{mode:?}: unique and in order: {ids:?}");
    (ids, error)
}

/// The same, in the order of the portal.
async fn read_in_order(
    mode: Mode,
    client: &Client,
    list: RawRequest<HasKeyset>,
) -> (Vec<i64>, Option<ErrorKind>) {
    let (rows, error) = match mode.rows(client, list).collect_all().await {
        Ok(rows) => (rows, None),
        Err(interrupted) => (interrupted.rows, Some(interrupted.error.kind())),
    };
    (rows.iter().map(id).collect(), error)
}

#[tokio::test]
async fn a_page_rejected_inside_a_batch_does_not_end_the_list() {
    let (portal, client) = start_portal(2_700).await;
    for mode in [Mode::ById, Mode::Unordered] {
        for fault in [operating_limit(), query_limit()] {
            // The first two commands read both ends of the list.
            for command in [0, 1, 2, 51] {
                let plan = portal.fail("crm.deal.list", fault.clone(), 1).skip(command);
                let found = read(mode, &client, identifiers()).await;
                assert_eq!(found, ((1..=2_700).collect(), None), "{mode:?}, {fault:?} at command {command}");
                assert_eq!(plan.hits(), 1);
            }
        }
    }
}

#[tokio::test]
async fn a_page_missing_from_a_batch_is_an_error_after_the_earlier_rows() {
    let (portal, client) = start_portal(5_000).await;
    let locked = Fault::error(400, "LOCKED", "");
    for (fault, kind) in [(locked, ErrorKind::Method), (Fault::LoseAnswer, ErrorKind::UnexpectedResponse)] {
        for (command, rows) in [(0, 0), (2, 50), (3, 100), (10, 450)] {
            portal.fail("crm.deal.list", fault.clone(), 1).skip(command);
            let found = read(Mode::ById, &client, identifiers()).await;
            assert_eq!(found, ((1..=rows).collect(), Some(kind)), "{fault:?} at command {command}");
        }
    }
}

/// Checks a list whose second request has the fault.
async fn check(row: &Row, mode: Mode, times: usize, portal: &Portal, client: &Client) {
    let context = format!("{}: {:?} {times} times, {mode:?}", row.name, row.fault);
    let method = if mode == Mode::PageByPage { "crm.deal.list" } else { "batch" };
    let plan = portal.fail(method, row.fault.clone(), times).skip(1);
    let plan = if row.after_running { plan.after_running() } else { plan };
    let (ids, error) = read(mode, client, identifiers()).await;
    plan.end();
    assert!(plan.hits() >= 1, "{context}");
    match row.expected(Operation::Read, times).error {
        None => assert_eq!((ids, error), ((1..=160).collect(), None), "{context}"),
        // After a rejected batch the pages are requested separately, which may succeed.
        Some(_) if error.is_none() => {
            assert_eq!(
                (ids, method, row.retried),
                ((1..=160).collect(), "batch", outcomes::Retried::Always),
                "{context}"
            );
        }
        Some(_) => {
            let first: BTreeSet<i64> = (1..=50).collect();
            assert!(ids.len() < 160 && first.is_subset(&ids.into_iter().collect()), "{context}");
        }
    }
}

#[tokio::test]
async fn a_list_is_complete_or_an_error_whatever_the_fault() {
    let elsewhere = portal_with_deals(0).await;
    let webhook = webhook_elsewhere(&elsewhere);
    let (portal, client) = start_portal(160).await;
    for row in rows(&webhook).iter().filter(|row| !row.times_out()) {
        for mode in MODES {
            for times in [1, ATTEMPTS] {
                check(row, mode, times, &portal, &client).await;
            }
        }
    }
    assert!(elsewhere.calls().is_empty(), "the other portal received no request");
}

#[tokio::test]
async fn conditions_of_the_caller_apply_in_every_mode() {
    let cases = [
        (json!({"filter": {">ID": 900}}), 901..1_001),
        (json!({"filter": {">=ID": "900"}}), 900..1_001),
        (json!({"filter": {"<ID": 101}}), 1..101),
        (json!({"filter": {">ID": 300, "<=ID": 700, "!ID": 5_000}}), 301..701),
        (json!({"FILTER": {">ID": 900}, "SELECT": ["TITLE"]}), 901..1_001),
        (json!({"Filter": {"<ID": 70}, "Order": {"ID": "asc"}}), 1..70),
        (json!({"filter": {">ID": 5}, "FILTER": {">ID": 900}}), 901..1_001),
        (json!({"filter": {">ID": 1_000}}), 1..1),
    ];
    let (_portal, client) = start_portal(1_000).await;
    for (params, expected) in cases {
        for mode in MODES {
            let found = read(mode, &client, deals(params.clone())).await;
            assert_eq!(found, (expected.clone().collect(), None), "{mode:?} {params}");
        }
    }
}

/// The deletion of these deals by another user.
fn delete(ids: impl IntoIterator<Item = i64>) -> Vec<(String, Map<String, Value>)> {
    let delete = |id: i64| ("crm.deal.delete".to_owned(), Map::from_iter([("id".to_owned(), json!(id))]));
    ids.into_iter().map(delete).collect()
}

#[tokio::test]
async fn concurrent_changes_cause_no_duplicates_and_hide_no_remaining_row() {
    type IsKept = fn(i64) -> bool;
    let remove_first: IsKept = |id| id > 520;
    let thin_out: IsKept = |id| id % 3 == 0;
    let grow: IsKept = |_| true;
    let remove_all: IsKept = |_| false;
    for (number, is_kept) in [remove_first, thin_out, grow, remove_all].into_iter().enumerate() {
        let mut changes = delete((1..=1_000).filter(|id| !is_kept(*id)));
        if changes.is_empty() {
            let fields = Map::from_iter([("fields".to_owned(), json!({"TITLE": "New"}))]);
            changes = vec![("crm.deal.add".to_owned(), fields); 200];
        }
        for mode in MODES {
            for page in [2, 12] {
                let (portal, client) = start_portal(1_000).await;
                let change =
                    portal.fail("crm.deal.list", Fault::AfterCalls(changes.clone()), 1).skip(page - 1);
                let (ids, error) = read(mode, &client, identifiers()).await;
                let context = format!("change {number} before page {page}, {mode:?}");
                assert_eq!((error, change.hits()), (None, 1), "{context}");
                assert!(portal.calls().len() <= 25, "{context}: the list is not restarted");
                let returned: BTreeSet<i64> = ids.into_iter().collect();
                let missing = (1..=1_000).filter(|id| is_kept(*id) && !returned.contains(id)).count();
                // Pages by offset shift when earlier rows are removed, which a client cannot prevent.
                assert!(
                    missing == 0 || mode == Mode::PageByPage && number < 2,
                    "{context}: {missing} are missing"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_wrong_or_missing_total_does_not_truncate_the_list() {
    let cases = [Some(json!(50)), Some(json!("50")), Some(json!(0)), Some(json!(null)), None];
    for total in cases {
        let count = total.clone();
        let server = MockServer::start(move |call| {
            let start = call.params["start"].as_i64().unwrap_or(0);
            let rows: Value = (start + 1..=(start + 50).min(120)).map(|id| json!({"ID": id})).collect();
            let mut answer = json!({"result": rows});
            if let Some(total) = &count {
                answer["total"] = total.clone();
            }
            if start + 50 < 120 {
                answer["next"] = json!(start + 50);
            }
            MockResponse::json(200, &answer)
        })
        .await;
        let list = deals(json!({})).pagination(Pagination::Start);
        let found = read(Mode::PageByPage, &client(&server.webhook()), list).await;
        assert_eq!(found, ((1..=120).collect(), None), "{total:?}");
    }
}

#[tokio::test]
async fn equal_rows_are_all_returned_in_the_requested_order() {
    let server = MockServer::start(|call| {
        let start = call.params["start"].as_u64().unwrap_or(0);
        let rows: Vec<Value> = (start..(start + 50).min(120)).map(|_| json!({"NAME": "Oak"})).collect();
        let mut answer = json!({"result": rows, "total": 120});
        if start + 50 < 120 {
            answer["next"] = json!(start + 50);
        }
        MockResponse::json(200, &answer)
    })
    .await;
    let equal_rows =
        client(&server.webhook()).rows(deals(json!({"select": ["NAME"]}))).collect_all().await.unwrap();
    assert_eq!(equal_rows.len(), 120);

    let (portal, client) = start_portal(0).await;
    for id in 1..=120 {
        let fields = json!({"OPPORTUNITY": id * 37 % 101});
        portal.call("crm.deal.add", Map::from_iter([("fields".to_owned(), fields)])).unwrap();
    }
    let rows = client
        .rows(deals(json!({"order": {"OPPORTUNITY": "DESC", "ID": "DESC"}})))
        .collect_all()
        .await
        .unwrap();
    let prices: Vec<i64> = rows.iter().map(|row| php::number(&row["OPPORTUNITY"]) as i64).collect();
    assert_eq!(prices.len(), 120);
    assert!(prices.is_sorted_by(|one, other| one >= other), "{prices:?}");
}

/// Reads a list of 500 rows, and then with the first page as the response to every call.
async fn check_progress(name: &str, list: RawRequest<HasKeyset>, portal: &Portal, client: &Client) {
    // Lists that continue after the last identifier begin with the newest row.
    let newest_first = name == "log.blogcomment";
    let all: Vec<i64> = if newest_first { (1..=500).rev().collect() } else { (1..=500).collect() };
    let found = read_in_order(Mode::PageByPage, client, list.clone()).await;
    assert_eq!(found, (all.clone(), None), "{name}");
    let calls = portal.calls().len();
    portal.fail("*", Fault::json(200, &first_page(portal)), usize::MAX);
    let found = read_in_order(Mode::PageByPage, client, list).await;
    assert_eq!(found, (all[..50].to_vec(), Some(ErrorKind::IncompleteList)), "{name}");
    let requests = portal.calls().len() - calls;
    assert!(requests <= 3, "{name}: {requests} requests");
}

#[tokio::test]
async fn a_list_without_progress_is_an_error() {
    let list = |name, params, pointer, pagination| {
        raw(name, params).rows_pointer(pointer).keyset(Keyset::new("id")).pagination(pagination)
    };
    let cases = [
        ("crm.deal", deals(json!({})).pagination(Pagination::Start)),
        ("tasks.task", list("tasks.task.list", json!({}), "/items", Pagination::V3).v3()),
        ("log.blogcomment", list("log.blogcomment.user.get", json!({}), "/comments", Pagination::LastId)),
        ("imbot.v2.bot", list("imbot.v2.Bot.list", json!({}), "/bots", Pagination::LimitOffset)),
        ("biconnector.source", list("biconnector.source.list", json!({}), "", Pagination::Page)),
    ];
    for (table, list) in cases {
        let (portal, client) = portal_with(table, 500).await;
        check_progress(table, list.read_only(), &portal, &client).await;
    }
    // The portal has no rows of a list with cursors.
    let (portal, client) = start_portal(0).await;
    for page in 0..10 {
        let rows: Value = (page * 50 + 1..=page * 50 + 50).map(|id| json!({"id": id})).collect();
        let cursor = (page < 9).then(|| json!({"position": page * 50 + 50, "id": page * 50 + 50}));
        let body = json!({"result": {"items": rows, "nextCursor": cursor}});
        portal.fail("note.collection.list", Fault::json(200, &body), 1);
    }
    let collections = list("note.collection.list", json!({}), "/items", Pagination::Cursor).v3().read_only();
    check_progress("note.collection", collections, &portal, &client).await;

    for mode in [Mode::ById, Mode::Unordered] {
        let (portal, client) = start_portal(500).await;
        client.call(deals(json!({}))).await.unwrap();
        portal.fail("crm.deal.list", Fault::json(200, &first_page(&portal)), usize::MAX).skip(1);
        let (ids, error) = read(mode, &client, deals(json!({}))).await;
        assert_eq!((ids, error), ((1..=50).collect(), Some(ErrorKind::IncompleteList)), "{mode:?}");
        assert!(portal.calls().len() <= 1 + 2, "{mode:?}");
    }
}

#[tokio::test]
async fn a_silently_reduced_limit_does_not_end_the_list() {
    let (_portal, client) = portal_with("imbot.v2.bot", 120).await;
    for limit in [1_000, 20] {
        let list = raw("imbot.v2.Bot.list", json!({"limit": limit})).rows_pointer("/bots");
        let list = list.pagination(Pagination::LimitOffset).read_only();
        let rows = client.rows(list).collect_all().await.unwrap();
        assert!(rows.iter().map(id).eq(1..=120));
    }
    let server = MockServer::start(|call| {
        let number = |name: &str| call.params["pagination"][name].as_i64();
        let limit = number("limit").unwrap_or(50).min(50);
        let start = number("offset").unwrap_or_else(|| (number("page").unwrap_or(1) - 1) * limit);
        let rows: Value = (start + 1..=(start + limit).min(120)).map(|id| json!({"id": id})).collect();
        MockResponse::result(json!({"items": rows}))
    })
    .await;
    for pagination in [json!({"limit": 1_000}), json!({"limit": 1_000, "page": 1}), json!({"limit": 20})] {
        let list = raw("main.eventlog.list", json!({"pagination": pagination})).v3().rows_pointer("/items");
        let list = list.pagination(Pagination::V3).read_only();
        let rows = self::client(&server.webhook()).rows(list).collect_all().await.unwrap();
        assert!(rows.iter().map(id).eq(1..=120));
    }
}

#[tokio::test]
async fn a_wrong_identifier_name_is_an_error() {
    let (_portal, client) = portal_with("tasks.task", 120).await;
    let cases = [
        (Keyset::new("ID").with_row_id("id"), Ok(120)),
        (Keyset::new("ID"), Err(ErrorKind::Decode)),
        (Keyset::new("TASK_ID").with_row_id("id"), Err(ErrorKind::IncompleteList)),
    ];
    for (keyset, expected) in cases {
        let list = raw("tasks.task.list", json!({})).rows_pointer("/tasks").keyset(keyset).read_only();
        let (ids, error) = read(Mode::ById, &client, list).await;
        assert_eq!(error.map_or(Ok(ids.len()), Err), expected, "{keyset:?}");
    }
}

#[tokio::test]
async fn a_short_list_takes_hardly_more_queries_than_pages() {
    for (rows, requests, queries) in [(0_i64, 1, 2), (60, 2, 3), (260, 2, 7)] {
        let (portal, client) = start_portal(rows.unsigned_abs() as usize).await;
        assert_eq!(read(Mode::ById, &client, deals(json!({}))).await, ((1..=rows).collect(), None));
        assert_eq!(portal.calls().len(), requests, "{rows} rows");
        assert!(portal.runs("crm.deal.list") <= queries, "{rows}: {}", portal.runs("crm.deal.list"));
    }
}

#[tokio::test]
async fn an_empty_page_does_not_end_a_list() {
    for mode in [Mode::ById, Mode::Unordered] {
        for page in [3, 12, 15] {
            let (portal, client) = start_portal(1_000).await;
            let empty = Fault::json(200, &json!({"result": [], "total": 0}));
            portal.fail("crm.deal.list", empty, 1).skip(page - 1);
            let found = read(mode, &client, deals(json!({}))).await;
            assert_eq!(found, ((1..=1_000).collect(), None), "{mode:?}, page {page}");
        }
    }
    let server = MockServer::start(|call| {
        let start = call.params["start"].as_i64().unwrap_or(0);
        let rows: Vec<Value> = (start + 1..=start + 50).map(|id| json!({"ID": id})).collect();
        let rows = if start == 500 { Vec::new() } else { rows };
        let next = (start < 900).then_some(start + 50);
        MockResponse::json(200, &json!({"result": rows, "next": next}))
    })
    .await;
    let found =
        read(Mode::PageByPage, &client(&server.webhook()), deals(json!({})).pagination(Pagination::Start))
            .await;
    assert_eq!(found, ((1..=950).filter(|id| !(501..=550).contains(id)).collect(), None));
}

#[tokio::test]
async fn a_list_whose_next_pages_never_end_is_an_error() {
    let server = MockServer::start(|call| {
        let start = call.params["start"].as_i64().unwrap_or(0);
        let rows: Value = (start + 1..=start + 50).map(|id| json!({"ID": id})).collect();
        MockResponse::json(200, &json!({"result": rows, "next": start + 50, "total": 200}))
    })
    .await;
    let (ids, error) =
        read(Mode::PageByPage, &client(&server.webhook()), deals(json!({})).pagination(Pagination::Start))
            .await;
    assert_eq!((ids.len(), error), (250, Some(ErrorKind::IncompleteList)));
}

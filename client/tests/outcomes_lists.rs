//! Lists of several pages with faults: each row is returned once, or an error follows the rows before it. A list is never
//! truncated silently.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bitrix24_client::{Client, NoLimit, Rows};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{ErrorKind, HasKeyset, Keyset, Pagination, RawErrorCode, RawRequest, Value, json, raw};

use bitrix24_testing::{Fault, MockPortal, MockResponse, MockServer, Paging, Table, php};
use outcomes::{ATTEMPTS, Operation, Row, rows};

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

async fn start_portal(table: Table) -> (MockPortal, Client) {
    let portal = MockPortal::start([table]).await;
    let client = client(&portal);
    (portal, client)
}

fn client(server: &MockServer) -> Client {
    let attempts = u32::try_from(ATTEMPTS).unwrap();
    let retries =
        RetryPolicy::default().with_max_attempts(attempts).with_initial_backoff(Duration::from_millis(1));
    // A fault has no effect on the calls after it.
    let builder = Client::builder().limiter(NoLimit).retry_policy(retries).overload_pause(Duration::ZERO);
    builder.webhook(&server.webhook()).unwrap()
}

fn deals(params: Value) -> RawRequest<HasKeyset> {
    raw("crm.deal.list", params).keyset(Keyset::new("ID")).read_only()
}

fn id(row: &Value) -> i64 {
    php::number(row.get("ID").or(row.get("id")).unwrap_or(&Value::Null)) as i64
}

/// The identifiers of the rows, and the kind of the error if the list was not read to its end.
async fn read(mode: Mode, client: &Client, list: RawRequest<HasKeyset>) -> (Vec<i64>, Option<ErrorKind>) {
    let (rows, error) = match mode.rows(client, list).collect_all().await {
        Ok(rows) => (rows, None),
        Err(interrupted) => (interrupted.rows, Some(interrupted.error.kind())),
    };
    let mut ids: Vec<i64> = rows.iter().map(id).collect();
    if mode == Mode::Unordered {
        ids.sort_unstable();
    }
    assert!(ids.is_sorted_by(|one, other| one < other), "{mode:?}: unique and in order: {ids:?}");
    (ids, error)
}

#[tokio::test]
async fn a_page_rejected_inside_a_batch_does_not_end_the_list() {
    for mode in [Mode::ById, Mode::Unordered] {
        for fault in [Fault::OperatingLimit, Fault::QueryLimit] {
            // The first two commands read both ends of the list.
            for command in [0, 1, 2, 51] {
                let (portal, client) = start_portal(Table::crm("crm.deal").with_rows(2_700)).await;
                let plan = portal.fail_command("crm.deal.list", fault.clone()).skipping(command);
                let found = read(mode, &client, deals(json!({}))).await;
                assert_eq!(found, ((1..=2_700).collect(), None), "{mode:?}, {fault:?} at command {command}");
                assert_eq!(plan.hits(), 1);
            }
        }
    }
}

#[tokio::test]
async fn a_page_missing_from_a_batch_is_an_error_after_the_earlier_rows() {
    let locked = Fault::refuse(400, "LOCKED", "");
    for (fault, kind) in [(locked, ErrorKind::Method), (Fault::LoseResponse, ErrorKind::UnexpectedResponse)] {
        for (command, rows) in [(0, 0), (2, 50), (3, 100), (10, 450)] {
            let (portal, client) = start_portal(Table::crm("crm.deal").with_rows(5_000)).await;
            portal.fail_command("crm.deal.list", fault.clone()).skipping(command);
            let found = read(Mode::ById, &client, deals(json!({}))).await;
            assert_eq!(found, ((1..=rows).collect(), Some(kind)), "{fault:?} at command {command}");
        }
    }
}

/// Checks a list whose second request has the fault.
async fn check(row: &Row, mode: Mode, times: usize, portal: &MockPortal, client: &Client) {
    let context = format!("{}: {:?} {times} times, {mode:?}", row.name, row.fault);
    let method = if mode == Mode::PageByPage { "crm.deal.list" } else { "batch" };
    let plan = portal.fail(method, row.fault.clone()).skipping(1).times(times);
    let plan = if row.after_running { plan.after_running() } else { plan };
    let (ids, error) = read(mode, client, deals(json!({}))).await;
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
    let (elsewhere, _) = start_portal(Table::crm("crm.deal")).await;
    let origin = elsewhere.origin().replace("127.0.0.1", "localhost");
    let (portal, client) = start_portal(Table::crm("crm.deal").with_rows(160)).await;
    for row in rows(&origin).iter().filter(|row| !row.times_out()) {
        for mode in MODES {
            for times in [1, ATTEMPTS] {
                check(row, mode, times, &portal, &client).await;
            }
        }
    }
    assert_eq!(elsewhere.calls(), [], "the other portal received no request");
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
    let (_portal, client) = start_portal(Table::crm("crm.deal").with_rows(1_000)).await;
    for (params, expected) in cases {
        for mode in MODES {
            let found = read(mode, &client, deals(params.clone())).await;
            assert_eq!(found, (expected.clone().collect(), None), "{mode:?} {params}");
        }
    }
}

/// A row that is added during the walk.
fn new_row(id: i64) -> bitrix24_testing::Row {
    bitrix24_testing::Row::from_iter([("ID".to_owned(), json!(id))])
}

#[tokio::test]
async fn concurrent_changes_cause_no_duplicates_and_hide_no_remaining_row() {
    type Change = fn(&mut Vec<bitrix24_testing::Row>);
    type IsKept = fn(i64) -> bool;
    let remove_first: Change = |rows| drop(rows.drain(..520));
    let thin_out: Change = |rows| rows.retain(|row| row["ID"].as_i64().is_none_or(|id| id % 3 == 0));
    let grow: Change = |rows| rows.extend((1_001..=1_200).map(new_row));
    let remove_all: Change = Vec::clear;
    let changes: [(Change, IsKept); 4] = [
        (remove_first, |id| id > 520),
        (thin_out, |id| id % 3 == 0),
        (grow, |_| true),
        (remove_all, |_| false),
    ];
    for (number, (change, is_kept)) in changes.into_iter().enumerate() {
        for mode in MODES {
            for page in [2, 12] {
                let (portal, client) = start_portal(Table::crm("crm.deal").with_rows(1_000)).await;
                portal.before_page("crm.deal.list", page, change);
                let (ids, error) = read(mode, &client, deals(json!({}))).await;
                let context = format!("change {number} before page {page}, {mode:?}");
                assert_eq!(error, None, "{context}");
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
        let found = read(Mode::PageByPage, &client(&server), list).await;
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
    let equal_rows = client(&server).rows(deals(json!({"select": ["NAME"]}))).collect_all().await.unwrap();
    assert_eq!(equal_rows.len(), 120);

    let price = |id: i64| json!({"PRICE": id * 37 % 101});
    let (_portal, client) = start_portal(Table::crm("crm.deal").with(1..=120, price)).await;
    let rows =
        client.rows(deals(json!({"order": {"PRICE": "DESC", "ID": "DESC"}}))).collect_all().await.unwrap();
    let prices: Vec<i64> = rows.iter().map(|row| php::number(&row["PRICE"]) as i64).collect();
    assert_eq!(prices.len(), 120);
    assert!(prices.is_sorted_by(|one, other| one >= other), "{prices:?}");
}

#[tokio::test]
async fn a_list_without_progress_is_an_error() {
    let entries = |pagination| {
        raw("log.entry.list", json!({}))
            .rows_pointer("/items")
            .pagination(pagination)
            .keyset(Keyset::new("id"))
    };
    let cases = [
        (Paging::Start, entries(Pagination::Start)),
        (Paging::V3, entries(Pagination::V3).v3()),
        (Paging::Cursor, entries(Pagination::Cursor).v3()),
        (Paging::AfterId("LIMIT", "LAST_ID"), entries(Pagination::LastId)),
        (Paging::LimitOffset("limit", "offset"), entries(Pagination::LimitOffset)),
        (Paging::Page("page"), entries(Pagination::Page)),
    ];
    for (paging, list) in cases {
        let table = Table::items("log.entry").with_rows(500).pagination(paging);
        let complete = start_portal(table.clone()).await;
        let found = read(Mode::PageByPage, &complete.1, list.clone().read_only()).await;
        assert_eq!(found, ((1..=500).collect(), None), "{paging:?}");

        let (portal, client) = start_portal(table.ignores_conditions_from(2)).await;
        let found = read(Mode::PageByPage, &client, list.read_only()).await;
        assert_eq!(found, ((1..=50).collect(), Some(ErrorKind::IncompleteList)), "{paging:?}");
        assert!(portal.calls().len() <= 3, "{paging:?}: {} requests", portal.calls().len());
    }
    for mode in [Mode::ById, Mode::Unordered] {
        let (portal, client) =
            start_portal(Table::crm("crm.deal").with_rows(500).ignores_conditions_from(2)).await;
        let (ids, error) = read(mode, &client, deals(json!({}))).await;
        assert_eq!((ids, error), ((1..=50).collect(), Some(ErrorKind::IncompleteList)), "{mode:?}");
        assert!(portal.calls().len() <= 2, "{mode:?}");
    }
}

#[tokio::test]
async fn a_silently_reduced_limit_does_not_end_the_list() {
    let (_portal, client) = start_portal(Table::v3("main.eventlog").with_rows(120)).await;
    for pagination in [json!({"limit": 1_000}), json!({"limit": 1_000, "page": 1}), json!({"limit": 20})] {
        let list = raw("main.eventlog.list", json!({"pagination": pagination})).v3().rows_pointer("/items");
        let list = list.pagination(Pagination::V3).read_only();
        let rows = client.rows(list).collect_all().await.unwrap();
        assert!(rows.iter().map(id).eq(1..=120));
    }
}

#[tokio::test]
async fn a_wrong_identifier_name_is_an_error() {
    let (_portal, client) = start_portal(Table::tasks().with_rows(120)).await;
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
    for (rows, requests, queries) in [(0, 1, 2), (60, 2, 3), (260, 2, 7)] {
        let (portal, client) = start_portal(Table::crm("crm.deal").with_rows(rows)).await;
        assert_eq!(read(Mode::ById, &client, deals(json!({}))).await, ((1..=rows).collect(), None));
        assert_eq!(portal.calls().len(), requests, "{rows} rows");
        assert!(portal.runs("crm.deal.list") <= queries, "{rows}: {}", portal.runs("crm.deal.list"));
    }
}

#[tokio::test]
async fn an_empty_page_does_not_end_a_list() {
    for mode in [Mode::ById, Mode::Unordered] {
        for page in [3, 12, 15] {
            let (portal, client) = start_portal(Table::crm("crm.deal").with_rows(1_000)).await;
            let hidden = Arc::new(Mutex::new(Vec::new()));
            let stash = Arc::clone(&hidden);
            portal.before_page("crm.deal.list", page, move |rows| stash.lock().unwrap().append(rows));
            portal
                .before_page("crm.deal.list", page + 1, move |rows| rows.append(&mut hidden.lock().unwrap()));
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
        read(Mode::PageByPage, &client(&server), deals(json!({})).pagination(Pagination::Start)).await;
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
        read(Mode::PageByPage, &client(&server), deals(json!({})).pagination(Pagination::Start)).await;
    assert_eq!((ids.len(), error), (250, Some(ErrorKind::IncompleteList)));
}

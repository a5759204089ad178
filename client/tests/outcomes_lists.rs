//! What becomes of a list that is longer than an answer when something goes wrong on the way: it is given whole and each row once,
//! or there is an error behind the rows before it. It is never cut off in silence.

use std::collections::BTreeSet;
use std::time::Duration;

use bitrix24_client::{Client, NoLimit, Rows};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{ErrorKind, Keyset, Pagination, RawErrorCode, RawRequest, Value, json, raw};

use mock_portal::{MockPortal, Paging, Table, php};
use mock_server::{Fault, MockResponse, MockServer};
use outcomes::{ATTEMPTS, Act, Row, rows};

#[path = "common/outcomes.rs"]
mod outcomes;

#[path = "../../tests/support/mock_server.rs"]
mod mock_server;

#[path = "../../tests/support/mock_portal.rs"]
mod mock_portal;

/// How a list is read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    PageByPage,
    ById,
    InAnyOrder,
}

const WAYS: [Way; 3] = [Way::PageByPage, Way::ById, Way::InAnyOrder];

impl Way {
    fn walk(self, client: &Client, list: RawRequest) -> Rows<Value, RawErrorCode> {
        let rows = client.rows(list);
        match self {
            Self::PageByPage => rows,
            Self::ById => rows.by_id(),
            Self::InAnyOrder => rows.unordered(),
        }
    }
}

async fn opened(table: Table) -> (MockPortal, Client) {
    let portal = MockPortal::start([table]).await;
    let client = client(&portal);
    (portal, client)
}

fn client(server: &MockServer) -> Client {
    let attempts = u32::try_from(ATTEMPTS).unwrap();
    let retries =
        RetryPolicy::default().with_max_attempts(attempts).with_initial_backoff(Duration::from_millis(1));
    Client::builder().limiter(NoLimit).retry_policy(retries).webhook(&server.webhook()).unwrap()
}

fn deals(params: Value) -> RawRequest {
    raw("crm.deal.list", params).keyset(Keyset::new("ID")).read_only()
}

fn id(row: &Value) -> i64 {
    php::number(row.get("ID").or(row.get("id")).unwrap_or(&Value::Null)) as i64
}

/// The identifiers of the rows and, where the list was not read to its end, the kind of the error behind them.
async fn read(way: Way, client: &Client, list: RawRequest) -> (Vec<i64>, Option<ErrorKind>) {
    let (rows, error) = match way.walk(client, list).collect_all().await {
        Ok(rows) => (rows, None),
        Err(interrupted) => (interrupted.rows, Some(interrupted.error.kind())),
    };
    let mut ids: Vec<i64> = rows.iter().map(id).collect();
    if way == Way::InAnyOrder {
        ids.sort_unstable();
    }
    assert!(ids.is_sorted_by(|one, other| one < other), "{way:?}: each once, and in order: {ids:?}");
    (ids, error)
}

#[tokio::test]
async fn a_page_that_a_batch_was_refused_does_not_end_the_list() {
    for way in [Way::ById, Way::InAnyOrder] {
        for fault in [Fault::OperatingLimit, Fault::QueryLimit] {
            // The first two commands ask for both ends of the list.
            for command in [0, 1, 2, 51] {
                let (portal, client) = opened(Table::crm("crm.deal").filled(2_700)).await;
                let plan = portal.fail_command("crm.deal.list", fault.clone()).skipping(command);
                let found = read(way, &client, deals(json!({}))).await;
                assert_eq!(found, ((1..=2_700).collect(), None), "{way:?}, {fault:?} at command {command}");
                assert_eq!(plan.hits(), 1);
            }
        }
    }
}

#[tokio::test]
async fn a_page_that_a_batch_does_not_give_is_an_error_behind_the_rows_before_it() {
    let locked = Fault::refuse(400, "LOCKED", "");
    for (fault, kind) in [(locked, ErrorKind::Method), (Fault::LoseResponse, ErrorKind::UnexpectedResponse)] {
        for (command, rows) in [(0, 0), (2, 50), (3, 100), (10, 450)] {
            let (portal, client) = opened(Table::crm("crm.deal").filled(5_000)).await;
            portal.fail_command("crm.deal.list", fault.clone()).skipping(command);
            let found = read(Way::ById, &client, deals(json!({}))).await;
            assert_eq!(found, ((1..=rows).collect(), Some(kind)), "{fault:?} at command {command}");
        }
    }
}

/// What becomes of a list whose second request meets with the fault.
async fn check(row: &Row, way: Way, times: usize, portal: &MockPortal, client: &Client) {
    let told = format!("{}: {:?} {times} times, {way:?}", row.name, row.fault);
    let method = if way == Way::PageByPage { "crm.deal.list" } else { "batch" };
    let plan = portal.fail(method, row.fault.clone()).skipping(1).times(times);
    let plan = if row.after_running { plan.after_running() } else { plan };
    let (ids, error) = read(way, client, deals(json!({}))).await;
    plan.end();
    assert!(plan.hits() >= 1, "{told}");
    match row.expected(Act::Read, times).told {
        None => assert_eq!((ids, error), ((1..=160).collect(), None), "{told}"),
        // A batch that is refused for its pace is left for single pages, which may get through.
        Some(_) if error.is_none() => {
            assert_eq!(
                (ids, method, row.again),
                ((1..=160).collect(), "batch", outcomes::Again::Always),
                "{told}"
            );
        }
        Some(_) => {
            let first: BTreeSet<i64> = (1..=50).collect();
            assert!(ids.len() < 160 && first.is_subset(&ids.into_iter().collect()), "{told}");
        }
    }
}

#[tokio::test]
async fn a_list_is_whole_or_it_is_an_error_whatever_befalls_a_request() {
    let (elsewhere, _) = opened(Table::crm("crm.deal")).await;
    let origin = elsewhere.origin().replace("127.0.0.1", "localhost");
    let (portal, client) = opened(Table::crm("crm.deal").filled(160)).await;
    for row in rows(&origin).iter().filter(|row| !row.waits()) {
        for way in WAYS {
            for times in [1, ATTEMPTS] {
                check(row, way, times, &portal, &client).await;
            }
        }
    }
    assert_eq!(elsewhere.calls(), [], "nothing was told to another portal");
}

#[tokio::test]
async fn conditions_of_the_caller_hold_in_every_way() {
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
    let (_shop, client) = opened(Table::crm("crm.deal").filled(1_000)).await;
    for (params, expected) in cases {
        for way in WAYS {
            let found = read(way, &client, deals(params.clone())).await;
            assert_eq!(found, (expected.clone().collect(), None), "{way:?} {params}");
        }
    }
}

/// A row, as others add it meanwhile.
fn new_row(id: i64) -> mock_portal::Row {
    mock_portal::Row::from_iter([("ID".to_owned(), json!(id))])
}

#[tokio::test]
async fn rows_that_come_and_go_meanwhile_make_no_row_come_twice_and_hide_none_that_stays() {
    type Change = fn(&mut Vec<mock_portal::Row>);
    type Stays = fn(i64) -> bool;
    let vanish: Change = |rows| drop(rows.drain(..520));
    let thin_out: Change = |rows| rows.retain(|row| row["ID"].as_i64().is_none_or(|id| id % 3 == 0));
    let grow: Change = |rows| rows.extend((1_001..=1_200).map(new_row));
    let all_go: Change = Vec::clear;
    let changes: [(Change, Stays); 4] =
        [(vanish, |id| id > 520), (thin_out, |id| id % 3 == 0), (grow, |_| true), (all_go, |_| false)];
    for (number, (change, stays)) in changes.into_iter().enumerate() {
        for way in WAYS {
            for page in [2, 12] {
                let (portal, client) = opened(Table::crm("crm.deal").filled(1_000)).await;
                portal.before_page("crm.deal.list", page, change);
                let (ids, error) = read(way, &client, deals(json!({}))).await;
                let told = format!("change {number} before page {page}, {way:?}");
                assert_eq!(error, None, "{told}");
                assert!(portal.calls().len() <= 25, "{told}: it does not begin again");
                let given: BTreeSet<i64> = ids.into_iter().collect();
                let missing = (1..=1_000).filter(|id| stays(*id) && !given.contains(id)).count();
                // Pages by number shift when rows vanish before them, and nobody can do more.
                assert!(
                    missing == 0 || way == Way::PageByPage && number < 2,
                    "{told}: {missing} are missing"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_count_that_is_wrong_or_missing_cuts_nothing_off() {
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
        let found = read(Way::PageByPage, &client(&server), list).await;
        assert_eq!(found, ((1..=120).collect(), None), "{total:?}");
    }
}

#[tokio::test]
async fn rows_that_are_alike_are_all_given_and_in_the_order_that_was_asked_for() {
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
    let alike = client(&server).rows(deals(json!({"select": ["NAME"]}))).collect_all().await.unwrap();
    assert_eq!(alike.len(), 120);

    let price = |id: i64| json!({"PRICE": id * 37 % 101});
    let (_shop, client) = opened(Table::crm("crm.deal").with(1..=120, price)).await;
    let rows =
        client.rows(deals(json!({"order": {"PRICE": "DESC", "ID": "DESC"}}))).collect_all().await.unwrap();
    let prices: Vec<i64> = rows.iter().map(|row| php::number(&row["PRICE"]) as i64).collect();
    assert_eq!(prices.len(), 120);
    assert!(prices.is_sorted_by(|one, other| one >= other), "{prices:?}");
}

#[tokio::test]
async fn a_list_that_stands_still_is_found_out_soon() {
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
        let table = Table::items("log.entry").filled(500).pagination(paging);
        let whole = opened(table.clone()).await;
        let found = read(Way::PageByPage, &whole.1, list.clone().read_only()).await;
        assert_eq!(found, ((1..=500).collect(), None), "{paging:?}");

        let (portal, client) = opened(table.ignores_conditions_from(2)).await;
        let found = read(Way::PageByPage, &client, list.read_only()).await;
        assert_eq!(found, ((1..=50).collect(), Some(ErrorKind::IncompleteList)), "{paging:?}");
        assert!(portal.calls().len() <= 3, "{paging:?}: {} requests", portal.calls().len());
    }
    for way in [Way::ById, Way::InAnyOrder] {
        let (portal, client) = opened(Table::crm("crm.deal").filled(500).ignores_conditions_from(2)).await;
        let (ids, error) = read(way, &client, deals(json!({}))).await;
        assert_eq!((ids, error), ((1..=50).collect(), Some(ErrorKind::IncompleteList)), "{way:?}");
        assert!(portal.calls().len() <= 2, "{way:?}");
    }
}

#[tokio::test]
async fn a_limit_that_is_cut_in_silence_is_no_end() {
    let (_shop, client) = opened(Table::v3("main.eventlog").filled(120)).await;
    for pagination in [json!({"limit": 1_000}), json!({"limit": 1_000, "page": 1}), json!({"limit": 20})] {
        let list = raw("main.eventlog.list", json!({"pagination": pagination})).v3().rows_pointer("/items");
        let list = list.pagination(Pagination::V3).read_only();
        assert_eq!(read(Way::PageByPage, &client, list).await, ((1..=120).collect(), None));
    }
}

#[tokio::test]
async fn an_identifier_by_a_wrong_name_is_an_error_and_no_short_list() {
    let (_shop, client) = opened(Table::tasks().filled(120)).await;
    let cases = [
        (Keyset::new("ID").with_row_id("id"), Ok(120)),
        (Keyset::new("ID"), Err(ErrorKind::Decode)),
        (Keyset::new("TASK_ID").with_row_id("id"), Err(ErrorKind::IncompleteList)),
    ];
    for (keyset, expected) in cases {
        let list = raw("tasks.task.list", json!({})).rows_pointer("/tasks").keyset(keyset).read_only();
        let (ids, error) = read(Way::ById, &client, list).await;
        assert_eq!(error.map_or(Ok(ids.len()), Err), expected, "{keyset:?}");
    }
}

#[tokio::test]
async fn a_short_list_costs_hardly_a_query_more_than_it_has_pages() {
    for (rows, requests, queries) in [(0, 1, 2), (60, 2, 3), (260, 2, 7)] {
        let (portal, client) = opened(Table::crm("crm.deal").filled(rows)).await;
        assert_eq!(read(Way::ById, &client, deals(json!({}))).await, ((1..=rows).collect(), None));
        assert_eq!(portal.calls().len(), requests, "{rows} rows");
        assert!(portal.runs("crm.deal.list") <= queries, "{rows}: {}", portal.runs("crm.deal.list"));
    }
}

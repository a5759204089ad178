//! The double of the client returns what the client returns.

use std::time::Duration;

use bitrix24_client::Client;
use bitrix24_core::{AnyError, Caller, ErrorKind, Pagination, RawRequest, json, raw};
use bitrix24_testing::{Call, Fault, MockCaller, MockPortal, MockResponse, MockServer, Table};

fn respond(call: &Call) -> MockResponse {
    MockResponse::result(json!({"method": call.method, "params": call.params, "path": call.path}))
}

/// What a function sees that calls a portal: the result, or the facts of the error.
async fn outcome(
    portal: &impl Caller,
    request: RawRequest,
) -> Result<String, (ErrorKind, String, Option<u16>)> {
    let called: Result<_, AnyError> = portal.call(request).await.map_err(AnyError::from);
    called
        .map(|response| response.result.to_string())
        .map_err(|error| (error.kind(), format!("{:?} {:?}", error.code(), error.executed()), error.status()))
}

#[tokio::test]
async fn a_call_has_the_outcome_of_a_call_of_the_client() {
    let server = MockServer::start(respond).await;
    let client = Client::webhook(&server.webhook()).unwrap().with_timeout(Duration::from_millis(300));
    let double = MockCaller::new(respond);
    let add = || raw("crm.deal.add", json!({"fields": {"TITLE": "Chairs"}}));
    assert_eq!(outcome(&double, add()).await, outcome(&client, add()).await);
    assert_eq!(outcome(&double, add().v3()).await, outcome(&client, add().v3()).await);
    let faults = [
        Fault::LoseResponse,
        Fault::HangUp,
        Fault::Silence,
        Fault::Truncate(5),
        Fault::Html(502),
        Fault::Redirect(302, "https://example.org/".to_owned()),
        Fault::refuse(403, "ACCESS_DENIED", "Access denied"),
        Fault::Instead(MockResponse::error(400, 7, "Seven")),
        Fault::Instead(MockResponse::text(200, "application/json", "[]")),
    ];
    for fault in faults {
        server.fail("*", fault.clone());
        double.fail("*", fault.clone());
        let (expected, found) = (outcome(&client, add()).await, outcome(&double, add()).await);
        assert!(expected.is_err(), "{fault:?}: {expected:?}");
        assert_eq!(found, expected, "{fault:?}");
    }
    assert_eq!(double.calls().len(), 11);
    assert_eq!(double.calls_of("crm.deal.add")[0].params, server.calls_of("crm.deal.add")[0].params);
}

#[tokio::test]
async fn the_rows_of_a_list_are_those_of_the_client() {
    let tables = || [Table::crm("crm.deal").with_rows(120)];
    let list = || {
        raw("crm.deal.list", json!({"filter": {">ID": 10}}))
            .pagination(Pagination::Start)
            .rows_pointer("")
            .read_only()
    };
    let portal = MockPortal::start(tables()).await;
    let client = Client::webhook(&portal.webhook()).unwrap();
    let expected = client.rows(list()).collect_all().await.unwrap();
    assert_eq!(expected.len(), 110);
    assert_eq!(MockCaller::with_tables(tables()).all_rows(list()).await.unwrap(), expected);
    assert_eq!(client.all_rows(list()).await.unwrap(), expected);

    let double = MockCaller::with_tables(tables());
    double.fail("crm.deal.list", Fault::QueryLimit).skipping(1);
    let error = double.all_rows(list()).await.unwrap_err();
    assert!(error.is_limit() && error.method() == "crm.deal.list", "{error}");
}

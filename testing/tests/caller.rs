//! The double of the client returns what the client returns.

use std::time::Duration;

use bitrix24_client::Client;
use bitrix24_core::{AnyError, Caller, ErrorKind, Pagination, RawRequest, Value, json, raw};
use bitrix24_testing::{Call, Fault, MockCaller, MockResponse, MockServer};

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

/// Pages of 50 of 110 rows.
fn list(call: &Call) -> MockResponse {
    let start = call.params["start"].as_u64().unwrap_or_default();
    let rows: Vec<Value> = (start..110.min(start + 50)).map(|at| json!({"ID": at + 11})).collect();
    let next = (start + 50 < 110).then_some(start + 50);
    let mut body = json!({"result": rows, "total": 110, "time": {"duration": 0.25}});
    if let Some(next) = next {
        body["next"] = next.into();
    }
    MockResponse::json(200, &body)
}

#[tokio::test]
async fn the_rows_of_a_list_are_those_of_the_client() {
    let deals = || {
        raw("crm.deal.list", json!({"filter": {">ID": 10}}))
            .pagination(Pagination::Start)
            .rows_pointer("")
            .read_only()
    };
    let server = MockServer::start(list).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    let expected = client.rows(deals()).collect_all().await.unwrap();
    assert!(expected.iter().map(|row| row["ID"].as_i64().unwrap()).eq(11..=120));
    let double = MockCaller::new(list);
    assert_eq!(double.all_rows(deals()).await.unwrap(), expected);
    assert_eq!(client.all_rows(deals()).await.unwrap(), expected);
    let starts: Vec<Value> = double.calls().into_iter().map(|call| call.params["start"].clone()).collect();
    assert_eq!(starts.last(), Some(&json!(100)), "{starts:?}");

    let double = MockCaller::new(list);
    double.fail("crm.deal.list", Fault::QueryLimit).skipping(1);
    let error = double.all_rows(deals()).await.unwrap_err();
    assert!(error.is_limit() && error.method() == "crm.deal.list", "{error}");
}

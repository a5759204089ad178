//! Faults of calls and of commands of batches, and calls of other users.

use std::collections::BTreeSet;
use std::time::Duration;

use bitrix24_client::{App, Batch, Client, NoLimit};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Map, Value, json, raw};
use bitrix24_portal::{Fault, Portal};

async fn portal() -> (Portal, Client) {
    let portal = Portal::builder().rows("crm.deal", 3).start().await.expect("a portal");
    // Rows are made by the first call.
    portal.call("crm.deal.list", Map::new()).expect("a list");
    let client = Client::builder().limiter(NoLimit).retry_policy(RetryPolicy::never());
    let client = client.webhook(&portal.webhook()).expect("a client");
    (portal, client)
}

#[tokio::test]
async fn requests_for_tokens_have_faults_and_are_counted() {
    let (portal, _) = portal().await;
    let (id, secret) = portal.client_credentials();
    let app = App::new(id, secret).with_server(&portal.origin()).expect("an application");
    portal.fail("*", Fault::Close, usize::MAX);
    portal.fail("oauth.token", Fault::Html(502), 1);
    let pair = portal.issue_tokens();
    app.confirm(&pair.refresh_token).await.expect_err("a page");
    let renewed = app.confirm(&pair.refresh_token).await.expect("tokens");
    assert_eq!(renewed.member_id(), Some(portal.member_id().as_str()));
    app.confirm(&pair.refresh_token).await.expect_err("a used token");
    portal.revoke_tokens();
    app.confirm(renewed.refresh_token().expect("a token")).await.expect_err("a revoked token");
    let requests = portal.token_requests();
    assert_eq!((requests.received, requests.granted, requests.refused), (4, 1, 2));
}

fn params(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_response_of_the_test_replaces_that_of_the_method() {
    let (portal, _) = portal().await;
    let http =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let send = async |method: &str| {
        http.get(format!("{}{method}?id=1", portal.webhook())).send().await.expect("a response")
    };
    portal.fail("crm.deal.delete", Fault::json(418, &json!({"shelf": 7})), 1);
    let response = send("crm.deal.delete").await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (418, &"application/json; charset=UTF-8".parse().expect("a header"))
    );
    assert_eq!(response.json::<Value>().await.expect("JSON"), json!({"shelf": 7}));
    portal.fail("crm.deal.delete", Fault::redirect(302, "/auth/"), 1);
    assert_eq!(send("crm.deal.delete").await.headers()["location"], "/auth/");
    assert_eq!((portal.runs("crm.deal.delete"), portal.rows("crm.deal").len()), (0, 3));

    let scheduled = portal.fail("crm.deal.delete", Fault::Html(502), usize::MAX).after_running();
    assert_eq!(send("crm.deal.delete").await.status().as_u16(), 502);
    assert_eq!((scheduled.hits(), portal.runs("crm.deal.delete"), portal.rows("crm.deal").len()), (1, 1, 2));
    scheduled.end();
    assert_eq!(send("crm.deal.delete").await.status().as_u16(), 400, "it is deleted");
}

#[tokio::test]
async fn a_response_is_cut_after_so_many_bytes_or_does_not_arrive() {
    let (portal, client) = portal().await;
    for bytes in [0, 1, 12] {
        portal.fail("crm.deal.get", Fault::CutAnswerAt(bytes), 1);
        let mut response =
            reqwest::get(format!("{}crm.deal.get?id=1", portal.webhook())).await.expect("a head");
        let mut read = 0;
        let end = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => read += chunk.len(),
                end => break end,
            }
        };
        assert!(end.is_err());
        assert_eq!(read, bytes);
    }
    portal.fail("crm.deal.get", Fault::Trickle { bytes: 40, pause: Duration::from_millis(1) }, 1);
    assert_eq!(client.call(raw("crm.deal.get", json!({"id": 1}))).await.expect("a deal").result["ID"], "1");
    assert_eq!(portal.runs("crm.deal.get"), 4);
    portal.fail("crm.deal.get", Fault::Reset, 1);
    let error =
        reqwest::get(format!("{}crm.deal.get?id=1", portal.webhook())).await.expect_err("no response");
    assert!(format!("{error:?}").contains("ConnectionReset"), "{error:?}");
    portal.fail("crm.deal.get", Fault::Silence, 1);
    let call = client.call(raw("crm.deal.get", json!({"id": 1})));
    assert!(tokio::time::timeout(Duration::from_millis(200), call).await.is_err());
    assert_eq!((portal.runs("crm.deal.get"), portal.calls().len()), (4, 6));
}

#[tokio::test]
async fn commands_of_a_batch_have_the_same_faults() {
    let (portal, client) = portal().await;
    let page = json!({"result": [], "total": 0});
    portal.fail("crm.deal.list", Fault::json(200, &page), 1).skip(1);
    portal.fail("crm.deal.list", Fault::Html(502), 1);
    portal.fail("crm.deal.update", Fault::error(400, "LOCKED", "Locked"), 1).after_running();
    let mut batch = Batch::new();
    let lists = [0, 1, 2].map(|_| batch.add(raw("crm.deal.list", json!({}))));
    let update = batch.add(raw("crm.deal.update", json!({"id": 2, "fields": {"TITLE": "Gate"}})));
    let responses = client.run(batch).await;
    let rows =
        lists.map(|list| responses.get(list).ok().map(|list| list.result.as_array().map_or(0, Vec::len)));
    assert_eq!(rows, [Some(3), Some(0), None]);
    assert_eq!(responses.get(update).expect_err("a fault").code(), Some("LOCKED"));
    assert_eq!(portal.rows("crm.deal")[1]["TITLE"], "Gate");
}

#[tokio::test]
async fn rows_change_just_before_a_call() {
    let (portal, client) = portal().await;
    let delete = |id: i64| ("crm.deal.delete".to_owned(), params(json!({"id": id})));
    portal.fail("crm.deal.list", Fault::AfterCalls(vec![delete(1), delete(3), delete(7)]), 1).skip(1);
    let mut totals = Vec::new();
    for _ in 0..3 {
        totals.push(client.call(raw("crm.deal.list", json!({}))).await.expect("a list").total);
    }
    assert_eq!(totals, [Some(3), Some(1), Some(1)]);
    let added = portal.call("crm.deal.add", params(json!({"fields": {"TITLE": "Gate"}})));
    assert_eq!(added, Ok(json!(4)));
    let refused = portal.call("crm.deal.get", params(json!({"id": 1}))).expect_err("it is deleted");
    assert_eq!(refused["error_description"], "Not found");
    assert_eq!(
        (portal.runs("crm.deal.delete"), portal.calls().len(), portal.rows("crm.deal").len()),
        (0, 3, 2)
    );
    let peers: BTreeSet<_> = portal.calls().into_iter().map(|call| call.peer).collect();
    assert_eq!(peers.len(), 1, "one connection");
}

//! Lists and batches, as clients read them.

mod common;

use bitrix24_client::{Client, NoLimit};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{SystemError, Value, json, raw};
use bitrix24_portal::Portal;
use common::call;

/// A portal with so many deals, without limiter and retries, so that each call shows what the portal does.
async fn start(deals: usize) -> (Portal, Client) {
    let portal = Portal::builder().rows("crm.deal", deals).start().await.unwrap();
    let client = Client::builder().limiter(NoLimit).retry_policy(RetryPolicy::never());
    let client = client.webhook(&portal.webhook()).unwrap();
    (portal, client)
}

fn ids(rows: &Value) -> Vec<i64> {
    let id = |row: &Value| row["ID"].as_str().unwrap().parse().unwrap();
    rows.as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn a_list_filters_and_sorts() {
    let (_portal, client) = start(0).await;
    for id in 1..=6 {
        let stage = if id > 4 { "WON" } else { "NEW" };
        let fields = json!({"TITLE": "Gate", "OPPORTUNITY": (id % 3) * 100, "STAGE_ID": stage});
        call(&client, "crm.deal.add", json!({"fields": fields})).await;
    }
    let cases = [
        (json!({}), vec![1, 2, 3, 4, 5, 6]),
        (json!({"filter": {">ID": 4}}), vec![5, 6]),
        (json!({"FILTER": {">=ID": "4", "<ID": 6}}), vec![4, 5]),
        (json!({"filter": {"<=ID": 2}}), vec![1, 2]),
        (json!({"filter": {"@ID": [2, "5", 9]}}), vec![2, 5]),
        (json!({"filter": {"ID": [2, 5]}}), vec![2, 5]),
        (json!({"filter": {"!ID": [2, 5]}}), vec![1, 3, 4, 6]),
        (json!({"filter": {"STAGE_ID": "WON", "OPPORTUNITY": "200"}}), vec![5]),
        (json!({"filter": {"=STAGE_ID": "WON", ">ID": 5}}), vec![6]),
        (json!({"filter": {"%STAGE_ID": "O"}}), vec![5, 6]),
        (json!({"filter": {">ID": 59.5}}), vec![]),
        (json!({"filter": {">ID": "$result[gone][49][ID]"}}), vec![1, 2, 3, 4, 5, 6]),
        (json!({"filter": {">UNKNOWN": 4}}), vec![1, 2, 3, 4, 5, 6]),
        (json!({"filter": []}), vec![1, 2, 3, 4, 5, 6]),
        (json!({"order": {"OPPORTUNITY": "DESC", "ID": "desc"}}), vec![5, 2, 4, 1, 6, 3]),
        (json!({"filter": {"<ID": 4, "!ID": 2}, "order": {"ID": "DESC"}}), vec![3, 1]),
        (json!({"filter": {"ID": 2}, "FILTER": {"ID": 3}}), vec![3]),
    ];
    for (params, expected) in cases {
        let rows = call(&client, "crm.deal.list", params.clone()).await;
        assert_eq!(ids(&rows), expected, "{params}");
        // Lists without a number of rows find the same ones.
        let mut uncounted = params.clone();
        uncounted["start"] = json!(-1);
        assert_eq!(ids(&call(&client, "crm.deal.list", uncounted).await), expected, "{params}");
    }
}

#[tokio::test]
async fn a_start_of_minus_one_omits_the_total() {
    let (_portal, client) = start(120).await;
    let cases = [
        (json!({}), 1..=50, Some(120), Some(50)),
        (json!({"start": 50}), 51..=100, Some(120), Some(100)),
        (json!({"start": 60}), 51..=100, Some(120), Some(100)),
        (json!({"start": "100"}), 101..=120, Some(120), None),
        (json!({"start": -1}), 1..=50, Some(0), None),
        (json!({"start": -1, "filter": {">ID": 100}}), 101..=120, Some(0), None),
    ];
    for (params, expected, total, next) in cases {
        let page = client.call(raw("crm.deal.list", params.clone())).await.unwrap();
        assert_eq!(ids(&page.result), expected.collect::<Vec<i64>>(), "{params}");
        assert_eq!((page.total, page.next), (total, next), "{params}");
    }
}

#[tokio::test]
async fn a_batch_resolves_references_and_separates_errors() {
    let (portal, client) = start(120).await;
    let cmd = json!({
        "first": "crm.deal.list?start=-1&filter%5B%3EID%5D=10&order[ID]=ASC",
        "next": "crm.deal.list?filter[>ID]=$result[first][49][ID]",
        "none": "crm.deal.get?id=999",
        "lost": "crm.deal.list?start=-1&filter[>ID]=%24result%5Bnone%5D%5B49%5D%5BID%5D",
        "made": "crm.deal.add?fields[TITLE]=of+$result[first][0][ID]+and+$result[none]&fields[UF_CRM_TAGS][]=a&fields[UF_CRM_TAGS][]=b",
    });
    let answer = call(&client, "batch", json!({"halt": 0, "cmd": cmd})).await;
    assert_eq!(ids(&answer["result"]["first"])[0], 11);
    assert_eq!(ids(&answer["result"]["next"])[0], 61);
    assert_eq!(ids(&answer["result"]["lost"])[0], 1, "an unresolved reference reads as 0");
    assert_eq!(answer["result_error"], json!({"none": {"error": "", "error_description": "Not found"}}));
    assert_eq!((&answer["result_total"]["next"], &answer["result_next"]["next"]), (&json!(60), &json!(50)));
    assert_eq!(answer["result_total"]["first"], 0);
    let made = portal.rows("crm.deal").pop().unwrap();
    assert_eq!(
        (&made["TITLE"], &made["UF_CRM_TAGS"]),
        (&json!("of 11 and $result[none]"), &json!(["a", "b"]))
    );
    assert_eq!((portal.runs("batch"), portal.runs("crm.deal.list")), (1, 3));
}

#[tokio::test]
async fn a_batch_writes_its_arrays_as_php_does() {
    let none =
        json!({"result": [], "result_error": [], "result_total": [], "result_next": [], "result_time": []});
    let (_portal, client) = start(3).await;
    assert_eq!(call(&client, "batch", json!({"cmd": {}})).await, none);
    let listed = call(&client, "batch", json!({"cmd": ["crm.deal.get?id=1", "crm.deal.get?id=9"]})).await;
    assert_eq!(listed["result"].as_array().unwrap().len(), 1, "the key 0 makes a list");
    assert_eq!(listed["result_error"]["1"]["error_description"], "Not found", "the key 1 alone does not");
    let swapped = call(&client, "batch", json!({"cmd": ["crm.deal.get?id=9", "crm.deal.get?id=1"]})).await;
    assert!(swapped["result_error"].is_array() && swapped["result"].is_object(), "{swapped}");
}

#[tokio::test]
async fn a_halted_batch_omits_the_commands_that_did_not_run() {
    let (portal, client) = start(3).await;
    let cmd = json!({"a": "crm.deal.get?id=1", "b": "crm.deal.get?id=9", "c": "crm.deal.delete?id=2"});
    let answer = call(&client, "batch", json!({"halt": true, "cmd": cmd})).await;
    let keys = |part: &str| answer[part].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!((keys("result"), keys("result_error")), (vec!["a".to_owned()], vec!["b".to_owned()]));
    assert_eq!(portal.rows("crm.deal").len(), 3);
    let cmd: Vec<&str> = vec!["crm.deal.get?id=1"; 51];
    let error = client.call(raw("batch", json!({"cmd": cmd}))).await.unwrap_err();
    assert_eq!(error.system_error(), Some(SystemError::ErrorBatchLengthExceeded));
}

/// Sends any request, as an application does.
async fn post(url: &str, kind: &str, body: String) -> (u16, Value) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let response = client.post(url).header("content-type", kind).body(body).send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

#[tokio::test]
async fn tokens_authorize_calls_expire_and_are_refreshed_once() {
    let (portal, _) = start(3).await;
    let url = format!("{}crm.deal.get.json", portal.client_endpoint());
    let pair = portal.issue_tokens();
    let get = async |token: &str| post(&url, FORM, format!("id=2&auth={token}")).await;
    assert_eq!(get(&pair.access_token).await.1["result"]["ID"], "2");
    assert_eq!(get("made up").await.1["error"], "INVALID_TOKEN");
    assert_eq!(post(&url, JSON, "{}".to_owned()).await.1["error"], "NO_AUTH_FOUND");
    portal.expire_tokens();
    let (status, body) = get(&pair.access_token).await;
    assert_eq!((status, &body["error"]), (401, &json!("expired_token")));

    let (id, secret) = portal.client_credentials();
    let credentials = format!("client_id={id}&client_secret={secret}");
    let renew = format!("grant_type=refresh_token&{credentials}&refresh_token={}", pair.refresh_token);
    let (_, renewed) = post(&portal.token_endpoint(), FORM, renew.clone()).await;
    assert_eq!(renewed["client_endpoint"], portal.client_endpoint());
    assert_eq!(get(renewed["access_token"].as_str().unwrap()).await.0, 200);
    let (status, body) = post(&portal.token_endpoint(), FORM, renew).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")), "a refresh token can be used once");
    assert_eq!(portal.token_requests().granted, 1);

    let code = portal.issue_code();
    let query =
        format!("{}?grant_type=authorization_code&{credentials}&code={code}", portal.token_endpoint());
    assert_eq!(post(&query, FORM, String::new()).await.0, 200);
    assert_eq!(post(&query, FORM, String::new()).await.0, 400);
}

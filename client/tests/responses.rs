//! Invalid and oversized responses, and what their errors keep.

use bitrix24_client::{Batch, Client};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Error, ErrorKind, Executed, Value, json, raw};

use bitrix24_testing::{Call, MockResponse, MockServer, SECRET};
use methods::CountRows;

#[path = "common/methods.rs"]
mod methods;

/// A result of an unexpected type; the item was created.
fn created_item() -> Value {
    json!({"item": {"id": 17, "link": SECRET}})
}

fn respond(call: &Call) -> MockResponse {
    match call.params["cmd"].as_object() {
        None => MockResponse::result(created_item()),
        Some(commands) => {
            let results = commands.keys().map(|name| (name.clone(), created_item())).collect::<Value>();
            MockResponse::result(json!({"result": results, "result_error": []}))
        }
    }
}

#[tokio::test]
async fn a_result_of_another_type_is_kept_unchanged() {
    let server = MockServer::start(respond).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    let mut batch = Batch::new();
    let handle = batch.add(CountRows);
    let errors =
        [client.call(CountRows).await.unwrap_err(), client.run(batch).await.get(handle).unwrap_err()];
    for error in errors {
        assert_eq!((error.kind(), error.executed()), (ErrorKind::Decode, Executed::Yes), "{error}");
        assert_eq!(error.raw_result(), Some(&created_item()));
        assert!(!format!("{error} {error:?} {error:#?}").contains(SECRET), "{error:?}");
    }
}

#[tokio::test]
async fn a_response_larger_than_the_maximum_is_refused() {
    let body = json!({"result": "x".repeat(1000)}).to_string();
    let whole = body.len();
    let cases = [(whole, None), (whole - 1, Some(ErrorKind::TooLarge)), (0, Some(ErrorKind::TooLarge))];
    for (size, kind) in cases {
        for has_length in [true, false] {
            let text = body.clone();
            let server = MockServer::start(move |_| match has_length {
                true => MockResponse::text(200, "application/json", &text),
                false => MockResponse::cut_off_chunk(&text),
            });
            let server = server.await;
            let client = Client::builder()
                .retry_policy(RetryPolicy::never())
                .max_response_size(size)
                .webhook(&server.webhook())
                .unwrap();
            let outcome = client.call(raw("stock.get", json!({})).read_only()).await;
            let error = outcome.err().filter(|error| has_length || error.kind() != ErrorKind::Truncated);
            assert_eq!(error.as_ref().map(Error::kind), kind, "{size} {has_length}");
            if let Some(error) = error {
                assert_eq!(
                    (error.executed(), error.status(), error.attempts()),
                    (Executed::Unknown, Some(200), 1)
                );
                assert!(error.to_string().contains("`max_response_size`"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn text_that_is_no_unicode_costs_a_character_of_the_response() {
    let server = MockServer::start(|call| {
        let names = call.params["cmd"].as_object().map(|names| names.keys().next().unwrap().clone());
        let body: Vec<u8> = match (call.method.as_str(), names) {
            ("batch", Some(name)) => {
                let body = format!(
                    "{{\"result\":{{\"result\":{{\"{name}\":\"half of \\ud83e\"}},\"result_error\":[]}}}}"
                );
                [b"\xef\xbb\xbf", body.as_bytes()].concat()
            }
            ("stock.get", _) => {
                b"\xef\xbb\xbf{\"result\":{\"NAME\":\"a \\ud800 b\",\"CITY\":\"\xcf\xf0\"}}".to_vec()
            }
            _ => b"\xef\xbb\xbf{\"error\":\"LOCKED\",\"error_description\":\"\xff\"}".to_vec(),
        };
        MockResponse::content(200, "application/json", &body)
    })
    .await;
    let client = Client::webhook(&server.webhook()).unwrap();
    let found = client.call(raw("stock.get", json!({}))).await.unwrap().result;
    assert_eq!(found, json!({"NAME": "a \u{fffd} b", "CITY": "\u{fffd}\u{fffd}"}));
    let mut batch = Batch::new();
    let handle = batch.add(raw("stock.name", json!({})));
    assert_eq!(client.run(batch).await.get(handle).unwrap().result, "half of \u{fffd}");
    let error = client.call(raw("stock.add", json!({}))).await.unwrap_err();
    assert_eq!((error.code(), error.description()), (Some("LOCKED"), "\u{fffd}"));
}

#[tokio::test]
async fn a_huge_error_page_delays_no_other_call() {
    let page = format!("<html>{}{SECRET}</html>", "&amp; 100 %41 ".repeat(300_000));
    let server = MockServer::start_on_thread(move |call| match call.method.as_str() {
        "stock.add" => MockResponse::html(500, &page),
        _ => MockResponse::result(json!(7)),
    });
    let client = Client::builder().limiter(bitrix24_client::NoLimit).webhook(&server.webhook()).unwrap();
    let failing: tokio::task::JoinSet<_> = (0..4).map(|_| client.call(raw("stock.add", json!({})))).collect();
    let mut longest = std::time::Duration::ZERO;
    while server.calls_of("stock.add").len() < 4 || longest.is_zero() {
        let start = std::time::Instant::now();
        client.call(raw("stock.get", json!({}))).await.unwrap();
        longest = longest.max(start.elapsed());
    }
    for outcome in failing.join_all().await {
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::NotJson, Some(500)));
        assert!(!format!("{error:?}").contains(SECRET));
    }
    assert!(longest < std::time::Duration::from_secs(5), "{longest:?}");
}

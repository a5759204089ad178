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

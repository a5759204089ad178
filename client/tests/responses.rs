//! What is left to a caller of an answer that is not what it should be.

use bitrix24_client::{Batch, Client};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Error, ErrorKind, Executed, Value, json, raw};

use methods::CountRows;
use mock_server::{Call, MockResponse, MockServer, SECRET};

#[path = "../../tests/support/mock_server.rs"]
mod mock_server;

#[path = "common/methods.rs"]
mod methods;

/// Something was made, and the answer tells of it in a form that nobody expects.
fn made() -> Value {
    json!({"item": {"id": 17, "link": SECRET}})
}

fn stock(call: &Call) -> MockResponse {
    match call.params["cmd"].as_object() {
        None => MockResponse::result(made()),
        Some(commands) => {
            let results = commands.keys().map(|name| (name.clone(), made())).collect::<Value>();
            MockResponse::result(json!({"result": results, "result_error": []}))
        }
    }
}

#[tokio::test]
async fn a_result_of_another_type_is_there_as_it_came() {
    let server = MockServer::start(stock).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    let mut batch = Batch::new();
    let handle = batch.add(CountRows);
    let errors =
        [client.call(CountRows).await.unwrap_err(), client.run(batch).await.get(handle).unwrap_err()];
    for error in errors {
        assert_eq!((error.kind(), error.executed()), (ErrorKind::Decode, Executed::Yes), "{error}");
        assert_eq!(error.raw_result(), Some(&made()));
        assert!(!format!("{error} {error:?} {error:#?}").contains(SECRET), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_of_any_size_does_not_fill_the_memory() {
    let body = json!({"result": "x".repeat(1000)}).to_string();
    let whole = body.len();
    let cases = [(whole, None), (whole - 1, Some(ErrorKind::TooLarge)), (0, Some(ErrorKind::TooLarge))];
    for (size, kind) in cases {
        for promised in [true, false] {
            let text = body.clone();
            let server = MockServer::start(move |_| match promised {
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
            let error = outcome.err().filter(|error| promised || error.kind() != ErrorKind::Truncated);
            assert_eq!(error.as_ref().map(Error::kind), kind, "{size} {promised}");
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

//! What is left to a caller of an answer that is not what it should be.

use bitrix24_client::{Batch, Client};
use bitrix24_core::retry::Policy;
use bitrix24_core::{Error, Kind, Ran, Value, json, raw};

use methods::CountRows;
use portal::{Call, Portal, Response, SECRET};

#[path = "../../tests/support/portal.rs"]
mod portal;

#[path = "common/methods.rs"]
mod methods;

/// Something was made, and the answer tells of it in a form that nobody expects.
fn made() -> Value {
    json!({"item": {"id": 17, "link": SECRET}})
}

fn stock(call: &Call) -> Response {
    match call.params["cmd"].as_object() {
        None => Response::result(made()),
        Some(commands) => {
            let results = commands.keys().map(|name| (name.clone(), made())).collect::<Value>();
            Response::result(json!({"result": results, "result_error": []}))
        }
    }
}

#[tokio::test]
async fn a_result_of_another_type_is_there_as_it_came() {
    let portal = Portal::start(stock).await;
    let client = Client::webhook(&portal.webhook()).unwrap();
    let mut batch = Batch::new();
    let handle = batch.add(CountRows);
    let errors =
        [client.call(CountRows).await.unwrap_err(), client.run(batch).await.get(handle).unwrap_err()];
    for error in errors {
        assert_eq!((error.kind(), error.ran()), (Kind::Decode, Ran::Yes), "{error}");
        assert_eq!(error.result(), Some(&made()));
        assert!(!format!("{error} {error:?} {error:#?}").contains(SECRET), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_of_any_size_does_not_fill_the_memory() {
    let body = json!({"result": "x".repeat(1000)}).to_string();
    let whole = body.len();
    let cases = [(whole, None), (whole - 1, Some(Kind::TooLarge)), (0, Some(Kind::TooLarge))];
    for (size, kind) in cases {
        for promised in [true, false] {
            let text = body.clone();
            let portal = Portal::start(move |_| match promised {
                true => Response::text(200, "application/json", &text),
                false => Response::cut_off_chunk(&text),
            });
            let portal = portal.await;
            let client = Client::builder()
                .retries(Policy::never())
                .max_answer_size(size)
                .webhook(&portal.webhook())
                .unwrap();
            let outcome = client.call(raw("stock.get", json!({})).that_only_reads()).await;
            let error = outcome.err().filter(|error| promised || error.kind() != Kind::Truncated);
            assert_eq!(error.as_ref().map(Error::kind), kind, "{size} {promised}");
            if let Some(error) = error {
                assert_eq!((error.ran(), error.status(), error.attempts()), (Ran::Maybe, Some(200), 1));
                assert!(error.to_string().contains("`max_answer_size`"), "{error}");
            }
        }
    }
}

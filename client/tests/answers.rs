//! What is left to a caller of an answer that is not what it should be.

use bitrix24_client::{Batch, Client};
use bitrix24_core::{Kind, Ran, Value, json};

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

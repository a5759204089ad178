//! Results, rows and replies of batches as types of the program.

use bitrix24_client::{Batch, Client};
use bitrix24_core::{AnyError, ErrorKind, Method, Value, json, raw};
use bitrix24_testing::{Call, MockResponse, MockServer};

#[derive(serde::Deserialize, Debug, PartialEq)]
struct Contract {
    #[serde(rename = "ID")]
    id: u32,
    #[serde(rename = "TITLE")]
    title: String,
    #[serde(rename = "CLOSED")]
    closed: bool,
    #[serde(rename = "UF_CRM_TAGS")]
    tags: Vec<u32>,
    #[serde(rename = "UF_CRM_AREA")]
    area: Option<f64>,
}

/// A contract as portals write it.
fn contract(id: &str) -> Value {
    json!({"ID": id, "TITLE": "Chairs", "CLOSED": "N", "UF_CRM_TAGS": {"2": "17"}, "UF_CRM_AREA": ""})
}

fn expected(id: u32) -> Contract {
    Contract { id, title: "Chairs".to_owned(), closed: false, tags: vec![17], area: None }
}

fn respond(call: &Call) -> MockResponse {
    match call.method.as_str() {
        "contract.get" => MockResponse::result(contract("7")),
        "contract.list" => {
            MockResponse::result(json!({"items": [contract("1"), contract("x"), contract("3")]}))
        }
        "batch" => MockResponse::result(json!({
            "result": call.params["cmd"].as_object().unwrap().keys().map(|name| (name.clone(), contract("7"))).collect::<Value>(),
            "result_error": [],
        })),
        _ => MockResponse::error(404, "ERROR_METHOD_NOT_FOUND", "Method not found!"),
    }
}

#[tokio::test]
async fn a_result_is_read_as_a_type_of_the_program() {
    let portal = MockServer::start(respond).await;
    let client = Client::webhook(&portal.webhook()).unwrap();
    let get = raw("contract.get", json!({"ID": 7}));
    assert_eq!(client.call(get.of::<Contract>()).await.unwrap().result, expected(7));
}

#[tokio::test]
async fn rows_are_read_as_types_of_the_program_and_errors_name_row_and_field() {
    let portal = MockServer::start(respond).await;
    let client = Client::webhook(&portal.webhook()).unwrap();
    let list = raw("contract.list", json!({})).rows_pointer("/items").read_only();
    let mut rows = client.rows(list.of::<Contract>());
    assert_eq!(rows.next().await.unwrap().unwrap(), expected(1));
    let error = rows.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let place = r#"`items[1].ID`: expected an integer, found "x""#;
    assert_eq!(error.mismatch().unwrap().to_string(), place);
    assert_eq!(rows.next().await.unwrap().unwrap(), expected(3), "the stream continues");
    assert!(rows.next().await.is_none());
}

#[tokio::test]
async fn replies_of_a_batch_are_read_as_types_of_the_program() {
    let portal = MockServer::start(respond).await;
    let client = Client::webhook(&portal.webhook()).unwrap();
    let mut batch = Batch::new();
    let own = batch.add(raw("contract.get", json!({"ID": 7})).of::<Contract>());
    let json = batch.add(raw("contract.get", json!({"ID": 7})));
    let responses = client.run(batch).await;
    assert_eq!(responses.get(own).unwrap().result, expected(7));
    assert_eq!(responses.get(json).unwrap().result, contract("7"));
}

#[tokio::test]
async fn one_type_of_error_serves_for_all_methods() {
    async fn several(url: &str) -> Result<usize, AnyError> {
        let client = Client::webhook(url)?;
        let _ = client.call(raw("contract.get", json!({"ID": 7}))).await?;
        let list = raw("contract.list", json!({})).rows_pointer("/items");
        let rows = client.rows(list.clone()).collect_all().await?;
        let _ = client.rows(list.of::<Contract>()).collect_all().await?;
        Ok(rows.len())
    }
    let portal = MockServer::start(respond).await;
    let error = several(&portal.webhook()).await.unwrap_err();
    assert_eq!((error.method(), error.kind()), ("contract.list", ErrorKind::Decode));
    assert_eq!(portal.calls().len(), 3);
    let error = several("https://example.com/no/webhook").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("webhook"), "{error}");
}

//! Values of another type than documented: in calls, batches and pages, and in reports.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bitrix24_client::{Batch, Client, Event, MismatchEvent, NoLimit, Observer};
use bitrix24_core::wire::{CustomFields, Fields, FromFields, Mismatch, MismatchPolicy};
use bitrix24_core::{
    Api, ErrorKind, Executed, Map, Method, MethodInfo, Pagination, Params, RawErrorCode, Value, json,
};

use bitrix24_testing::{Call, MockResponse, MockServer, SECRET};

/// A struct with parts, as the generator writes it.
#[derive(Debug, PartialEq)]
struct Crate {
    id: Option<i64>,
    bolts: Option<Vec<Bolt>>,
    labels: Option<BTreeMap<String, Bolt>>,
    extra: Map<String, Value>,
}

impl FromFields for Crate {
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        Self {
            id: fields.optional("id"),
            bolts: fields.optional("bolts"),
            labels: fields.optional("labels"),
            extra: fields.remaining(),
        }
    }
}

#[derive(Debug, PartialEq)]
struct Bolt {
    size: Option<i64>,
    extra: Map<String, Value>,
}

impl FromFields for Bolt {
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        Self { size: fields.optional("size"), extra: fields.remaining() }
    }
}

struct GetCrate;

impl Method for GetCrate {
    type Output = Crate;
    type Reader = bitrix24_core::wire::WireReader;
    type Error = RawErrorCode;

    fn info(&self) -> MethodInfo<'_> {
        MethodInfo::new(Api::V2, "stock.crate.get").with_pagination(Pagination::Start).read_only()
    }

    fn params(&self) -> Params {
        Params::new()
    }
}

/// A crate with odd values.
fn odd_crate() -> Value {
    json!({
        "id": {"odd": SECRET},
        "bolts": [{"size": 3}, {"size": [SECRET]}, {"size": true}],
        "labels": {"a": {"size": "M"}, "b": {"size": 4}},
        "UF_AREA": "12.5",
    })
}

const ODD: [&str; 4] = ["id", "bolts[1].size", "bolts[2].size", "labels.a.size"];

fn respond(call: &Call) -> MockResponse {
    match call.params["cmd"].as_object() {
        None => MockResponse::result(odd_crate()),
        Some(commands) => {
            let results = commands.keys().map(|name| (name.clone(), odd_crate())).collect::<Value>();
            MockResponse::result(json!({"result": results, "result_error": []}))
        }
    }
}

/// The reports, each as one line.
#[derive(Clone, Default)]
struct Reports(Arc<Mutex<Vec<String>>>);

impl Observer for Reports {
    fn observe(&self, _: &Event<'_>) {}

    fn observe_mismatch(&self, event: &MismatchEvent<'_>) {
        assert!(event.portal().starts_with("http://127.0.0.1:"), "{event:?}");
        let (method, field) = (event.method(), event.field());
        let line = format!("{method} {field}: {}, {}", event.expected(), event.found_type());
        self.0.lock().unwrap().push(line);
    }
}

fn paths(mismatches: &[Mismatch]) -> Vec<String> {
    mismatches.iter().map(Mismatch::path).collect()
}

#[tokio::test]
async fn a_value_of_another_type_costs_its_field_and_is_reported_once() {
    let server = MockServer::start(respond).await;
    let reports = Reports::default();
    let builder = Client::builder().limiter(NoLimit).observer(reports.clone());
    let client = builder.webhook(&server.webhook()).unwrap();
    let response = client.call(GetCrate).await.unwrap();
    assert_eq!(paths(response.mismatches()), ODD);
    let found = response.result;
    assert_eq!(found.id, None);
    assert_eq!(found.extra["id"], json!({"odd": SECRET}), "the value stays as it is");
    assert_eq!(found.extra.custom("UF_AREA"), Ok(Some(12.5)));
    let bolts = found.bolts.unwrap();
    assert_eq!((bolts[0].size, bolts[1].size, &bolts[2].extra["size"]), (Some(3), None, &json!(true)));
    assert_eq!(found.labels.unwrap()["b"].size, Some(4));

    let mut batch = Batch::new();
    let (first, second) = (batch.add(GetCrate), batch.add(GetCrate));
    let responses = client.clone().run(batch).await;
    assert_eq!(paths(responses.get(first).unwrap().mismatches()), ODD);
    assert_eq!(paths(responses.get(second).unwrap().mismatches()), ODD);
    let page = client.pages(GetCrate).next().await.unwrap().unwrap();
    assert_eq!(paths(page.mismatches()), ODD);

    let lines = [
        "stock.crate.get id: an integer, an object",
        "stock.crate.get bolts.size: an integer, a list",
        "stock.crate.get labels.*.size: an integer, a text",
    ];
    assert_eq!(*reports.0.lock().unwrap(), lines, "each field once, without values");
}

#[tokio::test]
async fn a_strict_client_turns_the_first_mismatch_into_an_error() {
    let server = MockServer::start(respond).await;
    let builder = Client::builder().limiter(NoLimit).mismatch_policy(MismatchPolicy::Error);
    let client = builder.webhook(&server.webhook()).unwrap();
    let mut batch = Batch::new();
    let handle = batch.add(GetCrate);
    let errors = [
        client.call(GetCrate).await.unwrap_err(),
        client.run(batch).await.get(handle).unwrap_err(),
        client.pages(GetCrate).next().await.unwrap().unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.executed()), (ErrorKind::Decode, Executed::Yes), "{error}");
        assert_eq!(error.mismatch().unwrap().path(), "id");
        assert_eq!(error.raw_result(), Some(&odd_crate()));
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
    }
}

#[tokio::test]
async fn a_result_of_another_shape_is_an_error_with_the_result() {
    let server = MockServer::start(|_| MockResponse::result(json!("none"))).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    let error = client.call(GetCrate).await.unwrap_err();
    assert_eq!((error.kind(), error.raw_result()), (ErrorKind::Decode, Some(&json!("none"))));
}

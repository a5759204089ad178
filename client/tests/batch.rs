//! Batches: the calls, and the outcome of each request.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bitrix24_client::{
    AcquireFuture, Batch, BatchHandle, BatchResponse, CallReport, Client, Limiter, RateLimitRequest,
};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{
    Api, Error, ErrorKind, Executed, Map, Method, MethodInfo, Params, RawErrorCode, RawRequest, Value, json,
    raw,
};

use bitrix24_testing::{Call, Fault, MockResponse, MockServer, SECRET};
use methods::CountRows;

#[path = "common/methods.rs"]
mod methods;

/// A method that returns its parameter `value`, or fails with it as the error code if it is not a number.
#[derive(Clone, Debug)]
struct GetValue {
    value: &'static str,
}

impl Method for GetValue {
    type Output = i64;
    type Reader = bitrix24_core::wire::WireReader;
    type Error = RawErrorCode;

    fn info(&self) -> MethodInfo<'_> {
        MethodInfo::new(Api::V2, "test.value").read_only()
    }

    fn params(&self) -> Params {
        let mut params = Params::new();
        params.put("value", self.value);
        params
    }
}

fn get_value(value: &'static str) -> GetValue {
    GetValue { value }
}

fn run_command(method: &str, params: &Map<String, Value>) -> Value {
    match (method, params.get("value").and_then(Value::as_str)) {
        ("test.value", Some(value)) if value.parse::<i64>().is_ok() => {
            json!({"result": value, "time": {"operating": 2}})
        }
        ("test.value", code) => json!({"error": code, "error_description": format!("at /rest/1/{SECRET}/")}),
        ("stock.rows.count", _) => json!({"result": 120, "total": 120, "next": 0}),
        ("test.echo", _) => json!({"result": params}),
        ("test.find", _) => json!({"result": {"items": [{"ID": "7"}]}}),
        ("test.find.nothing", _) => json!({"result": {"items": []}}),
        _ => json!({"error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"}),
    }
}

fn run_batch(call: &Call) -> MockResponse {
    assert_eq!((call.method.as_str(), call.v3), ("batch", false));
    MockResponse::result(bitrix24_testing::run_batch(&call.params, run_command))
}

async fn server_with(script: impl Fn(&Call) -> MockResponse + Send + Sync + 'static) -> (MockServer, Client) {
    let server = MockServer::start(script).await;
    let client = Client::builder().retry_policy(RetryPolicy::never()).webhook(&server.webhook()).unwrap();
    (server, client)
}

fn echo(params: Value) -> RawRequest {
    raw("test.echo", params)
}

#[tokio::test]
async fn requests_of_any_type_share_one_call_and_get_their_own_responses() {
    let (server, client) = server_with(run_batch).await;
    let mut batch = Batch::new();
    let rows = batch.add(CountRows);
    let seven = batch.add(get_value("7"));
    let refused = batch.add(get_value("NO_SUCH_SHELF"));
    let wrong = batch.add(raw("test.nothing", json!(null)));
    let wrong_type = batch.add(WrongType);
    assert_eq!(batch.len(), 5);
    let responses = client.run(batch).await;

    let response = responses.get(rows).unwrap();
    assert_eq!((response.result, response.total, response.next), (120, Some(120), Some(0)));
    let response = responses.get(seven).unwrap();
    assert_eq!((response.result, response.time.operating), (7, Some(2.0)));
    let error = responses.get(refused).unwrap_err();
    assert!(error.is(RawErrorCode::from("NO_SUCH_SHELF")), "{error}");
    assert_eq!((error.method(), error.executed(), error.status()), ("test.value", Executed::Unknown, None));
    assert_eq!(responses.get(wrong).unwrap_err().code(), Some("ERROR_METHOD_NOT_FOUND"));
    let error = responses.get(wrong_type).unwrap_err();
    assert_eq!((error.kind(), error.mismatch().unwrap().path()), (ErrorKind::Decode, "value".to_owned()));

    assert_eq!(responses.errors().map(|(position, _)| position).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(responses.iter().filter(|outcome| outcome.response.is_ok()).count(), 3);
    assert_eq!(responses.into_iter().count(), 5);
    assert_eq!(server.calls().len(), 1);
    assert_eq!(server.calls()[0].params["halt"], 0);
}

/// A method whose result does not match its type.
#[derive(Clone, Debug)]
struct WrongType;

impl Method for WrongType {
    type Output = std::collections::BTreeMap<String, i64>;
    type Reader = bitrix24_core::wire::WireReader;
    type Error = RawErrorCode;

    fn info(&self) -> MethodInfo<'_> {
        MethodInfo::new(Api::V2, "test.echo")
    }

    fn params(&self) -> Params {
        json!({"value": "many"}).into()
    }
}

#[tokio::test]
async fn a_request_refers_to_earlier_results() {
    let (_portal, client) = server_with(run_batch).await;
    let mut batch = Batch::new().halt_on_error();
    let found = batch.add(raw("test.find", json!({"NAME": "A & B"})));
    let given = batch.add(get_value("0"));
    batch.set_param(given, "value", found.at("items").at(0).at("ID"));
    let echoed = batch.add(echo(json!({"filter": {"ACTIVE": true}})));
    batch.set_param(echoed, "filter[>ID]", given.result());
    let responses = client.run(batch).await;
    assert_eq!(responses.get(given).unwrap().result, 7);
    assert_eq!(responses.get(echoed).unwrap().result, json!({"filter": {"ACTIVE": "1", ">ID": "7"}}));
}

#[tokio::test]
async fn an_unresolved_reference_is_an_error_that_keeps_the_response() {
    let (_portal, client) = server_with(run_batch).await;
    let mut batch = Batch::new().halt_on_error();
    let found = batch.add(raw("test.find.nothing", json!(null)));
    let echoed = batch.add(echo(json!({"fields": {"TITLE": "x"}})));
    batch.set_param(echoed, "fields[OWNER]", found.at("items").at(0).at("ID"));
    let responses = client.run(batch).await;
    let error = responses.get(echoed).unwrap_err();
    assert_eq!((error.kind(), error.executed()), (ErrorKind::UnresolvedReference, Executed::Yes));
    assert!(error.to_string().contains("[items][0][ID]"), "{error}");
    let outcome = responses.outcome(echoed).unwrap();
    assert_eq!(outcome.response.as_ref().unwrap().result.to_value()["fields"]["TITLE"], "x");
    assert_eq!(responses.errors().count(), 1);
}

#[tokio::test]
async fn text_that_looks_like_a_reference_is_refused() {
    let (server, client) = server_with(run_batch).await;
    let names: Vec<String> = {
        let mut batch = Batch::new();
        let _ = batch.add(get_value("7"));
        let _ = client.run(batch).await;
        server.calls()[0].params["cmd"].as_object().unwrap().keys().cloned().collect()
    };
    let mut batch = Batch::new();
    let first = batch.add(get_value("7"));
    let echoed = batch.add(echo(json!({"TITLE": format!("$result[{}]", names[0])})));
    let responses = client.run(batch).await;
    assert_eq!(responses.get(echoed).unwrap_err().kind(), ErrorKind::Request);
    assert_eq!(responses.get(first).unwrap_err().kind(), ErrorKind::NotExecuted);
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn many_requests_are_split_into_as_few_calls_as_possible() {
    let (server, client) = server_with(run_batch).await;
    let mut batch = Batch::new();
    let handles: Vec<BatchHandle<RawRequest>> =
        (0..120).map(|index| batch.add(echo(json!({"place": index})))).collect();
    let responses = client.run(batch).await;
    for (index, handle) in handles.into_iter().enumerate() {
        assert_eq!(responses.get(handle).unwrap().result, json!({"place": index.to_string()}));
    }
    let sizes: Vec<_> =
        server.calls().iter().map(|call| call.params["cmd"].as_object().unwrap().len()).collect();
    assert_eq!(sizes, [50, 50, 20]);
}

/// The numbers of responses, of errors, and of requests that were not executed.
fn count_by_outcome(responses: &BatchResponse) -> (usize, usize, usize) {
    let kinds: Vec<ErrorKind> = responses.errors().map(|(_, error)| error.kind()).collect();
    let halted = kinds.iter().filter(|kind| **kind == ErrorKind::NotExecuted).count();
    (responses.iter().len() - kinds.len(), kinds.len() - halted, halted)
}

#[tokio::test]
async fn a_halting_batch_executes_nothing_after_an_error() {
    for (batch, calls, expected) in
        [(Batch::new().halt_on_error(), 1, (20, 1, 99)), (Batch::new(), 3, (119, 1, 0))]
    {
        let (server, client) = server_with(run_batch).await;
        let mut batch = batch;
        let handles: Vec<_> =
            (0..120).map(|index| batch.add(get_value(if index == 20 { "BROKEN" } else { "7" }))).collect();
        let responses = client.run(batch).await;
        assert_eq!(server.calls().len(), calls);
        assert_eq!(count_by_outcome(&responses), expected);
        assert!(responses.get(handles[20]).unwrap_err().is(RawErrorCode::from("BROKEN")));
        if calls == 1 {
            for handle in &handles[21..] {
                let error = responses.get(*handle).unwrap_err();
                assert_eq!(
                    (error.kind(), error.executed()),
                    (ErrorKind::NotExecuted, Executed::No),
                    "{error}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_failed_call_keeps_earlier_responses() {
    let (server, client) = server_with(|call| {
        let is_second_call = call.params["cmd"].to_string().contains("value=8");
        if is_second_call { MockResponse::bytes("") } else { run_batch(call) }
    })
    .await;
    let mut batch = Batch::new();
    let handles: Vec<_> =
        (0..120).map(|index| batch.add(get_value(if index == 70 { "8" } else { "7" }))).collect();
    let responses = client.run(batch).await;
    assert_eq!(server.calls().len(), 2);
    assert_eq!(count_by_outcome(&responses), (50, 50, 20));
    assert_eq!(responses.get(handles[49]).unwrap().result, 7);
    let error = responses.get(handles[50]).unwrap_err();
    assert_eq!(
        (error.kind(), error.executed(), error.method()),
        (ErrorKind::Transport, Executed::Unknown, "test.value")
    );
    assert!(std::error::Error::source(&error).is_some());
    let error = responses.get(handles[100]).unwrap_err();
    assert!(error.executed() == Executed::No && error.to_string().contains("commands 51 to 100"), "{error}");
}

#[tokio::test]
async fn a_batch_is_retried_only_if_all_its_requests_are_read_only() {
    for (writes, calls) in [(false, 2), (true, 1)] {
        let server = MockServer::start(run_batch).await;
        server.fail("batch", Fault::LoseResponse).times(1);
        let retries = RetryPolicy::default().with_initial_backoff(Duration::from_millis(1));
        let client = Client::builder().retry_policy(retries).webhook(&server.webhook()).unwrap();
        let mut batch = Batch::new();
        let seven = batch.add(get_value("7"));
        if writes {
            let _ = batch.add(echo(json!({"x": 1})));
        }
        let responses = client.run(batch).await;
        assert_eq!(
            responses.get(seven).map(|response| response.result).map_err(|error| error.executed()),
            if writes { Err(Executed::Unknown) } else { Ok(7) }
        );
        assert_eq!(server.calls().len(), calls);
    }
}

#[tokio::test]
async fn an_error_of_the_batch_is_not_an_error_of_its_methods() {
    let (_portal, client) =
        server_with(|_| MockResponse::error(403, "ACCESS_DENIED", "Not on this plan")).await;
    let mut batch = Batch::new();
    let rows = batch.add(CountRows);
    let error = client.run(batch).await.get(rows).unwrap_err();
    assert_eq!(
        (error.kind(), error.executed(), error.status()),
        (ErrorKind::System, Executed::No, Some(403))
    );
    assert_eq!(error.method_error(), None);
}

#[tokio::test]
async fn an_invalid_request_is_refused_before_anything_is_sent() {
    let (server, client) = server_with(run_batch).await;
    let mut batch = Batch::new();
    let valid = batch.add(get_value("7"));
    let rest_3 = batch.add(raw("tasks.task.get", json!({"id": 1})).v3());
    let null = batch.add(echo(json!({"fields": {"NOTE": null}})));
    let responses = client.run(batch).await;
    assert_eq!(responses.get(valid).unwrap_err().kind(), ErrorKind::NotExecuted);
    for (handle, message) in [(rest_3, "REST 3"), (null, "`fields[NOTE]` is null")] {
        let error = responses.get(handle).unwrap_err();
        assert_eq!((error.kind(), error.executed()), (ErrorKind::Request, Executed::No));
        assert!(error.to_string().contains(message), "{error}");
    }
    assert_eq!(server.calls(), []);
}

#[tokio::test]
async fn a_handle_belongs_to_its_batch() {
    let (server, client) = server_with(run_batch).await;
    let (mut one, mut other) = (Batch::new(), Batch::new());
    let own = one.add(get_value("7"));
    let foreign = other.add(get_value("8"));
    let responses = client.run(one.clone()).await;
    assert_eq!(responses.get(own).unwrap().result, 7);
    assert_eq!(responses.get(foreign).unwrap_err().kind(), ErrorKind::Request);
    assert!(responses.outcome(foreign).is_none());
    one.set_param(foreign, "value", own.result());
    assert_eq!(client.run(one).await.get(own).unwrap_err().kind(), ErrorKind::Request);
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn an_empty_batch_sends_nothing() {
    let (server, client) = server_with(run_batch).await;
    assert!(Batch::default().is_empty());
    assert_eq!(client.run(Batch::new()).await.iter().len(), 0);
    assert_eq!(server.calls(), []);
}

#[tokio::test]
async fn no_output_of_a_batch_contains_the_secret() {
    let (server, client) = server_with(run_batch).await;
    let mut batch = Batch::new();
    let refused = batch.add(get_value("REFUSED"));
    let wrong_type = batch.add(EchoesSecret);
    let responses = client.run(batch).await;
    let mut batch_with_url = Batch::new();
    let address = batch_with_url.add(raw(server.webhook(), json!({})));
    let other = client.run(batch_with_url).await;

    let error: Error = responses.get(refused).unwrap_err();
    assert!(error.to_string().contains("/rest/1/***/"), "{error}");
    let texts = [
        format!("{error} {error:?} {}", error.description()),
        format!("{:?}", responses.get(wrong_type).unwrap_err()),
        format!("{:?}", responses.errors().collect::<Vec<_>>()),
        format!("{:?} {other:?}", responses.outcome(refused)),
        format!("{:?}", other.get(address).unwrap_err()),
    ];
    for text in texts {
        assert!(!text.contains(SECRET), "{text}");
    }
}

/// A method whose result has the secret in place of a number.
#[derive(Clone, Debug)]
struct EchoesSecret;

impl Method for EchoesSecret {
    type Output = std::collections::BTreeMap<String, i64>;
    type Reader = bitrix24_core::wire::WireReader;
    type Error = RawErrorCode;

    fn info(&self) -> MethodInfo<'_> {
        MethodInfo::new(Api::V2, "test.echo")
    }

    fn params(&self) -> Params {
        json!({"value": SECRET}).into()
    }
}

#[tokio::test]
async fn a_batch_future_is_send_and_does_nothing_until_polled() {
    let (server, client) = server_with(run_batch).await;
    let mut batch = Batch::new();
    let seven = batch.add(get_value("7"));
    let future = client.run(batch.clone());
    drop(future);
    tokio::task::yield_now().await;
    assert_eq!(server.calls(), []);
    let responses = tokio::spawn(client.run(batch)).await.unwrap();
    assert_eq!(responses.get(seven).unwrap().result, 7);
}

/// Records the requests and reports that it receives.
#[derive(Clone, Default)]
struct RecordingLimiter(Arc<Mutex<Vec<String>>>);

impl Limiter for RecordingLimiter {
    fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> AcquireFuture<'a> {
        self.0.lock().unwrap().push(format!("{} of {:?}?", request.method(), request.commands()));
        Box::pin(std::future::ready(Ok(())))
    }

    fn record(&self, report: CallReport<'_>) {
        let elapsed = |time: &bitrix24_core::Time| time.operating.or(time.duration).unwrap_or_default();
        let commands: Vec<String> = report
            .commands()
            .iter()
            .map(|command| {
                format!("{} {:?} {:?}", command.method(), command.time().map(elapsed), command.rejection())
            })
            .collect();
        let call = report.call();
        self.0.lock().unwrap().push(format!(
            "{} {:?}: {}",
            call.method(),
            call.time().map(elapsed),
            commands.join(", ")
        ));
    }
}

#[tokio::test]
async fn the_limiter_receives_a_report_for_each_command() {
    let server = MockServer::start(run_batch).await;
    let limiter = RecordingLimiter::default();
    let builder = Client::builder().limiter(limiter.clone()).retry_policy(RetryPolicy::never());
    let client = builder.webhook(&server.webhook()).unwrap();
    let mut batch = Batch::new();
    let _ = batch.add(get_value("7"));
    let _ = batch.add(get_value("OPERATION_TIME_LIMIT"));
    let _ = batch.add(CountRows);
    let _ = client.run(batch).await;
    assert_eq!(
        *limiter.0.lock().unwrap(),
        [
            r#"batch of ["test.value", "test.value", "stock.rows.count"]?"#,
            "batch Some(0.25): test.value Some(2.0) None, test.value None Some(OperatingTime)",
        ]
    );
}

//! Many requests in few calls: what is sent, and what each request is told.

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

use methods::CountRows;
use mock_server::{Call, Fault, MockResponse, MockServer, SECRET};

#[path = "../../tests/support/mock_server.rs"]
mod mock_server;

#[path = "../../tests/support/php_batch.rs"]
mod php_batch;

#[path = "common/methods.rs"]
mod methods;

/// A method that gives its parameter `value`, or fails with it as the code where it is no number.
#[derive(Clone, Debug)]
struct Give {
    value: &'static str,
}

impl Method for Give {
    type Output = i64;
    type Error = RawErrorCode;

    fn info(&self) -> MethodInfo<'_> {
        MethodInfo::new(Api::V2, "test.give").read_only()
    }

    fn params(&self) -> Params {
        let mut params = Params::new();
        params.put("value", self.value);
        params
    }
}

fn give(value: &'static str) -> Give {
    Give { value }
}

fn carry(method: &str, params: &Map<String, Value>) -> Value {
    match (method, params.get("value").and_then(Value::as_str)) {
        ("test.give", Some(value)) if value.parse::<i64>().is_ok() => {
            json!({"result": value, "time": {"operating": 2}})
        }
        ("test.give", code) => json!({"error": code, "error_description": format!("at /rest/1/{SECRET}/")}),
        ("stock.rows.count", _) => json!({"result": 120, "total": 120, "next": 0}),
        ("test.echo", _) => json!({"result": params}),
        ("test.find", _) => json!({"result": {"items": [{"ID": "7"}]}}),
        ("test.find.nothing", _) => json!({"result": {"items": []}}),
        _ => json!({"error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"}),
    }
}

fn batch_of(call: &Call) -> MockResponse {
    assert_eq!((call.method.as_str(), call.v3), ("batch", false));
    MockResponse::result(php_batch::run(&call.params, carry))
}

async fn portal_with(script: impl Fn(&Call) -> MockResponse + Send + Sync + 'static) -> (MockServer, Client) {
    let server = MockServer::start(script).await;
    let client = Client::builder().retry_policy(RetryPolicy::never()).webhook(&server.webhook()).unwrap();
    (server, client)
}

fn echo(params: Value) -> RawRequest {
    raw("test.echo", params)
}

#[tokio::test]
async fn requests_of_any_type_go_in_one_call_and_get_replies_of_their_own() {
    let (server, client) = portal_with(batch_of).await;
    let mut batch = Batch::new();
    let rows = batch.add(CountRows);
    let seven = batch.add(give("7"));
    let refused = batch.add(give("NO_SUCH_SHELF"));
    let wrong = batch.add(raw("test.nothing", json!(null)));
    let misread = batch.add(Misread);
    assert_eq!(batch.len(), 5);
    let replies = client.run(batch).await;

    let reply = replies.get(rows).unwrap();
    assert_eq!((reply.result, reply.total, reply.next), (120, Some(120), Some(0)));
    let reply = replies.get(seven).unwrap();
    assert_eq!((reply.result, reply.time.operating), (7, Some(2.0)));
    let error = replies.get(refused).unwrap_err();
    assert!(error.is(RawErrorCode::from("NO_SUCH_SHELF")), "{error}");
    assert_eq!((error.method(), error.executed(), error.status()), ("test.give", Executed::Yes, None));
    assert_eq!(replies.get(wrong).unwrap_err().code(), Some("ERROR_METHOD_NOT_FOUND"));
    let error = replies.get(misread).unwrap_err();
    assert_eq!((error.kind(), error.mismatch().unwrap().path()), (ErrorKind::Decode, "value".to_owned()));

    assert_eq!(replies.errors().map(|(position, _)| position).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(replies.iter().filter(|outcome| outcome.response.is_ok()).count(), 3);
    assert_eq!(replies.into_iter().count(), 5);
    assert_eq!(server.calls().len(), 1);
    assert_eq!(server.calls()[0].params["halt"], 0);
}

/// A method whose result is not what its type says.
#[derive(Clone, Debug)]
struct Misread;

impl Method for Misread {
    type Output = std::collections::BTreeMap<String, i64>;
    type Error = RawErrorCode;

    fn info(&self) -> MethodInfo<'_> {
        MethodInfo::new(Api::V2, "test.echo")
    }

    fn params(&self) -> Params {
        json!({"value": "many"}).into()
    }
}

#[tokio::test]
async fn a_request_takes_parameters_from_results_before_it() {
    let (_portal, client) = portal_with(batch_of).await;
    let mut batch = Batch::new().halt_on_error();
    let found = batch.add(raw("test.find", json!({"NAME": "A & B"})));
    let given = batch.add(give("0"));
    batch.set_param(given, "value", found.at("items").at(0).at("ID"));
    let echoed = batch.add(echo(json!({"filter": {"ACTIVE": true}})));
    batch.set_param(echoed, "filter[>ID]", given.result());
    let replies = client.run(batch).await;
    assert_eq!(replies.get(given).unwrap().result, 7);
    assert_eq!(replies.get(echoed).unwrap().result, json!({"filter": {"ACTIVE": "1", ">ID": "7"}}));
}

#[tokio::test]
async fn a_reference_to_nothing_is_an_error_and_what_came_of_it_is_kept() {
    let (_portal, client) = portal_with(batch_of).await;
    let mut batch = Batch::new().halt_on_error();
    let found = batch.add(raw("test.find.nothing", json!(null)));
    let echoed = batch.add(echo(json!({"fields": {"TITLE": "x"}})));
    batch.set_param(echoed, "fields[OWNER]", found.at("items").at(0).at("ID"));
    let replies = client.run(batch).await;
    let error = replies.get(echoed).unwrap_err();
    assert_eq!((error.kind(), error.executed()), (ErrorKind::UnresolvedReference, Executed::Yes));
    assert!(error.to_string().contains("[items][0][ID]"), "{error}");
    let outcome = replies.outcome(echoed).unwrap();
    assert_eq!(outcome.response.as_ref().unwrap().result["fields"]["TITLE"], "x");
    assert_eq!(replies.errors().count(), 1);
}

#[tokio::test]
async fn a_text_from_elsewhere_is_no_reference() {
    let (server, client) = portal_with(batch_of).await;
    let names: Vec<String> = {
        let mut batch = Batch::new();
        let _ = batch.add(give("7"));
        let _ = client.run(batch).await;
        server.calls()[0].params["cmd"].as_object().unwrap().keys().cloned().collect()
    };
    let mut batch = Batch::new();
    let first = batch.add(give("7"));
    let echoed = batch.add(echo(json!({"TITLE": format!("$result[{}]", names[0])})));
    let replies = client.run(batch).await;
    assert_eq!(replies.get(echoed).unwrap_err().kind(), ErrorKind::Request);
    assert_eq!(replies.get(first).unwrap_err().kind(), ErrorKind::NotExecuted);
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn many_requests_go_in_as_few_calls_as_hold_them() {
    let (server, client) = portal_with(batch_of).await;
    let mut batch = Batch::new();
    let handles: Vec<BatchHandle<RawRequest>> =
        (0..120).map(|place| batch.add(echo(json!({"place": place})))).collect();
    let replies = client.run(batch).await;
    for (place, handle) in handles.into_iter().enumerate() {
        assert_eq!(replies.get(handle).unwrap().result, json!({"place": place.to_string()}));
    }
    let sizes: Vec<_> =
        server.calls().iter().map(|call| call.params["cmd"].as_object().unwrap().len()).collect();
    assert_eq!(sizes, [50, 50, 20]);
}

/// How many replies are of which kind.
fn counted(replies: &BatchResponse) -> (usize, usize, usize) {
    let kinds: Vec<ErrorKind> = replies.errors().map(|(_, error)| error.kind()).collect();
    let halted = kinds.iter().filter(|kind| **kind == ErrorKind::NotExecuted).count();
    (replies.iter().len() - kinds.len(), kinds.len() - halted, halted)
}

#[tokio::test]
async fn a_batch_that_halts_executes_nothing_behind_an_error() {
    for (batch, calls, expected) in
        [(Batch::new().halt_on_error(), 1, (20, 1, 99)), (Batch::new(), 3, (119, 1, 0))]
    {
        let (server, client) = portal_with(batch_of).await;
        let mut batch = batch;
        let handles: Vec<_> =
            (0..120).map(|place| batch.add(give(if place == 20 { "BROKEN" } else { "7" }))).collect();
        let replies = client.run(batch).await;
        assert_eq!(server.calls().len(), calls);
        assert_eq!(counted(&replies), expected);
        assert!(replies.get(handles[20]).unwrap_err().is(RawErrorCode::from("BROKEN")));
        if calls == 1 {
            for handle in &handles[21..] {
                let error = replies.get(*handle).unwrap_err();
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
async fn a_call_that_fails_keeps_the_replies_before_it() {
    let (server, client) = portal_with(|call| {
        let place = call.params["cmd"].to_string().contains("value=8");
        if place { MockResponse::bytes("") } else { batch_of(call) }
    })
    .await;
    let mut batch = Batch::new();
    let handles: Vec<_> =
        (0..120).map(|place| batch.add(give(if place == 70 { "8" } else { "7" }))).collect();
    let replies = client.run(batch).await;
    assert_eq!(server.calls().len(), 2);
    assert_eq!(counted(&replies), (50, 50, 20));
    assert_eq!(replies.get(handles[49]).unwrap().result, 7);
    let error = replies.get(handles[50]).unwrap_err();
    assert_eq!(
        (error.kind(), error.executed(), error.method()),
        (ErrorKind::Transport, Executed::Unknown, "test.give")
    );
    assert!(std::error::Error::source(&error).is_some());
    let error = replies.get(handles[100]).unwrap_err();
    assert!(error.executed() == Executed::No && error.to_string().contains("commands 51 to 100"), "{error}");
}

#[tokio::test]
async fn a_batch_is_repeated_only_if_all_its_requests_read() {
    for (writes, calls) in [(false, 2), (true, 1)] {
        let server = MockServer::start(batch_of).await;
        server.fail("batch", Fault::LoseResponse).times(1);
        let hasty = RetryPolicy::default().with_initial_backoff(Duration::from_millis(1));
        let client = Client::builder().retry_policy(hasty).webhook(&server.webhook()).unwrap();
        let mut batch = Batch::new();
        let seven = batch.add(give("7"));
        if writes {
            let _ = batch.add(echo(json!({"x": 1})));
        }
        let replies = client.run(batch).await;
        assert_eq!(
            replies.get(seven).map(|reply| reply.result).map_err(|error| error.executed()),
            if writes { Err(Executed::Unknown) } else { Ok(7) }
        );
        assert_eq!(server.calls().len(), calls);
    }
}

#[tokio::test]
async fn the_refusal_of_a_whole_batch_is_no_error_of_its_methods() {
    let (_portal, client) =
        portal_with(|_| MockResponse::error(403, "ACCESS_DENIED", "Not on this plan")).await;
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
async fn what_is_refused_is_refused_before_anything_is_sent() {
    let (server, client) = portal_with(batch_of).await;
    let mut batch = Batch::new();
    let fine = batch.add(give("7"));
    let newer = batch.add(raw("tasks.task.get", json!({"id": 1})).v3());
    let null = batch.add(echo(json!({"fields": {"NOTE": null}})));
    let replies = client.run(batch).await;
    assert_eq!(replies.get(fine).unwrap_err().kind(), ErrorKind::NotExecuted);
    for (handle, says) in [(newer, "REST 3"), (null, "`fields[NOTE]` is null")] {
        let error = replies.get(handle).unwrap_err();
        assert_eq!((error.kind(), error.executed()), (ErrorKind::Request, Executed::No));
        assert!(error.to_string().contains(says), "{error}");
    }
    assert_eq!(server.calls(), []);
}

#[tokio::test]
async fn a_handle_belongs_to_its_batch() {
    let (server, client) = portal_with(batch_of).await;
    let (mut one, mut other) = (Batch::new(), Batch::new());
    let mine = one.add(give("7"));
    let theirs = other.add(give("8"));
    let replies = client.run(one.clone()).await;
    assert_eq!(replies.get(mine).unwrap().result, 7);
    assert_eq!(replies.get(theirs).unwrap_err().kind(), ErrorKind::Request);
    assert!(replies.outcome(theirs).is_none());
    one.set_param(theirs, "value", mine.result());
    assert_eq!(client.run(one).await.get(mine).unwrap_err().kind(), ErrorKind::Request);
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn an_empty_batch_sends_nothing() {
    let (server, client) = portal_with(batch_of).await;
    assert!(Batch::default().is_empty());
    assert_eq!(client.run(Batch::new()).await.iter().len(), 0);
    assert_eq!(server.calls(), []);
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let (server, client) = portal_with(batch_of).await;
    let mut batch = Batch::new();
    let refused = batch.add(give("REFUSED"));
    let misread = batch.add(Echoed);
    let replies = client.run(batch).await;
    let mut pasted = Batch::new();
    let address = pasted.add(raw(server.webhook(), json!({})));
    let other = client.run(pasted).await;

    let error: Error = replies.get(refused).unwrap_err();
    assert!(error.to_string().contains("/rest/1/***/"), "{error}");
    let shown = [
        format!("{error} {error:?} {}", error.description()),
        format!("{:?}", replies.get(misread).unwrap_err()),
        format!("{:?}", replies.errors().collect::<Vec<_>>()),
        format!("{:?} {other:?}", replies.outcome(refused)),
        format!("{:?}", other.get(address).unwrap_err()),
    ];
    for shown in shown {
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

/// A method whose result repeats the secret where a number should be.
#[derive(Clone, Debug)]
struct Echoed;

impl Method for Echoed {
    type Output = std::collections::BTreeMap<String, i64>;
    type Error = RawErrorCode;

    fn info(&self) -> MethodInfo<'_> {
        MethodInfo::new(Api::V2, "test.echo")
    }

    fn params(&self) -> Params {
        json!({"value": SECRET}).into()
    }
}

#[tokio::test]
async fn a_batch_may_run_on_any_thread_and_does_nothing_before_that() {
    let (server, client) = portal_with(batch_of).await;
    let mut batch = Batch::new();
    let seven = batch.add(give("7"));
    let future = client.run(batch.clone());
    drop(future);
    tokio::task::yield_now().await;
    assert_eq!(server.calls(), []);
    let replies = tokio::spawn(client.run(batch)).await.unwrap();
    assert_eq!(replies.get(seven).unwrap().result, 7);
}

/// Writes down what it is asked and told.
#[derive(Clone, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Limiter for Diary {
    fn acquire<'a>(&'a self, ask: RateLimitRequest<'a>) -> AcquireFuture<'a> {
        self.0.lock().unwrap().push(format!("{} of {:?}?", ask.method(), ask.commands()));
        Box::pin(std::future::ready(()))
    }

    fn record(&self, news: CallReport<'_>) {
        let elapsed = |time: &bitrix24_core::Time| time.operating.or(time.duration).unwrap_or_default();
        let said: Vec<String> = news
            .commands()
            .iter()
            .map(|command| {
                format!("{} {:?} {:?}", command.method(), command.time().map(elapsed), command.rejection())
            })
            .collect();
        let call = news.call();
        self.0.lock().unwrap().push(format!(
            "{} {:?}: {}",
            call.method(),
            call.time().map(elapsed),
            said.join(", ")
        ));
    }
}

#[tokio::test]
async fn the_limiter_hears_of_each_command() {
    let server = MockServer::start(batch_of).await;
    let diary = Diary::default();
    let client = Client::builder().limiter(diary.clone()).webhook(&server.webhook()).unwrap();
    let mut batch = Batch::new();
    let _ = batch.add(give("7"));
    let _ = batch.add(give("OPERATION_TIME_LIMIT"));
    let _ = batch.add(CountRows);
    let _ = client.run(batch).await;
    assert_eq!(
        *diary.0.lock().unwrap(),
        [
            r#"batch of ["test.give", "test.give", "stock.rows.count"]?"#,
            "batch Some(0.25): test.give Some(2.0) None, test.give None Some(OperatingTime)",
        ]
    );
}

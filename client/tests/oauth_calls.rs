//! Calls of an application while its tokens expire and are refreshed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bitrix24_client::{
    App, Batch, Client, Event, FileStore, MemoryStore, NoLimit, Observer, Step, StoreFuture, TokenStore,
    Upload,
};
use bitrix24_core::oauth::{AuthError, Tokens};
use bitrix24_core::{Error, ErrorKind, Executed, Map, SystemError, Value, json, raw};
use tokio::task::JoinSet;

use bitrix24_portal::{Fault, Portal};
use bitrix24_testing::{MockResponse, MockServer};

async fn deals() -> Portal {
    let portal = Portal::builder().rows("crm.deal", 3).start().await.unwrap();
    // Rows are made by the first call.
    portal.call("crm.deal.list", Map::new()).unwrap();
    portal
}

/// How often a method was called.
fn calls_of(portal: &Portal, method: &str) -> usize {
    portal.calls().iter().filter(|call| call.method == method).count()
}

fn expired() -> Fault {
    Fault::error(401, "expired_token", "The access token provided has expired")
}

/// A new pair of tokens, as an installation issues it.
fn installed(portal: &Portal) -> Tokens {
    let pair = portal.issue_tokens();
    Tokens::new(pair.access_token, portal.client_endpoint()).with_refresh_token(pair.refresh_token)
}

/// The application of a portal, with an authorization server.
fn app(portal: &Portal, server: &str) -> App {
    let (id, secret) = portal.client_credentials();
    App::new(id, secret).with_server(server).unwrap().with_timeout(Duration::from_secs(5))
}

fn client_of(app: App, store: impl TokenStore) -> Client {
    Client::builder().limiter(NoLimit).timeout(Duration::from_secs(5)).application(app, store)
}

fn client(portal: &Portal, store: impl TokenStore) -> Client {
    client_of(app(portal, &portal.origin()), store)
}

/// The application of a scripted server.
fn scripted(server: &MockServer) -> App {
    App::new("app.1", "s3cret").with_server(&server.origin()).unwrap().with_timeout(Duration::from_secs(5))
}

async fn title(client: &Client) -> Result<Value, Error> {
    Ok(client.call(raw("crm.deal.get", json!({"id": 2})).read_only()).await?.result["ID"].clone())
}

/// Adds a row: by REST 2, REST 3 or a batch, depending on `number`.
async fn add(client: Client, number: usize) -> Result<(), Error> {
    let task = json!({"fields": {"title": number.to_string(), "creatorId": 1, "responsibleId": 1}});
    let deal = raw("crm.deal.add", json!({"fields": {"TITLE": number}}));
    match number % 4 {
        0 => client.call(raw("tasks.task.add", task).v3()).await.map(drop),
        1 => {
            let mut batch = Batch::new();
            let added = batch.add(deal);
            client.run(batch).await.get(added).map(drop)
        }
        _ => client.call(deal).await.map(drop),
    }
}

/// The results of a hundred concurrent calls of all kinds.
async fn add_concurrently(client: &Client) -> Vec<Result<(), Error>> {
    (0..100).map(|number| add(client.clone(), number)).collect::<JoinSet<_>>().join_all().await
}

#[tokio::test]
async fn concurrent_calls_with_an_expired_token_cause_one_refresh() {
    for code in ["expired_token", "EXPIRED_TOKEN", "Expired_Token"] {
        let portal = deals().await;
        let store = MemoryStore::new(installed(&portal));
        let client = client(&portal, store.clone());
        if code == "expired_token" {
            portal.expire_tokens();
        } else {
            portal.fail("*", Fault::error(401, code, "The access token provided has expired"), 1);
        }
        let outcomes = add_concurrently(&client).await;
        assert!(outcomes.iter().all(Result::is_ok), "{code}: {outcomes:?}");
        let requests = portal.token_requests();
        assert_eq!((requests.granted, requests.received), (1, 1), "{code}");
        let rows = (portal.rows("crm.deal").len() - 3, portal.rows("tasks.task").len());
        assert_eq!(rows, (75, 25), "{code}: each call was executed once");
        assert!(store.tokens().unwrap().is_fresh(0, 0));
    }
}

#[tokio::test]
async fn concurrent_calls_cause_one_refused_refresh_and_none_after_it() {
    let portal = deals().await;
    let client = client(&portal, MemoryStore::new(installed(&portal)));
    portal.expire_tokens();
    portal.revoke_tokens();
    for limit in [100, 0] {
        let before = portal.calls().len();
        let outcomes = add_concurrently(&client).await;
        for error in outcomes.into_iter().map(Result::unwrap_err) {
            assert_eq!(
                (error.kind(), error.executed()),
                (ErrorKind::Authorization, Executed::No),
                "{error:?}"
            );
            assert_eq!(error.auth_error(), Some(AuthError::InvalidGrant));
        }
        assert_eq!(portal.token_requests().received, 1);
        let sent = portal.calls().len() - before;
        assert!(sent <= limit, "{sent}: no call is sent with a token that is known to be expired");
    }
    assert_eq!((portal.rows("crm.deal").len(), portal.rows("tasks.task").len()), (3, 0));
}

#[tokio::test]
async fn the_token_is_the_last_parameter() {
    let server = MockServer::start(|_| MockResponse::result(json!(true))).await;
    let tokens = Tokens::new("acc3ss|1.", format!("{}/rest/", server.origin()));
    let client = client_of(scripted(&server), MemoryStore::new(tokens));
    client.call(raw("crm.deal.get", json!({"id": 2}))).await.unwrap();
    client.call(raw("task.item.getdata", json!([7, {"A": 1}]))).await.unwrap();
    client.call(raw("profile", json!(null))).await.unwrap();
    client.call(raw("tasks.task.get", json!({"id": 2})).v3()).await.unwrap();
    let expected = [
        ("/rest/crm.deal.get.json", r#"{"id":2,"auth":"acc3ss|1."}"#),
        ("/rest/task.item.getdata.json", r#"{"0":7,"1":{"A":1},"auth":"acc3ss|1."}"#),
        ("/rest/profile.json", r#"{"auth":"acc3ss|1."}"#),
        ("/rest/api/tasks.task.get", r#"{"id":2,"auth":"acc3ss|1."}"#),
    ];
    for (call, (path, body)) in server.calls().iter().zip(expected) {
        assert_eq!((call.path.as_str(), call.text().as_str()), (path, body));
    }
}

#[tokio::test]
async fn a_received_response_does_not_wait_for_a_refresh() {
    let portal = deals().await;
    let client = client(&portal, MemoryStore::new(installed(&portal)));
    portal.fail("batch", Fault::Delay(Duration::from_secs(1)), 1);
    portal.fail("crm.deal.get", expired(), 1);
    portal.fail("oauth.token", Fault::Silence, 1);
    let mut batch = Batch::new();
    let deals = batch.add(raw("crm.deal.list", json!({})).read_only());
    let run = tokio::time::timeout(Duration::from_secs(3), client.run(batch));
    tokio::select! {
        biased;
        replies = run => assert!(replies.expect("in time").get(deals).is_ok()),
        outcome = title(&client) => panic!("the refresh is still pending: {outcome:?}"),
    }
    assert_eq!(portal.token_requests().received, 1);
}

#[tokio::test]
async fn a_new_pair_is_saved_before_a_call_uses_it() {
    let store = MemoryStore::default();
    let (seen, saved) = (Arc::new(Mutex::new(Vec::new())), store.clone());
    let record = Arc::clone(&seen);
    let server = MockServer::start(move |call| {
        if call.method == "token" {
            let new = json!({"access_token": "new", "refresh_token": "next", "client_endpoint": format!("http://{}/rest/", call.header("host").unwrap())});
            return MockResponse::json(200, &new);
        }
        let token = call.params["auth"].as_str().unwrap().to_owned();
        let stored = saved.tokens().unwrap().access_token().to_owned();
        record.lock().unwrap().push((token.clone(), stored));
        if token == "new" { MockResponse::result(json!(true)) } else { MockResponse::error(401, "expired_token", "") }
    })
    .await;
    store
        .save(&Tokens::new("old", format!("{}/rest/", server.origin())).with_refresh_token("r"))
        .await
        .unwrap();
    client_of(scripted(&server), store.clone()).call(raw("profile", json!(null))).await.unwrap();
    let pair = |token: &str| (token.to_owned(), token.to_owned());
    assert_eq!(*seen.lock().unwrap(), [pair("old"), pair("new")]);
    assert_eq!(store.tokens().unwrap().refresh_token(), Some("next"));
}

#[tokio::test]
async fn a_write_is_executed_once_across_a_refresh() {
    let portal = deals().await;
    let client = client(&portal, MemoryStore::new(installed(&portal)));
    portal.expire_tokens();
    client.call(raw("crm.deal.add", json!({"fields": {"TITLE": "one"}}))).await.unwrap();
    assert_eq!((portal.rows("crm.deal").len(), calls_of(&portal, "crm.deal.add")), (4, 2));
}

#[tokio::test]
async fn a_refused_refresh_fails_every_call_and_nothing_is_sent() {
    let portal = deals().await;
    let client = client(&portal, MemoryStore::new(installed(&portal)));
    portal.expire_tokens();
    portal.revoke_tokens();
    for _ in 0..3 {
        let error = title(&client).await.unwrap_err();
        assert_eq!((error.kind(), error.executed()), (ErrorKind::Authorization, Executed::No));
        assert_eq!(error.auth_error(), Some(AuthError::InvalidGrant));
    }
    assert_eq!((portal.token_requests().received, calls_of(&portal, "crm.deal.get")), (1, 1));
}

#[tokio::test]
async fn other_token_errors_are_returned_to_the_caller() {
    let portal = deals().await;
    let foreign = Tokens::new("made-up", portal.client_endpoint()).with_refresh_token("r");
    let client = client(&portal, MemoryStore::new(foreign));
    let error = title(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status(), error.code()),
        (ErrorKind::System, Some(401), Some("INVALID_TOKEN"))
    );
    assert_eq!(portal.token_requests().received, 0);
}

#[tokio::test]
async fn a_portal_that_expires_every_token_causes_at_most_two_refreshes() {
    let portal = deals().await;
    portal.fail("crm.deal.get", expired(), usize::MAX);
    let client = client(&portal, MemoryStore::new(installed(&portal)));
    let error = title(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::System, Some("expired_token")));
    assert!(portal.token_requests().received <= 2, "{}", portal.token_requests().received);
}

#[tokio::test]
async fn processes_that_share_a_token_file_share_each_refresh() {
    let portal = deals().await;
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("shop.json"));
    store.save(&installed(&portal)).await.unwrap();
    let clients = [(); 3].map(|()| client(&portal, store.clone()));
    for round in 1..4 {
        for client in &clients {
            assert_eq!(title(client).await.unwrap(), "2");
        }
        portal.expire_tokens();
        for client in &clients {
            assert_eq!(title(client).await.unwrap(), "2");
        }
        assert_eq!(portal.token_requests().granted, round);
    }
}

#[tokio::test]
async fn calls_follow_the_endpoint_of_the_refreshed_tokens() {
    let (portal, there) = (deals().await, deals().await);
    let client = client(&portal, MemoryStore::new(installed(&portal)));
    portal.expire_tokens();
    let moved = json!({
        "access_token": "new", "refresh_token": "next", "expires_in": 3600, "client_endpoint": there.client_endpoint(),
    });
    portal.fail("oauth.token", Fault::json(200, &moved), 1);
    // The new portal does not know the token, but it receives the call.
    assert_eq!(title(&client).await.unwrap_err().system_error(), Some(SystemError::InvalidToken));
    assert_eq!((calls_of(&portal, "crm.deal.get"), calls_of(&there, "crm.deal.get")), (1, 1));
}

#[tokio::test]
async fn an_unreachable_authorization_server_is_an_error_of_the_call() {
    let portal = deals().await;
    let closed_server = MockServer::start(|_| MockResponse::result(json!(null))).await.origin();
    let tokens = installed(&portal).with_expires_at(1);
    let builder = Client::builder().limiter(NoLimit).deadline(Duration::from_secs(3));
    let client = builder.application(app(&portal, &closed_server), MemoryStore::new(tokens));
    let error = title(&client).await.unwrap_err();
    assert_eq!(error.executed(), Executed::No);
    assert!(error.to_string().contains(&closed_server), "{error}");
    assert_eq!(calls_of(&portal, "crm.deal.get"), 0);
}

#[tokio::test]
async fn a_store_that_hangs_does_not_exceed_the_deadline() {
    struct HangingStore;
    impl TokenStore for HangingStore {
        fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
            Box::pin(std::future::pending())
        }

        fn save<'a>(&'a self, _: &'a Tokens) -> StoreFuture<'a, ()> {
            Box::pin(std::future::pending())
        }
    }
    let ended = Ended::default();
    let client = Client::builder().observer(ended.clone()).deadline(Duration::from_millis(50));
    let client = client
        .application(App::new("app.1", "s3cret").with_server("https://oauth.invalid").unwrap(), HangingStore);
    let request = || raw("disk.folder.uploadfile", json!({"id": 7}));
    let errors = [
        client.call(request()).await.unwrap_err(),
        client.download("/file").await.unwrap_err(),
        client.upload(request(), Upload::from_bytes("a", "b")).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(
            (error.kind(), error.executed(), error.attempts()),
            (ErrorKind::Deadline, Executed::No, 0),
            "{error}"
        );
    }
    let expected_end = (String::new(), "disk.folder.uploadfile".to_owned(), Some(ErrorKind::Deadline));
    assert_eq!(
        *ended.0.lock().unwrap(),
        [expected_end.clone(), expected_end],
        "the observer sees the end of each call, whatever its outcome"
    );
}

/// The calls that have ended: portal, method and error kind.
#[derive(Clone, Default)]
struct Ended(Arc<Mutex<Vec<End>>>);

type End = (String, String, Option<ErrorKind>);

impl Observer for Ended {
    fn observe(&self, event: &Event<'_>) {
        if let Step::Finished { outcome, .. } = event.step() {
            let end = (event.portal().to_owned(), event.method().to_owned(), outcome.error);
            self.0.lock().unwrap().push(end);
        }
    }
}

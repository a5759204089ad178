//! Recorded traffic: which lines a client writes, that they contain no secret, and that a recorder disturbs no call.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use bitrix24_client::{
    App, Batch, Client, ClientBuilder, Event, MemoryStore, NoLimit, Observer, RecordValues, Recorder, Step,
};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::recording::shape;
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{Map, Value, json, raw};
use bitrix24_portal::Portal;
use bitrix24_testing::{Call, Fault, MockResponse, MockServer, SECRET};

fn builder() -> ClientBuilder {
    Client::builder().limiter(NoLimit).retry_policy(RetryPolicy::never())
}

/// The lines of a file. Each is JSON.
fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn zoo() -> Portal {
    let portal = Portal::start().await.unwrap();
    for id in 1..=60 {
        let animal =
            json!({"TITLE": format!("Animal {id}"), "OPPORTUNITY": id * 100, "UF_CRM_1721244707107": "Anna"});
        portal.call("crm.deal.add", Map::from_iter([("fields".to_owned(), animal)])).unwrap();
    }
    portal
}

#[tokio::test]
async fn calls_and_batches_are_recorded_as_shapes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traffic.jsonl");
    let portal = zoo().await;
    let client = builder().record_to(&path).webhook(&portal.webhook()).unwrap();
    let animals = raw(
        "crm.deal.list",
        json!({"filter": {">ID": 5}, "select": ["ID", "TITLE", "UF_CRM_1721244707107"]}),
    );
    client.call(animals.clone()).await.unwrap();
    client.call(raw("zoo.gone.get", json!({"ID": 7}))).await.unwrap_err();
    let mut batch = Batch::new();
    let rows = batch.add(animals);
    client.run(batch).await.get(rows).unwrap();
    client.flush_recording().await.unwrap();

    let lines = lines(&path);
    let heads: Vec<[&str; 3]> =
        lines.iter().map(|line| ["api", "method", "kind"].map(|key| line[key].as_str().unwrap())).collect();
    let expected = ["crm.deal.list", "zoo.gone.get", "batch"];
    let expected = expected.map(|method| [["v2", method, "request"], ["v2", method, "response"]]);
    assert_eq!(heads, expected.concat());
    assert_eq!(lines[0]["body"], json!({"filter": {">ID": 1}, "select": ["text"]}));
    assert_eq!(lines[1]["status"], json!(200));
    assert_eq!(lines[1]["body"]["next"], json!(1));
    let rows = json!([{"ID": "1", "TITLE": "text", "UF_CRM_1": "text"}]);
    assert_eq!(lines[1]["body"]["result"], rows);
    assert_eq!(lines[3]["body"]["error"], json!("ERROR_METHOD_NOT_FOUND"));
    assert_eq!(lines[3]["body"]["error_description"], json!("text"));
    assert_eq!(lines[4]["body"]["cmd"], json!({"c0": "crm.deal.list?filter[%3EID]=1&select[0]=text"}));
    assert_eq!(lines[5]["body"]["result"]["result"]["c0"], rows);
    assert!(!fs::read_to_string(&path).unwrap().contains("Anna"));
}

/// Responds with everything that it receives, also in keys and in an error.
fn echo(call: &Call) -> MockResponse {
    let text = call.text();
    match call.method.as_str() {
        "token" => MockResponse::json(
            200,
            &json!({
                "access_token": "acc3ss.two", "refresh_token": "r3fresh.two",
                "client_endpoint": format!("http://{}/rest/", call.header("host").unwrap_or_default()),
            }),
        ),
        "echo.error" => MockResponse::error(400, text.as_str(), &text),
        "echo.page" => MockResponse::text(502, "text/html", &format!("<html>{text}</html>")),
        _ => MockResponse::result(
            json!({"text": text, text.as_str(): [{"AUTH_ID": "hidden1"}], "link": "/get?auth=hidden2"}),
        ),
    }
}

#[tokio::test]
async fn no_line_contains_a_secret() {
    let secrets = [SECRET, "acc3ss.one", "acc3ss.two", "r3fresh.one", "r3fresh.two", "app-s3cret", "hidden"];
    let folder = tempfile::tempdir().unwrap();
    let server = MockServer::start(echo).await;
    for values in [RecordValues::Shapes, RecordValues::Verbatim] {
        let path = folder.path().join(format!("{values:?}.jsonl"));
        let builder = builder().record_to(&path).record_values(values);
        let app = App::new("app.1", "app-s3cret").with_server(&server.origin()).unwrap();
        let tokens =
            Tokens::new("acc3ss.one", format!("{}/rest/", server.origin())).with_refresh_token("r3fresh.one");
        let app_client = builder.clone().application(app, MemoryStore::new(tokens));
        let webhook_client = builder.webhook(&server.webhook()).unwrap();
        server.fail("echo.text", Fault::ExpiredToken).times(1);
        let clients = [(app_client, "app-s3cret r3fresh.one acc3ss.one"), (webhook_client, SECRET)];
        for (client, own) in &clients {
            let params =
                json!({"auth": "hidden3", "fields": {"password": "hidden4"}, "text": own, *own: [own]});
            for method in ["echo.text", "echo.error", "echo.page"] {
                for request in [raw(method, params.clone()), raw(method, params.clone()).v3()] {
                    let _ = client.call(request).await;
                }
            }
        }
        drop(clients);
        // Six calls of each client, one of them twice: its token had expired.
        assert_eq!(lines(&path).len(), 2 * (6 + 6 + 1));
        for line in fs::read_to_string(&path).unwrap().lines() {
            for secret in secrets {
                assert!(!line.contains(secret), "{values:?}: {secret}: {line}");
            }
        }
    }
}

#[tokio::test]
async fn verbatim_lines_keep_values_and_their_shapes_are_those_of_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let portal = zoo().await;
    let mut recorded = Vec::new();
    for values in [RecordValues::Shapes, RecordValues::Verbatim] {
        let path = folder.path().join(format!("{values:?}.jsonl"));
        let client = builder().record_to(&path).record_values(values).webhook(&portal.webhook()).unwrap();
        client.call(raw("crm.deal.get", json!({"ID": 7}))).await.unwrap();
        drop(client);
        recorded.push(lines(&path));
    }
    let bodies: Vec<Value> = recorded.iter().map(|lines| lines[1]["body"]["result"].clone()).collect();
    assert_eq!(bodies[1]["TITLE"], json!("Animal 7"));
    assert_eq!(bodies[0], shape(&bodies[1]));
}

/// A recorder that counts, and may be slow, fail or panic.
#[derive(Clone, Default)]
struct Disturbing {
    exchanges: Arc<AtomicUsize>,
    pause: Duration,
    fails: bool,
    panics: bool,
}

impl Recorder for Disturbing {
    fn record(&self, lines: &str) -> io::Result<()> {
        assert_eq!(lines.lines().count(), 2);
        thread::sleep(self.pause);
        self.exchanges.fetch_add(1, Ordering::Relaxed);
        assert!(!self.panics, "as the test wants");
        if self.fails { Err(io::Error::other("no space left")) } else { Ok(()) }
    }
}

/// Counts the reports of failed recordings.
#[derive(Clone, Default)]
struct Failures(Arc<Mutex<Vec<String>>>);

impl Observer for Failures {
    fn observe(&self, event: &Event<'_>) {
        if event.step() == Step::RecordingFailed {
            self.0.lock().unwrap().push(event.method().to_owned());
        }
    }
}

#[tokio::test]
async fn a_recorder_disturbs_no_call() {
    let server = MockServer::start(|_| MockResponse::result(json!(true))).await;
    let cases = [
        (Disturbing { pause: Duration::from_millis(300), ..Disturbing::default() }, true, 0),
        (Disturbing { fails: true, ..Disturbing::default() }, true, 1),
        (Disturbing { panics: true, ..Disturbing::default() }, false, 0),
    ];
    for (recorder, flushes, reports) in cases {
        let failures = Failures::default();
        let client = builder().recorder(recorder.clone()).observer(failures.clone());
        let client = client.webhook(&server.webhook()).unwrap();
        let start = Instant::now();
        for _ in 0..4 {
            client.call(raw("zoo.open", json!({}))).await.unwrap();
        }
        let elapsed = start.elapsed();
        assert!(elapsed < Duration::from_millis(4 * 300), "{elapsed:?}");
        assert_eq!(client.flush_recording().await.is_ok(), flushes);
        drop(client);
        let exchanges = recorder.exchanges.load(Ordering::Relaxed);
        assert_eq!(exchanges, if recorder.panics { 1 } else { 4 });
        assert_eq!(*failures.0.lock().unwrap(), vec!["zoo.open"; reports]);
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_reported_once() {
    let folder = tempfile::tempdir().unwrap();
    let failures = Failures::default();
    let portal = zoo().await;
    let client = builder().record_to(folder.path()).observer(failures.clone());
    let client = client.webhook(&portal.webhook()).unwrap();
    for _ in 0..2 {
        client.call(raw("crm.deal.get", json!({"ID": 7}))).await.unwrap();
        let error = client.flush_recording().await.unwrap_err().to_string();
        assert!(error.contains("cannot be written"), "{error}");
    }
    drop(client);
    assert_eq!(failures.0.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn clients_share_a_file_and_write_without_a_flush() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traffic.jsonl");
    let portal = zoo().await;
    let clients = [(); 3].map(|()| builder().record_to(&path).webhook(&portal.webhook()).unwrap());
    for client in &clients {
        client.call(raw("crm.deal.get", json!({"ID": 7}))).await.unwrap();
    }
    // The lines of an idle client are written after a second.
    let start = Instant::now();
    while fs::read_to_string(&path).map_or(0, |text| text.lines().count()) < 6 {
        assert!(start.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    clients[0].call(raw("crm.deal.get", json!({"ID": 7}))).await.unwrap();
    drop(clients);
    assert_eq!(lines(&path).len(), 8);
}

#[cfg(feature = "blocking")]
#[test]
fn a_blocking_client_records_too() {
    use bitrix24_client::blocking;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traffic.jsonl");
    let server = MockServer::start_on_thread(|_| MockResponse::result(json!({"ID": "35943"})));
    let client = blocking::Client::new(builder().record_to(&path).webhook(&server.webhook()).unwrap());
    client.call(raw("crm.deal.get", json!({"ID": 7}))).unwrap();
    client.flush_recording().unwrap();
    assert_eq!(lines(&path)[1]["body"]["result"], json!({"ID": "1"}));
    client.call(raw("crm.deal.get", json!({"ID": 7}))).unwrap();
    drop(client);
    assert_eq!(lines(&path).len(), 4);
}

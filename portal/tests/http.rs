//! The forms of requests, and requests that are wrong or hostile.

use std::time::Duration;

use bitrix24_portal::Portal;
use reqwest::multipart::Form;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn read(response: reqwest::RequestBuilder) -> (u16, Value) {
    let response = response.send().await.expect("a response");
    let status = response.status().as_u16();
    (status, response.json().await.expect("a body of JSON"))
}

#[tokio::test]
async fn parameters_are_read_in_every_form() {
    let portal = Portal::start().await.expect("a portal");
    let http = reqwest::Client::new();
    let url = format!("{}crm.deal.add", portal.webhook());
    let form = |request: reqwest::RequestBuilder, body: &'static str| {
        request.header("content-type", "application/x-www-form-urlencoded; charset=UTF-8").body(body)
    };
    let requests = [
        http.post(&url).json(&json!({"FIELDS": {"TITLE": "x", "OPENED": true}})),
        form(http.post(format!("{url}.json")), "fields[TITLE]=x&fields[OPENED]=1"),
        http.post(&url).multipart(Form::new().text("fields[TITLE]", "x").text("fields[OPENED]", "Y")),
        http.get(format!("{url}/?fields%5BTITLE%5D=x&fields[OPENED]=Y")),
    ];
    for (number, request) in (1..).zip(requests) {
        let (status, body) = read(request).await;
        assert_eq!((status, &body["result"]), (200, &json!(number)), "{body}");
        assert!(body["time"]["operating"].is_number(), "{body}");
    }
    for row in portal.rows("crm.deal") {
        assert_eq!((&row["TITLE"], &row["OPENED"]), (&json!("x"), &json!(true)));
    }
    let calls = portal.calls();
    assert_eq!(
        (calls.len(), &calls[1].params),
        (4, json!({"fields": {"TITLE": "x", "OPENED": "1"}}).as_object().expect("an object"))
    );
    let lines: Vec<Value> =
        portal.recorded().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines[1]["body"]["result"], 1);
    assert_eq!(
        (&lines[0]["kind"], &lines[1]["kind"], &lines[1]["status"]),
        (&json!("request"), &json!("response"), &json!(200))
    );
}

#[tokio::test]
async fn wrong_requests_have_documented_errors() {
    let portal = Portal::start().await.expect("a portal");
    let http = reqwest::Client::new();
    let origin = portal.origin();
    for (path, body, status, code) in [
        ("/rest/1/wrong/profile", json!({}), 401, "INVALID_CREDENTIALS"),
        ("/rest/profile", json!({}), 401, "NO_AUTH_FOUND"),
        ("/rest/profile", json!({"auth": "unknown"}), 401, "INVALID_TOKEN"),
        ("WEBHOOKno.such.method", json!({}), 404, "ERROR_METHOD_NOT_FOUND"),
        ("WEBHOOKbizproc.robot.list", json!({}), 403, "WRONG_AUTH_TYPE"),
        ("WEBHOOKcrm.deal.get", json!({}), 400, ""),
        ("/somewhere", json!({}), 404, "ERROR_METHOD_NOT_FOUND"),
    ] {
        let url = match path.strip_prefix("WEBHOOK") {
            Some(method) => format!("{}{method}", portal.webhook()),
            None => format!("{origin}{path}"),
        };
        let (found, body) = read(http.post(&url).json(&body)).await;
        assert_eq!(found, status, "{path}: {body}");
        assert!(
            body["error"].as_str().is_some_and(|error| error.eq_ignore_ascii_case(code)),
            "{path}: {body}"
        );
    }
}

#[tokio::test]
async fn hostile_bodies_cost_little() {
    let portal = Portal::builder()
        .max_body(1 << 20)
        .read_timeout(Duration::from_millis(300))
        .start()
        .await
        .expect("a portal");
    let http = reqwest::Client::new();
    let url = format!("{}crm.deal.add", portal.webhook());
    let json = |body: Vec<u8>| http.post(&url).header("content-type", "application/json").body(body);
    assert_eq!(read(json(vec![b' '; 2 << 20])).await.0, 413);
    let bomb = [b"{\"fields\":".repeat(10_000), b"1".to_vec(), b"}".repeat(10_000)].concat();
    let (status, body) = read(json(bomb)).await;
    assert_eq!((status, &body["error"]), (400, &json!("INVALID_REQUEST")), "{body}");
    assert_eq!(read(json(b"{\"fields\"".to_vec())).await.0, 400);
    let part = http.post(&url).header("content-type", "multipart/form-data").body("--x");
    assert_eq!(read(part).await.0, 400);
    let deep = format!("fields{}=1", "[x]".repeat(50_000));
    assert_eq!(read(http.post(&url).body(deep)).await.0, 200);

    // A body that never ends is given up.
    let mut stream = TcpStream::connect(portal.address()).await.expect("a connection");
    let path = url.strip_prefix(&portal.origin()).expect("a path");
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("a head");
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the connection is still open");
}

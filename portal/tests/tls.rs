//! Connections with TLS.
#![cfg(all(feature = "cli", feature = "tls"))]

use std::process::Stdio;
use std::time::Duration;

use bitrix24_portal::Portal;
use reqwest::{Certificate, Client};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A client that trusts this certificate and no other.
fn trusting(certificate: &str) -> Client {
    let certificate = Certificate::from_pem(certificate.as_bytes()).expect("a certificate");
    Client::builder().tls_certs_only([certificate]).build().expect("a client")
}

async fn call(http: &Client, url: &str, body: &Value) -> Value {
    let response = http.post(url).json(body).send().await.expect("a response");
    response.json().await.expect("a body of JSON")
}

#[tokio::test]
async fn only_who_trusts_the_certificate_is_connected() {
    let portal = Portal::builder().tls_name("portal.example").start().await.expect("a portal");
    let other = Portal::builder().tls().start().await.expect("another portal");
    let certificate = portal.certificate().expect("a certificate");
    assert_ne!(Some(certificate), other.certificate());
    assert!(portal.webhook().starts_with("https://127.0.0.1:"), "{}", portal.origin());
    let (http, port) = (trusting(certificate), portal.address().port());

    let added =
        call(&http, &format!("{}crm.deal.add", portal.webhook()), &json!({"fields": {"TITLE": "x"}})).await;
    assert_eq!(added["result"], 1);
    let by_name = portal.webhook().replace("127.0.0.1", "localhost");
    assert!(call(&http, &format!("{by_name}server.time"), &json!({})).await["result"].is_string());
    let resolving = Client::builder()
        .tls_certs_only([Certificate::from_pem(certificate.as_bytes()).expect("a certificate")])
        .resolve("portal.example", portal.address())
        .resolve("other.example", portal.address())
        .build()
        .expect("a client");
    let time = |host: &str| portal.webhook().replace("127.0.0.1", host) + "server.time";
    assert!(call(&resolving, &time("portal.example"), &json!({})).await["result"].is_string());
    let refused = resolving.get(time("other.example")).send().await.expect_err("another name");
    assert!(refused.is_connect(), "{refused:?}");
    let refused =
        http.get(format!("{}server.time", other.webhook())).send().await.expect_err("another authority");
    assert!(refused.is_connect(), "{refused:?}");

    // The authorization server has the same certificate, and names addresses with TLS.
    let pair = portal.issue_tokens();
    portal.expire_tokens();
    let (client_id, client_secret) = portal.client_credentials();
    let grant = json!({
        "grant_type": "refresh_token", "client_id": client_id, "client_secret": client_secret,
        "refresh_token": pair.refresh_token,
    });
    let renewed = call(&http, &portal.token_endpoint(), &grant).await;
    assert_eq!(renewed["client_endpoint"], format!("https://127.0.0.1:{port}/rest/"));
    let profile = format!("{}profile", portal.client_endpoint());
    assert!(call(&http, &profile, &json!({"auth": renewed["access_token"]})).await["result"].is_object());
}

#[tokio::test]
async fn connections_that_begin_no_tls_are_closed() {
    let portal =
        Portal::builder().tls().read_timeout(Duration::from_millis(200)).start().await.expect("a portal");
    for begin in [&b"GET /rest/profile HTTP/1.1\r\nhost: x\r\n\r\n"[..], &b"\x16\x03\x01"[..], &b""[..]] {
        let mut stream = TcpStream::connect(portal.address()).await.expect("a connection");
        stream.write_all(begin).await.expect("some bytes");
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
        assert!(ended.is_ok() && !answer.starts_with(b"HTTP"), "{answer:?}");
    }
    let error = Portal::builder().tls_name("портал").start().await.expect_err("no name of a certificate");
    assert!(error.to_string().contains("портал"), "{error}");
}

#[tokio::test]
async fn the_program_writes_its_certificate() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("portal.pem");
    let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_bitrix24-portal"))
        .args(["--listen", "127.0.0.1:0", "--tls", "--tls-name", "portal.example", "--tls-cert"])
        .arg(&file)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program");
    let mut lines = BufReader::new(program.stdout.take().expect("its output")).lines();
    let mut printed = std::collections::HashMap::new();
    while let Some(line) = lines.next_line().await.expect("a line") {
        if line.starts_with("listening") {
            break;
        }
        let (name, value) = line.split_once("  ").expect("a name and a value");
        printed.insert(name.to_owned(), value.trim().to_owned());
    }
    assert_eq!(printed["certificate"], file.to_str().expect("a path"));
    let http = trusting(&std::fs::read_to_string(&file).expect("the certificate"));
    let time = call(&http, &format!("{}server.time", printed["webhook"]), &json!({})).await;
    assert!(time["result"].is_string(), "{time}");
}

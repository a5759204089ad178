//! Handlers with TLS.
#![cfg(all(feature = "cli", feature = "tls"))]

use std::process::Stdio;

use bitrix24_portal::Portal;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

#[tokio::test]
async fn a_handler_with_tls_is_called_if_its_certificate_is_trusted() {
    // Any server with a certificate does: a portal answers 404 to an address that it does not have.
    let handler = Portal::builder().tls().start().await.expect("a portal");
    let folder = tempfile::tempdir().expect("a folder");
    let trusted = folder.path().join("authority.pem");
    std::fs::write(&trusted, handler.certificate().expect("a certificate")).expect("a file");
    let other = folder.path().join("none.pem");
    std::fs::write(&other, "").expect("a file");
    for (certificates, is_trusted) in [(trusted, true), (other, false)] {
        let mut portal = Command::new(env!("CARGO_BIN_EXE_bitrix24-portal"))
            .args(["--listen", "127.0.0.1:0"])
            .env("SSL_CERT_FILE", certificates)
            .env_remove("SSL_CERT_DIR")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("a portal");
        let mut lines = BufReader::new(portal.stdout.take().expect("an output")).lines();
        let control = loop {
            let line = lines.next_line().await.expect("a line").expect("the address of the control");
            if let Some(address) =
                line.strip_prefix("control ").filter(|rest| rest.trim().starts_with("http"))
            {
                break address.trim().to_owned();
            }
        };
        let install = json!({"handler": format!("{}/zoo", handler.origin())});
        let request = reqwest::Client::new().post(format!("{control}install")).json(&install);
        let sent: Value = request.send().await.expect("a response").json().await.expect("JSON");
        if is_trusted {
            assert_eq!(sent[0]["status"], 404, "{sent}");
        } else {
            assert!(sent[0]["problem"].as_str().is_some_and(|problem| problem.contains("TLS")), "{sent}");
        }
        portal.kill().await.expect("an end");
    }
}

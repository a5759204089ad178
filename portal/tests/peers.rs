//! SDKs of others, unchanged but for the address of the portal. `peers/install FOLDER` installs them; without it, their tests are skipped.
#![cfg(feature = "tls")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bitrix24_portal::{Fault, Portal};
use tokio::process::Command;

/// What a peer needs: its installed package, the program that runs it, and its tasks.
struct Peer {
    package: &'static str,
    program: &'static str,
    tasks: &'static str,
}

/// The folder in which the peers are installed: `BITRIX24_PEERS`, or `peers` in the target folder.
fn installed() -> PathBuf {
    let folder = std::env::var_os("BITRIX24_PEERS").map(PathBuf::from);
    folder.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("peers"))
}

async fn run(peer: Peer) {
    let folder = installed();
    if !folder.join(peer.package).exists() {
        let text = format!(
            "skipped: there is no {} in {}: run portal/tests/peers/install",
            peer.package,
            folder.display()
        );
        writeln!(std::io::stdout(), "{text}").expect("an output");
        return;
    }
    let portal = Portal::builder().tls().rows("crm.deal", 10_000).start().await.expect("a portal");
    let certificate = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(certificate.path(), portal.certificate().expect("a certificate"))
        .expect("the certificate");
    let limit = || Fault::error(503, "QUERY_LIMIT_EXCEEDED", "Too many requests");
    portal.fail("crm.company.list", limit(), 2);
    portal.fail("crm.quote.list", limit(), 100);
    let tokens = portal.issue_tokens();
    portal.expire_tokens();
    let (client_id, client_secret) = portal.client_credentials();

    let tasks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(peer.tasks);
    let mut program = Command::new(folder.join(peer.program));
    if peer.program == "node" {
        program = Command::new("node");
        program.current_dir(folder.join("js"));
    }
    program
        .arg(tasks)
        .env("PORTAL_WEBHOOK", portal.webhook())
        .env("PORTAL_TOKENS", portal.token_endpoint())
        .env("PORTAL_CLIENT_ID", client_id)
        .env("PORTAL_CLIENT_SECRET", client_secret)
        .env("PORTAL_ACCESS_TOKEN", &tokens.access_token)
        .env("PORTAL_REFRESH_TOKEN", &tokens.refresh_token)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // The only certificate that they trust, each by the variable of its HTTP library.
        .env("REQUESTS_CA_BUNDLE", certificate.path())
        .env("SSL_CERT_FILE", certificate.path())
        .env("NODE_EXTRA_CA_CERTS", certificate.path())
        .kill_on_drop(true);
    for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        program.env_remove(proxy);
    }
    let ended = tokio::time::timeout(Duration::from_secs(300), program.output());
    let output = ended.await.expect("an end within five minutes").expect("the program of the peer");
    let text = String::from_utf8_lossy(&output.stdout);
    writeln!(std::io::stdout(), "{text}").expect("an output");
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    // What the peer did has arrived at the portal, and what it renewed is no longer valid.
    assert_eq!((portal.rows("crm.deal").len(), portal.rows("tasks.task").len()), (10_000, 0));
    assert!(
        portal.runs("crm.deal.add") >= 1 && portal.runs("batch") >= 3 && portal.runs("user.current") >= 1
    );
}

#[tokio::test]
async fn b24pysdk() {
    run(Peer { package: "venv/installed", program: "venv/bin/python", tasks: "b24pysdk_tasks.py" }).await;
}

#[tokio::test]
async fn fast_bitrix24() {
    run(Peer { package: "venv/installed", program: "venv/bin/python", tasks: "fast_bitrix24_tasks.py" })
        .await;
}

#[tokio::test]
async fn b24jssdk() {
    let package = "js/node_modules/@bitrix24/b24jssdk";
    run(Peer { package, program: "node", tasks: "b24jssdk_tasks.mjs" }).await;
}

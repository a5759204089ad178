//! Two thousand portals with a bounded number of file descriptors. The portals are a process of their own: this test, started with
//! an argument.

#![expect(clippy::print_stdout, reason = "a test with a `main` of its own reports itself")]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use bitrix24_client::{App, Client, FileStore, MemoryLimiter, Portals, TokenStore};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::{json, raw};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How many portals there are.
const PORTALS: usize = 2000;

/// How many connections are in use, and how many are kept unused.
const CONNECTIONS: usize = 48;
const IDLE: usize = 32;

fn main() {
    if env::args().nth(1).as_deref() == Some("portals") {
        return runtime().block_on(serve());
    }
    many_portals_need_few_descriptors();
    println!("test many_portals_need_few_descriptors ... ok");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Serves all portals, which differ in their addresses, and the authorization server.
async fn serve() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(async move { serve_connection(stream).await });
    }
}

/// Serves the requests of a connection. Each takes 5 ms.
async fn serve_connection(mut stream: TcpStream) -> Option<()> {
    let mut bytes = Vec::new();
    loop {
        let head = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        };
        let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
        let header = |name: &str| {
            text.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
        };
        let length: usize = header("content-length:")?.parse().ok()?;
        let host = header("host:")?;
        while bytes.len() < head + length {
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        }
        let body = String::from_utf8_lossy(&bytes[head..head + length]).into_owned();
        bytes.drain(..head + length);
        tokio::time::sleep(Duration::from_millis(5)).await;
        let response = if text.starts_with("post /oauth/token/") {
            let number = body.split("refresh_token=refresh-").nth(1)?.split('&').next()?.to_owned();
            json!({
                "access_token": format!("new-{number}"), "refresh_token": format!("next-{number}"),
                "expires_in": 3600, "member_id": format!("m{number}"),
                "client_endpoint": format!("http://{}/rest/", address(number.parse().ok()?, port_of(&host))),
            })
        } else {
            json!({"result": host})
        };
        let body = response.to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).await.ok()?;
    }
}

fn port_of(host: &str) -> u16 {
    host.rsplit(':').next().unwrap().parse().unwrap()
}

/// The address of a portal: one of this machine's many.
fn address(number: usize, port: u16) -> String {
    format!("127.1.{}.{}:{port}", number / 250, number % 250 + 1)
}

/// The number of file descriptors of this process.
fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

fn many_portals_need_few_descriptors() {
    let mut server =
        Command::new(env::current_exe().unwrap()).arg("portals").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let port: u16 = line.trim().parse().unwrap();

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let app = App::new("app.1", "secret of the application")
        .with_server(&format!("http://127.0.0.1:{port}"))
        .unwrap();
    let portals =
        Portals::builder(app, move |member_id| FileStore::new(path.join(format!("{member_id}.json"))))
            .settings(Client::builder().limiter(MemoryLimiter::standard()))
            .max_connections(CONNECTIONS)
            .max_idle_connections(IDLE)
            .idle_time(Duration::from_millis(1500))
            .build();
    let runtime = runtime();
    runtime.block_on(async {
        for number in 0..PORTALS {
            let tokens = Tokens::new("old", format!("http://{}/rest/", address(number, port)))
                .with_refresh_token(format!("refresh-{number}"))
                // Half of the tokens have expired.
                .with_expires_at(if number % 2 == 0 { 1 } else { u64::MAX / 2 });
            FileStore::new(folder.path().join(format!("m{number}.json"))).save(&tokens).await.unwrap();
        }
    });

    let before = descriptors();
    let (most, done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let watcher = thread::spawn({
        let (most, done) = (Arc::clone(&most), Arc::clone(&done));
        move || {
            while !done.load(Ordering::Relaxed) {
                most.fetch_max(descriptors(), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(2));
            }
        }
    });
    let start = Instant::now();
    runtime.block_on(async {
        for round in 0..2 {
            let mut calls = JoinSet::new();
            for number in 0..PORTALS {
                let portal = portals.portal(&format!("m{number}")).unwrap();
                calls.spawn(async move {
                    let response = portal.call(raw("profile", json!({})).read_only()).await.unwrap();
                    assert_eq!(response.result, address(number, port));
                });
            }
            calls.join_all().await;
            assert_eq!(portals.len(), PORTALS);
            println!(
                "round {round}: {:.1} s, at most {} descriptors",
                start.elapsed().as_secs_f64(),
                most.load(Ordering::Relaxed)
            );
        }
        // A few portals that are used all the time keep their connections; the other clients are removed.
        tokio::time::sleep(Duration::from_secs(2)).await;
        portals.remove_unused();
        assert_eq!(portals.len(), 0);
        portals.shutdown().await.unwrap();
    });
    done.store(true, Ordering::Relaxed);
    watcher.join().unwrap();
    let used = most.load(Ordering::Relaxed) - before;
    // Connections in use, unused ones, 16 refreshes with three each, and what the runtimes have.
    assert!(used <= CONNECTIONS + IDLE + 3 * 16 + 16, "{used} descriptors");
    drop(portals);
    drop(runtime);
    server.kill().unwrap();
    server.wait().unwrap();
}

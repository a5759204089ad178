//! Requests that want to use up the memory, the time or the connections of a portal.
#![cfg(feature = "cli")]
#![allow(clippy::print_stderr, reason = "a test says with how many connections it ran")]

#[path = "support/process.rs"]
mod process;

use std::io::BufRead;
use std::time::{Duration, Instant};

use bitrix24_portal::Portal;
use process::Process;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The largest memory of the program under attack, in mebibytes.
const MAX_MEMORY: u64 = 700;

/// As many, if bodies have at most 8 MiB instead of 32: less than a quarter of what is more than the program alone needs, which is 40.
const MAX_MEMORY_8: u64 = 200;

/// Sends a text, and reads until the portal closes the connection.
async fn exchange(address: &str, text: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // The portal may refuse before it has read everything.
    let _ = stream.write_all(text).await;
    read(&mut stream).await
}

/// What the portal sends until it closes the connection or sends nothing for a while.
async fn read(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    while let Ok(Ok(size @ 1..)) = tokio::time::timeout(Duration::from_secs(2), stream.read(&mut part)).await
    {
        answer.extend_from_slice(&part[..size]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(path: &str, headers: &str) -> Vec<u8> {
    format!("POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}\r\n").into_bytes()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

/// Sends the same part until the portal has had enough. Returns what it answered, and how many bytes it took.
async fn endless(address: &str, begin: &[u8], part: &[u8]) -> (String, usize) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(begin).await.expect("a head");
    let mut sent = 0;
    let begin = Instant::now();
    while stream.write_all(part).await.is_ok() {
        sent += part.len();
        assert!(begin.elapsed() < Duration::from_secs(60), "the portal reads without an end: {sent} bytes");
    }
    (read(&mut stream).await, sent)
}

#[tokio::test]
async fn endless_requests_are_given_up() {
    let portal = Portal::builder().max_body(1 << 20).start().await.expect("a portal");
    let address = portal.address().to_string();
    let path = portal.webhook().trim_start_matches(&portal.origin()).to_owned() + "crm.deal.add";
    // An announced size is refused before the body is sent.
    let answer = exchange(&address, &head(&path, "content-length: 99999999999999\r\n")).await;
    assert_eq!(status(&answer), "413", "{answer}");
    // A body of chunks without an end, and a head without an end.
    let chunk = [b"10000\r\n".to_vec(), vec![b'x'; 0x10000], b"\r\n".to_vec()].concat();
    let (answer, sent) = endless(&address, &head(&path, "transfer-encoding: chunked\r\n"), &chunk).await;
    assert!(matches!(status(&answer), "413" | ""), "{answer}");
    assert!(sent < 64 << 20, "{sent}");
    let header = format!("x: {}\r\n", "y".repeat(1000));
    let (answer, sent) = endless(&address, b"POST / HTTP/1.1\r\n", header.as_bytes()).await;
    assert!(matches!(status(&answer), "431" | ""), "{answer}");
    assert!(sent < 64 << 20, "{sent}");
    let (answer, _) = endless(&address, b"GET /", &[b'a'; 4096]).await;
    assert!(matches!(status(&answer), "414" | "431" | "400" | ""), "{answer}");
    // Each with an answer of its own, if it is read before more is sent.
    let long = format!("GET /rest/{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(100_000));
    let answer = exchange(&address, long.as_bytes()).await;
    assert!(matches!(status(&answer), "414" | "431"), "{answer}");
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(500));
    assert_eq!(status(&exchange(&address, many.as_bytes()).await), "431");
    for broken in [
        "\0\0\0\0\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET\r\n\r\n",
        "\r\n\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = exchange(&address, broken.as_bytes()).await;
        assert!(matches!(status(&answer), "400" | "505" | ""), "{broken:?}: {answer}");
    }
    let both = head(&path, "content-length: 5\r\ntransfer-encoding: chunked\r\n");
    let answer = exchange(&address, &[both, b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n".to_vec()].concat()).await;
    assert!(matches!(status(&answer), "200" | "400" | ""), "{answer}");
    assert!(reqwest::get(portal.origin()).await.expect("an answer").status().is_success());
}

#[tokio::test]
async fn slow_requests_are_given_up() {
    let timeout = Duration::from_millis(400);
    let portal = Portal::builder().read_timeout(timeout).start().await.expect("a portal");
    let path = portal.webhook().trim_start_matches(&portal.origin()).to_owned() + "crm.deal.add";
    for begin in [
        Vec::new(),
        b"POST / HTT".to_vec(),
        head(&path, "content-length: 1000\r\n"),
        head(&path, "transfer-encoding: chunked\r\n"),
    ] {
        let mut stream = TcpStream::connect(portal.address()).await.expect("a connection");
        stream.write_all(&begin).await.expect("a head");
        let started = Instant::now();
        // A byte now and then is not enough.
        let ended = loop {
            if stream.write_all(b"1").await.is_err() {
                break true;
            }
            let mut byte = [0; 256];
            match tokio::time::timeout(Duration::from_millis(50), stream.read(&mut byte)).await {
                Ok(Ok(0) | Err(_)) => break true,
                _ if started.elapsed() > Duration::from_secs(20) => break false,
                _ => {}
            }
        };
        assert!(ended, "still open after {:?}: {}", started.elapsed(), String::from_utf8_lossy(&begin));
    }
    assert_eq!(portal.rows("crm.deal").len(), 0);
}

#[tokio::test]
async fn bombs_cost_little_memory() {
    // Memory grows with the size of bodies, so that small ones show the same in a quarter of the time.
    let mut portal = Process::start(&["--max-body", "8"]);
    let size = 15 << 19;
    let nested =
        |open: &str, close: &str, depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    let pairs = |pair: &dyn Fn(usize) -> String, count: usize| (0..count).map(pair).collect::<String>();
    let form = "application/x-www-form-urlencoded";
    let bombs: Vec<(&str, String)> = vec![
        ("application/json", nested("[", "]", 1_000_000)),
        ("application/json", nested("{\"a\":", "}", 1_000_000)),
        ("application/json", format!("{{\"fields\":[{}0]}}", "0,".repeat(size / 2))),
        ("application/json", format!("{{\"fields\":[{}[]]}}", "[],".repeat(size / 3))),
        ("application/json", format!("{{\"fields\":{{\"TITLE\":\"{}\"}}}}", "x".repeat(size))),
        ("application/json", format!("[{}]", "9".repeat(size))),
        (form, format!("a{}=1", "[]".repeat(size / 2))),
        (form, format!("fields{}=1", "[x]".repeat(64)).repeat(1)),
        (form, "fields[]=1&".repeat(size / 11)),
        (form, pairs(&|at| format!("fields[{at}][a][b][c]=1&"), size / 30)),
        (form, "&".repeat(size)),
        (form, "%".repeat(size)),
        (
            "multipart/form-data; boundary=x",
            format!(
                "{}--x--",
                "--x\r\ncontent-disposition: form-data; name=\"fields[]\"\r\n\r\n1\r\n".repeat(size / 60)
            ),
        ),
        ("multipart/form-data; boundary=x", format!("--x\r\n{}", "a: b\r\n".repeat(size / 6))),
    ];
    drop_all(&mut portal, MAX_MEMORY_8, bombs).await;
    // The default, with bodies that are stored: one long text, and as many values as a body may have.
    let text = format!("\"TITLE\":\"{}\"", "x".repeat(30 << 20));
    let many = pairs(&|at| format!("\"{at}\":0,"), 200_000) + "\"x\":0";
    let stored = [text, many].map(|fields| ("application/json", format!("{{\"fields\":{{{fields}}}}}")));
    drop_all(&mut Process::start(&[]), MAX_MEMORY, stored.into()).await;
}

/// Sends each bomb four times at once.
async fn drop_all(portal: &mut Process, max_memory: u64, bombs: Vec<(&str, String)>) {
    let http = reqwest::Client::new();
    let url = format!("{}crm.deal.add", portal.webhook);
    for (at, (kind, bomb)) in bombs.into_iter().enumerate() {
        let begin = Instant::now();
        let sends = (0..4).map(|_| http.post(&url).header("content-type", kind).body(bomb.clone()).send());
        for answer in futures_util::future::join_all(sends).await {
            let answer = answer.unwrap_or_else(|error| panic!("bomb {at}: {error}"));
            assert!(matches!(answer.status().as_u16(), 200 | 400 | 413), "bomb {at}: {}", answer.status());
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "bomb {at} took {:?}", begin.elapsed());
        let memory = portal.memory("VmHWM").unwrap_or(0);
        assert!(memory < max_memory, "bomb {at}: {memory} MiB");
    }
    assert!(portal.is_running());
    assert_eq!(
        http.post(&url).json(&json!({"fields": {"TITLE": "x"}})).send().await.expect("an answer").status(),
        200
    );
}

#[tokio::test]
async fn further_connections_wait_until_one_ends() {
    let portal = Portal::builder()
        .max_connections(8)
        .read_timeout(Duration::from_secs(2))
        .start()
        .await
        .expect("a portal");
    let mut idle = Vec::new();
    for _ in 0..8 {
        idle.push(TcpStream::connect(portal.address()).await.expect("a connection"));
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let request = b"GET /page/live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
    let mut waiting = TcpStream::connect(portal.address()).await.expect("a connection");
    waiting.write_all(request).await.expect("a request");
    let mut byte = [0; 1];
    let early = tokio::time::timeout(Duration::from_millis(300), waiting.read(&mut byte)).await;
    assert!(early.is_err(), "it waits");
    idle.pop();
    let answer = read(&mut waiting).await;
    assert_eq!(status(&answer), "200", "{answer}");
    // No client ends by itself: the server ends those that send nothing.
    let begin = Instant::now();
    let mut waiting = TcpStream::connect(portal.address()).await.expect("a connection");
    let mut last = TcpStream::connect(portal.address()).await.expect("a connection");
    last.write_all(request).await.expect("a request");
    let mut answer = Vec::new();
    last.read_to_end(&mut answer).await.expect("an answer");
    assert_eq!(status(&String::from_utf8_lossy(&answer)), "200", "after {:?}", begin.elapsed());
    waiting.shutdown().await.expect("an end");
}

/// How many files a process may have open.
fn open_files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap_or_default();
    line.split_whitespace().nth(3).and_then(|soft| soft.parse().ok()).unwrap_or(256)
}

#[tokio::test]
async fn ten_thousand_connections_are_served() {
    let mut portal = Process::start(&[]);
    let count = open_files().saturating_sub(200).min(10_000);
    eprintln!("{count} connections");
    let request = format!(
        "POST {} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\n\r\n",
        portal.path("server.time")
    );
    let mut open = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(portal.authority()).await.expect("a connection");
        stream.write_all(request.as_bytes()).await.expect("a request");
        open.push(stream);
    }
    for stream in &mut open {
        let mut begin = [0; 12];
        tokio::time::timeout(Duration::from_secs(60), stream.read_exact(&mut begin))
            .await
            .expect("in time")
            .expect("an answer");
        assert_eq!(&begin, b"HTTP/1.1 200");
    }
    // All are still open, and one more is answered.
    assert_eq!(
        reqwest::get(format!("{}/page/live", portal.origin())).await.expect("an answer").status(),
        200
    );
    let memory = portal.memory("VmHWM").unwrap_or(0);
    assert!(portal.is_running() && memory < MAX_MEMORY, "{memory} MiB");
}

/// What the program prints when it starts.
fn spoken(arguments: &[&str]) -> String {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_bitrix24-portal"))
        .args(arguments)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program");
    let mut text = String::new();
    let mut lines = std::io::BufReader::new(program.stdout.take().expect("a pipe"));
    while !text.contains("listening on") && lines.read_line(&mut text).expect("a line") > 0 {}
    program.kill().expect("an end");
    program.wait().expect("an end");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_listens_on_loopback_unless_another_address_is_given() {
    let portal = Portal::start().await.expect("a portal");
    assert!(portal.address().ip().is_loopback());
    let portal = Portal::builder().listen(([0, 0, 0, 0], 0).into()).start().await.expect("a portal");
    assert!(!portal.address().ip().is_loopback());
    let busy = Portal::builder().listen(portal.address()).start().await.expect_err("in use");
    assert!(busy.to_string().contains("another program listens there"), "{busy}");
    let program = || std::process::Command::new(env!("CARGO_BIN_EXE_bitrix24-portal"));
    let wrong = program().args(["--listen", "nowhere"]).output().expect("the program");
    let message = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(!wrong.status.success() && message.contains("is not ADDRESS:PORT"), "{message}");
    // The program says who reaches it.
    let everyone = spoken(&["--listen", "0.0.0.0:0"]);
    assert!(everyone.contains("OTHER MACHINES MAY REACH IT"), "{everyone}");
    let this_machine = spoken(&["--listen", "[::1]:0"]);
    assert!(this_machine.contains("only this machine reaches it"), "{this_machine}");
    let address = format!("127.0.0.1:{}", portal.address().port());
    assert!(program().args(["--health", &address]).status().expect("the program").success());
    drop(portal);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let gone = program().args(["--health", &address]).output().expect("the program");
    assert!(!gone.status.success() && String::from_utf8_lossy(&gone.stderr).contains("no portal answers"));
}

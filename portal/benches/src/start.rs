//! The time from the start of the program to its first answer, and its memory with 10,000 deals.
//!
//! ```text
//! cargo build --release -p bitrix24-portal && cargo bench -p bitrix24-portal-benches --bench start -- "$PWD/target/release/bitrix24-portal"
//! ```
//!
//! The program is started 20 times; the median counts. The benchmark fails above 100 ms or 64 MiB.
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpStream;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use bitrix24_portal_benches::{Connections, request};

const RUNS: usize = 20;
const MAX_START: Duration = Duration::from_millis(100);
const MAX_MEBIBYTES: f64 = 64.0;

/// One run: the times to the first answer and to the first list of 10,000 rows, and the largest memory in mebibytes.
struct Run {
    first: Duration,
    listed: Duration,
    memory: f64,
}

fn main() -> ExitCode {
    let Some(program) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!(
            "not measured: the path of the program is missing; see the beginning of portal/benches/src/start.rs"
        );
        return ExitCode::SUCCESS;
    };
    let mut runs: Vec<Run> = (0..RUNS).map(|_| run(&program)).collect();
    runs.sort_by_key(|run| run.first);
    let first = runs[RUNS / 2].first;
    let slowest = runs[RUNS - 1].first;
    runs.sort_by_key(|run| run.listed);
    let listed = runs[RUNS / 2].listed;
    let memory = runs.iter().map(|run| run.memory).fold(0.0, f64::max);
    println!(
        "first answer after {first:.1?} (slowest {slowest:.1?}), first page of 10,000 deals after {listed:.1?}"
    );
    println!("at most {memory:.1} MiB after reading all 10,000 deals and the page's index");
    if first > MAX_START || memory > MAX_MEBIBYTES {
        println!("\nAllowed are {MAX_START:?} and {MAX_MEBIBYTES} MiB.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn run(program: &str) -> Run {
    let begin = Instant::now();
    let mut process = Command::new(program)
        .args(["--listen", "127.0.0.1:0", "--rows", "crm.deal=10000"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program: build it first");
    let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let webhook =
        lines.find_map(|line| Some(line.strip_prefix("webhook")?.trim().to_owned())).expect("an address");
    let (authority, path) = webhook.trim_start_matches("http://").split_once('/').expect("a path");
    let address = authority.parse().expect("an address");
    let mut connections = Connections::open(address, 1).expect("a connection");
    let mut call = |method: &str, body: &str| {
        let sent = request(&format!("/{path}{method}"), body);
        connections.exchange(&[sent]).expect("an answer")
    };
    call("crm.deal.fields", "{}");
    let first = begin.elapsed();
    call("crm.deal.list", "{}");
    let listed = begin.elapsed();
    for start in (50..10_000).step_by(50) {
        call("crm.deal.list", &format!("{{\"start\":{start}}}"));
    }
    let mut page = TcpStream::connect::<std::net::SocketAddr>(address).expect("a connection");
    page.write_all(b"GET /page/index HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
        .expect("a request");
    std::io::copy(&mut page, &mut std::io::sink()).expect("an answer");
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
    let highest = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<f64>().ok());
    process.kill().expect("an end");
    process.wait().expect("an end");
    Run { first, listed, memory: highest.unwrap_or(0.0) / 1024.0 }
}

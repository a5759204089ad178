//! A program with a journal that is killed in the midst, again and again. The program is this test, started with arguments.

#![expect(clippy::print_stdout, reason = "a test with a `main` of its own reports itself")]

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bitrix24_client::{Client, FileJournal, NoLimit};
use bitrix24_core::{Executed, json, raw};

use bitrix24_testing::{MockResponse, MockServer};

/// How many records are updated.
const RECORDS: u64 = 10_000;

/// How often the program is killed, at most.
const KILLS: usize = 60;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
        ["program", webhook, journal] => update(webhook, journal),
        _ => {
            a_killed_program_continues_and_repeats_nothing();
            println!("test a_killed_program_continues_and_repeats_nothing ... ok");
        }
    }
}

/// Updates all records and prints each outcome.
fn update(webhook: &str, journal: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let portal = Client::builder().limiter(NoLimit).webhook(webhook).unwrap();
        let requests = (1..=RECORDS).map(|id| (id, raw("crm.deal.update", json!({"id": id}))));
        let mut outcomes = portal.bulk(requests).concurrency(3).journal(FileJournal::open(journal).unwrap());
        while let Some((id, outcome)) = outcomes.next().await {
            match outcome.map_err(|error| error.executed()) {
                Ok(_) => println!("updated {id}"),
                Err(Executed::Unknown) => println!("uncertain {id}"),
                Err(executed) => panic!("{id}: {executed:?}"),
            }
        }
    });
    println!("complete");
}

/// The lines that the program prints until it is killed, after `lines` of them, or ends.
fn run(server: &MockServer, journal: &Path, lines: usize) -> Vec<String> {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["program", &server.webhook()]).arg(journal).stdout(Stdio::piped());
    let mut program = command.spawn().unwrap();
    let reader = BufReader::new(program.stdout.take().unwrap());
    let mut printed = Vec::new();
    for line in reader.lines().map(Result::unwrap) {
        printed.push(line);
        if printed.len() == lines {
            program.kill().unwrap();
        }
    }
    program.wait().unwrap();
    printed
}

/// Each record is updated exactly once, or is reported as uncertain and updated at most once.
fn a_killed_program_continues_and_repeats_nothing() {
    let updates: Arc<Mutex<BTreeMap<u64, u32>>> = Arc::default();
    let state = Arc::clone(&updates);
    let server = MockServer::start_on_thread(move |call| {
        let run = |_: &str, params: &bitrix24_core::Map<String, bitrix24_core::Value>| {
            *state.lock().unwrap().entry(params["id"].as_str().unwrap().parse().unwrap()).or_default() += 1;
            json!({"result": true})
        };
        MockResponse::result(bitrix24_testing::run_batch(&call.params, run)).after(Duration::from_millis(5))
    });
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("updates.journal");
    let mut kills = 0;
    let last = loop {
        // Killed at another place of a call each time. A program prints all uncertain records first, and again.
        let lines = run(&server, &journal, 150 * kills + 700 + 37 * (kills * 7 % 11));
        if lines.last().is_some_and(|line| line == "complete") {
            break lines;
        }
        kills += 1;
        assert!(kills <= KILLS, "the program does not get on");
    };
    assert!(kills >= 3, "{kills}");
    let uncertain: Vec<u64> =
        last.iter().filter_map(|line| line.strip_prefix("uncertain ")?.parse().ok()).collect();
    // At most the requests of three calls for each kill.
    assert!(uncertain.len() <= kills * 150, "{} after {kills} kills", uncertain.len());
    let updates = updates.lock().unwrap();
    for id in 1..=RECORDS {
        let count = updates.get(&id).copied().unwrap_or_default();
        assert!(count == 1 || (count == 0 && uncertain.contains(&id)), "{id}: {count} updates");
    }
    println!("{kills} kills, {} uncertain, {} of them updated", uncertain.len(), {
        uncertain.iter().filter(|id| updates.contains_key(id)).count()
    });
}

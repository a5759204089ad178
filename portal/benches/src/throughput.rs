//! Calls a second on one core, with 10,000 rows stored, against a bare axum handler that answers the same bytes.
//!
//! ```text
//! cargo bench -p bitrix24-portal-benches --bench throughput [-- KIND]
//! ```
//!
//! `KIND` is part of the name of a kind of call, for a profiler: without it, all are measured.
//!
//! Both servers have one thread, and a third sends requests on 16 connections, to both in alternating turns. What is compared is the
//! CPU time of the servers' threads for a call, which is the calls of a second of one core: other programs of the machine do not
//! count. The benchmark fails if the portal answers fewer than a third of the calls, for any kind of call.
#![allow(clippy::print_stdout, reason = "a benchmark prints its measurements")]

use std::process::ExitCode;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use bitrix24_portal::Portal;
use bitrix24_portal_benches::{Connections, Server, request};
use serde_json::{Value, json};

const ROWS: usize = 10_000;
/// The smallest ratio of calls.
const ALLOWED: f64 = 1.0 / 3.0;
const CONNECTIONS: usize = 16;
/// The number of measured pairs of turns, and of rounds in a turn. The first ones read rows that were not read before, which takes
/// longer; the median is that of calls on a portal in use.
const PAIRS: usize = 100;
const ROUNDS: usize = 12;

/// A kind of call, with the parameters of each.
type Kind = (&'static str, &'static str, fn(usize) -> Value);

const KINDS: [Kind; 8] = [
    ("get by identifier", "crm.deal.get", |at| json!({"id": 1 + at * 7919 % ROWS})),
    ("get of a universal item", "crm.item.get", |at| json!({"entityTypeId": 2, "id": 1 + at % 50})),
    (
        "page by identifier, three fields",
        "crm.deal.list",
        |at| json!({"select": ["ID", "TITLE", "OPPORTUNITY"], "filter": {">ID": at * 7919 % ROWS}, "order": {"ID": "ASC"}, "start": -1}),
    ),
    (
        "page of a filter with its total",
        "crm.deal.list",
        |at| json!({"select": ["ID", "TITLE"], "filter": {">OPPORTUNITY": 5000, "OPENED": "Y"}, "start": at % 20 * 50}),
    ),
    (
        "page of an order with its total",
        "crm.deal.list",
        |at| json!({"select": ["ID", "TITLE"], "order": {"OPPORTUNITY": "DESC"}, "start": at % 200 * 50}),
    ),
    ("page of all fields", "crm.deal.list", |at| json!({"start": at % 200 * 50})),
    ("add", "crm.deal.add", |at| json!({"fields": {"TITLE": format!("Gate {at}"), "OPPORTUNITY": at}})),
    (
        "update",
        "crm.deal.update",
        |at| json!({"id": 1 + at * 7919 % ROWS, "fields": {"TITLE": format!("Gate {at}")}}),
    ),
];

fn main() -> ExitCode {
    let (sender, webhook) = std::sync::mpsc::sync_channel(1);
    let portal = Server::start(move || async move {
        let builder = Portal::builder().rows("crm.deal", ROWS).rows_on_demand(true);
        let portal = builder.start().await.expect("a portal");
        sender.send(portal.webhook()).expect("a benchmark");
        (portal.address(), portal)
    });
    let webhook = webhook.recv().expect("an address");
    let path = webhook.splitn(4, '/').nth(3).map(|path| format!("/{path}")).expect("a path");
    let mut at = 0;
    let mut worst: f64 = f64::INFINITY;
    let mut shares = Vec::new();
    println!("{:<36} {:>14} {:>14} {:>8}", "calls a second of one core", "portal", "axum", "ratio");
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).unwrap_or_default();
    for (name, method, params) in KINDS.into_iter().filter(|(name, ..)| name.contains(&wanted)) {
        let mut batch = || -> Vec<Vec<u8>> {
            let requests = (0..CONNECTIONS).map(|_| {
                at += 1;
                request(&format!("{path}{method}"), &params(at).to_string())
            });
            requests.collect()
        };
        let mut to_portal = Connections::open(portal.address, CONNECTIONS).expect("connections");
        let bytes = Bytes::from(to_portal.exchange(&batch()).expect("an answer"));
        assert!(bytes.starts_with(b"{\"result\""), "{bytes:?}");
        let axum = bare(bytes.clone());
        let mut to_axum = Connections::open(axum.address, CONNECTIONS).expect("connections");
        let mut pairs = Vec::new();
        for pair in 0..=PAIRS {
            let mut measured = [0.0; 2];
            for turn in 0..2 {
                // Alternates which one is first.
                let is_portal = (turn + pair) % 2 == 0;
                let (server, connections) =
                    if is_portal { (&portal, &mut to_portal) } else { (&axum, &mut to_axum) };
                let requests: Vec<_> = (0..ROUNDS).map(|_| batch()).collect();
                let before = server.work();
                for round in &requests {
                    connections.exchange(round).expect("answers");
                }
                let spent = server.work() - before;
                measured[usize::from(!is_portal)] = (ROUNDS * CONNECTIONS) as f64 / spent.as_secs_f64();
            }
            // The first pair warms up.
            if pair > 0 {
                pairs.push((measured[0], measured[1], measured[0] / measured[1]));
            }
        }
        let median = |of: fn(&(f64, f64, f64)) -> f64| {
            let mut values: Vec<f64> = pairs.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let (own, bare, ratio) = (median(|pair| pair.0), median(|pair| pair.1), median(|pair| pair.2));
        println!("{name:<36} {own:>14.0} {bare:>14.0} {ratio:>8.3}   {} bytes", bytes.len());
        worst = worst.min(ratio);
        shares.push((1.0 / own, 1.0 / bare));
    }
    let (own, bare) = shares.iter().fold((0.0, 0.0), |sum, share| (sum.0 + share.0, sum.1 + share.1));
    let count = shares.len() as f64;
    println!("{:<36} {:>14.0} {:>14.0} {:>8.3}", "as many of each", count / own, count / bare, bare / own);
    if worst < ALLOWED {
        println!(
            "\nA kind of call has {worst:.3} of the calls of the bare handler; at least {ALLOWED:.3} are required."
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// A server of axum that answers these bytes to everything.
fn bare(bytes: Bytes) -> Server {
    Server::start(move || async move {
        let handler = move || {
            let bytes = bytes.clone();
            async move { ([(CONTENT_TYPE, "application/json; charset=UTF-8")], bytes) }
        };
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving =
            tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handler)).await });
        (address, serving)
    })
}

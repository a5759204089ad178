//! What was called, as lines of recorded traffic.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::SystemTime;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::exchange::Params;
use crate::spec::Api;

/// One call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Call {
    /// The interface.
    pub api: Api,
    /// The method as it was called.
    pub method: String,
    /// The parameters, without the token.
    pub params: Params,
    /// The HTTP status of the response. 0: there was none.
    pub status: u16,
    /// The address that sent it. Calls over the same connection have the same one.
    pub peer: SocketAddr,
    /// The idempotency key of a call of REST 3.
    pub idempotency_key: Option<String>,
}

/// The last calls, and how often each method ran.
#[derive(Debug)]
pub(crate) struct Record {
    calls: VecDeque<Entry>,
    /// The number of the last call; the first one has 1.
    last: u64,
    bytes: usize,
    max_bytes: usize,
    runs: HashMap<String, usize>,
}

/// A call with the body of its response, and how many bytes both have.
#[derive(Debug)]
struct Entry {
    number: u64,
    at: SystemTime,
    call: Call,
    body: Bytes,
    bytes: usize,
}

/// A call as it is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recorded<'r> {
    /// Calls are numbered from 1, also those that are no longer recorded.
    pub(crate) number: u64,
    pub(crate) at: SystemTime,
    pub(crate) call: &'r Call,
    /// The body of the response.
    pub(crate) body: &'r [u8],
}

impl Record {
    /// A record that keeps the last calls whose parameters and responses have so many bytes.
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self { calls: VecDeque::new(), last: 0, bytes: 0, max_bytes, runs: HashMap::new() }
    }

    /// Counts that a method ran, directly or in a batch.
    pub(crate) fn count_run(&mut self, method: &str) {
        if let Some(runs) = self.runs.get_mut(method) {
            *runs += 1;
            return;
        }
        *self.runs.entry(method.to_ascii_lowercase()).or_default() += 1;
    }

    /// How often a method ran.
    pub(crate) fn runs(&self, method: &str) -> usize {
        self.runs.get(&method.to_ascii_lowercase()).copied().unwrap_or_default()
    }

    /// Adds a call with the size of its request and the body of its response.
    pub(crate) fn add(&mut self, call: Call, request_bytes: usize, body: Bytes) {
        self.last += 1;
        // Parsed parameters are larger than their text.
        let bytes = 200 + 4 * request_bytes + body.len();
        if bytes > self.max_bytes {
            return;
        }
        self.bytes += bytes;
        self.calls.push_back(Entry { number: self.last, at: SystemTime::now(), call, body, bytes });
        while self.bytes > self.max_bytes {
            let Some(oldest) = self.calls.pop_front() else { break };
            self.bytes -= oldest.bytes;
        }
    }

    /// Removes all calls, and counts from 0.
    pub(crate) fn clear(&mut self) {
        self.calls.clear();
        self.runs.clear();
        self.bytes = 0;
    }

    /// The number of the last call. 0: there was none.
    pub(crate) fn last_number(&self) -> u64 {
        self.last
    }

    /// The calls before the one with this number, newest first.
    pub(crate) fn before(&self, number: u64) -> impl Iterator<Item = Recorded<'_>> {
        let end = self.calls.partition_point(|entry| entry.number < number);
        self.calls.range(..end).rev().map(|Entry { number, at, call, body, .. }| Recorded {
            number: *number,
            at: *at,
            call,
            body,
        })
    }

    /// The calls, oldest first.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.iter().map(|entry| entry.call.clone()).collect()
    }

    /// The calls as lines: a request and a response each.
    pub(crate) fn lines(&self) -> String {
        let mut lines = String::new();
        for Entry { call, body, .. } in &self.calls {
            let head = |kind: &str| json!({"api": call.api.name(), "method": call.method, "kind": kind});
            let mut request = head("request");
            request["body"] = Value::Object(call.params.clone());
            lines += &format!("{request}\n");
            if let Ok(body) = serde_json::from_slice::<Value>(body) {
                let mut response = head("response");
                response["status"] = call.status.into();
                response["body"] = body;
                lines += &format!("{response}\n");
            }
        }
        lines
    }
}

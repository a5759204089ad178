//! Connections, and the record of calls.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::call::Call;
use super::fault::Faults;
use super::http::Requests;
use super::response::MockResponse;
use crate::lock::lock;

type Script = dyn Fn(&Call) -> MockResponse + Send + Sync;

/// The state that all connections of a server share.
pub(crate) struct ServerState {
    script: Box<Script>,
    pub(crate) faults: Faults,
    calls: Mutex<Vec<Call>>,
    runs: Mutex<HashMap<String, usize>>,
    keeps_calls: AtomicBool,
}

impl ServerState {
    pub(crate) fn new(script: impl Fn(&Call) -> MockResponse + Send + Sync + 'static) -> Self {
        Self {
            script: Box::new(script),
            faults: Faults::default(),
            calls: Mutex::default(),
            runs: Mutex::default(),
            keeps_calls: AtomicBool::new(true),
        }
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        lock(&self.calls).clone()
    }

    pub(super) fn runs(&self, method: &str) -> usize {
        lock(&self.runs).get(method).copied().unwrap_or_default()
    }

    pub(super) fn forget_calls(&self) {
        self.keeps_calls.store(false, Ordering::Relaxed);
        lock(&self.calls).clear();
    }

    /// The response to a call, after any scheduled fault.
    pub(crate) fn answer(&self, call: &Call) -> MockResponse {
        if self.keeps_calls.load(Ordering::Relaxed) {
            lock(&self.calls).push(call.clone());
        }
        let run = || self.run(call);
        match self.faults.take(&call.method) {
            None => run(),
            Some(due) => due.apply(call, run),
        }
    }

    fn run(&self, call: &Call) -> MockResponse {
        if self.keeps_calls.load(Ordering::Relaxed) {
            *lock(&self.runs).entry(call.method.clone()).or_default() += 1;
        }
        (self.script)(call)
    }
}

/// Accepts connections until it is aborted, and then drops them.
pub(super) async fn listen(listener: TcpListener, state: Arc<ServerState>) {
    let mut connections = JoinSet::new();
    for number in 0.. {
        let Ok((stream, _)) = listener.accept().await else { return };
        let state = Arc::clone(&state);
        connections.spawn(async move {
            // A client that disconnects is no error of the server.
            let _ = serve(stream, number, &state).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Serves the requests of a connection until one side closes it.
async fn serve(mut stream: TcpStream, number: usize, state: &ServerState) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut requests = Requests::of(number);
    while let Some(call) = requests.next(&mut stream).await? {
        if !state.answer(&call).send(&mut stream).await? {
            break;
        }
    }
    Ok(())
}

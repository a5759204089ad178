//! The control address: what a test in any language asks of the portal itself, under `/control/`.

mod access;
mod commands;
mod faults;
mod run;
mod scripts;

use std::net::IpAddr;
use std::sync::Mutex;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::lock::lock;
use crate::state::State;

/// A request to the control address.
#[derive(Debug)]
pub(crate) struct ControlRequest<'r> {
    pub(crate) method: &'r str,
    /// What follows `/control/`.
    pub(crate) path: &'r str,
    pub(crate) query: &'r str,
    pub(crate) body: Bytes,
    pub(crate) from: From<'r>,
}

/// Who sent a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct From<'r> {
    pub(crate) peer: IpAddr,
    pub(crate) authorization: Option<&'r str>,
}

/// What is wrong with a request.
#[derive(Debug)]
struct Wrong {
    status: u16,
    message: String,
}

impl Wrong {
    fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

/// The response to a request: status and JSON.
pub(crate) async fn answer(state: &Mutex<State>, request: ControlRequest<'_>) -> (u16, Value) {
    let finished = match access::check(state, request.from) {
        Ok(()) => respond(state, &request).await,
        Err(wrong) => Err(wrong),
    };
    match finished {
        Ok(value) => (200, value),
        Err(wrong) => {
            (wrong.status, json!({"error": "INVALID_CONTROL_REQUEST", "error_description": wrong.message}))
        }
    }
}

async fn respond(state: &Mutex<State>, request: &ControlRequest<'_>) -> Result<Value, Wrong> {
    let path = request.path.trim_matches('/');
    if path.is_empty() {
        return Ok(commands::all());
    }
    let Some(known) = commands::find(path) else {
        let message = format!("there is no /control/{path}; GET /control/ lists what there is");
        return Err(Wrong::new(404, message));
    };
    if request.method != known.method {
        let message = format!("/control/{path} takes {}, not {}", known.method, request.method);
        return Err(Wrong::new(405, message));
    }
    let params = commands::params(known, request.query, &request.body)?;
    let command = commands::read(known, params)?;
    let finished = run::run(state, command).await;
    let saving = lock(state).save();
    saving.wait().await.map_err(|message| Wrong::new(500, message))?;
    finished
}

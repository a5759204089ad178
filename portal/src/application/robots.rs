//! Robots and activities that the application has added.

use std::io;
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use super::{USER, not_found, send_one};
use crate::families::find;
use crate::lock::lock;
use crate::outgoing::{Delivery, Outgoing};
use crate::php;
use crate::state::State;

/// The tables of robots and activities.
const TABLES: [&str; 2] = ["bizproc.robot", "bizproc.activity"];

/// Runs a robot or an activity for a document. Returns the event token too, by which it answers.
pub(crate) async fn run_robot(
    state: &Mutex<State>,
    code: &str,
    properties: &Value,
) -> io::Result<(String, Delivery)> {
    let (token, request) = {
        let mut state = lock(state);
        let row = row(&mut state, code)?
            .ok_or_else(|| not_found(format!("no robot and no activity has the code `{code}`")))?;
        let handler = find(&row, "HANDLER").map(php::text).unwrap_or_default();
        request(&mut state, &row, &handler, code, properties)
    };
    Ok((token, send_one(state, request).await))
}

/// The request of a robot or an activity, which need not be there.
pub(crate) fn robot_request(state: &mut State, code: &str, properties: &Value) -> Outgoing {
    let row = row(state, code).ok().flatten().unwrap_or_default();
    request(state, &row, "", code, properties).1
}

fn request(
    state: &mut State,
    row: &Map<String, Value>,
    handler: &str,
    code: &str,
    properties: &Value,
) -> (String, Outgoing) {
    let user = find(row, "AUTH_USER_ID").map_or(0, php::integer);
    let tokens = state.tokens.for_handler(if user == 0 { USER } else { user });
    let (workflow, activity) = state.tokens.for_robot();
    let token = format!("{workflow}|{activity}");
    let waits = find(row, "USE_SUBSCRIPTION").is_some_and(php::is_true);
    let own = json!({
        "workflow_id": workflow, "code": code,
        "document_id": ["crm", "CCrmDocumentDeal", "DEAL_1"],
        "document_type": ["crm", "CCrmDocumentDeal", "DEAL"],
        "event_token": token, "properties": properties, "use_subscription": if waits { "Y" } else { "N" },
        "timeout_duration": 0,
    });
    let own: Map<String, Value> = own.as_object().cloned().unwrap_or_default();
    (token, state.sender().robot(handler, code, own, &tokens))
}

/// The robot or activity with a code.
fn row(state: &mut State, code: &str) -> io::Result<Option<Map<String, Value>>> {
    for table in TABLES {
        let rows = state.machine.rows(table)?;
        let is_code = |row: &Map<String, Value>| find(row, "CODE").map(php::text).as_deref() == Some(code);
        if let Some(row) = rows.into_iter().find(is_code) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

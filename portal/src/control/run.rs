//! Runs commands.

use std::io;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use super::Wrong;
use super::commands::Command;
use super::faults::OtherCall;
use crate::application;
use crate::limits::Plan;
use crate::lock::lock;
use crate::outgoing::Delivery;
use crate::record::Call;
use crate::state::State;

/// Runs a command.
pub(super) async fn run(state: &Mutex<State>, command: Command) -> Result<Value, Wrong> {
    Ok(match command {
        Command::Install { handler } => deliveries(application::install(state, &handler).await),
        Command::Uninstall { clean } => deliveries(application::uninstall(state, clean).await),
        Command::Placement { placement, options } => {
            delivery(&application::open(state, &placement, &options).await.map_err(refused)?)
        }
        Command::Robot { code, properties } => {
            let (token, sent) = application::run_robot(state, &code, &properties).await.map_err(refused)?;
            let mut shown = delivery(&sent);
            shown["event_token"] = token.into();
            shown
        }
        Command::Message { bot, dialog, text } => {
            delivery(&application::message_to_bot(state, bot, &dialog, &text).await.map_err(refused)?)
        }
        at_once => run_at_once(&mut lock(state), at_once)?,
    })
}

fn run_at_once(state: &mut State, command: Command) -> Result<Value, Wrong> {
    match command {
        Command::Fail { method, fault, calls, skip, after_running } => {
            let scheduled = state.faults.schedule(&method, fault.fault()?, calls).skip(skip);
            if after_running {
                scheduled.after_running();
            }
        }
        Command::Call(OtherCall { method, params }) => {
            let result = state.call_as_other(&method, &params);
            return result.map(|result| json!({"result": result})).map_err(|refusal| {
                Wrong::new(400, format!("{method}: {} {}", refusal.code, refusal.message))
            });
        }
        Command::Respond(parts) => parts.add_to(&mut state.scripts)?,
        Command::Request(parts) => return Ok(parts.request(state)),
        Command::Reset {} => state.reset().map_err(|error| Wrong::new(500, error.to_string()))?,
        Command::Rows { table } => {
            if !state.machine.has_table(&table) {
                let message = format!(
                    "there is no table `{table}`: a table has the name of an entity, such as crm.deal"
                );
                return Err(Wrong::new(404, message));
            }
            let rows = state.machine.rows(&table).map_err(|error| Wrong::new(500, error.to_string()))?;
            return Ok(rows.into_iter().map(Value::Object).collect());
        }
        Command::Calls {} => return Ok(state.record.calls().iter().map(call).collect()),
        Command::Recorded {} => {
            let lines = state.record.lines();
            return Ok(lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).collect());
        }
        Command::Deliveries {} => return Ok(deliveries(state.deliveries.all())),
        Command::Event { event, data } => {
            let reached = state.raise_event(&event, data).map_err(|message| Wrong::new(404, message))?;
            return Ok(json!({"handlers": reached}));
        }
        Command::Plan { plan } => state.set_plan(&plan.map_or(Plan::Unlimited, Plan::Named)),
        Command::Operating { method, seconds } if seconds.is_finite() && seconds >= 0.0 => {
            state.limits.set_cost(&method, seconds);
        }
        Command::Operating { .. } => return Err(Wrong::new(400, "seconds are 0 or more")),
        Command::Move { origin } => {
            if origin.as_ref().is_some_and(|origin| !origin.contains("://")) {
                return Err(Wrong::new(400, "an origin is such as http://127.0.0.1:8025"));
            }
            state.moved_to = origin.map(|origin| origin.trim_end_matches('/').to_owned());
        }
        Command::Tokens {} => {
            let pair = state.tokens.issue();
            return Ok(json!({"access_token": pair.access_token, "refresh_token": pair.refresh_token}));
        }
        Command::TokenRequests {} => {
            let requests = state.tokens.requests;
            return Ok(json!({
                "received": requests.received, "granted": requests.granted, "refused": requests.refused,
            }));
        }
        Command::Revoke {} => state.tokens.revoke_grants(),
        Command::Expire { lifetime } => {
            state.tokens.expire();
            if let Some(seconds) = lifetime {
                state.tokens.lifetime = Duration::from_secs(seconds.min(u64::from(u32::MAX)));
            }
        }
        Command::Language { language } => state.machine.spec.system.language = language,
        // Those that send something are run outside of the lock.
        other => return Err(Wrong::new(500, format!("{other:?} is not run at once"))),
    }
    Ok(json!({"done": true}))
}

fn refused(error: io::Error) -> Wrong {
    Wrong::new(404, error.to_string())
}

fn call(call: &Call) -> Value {
    json!({"api": call.api.name(), "method": call.method, "params": call.params, "status": call.status})
}

fn deliveries(sent: Vec<Delivery>) -> Value {
    sent.iter().map(delivery).collect()
}

fn delivery(sent: &Delivery) -> Value {
    let mut shown = json!({"url": sent.url, "what": sent.what});
    match &sent.response {
        Ok((status, body)) => {
            shown["status"] = (*status).into();
            shown["body"] = body.as_str().into();
        }
        Err(problem) => shown["problem"] = problem.as_str().into(),
    }
    shown
}

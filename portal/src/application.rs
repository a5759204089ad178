//! What a portal does with an application: installs and removes it, opens its pages, and runs its robots and bots.

mod bots;
mod requests;
mod robots;

use std::io;
use std::sync::Mutex;

use serde_json::Value;

use crate::bindings::check_code;
use crate::lock::lock;
use crate::outgoing::{Delivery, Outgoing};
use crate::state::State;

pub(crate) use bots::message_to_bot;
pub(crate) use requests::{install_request, page_request, uninstall_request};
pub(crate) use robots::{robot_request, run_robot};

/// The place of the application's own page.
const OWN_PAGE: &str = "DEFAULT";

/// The user who acts.
const USER: i64 = 1;

/// Sends requests at once, one after another.
async fn send(state: &Mutex<State>, requests: Vec<Outgoing>) -> Vec<Delivery> {
    let mut sent = Vec::new();
    for request in requests {
        sent.push(send_one(state, request).await);
    }
    sent
}

/// Waits until everything that changed is in the data file. If that cannot be written, calls of methods say so.
async fn save(state: &Mutex<State>) {
    let saving = lock(state).save();
    let _ = saving.wait().await;
}

async fn send_one(state: &Mutex<State>, request: Outgoing) -> Delivery {
    // Tokens that were sent are valid after a restart.
    save(state).await;
    let delivery = request.deliver().await;
    lock(state).deliveries.add(delivery.clone());
    delivery
}

/// Installs the application at an address: the event, and then the page that the user sees.
pub(crate) async fn install(state: &Mutex<State>, handler: &str) -> Vec<Delivery> {
    let requests = {
        let mut state = lock(state);
        state.machine.bindings.install(handler);
        let (sender, tokens) = (state.sender(), state.tokens.for_handler(USER));
        vec![sender.install(handler, &tokens), sender.page(handler, OWN_PAGE, &Value::Null, &tokens)]
    };
    send(state, requests).await
}

/// Removes the application: all that it has bound, and its tokens.
pub(crate) async fn uninstall(state: &Mutex<State>, clean: bool) -> Vec<Delivery> {
    let requests = {
        let mut state = lock(state);
        let bound = state.machine.bindings.events.all().iter();
        let bound =
            bound.filter(|bound| bound.event == "ONAPPUNINSTALL").filter_map(|bound| bound.handler.clone());
        let mut handlers: Vec<String> = bound.collect();
        handlers.extend(state.machine.bindings.installed.take());
        handlers.sort();
        handlers.dedup();
        let sender = state.sender();
        state.machine.bindings.clear();
        state.tokens.revoke();
        handlers.iter().map(|handler| sender.uninstall(handler, clean)).collect()
    };
    save(state).await;
    send(state, requests).await
}

/// Opens a page of the application at a place of the interface.
pub(crate) async fn open(state: &Mutex<State>, code: &str, options: &Value) -> io::Result<Delivery> {
    let request = {
        let mut state = lock(state);
        let handler = if code == OWN_PAGE {
            state
                .machine
                .bindings
                .installed
                .clone()
                .ok_or_else(|| not_found("the application is not installed".to_owned()))?
        } else {
            let spec = &state.machine.spec;
            check_code(spec, code).map_err(|refusal| not_found(refusal.message))?;
            let bound = state.machine.bindings.placements.at(code);
            let bound =
                bound.ok_or_else(|| not_found(format!("no handler is bound at the placement `{code}`")))?;
            bound.handler.clone()
        };
        let tokens = state.tokens.for_handler(USER);
        state.sender().page(&handler, code, options, &tokens)
    };
    Ok(send_one(state, request).await)
}

fn not_found(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, message)
}

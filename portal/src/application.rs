//! What a portal does with an application: installs and removes it, opens its pages, and runs its robots and bots.

use std::io;
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use crate::bindings::check_code;
use crate::families::fold;
use crate::lock::lock;
use crate::outgoing::{Delivery, EventRequest, Outgoing};
use crate::php;
use crate::state::State;

/// The place of the application's own page.
const OWN_PAGE: &str = "DEFAULT";

/// The tables of robots and activities.
const ROBOTS: [&str; 2] = ["bizproc.robot", "bizproc.activity"];

/// The user who acts.
const USER: i64 = 1;

/// Sends requests at once, one after another.
async fn send(state: &Mutex<State>, requests: Vec<Outgoing>) -> Vec<Delivery> {
    let deliveries = lock(state).deliveries.clone();
    let mut sent = Vec::new();
    for request in requests {
        let delivery = request.send().await;
        deliveries.add(delivery.clone());
        sent.push(delivery);
    }
    sent
}

async fn send_one(state: &Mutex<State>, request: Outgoing) -> Delivery {
    let deliveries = lock(state).deliveries.clone();
    let delivery = request.send().await;
    deliveries.add(delivery.clone());
    delivery
}

/// Installs the application at an address: the event, and then the page that the user sees.
pub(crate) async fn install(state: &Mutex<State>, handler: &str) -> Vec<Delivery> {
    let requests = {
        let mut state = lock(state);
        state.installed = Some(handler.to_owned());
        let (sender, tokens) = (state.sender(), state.tokens.to_send(USER));
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
        handlers.extend(state.installed.take());
        handlers.sort();
        handlers.dedup();
        let sender = state.sender();
        state.machine.bindings = crate::bindings::Bindings::default();
        state.tokens.revoke();
        handlers.iter().map(|handler| sender.uninstall(handler, clean)).collect()
    };
    send(state, requests).await
}

/// Opens a page of the application at a place of the interface.
pub(crate) async fn open(state: &Mutex<State>, code: &str, options: &Value) -> io::Result<Delivery> {
    let request = {
        let mut state = lock(state);
        let handler = if code == OWN_PAGE {
            state.installed.clone().ok_or_else(|| not_found("the application is not installed".to_owned()))?
        } else {
            let spec = &state.machine.spec;
            check_code(spec, code).map_err(|refusal| not_found(refusal.message))?;
            let bound = state.machine.bindings.placements.at(code);
            let bound =
                bound.ok_or_else(|| not_found(format!("no handler is bound at the placement `{code}`")))?;
            bound.handler.clone()
        };
        let tokens = state.tokens.to_send(USER);
        state.sender().page(&handler, code, options, &tokens)
    };
    Ok(send_one(state, request).await)
}

/// Runs a robot or an activity for a document. Returns the event token too, by which it answers.
pub(crate) async fn run_robot(
    state: &Mutex<State>,
    code: &str,
    properties: &Value,
) -> io::Result<(String, Delivery)> {
    let (token, request) = {
        let mut state = lock(state);
        let rows = ROBOTS.iter().flat_map(|table| state.machine.store.rows(table));
        let field = |row: &[(String, Value)], name: &str| {
            row.iter()
                .find(|(own, _)| fold(own) == fold(name))
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        let mut found = rows.filter(|(_, row)| php::text(&field(row, "CODE")) == code);
        let missing = || not_found(format!("no robot and no activity has the code `{code}`"));
        let (_, row) = found.next().ok_or_else(missing)?;
        drop(found);
        let user = php::integer(&field(&row, "AUTH_USER_ID"));
        let tokens = state.tokens.to_send(if user == 0 { USER } else { user });
        let (workflow, activity) = state.tokens.for_robot();
        let token = format!("{workflow}|{activity}");
        let waits = php::is_true(&field(&row, "USE_SUBSCRIPTION"));
        let own = json!({
            "workflow_id": workflow, "code": code,
            "document_id": ["crm", "CCrmDocumentDeal", "DEAL_1"],
            "document_type": ["crm", "CCrmDocumentDeal", "DEAL"],
            "event_token": token, "properties": properties, "use_subscription": if waits { "Y" } else { "N" },
            "timeout_duration": 0,
        });
        let own: Map<String, Value> = own.as_object().cloned().unwrap_or_default();
        (token, state.sender().robot(&php::text(&field(&row, "HANDLER")), code, own, &tokens))
    };
    Ok((token, send_one(state, request).await))
}

/// Sends a message of a user to a bot.
pub(crate) async fn message_to_bot(
    state: &Mutex<State>,
    bot: i64,
    dialog: &str,
    text: &str,
) -> io::Result<Delivery> {
    let request = {
        let mut state = lock(state);
        let (bot_of, is_first) = find_bot(&state, bot)?;
        let name = if is_first { "ONIMBOTMESSAGEADD" } else { "ONIMBOTV2MESSAGEADD" };
        let tokens = state.tokens.to_send(USER);
        let sender = state.sender();
        let missing = || not_found(format!("the spec has no event {name}"));
        let event = state.machine.spec.event(name).ok_or_else(missing)?;
        let mut data = state.machine.plausible_value(&event.data, "data");
        let auth = sender.auth("imbot", Some(&tokens));
        if is_first {
            let mut own = auth.clone();
            own["AUTH"] = auth;
            own["BOT_ID"] = bot.into();
            own["BOT_CODE"] = bot_of.code.as_str().into();
            data["BOT"] = json!({bot.to_string(): own});
            for (field, value) in [("MESSAGE", text), ("DIALOG_ID", dialog), ("MESSAGE_TYPE", "P")] {
                data["PARAMS"][field] = value.into();
            }
            for (field, value) in [("FROM_USER_ID", USER), ("AUTHOR_ID", USER), ("TO_USER_ID", bot)] {
                data["PARAMS"][field] = value.into();
            }
            data["USER"]["ID"] = USER.into();
        } else {
            data["bot"]["id"] = bot.into();
            data["bot"]["code"] = bot_of.code.as_str().into();
            data["bot"]["auth"] = auth;
            data["message"]["text"] = text.into();
            data["message"]["authorId"] = USER.into();
            data["chat"]["dialogId"] = dialog.into();
            data["user"]["id"] = USER.into();
        }
        let handler = event.handler_id.as_deref().map(|field| (field, bot.unsigned_abs()));
        let (url, scope) = (bot_of.handler.as_str(), event.scope.as_slice());
        sender.event(&EventRequest { url, name, scope, data: &data, handler, tokens: Some(&tokens) })
    };
    Ok(send_one(state, request).await)
}

/// A bot whose messages have an address.
struct Bot {
    code: String,
    handler: String,
}

/// The tables of bots, of the first version of the methods and of the second, and the fields with the address.
const BOTS: [(&str, &[&str]); 2] =
    [("imbot", &["eventmessageadd", "eventhandler"]), ("imbot.v2.Bot", &["webhookurl"])];

/// A bot, and whether it is of the first version.
fn find_bot(state: &State, id: i64) -> io::Result<(Bot, bool)> {
    let mut message = format!("there is no bot {id}");
    for (table, addresses) in BOTS {
        let rows = state.machine.store.rows(table);
        let Some((_, row)) = rows.into_iter().find(|(own, _)| *own == id) else { continue };
        let field = |name: &str| {
            let found = row.iter().find(|(own, _)| fold(own) == name);
            found.map(|(_, value)| php::text(value)).unwrap_or_default()
        };
        if let Some(handler) = addresses.iter().map(|name| field(name)).find(|address| !address.is_empty()) {
            return Ok((Bot { code: field("code"), handler }, table == "imbot"));
        }
        message = format!("the bot {id} has no address for messages: its events are fetched");
    }
    Err(not_found(message))
}

fn not_found(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, message)
}

//! Chat bots that the application has registered.

use std::io;
use std::sync::Mutex;

use serde_json::{Map, Value, json};

use super::{USER, not_found, send_one};
use crate::families::fold;
use crate::lock::lock;
use crate::outgoing::{Delivery, EventRequest};
use crate::php;
use crate::state::State;

/// The table with the bots of both versions.
const TABLE: &str = "imbot.v2.Bot";

/// A version of the methods: the fields with addresses, folded, and the event of a message.
struct Version {
    addresses: &'static [&'static str],
    event: &'static str,
}

const FIRST: Version =
    Version { addresses: &["eventmessageadd", "eventhandler"], event: "ONIMBOTMESSAGEADD" };

const SECOND: Version = Version { addresses: &["webhookurl"], event: "ONIMBOTV2MESSAGEADD" };

/// A bot whose messages have an address.
struct Bot {
    id: i64,
    code: String,
    handler: String,
    version: &'static Version,
}

/// A message to a bot.
struct Message<'m> {
    dialog: &'m str,
    text: &'m str,
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
        let bot = find_bot(&mut state, bot)?;
        let name = bot.version.event;
        let tokens = state.tokens.for_handler(USER);
        let sender = state.sender();
        let missing = || not_found(format!("the spec has no event {name}"));
        let event = state.machine.spec.event(name).ok_or_else(missing)?;
        let mut data = state.machine.plausible_value(&event.data, "data");
        let (auth, message) = (sender.auth("imbot", Some(&tokens)), Message { dialog, text });
        if bot.version.event == FIRST.event {
            fill_first(&mut data, &bot, auth, &message);
        } else {
            fill_second(&mut data, &bot, auth, &message);
        }
        let handler = event.handler_id.as_deref().map(|field| (field, bot.id.unsigned_abs()));
        let (url, scope) = (bot.handler.as_str(), event.scope.as_slice());
        sender.event(&EventRequest { url, name, scope, data: &data, handler, tokens: Some(&tokens) })
    };
    Ok(send_one(state, request).await)
}

/// The parts of the first version's data that are known.
fn fill_first(data: &mut Value, bot: &Bot, auth: Value, message: &Message<'_>) {
    let mut own = auth.clone();
    own["AUTH"] = auth;
    own["BOT_ID"] = bot.id.into();
    own["BOT_CODE"] = bot.code.as_str().into();
    data["BOT"] = json!({bot.id.to_string(): own});
    let params = &mut data["PARAMS"];
    for (field, value) in [("MESSAGE", message.text), ("DIALOG_ID", message.dialog), ("MESSAGE_TYPE", "P")] {
        params[field] = value.into();
    }
    for (field, value) in [("FROM_USER_ID", USER), ("AUTHOR_ID", USER), ("TO_USER_ID", bot.id)] {
        params[field] = value.into();
    }
    data["USER"]["ID"] = USER.into();
}

/// The parts of the second version's data that are known.
fn fill_second(data: &mut Value, bot: &Bot, auth: Value, message: &Message<'_>) {
    data["bot"]["id"] = bot.id.into();
    data["bot"]["code"] = bot.code.as_str().into();
    data["bot"]["auth"] = auth;
    data["message"]["text"] = message.text.into();
    data["message"]["authorId"] = USER.into();
    data["chat"]["dialogId"] = message.dialog.into();
    data["user"]["id"] = USER.into();
}

/// A bot of either version that has an address.
fn find_bot(state: &mut State, id: i64) -> io::Result<Bot> {
    let row = state.machine.row(TABLE, id)?.ok_or_else(|| not_found(format!("there is no bot {id}")))?;
    let field = |name: &str| of_row(&row, name);
    for version in [&FIRST, &SECOND] {
        let mut addresses = version.addresses.iter().map(|name| field(name));
        if let Some(handler) = addresses.find(|address| !address.is_empty()) {
            return Ok(Bot { id, code: field("code"), handler, version });
        }
    }
    Err(not_found(format!("the bot {id} has no address for messages: its events are fetched")))
}

/// A field by its folded name.
fn of_row(row: &Map<String, Value>, folded: &str) -> String {
    let named = row.iter().find(|(name, _)| fold(name) == folded);
    named.map(|(_, value)| php::text(value)).unwrap_or_default()
}

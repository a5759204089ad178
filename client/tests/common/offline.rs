//! A portal with offline events, and streams with short times.
#![allow(dead_code, unreachable_pub)]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bitrix24_client::{App, Client, MemoryStore, NoLimit, OfflineEvent, OfflineEvents};
use bitrix24_core::events::EventType;
use bitrix24_core::oauth::Tokens;
use bitrix24_core::wire::{Fields, FromFields};
use bitrix24_core::{AnyError, Map, Value, json};
use bitrix24_portal::{Answer, Portal};
use tokio::time::timeout;

pub const SOON: Duration = Duration::from_secs(20);

#[derive(Debug, Default, PartialEq)]
pub struct DealUpdate {
    pub id: Option<i64>,
}

impl FromFields for DealUpdate {
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        let data = fields.optional::<Map<String, Value>>("FIELDS").unwrap_or_default();
        Self { id: data.get("ID").and_then(|id| bitrix24_core::wire::decode_strict(id).ok()) }
    }
}

impl EventType for DealUpdate {
    const NAME: &'static str = "ONCRMDEALUPDATE";
}

/// A portal with offline events about deals 1 to `count`.
pub async fn portal(count: i64) -> Portal {
    let portal = Portal::start().await.unwrap();
    bind_offline(&portal, "onCrmDealUpdate", "");
    emit(&portal, 1..=count);
    portal
}

/// Binds an event to the queue of a source; empty for none.
pub fn bind_offline(portal: &Portal, event: &str, connector: &str) {
    let binding = json!({"event": event, "event_type": "offline", "auth_connector": connector});
    portal.call("event.bind", object(binding)).unwrap();
}

pub fn emit(portal: &Portal, deals: impl IntoIterator<Item = i64>) {
    for deal in deals {
        portal.fire_event("onCrmDealUpdate", json!({"FIELDS": {"ID": deal}})).unwrap();
    }
}

pub fn client(portal: &Portal) -> Client {
    let (id, secret) = portal.client_credentials();
    let tokens = Tokens::new(portal.issue_tokens().access_token, portal.client_endpoint());
    let app = App::new(id, secret).with_server(&portal.origin()).unwrap();
    Client::builder().limiter(NoLimit).application(app, MemoryStore::new(tokens))
}

/// A stream with short times.
pub fn events(client: &Client) -> OfflineEvents {
    client
        .offline_events()
        .poll_interval(Duration::from_millis(10), Duration::from_millis(50))
        .clear_within(Duration::from_millis(100))
        .lease(Duration::from_secs(60))
}

pub async fn next(events: &mut OfflineEvents) -> OfflineEvent {
    next_or_error(events).await.unwrap()
}

pub async fn next_or_error(events: &mut OfflineEvents) -> Result<OfflineEvent, AnyError> {
    timeout(SOON, events.next()).await.unwrap().unwrap()
}

pub fn deal(event: &OfflineEvent) -> i64 {
    event.read::<DealUpdate>().unwrap().id.unwrap()
}

/// All events in the queue without a source.
pub fn rows(portal: &Portal) -> Vec<Value> {
    rows_of(portal, "")
}

/// All events in the queue of a source.
pub fn rows_of(portal: &Portal, connector: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    loop {
        let params = json!({"auth_connector": connector, "start": rows.len()});
        let page = portal.call("event.offline.list", object(params)).unwrap();
        let page = page.as_array().unwrap();
        rows.extend(page.iter().cloned());
        if page.len() < 50 {
            return rows;
        }
    }
}

/// The parameters of all calls of a method, without commands of batches.
pub fn calls(portal: &Portal, method: &str) -> Vec<Value> {
    let calls = portal.calls().into_iter().filter(|call| call.method == method);
    calls.map(|call| Value::Object(call.params)).collect()
}

pub fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// The events that are marked as erroneous on a portal where this does not end their reservation. No page says whether it does;
/// `bitrix24-portal` ends it.
#[derive(Clone, Default)]
pub struct ErrorsKeepReservations(Arc<Mutex<BTreeSet<String>>>);

impl ErrorsKeepReservations {
    pub fn on(portal: &Portal) -> Self {
        let errors = Self::default();
        let marked = errors.clone();
        portal.respond("event.offline.error", move |call| {
            let filter =
                json!({"PROCESS_ID": call.param("process_id"), "MESSAGE_ID": call.param("message_id")});
            let rows = call.call("event.offline.list", object(json!({"filter": filter})))?;
            let ids = rows.as_array().into_iter().flatten().map(|row| row["ID"].as_str().unwrap().to_owned());
            marked.0.lock().unwrap().extend(ids);
            Ok(Answer::of(true.into()))
        });
        let known = errors.clone();
        portal.respond("event.offline.get", move |call| {
            let failed = call.param("error").is_some_and(|error| *error == 1);
            let mut params = call.params().clone();
            params.shift_remove("error");
            if call.param("process_id").is_none() {
                return if failed {
                    Ok(json!({"process_id": "none", "events": []}).into())
                } else {
                    call.run()
                };
            }
            params.insert("limit".to_owned(), 1_000.into());
            let mut answer = call.run_with(&params)?;
            let limit = call.param("limit").and_then(Value::as_u64).unwrap_or(50);
            let events = answer.result["events"].as_array_mut().unwrap();
            events.retain(|event| known.has(event) == failed);
            events.truncate(limit as usize);
            Ok(answer)
        });
        let known = errors.clone();
        portal.respond("event.offline.list", move |call| {
            let mut params = call.params().clone();
            let error = params.get_mut("filter").and_then(Value::as_object_mut);
            let error = error.and_then(|filter| filter.shift_remove("ERROR")).unwrap_or_default();
            let mut answer = call.run_with(&params)?;
            let rows = answer.result.as_array_mut().unwrap();
            for row in rows.iter_mut() {
                row["ERROR"] = u8::from(known.has(row)).to_string().into();
            }
            let wanted = error.to_string();
            rows.retain(|row| error.is_null() || row["ERROR"] == wanted.as_str());
            Ok(answer)
        });
        errors
    }

    /// How many events are marked.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn has(&self, row: &Value) -> bool {
        self.0.lock().unwrap().contains(row["ID"].as_str().unwrap())
    }
}

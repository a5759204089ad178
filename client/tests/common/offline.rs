//! A portal with offline events, and streams with short times.
#![allow(dead_code, unreachable_pub)]

use std::time::Duration;

use bitrix24_client::{App, Client, MemoryStore, NoLimit, OfflineEvent, OfflineEvents};
use bitrix24_core::events::EventType;
use bitrix24_core::oauth::Tokens;
use bitrix24_core::wire::{Fields, FromFields};
use bitrix24_core::{AnyError, Value, json};
use bitrix24_testing::{CLIENT_ID, CLIENT_SECRET, MockPortal, Row};
use tokio::time::timeout;

pub const SOON: Duration = Duration::from_secs(20);

#[derive(Debug, Default, PartialEq)]
pub struct DealUpdate {
    pub id: Option<i64>,
}

impl FromFields for DealUpdate {
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        let data = fields.optional::<bitrix24_core::Map<String, Value>>("FIELDS").unwrap_or_default();
        Self { id: data.get("ID").and_then(|id| bitrix24_core::wire::decode_strict(id).ok()) }
    }
}

impl EventType for DealUpdate {
    const NAME: &'static str = "ONCRMDEALUPDATE";
}

/// A portal with offline events about deals 1 to `count`.
pub async fn portal(count: i64) -> MockPortal {
    let portal = MockPortal::start([]).await;
    portal.bindings(|bindings| bindings.bind_offline("onCrmDealUpdate", ""));
    emit(&portal, 1..=count);
    portal
}

pub fn emit(portal: &MockPortal, deals: impl IntoIterator<Item = i64>) {
    for deal in deals {
        portal.emit("onCrmDealUpdate", json!({"FIELDS": {"ID": deal}}));
    }
}

pub fn client(portal: &MockPortal) -> Client {
    let issued = portal.tokens(bitrix24_testing::Tokens::issue);
    let tokens = Tokens::new(issued.access_token, portal.client_endpoint());
    let app = App::new(CLIENT_ID, CLIENT_SECRET).with_server(&portal.origin()).unwrap();
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

pub fn rows(portal: &MockPortal) -> Vec<Row> {
    portal.offline(|queue| queue.rows().to_vec())
}

/// The parameters of all calls of a method, in batches too.
pub fn calls(portal: &MockPortal, method: &str) -> Vec<Value> {
    portal.calls_of(method).into_iter().map(|call| call.params).collect()
}

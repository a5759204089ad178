//! The methods of the queue.

use std::collections::BTreeMap;

use bitrix24_core::events::{OfflineRow, RawEvent};
use bitrix24_core::wire::{self, Json};
use bitrix24_core::{AnyError, Map, RawRequest, Value, json, raw};

use super::super::application::explain;
use super::settings::Settings;
use crate::batch::Batch;
use crate::client::Client;

/// How many rows `event.offline.list` returns.
const PAGE: usize = 50;

/// How many pages of reservations are read at once.
const MAX_PAGES: usize = 40;

/// The queue of one source.
///
/// Every call is safe to repeat: rows of a lost response stay reserved and are found by [`reservations`](Self::reservations), and
/// clearing or marking rows of a reservation twice changes nothing.
#[derive(Clone)]
pub(super) struct Queue {
    client: Client,
    connector: Option<String>,
    filter: Map<String, Value>,
    order: Option<Value>,
    failed: bool,
}

/// Rows of a reservation.
pub(super) struct Rows {
    /// `None` if the portal has not reserved them.
    pub(super) process_id: Option<String>,
    pub(super) events: Vec<RawEvent>,
}

/// The reservations of all workers: the identifiers of the rows by process.
pub(super) type Reservations = BTreeMap<String, Vec<i64>>;

impl Queue {
    pub(super) fn new(client: &Client, settings: &Settings) -> Self {
        Self {
            client: client.safe_to_repeat(),
            connector: settings.connector.clone(),
            filter: settings.filter.clone(),
            order: settings.order.clone(),
            failed: settings.failed,
        }
    }

    /// Whether this is the queue of the events that are marked as erroneous.
    pub(super) fn is_of_failed(&self) -> bool {
        self.failed
    }

    /// Reserves the next rows.
    pub(super) async fn reserve(&self, limit: usize) -> Result<Rows, AnyError> {
        self.get(limit, None).await
    }

    /// Reads rows of a reservation again.
    pub(super) async fn read_again(&self, process_id: &str, limit: usize) -> Result<Rows, AnyError> {
        let mut rows = self.get(limit, Some(process_id)).await?;
        rows.process_id = Some(process_id.to_owned());
        for event in &mut rows.events {
            if let Some(row) = &mut event.envelope.offline {
                row.process_id = rows.process_id.clone();
            }
        }
        Ok(rows)
    }

    async fn get(&self, limit: usize, process_id: Option<&str>) -> Result<Rows, AnyError> {
        // Without it the portal removes the rows at once, and all others of the same process.
        let mut params = json!({"clear": 0, "limit": limit});
        if let Some(process_id) = process_id {
            params["process_id"] = process_id.into();
        }
        if let Some(order) = &self.order {
            params["order"] = order.clone();
        }
        if !self.filter.is_empty() {
            params["filter"] = self.filter.clone().into();
        }
        if self.failed {
            params["error"] = 1.into();
        }
        self.add_connector(&mut params);
        let result = self.call("event.offline.get", params).await?;
        let process_id = text(&result["process_id"]);
        let events = items(&result["events"]).map(|row| event_of(row, process_id.as_deref())).collect();
        Ok(Rows { process_id, events })
    }

    /// The reservations of all workers that are not marked as erroneous; or only those that are, if this is the queue of failed events.
    pub(super) async fn reservations(&self) -> Result<Reservations, AnyError> {
        let (mut found, mut last) = (Reservations::new(), 0);
        for _ in 0..MAX_PAGES {
            let mut filter = self.filter.clone();
            filter.insert(">PROCESS_ID".to_owned(), "".into());
            filter.insert("ERROR".to_owned(), u8::from(self.failed).into());
            if last > 0 {
                filter.insert(">ID".to_owned(), last.into());
            }
            let mut params = json!({"filter": filter, "order": {"ID": "ASC"}});
            self.add_connector(&mut params);
            let rows = self.call("event.offline.list", params).await?;
            let before = last;
            for row in items(&rows) {
                let Some(id) = number(&row["ID"]) else { continue };
                last = last.max(id);
                let is_failed = number(&row["ERROR"]).is_some_and(|error| error != 0);
                if let Some(process_id) = text(&row["PROCESS_ID"]).filter(|_| is_failed == self.failed) {
                    found.entry(process_id).or_default().push(id);
                }
            }
            if items(&rows).count() < PAGE || last == before {
                break;
            }
        }
        Ok(found)
    }

    /// Executes requests of [`clear`] and [`mark_failed`], several in one call.
    pub(super) async fn execute(&self, requests: Vec<RawRequest>) -> Vec<Result<(), AnyError>> {
        let mut requests = requests;
        if requests.len() == 1 {
            let Some(request) = requests.pop() else { return Vec::new() };
            return vec![self.client.call(request).await.map(drop).map_err(explain)];
        }
        let mut batch = Batch::new();
        let handles: Vec<_> = requests.into_iter().map(|request| batch.add(request)).collect();
        let response = self.client.run(batch).await;
        handles.into_iter().map(|handle| response.get(handle).map(drop).map_err(explain)).collect()
    }

    fn add_connector(&self, params: &mut Value) {
        if let Some(connector) = &self.connector {
            params["auth_connector"] = connector.as_str().into();
        }
    }

    async fn call(&self, method: &str, params: Value) -> Result<Value, AnyError> {
        self.client.call(raw(method, params)).await.map(|response| response.result).map_err(explain)
    }
}

/// Clears these rows of a reservation. There is no request without identifiers: it would clear the whole reservation.
pub(super) fn clear(process_id: &str, ids: &[i64]) -> Option<RawRequest> {
    let request = || raw("event.offline.clear", json!({"process_id": process_id, "id": ids}));
    (!ids.is_empty() && !process_id.is_empty()).then(request)
}

/// Marks these rows of a reservation as erroneous.
pub(super) fn mark_failed(process_id: &str, message_ids: &[String]) -> Option<RawRequest> {
    let request = || raw("event.offline.error", json!({"process_id": process_id, "message_id": message_ids}));
    (!message_ids.is_empty() && !process_id.is_empty()).then(request)
}

/// The event of a row. A row without a name is an event without one, so that it is not lost.
fn event_of(row: &Value, process_id: Option<&str>) -> RawEvent {
    let read = Json::from_value(row).and_then(|row| RawEvent::from_offline_row(row.get()).ok());
    let mut event = read.unwrap_or_else(|| RawEvent::new("", &row["EVENT_DATA"]));
    let offline = event.envelope.offline.get_or_insert_with(|| {
        let mut offline = OfflineRow::default();
        offline.id = number(&row["ID"]);
        offline.message_id = text(&row["MESSAGE_ID"]);
        offline
    });
    offline.process_id = process_id.map(str::to_owned);
    event
}

/// The items of a list, which PHP writes as an object if an index is missing.
fn items(list: &Value) -> impl Iterator<Item = &Value> {
    let items = list.as_array().into_iter().flatten();
    items.chain(list.as_object().into_iter().flat_map(Map::values))
}

fn number(value: &Value) -> Option<i64> {
    wire::decode_strict::<i64>(value).ok()
}

fn text(value: &Value) -> Option<String> {
    wire::decode_strict::<Option<String>>(value).ok().flatten().filter(|text| !text.is_empty())
}

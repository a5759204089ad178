//! The queue of offline events.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value, json};

use super::access::MethodError;
use super::bindings::optional;
use super::conditions::{meets, sort};
use super::methods::MethodResult;
use super::table::{Row, Table};
use crate::php;

type Params = Map<String, Value>;
type Outcome = Result<MethodResult, MethodError>;

/// The methods of the queue.
pub(super) const METHODS: [&str; 4] =
    ["event.offline.get", "event.offline.list", "event.offline.clear", "event.offline.error"];

/// How many rows are read by default, and in a page.
const PAGE: usize = 50;

/// The field of a row with the source of its queue, which no method returns.
const CONNECTOR: &str = "CONNECTOR_ID";

/// The queue of offline events; see [`MockPortal::offline`](crate::MockPortal::offline).
///
/// An event replaces an earlier one with the same name, data and source that is not reserved. `event.offline.get` with `clear` `0`
/// reserves events under a new `process_id` until they are cleared.
#[derive(Debug)]
pub struct OfflineQueue {
    table: Table,
    /// The row of each event that is not reserved, by its message and its source.
    free: HashMap<(String, String), i64>,
    last_process: u64,
    time: u64,
    /// Whether `event.offline.error` ends the reservation of an event. No page says so. Default: `true`.
    pub error_releases: bool,
    /// The rows that cannot be cleared: a request that names one of them is refused with `ERROR_ARGUMENT`.
    pub refused: Vec<i64>,
}

impl Default for OfflineQueue {
    fn default() -> Self {
        Self {
            table: Table::crm("event.offline"),
            free: HashMap::new(),
            last_process: 0,
            time: 0,
            error_releases: true,
            refused: Vec::new(),
        }
    }
}

impl OfflineQueue {
    /// The events of all sources with their fields, as `event.offline.list` returns them, and with `CONNECTOR_ID`.
    pub fn rows(&self) -> &[Row] {
        &self.table.rows
    }

    /// Puts an event into the queue of a source; empty for none.
    pub fn push(&mut self, event: &str, data: &Value, connector: &str) {
        self.time += 1;
        let (minutes, second) = (self.time / 60, self.time % 60);
        let (hours, minute) = (minutes / 60, minutes % 60);
        let (day, hour) = (1 + hours / 24, hours % 24);
        let time = format!("2026-03-{day:02}T{hour:02}:{minute:02}:{second:02}+03:00");
        let event = event.to_ascii_uppercase();
        let mut hash = DefaultHasher::new();
        (&event, data.to_string()).hash(&mut hash);
        let message = format!("{:016x}", hash.finish());
        let key = (message, connector.to_owned());
        if let Some(row) = self.free.get(&key).copied().and_then(|id| self.row(id)) {
            row.insert("TIMESTAMP_X".into(), time.into());
            return;
        }
        self.table.last += 1;
        let id = self.table.last;
        let row = json!({
            "ID": id, "TIMESTAMP_X": time, "EVENT_NAME": event, "EVENT_DATA": data, "EVENT_ADDITIONAL": false,
            "MESSAGE_ID": key.0, "PROCESS_ID": "", "ERROR": 0, CONNECTOR: connector,
        });
        if let Value::Object(row) = row {
            self.table.rows.push(row);
            self.free.insert(key, id);
        }
    }

    /// Runs one of [`METHODS`], with its name in lower case.
    pub(super) fn run(&mut self, method: &str, params: &Params) -> Option<Outcome> {
        Some(match method {
            "event.offline.get" => self.get(params),
            "event.offline.list" => Ok(self.list(params)),
            "event.offline.clear" => self.clear(params),
            "event.offline.error" => self.mark_errors(params),
            _ => return None,
        })
    }

    /// Reserves events, or reads those of a reservation again, and removes them unless `clear` is `0`.
    fn get(&mut self, params: &Params) -> Outcome {
        let limit = params.get("limit").map_or(PAGE as f64, php::number);
        if limit < 1.0 {
            return Err(MethodError::new(400, "ERROR_ARGUMENT", "Value must be positive integer"));
        }
        let given = optional(params, "process_id");
        let error = i64::from(params.get("error").is_some_and(|error| php::number(error) == 1.0));
        let default_order = json!({"TIMESTAMP_X": "ASC"});
        let order = params.get("order").unwrap_or(&default_order);
        let mut found =
            self.select(params, order, |row| row["PROCESS_ID"] == *given && row["ERROR"] == error);
        found.truncate(limit as usize);
        let process = if given.is_empty() { self.reserve(&found) } else { given };
        let fields = ["ID", "TIMESTAMP_X", "EVENT_NAME", "EVENT_DATA", "EVENT_ADDITIONAL", "MESSAGE_ID"];
        let events: Vec<Value> = found.iter().filter_map(|id| self.shown(*id, &fields)).collect();
        let clears = params.get("clear").is_none_or(|clear| php::number(clear) != 0.0);
        if clears {
            self.table.change(|rows| rows.retain(|row| row["PROCESS_ID"] != process));
        }
        let process = if clears { Value::Null } else { process.into() };
        Ok(MethodResult::of(json!({"process_id": process, "events": events})))
    }

    fn list(&mut self, params: &Params) -> MethodResult {
        let default_order = json!({"ID": "ASC"});
        let order = params.get("order").unwrap_or(&default_order);
        let found = self.select(params, order, |_| true);
        let start = params.get("start").map_or(0, |start| php::number(start).max(0.0) as usize);
        let fields = [
            "ID",
            "TIMESTAMP_X",
            "EVENT_NAME",
            "EVENT_DATA",
            "EVENT_ADDITIONAL",
            "MESSAGE_ID",
            "PROCESS_ID",
            "ERROR",
        ];
        let page = found.iter().skip(start).take(PAGE).filter_map(|id| self.shown(*id, &fields)).collect();
        let next = (start + PAGE < found.len()).then_some(start + PAGE);
        MethodResult { result: page, total: Some(found.len()), next }
    }

    /// Removes rows of a reservation: those named by `id`, else by `message_id`, else all.
    fn clear(&mut self, params: &Params) -> Outcome {
        let process = process_of(params)?;
        let (ids, messages) = (texts(params, "id"), texts(params, "message_id"));
        if ids.iter().flatten().any(|id| self.refused.iter().any(|refused| refused.to_string() == *id)) {
            return Err(MethodError::new(400, "ERROR_ARGUMENT", "Wrong row"));
        }
        self.table.change(|rows| {
            rows.retain(|row| {
                let named = match (&ids, &messages) {
                    (Some(ids), _) => ids.contains(&php::text(&row["ID"])),
                    (None, Some(messages)) => messages.contains(&php::text(&row["MESSAGE_ID"])),
                    (None, None) => true,
                };
                !(row["PROCESS_ID"] == process && named)
            });
        });
        Ok(MethodResult::of(json!(true)))
    }

    /// Marks rows of a reservation as erroneous.
    fn mark_errors(&mut self, params: &Params) -> Outcome {
        let process = process_of(params)?;
        let messages = texts(params, "message_id").unwrap_or_default();
        let named = |row: &&mut Row| {
            row["PROCESS_ID"] == process && messages.contains(&php::text(&row["MESSAGE_ID"]))
        };
        let (mut released, mut replaced) = (Vec::new(), Vec::new());
        for row in self.table.rows.iter_mut().filter(named) {
            row.insert("ERROR".into(), 1.into());
            if self.error_releases {
                row.insert("PROCESS_ID".into(), "".into());
                released.push((key_of(row), row["ID"].as_i64().unwrap_or_default()));
            }
        }
        for (key, id) in released {
            replaced.extend(self.free.insert(key, id));
        }
        // A later event about the same thing has the same key.
        self.table.change(|rows| rows.retain(|row| !replaced.iter().any(|id| row["ID"] == *id)));
        Ok(MethodResult::of(json!(true)))
    }

    /// The identifiers of the rows of one source that meet the conditions, in their order.
    fn select(&self, params: &Params, order: &Value, accepts: impl Fn(&Row) -> bool) -> Vec<i64> {
        let connector = optional(params, "auth_connector");
        let rows = self.table.rows.iter().filter(|row| row[CONNECTOR] == *connector && accepts(row));
        let mut rows: Vec<&Row> = rows.filter(|row| meets(&self.table, row, params.get("filter"))).collect();
        sort(&self.table, &mut rows, Some(order));
        rows.into_iter().map(|row| self.table.id_of(row)).collect()
    }

    fn reserve(&mut self, ids: &[i64]) -> String {
        self.last_process += 1;
        let process = format!("p{:08}kd83hs", self.last_process);
        for id in ids {
            let Some(row) = self.row(*id) else { continue };
            row.insert("PROCESS_ID".into(), process.as_str().into());
            let key = key_of(row);
            self.free.remove(&key);
        }
        process
    }

    fn shown(&self, id: i64, fields: &[&str]) -> Option<Value> {
        let row = &self.table.rows[self.position(id)?];
        let fields = fields.iter().map(|name| ((*name).to_owned(), row[*name].clone()));
        Some(self.table.to_json(&fields.collect(), None))
    }

    fn row(&mut self, id: i64) -> Option<&mut Row> {
        let position = self.position(id)?;
        self.table.rows.get_mut(position)
    }

    /// Rows are always sorted by their identifiers.
    fn position(&self, id: i64) -> Option<usize> {
        self.table.rows.binary_search_by_key(&id, |row| self.table.id_of(row)).ok()
    }
}

fn key_of(row: &Row) -> (String, String) {
    (php::text(&row["MESSAGE_ID"]), php::text(&row[CONNECTOR]))
}

fn process_of(params: &Params) -> Result<String, MethodError> {
    let process = optional(params, "process_id");
    if process.is_empty() {
        return Err(MethodError::new(400, "ERROR_ARGUMENT", "Argument 'PROCESS_ID' is null or empty"));
    }
    Ok(process)
}

/// The texts of a list; `None` if there is none, and so also if it is empty.
fn texts(params: &Params, name: &str) -> Option<Vec<String>> {
    let list: Vec<String> = match params.get(name)? {
        Value::Array(items) => items.iter().map(php::text).collect(),
        Value::Object(items) => items.values().map(php::text).collect(),
        one => vec![php::text(one)],
    };
    let list: Vec<String> = list.into_iter().filter(|text| !text.is_empty()).collect();
    (!list.is_empty()).then_some(list)
}

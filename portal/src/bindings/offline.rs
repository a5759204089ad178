//! The queue of offline events.

mod keep;
mod row;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use row::{Key, Row, message};

use super::Outcome;
use super::params::{argument, number, optional, required, texts};
use crate::exchange::{Answer, Params};
use crate::families::find;
use crate::moment::now;
use crate::store::{Filter, Order};

/// How many events are read if no number is given.
const PAGE: i64 = 50;

/// How many events a queue keeps. Beyond it, the oldest is lost.
const MAX_EVENTS: usize = 100_000;

/// The queue of offline events.
///
/// An event replaces an earlier one with the same name, data and source that is not reserved. `event.offline.get` with `clear` `0`
/// reserves events under a new `process_id` until they are cleared.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    rows: BTreeMap<i64, Row>,
    /// The row of each event that is not reserved, by its message and its source.
    free: HashMap<Key, i64>,
    last: i64,
    last_process: u64,
    /// The numbers of events that changed since they were saved.
    changed: BTreeSet<i64>,
}

impl Queue {
    /// Puts an event into the queue of a source; empty for none.
    pub(crate) fn push(&mut self, event: &str, data: &Value, additional: Value, connector: &str) {
        let message = message(event, data);
        let key = (message.clone(), connector.to_owned());
        if let Some(row) = self.free.get(&key).and_then(|id| self.rows.get_mut(id)) {
            row.time = now();
            self.changed.insert(row.id);
            return;
        }
        if self.rows.len() >= MAX_EVENTS
            && let Some((id, oldest)) = self.rows.pop_first()
        {
            self.changed.insert(id);
            self.free.remove(&oldest.key());
        }
        self.last += 1;
        let row = Row {
            id: self.last,
            time: now(),
            event: event.to_owned(),
            data: data.clone(),
            additional,
            message,
            process: String::new(),
            error: false,
            connector: connector.to_owned(),
        };
        self.rows.insert(self.last, row);
        self.changed.insert(self.last);
        self.free.insert(key, self.last);
    }

    /// Reserves events, or reads those of a reservation again, and removes them unless `clear` is `0`.
    pub(super) fn get(&mut self, params: &Params) -> Outcome {
        let limit = number(params, "limit").unwrap_or(PAGE);
        if limit < 1 {
            return Err(argument("Value must be positive integer"));
        }
        let given = optional(params, "process_id");
        let error = number(params, "error") == Some(1);
        let mut found = self.select(params, "timestampx", |row| row.process == given && row.error == error);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let rows = found.iter().filter_map(|id| self.rows.get(id));
        let events: Vec<Value> = rows.map(|row| row.shown(false)).collect();
        if number(params, "clear").is_none_or(|clear| clear != 0) {
            found.iter().for_each(|id| self.remove(*id));
            return Ok(Answer::of(json!({"process_id": null, "events": events})));
        }
        let process = if given.is_empty() { self.reserve(&found) } else { given };
        Ok(Answer::of(json!({"process_id": process, "events": events})))
    }

    pub(super) fn list(&self, params: &Params, page: usize) -> Answer {
        let found = self.select(params, "id", |_| true);
        let start = number(params, "start").map_or(0, |start| usize::try_from(start).unwrap_or(0));
        let rows = found.iter().skip(start).take(page).filter_map(|id| self.rows.get(id));
        let result = rows.map(|row| row.shown(true)).collect();
        let next = (start + page < found.len()).then_some(start + page);
        Answer { total: Some(found.len()), next, ..Answer::of(result) }
    }

    /// Removes events of a reservation: those named by `id`, else by `message_id`, else all.
    pub(super) fn clear(&mut self, params: &Params) -> Outcome {
        let process = required(params, "process_id")?;
        let (ids, messages) = (texts(params, "id"), texts(params, "message_id"));
        let named = |row: &&Row| match (&ids, &messages) {
            (Some(ids), _) => ids.contains(&row.id.to_string()),
            (None, Some(messages)) => messages.contains(&row.message),
            (None, None) => true,
        };
        let reserved = self.rows.values().filter(|row| row.process == process);
        let cleared: Vec<i64> = reserved.filter(named).map(|row| row.id).collect();
        cleared.into_iter().for_each(|id| self.remove(id));
        Ok(Answer::of(true.into()))
    }

    /// Marks events of a reservation as erroneous, which ends their reservation.
    pub(super) fn mark_errors(&mut self, params: &Params) -> Outcome {
        let process = required(params, "process_id")?;
        let messages = texts(params, "message_id").unwrap_or_default();
        let mut replaced = Vec::new();
        for row in self.rows.values_mut() {
            if row.process == process && messages.contains(&row.message) {
                row.error = true;
                row.process.clear();
                // A later event about the same thing has the same key.
                replaced.extend(self.free.insert(row.key(), row.id));
                self.changed.insert(row.id);
            }
        }
        for id in replaced {
            self.rows.remove(&id);
            self.changed.insert(id);
        }
        Ok(Answer::of(true.into()))
    }

    /// The identifiers of the events of one source that meet the conditions, in their order.
    fn select(&self, params: &Params, default_order: &str, accepts: impl Fn(&Row) -> bool) -> Vec<i64> {
        let connector = optional(params, "auth_connector");
        let filter = find(params, "filter").and_then(Value::as_object).map(Filter::of_object);
        let meets = |row: &&Row| filter.as_ref().is_none_or(|filter| filter.meets(&|field| row.field(field)));
        let rows = self.rows.values().filter(|row| row.connector == connector && accepts(row)).filter(meets);
        let mut rows: Vec<&Row> = rows.collect();
        let order = Order::of(find(params, "order")).unwrap_or_else(|| Order::by(default_order));
        rows.sort_by(|one, other| {
            order.compare(&|field| one.field(field), &|field| other.field(field)).then(one.id.cmp(&other.id))
        });
        rows.into_iter().map(|row| row.id).collect()
    }

    fn reserve(&mut self, ids: &[i64]) -> String {
        self.last_process += 1;
        let process = format!("p{:08}kd83hs", self.last_process);
        for id in ids {
            let Some(row) = self.rows.get_mut(id) else { continue };
            row.process.clone_from(&process);
            self.changed.insert(*id);
            self.free.remove(&row.key());
        }
        process
    }

    fn remove(&mut self, id: i64) {
        let Some(row) = self.rows.remove(&id) else { return };
        self.changed.insert(id);
        let key = row.key();
        if self.free.get(&key) == Some(&id) {
            self.free.remove(&key);
        }
    }
}

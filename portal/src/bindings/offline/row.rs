//! An event in the queue.

use std::hash::Hasher;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::Fnv;

/// A message and a source.
pub(super) type Key = (String, String);

/// An event in the queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) time: String,
    pub(super) event: String,
    pub(super) data: Value,
    pub(super) additional: Value,
    pub(super) message: String,
    pub(super) process: String,
    pub(super) error: bool,
    pub(super) connector: String,
}

impl Row {
    pub(super) fn key(&self) -> Key {
        (self.message.clone(), self.connector.clone())
    }

    /// A field by its folded name.
    pub(super) fn field(&self, folded: &str) -> Option<Value> {
        Some(match folded {
            "id" => self.id.into(),
            "timestampx" => self.time.as_str().into(),
            "eventname" => self.event.as_str().into(),
            "messageid" => self.message.as_str().into(),
            "processid" => self.process.as_str().into(),
            "error" => i64::from(self.error).into(),
            _ => return None,
        })
    }

    /// The row in a result, `whole` in a list.
    pub(super) fn shown(&self, whole: bool) -> Value {
        let mut shown = json!({
            "ID": self.id.to_string(), "TIMESTAMP_X": self.time, "EVENT_NAME": self.event, "EVENT_DATA": self.data,
            "EVENT_ADDITIONAL": self.additional, "MESSAGE_ID": self.message,
        });
        if whole {
            shown["PROCESS_ID"] = self.process.as_str().into();
            shown["ERROR"] = u8::from(self.error).to_string().into();
        }
        shown
    }
}

/// The identifier of an event about the same thing.
pub(super) fn message(event: &str, data: &Value) -> String {
    let mut hasher = Fnv::default();
    hasher.write(event.as_bytes());
    hasher.write(data.to_string().as_bytes());
    (hasher.finish() >> 12).to_string()
}

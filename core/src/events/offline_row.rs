//! A row of the queue of offline events.

use super::{Envelope, OfflineRow, RawEventError};
use crate::wire::{DateTime, FromWire, Json, JsonRef, Mismatches};

/// Reads the envelope and the payload of a row of `event.offline.get` or `event.offline.list`. `EVENT_DATA` is `false` if there is no payload.
pub(super) fn read(row: JsonRef<'_>) -> Result<(Envelope, Json), RawEventError> {
    let name: Option<String> = field(row, "EVENT_NAME");
    let name = name.filter(|name| !name.trim().is_empty());
    let name = name.ok_or(RawEventError::new("`EVENT_NAME` is missing"))?;
    let data = row.field("EVENT_DATA").and_then(|data| Json::from_value(&data.to_value()));
    let data = data.map(Json::scripted);
    let additional = row.field("EVENT_ADDITIONAL").filter(|additional| !additional.is_php_empty());
    let offline = OfflineRow {
        id: field(row, "ID"),
        message_id: text(row, "MESSAGE_ID"),
        process_id: text(row, "PROCESS_ID"),
        additional: additional.map(JsonRef::to_value).unwrap_or_default(),
    };
    let queued: Option<DateTime> = field(row, "TIMESTAMP_X");
    let queued = queued.and_then(|queued| queued.parts().ok()?.unix_seconds());
    let envelope = Envelope {
        name: name.trim().to_ascii_uppercase(),
        timestamp: queued.and_then(|seconds| seconds.try_into().ok()),
        offline: Some(offline),
        ..Envelope::default()
    };
    Ok((envelope, data.unwrap_or_default()))
}

/// A field in any form; `None` if it is missing or of another type.
fn field<T: FromWire>(row: JsonRef<'_>, name: &str) -> Option<T> {
    Option::<T>::from_wire(row.field(name)?, &mut Mismatches::new()).ok()?
}

fn text(row: JsonRef<'_>, name: &str) -> Option<String> {
    field(row, name).filter(|text: &String| !text.is_empty())
}

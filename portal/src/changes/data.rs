//! The data of an event about a row.

use serde_json::{Map, Value};

use super::{Change, Kind};
use crate::families::fold;
use crate::spec::{Event, JsonType, Schema};

/// What a portal sends for a part that does not exist.
const MISSING: &str = "undefined";

/// The part `data` of an event that a change raises.
pub(crate) fn data(event: &Event, change: &Change) -> Value {
    object(&event.data, change)
}

fn object(schema: &Schema, change: &Change) -> Value {
    let only_one = schema.properties.len() == 1;
    let value = |name: &String, part: &Schema| {
        let folded = fold(name);
        if let Some(missing) = of_time(&folded, part, change.kind) {
            return Some(missing);
        }
        if part.is_object() && !part.properties.is_empty() || folded == "fields" {
            return Some(object(part, change));
        }
        let known = change.fields.get(&folded).filter(|value| !value.is_null()).cloned();
        let chosen = || change.partition.get(&folded).map(|value| value.as_str().into());
        let id = || (folded == "id" || only_one && folded.ends_with("id")).then(|| change.id.clone());
        if folded == "id" { id() } else { known.or_else(chosen).or_else(id) }
            .map(|value| written(part, value))
    };
    let parts = schema.properties.iter().filter_map(|(name, part)| Some((name.clone(), value(name, part)?)));
    let object: Map<String, Value> = parts.collect();
    if object.is_empty() {
        // The page does not describe the fields.
        return Value::Object(Map::from_iter([("ID".to_owned(), change.id.clone())]));
    }
    Value::Object(object)
}

/// The parts before and after a change. Before a row was added and after it was removed there are none.
fn of_time(folded: &str, part: &Schema, kind: Kind) -> Option<Value> {
    let (is_before, is_after) = (folded.ends_with("before"), folded.ends_with("after"));
    let is_flag = part.single() == Some(JsonType::Boolean);
    match kind {
        Kind::Add if is_before => Some(if is_flag { "N".into() } else { MISSING.into() }),
        Kind::Delete if is_after => Some(if is_flag { "N".into() } else { MISSING.into() }),
        _ if is_flag && (is_before || is_after) => Some(MISSING.into()),
        _ => None,
    }
}

fn written(schema: &Schema, value: Value) -> Value {
    match (schema.single(), &value) {
        (Some(JsonType::Boolean), Value::Bool(flag)) if schema.format.as_deref() == Some("char") => {
            if *flag {
                "Y".into()
            } else {
                "N".into()
            }
        }
        _ => value,
    }
}

//! Events: what a portal sends. They are compared by descriptors, since a payload is received and not written.

use std::collections::{BTreeMap, BTreeSet};

use super::super::change::Change;
use super::super::register::{
    EVENT_ADDED, EVENT_DEPRECATED, EVENT_FACTS_CHANGED, EVENT_FIELD_ADDED, EVENT_FIELD_REMOVED,
    EVENT_FIELD_RETYPED, EVENT_REMOVED, EVENT_RESPELLED, EVENT_RESTORED, EVENT_UNDOCUMENTED, Rule,
};
use crate::descriptor::{AdditionalProperties, Deprecated, Event, Schema, Spec};

/// All differences of the events of two specs.
pub(super) fn compare(old: &Spec, new: &Spec) -> Vec<Change> {
    let (old, new) = (by_name(old), by_name(new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut changes = Vec::new();
    for name in names {
        match (old.get(name), new.get(name)) {
            (None, Some(event)) => changes.push(change(&EVENT_ADDED, event, "")),
            (Some(event), None) => changes.push(change(&EVENT_REMOVED, event, "")),
            (Some(old), Some(new)) => compare_one(old, new, &mut changes),
            (None, None) => {}
        }
    }
    changes
}

fn by_name(spec: &Spec) -> BTreeMap<String, &Event> {
    let events = spec.events.iter().map(|file| &file.content);
    events.map(|event| (event.event.to_ascii_lowercase(), event)).collect()
}

fn change(rule: &'static Rule, event: &Event, name: &str) -> Change {
    Change {
        rule,
        severity: rule.severity,
        path: String::new(),
        name: name.to_owned(),
        methods: vec![event.event.clone()],
        scopes: vec![event.scope.first().cloned().unwrap_or_else(|| "no scope".to_owned())],
        old: None,
        new: None,
    }
}

fn compare_one(old: &Event, new: &Event, changes: &mut Vec<Change>) {
    let mut report = |rule, name: &str, before: Option<String>, after: Option<String>| {
        changes.push(Change { old: before, new: after, ..change(rule, new, name) });
    };
    if old.event != new.event {
        report(&EVENT_RESPELLED, "", Some(old.event.clone()), Some(new.event.clone()));
    }
    match (is_deprecated(&old.deprecated), is_deprecated(&new.deprecated)) {
        (false, true) => report(&EVENT_DEPRECATED, "", None, None),
        (true, false) => report(&EVENT_RESTORED, "", None, None),
        _ => {}
    }
    if old.undocumented.is_none() && new.undocumented.is_some() {
        report(&EVENT_UNDOCUMENTED, "", None, None);
    }
    for (key, before, after) in facts(old, new) {
        if before != after {
            report(&EVENT_FACTS_CHANGED, key, Some(before), Some(after));
        }
    }
    let (before, after) = (fields(&old.data), fields(&new.data));
    for (path, schema) in &after {
        match before.get(path) {
            None => report(&EVENT_FIELD_ADDED, path, None, Some(schema.clone())),
            Some(known) if known != schema => {
                report(&EVENT_FIELD_RETYPED, path, Some(known.clone()), Some(schema.clone()));
            }
            Some(_) => {}
        }
    }
    for (path, schema) in before.iter().filter(|(path, _)| !after.contains_key(*path)) {
        report(&EVENT_FIELD_REMOVED, path, Some(schema.clone()), None);
    }
}

fn is_deprecated(deprecated: &Deprecated) -> bool {
    *deprecated != Deprecated::Flag(false)
}

/// The facts about subscribing and receiving, as text.
fn facts(old: &Event, new: &Event) -> Vec<(&'static str, String, String)> {
    let text = |value: Option<serde_json::Value>| match value {
        Some(serde_json::Value::String(text)) => text,
        Some(value) => value.to_string(),
        None => "unknown".to_owned(),
    };
    let of = |event: &Event| {
        let json = serde_json::to_value(event).unwrap_or_default();
        move |key: &str| text(json.get(key).cloned())
    };
    let (before, after) = (of(old), of(new));
    let keys = ["pattern", "scope", "subscribers", "context", "tokens", "offline", "handler_id"];
    keys.into_iter().map(|key| (key, before(key), after(key))).collect()
}

/// The types of all values in a payload, by their paths.
fn fields(data: &Schema) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if !data.is_unknown() {
        collect(data, "data", &mut found);
    }
    found
}

fn collect(schema: &Schema, path: &str, found: &mut BTreeMap<String, String>) {
    let own = Schema {
        properties: Default::default(),
        fields: Vec::new(),
        required: Vec::new(),
        items: None,
        additional: None,
        defs: Default::default(),
        entity: None,
        ..schema.clone()
    };
    let shown = serde_json::to_string(&own).unwrap_or_default();
    found.insert(path.to_owned(), shown);
    for (name, field) in &schema.properties {
        collect(field, &format!("{path}.{name}"), found);
    }
    if let Some(items) = &schema.items {
        collect(items, &format!("{path}[]"), found);
    }
    if let Some(AdditionalProperties::Of(values)) = &schema.additional {
        collect(values, &format!("{path}.*"), found);
    }
}

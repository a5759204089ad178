//! What a portal sends: events, placements and handlers. They are compared by descriptors, since a payload is received and not written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::change::Change;
use super::super::register::{
    EVENT_ADDED, EVENT_DEPRECATED, EVENT_FACTS_CHANGED, EVENT_FIELD_ADDED, EVENT_FIELD_REMOVED,
    EVENT_FIELD_RETYPED, EVENT_REMOVED, EVENT_RESPELLED, EVENT_RESTORED, EVENT_UNDOCUMENTED, HANDLER_ADDED,
    HANDLER_DEPRECATED, HANDLER_FACTS_CHANGED, HANDLER_FIELD_ADDED, HANDLER_FIELD_REMOVED,
    HANDLER_FIELD_RETYPED, HANDLER_REMOVED, HANDLER_RESPELLED, HANDLER_RESPONSE_CHANGED, HANDLER_RESTORED,
    HANDLER_UNDOCUMENTED, PLACEMENT_ADDED, PLACEMENT_DEPRECATED, PLACEMENT_FACTS_CHANGED,
    PLACEMENT_FIELD_ADDED, PLACEMENT_FIELD_REMOVED, PLACEMENT_FIELD_RETYPED, PLACEMENT_OPTION_ADDED,
    PLACEMENT_OPTION_REMOVED, PLACEMENT_OPTION_RETYPED, PLACEMENT_REMOVED, PLACEMENT_RESTORED,
    PLACEMENT_UNDOCUMENTED, Rule,
};
use crate::descriptor::{AdditionalProperties, Deprecated, Event, Handler, Placement, Schema, Spec};

/// All differences of what two specs send.
pub(super) fn compare(old: &Spec, new: &Spec) -> Vec<Change> {
    let mut changes = compare_all(&EVENTS, &events(old), &events(new));
    changes.extend(compare_all(&PLACEMENTS, &placements(old), &placements(new)));
    changes.extend(compare_all(&HANDLERS, &handlers(old), &handlers(new)));
    changes
}

/// The rules on one kind.
struct Rules {
    added: &'static Rule,
    removed: &'static Rule,
    /// Codes of placements are in capitals.
    respelled: Option<&'static Rule>,
    deprecated: &'static Rule,
    undocumented: &'static Rule,
    restored: &'static Rule,
    facts: &'static Rule,
}

const EVENTS: Rules = Rules {
    added: &EVENT_ADDED,
    removed: &EVENT_REMOVED,
    respelled: Some(&EVENT_RESPELLED),
    deprecated: &EVENT_DEPRECATED,
    undocumented: &EVENT_UNDOCUMENTED,
    restored: &EVENT_RESTORED,
    facts: &EVENT_FACTS_CHANGED,
};

const PLACEMENTS: Rules = Rules {
    added: &PLACEMENT_ADDED,
    removed: &PLACEMENT_REMOVED,
    respelled: None,
    deprecated: &PLACEMENT_DEPRECATED,
    undocumented: &PLACEMENT_UNDOCUMENTED,
    restored: &PLACEMENT_RESTORED,
    facts: &PLACEMENT_FACTS_CHANGED,
};

const HANDLERS: Rules = Rules {
    added: &HANDLER_ADDED,
    removed: &HANDLER_REMOVED,
    respelled: Some(&HANDLER_RESPELLED),
    deprecated: &HANDLER_DEPRECATED,
    undocumented: &HANDLER_UNDOCUMENTED,
    restored: &HANDLER_RESTORED,
    facts: &HANDLER_FACTS_CHANGED,
};

/// The rules on the values of one schema.
struct SchemaRules {
    added: &'static Rule,
    removed: &'static Rule,
    retyped: &'static Rule,
    /// Whether a program writes the values, so that a mark as required changes its code.
    is_written: bool,
}

const PAYLOAD: SchemaRules = SchemaRules {
    added: &EVENT_FIELD_ADDED,
    removed: &EVENT_FIELD_REMOVED,
    retyped: &EVENT_FIELD_RETYPED,
    is_written: false,
};

const OPTIONS: SchemaRules = SchemaRules {
    added: &PLACEMENT_OPTION_ADDED,
    removed: &PLACEMENT_OPTION_REMOVED,
    retyped: &PLACEMENT_OPTION_RETYPED,
    is_written: true,
};

const CONTEXT: SchemaRules = SchemaRules {
    added: &PLACEMENT_FIELD_ADDED,
    removed: &PLACEMENT_FIELD_REMOVED,
    retyped: &PLACEMENT_FIELD_RETYPED,
    is_written: false,
};

const REQUEST: SchemaRules = SchemaRules {
    added: &HANDLER_FIELD_ADDED,
    removed: &HANDLER_FIELD_REMOVED,
    retyped: &HANDLER_FIELD_RETYPED,
    is_written: false,
};

const RESPONSE: SchemaRules = SchemaRules {
    added: &HANDLER_RESPONSE_CHANGED,
    removed: &HANDLER_RESPONSE_CHANGED,
    retyped: &HANDLER_RESPONSE_CHANGED,
    is_written: true,
};

/// An event, a placement or a handler.
struct Sent<'s> {
    name: &'s str,
    scope: &'s [String],
    is_deprecated: bool,
    is_undocumented: bool,
    /// What else is known, as text.
    facts: Vec<(&'static str, String)>,
    /// The schemas by their keys.
    schemas: Vec<(&'static str, &'static SchemaRules, Option<&'s Schema>)>,
}

/// By the name without case.
type ByName<'s> = BTreeMap<String, Sent<'s>>;

fn by_name<'s>(all: impl Iterator<Item = Sent<'s>>) -> ByName<'s> {
    all.map(|sent| (sent.name.to_ascii_lowercase(), sent)).collect()
}

fn events(spec: &Spec) -> ByName<'_> {
    const FACTS: &[&str] = &["pattern", "scope", "subscribers", "context", "tokens", "handler_id"];
    by_name(spec.events.iter().map(|file| &file.content).map(|event: &Event| Sent {
        name: &event.event,
        scope: &event.scope,
        is_deprecated: is_deprecated(&event.deprecated),
        is_undocumented: event.undocumented.is_some(),
        facts: facts(event, FACTS),
        schemas: vec![("data", &PAYLOAD, Some(&event.data).filter(|data| !data.is_unknown()))],
    }))
}

fn placements(spec: &Spec) -> ByName<'_> {
    const FACTS: &[&str] = &["pattern", "scope", "method", "shown"];
    by_name(spec.placements.iter().map(|file| &file.content).map(|placement: &Placement| Sent {
        name: &placement.placement,
        scope: &placement.scope,
        is_deprecated: is_deprecated(&placement.deprecated),
        is_undocumented: placement.undocumented.is_some(),
        facts: facts(placement, FACTS),
        schemas: vec![
            ("options", &OPTIONS, placement.options.as_ref()),
            ("receives", &CONTEXT, placement.receives.as_ref()),
        ],
    }))
}

fn handlers(spec: &Spec) -> ByName<'_> {
    const FACTS: &[&str] = &["scope", "method", "address"];
    by_name(spec.handlers.iter().map(|file| &file.content).map(|handler: &Handler| Sent {
        name: &handler.handler,
        scope: &handler.scope,
        is_deprecated: is_deprecated(&handler.deprecated),
        is_undocumented: handler.undocumented.is_some(),
        facts: facts(handler, FACTS),
        schemas: vec![
            ("receives", &REQUEST, Some(&handler.receives)),
            ("response", &RESPONSE, handler.response.as_ref()),
        ],
    }))
}

fn is_deprecated(deprecated: &Deprecated) -> bool {
    *deprecated != Deprecated::Flag(false)
}

/// Keys of a descriptor, as text.
fn facts(descriptor: &impl Serialize, keys: &'static [&str]) -> Vec<(&'static str, String)> {
    let json = serde_json::to_value(descriptor).unwrap_or_default();
    let text = |key: &str| match json.get(key) {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => "unknown".to_owned(),
    };
    keys.iter().map(|key| (*key, text(key))).collect()
}

fn compare_all(rules: &Rules, old: &ByName<'_>, new: &ByName<'_>) -> Vec<Change> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut changes = Vec::new();
    for name in names {
        match (old.get(name), new.get(name)) {
            (None, Some(sent)) => changes.push(change(rules.added, sent, "")),
            (Some(sent), None) => changes.push(change(rules.removed, sent, "")),
            (Some(old), Some(new)) => compare_one(rules, old, new, &mut changes),
            (None, None) => {}
        }
    }
    changes
}

fn change(rule: &'static Rule, sent: &Sent<'_>, name: &str) -> Change {
    Change {
        rule,
        severity: rule.severity,
        path: String::new(),
        name: name.to_owned(),
        methods: vec![sent.name.to_owned()],
        scopes: vec![sent.scope.first().cloned().unwrap_or_else(|| "no scope".to_owned())],
        old: None,
        new: None,
    }
}

fn compare_one(rules: &Rules, old: &Sent<'_>, new: &Sent<'_>, changes: &mut Vec<Change>) {
    let mut report = |rule, name: &str, before: Option<String>, after: Option<String>| {
        changes.push(Change { old: before, new: after, ..change(rule, new, name) });
    };
    if let Some(respelled) = rules.respelled.filter(|_| old.name != new.name) {
        report(respelled, "", Some(old.name.to_owned()), Some(new.name.to_owned()));
    }
    match (old.is_deprecated, new.is_deprecated) {
        (false, true) => report(rules.deprecated, "", None, None),
        (true, false) => report(rules.restored, "", None, None),
        _ => {}
    }
    if !old.is_undocumented && new.is_undocumented {
        report(rules.undocumented, "", None, None);
    }
    for ((key, before), (_, after)) in old.facts.iter().zip(&new.facts) {
        if before != after {
            report(rules.facts, key, Some(before.clone()), Some(after.clone()));
        }
    }
    for ((key, rules, before), (_, _, after)) in old.schemas.iter().zip(&new.schemas) {
        let fields = |schema: Option<&Schema>| fields(schema, key, rules.is_written);
        let (before, after) = (fields(*before), fields(*after));
        for (path, schema) in &after {
            match before.get(path) {
                None => report(rules.added, path, None, Some(schema.clone())),
                Some(known) if known != schema => {
                    report(rules.retyped, path, Some(known.clone()), Some(schema.clone()));
                }
                Some(_) => {}
            }
        }
        for (path, schema) in before.iter().filter(|(path, _)| !after.contains_key(*path)) {
            report(rules.removed, path, Some(schema.clone()), None);
        }
    }
}

/// The types of all values of a schema, by their paths.
fn fields(schema: Option<&Schema>, key: &str, is_written: bool) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Some(schema) = schema {
        collect(schema, key, is_written, false, &mut found);
    }
    found
}

fn collect(
    schema: &Schema,
    path: &str,
    is_written: bool,
    is_required: bool,
    found: &mut BTreeMap<String, String>,
) {
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
    let mark = if is_required { ", required" } else { "" };
    found.insert(path.to_owned(), format!("{shown}{mark}"));
    for (name, field) in &schema.properties {
        let is_required = is_written && schema.required.contains(name);
        collect(field, &format!("{path}.{name}"), is_written, is_required, found);
    }
    if let Some(items) = &schema.items {
        collect(items, &format!("{path}[]"), is_written, false, found);
    }
    if let Some(AdditionalProperties::Of(values)) = &schema.additional {
        collect(values, &format!("{path}.*"), is_written, false, found);
    }
}

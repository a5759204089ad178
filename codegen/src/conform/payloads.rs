//! Checks documented payloads of events, in the form in which PHP sends them: every scalar is a text.
//!
//! A payload is decoded by the generated type of the event, if there is one ([`TypeRegistry::event`]), and compared with
//! its schema in any case.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::coverage::{measure_untyped, without_mismatches};
use super::{
    Attribution, Conformance, Coverage, Finding, Kind, Ratio, ReceivedEvent, ResponseMismatch, TypeRegistry,
    Untyped,
};
use crate::descriptor::{AdditionalProperties, Api, Event, JsonType, Schema, Spec};
use crate::extract::EventPage;
use crate::schema::accepts::{accepts, is_empty_form};

/// The text that portals send in place of an object that does not exist.
const UNDEFINED: &str = "undefined";

/// Checks the documented payloads of all events.
pub fn conform_events(spec: &Spec, types: &dyn TypeRegistry, pages: &[EventPage]) -> Conformance {
    let events = EventIndex::of(spec);
    let mut found = Conformance::default();
    for page in pages {
        found.totals.events.all += 1;
        let Some(event) = events.of_page(page) else {
            let what = "the spec has no descriptor of this event".to_owned();
            found.findings.push(finding(page, page.line, Kind::UnknownEvent, "", what));
            continue;
        };
        found.totals.events.fit += 1;
        let shows_payload = !page.samples.is_empty();
        found.totals.typed_payloads.all += usize::from(shows_payload);
        found.totals.typed_payloads.fit += usize::from(shows_payload && !event.data.is_unknown());
        for sample in &page.samples {
            found.totals.payloads.all += 1;
            let sent = sent_by_php(&sample.data).unwrap_or_else(|| Value::Object(Map::new()));
            let checked = check_payload(types, event, &sent);
            found.totals.payloads.fit += usize::from(checked.is_decoded);
            found.totals.payload_leaves.all += checked.coverage.all;
            if checked.is_decoded {
                found.totals.payload_leaves.fit += checked.coverage.typed;
            }
            for (path, values) in checked.coverage.untyped {
                found.untyped.push(Untyped { method: event.event.clone(), path, values });
            }
            for ResponseMismatch { field, message, .. } in checked.mismatches {
                let kind = if checked.is_decoded { Kind::EventMismatch } else { Kind::EventPayload };
                found.findings.push(finding(page, sample.line, kind, &field, message));
            }
        }
    }
    found.findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    found.untyped.sort();
    found
}

fn finding(page: &EventPage, line: usize, kind: Kind, at: &str, what: String) -> Finding {
    Finding {
        file: page.source.path.clone(),
        line,
        api: Api::V2,
        method: page.event.clone(),
        kind,
        at: at.to_owned(),
        what,
        attribution: if kind == Kind::UnknownEvent { Attribution::Spec } else { Attribution::Unclear },
        known: None,
    }
}

/// The events of a spec, by their names and by the documents that describe them.
#[derive(Clone)]
pub struct EventIndex<'s> {
    events: Vec<&'s Event>,
    by_name: HashMap<String, &'s Event>,
}

impl<'s> EventIndex<'s> {
    /// The events of a spec.
    pub fn of(spec: &'s Spec) -> Self {
        let events: Vec<&Event> = spec.events.iter().map(|file| &file.content).collect();
        let by_name = events.iter().map(|event| (event.event.to_ascii_lowercase(), *event)).collect();
        Self { events, by_name }
    }

    /// The event of a name in any case, or of one in a family.
    pub fn named(&self, name: &str) -> Option<&'s Event> {
        let known = self.by_name.get(&name.to_ascii_lowercase()).copied();
        known.or_else(|| self.events.iter().copied().find(|event| event.family_part(name).is_some()))
    }

    /// The event of a document: the one that has it as its page, or else by the name. A title may be wrong.
    fn of_page(&self, page: &EventPage) -> Option<&'s Event> {
        let path = page.source.path.trim_end_matches(".md");
        let is_page = |event: &&&Event| {
            event.page.as_deref().is_some_and(|known| {
                path.strip_suffix(known).is_some_and(|above| above.is_empty() || above.ends_with('/'))
            })
        };
        let of_page = || self.events.iter().find(is_page).copied().filter(|_| page.is_page);
        self.named(&page.event).or_else(of_page)
    }
}

/// How many of the documented events have a descriptor and a typed payload.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct EventCoverage {
    /// Pages about events, and those with a descriptor.
    pub pages: Ratio,
    /// Sections about events on other pages, and those with a descriptor.
    pub sections: Ratio,
    /// Pages and sections that show a payload, and those whose descriptor has its type.
    pub payloads: Ratio,
    /// Documented payloads, as PHP sends them, and those that the schema reads.
    pub samples: Ratio,
    /// Scalars in these payloads, and those with a type.
    pub leaves: Ratio,
    /// Descriptors of events that documents only name.
    pub named: usize,
    /// The documents without a descriptor, with their lines.
    pub without_descriptor: Vec<String>,
    /// The documents that show a payload of which the descriptor has no type, with their lines.
    pub without_type: Vec<String>,
}

/// No generated types: schemas alone.
struct NoTypes;

impl TypeRegistry for NoTypes {
    fn decode(&self, _: Api, _: &str, _: Value) -> Option<Result<Vec<ResponseMismatch>, ResponseMismatch>> {
        None
    }

    fn event(&self, name: &str, body: &Value) -> Result<ReceivedEvent, String> {
        Ok(ReceivedEvent { name: name.to_owned(), data: body.clone(), decoded: None })
    }

    fn knows_error(&self, _: Api, _: &str, _: &str, _: &str) -> Option<bool> {
        None
    }
}

/// Measures how many of the documented events the spec has.
pub fn measure_events(spec: &Spec, pages: &[EventPage]) -> EventCoverage {
    let events = EventIndex::of(spec);
    let mut coverage = EventCoverage::default();
    let mut described = HashSet::new();
    for page in pages {
        let event = events.of_page(page);
        let of_kind = if page.is_page { &mut coverage.pages } else { &mut coverage.sections };
        of_kind.all += 1;
        of_kind.fit += usize::from(event.is_some());
        let place = format!("{}:{}: {}", page.source.path, page.line, page.event);
        let is_typed = event.is_some_and(|event| !event.data.is_unknown());
        if !page.samples.is_empty() {
            coverage.payloads.all += 1;
            coverage.payloads.fit += usize::from(is_typed);
            coverage.without_type.extend((!is_typed).then(|| place.clone()));
        }
        coverage.without_descriptor.extend(event.is_none().then_some(place));
        for sample in page.samples.iter().filter(|_| event.is_some()) {
            let sent = sent_by_php(&sample.data).unwrap_or_else(|| Value::Object(Map::new()));
            let Some(checked) = event.map(|event| check_payload(&NoTypes, event, &sent)) else { continue };
            coverage.samples.all += 1;
            coverage.samples.fit += usize::from(checked.is_decoded);
            coverage.leaves.all += checked.coverage.all;
            coverage.leaves.fit += checked.coverage.typed;
        }
        described.extend(event.map(|event| event.event.as_str()));
    }
    coverage.named = events.events.iter().filter(|event| !described.contains(event.event.as_str())).count();
    coverage
}

/// What a check of a payload gives.
pub struct CheckedPayload {
    /// Whether it can be read at all.
    pub is_decoded: bool,
    /// The values that do not fit.
    pub mismatches: Vec<ResponseMismatch>,
    /// Its scalars, and those with a typed field.
    pub coverage: Coverage,
}

/// Compares a payload, as a portal sends it, with the schema and the generated type of its event.
pub fn check_payload(types: &dyn TypeRegistry, event: &Event, sent: &Value) -> CheckedPayload {
    let mut sent = sent.clone();
    empty_undefined(&mut sent);
    let body =
        Map::from_iter([("event".into(), Value::from(event.event.as_str())), ("data".into(), sent.clone())]);
    let decoded = types.event(&event.event, &Value::Object(body)).ok().and_then(|received| received.decoded);
    let by_schema = mismatches(&event.data, &sent);
    let fits_as_a_whole = by_schema.iter().all(|mismatch| !mismatch.pointer.is_empty());
    let (is_decoded, mut found) = match decoded {
        Some(Ok(found)) => (fits_as_a_whole, found),
        Some(Err(error)) => (false, vec![error]),
        None => (fits_as_a_whole, Vec::new()),
    };
    let is_known = |known: &[ResponseMismatch], pointer: &str| known.iter().any(|one| one.pointer == pointer);
    let further = by_schema.into_iter().filter(|one| !is_known(&found, &one.pointer)).collect::<Vec<_>>();
    found.extend(further);
    let of_fields: &[ResponseMismatch] = if is_decoded { &found } else { &[] };
    let (rest, lost) = without_mismatches(&sent, of_fields);
    let mut coverage = Coverage::default();
    measure(&event.data, &event.data, &rest, &mut Vec::new(), &mut coverage);
    coverage.add(lost);
    CheckedPayload { is_decoded, mismatches: found, coverage }
}

/// Makes each `undefined` an empty text: it stands for nothing.
fn empty_undefined(value: &mut Value) {
    match value {
        Value::String(text) if text == UNDEFINED => text.clear(),
        Value::Array(items) => items.iter_mut().for_each(empty_undefined),
        Value::Object(fields) => fields.values_mut().for_each(empty_undefined),
        _ => {}
    }
}

/// A value as PHP sends it in a form, and as a form is read: scalars are texts, lists have their positions as keys, and what is
/// empty is absent (`None`).
pub fn sent_by_php(value: &Value) -> Option<Value> {
    let of_entries = |entries: Vec<(String, &Value)>| {
        let sent: Map<String, Value> =
            entries.into_iter().filter_map(|(key, value)| Some((key, sent_by_php(value)?))).collect();
        (!sent.is_empty()).then_some(Value::Object(sent))
    };
    match value {
        Value::Null => None,
        Value::Bool(flag) => Some(Value::from(if *flag { "1" } else { "0" })),
        Value::Number(number) => Some(Value::from(number.to_string())),
        Value::String(text) => Some(Value::from(text.clone())),
        Value::Array(items) => {
            of_entries(items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect())
        }
        Value::Object(fields) => of_entries(fields.iter().map(|(key, value)| (key.clone(), value)).collect()),
    }
}

/// The values that do not fit the schema: the innermost ones in fields, or the whole.
fn mismatches(schema: &Schema, sent: &Value) -> Vec<ResponseMismatch> {
    let mut found = Vec::new();
    if !schema.is_unknown() && !accepts(schema, sent) {
        collect_mismatches(schema, schema, sent, &mut Vec::new(), &mut found);
        if found.is_empty() {
            found.push(mismatch(&[], schema));
        }
    }
    found
}

fn collect_mismatches<'v>(
    root: &Schema,
    schema: &Schema,
    value: &'v Value,
    path: &mut Vec<&'v str>,
    found: &mut Vec<ResponseMismatch>,
) {
    let schema = resolved(root, schema);
    if is_empty_form(value) {
        return;
    }
    let with_defs = Schema { defs: root.defs.clone(), ..schema.clone() };
    if accepts(&with_defs, value) {
        return;
    }
    let parts = parts(schema, value);
    if parts.is_empty() {
        found.push(mismatch(path, schema));
    }
    for (name, part, value) in parts {
        path.push(name);
        collect_mismatches(root, part, value, path, found);
        path.pop();
    }
}

fn mismatch(path: &[&str], schema: &Schema) -> ResponseMismatch {
    let kind = serde_json::to_string(&schema.types).unwrap_or_default();
    let pointer: String =
        path.iter().map(|name| format!("/{}", name.replace('~', "~0").replace('/', "~1"))).collect();
    let shown = path.join(".");
    ResponseMismatch {
        field: shown.clone(),
        path: shown,
        pointer,
        message: format!("the value does not fit {kind}"),
    }
}

/// The schema, or what it refers to.
fn resolved<'s>(root: &'s Schema, schema: &'s Schema) -> &'s Schema {
    let name = schema.reference.as_deref().and_then(|reference| reference.strip_prefix("#/$defs/"));
    name.and_then(|name| root.defs.get(name)).unwrap_or(schema)
}

/// The parts of a value that the schema describes.
fn parts<'s, 'v>(schema: &'s Schema, value: &'v Value) -> Vec<(&'v str, &'s Schema, &'v Value)> {
    let Value::Object(fields) = value else { return Vec::new() };
    let structure = schema.scalar_or_structure().map_or(schema, |(_, structure)| structure);
    let values = match &structure.additional {
        Some(AdditionalProperties::Of(values)) => Some(&**values),
        _ => None,
    };
    let of = |name: &str| {
        let is_list = structure.types.0.contains(&JsonType::Array);
        structure.properties.get(name).or(structure.items.as_deref().filter(|_| is_list)).or(values)
    };
    fields.iter().filter_map(|(name, value)| Some((name.as_str(), of(name)?, value))).collect()
}

/// Counts the scalars of a payload, and those with a type in the schema.
fn measure<'v>(
    root: &Schema,
    schema: &Schema,
    value: &'v Value,
    path: &mut Vec<&'v str>,
    coverage: &mut Coverage,
) {
    let schema = resolved(root, schema);
    match value {
        Value::Object(fields) => {
            let known = parts(schema, value);
            for (name, value) in fields {
                path.push(if name.parse::<usize>().is_ok() { "*" } else { name });
                match known.iter().find(|(known, _, _)| *known == name) {
                    Some((_, part, _)) => measure(root, part, value, path, coverage),
                    None => {
                        let own = measure_untyped(value);
                        coverage.all += own.all;
                        for (below, values) in own.untyped {
                            let whole = [path.join("."), below].join(".");
                            *coverage.untyped.entry(whole.trim_end_matches('.').to_owned()).or_default() +=
                                values;
                        }
                    }
                }
                path.pop();
            }
        }
        Value::Array(items) => items.iter().for_each(|item| measure(root, schema, item, path, coverage)),
        _ => {
            coverage.all += 1;
            let scalar = schema.scalar_or_structure().map_or(schema, |(scalar, _)| scalar);
            let is_structure = matches!(scalar.types.single(), Some(JsonType::Array | JsonType::Object));
            if scalar.types.single().is_some() && (!is_structure || is_empty_form(value)) {
                coverage.typed += 1;
            } else {
                *coverage.untyped.entry(path.join(".")).or_default() += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn php_sends_texts() {
        let value =
            json!({"ID": 7, "OK": true, "NO": false, "N": null, "L": [], "I": ["a", {"B": 1.5}], "T": ""});
        let sent = json!({"ID": "7", "OK": "1", "NO": "0", "I": {"0": "a", "1": {"B": "1.5"}}, "T": ""});
        assert_eq!(sent_by_php(&value), Some(sent));
        assert_eq!(sent_by_php(&json!([null, {}])), None);
    }

    #[test]
    fn values_that_do_not_fit_cost_their_fields() {
        let schema: Schema = serde_json::from_value(json!({"type": "object", "properties": {
            "ID": {"type": "integer"}, "IDS": {"type": "array", "items": {"type": "integer"}},
            "BEFORE": {"type": "object", "properties": {"ID": {"type": "integer"}}},
        }}))
        .unwrap();
        let sent = json!({"ID": "x", "IDS": {"0": "1", "1": "y"}, "BEFORE": {"ID": "7"}, "MORE": "1"});
        let found: Vec<String> = mismatches(&schema, &sent).into_iter().map(|one| one.pointer).collect();
        assert_eq!(found, ["/ID", "/IDS/1"]);
        let mut coverage = Coverage::default();
        measure(&schema, &schema, &sent, &mut Vec::new(), &mut coverage);
        assert_eq!((coverage.all, coverage.typed), (5, 4));
        assert_eq!(mismatches(&schema, &json!("text")).len(), 1);
    }
}

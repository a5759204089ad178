//! The schema of each value in a result: of the types in the evidence, the first that every example fits.

mod leaf;
mod meaning;
mod names;
mod reports;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use crate::descriptor::{AdditionalProperties, JsonType, Schema};
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::lexicon::events::DATA;
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::returns::{
    EMPTY_LIST_IS_NOTHING, NAMES_THAT_DIFFER_IN_CASE, NULL_RESULT, NULLABLE_RESULT, RECORDED_RESPONSE,
    RESULT_IN_ENVELOPE, TYPESCRIPT_RESULT_TYPE,
};
use crate::extract::resolve::{Decision, resolve};
use crate::extract::rules::returns::recorded::RecordedSamples;
pub(crate) use crate::extract::rules::returns::resolve::names::{FieldName, letters};
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::recorded::Recorded;
use crate::schema::accepts::{accepts, is_empty_form};

/// The locations of the examples and of the TypeScript type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines {
    /// The rule that takes the result out of the examples.
    pub(crate) example_rule: &'static Rule,
    /// The line of the first example; 0 where there is none.
    pub(crate) example: usize,
    /// The line of the TypeScript type; 0 where there is none.
    pub(crate) typescript: usize,
}

/// No examples and no TypeScript type.
impl Default for Lines {
    fn default() -> Self {
        Self { example_rule: &RESULT_IN_ENVELOPE, example: 0, typescript: 0 }
    }
}

/// The locations of all samples.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'s> {
    /// The key of the descriptor: `returns` for a result, `data` for the payload of an event.
    pub(crate) root: &'static str,
    pub(crate) lines: Lines,
    /// The values in recorded results.
    pub(crate) recorded: &'s RecordedSamples<'s>,
}

impl Sources<'_> {
    /// The rule and the line of the samples of a value: those of the example, unless only recorded results show the value.
    fn of_samples(&self, samples: &[&Value]) -> (&'static Rule, usize) {
        match samples.first().and_then(|first| self.recorded_line(first)) {
            Some(recorded) => (&RECORDED_RESPONSE, recorded.line),
            None => (self.lines.example_rule, self.lines.example),
        }
    }

    /// The line of recorded traffic that a sample is from; `None` for one of the page.
    fn recorded_line(&self, sample: &Value) -> Option<&Recorded> {
        self.recorded.get(&std::ptr::from_ref(sample)).copied()
    }
}

/// The schema of a whole result.
pub(crate) fn result(root: &Node<'_>, method: &str, sources: Sources<'_>, log: &mut PageLog) -> Schema {
    let mut resolver = Resolver::new(sources, Some(description_name(method)), log);
    let name = if sources.root == DATA { DATA } else { "result" };
    let mut schema = resolver.schema(root, name);
    resolver.make_nullable(root, &mut schema);
    if schema.is_unknown() && !root.samples.is_empty() && root.samples.iter().all(|value| value.is_null()) {
        schema = Schema::of(JsonType::Null);
        resolver.claim(&NULL_RESULT, sources.lines.example, "type", &schema);
    }
    schema.defs = resolver.defs;
    schema
}

/// The schema of an entity. It contains all its parts, since it has no place for shared ones.
pub(crate) fn entity(object: &Node<'_>, sources: Sources<'_>, log: &mut PageLog) -> Schema {
    Resolver::new(sources, None, log).schema(object, "result")
}

/// The name of the schema that all field descriptions of a result share. Beside `fields` an entity may have further methods
/// of the kind, whose descriptions have more or fewer fields.
fn description_name(method: &str) -> String {
    let last = method.rsplit('.').next().unwrap_or_default();
    let mut letters = last.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    match last {
        "fields" => "FieldDescription".to_owned(),
        _ => format!("{}{}Description", first.map(String::from).unwrap_or_default(), letters.as_str()),
    }
}

struct Resolver<'t> {
    sources: Sources<'t>,
    /// The names on the way to the value that is being resolved.
    path: Vec<String>,
    /// The name of the shared field description; `None` if it is not shared.
    description: Option<String>,
    defs: IndexMap<String, Schema>,
    /// Whether the object around the value holds flags and nothing else.
    among_flags: bool,
    log: &'t mut PageLog,
}

impl<'t> Resolver<'t> {
    fn new(sources: Sources<'t>, description: Option<String>, log: &'t mut PageLog) -> Self {
        Self { sources, path: Vec::new(), description, defs: IndexMap::new(), among_flags: false, log }
    }
}

impl Resolver<'_> {
    /// The schema of a value, without `null`.
    fn schema(&mut self, node: &Node<'_>, name: &str) -> Schema {
        let schema = match &node.inner {
            Inner::Leaf => return self.leaf(node, name),
            Inner::Object(fields) => {
                let are_flags = hold_flags(fields);
                let field = |(name, field): (&String, &Node<'_>)| {
                    self.path.push(name.clone());
                    self.among_flags = are_flags;
                    let schema = self.schema(field, name);
                    self.path.pop();
                    (name.clone(), schema)
                };
                let mut properties = fields.iter().map(field).collect();
                self.leave_out_namesakes(&mut properties);
                Schema { properties, ..Schema::any_object() }
            }
            Inner::List(_) if node.is_documented_object() => Schema::any_object(),
            Inner::List(items) => {
                let items = Some(Box::new(self.full(items, name))).filter(|items| !items.is_unknown());
                Schema { items, ..Schema::of(JsonType::Array) }
            }
            Inner::Map(values) => of_values(self.full(values, name)),
            Inner::Forms(forms) => {
                let scalar = self.leaf(&forms.scalar_in_table(node), name);
                let structure = self.schema(&forms.structure, name);
                if scalar.types.is_empty() {
                    structure
                } else {
                    Schema { one_of: vec![scalar, structure], ..Schema::default() }
                }
            }
            Inner::Fields(values) => {
                let description = self.full(values, name);
                of_values(self.shared(description))
            }
        };
        self.record_structure(node, &schema);
        self.compare(node, &schema, name);
        schema
    }

    /// Leaves out fields that differ from another one only in case or in marks: one Rust field cannot have both names.
    fn leave_out_namesakes(&mut self, properties: &mut IndexMap<String, Schema>) {
        let mut by_letters: HashMap<String, String> = HashMap::new();
        let mut names: Vec<&String> = properties.keys().collect();
        names.sort_by_key(|name| !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        let mut left_out = Vec::new();
        for name in names {
            // `~` marks a stored value beside the same value prepared for display.
            let mark = if name.starts_with('~') { "~" } else { "" };
            match by_letters.entry(format!("{mark}{}", letters(name))) {
                Entry::Occupied(known) => left_out.push((name.clone(), known.get().clone())),
                Entry::Vacant(free) => {
                    free.insert(name.clone());
                }
            }
        }
        for (name, known) in &left_out {
            self.log.fire(&NAMES_THAT_DIFFER_IN_CASE);
            let message = format!("the field {name} differs from {known} only in case or in marks");
            let expected = "names that differ in a letter or a digit; it was left out";
            self.log.contradiction(self.sources.lines.example, message, expected);
        }
        let left_out: HashSet<String> = left_out.into_iter().map(|(name, _)| name).collect();
        properties.retain(|name, _| !left_out.contains(name));
    }

    /// The schema of a value that is no field, with `null` where it may be null.
    fn full(&mut self, node: &Node<'_>, name: &str) -> Schema {
        let mut schema = self.schema(node, name);
        self.make_nullable(node, &mut schema);
        schema
    }

    fn make_nullable(&mut self, node: &Node<'_>, schema: &mut Schema) {
        let nothing = |value: &&Value| is_empty_form(value) && !accepts(schema, value);
        let in_example = node.samples.iter().any(nothing);
        let nullable = in_example || node.typed.as_ref().is_some_and(|typed| typed.types.nullable());
        let is_known = schema.types.single().is_some() || !schema.one_of.is_empty();
        if nullable && is_known && !schema.types.nullable() {
            schema.types.0.push(JsonType::Null);
            let line = if in_example { self.sources.lines.example } else { self.sources.lines.typescript };
            let kind = Schema { types: schema.types.clone(), ..Schema::default() };
            self.claim(&NULLABLE_RESULT, line, "type", &kind);
        }
    }

    /// A field description as the others share it; one that differs from the shared one is not shared.
    fn shared(&mut self, description: Schema) -> Schema {
        let Some(name) = &self.description else { return description };
        let shared = self.defs.entry(name.clone()).or_insert_with(|| description.clone());
        if *shared != description {
            return description;
        }
        Schema { reference: Some(format!("#/$defs/{name}")), ..Schema::default() }
    }

    /// Claims a keyword of the schema that is being resolved.
    fn claim(&mut self, rule: &'static Rule, line: usize, keyword: &'static str, value: &Schema) {
        let path = &self.path;
        let leaf = || Leaf::schema(self.sources.root, path.iter().map(String::as_str), keyword);
        self.log.ledger.claim(rule, line, leaf, value);
    }

    fn record<T: Serialize>(&mut self, node: &Node<'_>, evidence: &[Evidence<T>], decision: &Decision) {
        let path = &self.path;
        let leaf = || Leaf::schema(self.sources.root, path.iter().map(String::as_str), "type");
        let recorded = node.samples.first().and_then(|first| self.sources.recorded_line(first));
        let page = self.log.ledger.file().to_owned();
        let file = |index: usize| match (evidence.get(index), recorded) {
            (Some(found), Some(recorded)) if *found.rule == RECORDED_RESPONSE => recorded.source.path.clone(),
            _ => page.clone(),
        };
        self.log.ledger.decided_in(evidence, decision, leaf, file);
    }

    /// Records the evidence on an object, a list or a map: the examples or the TypeScript type, the table, and the rules that
    /// decide what is inside.
    fn record_structure(&mut self, node: &Node<'_>, schema: &Schema) {
        let kind = Schema { types: schema.types.clone(), ..Schema::default() };
        let (rule, line) = match node.samples.is_empty() {
            false => self.sources.of_samples(&node.samples),
            true => (&TYPESCRIPT_RESULT_TYPE, self.sources.lines.typescript),
        };
        let mut evidence = vec![Evidence::new(rule, &kind, line)];
        evidence.extend(node.from_table.as_ref().map(Evidence::as_ref));
        let decision = resolve(&evidence, |_| true);
        self.record(node, &evidence, &decision);
        let keyword = match &node.inner {
            Inner::Object(_) | Inner::Leaf => "properties",
            Inner::List(_) => "items",
            Inner::Map(_) | Inner::Fields(_) => "additionalProperties",
            Inner::Forms(_) => "oneOf",
        };
        for rule in &node.rules {
            self.claim(rule, line, keyword, schema);
        }
        self.fire_on_empty_forms(node, schema);
    }

    /// Counts empty forms that are of another kind than the value is, or all that the examples show.
    fn fire_on_empty_forms(&mut self, node: &Node<'_>, schema: &Schema) {
        let kind = schema.types.single();
        let is_other = |value: &&Value| is_empty_form(value) && !is_of_kind(value, kind);
        let is_alone = || node.samples.iter().all(|value| is_empty_form(value));
        if node.samples.iter().any(is_other) || !node.samples.is_empty() && is_alone() {
            self.log.fire(&EMPTY_LIST_IS_NOTHING);
        }
    }
}

/// Whether the examples show `true` and `false` in all fields of an object, and `true` in one of them.
fn hold_flags(fields: &IndexMap<String, Node<'_>>) -> bool {
    let mut values = fields.values().flat_map(|field| &field.samples);
    fields.len() > 1
        && values.clone().all(|value| value.is_boolean())
        && values.any(|value| **value == Value::Bool(true))
}

fn is_of_kind(value: &Value, kind: Option<JsonType>) -> bool {
    matches!(
        (value, kind),
        (Value::Bool(_), Some(JsonType::Boolean))
            | (Value::String(_), Some(JsonType::String))
            | (Value::Array(_), Some(JsonType::Array))
            | (Value::Object(_), Some(JsonType::Object))
    )
}

fn of_values(values: Schema) -> Schema {
    let additional =
        Some(AdditionalProperties::Of(Box::new(values.clone()))).filter(|_| !values.is_unknown());
    Schema { additional, ..Schema::any_object() }
}

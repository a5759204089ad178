//! The fields of an entity as a method describes them: the answer of `fields` or `getFields`.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema};
use crate::extract::entities::family::{Family, describes_fields};
use crate::extract::evidence::Evidence;
use crate::extract::register::Rule;
use crate::extract::register::entities::DESCRIBED_FIELD;
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::schema::words;

/// Adds the described fields to an object. Returns the rules that fired.
pub(super) fn add(object: &mut Node<'_>, family: &Family<'_>) -> Vec<&'static Rule> {
    let Inner::Object(fields) = &mut object.inner else { return Vec::new() };
    let mut rules = Vec::new();
    for (_, method) in &family.methods {
        let Some(evidence) = method.evidence.as_ref().filter(|_| describes_fields(&method.descriptor)) else {
            continue;
        };
        let tree = evidence.tree();
        let Some(described) = descriptions(&tree) else { continue };
        let samples = described.samples.iter().filter_map(|value| value.as_object());
        let described: Vec<(&String, &Value)> = samples.flatten().collect();
        let shared = described.iter().filter(|(name, _)| fields.contains_key(*name)).count();
        if shared < 2 || shared * 2 < described.len().min(fields.len()) {
            continue;
        }
        for (name, description) in described {
            let Some(schema) = schema_of(description) else { continue };
            let node = fields.entry(name.clone()).or_default();
            let line = evidence.lines.example;
            let further =
                Node { from_table: Some(Evidence::new(&DESCRIBED_FIELD, schema, line)), ..Node::default() };
            node.absorb(further);
            rules.push(&DESCRIBED_FIELD);
        }
    }
    rules
}

/// The map of descriptions in a result: itself, or its only field that is one.
fn descriptions<'n, 'a>(node: &'n Node<'a>) -> Option<&'n Node<'a>> {
    match &node.inner {
        Inner::Object(fields) => {
            let inside = fields.values().find(|field| matches!(field.inner, Inner::Fields(_)));
            let are_titles =
                || fields.values().all(|field| field.samples.iter().all(|value| value.is_string()));
            inside.or_else(|| are_titles().then_some(node))
        }
        Inner::Fields(_) => Some(node),
        Inner::Leaf | Inner::List(_) | Inner::Map(_) => None,
    }
}

/// The schema that a description gives: its `type` as a word, in a list where the field has several values. A description that
/// is only a title leaves a text.
fn schema_of(description: &Value) -> Option<Schema> {
    if description.is_string() {
        return Some(Schema::of(JsonType::String));
    }
    let description = description.as_object()?;
    let get = |key: &str| {
        description.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    };
    let word = get("type")?.as_str()?;
    let schema = words::schema_of(word)?;
    let is_multiple = get("isMultiple").is_some_and(|flag| *flag == Value::Bool(true));
    Some(if is_multiple && schema.types.single() != Some(JsonType::Array) {
        Schema { items: Some(Box::new(schema)), ..Schema::of(JsonType::Array) }
    } else {
        schema
    })
}

//! The fields of an entity as a method describes them: the answer of `fields` or `getFields`.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema};
use crate::extract::entities::Described;
use crate::extract::entities::family::{Family, describes_fields};
use crate::extract::entities::parts::TypeFields;
use crate::extract::evidence::Evidence;
use crate::extract::register::Rule;
use crate::extract::register::entities::DESCRIBED_FIELD;
use crate::extract::rules::returns::resolve::letters;
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::schema::accepts::is_empty_form;
use crate::schema::words;

/// Adds the described fields to an object: those with a type, or those of which there is only a title and which nothing else
/// shows. Returns the rules that fired.
pub(super) fn add(object: &mut Node<'_>, family: &Family<'_>, titles: bool) -> Vec<&'static Rule> {
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
            if description.is_string() != titles || titles && fields.get(name).is_some_and(is_shown) {
                continue;
            }
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

/// Whether there is evidence on a field beside its name.
fn is_shown(field: &Node<'_>) -> bool {
    field.from_table.is_some()
        || field.typed.is_some()
        || field.samples.iter().any(|sample| !is_empty_form(sample))
}

/// The fields that methods describe, by the letters of their families.
pub(super) fn types(methods: &[Described]) -> TypeFields {
    let describing = methods.iter().filter(|method| describes_fields(&method.descriptor));
    let fields = |method: &Described| {
        let tree = method.evidence.as_ref()?.tree();
        let described = descriptions(&tree)?.samples.iter().filter_map(|value| value.as_object()).flatten();
        let typed = described.filter(|(_, description)| description.is_object());
        let typed: Vec<_> =
            typed.filter_map(|(name, description)| Some((name.clone(), schema_of(description)?))).collect();
        let (family, _) = method.descriptor.method.rsplit_once('.')?;
        (!typed.is_empty()).then(|| (letters(family), typed))
    };
    describing.filter_map(fields).collect()
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
        Inner::Map(_) => are_titles(node).then_some(node),
        Inner::Leaf | Inner::List(_) | Inner::Forms(_) => None,
    }
}

/// Whether the values of a node are objects of nothing but texts.
fn are_titles(node: &Node<'_>) -> bool {
    let mut objects = node.samples.iter().map(|value| value.as_object());
    objects.all(|object| object.is_some_and(|object| object.values().all(Value::is_string)))
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

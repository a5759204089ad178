//! The payload of an event, by the same evidence as a result: examples of what a handler receives, and tables.

use indexmap::IndexMap;
use serde_json::Value;

use crate::descriptor::{AdditionalProperties, JsonType, Schema};
use crate::extract::evidence::Leaf;
use crate::extract::lexicon::events::{DATA, TOKEN, UNDEFINED};
use crate::extract::page_log::PageLog;
use crate::extract::register::events::{EVENT_IDENTIFIER, EVENT_PAYLOAD, UNDEFINED_IS_NOTHING};
use crate::extract::rules::returns::resolve::{FieldName, Lines, Sources};
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::extract::rules::returns::{entities, schema, tables, tree};
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::Section;

/// What a page shows of the payload of an event.
pub(crate) struct PayloadEvidence<'p> {
    /// Examples of what a handler receives: objects with `data`.
    pub(crate) samples: Vec<Value>,
    /// The line of the first example.
    pub(crate) line: usize,
    /// The sections with tables.
    pub(crate) sections: Vec<&'p Section>,
}

/// Extracts the schema of a payload. `None` if the page shows none.
pub(crate) fn extract(
    event: &str,
    mut evidence: PayloadEvidence<'_>,
    index: &SiteIndex<'_>,
    log: &mut PageLog,
) -> Option<Schema> {
    if evidence.samples.iter_mut().map(without_undefined).fold(false, |any, found| any | found) {
        log.fire(&UNDEFINED_IS_NOTHING);
    }
    let samples: Vec<&Value> = evidence.samples.iter().collect();
    let has_samples = !samples.is_empty();
    let mut root = if has_samples { tree::build(samples, None, 0) } else { unknown_data() };
    let tables = tables::of_sections(evidence.sections.iter().copied(), log);
    let in_tables = tables::payload::attach(&tables, &mut root, log);
    let in_words = tables::payload::attach_described(evidence.sections.iter().copied(), &mut root, log);
    let in_entities = entities::attach(&mut root, index, log);
    if !(has_samples || in_tables || in_words || in_entities) {
        return None;
    }
    let data = tables::payload::data(root)?;
    let lines = Lines { example_rule: &EVENT_PAYLOAD, example: evidence.line, typescript: 0 };
    let sources = Sources { root: DATA, lines, recorded: &Default::default() };
    let mut schema = schema(&data, event, sources, log);
    type_identifiers(&mut schema, &mut Vec::new(), evidence.line, log);
    Some(schema).filter(|schema| !schema.is_unknown() && *schema != Schema::any_object())
}

/// What a handler receives of which no example shows anything: an object with the payload.
fn unknown_data<'a>() -> Node<'a> {
    let data = Node { inner: Inner::Object(IndexMap::new()), ..Node::default() };
    Node { inner: Inner::Object(IndexMap::from([(DATA.to_owned(), data)])), ..Node::default() }
}

/// Replaces each `undefined` by `null`. Returns whether there is one.
fn without_undefined(value: &mut Value) -> bool {
    match value {
        Value::String(text) if text == UNDEFINED => {
            *value = Value::Null;
            true
        }
        Value::Array(items) => items.iter_mut().map(without_undefined).fold(false, |any, found| any | found),
        Value::Object(fields) => {
            fields.values_mut().map(without_undefined).fold(false, |any, found| any | found)
        }
        _ => false,
    }
}

/// Makes identifiers without a type integers, and tokens texts.
fn type_identifiers(schema: &mut Schema, path: &mut Vec<String>, line: usize, log: &mut PageLog) {
    for (name, field) in &mut schema.properties {
        path.push(name.clone());
        let words = FieldName::of(name);
        let kind = if words.identifies() && !words.is_text_key() {
            Some(JsonType::Integer)
        } else {
            name.to_ascii_lowercase().ends_with(TOKEN).then_some(JsonType::String)
        };
        if let Some(kind) = kind.filter(|_| field.is_unknown()) {
            field.types.0 = vec![kind];
            let leaf = || Leaf::schema(DATA, path.iter().map(String::as_str), "type");
            log.ledger.claim(&EVENT_IDENTIFIER, line, leaf, &*field);
        }
        type_identifiers(field, path, line, log);
        path.pop();
    }
    let values = match &mut schema.additional {
        Some(AdditionalProperties::Of(values)) => Some(&mut **values),
        _ => None,
    };
    let parts = schema.items.as_deref_mut().into_iter().chain(values).chain(&mut schema.one_of);
    parts.for_each(|part| type_identifiers(part, path, line, log));
}

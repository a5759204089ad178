//! Values that are a scalar in some examples, and an object or a list in others.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema, TypeSet};
use crate::extract::evidence::Evidence;
use crate::extract::register::returns::SCALAR_OR_STRUCTURE;
use crate::extract::rules::returns::tree::{Inner, Node, Structure, build, structure};
use crate::schema::accepts::is_empty_form;
use crate::schema::{example, words};

/// The two forms of a value.
#[derive(Debug)]
pub(crate) struct Forms<'a> {
    /// The number, the text or the flag.
    pub(crate) scalar: Node<'a>,
    /// The object or the list.
    pub(crate) structure: Node<'a>,
}

/// Both forms, if the examples show both. An example that leaves its value out, or names its type, is no scalar.
pub(super) fn forms<'a>(
    samples: &[&'a Value],
    typed: Option<&Schema>,
    depth: usize,
) -> Option<Structure<'a>> {
    let is_structured = |value: &&Value| value.is_array() || value.is_object();
    let shows = |value: &&Value| !is_empty_form(value) && !is_left_out(value) && !names_type(value);
    let live = samples.iter().copied().filter(shows);
    let (structures, scalars): (Vec<&Value>, Vec<&Value>) = live.partition(is_structured);
    if structures.is_empty() {
        return None;
    }
    if scalars.is_empty() {
        return Some(structure(&structures, typed, depth));
    }
    let of = |wanted: fn(&JsonType) -> bool| typed.and_then(|typed| restricted(typed, wanted));
    let structured = build(structures, of(is_structure), depth);
    if matches!(structured.inner, Inner::Leaf) {
        return None;
    }
    let scalar = build(scalars, of(is_scalar), depth);
    Some(Structure {
        inner: Inner::Forms(Box::new(Forms { scalar, structure: structured })),
        rules: vec![&SCALAR_OR_STRUCTURE],
    })
}

fn is_structure(kind: &JsonType) -> bool {
    matches!(kind, JsonType::Array | JsonType::Object)
}

fn is_scalar(kind: &JsonType) -> bool {
    !is_structure(kind)
}

/// A type without the kinds that are not wanted; `None` if none is left.
fn restricted(typed: &Schema, wanted: fn(&JsonType) -> bool) -> Option<Schema> {
    let kinds: Vec<JsonType> = typed.types.0.iter().copied().filter(wanted).collect();
    let is_some = kinds.iter().any(|kind| *kind != JsonType::Null);
    is_some.then(|| Schema { types: TypeSet(kinds), ..typed.clone() })
}

impl<'a> Node<'a> {
    /// The object or the list among the forms of the value, or else the value itself.
    pub(crate) fn structured_mut(&mut self) -> &mut Self {
        match self.inner {
            Inner::Forms(ref mut forms) => &mut forms.structure,
            _ => self,
        }
    }

    /// The same of a value that is taken apart.
    pub(crate) fn into_structured(self) -> Self {
        match self.inner {
            Inner::Forms(forms) => forms.structure,
            inner => Self { inner, ..self },
        }
    }
}

impl<'a> Forms<'a> {
    /// The scalar, with the documented type of the value if that is one of a scalar.
    pub(crate) fn scalar_in_table(&self, value: &Node<'a>) -> Node<'a> {
        let documented = value.from_table.as_ref().and_then(|found| {
            let schema = restricted(&found.value, is_scalar)?;
            Some(Evidence::new(found.rule, schema, found.line))
        });
        let (samples, typed) = (self.scalar.samples.clone(), self.scalar.typed.clone());
        Node { samples, typed, from_table: documented, ..Node::default() }
    }
}

/// Whether an example leaves its value out.
pub(crate) fn is_left_out(value: &Value) -> bool {
    value.as_str().is_some_and(|text| matches!(text, "..." | "…") || example::is_placeholder(text))
}

/// Whether an example names a type in place of a value.
pub(crate) fn names_type(value: &Value) -> bool {
    value.as_str().and_then(words::schema_of).is_some_and(|schema| !schema.types.is_empty())
}

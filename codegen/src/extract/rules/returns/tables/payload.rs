//! The tables of a page about an event: they describe what a handler receives, of which the payload is one part.

use crate::descriptor::JsonType;
use crate::extract::lexicon::events::{AUTH, DATA, EVENT, FIELD_WORDS};
use crate::extract::page_log::PageLog;
use crate::extract::register::events::{EVENT_FIELD_IN_DESCRIPTION, EVENT_TABLE, EVENT_TABLE_OF_DATA};
use crate::extract::rules::returns::tables::objects::{ObjectIndex, at};
use crate::extract::rules::returns::tables::{ResultTable, row_binding};
use crate::extract::rules::returns::tree::{Inner, Node, Step};
use crate::extract::syntax::ast::{Cell, Section};
use crate::extract::tables::field_table::FieldTable;

/// Puts the types of the tables into the tree of what a handler receives. Returns whether the tree has changed.
pub(in crate::extract::rules::returns) fn attach(
    tables: &[ResultTable],
    root: &mut Node<'_>,
    log: &mut PageLog,
) -> bool {
    let mut objects = ObjectIndex::of(root);
    let mut used = false;
    for table in tables {
        used |= bind(table, root, &mut objects, log);
    }
    used
}

fn bind(table: &ResultTable, root: &mut Node<'_>, objects: &mut ObjectIndex, log: &mut PageLog) -> bool {
    let targets = targets(table, root, objects);
    if !targets.is_empty() {
        log.fire(&EVENT_TABLE);
        let bound = targets.into_iter().map(|id| row_binding::bind_all(table, id, root, objects, log));
        return bound.fold(false, |used, changed| used | changed);
    }
    if heading_words(table).any(|word| word == AUTH) {
        return false;
    }
    if table.rows.iter().any(|row| !objects.with_field(&row.name).is_empty()) {
        log.fire(&EVENT_TABLE);
        return row_binding::bind_table(table, root, objects, log);
    }
    let Some(id) = objects.object_at(root, &mut vec![Step::Field(DATA.to_owned())]) else { return false };
    log.fire(&EVENT_TABLE_OF_DATA);
    row_binding::bind_all(table, id, root, objects, log)
}

/// The objects that a table is about: the whole, those of the rows that link to it, or one that its heading names.
fn targets(table: &ResultTable, root: &mut Node<'_>, objects: &mut ObjectIndex) -> Vec<usize> {
    let has = |name: &str| table.rows.iter().any(|row| row.name == name);
    if has(EVENT) && (has(DATA) || has(AUTH)) {
        return objects.paths.iter().position(Vec::is_empty).into_iter().collect();
    }
    let linked = table.anchor.as_ref().and_then(|anchor| objects.linked.get(anchor).cloned());
    let linked: Vec<usize> =
        linked.into_iter().flatten().filter_map(|mut path| objects.object_at(root, &mut path)).collect();
    if !linked.is_empty() {
        return linked;
    }
    let is_same: [fn(&str, &str) -> bool; 2] = [|a, b| a == b, |a, b| a.eq_ignore_ascii_case(b)];
    for is_same in is_same {
        for word in heading_words(table) {
            let mut found = Vec::new();
            paths_named(root, &mut Vec::new(), &|name| is_same(name, word), &mut found);
            let mut found = found.into_iter();
            if let Some(id) = found.find_map(|mut path| objects.object_at(root, &mut path)) {
                return vec![id];
            }
        }
    }
    Vec::new()
}

fn heading_words(table: &ResultTable) -> impl Iterator<Item = &str> {
    let words = table.heading.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty())
}

/// The paths of the values with a name, but for those inside of `auth`.
fn paths_named(
    node: &Node<'_>,
    path: &mut Vec<Step>,
    is_named: &dyn Fn(&str) -> bool,
    found: &mut Vec<Vec<Step>>,
) {
    match &node.inner {
        Inner::Leaf => {}
        Inner::Forms(forms) => paths_named(&forms.structure, path, is_named, found),
        Inner::Object(fields) => {
            for (name, field) in fields {
                let is_auth = path.is_empty() && name == AUTH;
                path.push(Step::Field(name.clone()));
                if is_named(name) {
                    found.push(path.clone());
                }
                if !is_auth {
                    paths_named(field, path, is_named, found);
                }
                path.pop();
            }
        }
        Inner::List(inside) | Inner::Map(inside) | Inner::Fields(inside) => {
            path.push(Step::Inside);
            paths_named(inside, path, is_named, found);
            path.pop();
        }
    }
}

/// Adds the fields that descriptions name in words to objects and lists of which nothing else is known. Returns whether there
/// are any.
pub(in crate::extract::rules::returns) fn attach_described<'p>(
    sections: impl Iterator<Item = &'p Section>,
    root: &mut Node<'_>,
    log: &mut PageLog,
) -> bool {
    let mut used = false;
    for table in sections.flat_map(Section::tables) {
        for row in FieldTable::of(table).rows {
            let (Some(name), Some(field)) = (&row.name.field, row.description.and_then(named_field)) else {
                continue;
            };
            let mut found = Vec::new();
            paths_named(root, &mut Vec::new(), &|other| other == name, &mut found);
            for path in found {
                let Some(node) = at(root, &path).filter(|node| is_open(node)) else { continue };
                node.from_table = None;
                node.inner = Inner::Object([(field.clone(), Node::default())].into_iter().collect());
                log.fire(&EVENT_FIELD_IN_DESCRIPTION);
                used = true;
            }
        }
    }
    used
}

/// Whether nothing is known of a value but that it may be an object or a list.
fn is_open(node: &Node<'_>) -> bool {
    let may_be = |kind: Option<JsonType>| matches!(kind, None | Some(JsonType::Array | JsonType::Object));
    let documented = node.from_table.as_ref().map(|found| &found.value);
    matches!(node.inner, Inner::Leaf)
        && node.samples.is_empty()
        && documented
            .is_none_or(|documented| documented.format.is_none() && may_be(documented.types.single()))
}

/// The name in capitals that a description has behind a word for a field.
fn named_field(description: &Cell) -> Option<String> {
    let prose = description.prose();
    let mut words = prose.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.find(|word| FIELD_WORDS.are(word))?;
    let is_name = |name: &&str| {
        name.len() > 1 && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    words.next().filter(is_name).map(str::to_owned)
}

/// The part of the tree that is the payload.
pub(in crate::extract::rules::returns) fn data(root: Node<'_>) -> Option<Node<'_>> {
    root.into_part(&[Step::Field(DATA.to_owned())])
}

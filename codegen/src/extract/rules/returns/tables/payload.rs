//! The tables of a page about an event: they describe what a handler receives, of which the payload is one part.

use crate::descriptor::JsonType;
use crate::extract::lexicon::events::{AUTH, DATA, EVENT, FIELD_WORDS};
use crate::extract::page_log::PageLog;
use crate::extract::register::events::{EVENT_FIELD_IN_DESCRIPTION, EVENT_TABLE, EVENT_TABLE_OF_DATA};
use crate::extract::rules::returns::tables::objects::{ObjectIndex, at};
use crate::extract::rules::returns::tables::{ResultTable, row_binding};
use crate::extract::rules::returns::tree::{Inner, Node, Step};
use crate::extract::syntax::ast::{Cell, Section, SpanKind, Text};
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
    if let Some(id) = data_object(table, objects) {
        log.fire(&EVENT_TABLE_OF_DATA);
        return row_binding::bind_all(table, id, root, objects, log);
    }
    if table.rows.iter().any(|row| !objects.with_field(&row.name).is_empty()) {
        log.fire(&EVENT_TABLE);
        return row_binding::bind_table(table, root, objects, log);
    }
    let Some(id) = objects.object_at(root, &mut vec![Step::Field(DATA.to_owned())]) else { return false };
    log.fire(&EVENT_TABLE_OF_DATA);
    row_binding::bind_all(table, id, root, objects, log)
}

/// The payload, if it has two of the names of a table, and at most one is the name of a field inside.
fn data_object(table: &ResultTable, objects: &ObjectIndex) -> Option<usize> {
    let data = [Step::Field(DATA.to_owned())];
    let id = objects.paths.iter().position(|path| *path == data)?;
    let (mut own, mut inside) = (0, 0);
    for row in &table.rows {
        let known = objects.with_field(&row.name);
        own += usize::from(known.contains(&id));
        inside += usize::from(!known.is_empty() && !known.contains(&id));
    }
    (own > 1 && inside <= 1).then_some(id)
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
            let described = row.description.map(described_fields).filter(|fields| !fields.is_empty());
            let (Some(name), Some(fields)) = (&row.name.field, described) else { continue };
            let mut found = Vec::new();
            paths_named(root, &mut Vec::new(), &|other| other == name, &mut found);
            for path in found {
                let Some(node) = at(root, &path).filter(|node| is_open(node)) else { continue };
                node.from_table = None;
                let fields = fields.iter().map(|field| (field.clone(), Node::default()));
                node.inner = Inner::Object(fields.collect());
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

/// The names of the fields that a description lists one by one, or else of the one that it names in words.
fn described_fields(description: &Cell) -> Vec<String> {
    let texts: Vec<&Text> = description.paragraphs().collect();
    let first = texts.iter().position(|text| text.bullet.is_some());
    let (before, items) = texts.split_at(first.unwrap_or(texts.len()));
    let announces = before.last().is_some_and(|text| {
        let prose = text.prose();
        let mut words = prose.split(|c: char| !c.is_alphanumeric());
        words.any(|word| FIELD_WORDS.are(word))
    });
    if !announces || items.is_empty() {
        return named_field(description).into_iter().collect();
    }
    let outermost = items.iter().filter_map(|item| item.bullet).min();
    let items = items.iter().filter(|item| item.bullet == outermost);
    items.map(|item| listed_name(item)).collect::<Option<_>>().unwrap_or_default()
}

/// The name at the head of an item, as code or emphasized.
fn listed_name(item: &Text) -> Option<String> {
    let first = item.spans.iter().find(|span| !span.text.trim().is_empty())?;
    let is_marked = first.strong || first.kind == SpanKind::Code;
    let name = first.text.trim();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (is_marked && is_name).then(|| name.to_owned())
}

/// The name in capitals that a description has before or behind a word for a field: "the field ID", "the ID field".
fn named_field(description: &Cell) -> Option<String> {
    let prose = description.prose();
    let words = prose.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let at = words.iter().position(|word| FIELD_WORDS.are(word))?;
    let is_name = |name: &&&str| {
        name.len() > 1 && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    let behind = words.get(at + 1).filter(is_name);
    let before = || words.get(at.checked_sub(1)?).filter(is_name);
    behind.or_else(before).map(|name| (*name).to_owned())
}

/// The part of the tree that is the payload.
pub(in crate::extract::rules::returns) fn data(root: Node<'_>) -> Option<Node<'_>> {
    root.into_part(&[Step::Field(DATA.to_owned())])
}

//! The objects of a result, and which of them a row of a table is about.

use std::collections::{HashMap, HashSet};

use crate::descriptor::{JsonType, Schema};
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::results::OF_ENVELOPE;
use crate::extract::register::returns::RESULT_TABLE_ROW;
use crate::extract::rules::returns::tables::ResultTable;
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::extract::tables::field_table::TypedField;

/// A step from a place to one inside of it.
#[derive(Clone, Debug)]
enum Step {
    Field(String),
    Inside,
}

/// All objects of a shape, by their paths from the top, and by the names of their fields.
#[derive(Debug, Default)]
pub(super) struct ObjectIndex {
    paths: Vec<Vec<Step>>,
    by_field: HashMap<String, Vec<usize>>,
    /// Keys of maps, which are no fields.
    keys: HashSet<String>,
    /// Whether a map of descriptions of fields is among them; tables on such pages list the fields that are described.
    describes: bool,
}

/// No documented result has more objects.
const MANY: usize = 400;

impl ObjectIndex {
    pub(super) fn of(root: &Node<'_>) -> Self {
        let mut objects = Self::default();
        objects.visit(root, &mut Vec::new());
        objects
    }

    fn visit(&mut self, node: &Node<'_>, path: &mut Vec<Step>) {
        match &node.inner {
            Inner::Leaf => {}
            Inner::Object(fields) => {
                if self.paths.len() >= MANY {
                    return;
                }
                let id = self.paths.len();
                self.paths.push(path.clone());
                for name in fields.keys() {
                    self.by_field.entry(name.clone()).or_default().push(id);
                }
                for (name, field) in fields {
                    path.push(Step::Field(name.clone()));
                    self.visit(field, path);
                    path.pop();
                }
            }
            Inner::List(inside) | Inner::Map(inside) | Inner::Fields(inside) => {
                if !matches!(node.inner, Inner::List(_)) {
                    let keys = node.samples.iter().filter_map(|value| value.as_object()).flatten();
                    self.keys.extend(keys.map(|(key, _)| key.clone()));
                }
                self.describes |= matches!(node.inner, Inner::Fields(_));
                path.push(Step::Inside);
                self.visit(inside, path);
                path.pop();
            }
        }
    }

    fn with_field(&self, name: &str) -> &[usize] {
        self.by_field.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many of the names in a table each object has as fields.
    fn overlap(&self, table: &ResultTable) -> HashMap<usize, usize> {
        let names: HashSet<&str> = table.rows.iter().map(|row| row.name.as_str()).collect();
        let mut overlap = HashMap::new();
        for id in names.into_iter().flat_map(|name| self.with_field(name)) {
            *overlap.entry(*id).or_insert(0) += 1;
        }
        overlap
    }
}

/// Puts what a table says into the shape; whether any of it found a place.
pub(super) fn bind_table(table: &ResultTable, root: &mut Node<'_>, objects: &mut ObjectIndex) -> bool {
    let overlap = objects.overlap(table);
    let better = |a: &(&usize, &usize), b: &(&usize, &usize)| a.1.cmp(b.1).then(b.0.cmp(a.0));
    let best = overlap.iter().max_by(better).map(|(id, count)| (*id, *count));
    let of_envelope = table.is_of_envelope();
    let mut binder = RowBinder { overlap: &overlap, best, last: None, heading: None };
    if best.is_none() {
        binder.heading = under_heading(table, root, objects);
    }
    let mut used = false;
    for row in &table.rows {
        if row.name == "result" {
            used |= set_type(root, row);
            continue;
        }
        if row.name.contains('.') && objects.with_field(&row.name).is_empty() {
            used |= dotted(row, root, objects);
            continue;
        }
        // `items[]` speaks of the items, and so do the rows behind it.
        if let Some(list) = row.name.strip_suffix("[]") {
            let id = binder.choose(objects.with_field(list));
            if let Some(inside) = id.and_then(|id| inside_of(id, list, root, objects)) {
                binder.last = Some(inside);
            }
            continue;
        }
        let known = objects.with_field(&row.name);
        if known.is_empty()
            && (objects.describes
                || objects.keys.contains(&row.name)
                || of_envelope && OF_ENVELOPE.contains(&row.name.as_str()))
        {
            continue;
        }
        let id = binder.choose(known).or_else(|| binder.beside(root, objects, of_envelope));
        let Some(id) = id else { continue };
        used |= bind(id, row, root, objects);
        binder.last = Some(id);
    }
    used
}

/// What has been found so far about the rows of a table.
struct RowBinder<'a> {
    overlap: &'a HashMap<usize, usize>,
    /// The object that has most of the names, and how many.
    best: Option<(usize, usize)>,
    /// Where the row before was put.
    last: Option<usize>,
    /// The object that the heading names.
    heading: Option<usize>,
}

impl RowBinder<'_> {
    /// Of the objects that have the name, the one that the table is mostly about.
    fn choose(&self, known: &[usize]) -> Option<usize> {
        let best = self.best.map(|(id, _)| id);
        best.filter(|id| known.contains(id))
            .or_else(|| self.last.filter(|id| known.contains(id)))
            .or_else(|| known.iter().copied().max_by_key(|id| (self.overlap.get(id), std::cmp::Reverse(*id))))
    }

    /// Where a name belongs that no object has.
    fn beside(&self, root: &mut Node<'_>, objects: &mut ObjectIndex, of_envelope: bool) -> Option<usize> {
        if let Some(heading) = self.heading {
            return Some(heading);
        }
        match (self.best, self.last) {
            (Some((best, 2..)), last) => last.or(Some(best)),
            (_, Some(last)) => Some(last),
            (Some((best, _)), None) => Some(best),
            (None, None) if of_envelope => top_object(root, objects),
            (None, None) => None,
        }
    }
}

/// The object that the result is or lists, where nothing inside of it was known so far.
fn top_object(root: &mut Node<'_>, objects: &mut ObjectIndex) -> Option<usize> {
    let bare = root.samples.is_empty() && root.typed.is_none();
    match &root.inner {
        Inner::Leaf if bare => open(root, Vec::new(), objects),
        Inner::Object(_) | Inner::List(_) => objects.paths.iter().position(|path| path.len() <= 1),
        _ => None,
    }
}

/// Makes an object, or a list of objects, of a place of which nothing inside is known.
fn open(node: &mut Node<'_>, mut path: Vec<Step>, objects: &mut ObjectIndex) -> Option<usize> {
    if objects.paths.len() >= MANY {
        return None;
    }
    let documented = node.from_table.as_ref().map(|found| &found.value);
    let is = |kind| documented.and_then(|documented| documented.types.single()) == Some(kind);
    let object = Inner::Object(Default::default());
    if is(JsonType::Array) {
        node.inner = Inner::List(Box::new(Node { inner: object, ..Node::default() }));
        path.push(Step::Inside);
    } else if is(JsonType::Object) || documented.is_some_and(|documented| documented.types.is_empty()) {
        node.inner = object;
    } else {
        return None;
    }
    objects.paths.push(path);
    Some(objects.paths.len() - 1)
}

/// The object that the words of the heading name, if nothing inside of it is known but that it is one.
fn under_heading(table: &ResultTable, root: &mut Node<'_>, objects: &mut ObjectIndex) -> Option<usize> {
    let words: Vec<&str> = table.heading.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        let Some(id) = objects.with_field(word).first().copied() else { continue };
        let mut path = objects.paths.get(id)?.clone();
        path.push(Step::Field(word.to_owned()));
        let node = at(root, &path)?;
        if matches!(node.inner, Inner::Leaf) {
            return open(node, path, objects);
        }
    }
    None
}

/// Follows a dotted name as in `result.events[].type`, as far as objects are known or can be opened.
fn dotted(row: &TypedField, root: &mut Node<'_>, objects: &mut ObjectIndex) -> bool {
    let mut names = row.name.split('.').map(|name| name.trim_end_matches("[]")).peekable();
    let _ = names.next_if_eq(&"result");
    let mut path = Vec::new();
    while let Some(name) = names.next() {
        let Some(id) = object_at(root, &mut path, objects) else { return false };
        if names.peek().is_none() {
            let row = TypedField { name: name.to_owned(), line: row.line, schema: row.schema.clone() };
            return bind(id, &row, root, objects);
        }
        path.push(Step::Field(name.to_owned()));
    }
    false
}

/// The object inside of a field of another.
fn inside_of(id: usize, name: &str, root: &mut Node<'_>, objects: &mut ObjectIndex) -> Option<usize> {
    let mut path = objects.paths.get(id)?.clone();
    path.push(Step::Field(name.to_owned()));
    object_at(root, &mut path, objects)
}

/// The object at a path or inside the list that stands there.
fn object_at(root: &mut Node<'_>, path: &mut Vec<Step>, objects: &mut ObjectIndex) -> Option<usize> {
    loop {
        let node = at(root, path)?;
        match &node.inner {
            Inner::List(_) | Inner::Map(_) => path.push(Step::Inside),
            Inner::Fields(_) => return None,
            Inner::Leaf => {
                let id = open(node, path.clone(), objects)?;
                path.clone_from(objects.paths.get(id)?);
                return Some(id);
            }
            Inner::Object(_) => {
                let same = |known: &Vec<Step>| {
                    known.len() == path.len() && known.iter().zip(path.iter()).all(|(a, b)| same_step(a, b))
                };
                return objects.paths.iter().position(same);
            }
        }
    }
}

fn same_step(a: &Step, b: &Step) -> bool {
    match (a, b) {
        (Step::Field(a), Step::Field(b)) => a == b,
        (Step::Inside, Step::Inside) => true,
        _ => false,
    }
}

fn at<'n, 'a>(root: &'n mut Node<'a>, path: &[Step]) -> Option<&'n mut Node<'a>> {
    let mut node = root;
    for step in path {
        node = match (step, &mut node.inner) {
            (Step::Field(name), Inner::Object(fields)) => fields.get_mut(name)?,
            (Step::Inside, Inner::List(inside) | Inner::Map(inside) | Inner::Fields(inside)) => inside,
            _ => return None,
        };
    }
    Some(node)
}

/// Tells the field of an object its type, adding it where it is new.
fn bind(id: usize, row: &TypedField, root: &mut Node<'_>, objects: &mut ObjectIndex) -> bool {
    let Some(path) = objects.paths.get(id) else { return false };
    let Some(Node { inner: Inner::Object(fields), .. }) = at(root, path) else { return false };
    let is_new = !fields.contains_key(&row.name);
    let used = set_type(fields.entry(row.name.clone()).or_default(), row);
    if is_new {
        objects.by_field.entry(row.name.clone()).or_default().push(id);
    }
    used || is_new
}

/// The first table that tells a type is believed.
fn set_type(node: &mut Node<'_>, row: &TypedField) -> bool {
    let documented: Option<Schema> = row.schema.clone().filter(|_| node.from_table.is_none());
    let is_new = documented.is_some();
    if let Some(documented) = documented {
        node.from_table = Some(Evidence::new(&RESULT_TABLE_ROW, documented, row.line));
    }
    is_new
}

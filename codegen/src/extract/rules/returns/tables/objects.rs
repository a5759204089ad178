//! The objects of a result, by their paths and by the names of their fields.

use std::collections::{HashMap, HashSet};

use crate::descriptor::JsonType;
use crate::extract::rules::returns::tables::ResultTable;
use crate::extract::rules::returns::tree::{Inner, Node, Step};
use crate::schema::accepts::is_empty_form;

/// All objects of a tree, by their paths from the root, and by the names of their fields.
#[derive(Debug, Default)]
pub(super) struct ObjectIndex {
    pub(super) paths: Vec<Vec<Step>>,
    pub(super) by_field: HashMap<String, Vec<usize>>,
    /// Keys of maps, which are no fields.
    pub(super) keys: HashSet<String>,
    /// The paths of the values whose rows link to a section, by the anchor of the section.
    pub(super) linked: HashMap<String, Vec<Vec<Step>>>,
    /// Whether a map of field descriptions is among them; tables on such pages list the fields that are described.
    pub(super) describes: bool,
}

/// The most objects that are indexed; no documented result has more.
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
            Inner::Forms(forms) => self.visit(&forms.structure, path),
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

    pub(super) fn with_field(&self, name: &str) -> &[usize] {
        self.by_field.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many of the names in a table each object has as fields.
    pub(super) fn overlap(&self, table: &ResultTable) -> HashMap<usize, usize> {
        let names: HashSet<&str> = table.rows.iter().map(|row| row.name.as_str()).collect();
        let mut overlap = HashMap::new();
        for id in names.into_iter().flat_map(|name| self.with_field(name)) {
            *overlap.entry(*id).or_insert(0) += 1;
        }
        overlap
    }

    /// Makes a leaf an object or a list of objects, as its table says, and adds the object to the index.
    pub(super) fn open(&mut self, node: &mut Node<'_>, mut path: Vec<Step>) -> Option<usize> {
        if self.paths.len() >= MANY {
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
        self.paths.push(path);
        Some(self.paths.len() - 1)
    }

    /// The objects of which a row with a link to an anchor is all that the page shows; they are opened.
    pub(super) fn open_linked(&mut self, anchor: &str, root: &mut Node<'_>) -> Vec<usize> {
        let paths = self.linked.get(anchor).cloned().unwrap_or_default();
        paths.into_iter().filter_map(|path| self.open_empty(root, path)).collect()
    }

    fn open_empty(&mut self, root: &mut Node<'_>, mut path: Vec<Step>) -> Option<usize> {
        let node = at(root, &path)?;
        if node.samples.iter().any(|value| !is_empty_form(value)) {
            return None;
        }
        if node.is_documented_object() {
            node.inner = Inner::Leaf;
        }
        match &mut node.inner {
            Inner::Leaf => self.open(node, path),
            Inner::List(items) if matches!(items.inner, Inner::Leaf) && self.paths.len() < MANY => {
                items.inner = Inner::Object(Default::default());
                path.push(Step::Inside);
                self.paths.push(path);
                Some(self.paths.len() - 1)
            }
            _ => None,
        }
    }

    /// The object that a word of the heading names, if it is a leaf so far.
    pub(super) fn under_heading(&mut self, table: &ResultTable, root: &mut Node<'_>) -> Option<usize> {
        let words = table.heading.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for word in words.filter(|word| !word.is_empty()) {
            let Some(id) = self.with_field(word).first().copied() else { continue };
            let mut path = self.paths.get(id)?.clone();
            path.push(Step::Field(word.to_owned()));
            let node = at(root, &path)?;
            if matches!(node.inner, Inner::Leaf) {
                return self.open(node, path);
            }
        }
        None
    }

    /// The object inside of a field of another.
    pub(super) fn inside_of(&mut self, id: usize, name: &str, root: &mut Node<'_>) -> Option<usize> {
        let mut path = self.paths.get(id)?.clone();
        path.push(Step::Field(name.to_owned()));
        self.object_at(root, &mut path)
    }

    /// The object at a path, or inside of the list that is there; a leaf is opened.
    pub(super) fn object_at(&mut self, root: &mut Node<'_>, path: &mut Vec<Step>) -> Option<usize> {
        loop {
            let node = at(root, path)?;
            match &node.inner {
                Inner::List(_) | Inner::Map(_) => path.push(Step::Inside),
                Inner::Fields(_) | Inner::Forms(_) => return None,
                Inner::Leaf => {
                    let id = self.open(node, path.clone())?;
                    path.clone_from(self.paths.get(id)?);
                    return Some(id);
                }
                Inner::Object(_) => return self.paths.iter().position(|known| known == path),
            }
        }
    }
}

/// The node at a path.
pub(in crate::extract::rules::returns) fn at<'n, 'a>(
    root: &'n mut Node<'a>,
    path: &[Step],
) -> Option<&'n mut Node<'a>> {
    let mut node = root;
    for step in path {
        node = match (step, &mut node.structured_mut().inner) {
            (Step::Field(name), Inner::Object(fields)) => fields.get_mut(name)?,
            (Step::Inside, Inner::List(inside) | Inner::Map(inside) | Inner::Fields(inside)) => inside,
            _ => return None,
        };
    }
    Some(node.structured_mut())
}

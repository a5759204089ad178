//! A family of methods, and the object that most of them return.

use std::collections::HashSet;

use crate::descriptor::{Descriptor, JsonType, unescape_token};
use crate::extract::entities::{Described, fields};
use crate::extract::lexicon::results::{DESCRIBING_VERBS, MANY_THINGS, OF_ANYTHING, ONE_THING};
use crate::extract::rules::returns::evidence::ResultEvidence;
use crate::extract::rules::returns::resolve::Lines;
use crate::extract::rules::returns::tree::{Inner, Node, Step};

/// The methods of a family.
pub(super) struct Family<'a> {
    pub(super) methods: Vec<(usize, &'a Described)>,
}

/// The place of an entity: the index of the method, and the path in its result.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) method: usize,
    pub(super) path: Vec<Step>,
    pub(super) shown: Shown,
}

/// What the pages of a method show at the place of an entity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shown {
    /// The object.
    Object,
    /// Nothing, but the method returns one object.
    NothingOfOne,
    /// Nothing, but the method returns a list of objects.
    NothingOfList,
}

/// An object that a method returns.
struct Candidate<'a> {
    place: Place,
    node: Node<'a>,
    /// Whether the object is the result, or its rows, and not a part beside others.
    is_whole: bool,
}

impl Candidate<'_> {
    fn names(&self) -> impl Iterator<Item = &String> {
        fields(&self.node).into_iter().flat_map(|fields| fields.keys())
    }

    /// Whether a part has a third of the names of an entity, or two of its own: things of any kind have a name and a type.
    fn is_large_part(&self, names: &HashSet<String>) -> bool {
        let shared = || self.names().filter(|name| names.contains(*name));
        let is_own = |name: &&String| !OF_ANYTHING.are(name);
        self.is_whole || shared().count() * 3 >= names.len() || shared().filter(is_own).count() > 1
    }

    fn count(&self) -> usize {
        fields(&self.node).map_or(0, |fields| fields.len())
    }
}

impl<'a> Family<'a> {
    pub(super) fn of(members: &[usize], methods: &'a [Described]) -> Self {
        let methods = members.iter().filter_map(|index| Some((*index, methods.get(*index)?))).collect();
        Self { methods }
    }

    /// The descriptors of the methods.
    pub(super) fn descriptors(&self) -> impl Iterator<Item = &'a Descriptor> {
        self.methods.iter().map(|(_, method)| &method.descriptor)
    }

    /// The names of the fields in results of the family.
    pub(super) fn shown_names(&self) -> HashSet<String> {
        self.candidates().iter().flat_map(|candidate| candidate.names().cloned()).collect()
    }

    /// The lines of the examples on the first page that has some.
    pub(super) fn lines(&self) -> Option<Lines> {
        self.methods.iter().find_map(|(_, method)| Some(method.evidence.as_ref()?.lines))
    }

    /// The object that most methods return, with the evidence of all of them, and its places.
    pub(super) fn entity(&self) -> Option<(Node<'a>, Vec<Place>)> {
        let candidates: Vec<Candidate<'a>> = self.candidates();
        let best = candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| candidate.is_whole)
            .max_by_key(|(index, largest)| {
                let same = || candidates.iter().filter(|other| is_same(largest, other));
                let read: HashSet<usize> = same().map(|other| other.place.method).collect();
                let read = read.iter().filter(|method| self.reads(**method)).count();
                (read > 1, same().count(), largest.count(), usize::MAX - index)
            })
            .map(|(index, _)| index)?;
        let names: HashSet<String> = candidates.get(best)?.names().cloned().collect();
        let (mut same, _): (Vec<_>, Vec<_>) = candidates
            .into_iter()
            .partition(|other| shares_most(&names, other) && other.is_large_part(&names));
        let whole: HashSet<usize> = same
            .iter()
            .filter(|candidate| candidate.is_whole)
            .map(|candidate| candidate.place.method)
            .collect();
        same.retain(|candidate| candidate.is_whole || !whole.contains(&candidate.place.method));
        same.sort_by_key(|candidate| (usize::MAX - candidate.count(), candidate.place.method));
        let places = same.iter().map(|candidate| candidate.place.clone()).collect();
        let mut nodes = same.into_iter().map(|candidate| candidate.node);
        let mut object = nodes.next()?;
        nodes.for_each(|node| object.absorb(node));
        fields(&object)?;
        Some((object, places))
    }

    /// Whether a method is `get` or a list.
    fn reads(&self, method: usize) -> bool {
        let mut own = self.methods.iter().filter(|(index, _)| *index == method);
        let verb = own.next().and_then(|(_, method)| method.descriptor.method.rsplit('.').next());
        verb.is_some_and(is_reading)
    }

    /// The methods that return the entity by their names, although their pages show nothing of the result.
    pub(super) fn silent_places(&self) -> Vec<Place> {
        let silent = self.methods.iter().filter(|(_, method)| method.descriptor.returns.is_unknown());
        let unknown_rows = self.methods.iter().filter_map(|(index, method)| {
            let path = rows_without_items(&method.descriptor)?;
            Some(Place { method: *index, path, shown: Shown::NothingOfList })
        });
        silent
            .filter_map(|(index, method)| {
                let verb = method.descriptor.method.rsplit('.').next().unwrap_or_default();
                let shown = match method.descriptor.rows.as_deref() {
                    Some("") => Shown::NothingOfList,
                    None if ONE_THING.eq_ignore_ascii_case(verb) => Shown::NothingOfOne,
                    None if MANY_THINGS.iter().any(|known| known.eq_ignore_ascii_case(verb)) => {
                        Shown::NothingOfList
                    }
                    _ => return None,
                };
                Some(Place { method: *index, path: Vec::new(), shown })
            })
            .chain(unknown_rows)
            .collect()
    }

    /// The pages that describe the fields of the family.
    pub(super) fn description_pages(&self) -> impl Iterator<Item = &'a str> {
        let describing = self.descriptors().filter(|descriptor| describes_fields(descriptor));
        describing.flat_map(|descriptor| &descriptor.sources).map(|source| source.file.as_str())
    }

    fn candidates(&self) -> Vec<Candidate<'a>> {
        let mut candidates = Vec::new();
        for (index, method) in &self.methods {
            let Some(evidence) = method.evidence.as_ref().filter(|_| !describes_fields(&method.descriptor))
            else {
                continue;
            };
            candidates.extend(objects(*index, &method.descriptor, evidence));
        }
        candidates
    }
}

/// Whether the last word of a method reads one thing or a list.
fn is_reading(verb: &str) -> bool {
    let mut known = MANY_THINGS.iter().chain([&ONE_THING]);
    known.any(|known| known.eq_ignore_ascii_case(verb))
}

/// The path to the rows of a list by its name whose pages show nothing of a row.
fn rows_without_items(descriptor: &Descriptor) -> Option<Vec<Step>> {
    let verb = descriptor.method.rsplit('.').next().unwrap_or_default();
    let rows = descriptor.rows.as_deref().filter(|rows| !rows.is_empty() && is_reading(verb))?;
    let names: Vec<String> = rows.split('/').skip(1).map(unescape_token).collect();
    let mut schema = &descriptor.returns;
    for name in &names {
        schema = schema.properties.get(name)?;
    }
    let is_bare = schema.types.single() == Some(JsonType::Array) && schema.items.is_none();
    is_bare.then(|| names.into_iter().map(Step::Field).collect())
}

/// Whether a method describes the fields of its family.
pub(super) fn describes_fields(descriptor: &Descriptor) -> bool {
    let verb = descriptor.method.rsplit('.').next().unwrap_or_default();
    DESCRIBING_VERBS.iter().any(|known| known.eq_ignore_ascii_case(verb))
}

/// The objects that a method returns: the result, its rows, or parts directly inside of the result or of its only field.
fn objects<'a>(method: usize, descriptor: &Descriptor, evidence: &'a ResultEvidence) -> Vec<Candidate<'a>> {
    let tree = evidence.tree();
    let mut paths = Vec::new();
    if let Some(rows) = &descriptor.rows {
        let mut path: Vec<Step> =
            rows.split('/').skip(1).map(|step| Step::Field(unescape_token(step))).collect();
        path.push(Step::Inside);
        paths.push((path, true));
    } else {
        whole(&tree, &mut Vec::new(), &mut paths);
    }
    let around = match &tree.inner {
        Inner::Object(fields) if fields.len() == 1 => fields.first(),
        _ => None,
    };
    let only = around.map(|(name, only)| (vec![Step::Field(name.clone())], only));
    for (outer, object) in std::iter::once((Vec::new(), &tree)).chain(only) {
        let Inner::Object(parts) = &object.inner else { continue };
        for (name, part) in parts {
            let path = [outer.clone(), vec![Step::Field(name.clone())]].concat();
            match &part.inner {
                Inner::Object(_) => paths.push((path, false)),
                Inner::List(_) | Inner::Map(_) => paths.push(([path, vec![Step::Inside]].concat(), false)),
                _ => {}
            }
        }
    }
    let mut found: Vec<Candidate<'a>> = Vec::new();
    for (path, is_whole) in paths {
        if found.iter().any(|known| known.place.path == path) {
            continue;
        }
        let Some(node) = evidence.tree().into_part(&path) else { continue };
        let place = Place { method, path, shown: Shown::Object };
        let candidate = Candidate { place, node, is_whole };
        if candidate.count() > 1 {
            found.push(candidate);
        }
    }
    found
}

/// The object that a result is: itself, the rows of a list, or the content of its only field.
fn whole(node: &Node<'_>, path: &mut Vec<Step>, paths: &mut Vec<(Vec<Step>, bool)>) {
    match &node.inner {
        Inner::List(inside) | Inner::Map(inside) => {
            path.push(Step::Inside);
            whole(inside, path, paths);
        }
        Inner::Object(fields) => match fields.first().filter(|_| fields.len() == 1) {
            Some((name, only)) if !matches!(only.inner, Inner::Leaf) => {
                path.push(Step::Field(name.clone()));
                whole(only, path, paths);
            }
            _ => paths.push((path.clone(), true)),
        },
        Inner::Leaf | Inner::Fields(_) | Inner::Forms(_) => {}
    }
}

/// Whether two objects have most of their fields in common.
fn is_same(one: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    let names: HashSet<String> = one.names().cloned().collect();
    shares_most(&names, other)
}

/// Whether two thirds of the smaller set of names are in both, or half of it for many names.
fn shares_most(names: &HashSet<String>, other: &Candidate<'_>) -> bool {
    let shared = other.names().filter(|name| names.contains(*name)).count();
    let smaller = names.len().min(other.count());
    shared >= 2 && shared * 3 >= smaller * 2 || shared >= MANY && shared * 2 >= smaller
}

/// From this number of common names on half of them is enough.
const MANY: usize = 6;

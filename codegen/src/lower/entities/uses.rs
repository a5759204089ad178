//! Where the types of a module are used.

use std::collections::{HashMap, HashSet, VecDeque};

use super::super::names;
use super::Merger;
use crate::model::{Direction, Module, RustName, TypeItem, TypeRef};

/// The first place where a type is used: in results before requests, and nearer to the root before deeper inside.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The words of the method's name in Rust.
    pub(super) method: String,
    pub(super) direction: Direction,
    /// The fields that lead to it.
    pub(super) steps: Vec<Step>,
    /// Whether the result is a list of it.
    pub(super) is_row: bool,
}

/// A field.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The words of its name.
    pub(super) words: String,
    /// Whether it has a list or a map.
    pub(super) is_many: bool,
}

impl Merger {
    /// The first place of each type, and the types that are in a list anywhere.
    pub(super) fn places(&self, module: &Module) -> (HashMap<RustName, Place>, HashSet<RustName>) {
        let mut queue = VecDeque::new();
        let root = |method: &RustName, direction| Place {
            method: names::words(method.bare()),
            direction,
            steps: Vec::new(),
            is_row: false,
        };
        for method in &module.methods {
            queue.push_back((method.output.clone(), root(&method.function, Direction::Response)));
        }
        let (mut places, mut in_lists) = (HashMap::new(), HashSet::new());
        self.walk(queue, &mut places, &mut in_lists);
        let mut queue = VecDeque::new();
        for method in &module.methods {
            for param in &method.request.params {
                let place = root(&method.function, Direction::Request).at(&param.wire);
                queue.push_back((param.ty.clone(), place));
            }
        }
        for kind in module.kinds.iter().flat_map(|kinds| &kinds.of) {
            let types = [(Some(&kind.name), Direction::Response), (kind.fields.as_ref(), Direction::Request)];
            for (name, direction) in types {
                let Some(index) = name.and_then(|name| self.find(name)) else { continue };
                let root = root(self.items[index].item.name(), direction);
                queue.extend(self.fields(index).iter().map(|field| (field.ty.clone(), root.at(&field.wire))));
            }
        }
        self.walk(queue, &mut places, &mut in_lists);
        (places, in_lists)
    }

    fn walk(
        &self,
        mut queue: VecDeque<(TypeRef, Place)>,
        places: &mut HashMap<RustName, Place>,
        in_lists: &mut HashSet<RustName>,
    ) {
        while let Some((ty, mut place)) = queue.pop_front() {
            let Some(name) = self.resolved(&ty).named().cloned() else { continue };
            if is_many(&ty) {
                in_lists.insert(name.clone());
                match place.steps.last_mut() {
                    Some(step) => step.is_many = true,
                    None => place.is_row = true,
                }
            }
            if places.contains_key(&name) {
                continue;
            }
            if let Some(TypeItem::Struct(item)) = self.find(&name).map(|index| &self.items[index].item) {
                queue.extend(item.fields.iter().map(|field| (field.ty.clone(), place.at(&field.wire))));
            }
            places.insert(name, place);
        }
    }
}

impl Place {
    fn at(&self, wire: &str) -> Self {
        let mut place = self.clone();
        place.steps.push(Step { words: names::words(wire), is_many: false });
        place
    }
}

/// Whether a type is several of the type inside.
pub(super) fn is_many(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::List(_) | TypeRef::OneOrMany(_) | TypeRef::Map(_) => true,
        TypeRef::Nullable(inner) | TypeRef::ScalarOr(_, inner) => is_many(inner),
        _ => false,
    }
}

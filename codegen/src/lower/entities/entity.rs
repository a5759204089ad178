//! The entity of a module: the object that most of its methods return.

use super::Merger;
use crate::model::{Module, TypeItem, TypeRef};

/// An object that methods return.
#[derive(Clone, Copy)]
struct Candidate {
    /// The index of the item.
    item: usize,
    /// The number of methods that return it.
    methods: usize,
    /// Whether one of them returns a list of it.
    in_list: bool,
}

impl Merger {
    /// Merges the variants of the object that most methods return. An object that a single method returns is no entity, unless
    /// it is the row of a list.
    pub(super) fn merge_entity(&mut self, module: &Module) {
        let candidates = self.candidates(module);
        let group = |largest: &Candidate| {
            let same = |other: &&Candidate| {
                other.item == largest.item || self.is_same_entity(largest.item, other.item)
            };
            candidates.iter().filter(same).copied().collect::<Vec<_>>()
        };
        let weight = |group: &[Candidate]| group.iter().map(|candidate| candidate.methods).sum::<usize>();
        let groups = candidates.iter().map(|largest| (largest.item, group(largest)));
        let Some((largest, group)) = groups.max_by_key(|(largest, group)| {
            (weight(group), self.fields(*largest).len(), usize::MAX - largest)
        }) else {
            return;
        };
        if weight(&group) < 2 && !group.iter().any(|candidate| candidate.in_list) {
            return;
        }
        for other in group.iter().map(|candidate| candidate.item).filter(|item| *item != largest) {
            self.unify(largest, other);
        }
        self.entity_item = Some(self.items[largest].item.name().clone());
    }

    /// The objects that methods return, with the number of methods.
    fn candidates(&self, module: &Module) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::new();
        for method in &module.methods {
            let Some((item, in_list)) = self.result_object(&method.output, false) else { continue };
            match candidates.iter_mut().find(|candidate| candidate.item == item) {
                Some(known) => {
                    known.methods += 1;
                    known.in_list |= in_list;
                }
                None => candidates.push(Candidate { item, methods: 1, in_list }),
            }
        }
        candidates
    }

    /// The object of a result, and whether it is in a list: the result itself, its rows, or the content of its only field.
    fn result_object(&self, output: &TypeRef, in_list: bool) -> Option<(usize, bool)> {
        match output {
            TypeRef::List(items) => self.result_object(items, true),
            TypeRef::Nullable(value) => self.result_object(value, in_list),
            TypeRef::Named(name) => {
                let index = self.find(name)?;
                let TypeItem::Struct(item) = &self.items[index].item else { return None };
                match item.fields.as_slice() {
                    [only] => self.result_object(&only.ty, in_list).or(Some((index, in_list))),
                    _ => Some((index, in_list)),
                }
            }
            _ => None,
        }
    }
}

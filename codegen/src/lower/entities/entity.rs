//! The object that a module is about, among those that its methods give.

use super::Merger;
use crate::model::{Module, TypeItem, TypeRef};

/// An object that methods give.
#[derive(Clone, Copy)]
struct Candidate {
    /// Its place among the items.
    item: usize,
    /// How many methods give it.
    methods: usize,
    /// Whether one of them gives a list of it.
    in_list: bool,
}

impl Merger {
    /// Makes one of the objects that are the module's entity: those that most methods give in one shape or another. What only
    /// one method gives is its result and nothing more, unless it is the rows of a list.
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

    /// The objects that methods give, each with how many do.
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

    /// The object that a result is about, and whether it stands in a list: the result itself, its rows, or what the only
    /// field of it holds.
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

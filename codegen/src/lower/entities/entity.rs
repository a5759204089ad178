//! The entity of a module: the object that is named after it.

use super::super::{names, nouns};
use super::Merger;
use crate::model::{Module, TypeItem, TypeRef};

impl Merger {
    /// Chooses the type that is named after the module: the entity that the descriptors declare, or else the largest row of its
    /// lists, or else what its `get` returns.
    pub(super) fn choose_entity(&mut self, module: &Module) {
        let declared = self.live().into_iter().filter(|index| self.is_declared(*index));
        let largest =
            |index: &usize| (self.items[*index].users.len(), self.fields(*index).len(), usize::MAX - index);
        let rows = || {
            let objects =
                module.methods.iter().filter_map(|method| self.result_object(&method.output, false));
            objects.filter(|(_, in_list)| *in_list).map(|(index, _)| index)
        };
        let got = || {
            let getters = module.methods.iter().filter(|method| {
                nouns::thing_of(&names::words(method.function.bare())).is_some_and(|thing| thing.is_empty())
            });
            let objects = getters.filter_map(|method| self.result_object(&method.output, false));
            objects.map(|(index, _)| index).filter(|index| self.fields(*index).len() > 1)
        };
        let chosen = declared.max_by_key(largest).or_else(|| rows().max_by_key(largest));
        let chosen = chosen.or_else(|| got().max_by_key(largest));
        self.entity_item = chosen.map(|index| self.items[index].item.name().clone());
    }

    fn is_declared(&self, index: usize) -> bool {
        matches!(&self.items[index].item, TypeItem::Struct(item) if item.is_entity)
    }

    /// The object of a result, and whether it is in a list: the result itself, its rows, or the content of its only field.
    fn result_object(&self, output: &TypeRef, in_list: bool) -> Option<(usize, bool)> {
        match output {
            TypeRef::List(items) | TypeRef::OneOrMany(items) => self.result_object(items, true),
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

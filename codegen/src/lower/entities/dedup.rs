//! Merges types of equal shape.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use super::Merger;
use crate::model::{Direction, EnumValues, Field, Presence, TypeItem, TypeRef};

/// The form of a type on the wire: its fields with their types, or its values. The values of a request and of a result are one
/// type.
#[derive(PartialEq, Eq, Hash)]
enum Shape {
    Struct(Direction, Vec<(String, TypeRef, bool)>),
    Texts(BTreeSet<String>),
    Integers(BTreeSet<i64>),
}

impl Merger {
    /// Merges types of equal shape until no two are equal. Shapes contain resolved names, so that types whose parts were merged
    /// can be merged in the next round.
    pub(super) fn dedup(&mut self) {
        loop {
            let mut first: HashMap<Shape, usize> = HashMap::new();
            let mut equal = Vec::new();
            for index in self.live() {
                match first.entry(self.shape(&self.items[index].item)) {
                    Entry::Occupied(same) => equal.push((*same.get(), index)),
                    Entry::Vacant(place) => {
                        place.insert(index);
                    }
                }
            }
            if equal.is_empty() {
                return;
            }
            for (same, index) in equal {
                self.replace(index, same);
            }
        }
    }

    /// The shape of a type.
    fn shape(&self, item: &TypeItem) -> Shape {
        match item {
            TypeItem::Struct(item) => {
                let field = |field: &Field| {
                    (field.wire.clone(), self.resolved(&field.ty), field.presence == Presence::Required)
                };
                Shape::Struct(item.direction, item.fields.iter().map(field).collect())
            }
            TypeItem::Enum(item) => match &item.values {
                EnumValues::Texts(values) => {
                    Shape::Texts(values.iter().map(|(_, text)| text.clone()).collect())
                }
                EnumValues::Integers(values) => {
                    Shape::Integers(values.iter().map(|(_, number)| *number).collect())
                }
            },
        }
    }
}

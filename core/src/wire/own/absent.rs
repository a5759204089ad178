//! Values that are `None`.

use std::any::type_name;
use std::cell::RefCell;

use crate::wire::{JsonKind, JsonRef};

/// The types of options, by the names of their visitors, with the kinds of empty forms for which they have no use.
///
/// A type treats an empty form alike wherever it occurs, so that one attempt per type and kind is enough.
#[derive(Default)]
pub(super) struct Absent(RefCell<Vec<(&'static str, JsonKind)>>);

impl Absent {
    pub(super) fn add<V>(&self, json: JsonRef<'_>) {
        if !self.contains::<V>(json) {
            self.0.borrow_mut().push((type_name::<V>(), json.kind()));
        }
    }

    pub(super) fn contains<V>(&self, json: JsonRef<'_>) -> bool {
        self.0.borrow().contains(&(type_name::<V>(), json.kind()))
    }

    pub(super) fn len(&self) -> usize {
        self.0.borrow().len()
    }
}

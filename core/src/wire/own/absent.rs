//! Values that are `None`.

use std::cell::RefCell;

use crate::wire::JsonRef;

/// The values in empty forms that are `None`, by their numbers in the document.
#[derive(Default)]
pub(super) struct Absent(RefCell<Vec<usize>>);

impl Absent {
    pub(super) fn add(&self, json: JsonRef<'_>) {
        self.0.borrow_mut().push(json.index());
    }

    pub(super) fn contains(&self, json: JsonRef<'_>) -> bool {
        self.0.borrow().contains(&json.index())
    }

    pub(super) fn len(&self) -> usize {
        self.0.borrow().len()
    }
}

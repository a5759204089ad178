//! Values that are `None`.

use std::cell::RefCell;

use serde_json::Value;

/// The values in empty forms that are `None`, by their addresses.
#[derive(Default)]
pub(super) struct Absent(RefCell<Vec<usize>>);

impl Absent {
    pub(super) fn add(&self, value: &Value) {
        self.0.borrow_mut().push(std::ptr::from_ref(value).addr());
    }

    pub(super) fn contains(&self, value: &Value) -> bool {
        self.0.borrow().contains(&std::ptr::from_ref(value).addr())
    }

    pub(super) fn len(&self) -> usize {
        self.0.borrow().len()
    }
}

//! The order of a list.

use std::cmp::Ordering;

use serde_json::Value;

use super::compare::{View, total_order};
use crate::families::fold;
use crate::php;

/// The fields by which rows are sorted, folded, each with whether higher values come first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Order(Vec<(String, bool)>);

impl Order {
    /// The order of a parameter: an object with a direction for each field. `None`: it has none.
    pub(crate) fn of(given: Option<&Value>) -> Option<Self> {
        let order = given?.as_object().filter(|order| !order.is_empty())?;
        let descends = |value: &Value| php::text(value).to_ascii_lowercase().starts_with("desc");
        Some(Self(order.iter().map(|(name, value)| (fold(name), descends(value))).collect()))
    }

    /// By one field, lower values first.
    pub(crate) fn by(folded: &str) -> Self {
        Self(vec![(folded.to_owned(), false)])
    }

    /// Compares two rows, whose fields are found by their folded names. A field that one of them does not have is nothing.
    pub(crate) fn compare<'v>(
        &self,
        one: &dyn Fn(&str) -> Option<View<'v>>,
        other: &dyn Fn(&str) -> Option<View<'v>>,
    ) -> Ordering {
        let by = |(field, descends): &(String, bool)| {
            let value = |found: Option<View<'v>>| found.unwrap_or(View::Null);
            let order = total_order(value(one(field)), value(other(field)));
            if *descends { order.reverse() } else { order }
        };
        self.0.iter().map(by).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

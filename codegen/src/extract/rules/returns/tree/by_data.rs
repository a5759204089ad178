//! Objects that become maps, since something else than their examples says that their keys are data.

use std::collections::HashSet;

use serde_json::Value;

use crate::extract::register::Rule;
use crate::extract::rules::returns::tree::keys::children;
use crate::extract::rules::returns::tree::{INSIDE, Inner, Node, build};
use crate::schema::accepts::is_empty_form;

impl Node<'_> {
    /// Makes a map of an object by a rule that says that its keys are data. Returns whether its values are of one kind.
    pub(crate) fn key_by_data(&mut self, rule: &'static Rule) -> bool {
        let is_known = |value: &&Value| !is_empty_form(value);
        let kinds: HashSet<_> = children(&self.samples)
            .map(|(_, child)| child)
            .filter(is_known)
            .map(|child| (child.is_object(), child.is_array()))
            .collect();
        let Inner::Object(fields) = &mut self.inner else { return false };
        if kinds.len() != 1 || fields.is_empty() {
            return false;
        }
        let documented = std::mem::take(fields).into_values().reduce(|mut values, other| {
            values.absorb(other);
            values
        });
        // The samples of all values decide together: a text in one may be an object in another.
        let mut values = build(children(&self.samples).map(|(_, child)| child).collect(), None, INSIDE);
        if let Some(mut documented) = documented {
            documented.forget_samples();
            values.absorb(documented);
        }
        self.inner = Inner::Map(Box::new(values));
        self.typed = None;
        self.rules.push(rule);
        true
    }

    /// Keeps what tables say and the structure, without the examples.
    fn forget_samples(&mut self) {
        self.samples.clear();
        match &mut self.inner {
            Inner::Leaf => {}
            Inner::Forms(_) => self.inner = Inner::Leaf,
            Inner::Object(fields) => fields.values_mut().for_each(Node::forget_samples),
            Inner::List(inside) | Inner::Map(inside) | Inner::Fields(inside) => inside.forget_samples(),
        }
    }
}

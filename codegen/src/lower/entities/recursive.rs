//! Recursive types: objects with a list of the same object.
//!
//! A descriptor lists each level of a tree that the example shows as a separate object. The levels are merged if each shares
//! most of its fields with the level above, and the second level has the list too.

use super::Merger;
use crate::model::{RustName, TypeRef};

impl Merger {
    /// Merges the levels of each tree. This is the last step, since recursive types are not compared.
    pub(super) fn merge_recursive(&mut self) {
        // The root of a tree is declared after its levels.
        let trees: Vec<Vec<usize>> =
            self.live().into_iter().rev().filter_map(|top| self.tree_levels(top)).collect();
        for tree in trees {
            for levels in tree.windows(2).rev() {
                if let [above, below] = *levels
                    && self.is_live(above)
                    && self.is_live(below)
                {
                    self.unify(above, below);
                }
            }
        }
    }

    fn is_live(&self, index: usize) -> bool {
        !self.renamed.contains_key(self.items[index].item.name())
    }

    /// The levels of the tree with this root, from the root down.
    fn tree_levels(&self, top: usize) -> Option<Vec<usize>> {
        self.fields(top).iter().map(|field| field.wire.as_str()).find_map(|branch| {
            let mut levels = vec![top];
            while let Some(below) = levels.last().and_then(|level| self.child(*level, branch)) {
                // A type that contains itself has one level.
                if levels.contains(&below) {
                    return None;
                }
                levels.push(below);
            }
            let has_branch = |level: &usize| self.fields(*level).iter().any(|field| field.wire == branch);
            let alike = |pair: &[usize]| matches!(*pair, [above, below] if self.is_same_entity(above, below));
            (levels.get(1).is_some_and(has_branch) && levels.windows(2).all(alike)).then_some(levels)
        })
    }

    /// The object in the list of a field.
    fn child(&self, index: usize, branch: &str) -> Option<usize> {
        let field = self.fields(index).iter().find(|field| field.wire == branch)?;
        self.find(item_type(&field.ty)?)
    }
}

/// The generated type of the items of a list or a map.
fn item_type(ty: &TypeRef) -> Option<&RustName> {
    match ty {
        TypeRef::List(items) | TypeRef::OneOrMany(items) | TypeRef::Map(items) => items.named(),
        TypeRef::Nullable(list) | TypeRef::ScalarOr(_, list) => item_type(list),
        _ => None,
    }
}

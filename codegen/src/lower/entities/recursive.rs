//! Trees: an object that holds a list of its own kind.
//!
//! A page shows a tree as deep as its example goes, each level an object by itself. The levels are one type where each has most
//! of its fields in the one above it, and the one below the top has the list as well.

use super::Merger;
use crate::model::{RustName, TypeRef};

impl Merger {
    /// Makes one type of the levels of each tree. It comes last, since types that hold themselves are not compared.
    pub(super) fn merge_recursive(&mut self) {
        // What is on top of a tree comes behind what is in it.
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

    /// The levels of a tree from its top down, where there is one.
    fn tree_levels(&self, top: usize) -> Option<Vec<usize>> {
        self.fields(top).iter().map(|field| field.wire.as_str()).find_map(|branch| {
            let mut levels = vec![top];
            while let Some(below) = levels.last().and_then(|level| self.child(*level, branch)) {
                levels.push(below);
            }
            let has_branch = |level: &usize| self.fields(*level).iter().any(|field| field.wire == branch);
            let alike = |pair: &[usize]| matches!(*pair, [above, below] if self.is_same_entity(above, below));
            (levels.get(1).is_some_and(has_branch) && levels.windows(2).all(alike)).then_some(levels)
        })
    }

    /// The object whose list stands in a field of another.
    fn child(&self, index: usize, branch: &str) -> Option<usize> {
        let field = self.fields(index).iter().find(|field| field.wire == branch)?;
        self.find(item_type(&field.ty)?)
    }
}

/// The generated type of which a list or a map is made.
fn item_type(ty: &TypeRef) -> Option<&RustName> {
    match ty {
        TypeRef::List(items) | TypeRef::Map(items) => items.named(),
        TypeRef::Nullable(list) => item_type(list),
        _ => None,
    }
}

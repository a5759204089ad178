//! Which type of the new library is in the place of one of the old library.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::method_pairs::MethodPair;
use crate::diff::surface::{Surface, TypePath};
use crate::model::{ModulePath, TypeItem, TypeRef};

/// Pairs of declared types that the same place of a request or a result has.
#[derive(Default)]
pub(super) struct TypePairs {
    /// The pairs to compare: of one name, or the old name is gone.
    pub(super) both: BTreeSet<(TypePath, TypePath)>,
    /// The new name of each type whose old name is gone.
    pub(super) renamed: BTreeMap<TypePath, TypePath>,
    /// The types of one name, although another place may use another type now.
    same_name: BTreeSet<(TypePath, TypePath)>,
}

impl TypePairs {
    /// Visits the places of all methods that both libraries have.
    pub(super) fn of<'a>(old: &Surface<'a>, new: &Surface<'a>, methods: &[MethodPair<'a>]) -> Self {
        let mut pairs = Self::default();
        let mut pending = VecDeque::new();
        for MethodPair { old: before, new: now } in methods {
            let mut places = vec![(&before.method.output, &now.method.output)];
            places.extend(before.method.request.params.iter().filter_map(|param| {
                let mut others = now.method.request.params.iter();
                let other = others.find(|other| other.wire.eq_ignore_ascii_case(&param.wire))?;
                Some((&param.ty, &other.ty))
            }));
            let contexts = (before.path, now.path);
            pending.extend(places.into_iter().filter_map(|place| named(old, new, contexts, place)));
        }
        let mut seen = BTreeSet::new();
        while let Some(pair) = pending.pop_front() {
            if !seen.insert(pair.clone()) {
                continue;
            }
            pairs.add(old, new, &pair);
            let (Some(before), Some(now)) = (old.types.get(&pair.0), new.types.get(&pair.1)) else {
                continue;
            };
            let (TypeItem::Struct(a), TypeItem::Struct(b)) = (before.item, now.item) else { continue };
            for field in &a.fields {
                let Some(other) = b.fields.iter().find(|other| other.wire == field.wire) else { continue };
                pending.extend(named(old, new, (before.module, now.module), (&field.ty, &other.ty)));
            }
        }
        // A name that both libraries declare is one item for callers, even if no place uses it in both.
        let declared = old.types.keys().filter(|home| new.types.contains_key(*home));
        pairs.both.extend(declared.map(|home| (home.clone(), home.clone())));
        pairs
    }

    fn add(&mut self, old: &Surface<'_>, new: &Surface<'_>, (before, now): &(TypePath, TypePath)) {
        let has_name = |name: &TypePath| new.home(name) == Some(now);
        if old.names(before).iter().any(has_name) {
            self.same_name.insert((before.clone(), now.clone()));
            self.both.insert((before.clone(), now.clone()));
        } else if old.names(before).iter().all(|name| new.home(name).is_none())
            && !self.renamed.contains_key(before)
        {
            self.renamed.insert(before.clone(), now.clone());
            self.both.insert((before.clone(), now.clone()));
        }
    }

    /// Whether a new type is the old one, perhaps under another name.
    pub(super) fn same(&self, old: &TypePath, new: &TypePath) -> bool {
        self.renamed.get(old) == Some(new) || self.same_name.contains(&(old.clone(), new.clone()))
    }
}

/// The generated types in a place, if both sides have one.
fn named(
    old: &Surface<'_>,
    new: &Surface<'_>,
    contexts: (&ModulePath, &ModulePath),
    place: (&TypeRef, &TypeRef),
) -> Option<(TypePath, TypePath)> {
    Some((old.named(contexts.0, place.0)?.clone(), new.named(contexts.1, place.1)?.clone()))
}

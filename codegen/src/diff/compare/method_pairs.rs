//! Which methods of two libraries are the same.

use std::collections::BTreeMap;

use crate::descriptor::{Descriptor, MethodKey, Spec, method_key};
use crate::diff::change::Side;
use crate::diff::surface::{Placed, Surface};
use crate::model::Method;

/// A method of both libraries.
pub(super) struct MethodPair<'a> {
    pub(super) old: Placed<'a>,
    pub(super) new: Placed<'a>,
}

/// The methods of two libraries.
#[derive(Default)]
pub(super) struct MethodPairs<'a> {
    pub(super) both: Vec<MethodPair<'a>>,
    pub(super) removed: Vec<Placed<'a>>,
    pub(super) added: Vec<Placed<'a>>,
    /// The aliases of each method before and now.
    pub(super) aliases: BTreeMap<MethodKey, (Vec<String>, Vec<String>)>,
}

/// Pairs the methods by name; of those that are left, a method that was renamed with its new name.
pub(super) fn pair<'a>(old: &Side<'a>, new: &Side<'a>) -> MethodPairs<'a> {
    let (before, mut now) = (Surface::of(old.library).methods, Surface::of(new.library).methods);
    let mut pairs = MethodPairs { aliases: aliases(old.spec, new.spec), ..MethodPairs::default() };
    let mut left = Vec::new();
    for (key, placed) in before {
        match now.remove(&key) {
            Some(new) => pairs.both.push(MethodPair { old: placed, new }),
            None => left.push((key, placed)),
        }
    }
    let described = described(new.spec);
    for (key, placed) in left {
        let candidates: Vec<MethodKey> = now
            .iter()
            .filter(|(other, of)| is_new_name(&key, placed.method, other, of.method, &described))
            .map(|(other, _)| other.clone())
            .collect();
        match candidates.as_slice() {
            [one] => pairs.both.extend(now.remove(one).map(|new| MethodPair { old: placed, new })),
            _ => pairs.removed.push(placed),
        }
    }
    pairs.added = now.into_values().collect();
    pairs
}

/// Whether a new method is an old one that is gone: it names it as an alias, is its only replacement, or has its page.
fn is_new_name(
    key: &MethodKey,
    old: &Method,
    other: &MethodKey,
    new: &Method,
    described: &BTreeMap<MethodKey, &Descriptor>,
) -> bool {
    if key.0 != other.0 {
        return false;
    }
    let has_alias = described
        .get(other)
        .is_some_and(|descriptor| descriptor.aliases.iter().any(|alias| method_key(key.0, alias) == *key));
    let replaces = matches!(old.deprecated.as_deref(), Some([one]) if method_key(key.0, one) == *other);
    let has_page = old.page.is_some() && old.page == new.page;
    has_alias || replaces || has_page
}

fn described(spec: &Spec) -> BTreeMap<MethodKey, &Descriptor> {
    let descriptors = spec.methods.iter().map(|file| &file.content);
    descriptors.map(|descriptor| (method_key(descriptor.api, &descriptor.method), descriptor)).collect()
}

fn aliases(old: &Spec, new: &Spec) -> BTreeMap<MethodKey, (Vec<String>, Vec<String>)> {
    let mut aliases: BTreeMap<MethodKey, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for (key, descriptor) in described(old) {
        aliases.entry(key).or_default().0.clone_from(&descriptor.aliases);
    }
    for (key, descriptor) in described(new) {
        aliases.entry(key).or_default().1.clone_from(&descriptor.aliases);
    }
    aliases
}

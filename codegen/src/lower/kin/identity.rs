//! By what two types of different modules are known to be the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{EnumValues, Library, Module, ModulePath, RustName, TypeItem, Usage};

/// All that tells one type from another, whatever module it stands in.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    pub(super) name: RustName,
    /// The fields or values of the type and of all its parts, as text.
    text: String,
    pub(super) fields: usize,
    /// The names of its parts, and of theirs.
    pub(super) parts: BTreeSet<RustName>,
    pub(super) usage: Usage,
    /// Whether one method of its module has it, after which it is named.
    pub(super) of_one_method: bool,
}

/// The identities of all types of a library.
pub(super) struct Identities(BTreeMap<ModulePath, BTreeMap<RustName, Identity>>);

impl Identities {
    pub(super) fn of(library: &Library) -> Self {
        Self(library.modules.iter().map(|(path, module)| (path.clone(), of_module(module))).collect())
    }

    /// The objects with at least so many fields, and their modules.
    pub(super) fn of_large(&self, fields: usize) -> impl Iterator<Item = (&ModulePath, &Identity)> {
        let all =
            self.0.iter().flat_map(|(path, types)| types.values().map(move |identity| (path, identity)));
        all.filter(move |(_, identity)| identity.fields >= fields)
    }

    /// The type and its parts.
    pub(super) fn whole(&self, module: &ModulePath, name: &RustName) -> Vec<RustName> {
        let identity = self.0.get(module).and_then(|types| types.get(name));
        identity
            .into_iter()
            .flat_map(|identity| identity.parts.iter().chain([&identity.name]))
            .cloned()
            .collect()
    }
}

fn of_module(module: &Module) -> BTreeMap<RustName, Identity> {
    let shared = module.types.iter().map(|item| (item.name(), (item, false)));
    let own = module.methods.iter().flat_map(|method| &method.types).map(|item| (item.name(), (item, true)));
    let types: BTreeMap<&RustName, (&TypeItem, bool)> = shared.chain(own).collect();
    let identity = |(name, (item, of_one_method)): (&&RustName, &(&TypeItem, bool))| {
        let (mut text, mut parts) = (String::new(), BTreeSet::from([(*name).clone()]));
        describe(item, &types, &mut text, &mut parts);
        parts.remove(*name);
        let (fields, usage) = match item {
            TypeItem::Struct(item) => (item.fields.len(), item.usage),
            TypeItem::Enum(item) => (0, item.usage),
        };
        let name = (*name).clone();
        (name.clone(), Identity { name, text, fields, parts, usage, of_one_method: *of_one_method })
    };
    types.iter().map(identity).collect()
}

/// Writes down what a type is, then its parts, each once.
fn describe(
    item: &TypeItem,
    types: &BTreeMap<&RustName, (&TypeItem, bool)>,
    text: &mut String,
    parts: &mut BTreeSet<RustName>,
) {
    text.push_str(item.name().as_str());
    match item {
        TypeItem::Struct(item) => {
            for field in &item.fields {
                text.push_str(&format!(
                    "{:?} {:?} {:?} {:?};",
                    field.wire, field.ty, field.presence, field.facts
                ));
            }
            for name in item.fields.iter().filter_map(|field| field.ty.named()) {
                if let Some((part, _)) = types.get(name).filter(|_| parts.insert(name.clone())) {
                    describe(part, types, text, parts);
                }
            }
        }
        TypeItem::Enum(item) => match &item.values {
            EnumValues::Texts(values) => text.push_str(&format!("{values:?};")),
            EnumValues::Integers(values) => text.push_str(&format!("{values:?};")),
        },
    }
}

//! Comparison of types of different modules.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Direction, EnumValues, Library, Module, ModulePath, RustName, TypeItem};

/// The content of a type, independent of its module.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TypeFingerprint {
    pub(super) name: RustName,
    /// The fields or values of the type and all its parts, as text.
    text: String,
    pub(super) fields: usize,
    /// The names of its parts, and of their parts.
    pub(super) parts: BTreeSet<RustName>,
    /// Whether it is part of results.
    pub(super) of_results: bool,
    /// Whether it belongs to a single method of its module, after which it is named.
    pub(super) of_one_method: bool,
}

/// The fingerprints of all types of a library.
pub(super) struct TypeFingerprints(BTreeMap<ModulePath, BTreeMap<RustName, TypeFingerprint>>);

impl TypeFingerprints {
    pub(super) fn compute(library: &Library) -> Self {
        Self(
            library.modules.iter().map(|(path, module)| (path.clone(), fingerprint_module(module))).collect(),
        )
    }

    /// The objects with at least `fields` fields, and their modules.
    pub(super) fn with_min_fields(
        &self,
        fields: usize,
    ) -> impl Iterator<Item = (&ModulePath, &TypeFingerprint)> {
        let all = self
            .0
            .iter()
            .flat_map(|(path, types)| types.values().map(move |fingerprint| (path, fingerprint)));
        all.filter(move |(_, fingerprint)| fingerprint.fields >= fields)
    }

    /// The names of a type and its parts.
    pub(super) fn type_and_parts(&self, module: &ModulePath, name: &RustName) -> Vec<RustName> {
        let fingerprint = self.0.get(module).and_then(|types| types.get(name));
        fingerprint
            .into_iter()
            .flat_map(|fingerprint| fingerprint.parts.iter().chain([&fingerprint.name]))
            .cloned()
            .collect()
    }
}

fn fingerprint_module(module: &Module) -> BTreeMap<RustName, TypeFingerprint> {
    let shared = module.types.iter().map(|item| (item.name(), (item, false)));
    let own = module.methods.iter().flat_map(|method| &method.types).map(|item| (item.name(), (item, true)));
    let types: BTreeMap<&RustName, (&TypeItem, bool)> = shared.chain(own).collect();
    let fingerprint = |(name, (item, of_one_method)): (&&RustName, &(&TypeItem, bool))| {
        let (mut text, mut parts) = (String::new(), BTreeSet::from([(*name).clone()]));
        describe(item, &types, &mut text, &mut parts);
        parts.remove(*name);
        let (fields, of_results) = match item {
            TypeItem::Struct(item) => (item.fields.len(), item.direction == Direction::Response),
            TypeItem::Enum(item) => (0, item.directions.contains(&Direction::Response)),
        };
        let name = (*name).clone();
        (
            name.clone(),
            TypeFingerprint { name, text, fields, parts, of_results, of_one_method: *of_one_method },
        )
    };
    types.iter().map(fingerprint).collect()
}

/// Appends the content of a type and of its parts, each once.
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
                    field.wire, field.ty, field.presence, field.docs
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

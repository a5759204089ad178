//! The frozen names of the items of a method.

use std::collections::{BTreeMap, BTreeSet};

use super::index::{Methods, PlaceId, TypeIndex};
use super::settle::{Names, settle};
use super::types::{Path, TypeNames, name_types};
use super::{letters, names};
use crate::descriptor::{
    Api, FrozenError, FrozenMethod, FrozenName, FrozenType, MethodKey, message_key, method_key,
};
use crate::model::{
    Direction, EnumItem, EnumValues, ErrorVariant, Field, Library, Method, Module, ModulePath, Presence,
    RustName, StructItem, TypeItem,
};

/// The names of a method in the earlier library.
pub(super) struct MethodNames {
    pub(super) function: Names,
    pub(super) request: Names,
    pub(super) error: Names,
    /// Whether the module has kinds.
    pub(super) has_kinds: bool,
}

/// The names of a method of the earlier library.
pub(super) fn names_of(module: &Module, earlier: &Method) -> MethodNames {
    let of_type = |name: &RustName| {
        let aliases = module.aliases.iter().filter(|alias| alias.target == *name);
        Names::of(name, aliases.map(|alias| &alias.name))
    };
    MethodNames {
        function: Names::of(&earlier.function, &earlier.function_aliases),
        request: of_type(&earlier.request.name),
        error: of_type(&earlier.error.name),
        has_kinds: module.kinds.is_some(),
    }
}

pub(super) fn last_word(method: &str) -> &str {
    method.rsplit('.').next().unwrap_or(method)
}

/// Freezes the function, the request and the error enumeration of a method, which is spelled like this now.
pub(super) fn of_method(earlier: &MethodNames, api: Api, method: &str) -> FrozenMethod {
    let word = last_word(method);
    let settled = |earlier: &Names, now: Option<RustName>| {
        now.map_or_else(FrozenName::default, |now| settle(earlier, now.as_str()))
    };
    let mut function = settled(&earlier.function, names::function(word));
    if earlier.has_kinds && function.aliases.contains(&earlier.function.name) {
        // The trait of the kinds has a function of this name, which cannot have an alias.
        function = FrozenName { name: Some(earlier.function.name.clone()), aliases: Vec::new() };
    }
    FrozenMethod {
        method: method.to_owned(),
        api,
        function,
        request: settled(&earlier.request, names::type_name(&[word])),
        error: settled(&earlier.error, names::type_name(&[word, "error"])),
        ..FrozenMethod::default()
    }
}

/// Freezes the fields of requests and the variants of error enumerations.
pub(super) fn errors_and_params(
    earlier: &Methods<'_>,
    now: &Library,
    entries: &mut BTreeMap<MethodKey, FrozenMethod>,
) {
    for method in now.modules.values().flat_map(|module| &module.methods) {
        let key = method_key(method.api, &method.wire);
        let (Some((_, _, known)), Some(entry)) = (earlier.get(&key), entries.get_mut(&key)) else { continue };
        entry.params = fields(&known.request.params, &method.request.params);
        for variant in &method.error.variants {
            let same = same_error(variant, &known.error.variants);
            // A name that another error has now is not frozen, as with fields.
            let is_free = |name: &&RustName| !method.error.variants.iter().any(|other| other.name == **name);
            let Some(name) = same.map(|same| &same.name).filter(is_free) else { continue };
            entry.errors.push(FrozenError {
                code: variant.code.clone(),
                message: variant.message.clone(),
                name: name.to_string(),
            });
        }
    }
}

/// The error of an earlier enumeration that a variant stands for: with the same code and message, or else the same message.
fn same_error<'a>(variant: &ErrorVariant, earlier: &'a [ErrorVariant]) -> Option<&'a ErrorVariant> {
    let key = |variant: &ErrorVariant| variant.message.as_deref().map(message_key);
    let same =
        |known: &&ErrorVariant| known.code.eq_ignore_ascii_case(&variant.code) && key(known) == key(variant);
    let same_message = |known: &&ErrorVariant| variant.message.is_some() && key(known) == key(variant);
    earlier.iter().find(same).or_else(|| earlier.iter().find(same_message))
}

/// The names of fields that have others by the rules. A name that another field has now is not frozen.
fn fields(earlier: &[Field], now: &[Field]) -> BTreeMap<String, String> {
    let mut frozen = BTreeMap::new();
    for field in now {
        let exact = earlier.iter().find(|known| known.wire == field.wire);
        let same =
            exact.or_else(|| earlier.iter().find(|known| letters(&known.wire) == letters(&field.wire)));
        let Some(known) = same.filter(|known| known.name != field.name) else { continue };
        if !now.iter().any(|other| other.name == known.name) {
            frozen.insert(field.wire.clone(), known.name.to_string());
        }
    }
    frozen
}

/// Freezes the types of requests and results.
pub(super) fn types(earlier: &Library, now: &Library, entries: &mut BTreeMap<MethodKey, FrozenMethod>) {
    let (before, after) = (TypeIndex::of(earlier), TypeIndex::of(now));
    let TypeNames { continues, names, aliases } = name_types(earlier, now, &reserved(now, entries));
    for (id, used) in &after.types {
        let known = continues.get(id).and_then(|known| before.item(known));
        let mut frozen =
            known.zip(after.item(id)).map_or_else(FrozenType::default, |(known, item)| parts(known, item));
        frozen.name = names.get(id).map(ToString::to_string);
        let Some((key, at)) = place(used.places.iter(), entries) else { continue };
        let home = module_of(now, key);
        let paths = aliases.get(id).into_iter().flatten();
        frozen.aliases = paths.map(|path| written(path, home)).collect();
        frozen.at = at.clone();
        if frozen != (FrozenType { at: at.clone(), ..FrozenType::default() })
            && let Some(entry) = entries.get_mut(key)
        {
            entry.types.push(frozen);
        }
    }
}

/// The first place in a method that the earlier spec had.
fn place<'a>(
    mut places: impl Iterator<Item = &'a PlaceId>,
    entries: &BTreeMap<MethodKey, FrozenMethod>,
) -> Option<&'a PlaceId> {
    places.find(|(key, _)| entries.contains_key(key))
}

fn module_of<'a>(library: &'a Library, key: &MethodKey) -> Option<&'a ModulePath> {
    let has =
        |module: &Module| module.methods.iter().any(|method| method_key(method.api, &method.wire) == *key);
    library.modules.iter().find(|(_, module)| has(module)).map(|(path, _)| path)
}

/// A path as `names.yaml` has it.
fn written((module, name): &Path, home: Option<&ModulePath>) -> String {
    if Some(module) == home { name.to_string() } else { format!("{module}::{name}") }
}

/// The paths of requests and errors, and of their aliases.
pub(super) fn reserved(now: &Library, entries: &BTreeMap<MethodKey, FrozenMethod>) -> BTreeSet<Path> {
    let mut reserved = BTreeSet::new();
    for (path, module) in &now.modules {
        for method in &module.methods {
            reserved
                .extend([&method.request.name, &method.error.name].map(|name| (path.clone(), name.clone())));
            let entry = entries.get(&method_key(method.api, &method.wire));
            let items = entry.into_iter().flat_map(|entry| [&entry.request, &entry.error]);
            let aliases = items.flat_map(|item| &item.aliases).filter_map(|alias| names::frozen(alias));
            reserved.extend(aliases.map(|alias| (path.clone(), alias)));
        }
    }
    reserved
}

/// What is frozen inside of a type.
fn parts(known: &TypeItem, now: &TypeItem) -> FrozenType {
    match (known, now) {
        (TypeItem::Struct(known), TypeItem::Struct(now)) => FrozenType {
            fields: fields(&known.fields, &now.fields),
            args: arguments(known, now),
            ..FrozenType::default()
        },
        (TypeItem::Enum(known), TypeItem::Enum(now)) => {
            FrozenType { values: values(known, now), ..FrozenType::default() }
        }
        _ => FrozenType::default(),
    }
}

/// The fields that a constructor takes, if they are other ones by the rules.
fn arguments(known: &StructItem, now: &StructItem) -> Option<Vec<String>> {
    if now.direction != Direction::Request || known.direction != Direction::Request {
        return None;
    }
    let required = |item: &StructItem| -> Vec<String> {
        let fields = item.fields.iter().filter(|field| field.presence == Presence::Required);
        fields.map(|field| field.wire.clone()).collect()
    };
    let same = |wire: &String| {
        let field = now.fields.iter().find(|field| letters(&field.wire) == letters(wire));
        field.map(|field| field.wire.clone())
    };
    let frozen: Vec<String> = required(known).iter().filter_map(same).collect();
    (frozen != required(now)).then_some(frozen)
}

/// The variants of values that have another name by the rules, or are no longer documented.
fn values(known: &EnumItem, now: &EnumItem) -> BTreeMap<String, String> {
    let is_same_kind = matches!(
        (&known.values, &now.values),
        (EnumValues::Texts(_), EnumValues::Texts(_)) | (EnumValues::Integers(_), EnumValues::Integers(_))
    );
    if !is_same_kind {
        return BTreeMap::new();
    }
    let now = variants(now);
    let frozen = variants(known).into_iter().filter(|(name, value)| {
        let same = now.iter().find(|(_, other)| other == value);
        same.is_none_or(|(other, _)| other != name) && !now.iter().any(|(other, _)| other == name)
    });
    frozen.map(|(name, value)| (value, name)).collect()
}

fn variants(item: &EnumItem) -> Vec<(String, String)> {
    match &item.values {
        EnumValues::Texts(values) => {
            values.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
        }
        EnumValues::Integers(values) => {
            values.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
        }
    }
}

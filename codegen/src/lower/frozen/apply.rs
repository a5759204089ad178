//! Gives the types of a library their frozen names, and adds the aliases.

use std::collections::{BTreeMap, BTreeSet};

use super::index::{TypeId, TypeIndex};
use super::{NameBook, names, parse};
use crate::descriptor::{FrozenMethod, FrozenType, Pointer, method_key};
use crate::diagnostic::Diagnostic;
use crate::model::{
    EnumValues, Library, Method, Module, ModulePath, Presence, RustName, TypeAlias, TypeItem,
};

/// What `names.yaml` says of a type.
struct TypeChange<'a> {
    id: TypeId,
    frozen: &'a FrozenType,
    /// The module of the method that names it.
    home: ModulePath,
}

/// Applies the frozen names of types, and all aliases.
pub(in crate::lower) fn apply(library: &mut Library, book: &NameBook<'_>, problems: &mut Vec<Diagnostic>) {
    if book.file.is_none() {
        return;
    }
    let changes = changes(library, book);
    for change in &changes {
        if let Some(item) = item_mut(library, &change.id) {
            change_parts(item, change.frozen);
        }
    }
    let renamed = renamed(library, &changes);
    rename_types(library, &renamed);
    add_aliases(library, book, &changes, &renamed);
    add_module_aliases(library, book);
    report_collisions(library, book, problems);
}

fn changes<'a>(library: &Library, book: &NameBook<'a>) -> Vec<TypeChange<'a>> {
    let index = TypeIndex::of(library);
    let mut changes = Vec::new();
    for (path, module) in &library.modules {
        for method in &module.methods {
            let Some(entry) = book.method(method.api, &method.wire) else { continue };
            let key = method_key(method.api, &method.wire);
            for frozen in &entry.types {
                if let Some(id) = index.at(&(key.clone(), frozen.at.clone())) {
                    changes.push(TypeChange { id: id.clone(), frozen, home: path.clone() });
                }
            }
        }
    }
    changes
}

fn item_mut<'a>(library: &'a mut Library, id: &TypeId) -> Option<&'a mut TypeItem> {
    let Module { methods, types, .. } = library.modules.get_mut(&id.0)?;
    let mut all = types.iter_mut().chain(methods.iter_mut().flat_map(|method| &mut method.types));
    all.find(|item| *item.name() == id.1)
}

/// Applies the frozen fields, arguments and values of a type.
fn change_parts(item: &mut TypeItem, frozen: &FrozenType) {
    match item {
        TypeItem::Struct(item) => {
            for field in &mut item.fields {
                if let Some(name) = frozen.fields.get(&field.wire).and_then(|name| names::frozen(name)) {
                    field.name = name;
                }
            }
            let Some(args) = &frozen.args else { return };
            for field in &mut item.fields {
                let is_taken = args.contains(&field.wire);
                field.presence = if is_taken { Presence::Required } else { Presence::Optional };
            }
            item.fields
                .sort_by_key(|field| args.iter().position(|arg| *arg == field.wire).unwrap_or(args.len()));
        }
        TypeItem::Enum(item) => {
            for (value, name) in &frozen.values {
                let Some(name) = names::frozen(name) else { continue };
                match &mut item.values {
                    EnumValues::Texts(values) => put(values, name, value.clone()),
                    EnumValues::Integers(values) => {
                        if let Ok(value) = value.parse() {
                            put(values, name, value);
                        }
                    }
                }
            }
        }
    }
}

/// Names the variant of a value, which is added if it is no longer documented.
fn put<T: PartialEq>(values: &mut Vec<(RustName, T)>, name: RustName, value: T) {
    match values.iter_mut().find(|(_, known)| *known == value) {
        Some((known, _)) => *known = name,
        None => values.push((name, value)),
    }
}

/// The frozen names of types, by each module and name in which callers find them.
fn renamed(library: &Library, changes: &[TypeChange<'_>]) -> BTreeMap<(ModulePath, RustName), RustName> {
    let index = TypeIndex::of(library);
    let mut renamed = BTreeMap::new();
    for change in changes {
        let Some(name) = change.frozen.name.as_deref().and_then(names::frozen) else { continue };
        for module in index.types.get(&change.id).into_iter().flat_map(|used| &used.modules) {
            renamed.insert((module.clone(), change.id.1.clone()), name.clone());
        }
    }
    renamed
}

fn rename_types(library: &mut Library, renamed: &BTreeMap<(ModulePath, RustName), RustName>) {
    for (path, module) in &mut library.modules {
        let new = |name: &RustName| {
            renamed.get(&(path.clone(), name.clone())).cloned().unwrap_or_else(|| name.clone())
        };
        let Module { methods, types, kinds, imports, .. } = module;
        for import in imports {
            import.name = new(&import.name);
        }
        for item in types.iter_mut().chain(methods.iter_mut().flat_map(|method| &mut method.types)) {
            rename_item(item, &new);
        }
        if let Some(kinds) = kinds {
            kinds.entity = kinds.entity.as_ref().map(new);
            for kind in &mut kinds.of {
                kind.name = new(&kind.name);
                kind.fields = kind.fields.as_ref().map(new);
            }
        }
        for Method { request, output, row, .. } in methods {
            *output = output.map_names(&new);
            *row = row.as_ref().map(|row| row.map_names(&new));
            for param in &mut request.params {
                param.ty = param.ty.map_names(&new);
            }
        }
    }
}

fn rename_item(item: &mut TypeItem, new: &dyn Fn(&RustName) -> RustName) {
    match item {
        TypeItem::Struct(item) => {
            item.name = new(&item.name);
            item.generic_over = item.generic_over.as_ref().map(new);
            for field in &mut item.fields {
                field.ty = field.ty.map_names(new);
            }
        }
        TypeItem::Enum(item) => item.name = new(&item.name),
    }
}

fn add_aliases(
    library: &mut Library,
    book: &NameBook<'_>,
    changes: &[TypeChange<'_>],
    renamed: &BTreeMap<(ModulePath, RustName), RustName>,
) {
    let mut aliases: BTreeMap<ModulePath, BTreeSet<TypeAlias>> = BTreeMap::new();
    for TypeChange { id, frozen, home } in changes {
        let target = renamed.get(id).unwrap_or(&id.1);
        for alias in &frozen.aliases {
            let Some((path, name)) = parse(alias) else { continue };
            let path = if path.is_empty() { home.clone() } else { ModulePath(path) };
            let alias = TypeAlias { name, module: id.0.clone(), target: target.clone() };
            aliases.entry(path).or_default().insert(alias);
        }
    }
    for (path, module) in &mut library.modules {
        for method in &mut module.methods {
            let Some(FrozenMethod { function, request, error, .. }) = book.method(method.api, &method.wire)
            else {
                continue;
            };
            method.function_aliases =
                function.aliases.iter().filter_map(|name| names::frozen(name)).collect();
            for (item, target) in [(request, &method.request.name), (error, &method.error.name)] {
                let names = item.aliases.iter().filter_map(|name| names::frozen(name));
                let of_item =
                    names.map(|name| TypeAlias { name, module: path.clone(), target: target.clone() });
                aliases.entry(path.clone()).or_default().extend(of_item);
            }
        }
    }
    for (path, aliases) in aliases {
        library.modules.entry(path).or_default().aliases.extend(aliases);
    }
}

fn add_module_aliases(library: &mut Library, book: &NameBook<'_>) {
    let mut aliases = BTreeMap::new();
    for (path, module) in &library.modules {
        for method in &module.methods {
            let words = method.wire.split('.').count().saturating_sub(1);
            let above = path.0.len().saturating_sub(words);
            for count in 1..=words {
                let prefix: Vec<&str> = method.wire.split('.').take(count).collect();
                let Some(entry) = book.modules.get(&method_key(method.api, &prefix.join("."))) else {
                    continue;
                };
                let Some(target) = path.0.get(..above + count) else { continue };
                for alias in entry.aliases.iter().filter_map(|name| names::frozen(name)) {
                    let mut from = target.to_vec();
                    from.pop();
                    from.push(alias);
                    aliases.insert(ModulePath(from), ModulePath(target.to_vec()));
                }
            }
        }
    }
    aliases.retain(|alias, _| !library.modules.contains_key(alias));
    library.module_aliases = aliases;
}

/// Reports frozen names that are also those of another item.
fn report_collisions(library: &Library, book: &NameBook<'_>, problems: &mut Vec<Diagnostic>) {
    let Some(file) = book.file else { return };
    for (path, module) in &library.modules {
        let own = module.methods.iter().flat_map(|method| [&method.request.name, &method.error.name]);
        let types = super::index::types_of(module).map(TypeItem::name);
        let others = module.imports.iter().map(|import| &import.name);
        let aliases = module.aliases.iter().map(|alias| &alias.name);
        let mut seen = BTreeSet::new();
        for name in own.chain(types).chain(others).chain(aliases).filter(|name| !seen.insert(*name)) {
            let message = format!("with the frozen names, `{path}` has two items with the name `{name}`");
            let expected = "names that differ: delete one of the entries, which breaks callers";
            let diagnostic = Diagnostic::error(message).expecting(expected);
            problems.push(file.at_value(diagnostic, &Pointer::default()));
        }
    }
}

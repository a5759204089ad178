//! The generated crate as callers see it: methods by their names on the wire, types by their paths.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::descriptor::{Api, MethodKey, method_key};
use crate::model::{Library, Method, ModulePath, RustName, TypeItem, TypeRef};

/// The path of a type, as callers write it: `crm::deal::Deal`.
pub(super) type TypePath = String;

/// A method and the path of its module.
#[derive(Clone, Copy)]
pub(super) struct Placed<'a> {
    pub(super) path: &'a ModulePath,
    pub(super) method: &'a Method,
}

/// A type and the module that declares it.
#[derive(Clone, Copy)]
pub(super) struct Declared<'a> {
    pub(super) module: &'a ModulePath,
    pub(super) item: &'a TypeItem,
}

/// What callers see of a library.
pub(super) struct Surface<'a> {
    pub(super) library: &'a Library,
    pub(super) methods: BTreeMap<MethodKey, Placed<'a>>,
    /// The declared types by the path of their declaration.
    pub(super) types: BTreeMap<TypePath, Declared<'a>>,
    /// The declaration behind each path, imports included.
    homes: BTreeMap<TypePath, TypePath>,
    /// The paths of each declaration.
    names: HashMap<TypePath, Vec<TypePath>>,
    /// The methods that use a type, by its declaration.
    users: HashMap<TypePath, BTreeSet<MethodKey>>,
}

impl<'a> Surface<'a> {
    pub(super) fn of(library: &'a Library) -> Self {
        let mut surface = Self {
            library,
            methods: BTreeMap::new(),
            types: BTreeMap::new(),
            homes: BTreeMap::new(),
            names: HashMap::new(),
            users: HashMap::new(),
        };
        for (path, module) in &library.modules {
            let own = module.methods.iter().flat_map(|method| &method.types).chain(&module.types);
            for item in own {
                let home = join(path, item.name());
                surface.types.insert(home.clone(), Declared { module: path, item });
                surface.homes.insert(home.clone(), home);
            }
            for import in &module.imports {
                surface.homes.insert(join(path, &import.name), join(&import.module, &import.name));
            }
            for method in &module.methods {
                let key = method_key(method.api, &method.wire);
                surface.methods.insert(key, Placed { path, method });
            }
        }
        surface.add_aliases();
        for (path, home) in &surface.homes {
            surface.names.entry(home.clone()).or_default().push(path.clone());
        }
        surface.collect_users();
        surface
    }

    /// Adds the earlier names of types and modules, which callers may still use.
    fn add_aliases(&mut self) {
        let of_types = self.library.modules.iter().flat_map(|(path, module)| {
            module.aliases.iter().map(|alias| (join(path, &alias.name), join(&alias.module, &alias.target)))
        });
        for (name, target) in of_types {
            let home = self.homes.get(&target).cloned().unwrap_or(target);
            self.homes.entry(name).or_insert(home);
        }
        for (alias, module) in &self.library.module_aliases {
            let below = format!("{module}::");
            let inside = self.homes.iter().filter_map(|(path, home)| {
                Some((format!("{alias}::{}", path.strip_prefix(&below)?), home.clone()))
            });
            let inside: Vec<(TypePath, TypePath)> = inside.collect();
            self.homes.extend(inside);
        }
    }

    /// The declaration behind a path.
    pub(super) fn home(&self, path: &str) -> Option<&TypePath> {
        self.homes.get(path)
    }

    /// All paths of a declaration.
    pub(super) fn names(&self, home: &str) -> &[TypePath] {
        self.names.get(home).map(Vec::as_slice).unwrap_or_default()
    }

    /// All paths, each with its declaration.
    pub(super) fn homes(&self) -> impl Iterator<Item = (&TypePath, &TypePath)> {
        self.homes.iter()
    }

    /// The declaration of a generated type inside a type, as a module writes it.
    pub(super) fn named(&self, module: &ModulePath, ty: &TypeRef) -> Option<&TypePath> {
        self.home(&join(module, ty.named()?))
    }

    /// The methods that use a declared type.
    pub(super) fn users(&self, home: &str) -> impl Iterator<Item = &Placed<'a>> {
        let keys = self.users.get(home).into_iter().flatten();
        keys.filter_map(|key| self.methods.get(key))
    }

    fn collect_users(&mut self) {
        let mut users: HashMap<TypePath, BTreeSet<MethodKey>> = HashMap::new();
        for (key, placed) in &self.methods {
            let params = placed.method.request.params.iter().map(|param| &param.ty);
            let mut pending: Vec<TypePath> = std::iter::once(&placed.method.output)
                .chain(params)
                .filter_map(|ty| self.named(placed.path, ty).cloned())
                .collect();
            let mut seen = HashSet::new();
            while let Some(home) = pending.pop() {
                if !seen.insert(home.clone()) {
                    continue;
                }
                users.entry(home.clone()).or_default().insert(key.clone());
                let Some(Declared { module, item: TypeItem::Struct(item) }) = self.types.get(&home) else {
                    continue;
                };
                let parts = item.fields.iter().filter_map(|field| self.named(module, &field.ty));
                pending.extend(parts.cloned());
            }
        }
        self.users = users;
    }
}

/// The path of an item of a module.
pub(super) fn join(module: &ModulePath, name: &RustName) -> String {
    format!("{module}::{name}")
}

/// The name of a method for people.
pub(super) fn method_name(api: Api, wire: &str) -> String {
    match api {
        Api::V2 => wire.to_owned(),
        Api::V3 => format!("{wire} (v3)"),
    }
}

/// A type as rustdoc shows it, with the names of its module.
pub(super) fn shown(ty: &TypeRef) -> String {
    match ty {
        TypeRef::Nothing => "()".to_owned(),
        TypeRef::Bool | TypeRef::YesNo | TypeRef::ZeroOne => "bool".to_owned(),
        TypeRef::Integer => "i64".to_owned(),
        TypeRef::Number => "Decimal".to_owned(),
        TypeRef::Float => "f64".to_owned(),
        TypeRef::Text => "String".to_owned(),
        TypeRef::DateTime => "DateTime".to_owned(),
        TypeRef::Json => "Value".to_owned(),
        TypeRef::Object => "Map<String, Value>".to_owned(),
        TypeRef::List(items) => format!("Vec<{}>", shown(items)),
        TypeRef::OneOrMany(items) => format!("OneOrMany<{}>", shown(items)),
        TypeRef::ScalarOr(scalar, inner) => format!("ScalarOr<{}, {}>", shown(scalar), shown(inner)),
        TypeRef::Map(values) => format!("BTreeMap<String, {}>", shown(values)),
        TypeRef::Nullable(value) => format!("Option<{}>", shown(value)),
        TypeRef::Named(name) => name.to_string(),
        TypeRef::External(path) => path.to_string(),
    }
}

/// Whether a type says more than the other one, which is JSON where this one is not.
pub(super) fn refines(old: &TypeRef, new: &TypeRef) -> bool {
    match (old, new) {
        (TypeRef::Json, TypeRef::Json) => false,
        (TypeRef::Json, _) | (TypeRef::Object, TypeRef::Named(_) | TypeRef::Map(_)) => true,
        (TypeRef::List(old), TypeRef::List(new))
        | (TypeRef::OneOrMany(old), TypeRef::OneOrMany(new))
        | (TypeRef::Map(old), TypeRef::Map(new))
        | (TypeRef::Nullable(old), TypeRef::Nullable(new)) => refines(old, new),
        _ => false,
    }
}

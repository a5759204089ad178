//! Where each type of a library is used.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::letters;
use crate::descriptor::{MethodKey, method_key};
use crate::model::{Field, Library, Module, ModulePath, RustName, StructItem, TypeItem, TypeRef};

/// A type, by the module that declares it and its name there.
pub(super) type TypeId = (ModulePath, RustName);

/// A place where a type is used: a method, and the letters of the names that lead to it.
pub(super) type PlaceId = (MethodKey, String);

/// The uses of a type.
#[derive(Debug, Default)]
pub(super) struct Use {
    pub(super) places: BTreeSet<PlaceId>,
    /// The modules in which callers find it.
    pub(super) modules: BTreeSet<ModulePath>,
}

/// All types of a library.
pub(super) struct TypeIndex<'a> {
    library: &'a Library,
    pub(super) types: BTreeMap<TypeId, Use>,
    at: HashMap<PlaceId, TypeId>,
}

impl<'a> TypeIndex<'a> {
    pub(super) fn of(library: &'a Library) -> Self {
        let mut index = Self { library, types: BTreeMap::new(), at: HashMap::new() };
        for (path, module) in &library.modules {
            let own = module.types.iter().chain(module.methods.iter().flat_map(|method| &method.types));
            for item in own {
                index
                    .types
                    .entry((path.clone(), item.name().clone()))
                    .or_default()
                    .modules
                    .insert(path.clone());
            }
            for import in &module.imports {
                let id = declared(library, &(import.module.clone(), import.name.clone()));
                index.types.entry(id).or_default().modules.insert(path.clone());
            }
        }
        for (path, module) in &library.modules {
            index.walk_module(path, module);
        }
        index
    }

    /// The type at a place.
    pub(super) fn at(&self, place: &PlaceId) -> Option<&TypeId> {
        self.at.get(place)
    }

    /// The declaration of a type.
    pub(super) fn item(&self, id: &TypeId) -> Option<&'a TypeItem> {
        let module = self.library.modules.get(&id.0)?;
        types_of(module).find(|item| *item.name() == id.1)
    }

    fn walk_module(&mut self, path: &ModulePath, module: &Module) {
        for method in &module.methods {
            let key = method_key(method.api, &method.wire);
            for param in &method.request.params {
                let place = format!("params/{}", letters(&param.wire));
                self.walk(path, &key, &param.ty, &place, &mut Vec::new());
            }
            self.walk(path, &key, &method.output, "returns", &mut Vec::new());
            for kind in module.kinds.iter().flat_map(|kinds| &kinds.of) {
                let place = format!("kinds/{}", kind.value);
                self.walk(path, &key, &TypeRef::Named(kind.name.clone()), &place, &mut Vec::new());
                if let Some(fields) = &kind.fields {
                    let ty = TypeRef::Named(fields.clone());
                    self.walk(path, &key, &ty, &format!("{place}/fields"), &mut Vec::new());
                }
            }
        }
    }

    /// Adds the places of a type and of its parts. `above` are the types that contain it.
    fn walk(
        &mut self,
        module: &ModulePath,
        key: &MethodKey,
        ty: &TypeRef,
        place: &str,
        above: &mut Vec<TypeId>,
    ) {
        let Some(name) = ty.named() else { return };
        let Some(id) = self.find(module, name) else { return };
        if above.contains(&id) {
            return;
        }
        let place_id = (key.clone(), place.to_owned());
        self.types.entry(id.clone()).or_default().places.insert(place_id.clone());
        self.at.insert(place_id, id.clone());
        if let Some(TypeItem::Struct(StructItem { fields, .. })) = self.item(&id) {
            above.push(id.clone());
            for Field { wire, ty, .. } in fields {
                self.walk(&id.0, key, ty, &format!("{place}/{}", letters(wire)), above);
            }
            above.pop();
        }
    }

    /// The type that a name stands for in a module.
    pub(super) fn find(&self, module: &ModulePath, name: &RustName) -> Option<TypeId> {
        let id = declared(self.library, &(module.clone(), name.clone()));
        self.types.contains_key(&id).then_some(id)
    }
}

/// The type that an import stands for.
fn declared(library: &Library, id: &TypeId) -> TypeId {
    let mut id = id.clone();
    for _ in 0..library.modules.len() {
        let Some(module) = library.modules.get(&id.0) else { break };
        let Some(import) = module.imports.iter().find(|import| import.name == id.1) else { break };
        id.0 = import.module.clone();
    }
    id
}

/// All types that a module declares.
pub(super) fn types_of(module: &Module) -> impl Iterator<Item = &TypeItem> {
    module.types.iter().chain(module.methods.iter().flat_map(|method| &method.types))
}

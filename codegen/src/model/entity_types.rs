//! The types that are an entity without any difference.

use std::collections::{BTreeSet, HashMap};

use super::{Library, ModulePath, RustName, TypeItem};
use crate::descriptor::Api;

/// The type of an entity.
#[derive(Clone, Debug)]
pub(crate) struct EntityType<'a> {
    pub(crate) module: &'a ModulePath,
    pub(crate) name: &'a RustName,
    /// The features that each enable it. `None`: it is always there.
    pub(crate) features: Option<BTreeSet<String>>,
}

impl Library {
    /// The types that are an entity without any difference, by interface and name of the entity. Of several types, the one in the module
    /// of the entity's name, else the first.
    pub(crate) fn entity_types(&self) -> HashMap<(Api, String), EntityType<'_>> {
        let mut types: HashMap<(Api, String), EntityType<'_>> = HashMap::new();
        for (module, content) in &self.modules {
            let of_methods = content
                .methods
                .iter()
                .flat_map(|method| method.types.iter().map(|item| (item, method.features())));
            let shared = content.types.iter().map(|item| (item, content.features()));
            for (item, features) in shared.chain(of_methods) {
                let TypeItem::Struct(item) = item else { continue };
                let Some(entity) = &item.entity else { continue };
                let found = EntityType { module, name: &item.name, features };
                if is_home(&module.to_string(), entity) {
                    types.insert(entity.clone(), found);
                } else {
                    types.entry(entity.clone()).or_insert(found);
                }
            }
        }
        types
    }
}

/// Whether a module is named after an entity.
fn is_home(module: &str, (api, entity): &(Api, String)) -> bool {
    let letters = |text: &str| text.replace(['_', '#'], "").to_lowercase();
    let words = match api {
        Api::V2 => entity.replace('.', "::"),
        Api::V3 => format!("v3::{}", entity.replace('.', "::")),
    };
    letters(&module.replace("r#", "")) == letters(&words)
}

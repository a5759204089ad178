//! The items of a spec that can have words.

use serde::{Deserialize, Serialize};

use super::book::Words;
use crate::descriptor::{Api, Spec};
use crate::model::{
    Direction, EnumValues, Field, Library, Method, Module, ModulePath, RustName, TypeItem, TypeRef,
};

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A function.
    Method,
    /// A module with methods.
    Module,
    /// An entity of the spec.
    Entity,
    /// A parameter, or a field of an object in a request.
    RequestValue,
    /// A field of an object in a result.
    ResultField,
    /// A documented value of an enumeration.
    Value,
    /// A documented error of a method.
    Error,
    /// An event.
    Event,
    /// A placement.
    Placement,
    /// A handler: the requests to a registered address.
    Handler,
}

impl ItemKind {
    /// All kinds, in the order of a report.
    pub const ALL: [Self; 10] = [
        Self::Method,
        Self::Module,
        Self::Entity,
        Self::RequestValue,
        Self::ResultField,
        Self::Value,
        Self::Error,
        Self::Event,
        Self::Placement,
        Self::Handler,
    ];

    /// The word for several of them.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Method => "methods",
            Self::Module => "modules",
            Self::Entity => "entities",
            Self::RequestValue => "request values",
            Self::ResultField => "result fields",
            Self::Value => "enumerated values",
            Self::Error => "codes",
            Self::Event => "events",
            Self::Placement => "placements",
            Self::Handler => "handlers",
        }
    }

    /// The word for one of them.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Module => "module",
            Self::Entity => "entity",
            Self::RequestValue => "request value",
            Self::ResultField => "result field",
            Self::Value => "value",
            Self::Error => "code",
            Self::Event => "event",
            Self::Placement => "placement",
            Self::Handler => "handler",
        }
    }
}

/// An item that can have words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its scope, or that of the first method that uses it.
    pub scope: String,
    /// Its name: `crm.deal.add`, `crm::deal::AddFields.TITLE`.
    pub name: String,
    /// The words about it.
    #[serde(skip)]
    pub text: Option<String>,
}

impl Words {
    /// All items of a spec that can have words, with those that they have. The words are attached to the library.
    pub fn items(&self, spec: &Spec, library: &Library) -> Vec<Item> {
        let mut items = Vec::new();
        for (path, module) in &library.modules {
            module_items(library, path, module, &mut items);
        }
        for entity in spec.entities.iter().map(|file| &file.content) {
            let text = self.entity(entity.api, &entity.entity).and_then(|words| words.text);
            let first = spec.methods.iter().map(|file| &file.content).find(|method| {
                let is_below =
                    method.method.rsplit_once('.').is_some_and(|(module, _)| module == entity.entity);
                method.api == entity.api && is_below
            });
            let scope = first.and_then(|method| method.scope.first().cloned());
            items.push(Item {
                kind: ItemKind::Entity,
                scope: scope
                    .unwrap_or_else(|| entity.entity.split('.').next().unwrap_or_default().to_owned()),
                name: with_api(entity.api, &entity.entity),
                text: text.map(|id| self.raw(id).to_owned()),
            });
        }
        items
    }
}

fn with_api(api: Api, name: &str) -> String {
    if api == Api::V3 { format!("v3:{name}") } else { name.to_owned() }
}

fn module_items(library: &Library, path: &ModulePath, module: &Module, items: &mut Vec<Item>) {
    event_items(path, module, items);
    sent_items(path, module, items);
    let Some(first) = module.methods.first() else { return };
    let scope = first.first_scope();
    let text = library.module_texts.get(path).and_then(|texts| texts.text.clone());
    items.push(Item { kind: ItemKind::Module, scope: scope.clone(), name: path.to_string(), text });
    for method in &module.methods {
        method_items(path, method, items);
    }
    for item in &module.types {
        type_items(path, item, &scope, items);
    }
}

fn event_items(path: &ModulePath, module: &Module, items: &mut Vec<Item>) {
    for event in &module.events {
        let scope = event.first_scope();
        let text = event.text.clone().or_else(|| event.summary.clone());
        items.push(Item { kind: ItemKind::Event, scope: scope.clone(), name: event.wire.clone(), text });
        event.types.iter().for_each(|item| type_items(path, item, &scope, items));
    }
    if let (Some(first), true) = (module.events.first(), module.methods.is_empty()) {
        let scope = first.first_scope();
        module.types.iter().for_each(|item| type_items(path, item, &scope, items));
    }
}

fn sent_items(path: &ModulePath, module: &Module, items: &mut Vec<Item>) {
    let first = |scopes: &[String]| scopes.first().map_or("no scope", String::as_str).to_owned();
    for placement in &module.placements {
        let (scope, name) = (first(&placement.scopes), placement.wire.clone());
        let text = placement.text.clone();
        items.push(Item { kind: ItemKind::Placement, scope: scope.clone(), name, text });
        placement.types.iter().for_each(|item| type_items(path, item, &scope, items));
    }
    for handler in &module.handlers {
        let (scope, name) = (first(&handler.scopes), handler.wire.clone());
        items.push(Item { kind: ItemKind::Handler, scope: scope.clone(), name, text: handler.text.clone() });
        handler.types.iter().for_each(|item| type_items(path, item, &scope, items));
    }
    let of_first = module.placements.first().map(|placement| &placement.scopes);
    let of_first = of_first.or(module.handlers.first().map(|handler| &handler.scopes));
    if let (Some(scopes), true) = (of_first, module.methods.is_empty()) {
        module.types.iter().for_each(|item| type_items(path, item, &first(scopes), items));
    }
}

fn method_items(path: &ModulePath, method: &Method, items: &mut Vec<Item>) {
    let (scope, name) = (method.first_scope(), with_api(method.api, &method.wire));
    let text = method.texts.text.clone().or_else(|| method.summary.clone());
    items.push(Item { kind: ItemKind::Method, scope: scope.clone(), name: name.clone(), text });
    for param in &method.request.params {
        field_items(&name, param, ItemKind::RequestValue, &scope, items);
    }
    for variant in method.error.variants.iter().filter(|variant| !variant.historical) {
        let error = variant.message.as_deref().filter(|_| variant.code.is_empty()).unwrap_or(&variant.code);
        items.push(Item {
            kind: ItemKind::Error,
            scope: scope.clone(),
            name: format!("{name}: {error:?}"),
            text: variant.text.clone(),
        });
    }
    for item in &method.types {
        type_items(path, item, &scope, items);
    }
}

fn type_items(path: &ModulePath, item: &TypeItem, scope: &str, items: &mut Vec<Item>) {
    let of = format!("{path}::{}", item.name());
    match item {
        TypeItem::Struct(item) => {
            let kind = match item.direction {
                Direction::Request => ItemKind::RequestValue,
                Direction::Response => ItemKind::ResultField,
            };
            item.fields.iter().for_each(|field| field_items(&of, field, kind, scope, items));
        }
        TypeItem::Enum(item) => {
            let values: Vec<(&RustName, String)> = match &item.values {
                EnumValues::Texts(values) => values.iter().map(|(name, text)| (name, text.clone())).collect(),
                EnumValues::Integers(values) => {
                    values.iter().map(|(name, number)| (name, number.to_string())).collect()
                }
            };
            items.extend(values.into_iter().map(|(name, value)| Item {
                kind: ItemKind::Value,
                scope: scope.to_owned(),
                name: format!("{of}={value}"),
                text: item.value_texts.get(name).cloned(),
            }));
        }
    }
}

fn field_items(of: &str, field: &Field, kind: ItemKind, scope: &str, items: &mut Vec<Item>) {
    let docs = &field.docs;
    let name = format!("{of}.{}", field.wire);
    let texts: Vec<&str> =
        [&docs.text, &docs.format_text].into_iter().flatten().map(String::as_str).collect();
    let text = (!texts.is_empty()).then(|| texts.join(" "));
    items.push(Item { kind, scope: scope.to_owned(), name: name.clone(), text });
    // The values of an enumeration are those of its type.
    let is_enumeration = matches!(innermost(&field.ty), TypeRef::Named(_));
    items.extend(docs.values.iter().filter(|_| !is_enumeration).map(|value| Item {
        kind: ItemKind::Value,
        scope: scope.to_owned(),
        name: format!("{name}={value}"),
        text: docs.value_texts.get(value).cloned(),
    }));
}

fn innermost(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::List(inner)
        | TypeRef::OneOrMany(inner)
        | TypeRef::ScalarOr(_, inner)
        | TypeRef::Map(inner)
        | TypeRef::Nullable(inner) => innermost(inner),
        other => other,
    }
}

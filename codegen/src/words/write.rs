//! The words of all places, written into the items that they are about.

use std::collections::{BTreeMap, HashMap};

use super::book::{MethodWords, TextId, Words};
use super::links::{Features, Links};
use super::lookup::{Found, Lookup};
use super::shared::{choose, choose_of_type};
use super::text::methods as methods_of;
use crate::descriptor::{Api, Descriptor, MethodKey, method_key};
use crate::model::{
    EnumItem, EnumValues, FieldDocs, Method, MethodTexts, Module, ModulePath, RustName, TypeItem,
};

/// The words about an error of which only the status is documented.
const UNNAMED_ERROR: &str = "Another error, without a code of its own. The message says what is wrong.";

/// A type, by the module that declares it and its name there.
pub(super) type TypeId = (ModulePath, RustName);

/// The words of the places where a type is used.
#[derive(Default)]
pub(super) struct TypeUse {
    /// Words about the whole, with the name of the field that is one, folded.
    pub(super) whole: Vec<(String, Found)>,
    pub(super) fields: HashMap<String, FieldUse>,
    /// By value as words are written about it.
    pub(super) values: HashMap<String, Vec<Found>>,
}

/// The words of the places where a field is used.
#[derive(Default)]
pub(super) struct FieldUse {
    pub(super) texts: Vec<Found>,
    pub(super) format: Option<TextId>,
    /// The values in the order of the words about them.
    pub(super) values: BTreeMap<String, Vec<Found>>,
}

/// The values of an enumeration, as words are written about them.
pub(super) fn enum_values(item: &EnumItem) -> Vec<(RustName, String)> {
    match &item.values {
        EnumValues::Texts(values) => values.clone(),
        EnumValues::Integers(values) => {
            values.iter().map(|(name, number)| (name.clone(), number.to_string())).collect()
        }
    }
}

/// Writes the words into the items.
pub(super) struct Writer<'a> {
    pub(super) words: &'a Words,
    pub(super) links: &'a Links,
}

impl Writer<'_> {
    fn markdown(&self, id: TextId, features: &Features) -> String {
        self.links.markdown(self.words.raw(id), features)
    }

    pub(super) fn module(
        &self,
        path: &ModulePath,
        module: &mut Module,
        uses: &HashMap<TypeId, TypeUse>,
        params: &HashMap<(MethodKey, String), FieldUse>,
        descriptors: &HashMap<MethodKey, &Descriptor>,
    ) {
        let of_module = module.features();
        for method in &mut module.methods {
            let features = method.features();
            let key = method_key(method.api, &method.wire);
            if let Some(descriptor) = descriptors.get(&key) {
                let lookup = Lookup::of(self.words, descriptor);
                method.texts = self.method(method, &lookup, &features);
                for variant in &mut method.error.variants {
                    let id = lookup.error(&variant.code, variant.message.as_deref());
                    let is_unnamed = variant.code.is_empty() && variant.message.is_none();
                    variant.text = id
                        .map(|id| self.markdown(id, &features))
                        .or_else(|| is_unnamed.then(|| UNNAMED_ERROR.to_owned()));
                }
            }
            for param in &mut method.request.params {
                if let Some(found) = params.get(&(key.clone(), param.wire.clone())) {
                    self.field(&mut param.docs, found, &features);
                }
            }
            for item in &mut method.types {
                self.item(item, method.api, uses.get(&(path.clone(), item.name().clone())), &features);
            }
        }
        let api = module.methods.first().map_or(Api::V2, |method| method.api);
        for item in &mut module.types {
            self.item(item, api, uses.get(&(path.clone(), item.name().clone())), &of_module);
        }
    }

    pub(super) fn events(&self, path: &ModulePath, module: &mut Module, uses: &HashMap<TypeId, TypeUse>) {
        for event in &mut module.events {
            let features = event.features();
            if let Some(words) = self.words.event(&event.wire) {
                event.text = Some(self.markdown(words.text, &features));
                event.notes = words.notes.iter().map(|id| self.markdown(*id, &features)).collect();
            }
            for item in &mut event.types {
                self.item(item, Api::V2, uses.get(&(path.clone(), item.name().clone())), &features);
            }
        }
    }

    pub(super) fn sent(&self, path: &ModulePath, module: &mut Module, uses: &HashMap<TypeId, TypeUse>) {
        let notes = |words: &MethodWords, features: &Features| {
            words.notes.iter().map(|id| self.markdown(*id, features)).collect()
        };
        for placement in &mut module.placements {
            let features = placement.features();
            if let Some(words) = self.words.placement(&placement.wire) {
                placement.text = Some(self.markdown(words.text, &features));
                placement.notes = notes(words, &features);
            }
            for item in &mut placement.types {
                self.item(item, Api::V2, uses.get(&(path.clone(), item.name().clone())), &features);
            }
        }
        for handler in &mut module.handlers {
            let features = handler.features();
            if let Some(words) = self.words.handler(&handler.wire) {
                handler.text = Some(self.markdown(words.text, &features));
                handler.notes = notes(words, &features);
            }
            for item in &mut handler.types {
                self.item(item, Api::V2, uses.get(&(path.clone(), item.name().clone())), &features);
            }
        }
    }

    fn method(&self, method: &Method, lookup: &Lookup<'_>, features: &Features) -> MethodTexts {
        let mut texts = MethodTexts::default();
        if let Some(words) = lookup.method {
            texts.text = Some(self.markdown(words.text, features));
            texts.returns = words.returns.map(|id| self.markdown(id, features));
            texts.notes = words.notes.iter().map(|id| self.markdown(*id, features)).collect();
        }
        let all: Vec<&String> = texts.text.iter().chain(&texts.notes).collect();
        let replaced = method.deprecated.iter().flatten().filter(|name| !name.contains('*'));
        let links = replaced.map(|name| self.links.method(&method_key(method.api, name), name, features));
        texts.replaced_by =
            links.filter(|link| !all.iter().any(|text| text.contains(link.as_str()))).collect();
        texts
    }

    fn item(&self, item: &mut TypeItem, api: Api, found: Option<&TypeUse>, features: &Features) {
        let none = TypeUse::default();
        let found = found.unwrap_or(&none);
        let whole = choose_of_type(self.words, &found.whole);
        match item {
            TypeItem::Struct(item) => {
                let of_entity = item.entity.as_ref().and_then(|(_, name)| self.words.entity(api, name)?.text);
                item.text = of_entity.or(whole).map(|id| self.markdown(id, features));
                for field in &mut item.fields {
                    if let Some(found) = found.fields.get(&field.wire) {
                        self.field(&mut field.docs, found, features);
                    }
                }
            }
            TypeItem::Enum(item) => {
                item.text = whole.map(|id| self.markdown(id, features));
                let texts = enum_values(item).into_iter().filter_map(|(name, value)| {
                    let id = choose(self.words, found.values.get(&value)?)?;
                    Some((name, self.markdown(id, features)))
                });
                item.value_texts = texts.collect();
            }
        }
    }

    /// What the words about the format add to those about the value: all, if there are no others; nothing, if those link to a
    /// method; else only their links.
    fn format(&self, text: Option<TextId>, format: Option<TextId>, features: &Features) -> Option<String> {
        let format = format?;
        let Some(text) = text else { return Some(self.markdown(format, features)) };
        if !self.words.adds(format, text) {
            return None;
        }
        let links = methods_of(self.words.raw(format))
            .map(|(api, name)| self.links.method(&method_key(api, &name), &name, features));
        let links: Vec<String> = links.collect();
        Some(if links.is_empty() {
            self.markdown(format, features)
        } else {
            format!("See {}.", links.join(" and "))
        })
    }

    fn field(&self, docs: &mut FieldDocs, found: &FieldUse, features: &Features) {
        let text = choose(self.words, &found.texts);
        docs.text = text.map(|id| self.markdown(id, features));
        docs.format_text = self.format(text, found.format, features);
        let mut values: Vec<(&String, TextId)> = found
            .values
            .iter()
            .filter_map(|(value, texts)| Some((value, choose(self.words, texts)?)))
            .collect();
        let listed = |value: &String| docs.values.iter().position(|listed| listed == value);
        values.sort_by_key(|(value, id)| (listed(value).unwrap_or(usize::MAX), *id));
        docs.value_texts =
            values.into_iter().map(|(value, id)| (value.clone(), self.markdown(id, features))).collect();
    }
}

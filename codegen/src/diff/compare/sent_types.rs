//! The names in Rust of what a portal sends: types of payloads, contexts, options and requests, the types inside of them, and variants.
//!
//! They follow from the names of events and from which objects are equal, so that a page about another event may change them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::change::Change;
use crate::diff::register::{SENT_TYPE_RENAMED, SENT_VARIANT_RENAMED};
use crate::model::{Library, Module, ModulePath, Payload, RustName, TypeItem, TypeRef};

/// A place of a type: what is sent, and the path of wire names in it.
type Place = (String, String);

/// What is sent with a type, and the scopes of it.
type Uses = (BTreeSet<String>, BTreeSet<String>);

/// The names of a library.
#[derive(Default)]
struct SentNames {
    /// The path of each type, and the scope of what is sent.
    types: BTreeMap<Place, (String, String)>,
    /// The variants of `Event` and `PlacementCode`.
    variants: BTreeMap<String, (String, String)>,
}

/// The types and variants with another name.
pub(super) fn compare(old: &Library, new: &Library) -> Vec<Change> {
    let (old, new) = (SentNames::of(old), SentNames::of(new));
    // A type that is used in several places is one change.
    let mut renamed: BTreeMap<(&str, &str), Uses> = BTreeMap::new();
    for (place, (after, scope)) in &new.types {
        let Some((before, _)) = old.types.get(place).filter(|(before, _)| before != after) else { continue };
        let (sent, scopes) = renamed.entry((before, after)).or_default();
        sent.insert(place.0.clone());
        scopes.insert(scope.clone());
    }
    let mut changes: Vec<Change> = renamed
        .into_iter()
        .map(|((before, after), (sent, scopes))| Change {
            rule: &SENT_TYPE_RENAMED,
            severity: SENT_TYPE_RENAMED.severity,
            path: after.to_owned(),
            name: String::new(),
            methods: sent.into_iter().collect(),
            scopes: scopes.into_iter().collect(),
            old: Some(before.to_owned()),
            new: Some(after.to_owned()),
        })
        .collect();
    for (sent, (after, scope)) in &new.variants {
        let Some((before, _)) = old.variants.get(sent).filter(|(before, _)| before != after) else {
            continue;
        };
        changes.push(Change {
            rule: &SENT_VARIANT_RENAMED,
            severity: SENT_VARIANT_RENAMED.severity,
            path: after.clone(),
            name: String::new(),
            methods: vec![sent.clone()],
            scopes: vec![scope.clone()],
            old: Some(before.clone()),
            new: Some(after.clone()),
        });
    }
    changes
}

impl SentNames {
    fn of(library: &Library) -> Self {
        let mut names = Self::default();
        for (path, module) in &library.modules {
            for event in &module.events {
                let (sent, scope) = (event.wire.to_ascii_uppercase(), event.first_scope());
                names.types.insert((sent.clone(), String::new()), (at(path, &event.name), scope.clone()));
                names.variants.insert(sent.clone(), (format!("Event::{}", event.variant), scope.clone()));
                let mut walk = Walk { names: &mut names, path, module, sent, scope };
                match &event.payload {
                    Payload::Fields => walk.fields(&event.name, "data", &mut Vec::new()),
                    Payload::Whole { ty, .. } => walk.visit(ty, "data", &mut Vec::new()),
                }
            }
            for placement in &module.placements {
                let (sent, scope) = (placement.wire.clone(), first(&placement.scopes));
                names.types.insert((sent.clone(), String::new()), (at(path, &placement.name), scope.clone()));
                let variant = format!("PlacementCode::{}", placement.variant);
                names.variants.insert(sent.clone(), (variant, scope.clone()));
                let mut walk = Walk { names: &mut names, path, module, sent, scope };
                walk.visit(&placement.context, "receives", &mut Vec::new());
                if let Some(options) = &placement.options {
                    walk.visit(options, "options", &mut Vec::new());
                }
            }
            for handler in &module.handlers {
                let (sent, scope) = (handler.wire.clone(), first(&handler.scopes));
                names.types.insert((sent.clone(), String::new()), (at(path, &handler.name), scope.clone()));
                let mut walk = Walk { names: &mut names, path, module, sent, scope };
                walk.fields(&handler.name, "receives", &mut Vec::new());
                walk.visit(&handler.response, "response", &mut Vec::new());
            }
        }
        names
    }
}

fn at(path: &ModulePath, name: &RustName) -> String {
    format!("{path}::{name}")
}

fn first(scopes: &[String]) -> String {
    scopes.first().map_or("no scope", String::as_str).to_owned()
}

/// Collects the types of one thing that is sent.
struct Walk<'a> {
    names: &'a mut SentNames,
    path: &'a ModulePath,
    module: &'a Module,
    sent: String,
    scope: String,
}

impl Walk<'_> {
    /// A type, and the types inside of it. That of an entity is one of the methods, which are compared by themselves.
    fn visit(&mut self, ty: &TypeRef, place: &str, above: &mut Vec<RustName>) {
        let Some(name) = ty.named().filter(|name| !above.contains(name)) else { return };
        if self.item(name).is_none() {
            return;
        }
        let of_place = (self.sent.clone(), place.to_owned());
        self.names.types.insert(of_place, (at(self.path, name), self.scope.clone()));
        self.fields(name, place, above);
    }

    fn fields(&mut self, name: &RustName, place: &str, above: &mut Vec<RustName>) {
        let Some(TypeItem::Struct(item)) = self.item(name) else { return };
        let fields: Vec<(String, TypeRef)> =
            item.fields.iter().map(|field| (field.wire.to_lowercase(), field.ty.clone())).collect();
        above.push(name.clone());
        for (wire, ty) in fields {
            self.visit(&ty, &format!("{place}/{wire}"), above);
        }
        above.pop();
    }

    fn item(&self, name: &RustName) -> Option<&TypeItem> {
        let Module { events, placements, handlers, types, .. } = self.module;
        let of_events = events.iter().flat_map(|event| &event.types);
        let of_placements = placements.iter().flat_map(|placement| &placement.types);
        let of_handlers = handlers.iter().flat_map(|handler| &handler.types);
        let mut all = types.iter().chain(of_events).chain(of_placements).chain(of_handlers);
        all.find(|item| item.name() == name)
    }
}

//! Events: the module and the name of each, the struct of its payload, and what the payload has methods for.
//!
//! | event | in Rust |
//! |---|---|
//! | `onCrmDealAdd` of the scope `crm` | `events::crm::DealAdd`, `Event::CrmDealAdd` |
//! | `onCrmDynamicItemAdd` with the names `onCrmDynamicItemAdd_{entityTypeId}` | one type for all names |
//! | a payload with known fields | a struct with these fields |
//! | a list, a scalar, no documented payload | a struct with one field: `items` or `value` |
//! | an object that is an entity | the type of the entity, if each build with the event has it |
//! | objects that all events about a thing have: `FIELDS` of adding, changing, deleting | one type: `DealFields` |
//! | other equal objects in several events | one type: see `equal_parts` |

mod accessors;
mod entity_parts;
mod event_names;
mod payload;
mod shared_parts;

use std::collections::BTreeMap;

use super::entity_types::EntityTypes;
use super::frozen::NameBook;
use super::{Lowering, equal_parts, names, replacements};
use crate::descriptor::{Event, Pointer, Spec, SpecFile};
use crate::diagnostic::Diagnostic;
use crate::model::{EVENTS_MODULE, EventItem, Library, Module, ModulePath, RustName, TypeItem};
use event_names::EventNames;

/// Adds the events of a spec to the library, whose methods are lowered.
pub(super) fn lower(
    spec: &Spec,
    book: &NameBook<'_>,
    entities: &EntityTypes<'_>,
    library: &mut Library,
    problems: &mut Vec<Diagnostic>,
) {
    let mut modules: BTreeMap<ModulePath, Module> = BTreeMap::new();
    for file in &spec.events {
        let mut lowering = Lowering { file, names: book, entities, problems: Vec::new() };
        if let Some((path, event)) = lowering.lower_event() {
            modules.entry(path).or_default().events.push(event);
        }
        problems.append(&mut lowering.problems);
    }
    let entity_types = library.entity_types();
    for module in modules.values_mut() {
        entity_parts::reuse(module, &entity_types);
        shared_parts::share(module);
        equal_parts::share(module);
        accessors::add(module);
    }
    for (path, module) in modules {
        report_clashes(spec, &path, &module, problems);
        let known = library.modules.entry(path).or_default();
        known.events = module.events;
        known.types.extend(module.types);
        known.imports.extend(module.imports);
    }
    report_variant_clashes(spec, library, problems);
}

impl Lowering<'_, Event> {
    /// Lowers an event. Returns it with its module; `None` if the name has no form in Rust.
    fn lower_event(&mut self) -> Option<(ModulePath, EventItem)> {
        let event = &self.file.content;
        let named = EventNames::of(event);
        if named.is_none() {
            let message = format!("the event {} has no name in Rust", event.event);
            self.report_value(&Pointer::default().key("event"), message, "words with a letter or a digit");
        }
        let EventNames { module, name, variant } = named?;
        let path = ModulePath(vec![names::function(EVENTS_MODULE)?, module]);
        let (payload, types) = payload::lower(self, &name);
        let event = &self.file.content;
        let item = EventItem {
            wire: event.event.clone(),
            family: event.family().map(|family| family.map(str::to_owned)),
            source: self.file.source.path.clone(),
            page: event.page.clone(),
            summary: event.summary.clone(),
            text: None,
            notes: Vec::new(),
            scopes: event.scope.clone(),
            subscribers: event.subscribers.clone(),
            context: event.context,
            tokens: event.tokens,
            deprecated: replacements(&event.deprecated),
            undocumented: event.undocumented.clone(),
            variant,
            name,
            payload,
            accessors: Vec::new(),
            types,
        };
        Some((path, item))
    }
}

/// Reports events with types of the same name in a module.
fn report_clashes(spec: &Spec, path: &ModulePath, module: &Module, problems: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&RustName, &str> = BTreeMap::new();
    for event in &module.events {
        let parts = event.types.iter().map(TypeItem::name).filter(|name| **name != event.name);
        for name in std::iter::once(&event.name).chain(parts) {
            if let Some(other) = known.insert(name, &event.wire) {
                problems.push(clash(spec, &event.wire, other, &format!("{path}::{name}")));
            }
        }
    }
}

/// Reports events with the same variant.
fn report_variant_clashes(spec: &Spec, library: &Library, problems: &mut Vec<Diagnostic>) {
    let mut known: BTreeMap<&RustName, &EventItem> = BTreeMap::new();
    for (_, _, event) in library.events() {
        if let Some(other) = known.insert(&event.variant, event)
            && other.name != event.name
        {
            problems.push(clash(spec, &event.wire, &other.wire, &format!("Event::{}", event.variant)));
        }
    }
}

fn clash(spec: &Spec, event: &str, other: &str, item: &str) -> Diagnostic {
    let message = format!("the events {other} and {event} would both be `{item}`");
    let diagnostic = Diagnostic::error(message)
        .expecting("names that differ in Rust: change the spelling of an event, or its scope");
    let file: Option<&SpecFile<Event>> = spec.events.iter().find(|file| file.content.event == event);
    file.map_or(diagnostic.clone(), |file| file.at_value(diagnostic, &Pointer::default().key("event")))
}

//! The words about events and their payloads.

use super::book::{MethodWords, Uses, Words, folded};
use super::lookup::Lookup;
use super::places::Places;
use crate::descriptor::{Api, Descriptor, Event, Spec};

/// What an event is about, as the module of the methods that are about the same: `crm.deal` of `onCrmDealAdd`. It is the longest module
/// whose letters the event begins with, or else its scope.
pub(super) struct EventModules(Vec<(String, String)>);

impl EventModules {
    pub(super) fn of(spec: &Spec) -> Self {
        let of = |method: &Descriptor| method.method.rsplit_once('.').map(|(module, _)| module.to_owned());
        let methods = spec.methods.iter().map(|file| &file.content).filter(|method| method.api == Api::V2);
        let mut modules: Vec<(String, String)> =
            methods.filter_map(of).map(|module| (letters(&module), module)).collect();
        modules.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then_with(|| one.1.cmp(&other.1)));
        modules.dedup();
        Self(modules)
    }

    pub(super) fn module<'a>(&'a self, event: &'a Event) -> &'a str {
        let name = letters(&event.event);
        let name = name.strip_prefix("on").unwrap_or(&name);
        let found = self.0.iter().find(|(letters, _)| name.starts_with(letters.as_str()));
        let scope = || event.scope.first().map_or("", String::as_str);
        found.map_or_else(scope, |(_, module)| module.as_str())
    }
}

fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

impl Words {
    /// The words about an event.
    pub(super) fn event(&self, name: &str) -> Option<&MethodWords> {
        self.events.get(&folded(name))
    }

    /// The values of a payload.
    pub(super) fn places_of_event<'s>(&self, event: &'s Event, module: &'s str) -> Places<'s> {
        Places::of_payload(module, &event.data, self)
    }

    /// Records the texts about the events of a spec.
    pub(super) fn use_events(&self, spec: &Spec, uses: &mut Uses) {
        let modules = EventModules::of(spec);
        for event in spec.events.iter().map(|file| &file.content) {
            let module = modules.module(event);
            let places = self.places_of_event(event, module);
            Lookup::of_event(self, &event.event, module).record_values(&places.all, uses);
        }
    }
}

//! Lookup of descriptors and models by method.

use std::collections::{HashMap, HashSet};

use crate::descriptor::{Api, Descriptor, Event, MethodKey, Spec, method_key};
use crate::model::{EventItem, Library, Method, Module};

/// The model of a method, with its module and its library.
pub(super) type MethodModel<'a> = (&'a Library, &'a Module, &'a Method);

/// The model of an event, with its module and its library.
pub(super) type EventModel<'a> = (&'a Library, &'a Module, &'a EventItem);

/// The descriptors and the models of all methods and events, by name and alias.
pub struct SpecIndex<'a> {
    events: Vec<(&'a Event, Option<EventModel<'a>>)>,
    methods: HashMap<MethodKey, (&'a Descriptor, Option<MethodModel<'a>>)>,
    system_codes: HashSet<String>,
}

impl<'a> SpecIndex<'a> {
    /// Indexes a spec and the model lowered from it.
    pub fn new(spec: &'a Spec, library: &'a Library) -> Self {
        let mut models: HashMap<MethodKey, MethodModel<'_>> = HashMap::new();
        for module in library.modules.values() {
            let own = module.methods.iter();
            models
                .extend(own.map(|method| (method_key(method.api, &method.wire), (library, module, method))));
        }
        let mut methods = HashMap::new();
        for file in &spec.methods {
            let descriptor = &file.content;
            let model = models.get(&method_key(descriptor.api, &descriptor.method)).copied();
            for alias in &descriptor.aliases {
                methods.entry(method_key(descriptor.api, alias)).or_insert((descriptor, model));
            }
            methods.insert(method_key(descriptor.api, &descriptor.method), (descriptor, model));
        }
        let system = spec.system.iter().flat_map(|file| &file.content.errors);
        let event = |event: &'a Event| {
            let model = library.events().find(|(_, _, model)| model.wire == event.event);
            (event, model.map(|(_, module, model)| (library, module, model)))
        };
        let events = spec.events.iter().map(|file| event(&file.content)).collect();
        Self { methods, events, system_codes: system.map(|error| error.code.to_lowercase()).collect() }
    }

    /// The descriptor and the model of a method.
    pub(super) fn method(&self, api: Api, name: &str) -> Option<(&'a Descriptor, Option<MethodModel<'a>>)> {
        self.methods.get(&method_key(api, name)).copied()
    }

    /// The descriptor and the model of an event.
    pub(super) fn event(&self, name: &str) -> Option<(&'a Event, Option<EventModel<'a>>)> {
        self.events.iter().find(|(event, _)| event.is_named(name)).copied()
    }

    /// The descriptors, once for every name of the method.
    pub(super) fn descriptors(&self) -> impl Iterator<Item = &'a Descriptor> {
        self.methods.values().map(|(descriptor, _)| *descriptor)
    }

    /// Whether a code is a system error.
    pub(super) fn is_of_system(&self, code: &str) -> bool {
        self.system_codes.contains(&code.to_lowercase())
    }
}

//! The items of a library get their words.

use std::collections::HashMap;

use super::book::{TextId, Words, folded};
use super::events::EventModules;
use super::links::{LinkForm, Links};
use super::lookup::{Found, Level, Lookup, value_text};
use super::modules;
use super::places::{Place, Places, below};
use super::sent::SentWords;
use super::text::methods as methods_of;
use super::write::{FieldUse, TypeId, TypeUse, Writer, enum_values};
use crate::descriptor::{Api, Descriptor, Event, Handler, MethodKey, Placement, Spec, method_key};
use crate::model::{
    Direction, Field, Library, Method, Module, ModulePath, Payload, RustName, TypeItem, TypeRef,
};

impl Words {
    /// Adds the words to the items of a library, which has been lowered from the spec.
    pub fn attach(&self, spec: &Spec, library: &mut Library, form: LinkForm) {
        let links = Links::of(spec, library, form);
        let descriptors: HashMap<MethodKey, &Descriptor> = spec
            .methods
            .iter()
            .map(|file| (method_key(file.content.api, &file.content.method), &file.content))
            .collect();
        let (events, sent) = (SpecEvents::of(spec), SpecSent::of(spec));
        let mut walk = Walk { words: self, library, uses: HashMap::new(), params: HashMap::new() };
        for (path, module) in &library.modules {
            walk.module(path, module, &descriptors);
            walk.events(path, module, &events);
            walk.sent(path, module, &sent);
        }
        let Walk { uses, params, .. } = walk;
        let writer = Writer { words: self, links: &links };
        let module_texts = modules::texts(self, &links, library);
        for (path, module) in &mut library.modules {
            writer.module(path, module, &uses, &params, &descriptors);
            writer.events(path, module, &uses);
            writer.sent(path, module, &uses);
        }
        library.module_texts = module_texts;
        self.attach_to_system(spec, library);
    }
}

impl Words {
    /// Whether the words about a format say more than those about a value: these do not link to a method.
    pub(super) fn adds(&self, format: TextId, text: TextId) -> bool {
        format != text && methods_of(self.raw(text)).next().is_none()
    }

    /// Adds the words about system errors. They are in a crate that has no methods to link to.
    fn attach_to_system(&self, spec: &Spec, library: &mut Library) {
        let (links, lookup) = (Links::of(spec, library, LinkForm::WireName), Lookup::of_system(self));
        for error in &mut library.system.errors {
            error.text = lookup.error(&error.code, None).map(|id| links.markdown(self.raw(id), &None));
        }
    }
}

/// Collects the words of all places.
struct Walk<'a> {
    words: &'a Words,
    library: &'a Library,
    uses: HashMap<TypeId, TypeUse>,
    /// The words of parameters, by method and wire name.
    params: HashMap<(MethodKey, String), FieldUse>,
}

/// The events of a spec.
struct SpecEvents<'s> {
    by_name: HashMap<&'s str, &'s Event>,
    modules: EventModules,
}

impl<'s> SpecEvents<'s> {
    fn of(spec: &'s Spec) -> Self {
        let events = spec.events.iter().map(|file| &file.content);
        Self {
            by_name: events.map(|event| (event.event.as_str(), event)).collect(),
            modules: EventModules::of(spec),
        }
    }
}

/// The placements and handlers of a spec.
struct SpecSent<'s> {
    placements: HashMap<&'s str, &'s Placement>,
    handlers: HashMap<&'s str, &'s Handler>,
}

impl<'s> SpecSent<'s> {
    fn of(spec: &'s Spec) -> Self {
        let placements = spec.placements.iter().map(|file| &file.content);
        let handlers = spec.handlers.iter().map(|file| &file.content);
        Self {
            placements: placements.map(|placement| (placement.placement.as_str(), placement)).collect(),
            handlers: handlers.map(|handler| (handler.handler.as_str(), handler)).collect(),
        }
    }
}

/// Where a value is.
#[derive(Clone, Copy)]
struct At<'a> {
    module: (&'a ModulePath, &'a Module),
    method: Option<&'a Method>,
    lookup: &'a Lookup<'a>,
    places: &'a Places<'a>,
    direction: Direction,
    /// The entity of values that no schema has: those of a kind.
    entity: Option<&'a str>,
}

impl<'a> Walk<'a> {
    fn module(
        &mut self,
        path: &'a ModulePath,
        module: &'a Module,
        descriptors: &HashMap<MethodKey, &'a Descriptor>,
    ) {
        for method in &module.methods {
            let key = method_key(method.api, &method.wire);
            let Some(descriptor) = descriptors.get(&key) else { continue };
            let (lookup, places) = (Lookup::of(self.words, descriptor), Places::of(descriptor, self.words));
            let mut at = At {
                module: (path, module),
                method: Some(method),
                lookup: &lookup,
                places: &places,
                direction: Direction::Request,
                entity: None,
            };
            for param in &method.request.params {
                let mut of_param = FieldUse::default();
                self.field(&at, param, "", &mut of_param, &mut Vec::new());
                self.params.insert((key.clone(), param.wire.clone()), of_param);
            }
            at.direction = Direction::Response;
            let whole = lookup.method.and_then(|method| method.returns).map(|id| (Level::Method, id));
            self.visit(&at, &method.output, "", whole, &mut Vec::new());
            self.kinds(&at, module, descriptor);
        }
    }

    /// The payloads of events.
    fn events(&mut self, path: &'a ModulePath, module: &'a Module, events: &SpecEvents<'_>) {
        for event in &module.events {
            let Some(descriptor) = events.by_name.get(event.wire.as_str()) else { continue };
            let about = events.modules.module(descriptor);
            let lookup = Lookup::of_event(self.words, &event.wire, about);
            let places = self.words.places_of_event(descriptor, about);
            let at = At {
                module: (path, module),
                method: None,
                lookup: &lookup,
                places: &places,
                direction: Direction::Response,
                entity: None,
            };
            let ty = match &event.payload {
                Payload::Fields => &TypeRef::Named(event.name.clone()),
                Payload::Whole { ty, .. } => ty,
            };
            self.visit(&at, ty, "", None, &mut Vec::new());
        }
    }

    /// What programs send and receive of placements and handlers.
    fn sent(&mut self, path: &'a ModulePath, module: &'a Module, sent: &SpecSent<'_>) {
        for placement in &module.placements {
            let Some(descriptor) = sent.placements.get(placement.wire.as_str()) else { continue };
            let words = self.words.of_placement(descriptor);
            let options = placement.options.as_ref();
            self.of_sent((path, module), &words, options, &placement.context);
        }
        for handler in &module.handlers {
            let Some(descriptor) = sent.handlers.get(handler.wire.as_str()) else { continue };
            let words = self.words.of_handler(descriptor);
            let request = TypeRef::Named(handler.name.clone());
            self.of_sent((path, module), &words, Some(&handler.response), &request);
        }
    }

    fn of_sent(
        &mut self,
        module: (&'a ModulePath, &'a Module),
        words: &SentWords<'_>,
        sent: Option<&TypeRef>,
        received: &TypeRef,
    ) {
        let (lookup, places) = (&words.lookup, &words.places);
        let direction = Direction::Request;
        let mut at = At { module, method: None, lookup, places, direction, entity: None };
        if let Some(sent) = sent {
            self.visit(&at, sent, "", None, &mut Vec::new());
        }
        at.direction = Direction::Response;
        self.visit(&at, received, "", None, &mut Vec::new());
    }

    /// The types of the kinds of an entity, which belong to no method.
    fn kinds(&mut self, at: &At<'_>, module: &Module, descriptor: &Descriptor) {
        let entity = descriptor.method.rsplit_once('.').map(|(entity, _)| entity);
        let nothing = Places::empty();
        for kind in module.kinds.iter().flat_map(|kinds| &kinds.of) {
            let at = At { places: &nothing, entity, ..*at };
            self.visit(&at, &TypeRef::Named(kind.name.clone()), "", None, &mut Vec::new());
            if let Some(fields) = &kind.fields {
                let at = At { direction: Direction::Request, ..at };
                self.visit(&at, &TypeRef::Named(fields.clone()), "", None, &mut Vec::new());
            }
        }
    }

    /// Collects the words of a field, and of everything inside of it.
    fn field(
        &mut self,
        at: &At<'_>,
        field: &Field,
        path: &str,
        into: &mut FieldUse,
        open: &mut Vec<RustName>,
    ) {
        let path = below(path, &field.wire);
        let unknown = || Place {
            direction: at.direction,
            path: path.clone(),
            name: &field.wire,
            // An object inside of a row is not the row.
            entity: at.entity.filter(|_| !path.contains('/')).map(str::to_owned),
            schemas: Vec::new(),
        };
        let made;
        let place = match at.places.at(at.direction, &path) {
            Some(place) => place,
            None => {
                made = unknown();
                &made
            }
        };
        let text = at.lookup.field(place);
        into.texts.extend(text);
        into.format = into.format.or_else(|| at.lookup.format(place));
        for value in &field.docs.values {
            let plain =
                serde_json::from_str(value).map_or_else(|_| value.clone(), |value| value_text(&value));
            let found = at.lookup.value(place, &plain);
            into.values.entry(value.clone()).or_default().extend(found);
        }
        if field.docs.values.is_empty() && field.ty.named().is_none() {
            for (value, id) in at.lookup.unlisted_values(place) {
                into.values.entry(value.to_owned()).or_default().push((Level::Method, id));
            }
        }
        let whole = text.map(|text| (folded(&field.wire), text));
        self.visit_at(at, &field.ty, &path, whole, Some(place), open);
    }

    fn visit(
        &mut self,
        at: &At<'_>,
        ty: &TypeRef,
        path: &str,
        whole: Option<Found>,
        open: &mut Vec<RustName>,
    ) {
        let whole = whole.map(|text| (String::new(), text));
        self.visit_at(at, ty, path, whole, None, open);
    }

    /// Collects the words of the type at a path. `open` has the types that contain it.
    fn visit_at(
        &mut self,
        at: &At<'_>,
        ty: &TypeRef,
        path: &str,
        whole: Option<(String, Found)>,
        place: Option<&Place<'_>>,
        open: &mut Vec<RustName>,
    ) {
        let Some(name) = ty.named().filter(|name| !open.contains(name)) else { return };
        let Some((id, item)) = self.find(at, name) else { return };
        let mut of_type = self.uses.remove(&id).unwrap_or_default();
        of_type.whole.extend(whole);
        match item {
            TypeItem::Struct(item) => {
                open.push(name.clone());
                for field in &item.fields {
                    let mut of_field = of_type.fields.remove(&field.wire).unwrap_or_default();
                    self.field(at, field, path, &mut of_field, open);
                    of_type.fields.insert(field.wire.clone(), of_field);
                }
                open.pop();
            }
            TypeItem::Enum(item) => {
                for (_, value) in enum_values(item) {
                    let found = place.and_then(|place| at.lookup.value(place, &value));
                    of_type.values.entry(value).or_default().extend(found);
                }
            }
        }
        self.uses.insert(id, of_type);
    }

    /// The declaration of a type that is used in a method.
    fn find(&self, at: &At<'_>, name: &RustName) -> Option<(TypeId, &'a TypeItem)> {
        let (path, _) = at.module;
        let module = self.library.modules.get(path)?;
        let of_method = at.method.and_then(|method| {
            let wire = &method.wire;
            module
                .methods
                .iter()
                .find(|method| method.wire == *wire && method.api == at.method.map_or(Api::V2, |m| m.api))
        });
        let own = of_method.into_iter().flat_map(|method| &method.types).chain(&module.types);
        let of_events = module.events.iter().flat_map(|event| &event.types);
        let of_placements = module.placements.iter().flat_map(|placement| &placement.types);
        let of_handlers = module.handlers.iter().flat_map(|handler| &handler.types);
        let of_methods = module.methods.iter().flat_map(|method| &method.types);
        let others = of_methods.chain(of_events).chain(of_placements).chain(of_handlers);
        if let Some(item) = own.chain(others).find(|item| item.name() == name) {
            return Some(((path.clone(), name.clone()), item));
        }
        let import = module.imports.iter().find(|import| import.name == *name)?;
        let declaring = self.library.modules.get(&import.module)?;
        let items = declaring.types.iter().chain(declaring.methods.iter().flat_map(|method| &method.types));
        let item = items.into_iter().find(|item| item.name() == name)?;
        Some(((import.module.clone(), name.clone()), item))
    }
}

//! Every value of a request and a result: its path, its name, its schema, and the entity that it belongs to.

use std::collections::HashMap;

use super::book::{Words, folded};
use crate::descriptor::{AdditionalProperties, Api, Descriptor, Schema, method_key};
use crate::model::Direction;

/// The objects in requests and results that have the fields of the entity of their module, by name.
const CONTAINERS: &[&str] = &[
    "data",
    "element",
    "elements",
    "fields",
    "fieldsafter",
    "fieldsbefore",
    "filter",
    "item",
    "items",
    "list",
    "rows",
];

/// The parameters of lists, which are no fields of an entity.
const CONTROLS: &[&str] =
    &["count", "filter", "limit", "offset", "order", "page", "pagination", "select", "sort", "start"];

/// How the last words of methods begin that describe the fields of an entity.
const DESCRIPTIONS: &[&str] = &["fields", "getfields"];

/// How deep schemas are read. Entities do not contain themselves; shared schemas may.
const DEPTH: usize = 12;

/// A value.
#[derive(Debug)]
pub(super) struct Place<'s> {
    pub(super) direction: Direction,
    /// The names that lead to it, without case and `_`. Items of a list have the path of the list.
    pub(super) path: String,
    pub(super) name: &'s str,
    /// The entity whose field it is.
    pub(super) entity: Option<String>,
    /// Its schemas: the alternatives of a request may each have one.
    pub(super) schemas: Vec<&'s Schema>,
}

/// The values of a method.
pub(super) struct Places<'s> {
    pub(super) all: Vec<Place<'s>>,
    by_path: HashMap<(Direction, String), usize>,
    /// The first paths of shared schemas, by name.
    shared: HashMap<(Direction, String), String>,
}

/// What contains the values of an object.
#[derive(Clone, Debug)]
enum Container<'s> {
    /// An entity that the schema names.
    Entity(&'s str),
    /// An object with the fields of the entity of the module, as far as it says nothing else.
    Main,
    /// Any other object.
    Other,
}

impl<'s> Places<'s> {
    /// The values of a method, in the order of its descriptor.
    pub(super) fn of(descriptor: &'s Descriptor, words: &Words) -> Self {
        let (module, word) = descriptor.method.rsplit_once('.').unwrap_or_default();
        // A description of the fields has a title and a type as the entity may have, and means those of a field.
        let describes_fields = DESCRIPTIONS.iter().any(|start| folded(word).starts_with(start));
        let result = if describes_fields { Container::Other } else { Container::Main };
        Self::visited((descriptor.api, module), (&descriptor.params, &descriptor.returns), &result, words)
    }

    /// The values of a request and a result of a module, by its interface and its wire name.
    pub(super) fn of_schemas(
        module: (Api, &'s str),
        params: &'s Schema,
        returns: &'s Schema,
        words: &Words,
    ) -> Self {
        Self::visited(module, (params, returns), &Container::Main, words)
    }

    fn visited(
        (api, module): (Api, &'s str),
        (params, returns): (&'s Schema, &'s Schema),
        result: &Container<'s>,
        words: &Words,
    ) -> Self {
        let (direction, places) = (Direction::Request, Self::empty());
        let mut walk = Walk { api, module, words, root: params, direction, places };
        walk.visit(params, "", &Container::Main, 0);
        walk.root = returns;
        walk.direction = Direction::Response;
        walk.visit(returns, "", result, 0);
        walk.places
    }

    /// The values of the payload of an event that is about the entity of a module.
    pub(super) fn of_payload(module: &'s str, data: &'s Schema, words: &Words) -> Self {
        let direction = Direction::Response;
        let mut walk = Walk { api: Api::V2, module, words, root: data, direction, places: Self::empty() };
        walk.visit(data, "", &Container::Main, 0);
        walk.places
    }

    /// The values that a program sends and receives of a placement or a handler. They are fields of no entity.
    pub(super) fn of_sent(sent: &'s Schema, received: &'s Schema, words: &Words) -> Self {
        let (api, module, places) = (Api::V2, "", Self::empty());
        let mut walk = Walk { api, module, words, root: sent, direction: Direction::Request, places };
        walk.visit(sent, "", &Container::Other, 0);
        walk.root = received;
        walk.direction = Direction::Response;
        walk.visit(received, "", &Container::Other, 0);
        walk.places
    }

    /// The first path of a shared schema.
    pub(super) fn shared_at(&self, direction: Direction, name: &str) -> &str {
        self.shared.get(&(direction, name.to_owned())).map_or("", String::as_str)
    }

    /// No values.
    pub(super) fn empty() -> Self {
        Self { all: Vec::new(), by_path: HashMap::new(), shared: HashMap::new() }
    }

    /// The value at a path.
    pub(super) fn at(&self, direction: Direction, path: &str) -> Option<&Place<'s>> {
        let index = self.by_path.get(&(direction, path.to_owned()))?;
        self.all.get(*index)
    }
}

/// A path with a further name.
pub(super) fn below(path: &str, name: &str) -> String {
    if path.is_empty() { folded(name) } else { format!("{path}/{}", folded(name)) }
}

struct Walk<'s, 'w> {
    api: Api,
    /// The wire name of the method without its last word.
    module: &'s str,
    words: &'w Words,
    root: &'s Schema,
    direction: Direction,
    places: Places<'s>,
}

impl<'s> Walk<'s, '_> {
    /// Visits a value with all values inside of it.
    fn visit(&mut self, schema: &'s Schema, path: &str, container: &Container<'s>, depth: usize) {
        if depth > DEPTH {
            return;
        }
        if let Some(name) = schema.reference.as_deref().and_then(|name| name.strip_prefix("#/$defs/")) {
            if let Some(shared) = self.root.defs.get(name) {
                let key = (self.direction, name.to_owned());
                self.places.shared.entry(key).or_insert_with(|| path.to_owned());
                self.visit(shared, path, container, depth + 1);
            }
            return;
        }
        let container = schema.entity.as_deref().map_or_else(|| container.clone(), Container::Entity);
        for (name, property) in &schema.properties {
            let at = below(path, name);
            self.add(name, at.clone(), &container, property, path.is_empty());
            let inside =
                if self.is_main(name, &container, path) { Container::Main } else { Container::Other };
            self.visit(property, &at, &inside, depth + 1);
        }
        let values = match &schema.additional {
            Some(AdditionalProperties::Of(values)) => Some(values.as_ref()),
            _ => None,
        };
        let parts =
            schema.items.as_deref().into_iter().chain(values).chain(&schema.any_of).chain(&schema.one_of);
        for part in parts {
            self.visit(part, path, &container, depth + 1);
        }
    }

    fn add(
        &mut self,
        name: &'s str,
        path: String,
        container: &Container<'s>,
        schema: &'s Schema,
        is_top: bool,
    ) {
        let key = (self.direction, path.clone());
        if let Some(known) = self.places.by_path.get(&key).and_then(|index| self.places.all.get_mut(*index)) {
            known.schemas.push(schema);
            return;
        }
        let is_control =
            is_top && self.direction == Direction::Request && CONTROLS.contains(&folded(name).as_str());
        let entity = if is_control { None } else { self.entity(container) };
        self.places.by_path.insert(key, self.places.all.len());
        let place = Place { direction: self.direction, path, name, entity, schemas: vec![schema] };
        self.places.all.push(place);
    }

    /// The entity whose fields an object has.
    fn entity(&self, container: &Container<'_>) -> Option<String> {
        let of_module = || self.words.entity(self.api, self.module).map(|_| self.module.to_owned());
        match container {
            Container::Entity(name) if self.words.entity(self.api, name).is_some() => {
                Some((*name).to_owned())
            }
            Container::Entity(name) => {
                (method_key(self.api, name) == method_key(self.api, self.module)).then(of_module)?
            }
            Container::Main => of_module(),
            Container::Other => None,
        }
    }

    /// Whether an object of this name has the fields of the entity of the module.
    fn is_main(&self, name: &str, container: &Container<'_>, path: &str) -> bool {
        let word = self.module.rsplit('.').next().unwrap_or_default();
        let name = folded(name);
        let is_named_after_module = |word: &str| {
            let word = folded(word);
            !word.is_empty() && (name == word || name.strip_prefix(&word) == Some("s"))
        };
        let noun = self.words.entity(self.api, self.module).and_then(|entity| entity.noun.as_ref());
        let is_noun = noun.is_some_and(|(one, several)| name == folded(one) || name == folded(several));
        path.is_empty()
            && matches!(container, Container::Main)
            && (CONTAINERS.contains(&name.as_str()) || is_named_after_module(word) || is_noun)
    }
}

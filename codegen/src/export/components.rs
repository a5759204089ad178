//! The shared schemas of one document. A schema is added when something refers to it, and written once.

use std::collections::BTreeMap;
use std::fmt::Write;

use indexmap::IndexMap;
use serde_json::Value;

use super::dialect::Dialect;
use super::options::Values;
use super::wire::{WireForm, wire_name};
use crate::descriptor::{Api, Entities, Entity, Kind, Schema};

/// What all parts of a document have in common.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) dialect: Dialect,
    pub(super) values: Values,
    pub(super) entities: &'a Entities,
    /// The schema of the timing of a call.
    pub(super) time: Option<&'a Schema>,
}

/// A shared schema.
#[derive(Clone, Debug)]
pub(super) enum Component<'a> {
    /// A form of a single value.
    Wire(WireForm),
    /// An entity.
    Entity(&'a Entity),
    /// A kind of an entity.
    Kind(&'a Entity, &'a str, &'a Kind),
    /// A schema that several places of one request or result share.
    Shared(Owner<'a>, &'a str),
    /// The timing of a call.
    Time,
    /// The body of a response with an error.
    Error(Api),
    /// The error of REST 3 in such a body.
    ErrorDetails,
}

/// The request or the result that a schema is part of.
#[derive(Clone, Debug)]
pub(super) struct Owner<'a> {
    /// The name of the operation.
    pub(super) operation: String,
    pub(super) api: Api,
    pub(super) direction: Direction,
    /// The schemas to which `$ref` leads.
    pub(super) shared: &'a IndexMap<String, Schema>,
}

/// Who sends a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// The caller.
    Sent,
    /// The portal.
    Received,
}

impl Component<'_> {
    /// The name, unique in its document. Names of methods and entities are words with dots between them, so that a hyphen separates
    /// what is added to them.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Wire(form) => wire_name(*form),
            Self::Entity(entity) => with_api(entity.api, &entity.entity),
            Self::Kind(entity, kind, _) => {
                format!("{}-{}", with_api(entity.api, &entity.entity), escaped(kind))
            }
            Self::Shared(owner, name) => {
                let direction = if owner.direction == Direction::Sent { "params" } else { "result" };
                format!("{}-{direction}-{}", owner.operation, escaped(name))
            }
            Self::Time => "system-time".to_owned(),
            Self::Error(Api::V2) => "system-error".to_owned(),
            Self::Error(Api::V3) => "system-error-v3".to_owned(),
            Self::ErrorDetails => "system-error-details".to_owned(),
        }
    }
}

/// A name that is unique in both interfaces.
pub(super) fn with_api(api: Api, name: &str) -> String {
    match api {
        Api::V2 => name.to_owned(),
        Api::V3 => format!("v3-{name}"),
    }
}

/// A name as a part of another name: letters, digits and underscores; other characters as their numbers between dots.
fn escaped(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, c| {
        if c.is_ascii_alphanumeric() || c == '_' {
            text.push(c);
        } else {
            // Writing to a string does not fail.
            _ = write!(text, ".{:x}.", u32::from(c));
        }
        text
    })
}

/// The shared schemas of a document.
#[derive(Debug)]
pub(super) struct Components<'a> {
    dialect: Dialect,
    /// The schemas by name. `None`: not written yet.
    written: BTreeMap<String, Option<Value>>,
    pending: Vec<(String, Component<'a>)>,
}

impl<'a> Components<'a> {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, written: BTreeMap::new(), pending: Vec::new() }
    }

    /// The reference to a shared schema, which becomes part of the document.
    pub(super) fn refer(&mut self, component: Component<'a>) -> Value {
        let name = component.name();
        let reference = self.dialect.reference(&name);
        if !self.written.contains_key(&name) {
            self.written.insert(name.clone(), None);
            self.pending.push((name, component));
        }
        reference
    }

    /// The next schema that something refers to and that is not written yet.
    pub(super) fn next_pending(&mut self) -> Option<(String, Component<'a>)> {
        self.pending.pop()
    }

    /// Writes a schema.
    pub(super) fn write(&mut self, name: String, schema: Value) {
        self.written.insert(name, Some(schema));
    }

    /// All schemas, by name.
    pub(super) fn into_schemas(self) -> impl Iterator<Item = (String, Value)> {
        self.written.into_iter().filter_map(|(name, schema)| schema.map(|schema| (name, schema)))
    }
}

/// A place in a document where schemas are written.
pub(super) struct Place<'a, 'c> {
    pub(super) context: &'c Context<'a>,
    pub(super) components: &'c mut Components<'a>,
    pub(super) owner: Owner<'a>,
}

impl<'a> Place<'a, '_> {
    /// The schema to which a chain of references leads. `None`: it leads nowhere, or back to itself.
    fn resolved(&self, reference: &'a str) -> Option<&'a str> {
        let mut name = reference.strip_prefix("#/$defs/")?;
        for _ in 0..=self.owner.shared.len() {
            match &self.owner.shared.get(name)?.reference {
                None => return Some(name),
                Some(next) => name = next.strip_prefix("#/$defs/")?,
            }
        }
        None
    }

    /// The reference to a shared schema of the same request or result. One that leads nowhere accepts any value.
    pub(super) fn refer_to_shared(&mut self, reference: &'a str) -> Option<Value> {
        let name = self.resolved(reference)?;
        Some(self.components.refer(Component::Shared(self.owner.clone(), name)))
    }

    /// The reference to the entity that an object is, if the object is the entity without any difference.
    pub(super) fn refer_to_entity(&mut self, schema: &Schema) -> Option<Value> {
        let entity = self.context.entities.get(self.owner.api, schema.entity.as_deref()?)?;
        let is_whole =
            schema.properties == entity.fields && schema.required.is_empty() && schema.any_of.is_empty();
        is_whole.then(|| self.components.refer(Component::Entity(entity)))
    }

    /// The reference to a form of a single value.
    pub(super) fn refer_to_wire(&mut self, form: WireForm) -> Value {
        self.components.refer(Component::Wire(form))
    }
}

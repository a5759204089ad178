//! JSON Schema 2020-12: a document for each entity, kind, request and result, and for what a portal sends.

use serde_json::{Map, Value, json};

use super::components::{Component, Components, Context, with_api};
use super::definitions::{definitions, entity, kind};
use super::dialect::Dialect;
use super::extensions::operation_id;
use super::from_portal::{self, FromPortal};
use super::operation::{request, result_schema};
use super::options::{JsonSchemaOptions, has_scope};
use crate::descriptor::{Descriptor, Entities, Entity, Kind, Spec};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A document that needs no other one.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaDocument {
    /// The path below the folder of all documents: `entities/crm.deal.json`.
    pub path: String,
    /// The document.
    pub schema: Value,
}

/// What a document is about.
enum Subject<'a> {
    Entity(&'a Entity),
    Kind(&'a Entity, &'a str, &'a Kind),
    Request(&'a Descriptor),
    Result(&'a Descriptor),
    FromPortal(FromPortal<'a>),
}

impl Subject<'_> {
    /// The path without an extension.
    fn path(&self) -> String {
        match self {
            Self::Entity(entity) => format!("entities/{}", with_api(entity.api, &entity.entity)),
            Self::Kind(entity, name, kind) => {
                format!("entities/{}", Component::Kind(entity, name, kind).name())
            }
            Self::Request(method) => format!("requests/{}", operation_id(method)),
            Self::Result(method) => format!("results/{}", operation_id(method)),
            Self::FromPortal(sent) => sent.path(),
        }
    }
}

/// One document for each entity, kind, request and result, each payload of an event, each context and options of a placement, and
/// each request to a handler and its response. Each contains all schemas to which it refers.
pub fn json_schema(spec: &Spec, options: &JsonSchemaOptions) -> Vec<SchemaDocument> {
    let entities = spec.entities();
    let context = context(&entities, options);
    let document = |subject: &Subject<'_>| {
        let path = subject.path();
        let mut components = Components::new(Dialect::JsonSchema);
        let own = schema(&context, &mut components, subject);
        let mut document = Map::from_iter([
            ("$schema".to_owned(), json!(DRAFT)),
            ("$id".to_owned(), json!(id(&path, options))),
        ]);
        document.extend(own.as_object().cloned().unwrap_or_default());
        let shared = definitions(&context, components);
        if !shared.is_empty() {
            document.insert("$defs".to_owned(), Value::Object(shared));
        }
        SchemaDocument { path: format!("{path}.json"), schema: Value::Object(document) }
    };
    subjects(spec, &entities, options).iter().map(document).collect()
}

/// All schemas in one document, below `$defs` by the names of their documents without a folder; requests and results with it.
pub fn json_schema_bundle(spec: &Spec, options: &JsonSchemaOptions) -> Value {
    let entities = spec.entities();
    let context = context(&entities, options);
    let mut components = Components::new(Dialect::JsonSchema);
    let mut own = Map::new();
    for subject in subjects(spec, &entities, options) {
        match subject {
            Subject::Entity(entity) => _ = components.refer(Component::Entity(entity)),
            Subject::Kind(entity, name, kind) => _ = components.refer(Component::Kind(entity, name, kind)),
            Subject::Request(_) | Subject::Result(_) | Subject::FromPortal(_) => {
                let name = subject.path().replace('/', "-");
                own.insert(name, schema(&context, &mut components, &subject));
            }
        }
    }
    let mut shared = definitions(&context, components);
    shared.extend(own);
    json!({"$schema": DRAFT, "$id": id("bundle", options), "$defs": shared})
}

fn context<'a>(entities: &'a Entities, options: &JsonSchemaOptions) -> Context<'a> {
    Context { dialect: Dialect::JsonSchema, values: options.values, entities, time: None }
}

/// The wanted documents: those of methods, and the entities. If only some scopes are wanted, the entities of these methods.
fn subjects<'a>(spec: &'a Spec, entities: &'a Entities, options: &JsonSchemaOptions) -> Vec<Subject<'a>> {
    let methods: Vec<&Descriptor> = spec
        .methods
        .iter()
        .map(|file| &file.content)
        .filter(|method| has_scope(&method.scope, &options.scopes))
        .collect();
    let is_wanted = |entity: &&Entity| {
        options.scopes.is_empty()
            || methods.iter().any(|method| method.api == entity.api && refers_to(method, &entity.entity))
    };
    let mut subjects = Vec::new();
    for entity in entities.iter().filter(is_wanted) {
        subjects.push(Subject::Entity(entity));
        let kinds = entity.kinds.iter().flat_map(|kinds| &kinds.of);
        subjects.extend(kinds.map(|(name, kind)| Subject::Kind(entity, name, kind)));
    }
    for method in methods {
        subjects.extend([Subject::Request(method), Subject::Result(method)]);
    }
    subjects.extend(from_portal::all(spec, &options.scopes).into_iter().map(Subject::FromPortal));
    subjects
}

/// Whether a method returns or accepts an entity.
fn refers_to(method: &Descriptor, entity: &str) -> bool {
    let mut found = false;
    for schema in [&method.params, &method.returns] {
        schema.visit(&mut |part| found |= part.entity.as_deref() == Some(entity));
    }
    found
}

fn schema<'a>(context: &Context<'a>, components: &mut Components<'a>, subject: &Subject<'a>) -> Value {
    match subject {
        Subject::Entity(of) => entity(context, components, of),
        Subject::Kind(of, name, one) => kind(context, components, of, name, one),
        Subject::Request(method) => request(context, components, method),
        Subject::Result(method) => result_schema(context, components, method),
        Subject::FromPortal(sent) => sent.schema(context, components),
    }
}

fn id(path: &str, options: &JsonSchemaOptions) -> String {
    match &options.base_url {
        Some(url) => format!("{}/{path}.json", url.trim_end_matches('/')),
        None => format!("urn:bitrix24:schema:{}", path.replace('/', ":")),
    }
}

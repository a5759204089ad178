//! The OpenAPI document.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::components::{Component, Components, Context};
use super::definitions::definitions;
use super::dialect::Dialect;
use super::errors::SystemErrors;
use super::extensions::{CREDENTIALS, LIMITS};
use super::from_portal::webhooks;
use super::operation::{is_allowed, operation, path, tag};
use super::options::{Credentials, OpenApiOptions, OpenApiVersion, has_scope};
use crate::descriptor::{Descriptor, Spec, SystemDescriptor};

/// A portal that stands for any other.
const PORTAL: &str = "example.bitrix24.com";

/// The OpenAPI document of a spec.
pub fn openapi(spec: &Spec, options: &OpenApiOptions) -> Value {
    let none = SystemDescriptor::default();
    let system = spec.system.as_ref().map_or(&none, |file| &file.content);
    let entities = spec.entities();
    let dialect = match options.version {
        OpenApiVersion::V3_1 => Dialect::OpenApi31,
        OpenApiVersion::V3_0 => Dialect::OpenApi30,
    };
    let context = Context { dialect, values: options.values, entities: &entities, time: Some(&system.time) };
    let methods: Vec<&Descriptor> = spec
        .methods
        .iter()
        .map(|file| &file.content)
        .filter(|method| has_scope(&method.scope, &options.scopes))
        .filter(|method| is_allowed(method, options.credentials))
        .collect();

    let mut components = Components::new(dialect);
    if options.scopes.is_empty() {
        for entity in entities.iter() {
            components.refer(Component::Entity(entity));
        }
    }
    let mut errors = SystemErrors::new(&system.errors);
    let mut paths = Map::new();
    for method in &methods {
        let operation = operation(&context, &mut components, &mut errors, method, options.credentials);
        paths.insert(path(method, options.credentials), item(operation, options.credentials));
    }
    let webhooks = match options.version {
        OpenApiVersion::V3_1 => webhooks(&context, &mut components, spec, &options.scopes),
        // The version has no `webhooks`.
        OpenApiVersion::V3_0 => Map::new(),
    };
    let responses = errors.shared_responses(&mut components);
    let schemas = definitions(&context, components);
    let scopes: BTreeSet<&String> = methods.iter().flat_map(|method| &method.scope).collect();

    let mut document = head(options);
    document["tags"] = tags(spec, &methods);
    document["paths"] = Value::Object(paths);
    if !webhooks.is_empty() {
        document["webhooks"] = Value::Object(webhooks);
    }
    document["components"] = json!({"schemas": schemas, "responses": responses});
    match options.credentials {
        Credentials::Application => document["components"]["securitySchemes"] = security_schemes(&scopes),
        Credentials::Webhook => document["components"]["parameters"] = webhook_parameters(),
    }
    document[CREDENTIALS] = json!(match options.credentials {
        Credentials::Application => "application",
        Credentials::Webhook => "webhook",
    });
    document[LIMITS] = json!(system.limits);
    document
}

fn head(options: &OpenApiOptions) -> Value {
    let (version, license) = match options.version {
        OpenApiVersion::V3_1 => {
            ("3.1.1", json!({"name": "MIT or Apache 2.0", "identifier": "MIT OR Apache-2.0"}))
        }
        OpenApiVersion::V3_0 => (
            "3.0.4",
            json!({"name": "MIT OR Apache-2.0", "url": "https://spdx.org/licenses/Apache-2.0.html"}),
        ),
    };
    json!({
        "openapi": version,
        "info": {
            "title": "Bitrix24 REST API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The documented methods of REST 2 (`/rest/`) and REST 3 (`/rest/api/`) of a Bitrix24 portal.",
            "license": license,
        },
        "servers": [{
            "url": "https://{portal}",
            "description": "A portal",
            "variables": {"portal": {"default": PORTAL, "description": "The host of the portal"}},
        }],
    })
}

/// The tags in use, sorted.
fn tags(spec: &Spec, methods: &[&Descriptor]) -> Value {
    let names: BTreeSet<&str> = methods.iter().map(|method| tag(method)).collect();
    let tag = |name| {
        let words = spec.scope_descriptions.get(name).cloned();
        json!({"name": name, "description": words.unwrap_or_else(|| format!("Methods of the scope {name}"))})
    };
    names.into_iter().map(tag).collect()
}

fn item(operation: Value, credentials: Credentials) -> Value {
    match credentials {
        Credentials::Application => json!({"post": operation}),
        Credentials::Webhook => {
            let parameters =
                ["userId", "secret"].map(|name| json!({"$ref": format!("#/components/parameters/{name}")}));
            json!({"parameters": parameters, "post": operation})
        }
    }
}

/// OpenAPI has no security scheme whose secret is a part of the path.
fn webhook_parameters() -> Value {
    json!({
        "userId": {
            "name": "userId", "in": "path", "required": true,
            "description": "The user to whom the webhook belongs",
            "schema": {"type": "integer", "format": "int64"},
        },
        "secret": {
            "name": "secret", "in": "path", "required": true,
            "description": "The secret of the webhook. It is a password",
            "schema": {"type": "string", "format": "password"},
        },
    })
}

fn security_schemes(scopes: &BTreeSet<&String>) -> Value {
    let scopes: Map<String, Value> =
        scopes.iter().map(|scope| ((*scope).clone(), json!(format!("Methods of {scope}")))).collect();
    let authorization = format!("https://{PORTAL}/oauth/authorize/");
    let token = "https://oauth.bitrix.info/oauth/token/";
    json!({
        "oauth2": {
            "type": "oauth2",
            "description": "The page for authorization is on the portal",
            "flows": {"authorizationCode": {
                "authorizationUrl": authorization, "tokenUrl": token, "refreshUrl": token, "scopes": scopes,
            }},
        },
        "token": {
            "type": "apiKey", "in": "query", "name": "auth",
            "description": "The same access token as a parameter. It may also be a member `auth` of the body",
        },
    })
}

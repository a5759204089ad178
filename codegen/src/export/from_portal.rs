//! What a portal sends to an application: the payloads of events, the contexts and options of placements, the requests to handlers and
//! their responses.

use serde_json::{Map, Value, json};

use super::components::{Components, Context, Direction, Owner, Place};
use super::options::has_scope;
use super::received::received;
use super::sent::sent;
use crate::descriptor::{Api, Event, Handler, JsonType, Placement, Schema, Spec};

/// One schema of what is sent.
#[derive(Clone, Copy)]
pub(super) struct FromPortal<'a> {
    kind: Kind,
    /// The event, the code or the name.
    name: &'a str,
    schema: &'a Schema,
}

#[derive(Clone, Copy)]
enum Kind {
    /// `data` of an event.
    Payload,
    /// `PLACEMENT_OPTIONS`, which are JSON in a text.
    Context,
    /// The options of the method that binds a placement.
    Options,
    /// The request to a handler.
    Request,
    /// The response of a handler.
    Response,
}

impl Kind {
    fn folder(self) -> &'static str {
        match self {
            Self::Payload => "events",
            Self::Context | Self::Options => "placements",
            Self::Request | Self::Response => "handlers",
        }
    }

    fn part(self) -> &'static str {
        match self {
            Self::Payload => "data",
            Self::Context => "receives",
            Self::Options => "options",
            Self::Request => "request",
            Self::Response => "response",
        }
    }

    fn direction(self) -> Direction {
        match self {
            Self::Options | Self::Response => Direction::Sent,
            Self::Payload | Self::Context | Self::Request => Direction::Received,
        }
    }
}

impl<'a> FromPortal<'a> {
    /// The path of its document without an extension: `events/oncrmdealadd-data`.
    pub(super) fn path(&self) -> String {
        format!("{}/{}-{}", self.kind.folder(), file_name(self.name), self.kind.part())
    }

    /// The schema, by the forms of the wire: a form has texts for all scalars.
    pub(super) fn schema(&self, context: &Context<'a>, components: &mut Components<'a>) -> Value {
        let operation = format!("{}-{}", self.kind.folder(), file_name(self.name));
        let direction = self.kind.direction();
        let owner = Owner { operation, api: Api::V2, direction, shared: &self.schema.defs };
        let mut place = Place { context, components, owner };
        match direction {
            Direction::Sent => sent(&mut place, self.schema),
            // A form has no empty objects, so that a part without values is missing or empty.
            Direction::Received => received(&mut place, self.schema, true),
        }
    }
}

/// A name as that of a file: small letters, digits, dots and underscores.
fn file_name(name: &str) -> String {
    let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    name.chars().filter(fits).collect::<String>().trim_matches('_').to_ascii_lowercase()
}

/// All schemas of what a portal sends to applications with one of the scopes. Nothing is listed of which nothing is known.
pub(super) fn all<'a>(spec: &'a Spec, scopes: &[String]) -> Vec<FromPortal<'a>> {
    let is_null = |schema: &Schema| schema.types.0 == [JsonType::Null];
    let mut all = Vec::new();
    for event in events(spec, scopes).filter(|event| !event.data.is_unknown()) {
        all.push(FromPortal { kind: Kind::Payload, name: &event.event, schema: &event.data });
    }
    let placements = spec.placements.iter().map(|file| &file.content);
    for Placement { placement, options, receives, .. } in
        placements.filter(|one| has_scope(&one.scope, scopes))
    {
        let parts = [(Kind::Options, options), (Kind::Context, receives)];
        let known = parts.into_iter().filter_map(|(kind, schema)| Some((kind, schema.as_ref()?)));
        let known = known.filter(|(_, schema)| !is_null(schema));
        all.extend(known.map(|(kind, schema)| FromPortal { kind, name: placement, schema }));
    }
    for Handler { handler, receives, response, .. } in handlers(spec, scopes) {
        all.push(FromPortal { kind: Kind::Request, name: handler, schema: receives });
        all.extend(response.as_ref().map(|schema| FromPortal {
            kind: Kind::Response,
            name: handler,
            schema,
        }));
    }
    all
}

fn events<'a>(spec: &'a Spec, scopes: &[String]) -> impl Iterator<Item = &'a Event> {
    spec.events.iter().map(|file| &file.content).filter(|event| has_scope(&event.scope, scopes))
}

fn handlers<'a>(spec: &'a Spec, scopes: &[String]) -> impl Iterator<Item = &'a Handler> {
    spec.handlers.iter().map(|file| &file.content).filter(|handler| has_scope(&handler.scope, scopes))
}

/// The requests that a portal sends, as `webhooks` of OpenAPI 3.1, by the names of events and handlers.
pub(super) fn webhooks<'a>(
    context: &Context<'a>,
    components: &mut Components<'a>,
    spec: &'a Spec,
    scopes: &[String],
) -> Map<String, Value> {
    let mut webhooks = Map::new();
    for event in events(spec, scopes) {
        let payload = FromPortal { kind: Kind::Payload, name: &event.event, schema: &event.data };
        let mut name = json!({"type": "string"});
        if event.pattern.is_none() {
            name["enum"] = json!([event.event.to_ascii_uppercase()]);
        }
        let body = json!({
            "type": "object",
            "required": ["event"],
            "properties": {
                "event": name,
                "data": payload.schema(context, components),
                "ts": {"type": ["string", "integer"]},
                "auth": {"type": "object"},
            },
        });
        let summary = event.summary.clone().unwrap_or_else(|| format!("The event {}", event.event));
        webhooks.insert(event.event.clone(), item(&event.event, "event", &summary, &event.scope, body, None));
    }
    for handler in handlers(spec, scopes) {
        let request = FromPortal { kind: Kind::Request, name: &handler.handler, schema: &handler.receives };
        let body = request.schema(context, components);
        let response = handler.response.as_ref().map(|schema| {
            FromPortal { kind: Kind::Response, name: &handler.handler, schema }.schema(context, components)
        });
        let default = || format!("A request to the {} of {}", handler.address, handler.method);
        let summary = handler.summary.clone().unwrap_or_else(default);
        let item = item(&handler.handler, "handler", &summary, &handler.scope, body, response);
        webhooks.insert(handler.handler.clone(), item);
    }
    webhooks
}

fn item(
    name: &str,
    kind: &str,
    summary: &str,
    scopes: &[String],
    body: Value,
    response: Option<Value>,
) -> Value {
    let mut success = json!({"description": "The application has taken the request."});
    if let Some(response) = response {
        success["content"] = json!({"application/json": {"schema": response}});
    }
    let content = json!({"application/x-www-form-urlencoded": {"schema": body}});
    json!({"post": {
        "operationId": format!("{kind}-{}", file_name(name)),
        "summary": summary,
        "tags": scopes.first().into_iter().collect::<Vec<_>>(),
        "requestBody": {"required": true, "content": content},
        "responses": {"200": success},
    }})
}

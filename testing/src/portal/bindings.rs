//! What applications have bound: handlers of events, and widgets at placements.

use serde_json::{Map, Value, json};

use super::access::MethodError;
use super::methods::MethodResult;
use crate::php;

type Params = Map<String, Value>;
type Outcome = Result<MethodResult, MethodError>;

/// The methods about bindings.
pub(super) const METHODS: [&str; 7] = [
    "event.bind",
    "event.unbind",
    "event.get",
    "placement.bind",
    "placement.unbind",
    "placement.get",
    "placement.list",
];

/// The handlers of events and the widgets of an application; see [`MockPortal::bindings`](crate::MockPortal::bindings).
#[derive(Debug)]
pub struct Bindings {
    events: Vec<BoundEvent>,
    placements: Vec<BoundPlacement>,
    /// Whether `event.get` names the source of an offline event, as `connector_id`. No page documents it. Default: `true`.
    pub names_connectors: bool,
    /// The language of titles without one. Default: `en`.
    pub language: &'static str,
}

impl Default for Bindings {
    fn default() -> Self {
        Self { events: Vec::new(), placements: Vec::new(), names_connectors: true, language: "en" }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct BoundEvent {
    /// In upper case.
    event: String,
    /// Empty for an offline event.
    handler: String,
    auth_type: i64,
    connector: String,
}

#[derive(Clone, Debug)]
struct BoundPlacement {
    code: String,
    handler: String,
    user: i64,
    options: Value,
    languages: Value,
}

impl Bindings {
    /// Binds an offline event; the source is empty for none.
    pub fn bind_offline(&mut self, event: &str, connector: &str) {
        let event = event.to_ascii_uppercase();
        let bound =
            BoundEvent { event, handler: String::new(), auth_type: 0, connector: connector.to_owned() };
        if !self.events.contains(&bound) {
            self.events.push(bound);
        }
    }

    /// What `event.get` returns.
    pub fn events(&self) -> Value {
        let list = self.events.iter().map(|bound| {
            let offline = bound.handler.is_empty();
            let mut listed = json!({
                "event": bound.event, "handler": bound.handler,
                "auth_type": bound.auth_type.to_string(), "offline": u8::from(offline),
            });
            if offline && self.names_connectors {
                listed["connector_id"] = bound.connector.as_str().into();
            }
            listed
        });
        list.collect()
    }

    /// What `placement.get` returns.
    pub fn placements(&self) -> Value {
        let list = self.placements.iter().map(|bound| {
            let own = &bound.languages[self.language];
            json!({
                "placement": bound.code, "userId": bound.user, "handler": bound.handler,
                "options": bound.options, "title": php::text(&own["TITLE"]),
                "description": php::text(&own["DESCRIPTION"]), "langAll": bound.languages,
            })
        });
        list.collect()
    }

    /// The sources for which an event is bound as an offline event; an empty one for none.
    pub(super) fn offline_connectors(&self, event: &str) -> Vec<String> {
        let bound = self.events.iter().filter(|bound| bound.handler.is_empty());
        let bound = bound.filter(|bound| bound.event.eq_ignore_ascii_case(event));
        bound.map(|bound| bound.connector.clone()).collect()
    }

    /// Runs one of [`METHODS`], with its name in lower case.
    pub(super) fn run(&mut self, method: &str, params: &Params) -> Option<Outcome> {
        Some(match method {
            "event.bind" => self.bind_event(params),
            "event.unbind" => Ok(self.unbind_event(params)),
            "event.get" => Ok(MethodResult::of(self.events())),
            "placement.bind" => self.bind_placement(params),
            "placement.unbind" => self.unbind_placement(params),
            "placement.get" => Ok(MethodResult::of(self.placements())),
            "placement.list" => Ok(MethodResult::of(json!(["CRM_DEAL_DETAIL_TAB", "CRM_LEAD_DETAIL_TAB"]))),
            _ => return None,
        })
    }

    fn bind_event(&mut self, params: &Params) -> Outcome {
        let event = required(params, "event")?.to_ascii_uppercase();
        if !event.starts_with("ON") {
            return Err(MethodError::new(400, "ERROR_EVENT_NOT_FOUND", "Event not found"));
        }
        let offline = is_offline(params);
        let handler = if offline { String::new() } else { required(params, "handler")? };
        if !offline && !is_url(&handler) {
            return Err(MethodError::new(
                400,
                "ERROR_ARGUMENT",
                "The value of an argument 'HANDLER' is invalid",
            ));
        }
        let auth_type = params.get("auth_type").map_or(0.0, php::number) as i64;
        let connector = if offline { optional(params, "auth_connector") } else { String::new() };
        let bound = BoundEvent { event, handler, auth_type, connector };
        if self.events.contains(&bound) {
            return Err(already_bound("event"));
        }
        self.events.push(bound);
        Ok(MethodResult::of(json!(true)))
    }

    /// Removes every handler that meets the conditions which are given.
    fn unbind_event(&mut self, params: &Params) -> MethodResult {
        let (event, handler) = (optional(params, "event"), optional(params, "handler"));
        let auth_type = params.get("auth_type").map(|value| php::number(value) as i64);
        let offline = is_offline(params);
        let before = self.events.len();
        self.events.retain(|bound| {
            let meets = bound.handler.is_empty() == offline
                && bound.event.eq_ignore_ascii_case(&event)
                && (handler.is_empty() || offline || bound.handler == handler)
                && auth_type.is_none_or(|user| bound.auth_type == user);
            !meets
        });
        MethodResult::of(json!({"count": before - self.events.len()}))
    }

    fn bind_placement(&mut self, params: &Params) -> Outcome {
        let (code, handler) = (required(params, "placement")?, required(params, "handler")?);
        let user = params.get("user_id").map_or(0.0, php::number) as i64;
        let is_worker = code == "PAGE_BACKGROUND_WORKER";
        if user != 0 && !is_worker {
            return Err(MethodError::new(400, "ERROR_PLACEMENT_USER_MODE", "User mode is not available"));
        }
        let same_place = |bound: &&BoundPlacement| bound.code == code && bound.user == user;
        if is_worker && self.placements.iter().any(|bound| same_place(&bound)) {
            return Err(MethodError::new(200, "ERROR_PLACEMENT_MAX_COUNT", "Maximum count of handlers"));
        }
        if self.placements.iter().filter(same_place).any(|bound| bound.handler == handler) {
            return Err(already_bound("placement"));
        }
        let mut languages =
            params.get("lang_all").filter(|all| all.is_object()).cloned().unwrap_or(json!({}));
        if languages.get(self.language).is_none() {
            languages[self.language] = json!({
                "TITLE": optional(params, "title"), "DESCRIPTION": optional(params, "description"),
                "GROUP_NAME": optional(params, "group_name"),
            });
        }
        let empty = || json!([]);
        let options = params.get("options").filter(|options| options.is_object()).map(as_texts);
        let options = options.unwrap_or_else(empty);
        self.placements.push(BoundPlacement { code, handler, user, options, languages });
        Ok(MethodResult::of(json!(true)))
    }

    fn unbind_placement(&mut self, params: &Params) -> Outcome {
        let (code, handler) = (required(params, "placement")?, optional(params, "handler"));
        let user = params.get("user_id").map(|value| php::number(value) as i64);
        let before = self.placements.len();
        self.placements.retain(|bound| {
            let meets = bound.code == code
                && (handler.is_empty() || bound.handler == handler)
                && user.is_none_or(|user| bound.user == user);
            !meets
        });
        // As documented: one for each handler that is found, and another for each one that is removed.
        Ok(MethodResult::of(json!({"count": 2 * (before - self.placements.len())})))
    }
}

fn is_offline(params: &Params) -> bool {
    optional(params, "event_type").eq_ignore_ascii_case("offline")
}

fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) && !rest.is_empty()
    })
}

/// The scalars of an object as the texts that a portal stores.
fn as_texts(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), as_texts(value))).collect(),
        Value::Array(items) => items.iter().map(as_texts).collect(),
        scalar => php::text(scalar).into(),
    }
}

pub(super) fn optional(params: &Params, name: &str) -> String {
    params.get(name).map(php::text).unwrap_or_default()
}

fn required(params: &Params, name: &str) -> Result<String, MethodError> {
    let value = optional(params, name);
    if value.is_empty() {
        let text = format!("Argument '{}' is null or empty", name.to_ascii_uppercase());
        return Err(MethodError::new(400, "ERROR_ARGUMENT", &text));
    }
    Ok(value)
}

fn already_bound(what: &str) -> MethodError {
    MethodError::new(400, "ERROR_CORE", &format!("Unable to set {what} handler: Handler already binded"))
}

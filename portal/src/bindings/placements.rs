//! Widgets at places of the interface.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::params::{address, argument, number, optional, required};
use super::{MAX_BINDINGS, Outcome, already_bound, full};
use crate::check::Refusal;
use crate::exchange::{Answer, Params};
use crate::families::find;
use crate::php;
use crate::spec::Spec;

/// The place without an interface, of which the application has one widget for each user.
const WORKER: &str = "PAGE_BACKGROUND_WORKER";

/// The widgets of the application.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Placements {
    bound: Vec<BoundPlacement>,
}

/// A widget.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct BoundPlacement {
    pub(crate) code: String,
    pub(crate) handler: String,
    user: i64,
    options: Value,
    languages: Value,
}

impl Placements {
    /// The first widget at a place.
    pub(crate) fn at(&self, code: &str) -> Option<&BoundPlacement> {
        self.bound.iter().find(|bound| bound.code == code)
    }

    pub(super) fn bind(&mut self, language: &str, params: &Params) -> Outcome {
        let (code, handler) = (required(params, "placement")?, address(params, "handler")?);
        let user = number(params, "user_id").unwrap_or_default();
        if user != 0 && code != WORKER {
            return Err(Refusal::new(400, "ERROR_PLACEMENT_USER_MODE", "User mode is not available"));
        }
        let mut here = self.bound.iter().filter(|bound| bound.code == code && bound.user == user);
        if code == WORKER && here.clone().next().is_some() {
            return Err(Refusal::new(200, "ERROR_PLACEMENT_MAX_COUNT", "Maximum count of handlers"));
        }
        if here.any(|bound| bound.handler == handler) {
            return Err(already_bound("placement"));
        }
        if self.bound.len() >= MAX_BINDINGS {
            return Err(full("placement"));
        }
        let options = match find(params, "options") {
            Some(options @ Value::Object(_)) => as_texts(options),
            _ => json!([]),
        };
        let languages = languages(language, params);
        self.bound.push(BoundPlacement { code, handler, user, options, languages });
        Ok(Answer::of(true.into()))
    }

    pub(super) fn unbind(&mut self, params: &Params) -> Outcome {
        let (code, handler) = (required(params, "placement")?, optional(params, "handler"));
        let user = number(params, "user_id");
        let before = self.bound.len();
        self.bound.retain(|bound| {
            let meets = bound.code == code
                && (handler.is_empty() || bound.handler == handler)
                && user.is_none_or(|user| bound.user == user);
            !meets
        });
        // As documented: one for each handler that is found, and another for each one that is removed.
        Ok(Answer::of(json!({"count": 2 * (before - self.bound.len())})))
    }

    /// What `placement.get` returns.
    pub(super) fn listed(&self, language: &str) -> Value {
        let list = self.bound.iter().map(|bound| {
            let own = &bound.languages[language];
            json!({
                "placement": bound.code, "userId": bound.user, "handler": bound.handler,
                "options": bound.options, "title": php::text(&own["TITLE"]),
                "description": php::text(&own["DESCRIPTION"]), "langAll": bound.languages,
            })
        });
        list.collect()
    }
}

/// The titles by language, with those beside them in the language of the portal.
fn languages(language: &str, params: &Params) -> Value {
    let all = find(params, "lang_all").and_then(Value::as_object);
    let mut languages: Map<String, Value> = all.cloned().unwrap_or_default();
    if !languages.contains_key(language) {
        let own = json!({
            "TITLE": optional(params, "title"), "DESCRIPTION": optional(params, "description"),
            "GROUP_NAME": optional(params, "group_name"),
        });
        languages.insert(language.to_owned(), own);
    }
    Value::Object(languages)
}

/// What `placement.list` returns: the codes of all places, or of those of a scope.
pub(super) fn codes(spec: &Spec, params: &Params) -> Value {
    let scope = optional(params, "scope");
    let of_scope = |scopes: &[String]| scopes.iter().any(|one| one.eq_ignore_ascii_case(&scope));
    let places = spec.placements().iter().filter(|place| scope.is_empty() || of_scope(&place.scope));
    places.filter(|place| place.pattern.is_none()).map(|place| place.code.clone()).collect()
}

/// The place of a code.
///
/// # Errors
/// There is no such place.
pub(crate) fn check_code(spec: &Spec, code: &str) -> Result<(), Refusal> {
    if spec.placements().iter().any(|place| place.is_named(code)) {
        return Ok(());
    }
    Err(argument(format!("There is no placement `{code}`: placement.list has all of them")))
}

/// The scalars of an object as the texts that a portal stores.
fn as_texts(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), as_texts(value))).collect(),
        Value::Array(items) => items.iter().map(as_texts).collect(),
        scalar => php::text(scalar).into(),
    }
}

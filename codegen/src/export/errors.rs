//! The responses with errors, by HTTP status.
//!
//! All of them have one schema for each interface. The codes are an extension: portals return codes that no page lists, so that an
//! `enum` would refuse them, and generators refuse operations whose errors have different schemas.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::components::{Component, Components};
use super::extensions::ERRORS;
use crate::descriptor::{Api, Descriptor, ErrorDescriptor, Ran, SystemErrorDescriptor};

/// The errors by status, or by a range of statuses.
type ByStatus = BTreeMap<String, Vec<Value>>;

/// The statuses of errors whose status no document names. `default` would also be the response of other successes, so that
/// generators refuse operations in which it has another schema than the response with status 200.
const OTHERS: [&str; 2] = ["4XX", "5XX"];

/// The errors that any method can return.
pub(super) struct SystemErrors {
    by_status: ByStatus,
    used: BTreeSet<(Api, String)>,
}

impl SystemErrors {
    pub(super) fn new(errors: &[SystemErrorDescriptor]) -> Self {
        let mut by_status = ByStatus::new();
        for error in errors {
            let all = error.status.into_iter().chain(error.other_statuses.iter().copied());
            for status in keys(&all.collect::<Vec<_>>()) {
                by_status.entry(status).or_default().push(system_error(error));
            }
        }
        Self { by_status, used: BTreeSet::new() }
    }

    /// The responses of a method that are no success. Those with status 200 are part of that response: see [`with_status_200`].
    pub(super) fn responses<'a>(
        &mut self,
        descriptor: &Descriptor,
        components: &mut Components<'a>,
    ) -> Map<String, Value> {
        let own = of_method(descriptor);
        let mut statuses: BTreeSet<String> = own.keys().chain(self.by_status.keys()).cloned().collect();
        statuses.extend(OTHERS.map(str::to_owned));
        statuses.remove("200");
        let api = descriptor.api;
        statuses
            .into_iter()
            .map(|status| (status.clone(), self.response(api, status, &own, components)))
            .collect()
    }

    fn response<'a>(
        &mut self,
        api: Api,
        status: String,
        own: &ByStatus,
        components: &mut Components<'a>,
    ) -> Value {
        if let Some(own) = own.get(&status) {
            let system = self.by_status.get(&status).into_iter().flatten();
            return response(api, own.iter().chain(system).cloned().collect(), components);
        }
        let reference = format!("#/components/responses/{}", shared_name(api, &status));
        self.used.insert((api, status));
        json!({"$ref": reference})
    }

    /// The responses to which methods refer, because they have no error with the same status.
    pub(super) fn shared_responses<'a>(&self, components: &mut Components<'a>) -> Map<String, Value> {
        let errors = |status: &String| self.by_status.get(status).cloned().unwrap_or_default();
        self.used
            .iter()
            .map(|(api, status)| (shared_name(*api, status), response(*api, errors(status), components)))
            .collect()
    }
}

/// The errors of a method that it returns with status 200.
pub(super) fn with_status_200(descriptor: &Descriptor) -> Vec<Value> {
    of_method(descriptor).remove("200").unwrap_or_default()
}

fn of_method(descriptor: &Descriptor) -> ByStatus {
    let mut by_status = ByStatus::new();
    for error in &descriptor.errors {
        for status in keys(error.status.as_slice()) {
            by_status.entry(status).or_default().push(own_error(error));
        }
    }
    by_status
}

fn own_error(error: &ErrorDescriptor) -> Value {
    let mut written = Map::from_iter([("code".to_owned(), json!(error.code))]);
    let texts = [("message", &error.message), ("name", &error.name)];
    let texts = texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), json!(text.as_ref()?))));
    written.extend(texts);
    if error.historical {
        written.insert("historical".to_owned(), json!(true));
    }
    Value::Object(written)
}

fn system_error(error: &SystemErrorDescriptor) -> Value {
    match error.ran {
        Ran::Maybe => json!({"code": error.code, "system": true}),
        ran => json!({"code": error.code, "system": true, "ran": ran}),
    }
}

fn response(api: Api, errors: Vec<Value>, components: &mut Components<'_>) -> Value {
    let schema = components.refer(Component::Error(api));
    let mut response =
        json!({"description": description(&errors), "content": {"application/json": {"schema": schema}}});
    if !errors.is_empty() {
        response[ERRORS] = Value::Array(errors);
    }
    response
}

/// The codes, each once, and the messages of errors without a code.
fn description(errors: &[Value]) -> String {
    let word = |error: &Value, key: &str| {
        error.get(key).and_then(Value::as_str).filter(|word| !word.is_empty()).map(str::to_owned)
    };
    let mut words: Vec<String> = Vec::new();
    for error in errors {
        let shown = word(error, "code").map(|code| format!("`{code}`"));
        if let Some(shown) = shown.or_else(|| word(error, "message")).filter(|shown| !words.contains(shown)) {
            words.push(shown);
        }
    }
    if words.is_empty() { "An error.".to_owned() } else { format!("An error: {}.", words.join("; ")) }
}

/// The keys of an error with these statuses.
fn keys(statuses: &[u16]) -> Vec<String> {
    if statuses.is_empty() {
        return OTHERS.map(str::to_owned).to_vec();
    }
    statuses.iter().map(u16::to_string).collect()
}

fn shared_name(api: Api, status: &str) -> String {
    format!("system-{status}{}", if api == Api::V3 { "-v3" } else { "" })
}

//! What a reader can choose: methods and entities.

use serde_json::{Value, json};

use super::words::words;
use crate::spec::Head;
use crate::state::State;

/// All methods and entities, each as interface, name, sentence and scopes.
pub(super) fn index(state: &State) -> Value {
    let spec = &state.machine.spec;
    let entry = |kind: &str, head: Head| {
        let text = words().sentence(kind, head.api, &head.name);
        json!([head.api.name(), head.name, text, head.scope])
    };
    let methods: Vec<Value> = spec.method_heads().map(|head| entry("method", head)).collect();
    let entities: Vec<Value> = spec.entity_heads().map(|head| entry("entity", head)).collect();
    json!({
        "methods": methods,
        "entities": entities,
        "webhook": format!("/rest/1/{}/", state.secret),
    })
}

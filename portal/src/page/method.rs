//! A method or an entity with its words.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::describe::{At, Describer};
use super::example::Examples;
use super::words::{Texts, words};
use crate::run::Machine;
use crate::spec::{Api, Context, DocumentedError, Method, Schema};

/// A method. `None`: there is none of this name.
pub(super) fn method(machine: &Machine, api: Api, name: &str) -> Option<Value> {
    let method = machine.spec.method(api, name)?;
    let texts = words().method(api, &method.name);
    let family = machine.family(&method);
    let examples = Examples::of(machine, &method, family.as_deref());
    let describer = |side, defs| Describer { api, texts: &texts, side, defs };
    let params: Vec<Value> = params(&method, &describer("params", &method.params.defs), &examples);
    let returns = describer("returns", &method.returns.defs);
    let mut returns = returns.node("", &method.returns, At { path: "returns", entity: None }, 0);
    returns.remove("name");
    let known = method.errors.iter().enumerate().filter(|(_, error)| !error.historical);
    let errors: Vec<Value> = known.map(|(at, error)| of_error(error, &texts, at)).collect();
    let general = words().system();
    let system = machine.spec.system.errors.iter().enumerate();
    let system: Vec<Value> = system.map(|(at, error)| of_error(error, &general, at)).collect();
    let operation =
        examples.operation.map(|(family, operation)| (family.table.clone(), operation.role.verb()));
    Some(json!({
        "api": api.name(),
        "name": method.name,
        "scopes": method.scope,
        "application": method.context == Context::Application,
        "deprecated": method.deprecated.is_some(),
        "text": texts.get(""),
        "table": operation.as_ref().map(|(table, _)| table),
        "role": operation.map(|(_, role)| role),
        "params": params,
        "returns": returns,
        "errors": if errors.is_empty() { system } else { errors },
    }))
}

fn params(method: &Method, describer: &Describer<'_>, examples: &Examples<'_>) -> Vec<Value> {
    let param = |(name, schema): (&String, &Schema)| {
        let path = format!("params/{name}");
        let mut node = describer.node(name, schema, At { path: &path, entity: None }, 0);
        if method.params.required.contains(name) {
            node.insert("required".to_owned(), true.into());
        }
        if let Some(example) = examples.parameter(name, schema) {
            node.insert("example".to_owned(), example);
        }
        let schema = schema.resolve(&method.params.defs);
        if let Some(fields) = node.get_mut("fields").and_then(Value::as_array_mut) {
            for field in fields.iter_mut().filter_map(Value::as_object_mut) {
                let name = field.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
                if let Some(schema) = schema.properties.get(&name) {
                    field.insert("example".to_owned(), examples.value(&name, schema));
                }
            }
        }
        Value::Object(node)
    };
    method.params.properties.iter().map(param).collect()
}

fn of_error(error: &DocumentedError, texts: &Texts, at: usize) -> Value {
    json!({
        "code": error.code,
        "status": error.status,
        "message": error.message,
        "text": texts.get(&format!("errors/{at}")),
    })
}

/// An entity. `None`: there is none of this name.
pub(super) fn entity(machine: &Machine, api: Api, name: &str) -> Option<Value> {
    let entity = machine.spec.entity(api, name)?;
    let head =
        machine.spec.entity_heads().find(|head| head.api == api && head.name.eq_ignore_ascii_case(name))?;
    let (texts, none, defs) = (words().entity(api, name), Texts::default(), IndexMap::new());
    let describer = Describer { api, texts: &none, side: "", defs: &defs };
    let fields = entity.fields.iter().map(|(name, field)| {
        Value::Object(describer.node(name, field, At { path: name, entity: Some((&texts, name)) }, 1))
    });
    let family = machine.family_of_table(name);
    let mut methods: Vec<&String> = family.iter().flat_map(|family| family.operations.keys()).collect();
    methods.sort();
    Some(json!({
        "name": head.name,
        "text": texts.get(""),
        "table": family.as_ref().map(|family| &family.table),
        "methods": methods,
        "fields": fields.collect::<Vec<_>>(),
    }))
}

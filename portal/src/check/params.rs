//! The parameters of a request against their schema.

use serde_json::{Map, Value};

use super::names::Names;
use super::problem::Problem;
use super::refusal::{Refusal, refuse};
use crate::php;
use crate::spec::{Additional, Api, JsonType, Method, Schema, System};

/// Checks the parameters of a request. Names are compared without case in REST 2, and exactly in REST 3 and in
/// some modules of REST 2.
///
/// # Errors
/// The documented error for the first parameter that is missing or has another type.
pub(crate) fn check(method: &Method, system: &System, params: &Map<String, Value>) -> Result<(), Refusal> {
    let wrong = |problem: Problem<'_>| Err(refuse(method, system, problem));
    let names = Names::of(method);
    let find = |params, name: &str| names.find(params, name);
    for name in &method.params.required {
        if find(params, name).is_none() {
            return wrong(Problem::Missing(name));
        }
    }
    let is_given = |set: &Schema| set.required.iter().all(|name| find(params, name).is_some());
    if let Some(first) = method.params.any_of.first()
        && !method.params.any_of.iter().any(is_given)
    {
        return wrong(Problem::Missing(first.required.first().map_or("", String::as_str)));
    }
    for (name, schema) in &method.params.properties {
        let Some(value) = find(params, name) else { continue };
        if !is_accepted(schema, value) || !is_documented(method, schema, value) {
            return wrong(Problem::WrongType(name));
        }
        let Value::Object(fields) = value else { continue };
        let mut missing = schema.required.iter().filter(|field| find(fields, field).is_none());
        if let Some(field) = missing.next() {
            let mut refusal = refuse(method, system, Problem::Missing(field));
            // REST 3 names all of them.
            if !refusal.validation.is_empty() {
                let others =
                    missing.flat_map(|field| refuse(method, system, Problem::Missing(field)).validation);
                refusal.validation.extend(others);
            }
            return Err(refusal);
        }
        if let Some(field) = unknown_field(method, schema, fields) {
            return wrong(Problem::Unknown(field));
        }
        let wrong_field = schema
            .properties
            .iter()
            .find(|(field, of_field)| find(fields, field).is_some_and(|value| !is_accepted(of_field, value)));
        if let Some((field, _)) = wrong_field {
            let is_page = method.api == Api::V3 && name == "pagination";
            return wrong(if is_page { Problem::Pagination } else { Problem::WrongType(field) });
        }
    }
    Ok(())
}

/// A field that the object does not have: REST 3 refuses it.
fn unknown_field<'f>(method: &Method, schema: &Schema, fields: &'f Map<String, Value>) -> Option<&'f str> {
    let is_open =
        schema.properties.is_empty() || !matches!(schema.additional, None | Some(Additional::Allowed(false)));
    if method.api == Api::V2 || is_open {
        return None;
    }
    // Custom fields are in no description.
    let known =
        |name: &str| schema.properties.contains_key(name) || name.to_ascii_lowercase().starts_with("uf");
    fields.keys().find(|name| !known(name)).map(String::as_str)
}

/// Whether a value is one of those that the page lists: REST 3 refuses others.
fn is_documented(method: &Method, schema: &Schema, value: &Value) -> bool {
    let is_free = method.api == Api::V2 || schema.values.is_empty() || php::is_empty(value);
    is_free || schema.values.iter().any(|known| php::text(known) == php::text(value))
}

/// Whether PHP converts a value to the type of a schema. What lists and objects contain is the method's matter.
pub(crate) fn is_accepted(schema: &Schema, value: &Value) -> bool {
    if !schema.one_of.is_empty() || !schema.any_of.is_empty() {
        return schema.properties.is_empty()
            && schema.one_of.iter().chain(&schema.any_of).any(|one| is_accepted(one, value))
            || schema.is_object() && is_converted(JsonType::Object, value);
    }
    schema.types.0.is_empty() || schema.types.0.iter().any(|wanted| is_converted(*wanted, value))
}

fn is_converted(wanted: JsonType, value: &Value) -> bool {
    match (wanted, value) {
        (_, Value::Null) => true,
        (JsonType::Array | JsonType::Object, Value::Array(_) | Value::Object(_)) => true,
        (JsonType::Array | JsonType::Object, Value::String(text)) => text.is_empty(),
        (JsonType::Array | JsonType::Object | JsonType::Null, _) => php::is_empty(value),
        (_, Value::Array(_) | Value::Object(_)) => false,
        (JsonType::String, _) | (_, Value::Bool(_)) => true,
        (JsonType::Boolean, Value::Number(number)) => matches!(number.as_f64(), Some(0.0 | 1.0)),
        (JsonType::Boolean, Value::String(text)) => {
            let forms = ["", "Y", "N", "1", "0", "true", "false", "D"];
            forms.iter().any(|form| form.eq_ignore_ascii_case(text.trim()))
        }
        (JsonType::Integer, Value::Number(number)) => {
            number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        (JsonType::Number, Value::Number(_)) => true,
        (JsonType::Integer | JsonType::Number, Value::String(text)) => {
            let text = text.trim();
            let whole = wanted == JsonType::Integer;
            text.is_empty()
                || text
                    .parse()
                    .is_ok_and(|number: f64| number.is_finite() && (!whole || number.fract() == 0.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::spec::Spec;

    fn refusal(api: Api, method: &str, params: Value) -> Option<(u16, String)> {
        let spec = Spec::embedded();
        let method = spec.method(api, method).expect("a method");
        let params = params.as_object().cloned().unwrap_or_default();
        check(&method, &spec.system, &params).err().map(|refusal| (refusal.status, refusal.code))
    }

    #[test]
    fn refusals_are_the_documented_ones() {
        let v3 = |name: &str| Some((400, format!("BITRIX_REST_V3_EXCEPTION_{name}")));
        for (api, method, params, wanted) in [
            (Api::V2, "crm.deal.get", json!({"ID": "7"}), None),
            (Api::V2, "crm.deal.get", json!({}), Some((400, String::new()))),
            (Api::V2, "crm.deal.get", json!({"id": "seven"}), Some((400, String::new()))),
            (Api::V2, "crm.deal.add", json!({"FIELDS": "x"}), Some((400, String::new()))),
            (Api::V2, "crm.deal.add", json!({"fields": {"ANY": 1}}), None),
            (Api::V2, "crm.item.get", json!({"entityTypeId": 2}), Some((400, "INVALID_REQUEST".to_owned()))),
            (Api::V3, "tasks.task.get", json!({"id": 7}), None),
            (Api::V3, "tasks.task.get", json!({"ID": 7}), v3("VALIDATION_REQUESTVALIDATIONEXCEPTION")),
            (
                Api::V3,
                "tasks.task.add",
                json!({"fields": {"title": "x", "colour": 1}}),
                v3("UNKNOWNDTOPROPERTYEXCEPTION"),
            ),
        ] {
            let found = refusal(api, method, params.clone());
            if method == "tasks.task.add" {
                assert!(found.is_some(), "{method} {params}");
            } else {
                assert_eq!(found, wanted, "{method} {params}");
            }
        }
    }
}

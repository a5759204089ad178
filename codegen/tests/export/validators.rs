//! Validators of exported schemas, by a library that shares nothing with the exporter.

use bitrix24_codegen::descriptor::{Descriptor, Spec, SpecFile, SystemDescriptor};
use bitrix24_codegen::diagnostic::SourceText;
use bitrix24_codegen::export::{
    JsonSchemaOptions, OpenApiOptions, OpenApiVersion, Values, json_schema, openapi,
};
use jsonschema::Validator;
use serde_json::{Value, json};

/// A spec of methods without entities.
pub(crate) fn spec_of(methods: Vec<Descriptor>) -> Spec {
    let source = || SourceText::new("a.yaml", "");
    let methods = methods.into_iter().map(|method| SpecFile::new(source(), method)).collect();
    Spec { methods, system: Some(SpecFile::new(source(), SystemDescriptor::default())), ..Spec::default() }
}

/// The validators of the result of the only method, one for each format.
pub(crate) fn of_result(spec: &Spec) -> Vec<(&'static str, Validator)> {
    let documents = json_schema(spec, &JsonSchemaOptions::default());
    let standalone = documents.iter().find(|document| document.path.starts_with("results/")).unwrap();
    let in_openapi = |version| {
        let document = openapi(spec, &OpenApiOptions { version, ..OpenApiOptions::default() });
        let path = document["paths"].as_object().unwrap().values().next().unwrap();
        let envelope = &path["post"]["responses"]["200"]["content"]["application/json"]["schema"];
        within(&document, &envelope["properties"]["result"])
    };
    vec![
        ("JSON Schema", validator(&standalone.schema)),
        ("OpenAPI 3.1", validator(&in_openapi(OpenApiVersion::V3_1))),
        ("OpenAPI 3.0", validator(&without_nullable(&in_openapi(OpenApiVersion::V3_0)))),
    ]
}

/// The validator of the body of requests of the only method.
pub(crate) fn of_request(spec: &Spec, values: Values) -> Validator {
    let documents = json_schema(spec, &JsonSchemaOptions { values, ..JsonSchemaOptions::default() });
    validator(&documents.iter().find(|document| document.path.starts_with("requests/")).unwrap().schema)
}

/// A schema of a document as a document, in which its references lead to the same places.
fn within(document: &Value, schema: &Value) -> Value {
    json!({"allOf": [schema], "components": document["components"]})
}

pub(crate) fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::new(schema).unwrap_or_else(|error| panic!("{error}\n{schema:#}"))
}

/// A schema of OpenAPI 3.0 as JSON Schema.
fn without_nullable(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(without_nullable).collect(),
        Value::Object(members) => {
            let mut own = members.clone();
            let nullable = own.shift_remove("nullable") == Some(json!(true));
            let own: Value = own.iter().map(|(key, value)| (key.clone(), without_nullable(value))).collect();
            if nullable { json!({"anyOf": [own, {"type": "null"}]}) } else { own }
        }
        other => other.clone(),
    }
}

//! Values against exported schemas: whatever core reads of a portal is accepted.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use bitrix24_codegen::descriptor::{Api, Descriptor, Entities, Schema, Spec, SpecFile};
use bitrix24_codegen::diagnostic::SourceText;
use bitrix24_codegen::export::{JsonSchemaOptions, Values, json_schema};
use bitrix24_codegen::extract::{Document, MethodExamples, examples, import, read_documents};
use bitrix24_codegen::schema::accepts;
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::schemas::schema_with_shared_parts;
use crate::schemas::values::{nearly_described, single_values};
use crate::validators::{of_request, of_result, spec_of, validator};

fn method(returns: &Schema) -> Descriptor {
    let mut method: Descriptor = serde_yaml::from_str("method: zoo.animal.get").unwrap();
    method.returns = returns.clone();
    method
}

fn yaml<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_yaml::from_str(text).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_core_reads_is_accepted(
        (schema, values) in schema_with_shared_parts().prop_flat_map(|schema| {
            let values = prop::collection::vec(nearly_described(&schema), 8);
            (Just(schema), values)
        })
    ) {
        let spec = spec_of(vec![method(&schema)]);
        for (format, validator) in of_result(&spec) {
            for value in values.iter().chain(&single_values()).filter(|value| accepts(&schema, value)) {
                prop_assert!(validator.is_valid(value), "{format}: {value} of {schema:?}");
            }
        }
    }
}

/// The other direction, where a schema can be as strict as core.
#[test]
fn what_core_does_not_read_is_refused() {
    let table: [(&str, Vec<Value>); 8] = [
        (
            "{type: integer}",
            vec![json!("seven"), json!(7.5), json!("7.5"), json!(true), json!([7]), json!(null), json!("")],
        ),
        ("{type: number}", vec![json!("7,5"), json!("inf"), json!(false), json!({})]),
        ("{type: string}", vec![json!(true), json!([]), json!({"a": 1}), json!(null)]),
        ("{type: string, format: date}", vec![json!(""), json!(7)]),
        ("{type: boolean}", vec![json!("yes"), json!(7), json!([1]), json!("on")]),
        ("{type: array, items: {type: integer}}", vec![json!(["x"]), json!([[]]), json!(7), json!("x")]),
        ("{type: object, additionalProperties: {type: boolean}}", vec![json!({"a": "perhaps"}), json!(7)]),
        (
            "{type: object, properties: {a: {type: integer}}}",
            vec![json!({"a": "x"}), json!([1]), json!(null), json!(7)],
        ),
    ];
    for (schema, values) in table {
        let schema: Schema = yaml(schema);
        for (format, validator) in of_result(&spec_of(vec![method(&schema)])) {
            for value in &values {
                assert!(!accepts(&schema, value), "{value} of {schema:?}");
                // A list with gaps is an object, whose values OpenAPI cannot describe beside those of a list.
                assert!(!validator.is_valid(value), "{format}: {value} of {schema:?}");
            }
        }
    }
}

/// Results in place of which core accepts nothing, or `true`.
#[test]
fn a_result_of_nothing_is_accepted() {
    let table = [
        ("{type: array, items: {type: integer}}", json!(null), true),
        ("{type: array, items: {type: integer}}", json!(false), true),
        ("{type: object}", json!(""), true),
        ("{type: boolean}", json!([]), true),
        ("{type: 'null'}", json!(true), true),
        ("{type: 'null'}", json!([]), true),
        ("{type: 'null'}", json!(7), false),
        ("{type: integer}", json!(null), false),
        ("{oneOf: [{type: array, items: {type: integer}}, {type: integer}]}", json!("7"), true),
        ("{oneOf: [{type: array, items: {type: integer}}, {type: integer}]}", json!([7]), true),
        ("{oneOf: [{type: array, items: {type: integer}}, {type: integer}]}", json!("x"), false),
    ];
    for (schema, value, expected) in table {
        for (format, validator) in of_result(&spec_of(vec![method(&yaml(schema))])) {
            assert_eq!(validator.is_valid(&value), expected, "{format}: {value} of {schema}");
        }
    }
}

#[test]
fn requests_have_the_documented_types() {
    let mut method = method(&Schema::default());
    method.params = yaml(
        "{type: object, required: [ID], properties: {ID: {type: integer, minimum: 1}, \
         LOUD: {type: boolean, format: char}, MOOD: {type: string, enum: [calm, wild]}, FREE: {type: boolean}}}",
    );
    let spec = spec_of(vec![method]);
    let table = [
        (json!({"ID": 7, "LOUD": "Y", "MOOD": "calm", "FREE": true, "UF_CUSTOM": 1}), true, true),
        (json!({"ID": 7, "MOOD": "moody"}), true, false),
        (json!({"ID": 7, "LOUD": true}), false, false),
        (json!({"ID": 0}), false, false),
        (json!({"LOUD": "N"}), false, false),
    ];
    for (body, wire, documented) in table {
        assert_eq!(of_request(&spec, Values::Wire).is_valid(&body), wire, "{body}");
        assert_eq!(of_request(&spec, Values::Documented).is_valid(&body), documented, "{body}");
    }
}

/// How many documented responses fit the exported schemas.
#[derive(Debug, Default)]
struct Share {
    responses: usize,
    fitting: usize,
    /// Responses that core reads and the schema does not accept.
    refused: Vec<String>,
}

impl Share {
    /// Compares the examples of documents with the schemas of a spec.
    fn measure(&mut self, spec: &Spec, found: &[MethodExamples], values: Values) {
        let options = JsonSchemaOptions { values, ..JsonSchemaOptions::default() };
        let documents: HashMap<String, Value> = json_schema(spec, &options)
            .into_iter()
            .map(|document| (document.path, document.schema))
            .collect();
        let key = |api: Api, name: &str| (api, name.to_lowercase());
        let methods: HashMap<_, &Descriptor> = spec
            .methods
            .iter()
            .flat_map(|file| {
                let names = std::iter::once(&file.content.method).chain(&file.content.aliases);
                names.map(|name| (key(file.content.api, name), &file.content))
            })
            .collect();
        let mut validators: HashMap<String, Validator> = HashMap::new();
        for page in found {
            let Some(method) = methods.get(&key(page.api, &page.method)) else { continue };
            let interface = if method.api == Api::V3 { "v3-" } else { "" };
            let path = format!("results/{interface}{}.json", method.method.to_lowercase());
            let validator = validators.entry(path.clone()).or_insert_with(|| validator(&documents[&path]));
            for response in &page.responses {
                let Ok(result) = &response.result else { continue };
                self.responses += 1;
                if validator.is_valid(result) {
                    self.fitting += 1;
                } else if accepts(&method.returns, result) {
                    self.refused.push(format!("{}:{}", page.source.path, response.line));
                }
            }
        }
    }
}

fn imported(documents: &[Document]) -> Spec {
    let import = import(documents, &[], None, &[]);
    let mut spec = spec_of(import.descriptors);
    let file = |entity| SpecFile::new(SourceText::new("a.yaml", ""), entity);
    spec.entities = import.entities.iter().cloned().map(file).collect();
    spec
}

#[test]
fn responses_of_the_test_pages_fit() {
    let mut share = Share::default();
    for case in cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")) {
        let documents = if case.is_dir() {
            read_documents(&case).unwrap()
        } else {
            vec![Document { path: "page.md".to_owned(), bytes: std::fs::read(&case).unwrap() }]
        };
        share.measure(&imported(&documents), &examples(&documents), Values::Wire);
    }
    assert!(share.responses > 200, "{}", share.responses);
    assert!(share.refused.is_empty(), "{:#?}", share.refused);
}

fn cases(folder: &Path) -> Vec<PathBuf> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let cases = entries(folder).into_iter().flat_map(|rule| entries(&rule));
    cases.filter(|case| case.is_dir() || case.extension().is_some_and(|ending| ending == "md")).collect()
}

/// The responses of a whole documentation, for example of the one that the spec is imported from. It is not part of the project:
/// `BITRIX24_DOCS=DIR cargo test -p bitrix24-codegen --test export documentation -- --nocapture`.
#[test]
fn responses_of_a_documentation_fit() {
    let Some(docs) = std::env::var_os("BITRIX24_DOCS") else {
        eprintln!("skipped: BITRIX24_DOCS does not name a documentation");
        return;
    };
    let documents = read_documents(Path::new(&docs)).unwrap();
    let found = examples(&documents);
    let (spec, problems) =
        Spec::load(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap(), Path::new("spec"));
    assert!(problems.is_empty(), "{problems:#?}");
    for values in [Values::Wire, Values::Documented] {
        let mut share = Share::default();
        share.measure(&spec, &found, values);
        let percent = 100.0 * share.fitting as f64 / share.responses as f64;
        eprintln!(
            "{values:?}: {} of {} documented responses fit, {percent:.2} %",
            share.fitting, share.responses
        );
        if values == Values::Wire {
            assert!(share.refused.is_empty(), "{:#?}", share.refused);
            assert!(percent > 95.0, "{percent}");
        }
    }
}

#[test]
fn the_entities_of_a_spec_can_be_looked_up() {
    // An exported entity is the same whether a method refers to it or not.
    let entities: Entities =
        [yaml("{entity: zoo.animal, fields: {id: {type: integer}}}")].into_iter().collect();
    let mut method = method(&yaml("{entity: zoo.animal}"));
    assert!(entities.expand(&mut method).is_empty());
    let mut spec = spec_of(vec![method]);
    spec.entities =
        entities.iter().map(|entity| SpecFile::new(SourceText::new("a.yaml", ""), entity.clone())).collect();
    let documents = json_schema(&spec, &JsonSchemaOptions::default());
    let entity = documents.iter().find(|document| document.path == "entities/zoo.animal.json").unwrap();
    let result = documents.iter().find(|document| document.path.starts_with("results/")).unwrap();
    assert_eq!(entity.schema["properties"], result.schema["$defs"]["zoo.animal"]["properties"]);
}

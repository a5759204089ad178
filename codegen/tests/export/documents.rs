//! Whole documents: those of a small spec as snapshots, and those of the committed spec.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::export::{
    Credentials, JsonSchemaOptions, OpenApiOptions, OpenApiVersion, Values, json_schema, json_schema_bundle,
    openapi,
};
use serde_json::Value;

use crate::validators::validator;

fn small() -> Spec {
    let (spec, problems) =
        Spec::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export"), Path::new("spec"));
    assert!(problems.is_empty(), "{problems:#?}");
    spec
}

fn committed() -> Spec {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (spec, problems) = Spec::load(root, Path::new("spec"));
    assert!(problems.is_empty(), "{problems:#?}");
    spec
}

fn versions() -> [OpenApiOptions; 5] {
    let of =
        |version, values, credentials| OpenApiOptions { version, values, credentials, scopes: Vec::new() };
    [
        of(OpenApiVersion::V3_1, Values::Wire, Credentials::Application),
        of(OpenApiVersion::V3_1, Values::Documented, Credentials::Application),
        of(OpenApiVersion::V3_0, Values::Wire, Credentials::Application),
        of(OpenApiVersion::V3_0, Values::Documented, Credentials::Application),
        of(OpenApiVersion::V3_0, Values::Wire, Credentials::Webhook),
    ]
}

fn assert_document(name: &str, document: &Value) {
    insta::with_settings!({
        snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true
    }, {
        insta::assert_snapshot!(name, format!("{document:#}"));
    });
}

#[test]
fn a_small_spec_gives_these_documents() {
    let spec = small();
    let [wire_31, documented_31, wire_30, documented_30, webhook] = versions();
    assert_document("openapi-3.1-wire", &openapi(&spec, &wire_31));
    assert_document("openapi-3.0-wire", &openapi(&spec, &wire_30));
    assert_document("openapi-3.0-documented-schemas", &schemas(&openapi(&spec, &documented_30)));
    assert_document("openapi-3.1-documented-schemas", &schemas(&openapi(&spec, &documented_31)));
    assert_document("openapi-3.0-webhook-paths", &paths_only(&openapi(&spec, &webhook)));
    for document in json_schema(&spec, &JsonSchemaOptions::default()) {
        assert_document(&format!("json-schema-{}", document.path.replace('/', "-")), &document.schema);
    }
}

/// The schemas of requests, results and components.
fn schemas(document: &Value) -> Value {
    let mut all: BTreeMap<String, Value> = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let operation = &item["post"];
        all.insert(
            format!("{path} request"),
            operation["requestBody"]["content"]["application/json"]["schema"].clone(),
        );
        all.insert(
            format!("{path} 200"),
            operation["responses"]["200"]["content"]["application/json"]["schema"].clone(),
        );
    }
    all.extend(document["components"]["schemas"].as_object().unwrap().clone());
    all.into_iter().collect()
}

/// What depends on the credentials.
fn paths_only(document: &Value) -> Value {
    let mut shown = document.clone();
    for item in shown["paths"].as_object_mut().unwrap().values_mut() {
        item["post"].as_object_mut().unwrap().retain(|key, _| key == "operationId" || key == "security");
    }
    let components = shown["components"].as_object_mut().unwrap();
    components.retain(|key, _| key == "securitySchemes" || key == "parameters");
    shown
}

#[test]
fn a_scope_gives_its_methods_and_only_the_schemas_to_which_they_refer() {
    let options = OpenApiOptions { scopes: vec!["LOG".to_owned()], ..OpenApiOptions::default() };
    let document = openapi(&small(), &options);
    assert_eq!(keys(&document["paths"]), ["/rest/log.line.add"]);
    assert!(!keys(&document["components"]["schemas"]).contains(&"zoo.animal".to_owned()));
    let options = JsonSchemaOptions { scopes: vec!["park".to_owned()], ..JsonSchemaOptions::default() };
    let paths: Vec<String> =
        json_schema(&small(), &options).into_iter().map(|document| document.path).collect();
    assert_eq!(
        paths,
        [
            "entities/zoo.animal.json",
            "entities/zoo.animal-bird.json",
            "entities/zoo.animal-fish.json",
            "requests/zoo.animal.list.json",
            "results/zoo.animal.list.json",
        ]
    );
}

/// A spec of an event, a placement and a handler.
fn sent() -> Spec {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        (
            "events/zoo/onzooanimalfeed.yaml",
            "event: onZooAnimalFeed\nscope: [zoo]\n\
             data: {type: object, properties: {FIELDS: {type: object, properties: {ID: {type: integer}, RAW: {type: boolean}}}}}\n",
        ),
        ("events/zoo/onzoosleep.yaml", "event: onZooSleep\npattern: onZooSleep_{house}\nscope: [zoo]\n"),
        (
            "placements/zoo/ZOO_CAGE_TAB.yaml",
            "placement: ZOO_CAGE_TAB\nscope: [zoo]\n\
             options: {type: object, required: [icon], properties: {icon: {type: string}}}\n\
             receives: {type: object, properties: {ID: {type: integer}}}\n",
        ),
        (
            "placements/park/PARK_MENU.yaml",
            "placement: PARK_MENU\nscope: [park]\nreceives: {type: \"null\"}\n",
        ),
        (
            "handlers/zoo.feeder.yaml",
            "handler: zoo.feeder\nmethod: zoo.feeder.add\naddress: HANDLER\nscope: [zoo]\n\
             receives: {type: object, properties: {GRAMS: {type: number}}}\n\
             response: {type: object, properties: {EATEN: {type: boolean, format: char}}}\n",
        ),
    ];
    let mut paths = Vec::new();
    for (path, text) in files {
        let full = folder.path().join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
        paths.push(path.into());
    }
    let (spec, problems) = Spec::read(folder.path(), &paths);
    assert_eq!(problems, []);
    spec
}

#[test]
fn what_a_portal_sends_has_schemas_in_the_forms_of_the_wire() {
    let spec = sent();
    let documents = json_schema(&spec, &JsonSchemaOptions::default());
    let paths: Vec<&str> = documents.iter().map(|document| document.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "events/onzooanimalfeed-data.json",
            "placements/zoo_cage_tab-options.json",
            "placements/zoo_cage_tab-receives.json",
            "handlers/zoo.feeder-request.json",
            "handlers/zoo.feeder-response.json",
        ]
    );
    for (index, fits, differs) in [
        (0, r#"{"FIELDS": {"ID": "7", "RAW": ""}}"#, r#"{"FIELDS": {"ID": "seven"}}"#),
        (1, r#"{"icon": "key"}"#, "{}"),
        (2, r#"{"ID": "7"}"#, r#"{"ID": [7]}"#),
        (3, r#"{"GRAMS": "1.5"}"#, r#"{"GRAMS": "much"}"#),
        (4, r#"{"EATEN": "Y"}"#, r#"{"EATEN": "yes"}"#),
    ] {
        let validator = validator(&documents[index].schema);
        let value = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
        assert!(validator.is_valid(&value(fits)), "{}: {fits}", paths[index]);
        assert!(!validator.is_valid(&value(differs)), "{}: {differs}", paths[index]);
    }
}

#[test]
fn requests_of_a_portal_are_webhooks_of_openapi_3_1() {
    let document =
        openapi(&sent(), &OpenApiOptions { version: OpenApiVersion::V3_1, ..OpenApiOptions::default() });
    assert_eq!(keys(&document["webhooks"]), ["onZooAnimalFeed", "onZooSleep", "zoo.feeder"]);
    let body = |name: &str| {
        document["webhooks"][name]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"].clone()
    };
    let name = |event: &str| body(event)["properties"]["event"].clone();
    assert_eq!(name("onZooAnimalFeed"), serde_json::json!({"type": "string", "enum": ["ONZOOANIMALFEED"]}));
    assert_eq!(name("onZooSleep"), serde_json::json!({"type": "string"}), "a family has many names");
    let handler = &document["webhooks"]["zoo.feeder"]["post"];
    assert!(handler["responses"]["200"]["content"]["application/json"]["schema"].is_object(), "{handler:#}");
    let older = OpenApiOptions { version: OpenApiVersion::V3_0, ..OpenApiOptions::default() };
    assert_eq!(openapi(&sent(), &older).get("webhooks"), None);
    let other = OpenApiOptions { scopes: vec!["park".to_owned()], ..OpenApiOptions::default() };
    assert_eq!(openapi(&sent(), &other).get("webhooks"), None);
}

#[test]
fn the_same_spec_gives_the_same_bytes() {
    for options in versions() {
        assert_eq!(openapi(&small(), &options).to_string(), openapi(&small(), &options).to_string());
    }
    let options = JsonSchemaOptions::default();
    assert_eq!(
        json_schema_bundle(&small(), &options).to_string(),
        json_schema_bundle(&small(), &options).to_string()
    );
}

/// A page that writes the name of its method in another case changes no name that generated code depends on.
#[test]
fn operation_ids_do_not_depend_on_the_case_of_a_page() {
    let ids = |spec: &Spec| -> Vec<String> {
        let document = openapi(spec, &OpenApiOptions::default());
        let items = document["paths"].as_object().unwrap().values();
        items.map(|item| item["post"]["operationId"].as_str().unwrap().to_owned()).collect()
    };
    let before = small();
    let mut after = small();
    for file in &mut after.methods {
        file.content.method = file.content.method.replace(".a", ".A");
    }
    assert_eq!(ids(&before), ids(&after));
}

#[test]
fn the_committed_spec_is_exported_whole() {
    let spec = committed();
    for options in versions() {
        let document = openapi(&spec, &options);
        let expected = spec.methods.iter().filter(|file| {
            options.credentials == Credentials::Application
                || file.content.context == bitrix24_codegen::descriptor::Context::Any
        });
        assert_eq!(keys(&document["paths"]).len(), expected.count());
        assert_consistent(&document, options.version == OpenApiVersion::V3_0);
    }
}

#[test]
fn the_json_schemas_of_the_committed_spec_are_valid() {
    let bundle = json_schema_bundle(&committed(), &JsonSchemaOptions::default());
    assert!(jsonschema::meta::is_valid(&bundle));
    let mut references = Vec::new();
    visit(&bundle, &mut |member, value| references.extend((member == "$ref").then(|| value.clone())));
    for reference in references {
        let pointer = reference.as_str().unwrap().strip_prefix('#').unwrap();
        assert!(bundle.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
    // A sample, since compiling all of them takes long without optimization.
    for document in json_schema(&committed(), &JsonSchemaOptions::default()).iter().step_by(37) {
        assert!(document.schema["$id"].as_str().unwrap().starts_with("urn:bitrix24:schema:"));
        validator(&document.schema);
    }
}

/// References lead somewhere, names are unique and allowed, and OpenAPI 3.0 has only its own keywords.
fn assert_consistent(document: &Value, is_3_0: bool) {
    let mut ids = HashSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let id = item["post"]["operationId"].as_str().unwrap();
        // Generators make identifiers of the letters and digits of a name.
        assert!(ids.insert(id.replace(['.', '_', '-'], "").to_lowercase()), "{path}: {id} is not unique");
        assert!(!item["post"]["responses"]["200"].is_null(), "{path} has no response");
        assert!(!item["post"]["responses"]["4XX"].is_null(), "{path} has no response for other errors");
    }
    let mut names = HashSet::new();
    for name in keys(&document["components"]["schemas"]) {
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')), "{name}");
        assert!(names.insert(name.replace(['.', '_', '-'], "").to_lowercase()), "{name} is not unique");
    }
    let schemas =
        [&document["paths"], &document["components"]["schemas"], &document["components"]["responses"]];
    for part in schemas {
        visit(part, &mut |member, value| {
            if member == "$ref" {
                let pointer = value.as_str().unwrap().strip_prefix('#').unwrap();
                assert!(document.pointer(pointer).is_some(), "{pointer} leads nowhere");
            }
        });
        if is_3_0 {
            visit_objects(part, &mut assert_3_0);
        }
    }
}

fn assert_3_0(schema: &serde_json::Map<String, Value>) {
    assert!(
        schema.get("type").is_none_or(|found| found.is_object() || found.is_string() && found != "null"),
        "{schema:?}"
    );
    assert!(!schema.contains_key("$ref") || schema.len() == 1 || schema["$ref"].is_object(), "{schema:?}");
    assert!(
        schema.get("type").is_none_or(|found| found != "array") || schema.contains_key("items"),
        "{schema:?}"
    );
    for keyword in ["const", "$defs", "propertyNames", "patternProperties", "prefixItems", "examples"] {
        let is_property = schema
            .get(keyword)
            .is_none_or(|found| found.get("$ref").is_some() || found.get("type").is_some());
        assert!(is_property, "{keyword} in {schema:?}");
    }
}

fn visit(value: &Value, each: &mut impl FnMut(&str, &Value)) {
    visit_objects(value, &mut |object| {
        for (member, value) in object.iter().filter(|(_, value)| value.is_string()) {
            each(member, value);
        }
    });
}

fn visit_objects(value: &Value, each: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| visit_objects(item, each)),
        Value::Object(members) => {
            each(members);
            // Values of extensions, enumerations and defaults are data.
            let is_schema = |key: &str| !key.starts_with("x-") && key != "enum" && key != "default";
            members
                .iter()
                .filter(|(key, _)| is_schema(key))
                .for_each(|(_, value)| visit_objects(value, each));
        }
        _ => {}
    }
}

fn keys(object: &Value) -> Vec<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

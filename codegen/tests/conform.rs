//! Checks of examples against descriptors: requests, the values of responses, errors, and the baseline of known mistakes. The
//! pages and descriptors describe a made-up zoo.
#![cfg(feature = "importer")]

use bitrix24_codegen::conform::{
    Baseline, Conformance, Finding, Kind, Ratio, ReceivedEvent, RecordedConformance, ResponseMismatch,
    SpecIndex, TypeRegistry, check_request, conform, conform_events, conform_recorded, conform_sent,
    measure_coverage, measure_sent, suggest_entries,
};
use bitrix24_codegen::descriptor::{
    Api, Descriptor, Event, Handler, Placement, Spec, SpecFile, SystemDescriptor, read_yaml,
};
use bitrix24_codegen::diagnostic::{Diagnostic, SourceText};
use bitrix24_codegen::extract::{Document, Import, MethodExamples, event_pages, examples, import};
use bitrix24_codegen::lower;
use bitrix24_codegen::model::Library;
use bitrix24_codegen::recorded::read_recorded;
use serde_json::{Value, json};

fn descriptor(yaml: &str) -> Descriptor {
    let loaded = read_yaml(&SourceText::new("a.yaml", yaml));
    assert_eq!(loaded.problems, []);
    loaded.content.unwrap()
}

fn spec(yaml: &[&str]) -> Spec {
    let methods = yaml.iter().map(|yaml| SpecFile::new(SourceText::new("a.yaml", *yaml), descriptor(yaml)));
    let system = "errors: [{code: TOO_FAST, status: 503, ran: no}]\ntime: {type: object}\n";
    let source = SourceText::new("system.yaml", system);
    let system: SystemDescriptor = read_yaml(&source).content.unwrap();
    Spec { methods: methods.collect(), system: Some(SpecFile::new(source, system)), ..Spec::default() }
}

fn library(spec: &Spec) -> Library {
    lower::lower(spec).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

const FEED: &str = "
method: zoo.animal.feed
scope: [zoo]
params:
  type: object
  required: [ANIMAL_ID]
  anyOf: [{required: [GRAMS]}, {required: [PIECES]}]
  properties:
    ANIMAL_ID: {type: integer}
    GRAMS: {type: number}
    PIECES: {type: integer}
    NOTIFY: {type: boolean, format: char}
    WHEN: {type: string, format: date-time}
    TAGS: {type: array, items: {type: string}}
    KEEPERS: {type: [integer, array]}
    UF_*: {type: string}
    fields:
      type: object
      required: [TASTE]
      properties: {TASTE: {type: string}, HEAT: {type: integer}}
    filter:
      type: object
      properties: {AGE: {type: integer}, NAME: {type: string}}
    open: {type: object, properties: {OPENED_BY: {type: integer}}, additionalProperties: true}
    free: {type: object}
returns:
  type: object
  properties:
    ID: {type: integer}
    mood: {type: string, enum: [happy, sad]}
    meals: {type: array, items: {type: object, properties: {name: {type: string}}}}
    scores: {type: object, additionalProperties: {type: integer}}
    notes: {}
errors:
  - {code: ANIMAL_ASLEEP, status: 403}
  - {code: \"\", message: Nothing lives there}
";

/// The kind and the path of each violation in a body.
fn violations(body: Value) -> Vec<(Kind, String)> {
    let found = check_request(&descriptor(FEED), &body);
    found.into_iter().map(|violation| (violation.kind, violation.path)).collect()
}

#[test]
fn a_request_may_use_the_coercions_of_php() {
    let good = [
        json!({"ANIMAL_ID": 7, "GRAMS": 1.5}),
        json!({"ANIMAL_ID": "7", "GRAMS": "1.5"}),
        json!({"animal_id": 7, "Pieces": 2}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "NOTIFY": "Y"}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "NOTIFY": 0}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "TAGS": {}}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "TAGS": {"0": "big"}}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "free": []}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "free": {"anything": [1]}}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "KEEPERS": [1, 2]}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "UF_COLOUR": "red"}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "auth": "token", "start": 50}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "fields": {"TASTE": "sweet", "UF_CRM_1": 1}}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "filter": {">=AGE": 3, "!AGE": [1, 2], "%NAME": "ele"}}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "filter": {"0": {"logic": "OR"}, "@NAME": ["a"]}}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "open": {"OPENED_BY": 1, "other": 2}}),
        json!({"ANIMAL_ID": 7, "PIECES": 2, "WHEN": null}),
        json!([7, 2]),
    ];
    for body in good {
        assert_eq!(violations(body.clone()), [], "{body}");
    }
}

#[test]
fn a_violation_is_reported_with_its_path() {
    use Kind::{MissingParameter, ParameterType, UnknownParameter};
    let cases = [
        (json!({"PIECES": 2}), MissingParameter, "ANIMAL_ID"),
        (json!({"ANIMAL_ID": 7}), MissingParameter, ""),
        (json!({"ANIMAL_ID": 7, "PIECES": 2, "COLOUR": 1}), UnknownParameter, "COLOUR"),
        (json!({"ANIMAL_ID": "Jumbo", "PIECES": 2}), ParameterType, "ANIMAL_ID"),
        (json!({"ANIMAL_ID": [7], "PIECES": 2}), ParameterType, "ANIMAL_ID"),
        (json!({"ANIMAL_ID": 7, "PIECES": 2.5}), ParameterType, "PIECES"),
        (json!({"ANIMAL_ID": 7, "PIECES": 2, "NOTIFY": "maybe"}), ParameterType, "NOTIFY"),
        (json!({"ANIMAL_ID": 7, "PIECES": 2, "free": "no"}), ParameterType, "free"),
        (json!({"ANIMAL_ID": 7, "PIECES": 2, "TAGS": [["a"]]}), ParameterType, "TAGS"),
        (json!({"ANIMAL_ID": 7, "PIECES": 2, "fields": {}}), MissingParameter, "fields.TASTE"),
        (
            json!({"ANIMAL_ID": 7, "PIECES": 2, "fields": {"TASTE": "x", "SIZE": 1}}),
            UnknownParameter,
            "fields.SIZE",
        ),
        (
            json!({"ANIMAL_ID": 7, "PIECES": 2, "fields": {"TASTE": "x", "HEAT": {}}}),
            ParameterType,
            "fields.HEAT",
        ),
        (json!({"ANIMAL_ID": 7, "PIECES": 2, "filter": {">SIZE": 1}}), UnknownParameter, "filter.SIZE"),
        (json!({"ANIMAL_ID": 7, "PIECES": 2, "filter": {">age": 1}}), UnknownParameter, "filter.age"),
        (json!({"ANIMAL_ID": 7, "PIECES": 2, "open": {"openedBy": 1}}), UnknownParameter, "open.openedBy"),
    ];
    for (body, kind, path) in cases {
        assert_eq!(violations(body.clone()), [(kind, path.to_owned())], "{body}");
    }
}

#[test]
fn values_in_typed_fields_count_as_typed() {
    let spec = spec(&[FEED]);
    let library = library(&spec);
    let module = library.modules.values().next().unwrap();
    let cases = [
        (json!({"ID": "7"}), 1, 1, &[][..]),
        (json!({"ID": null, "mood": "grumpy"}), 2, 2, &[]),
        (
            json!({"meals": [{"name": "hay"}, {"name": "measure_coverage", "hot": true}]}),
            3,
            2,
            &["meals.hot"],
        ),
        (json!({"meals": {"3": {"name": "hay"}}}), 1, 1, &[]),
        (json!({"scores": {"may": 1, "june": 2}}), 2, 2, &[]),
        (json!({"notes": {"a": 1, "b": [2, 3]}}), 3, 0, &["notes.a", "notes.b"]),
        (json!({"NEW": [1, {"x": 2}]}), 2, 0, &["NEW", "NEW.x"]),
        (json!({"ID": [1]}), 1, 0, &["ID"]),
        (json!([]), 0, 0, &[]),
        (json!("text"), 1, 0, &[""]),
    ];
    for (result, all, typed, untyped) in cases {
        let coverage = measure_coverage(&library, module, &module.methods[0], &result);
        assert_eq!((coverage.all, coverage.typed), (all, typed), "{result}");
        assert_eq!(coverage.untyped.keys().collect::<Vec<_>>(), untyped, "{result}");
    }
}

/// Test types: they reject a result that is a text, and a string under `ID` that is not a number costs its field.
struct Types;

impl TypeRegistry for Types {
    fn decode(
        &self,
        _: Api,
        method: &str,
        result: Value,
    ) -> Option<Result<Vec<ResponseMismatch>, ResponseMismatch>> {
        if !method.starts_with("zoo.animal.") {
            return None;
        }
        let mismatch = |path: &str, expected: &str| ResponseMismatch {
            path: path.to_owned(),
            field: path.to_owned(),
            pointer: if path.is_empty() { String::new() } else { format!("/{path}") },
            message: format!("`{path}`: expected {expected}"),
        };
        let is_number = |text: &str| text.parse::<i64>().is_ok();
        Some(match result.get("ID").and_then(Value::as_str) {
            _ if result.is_string() => Err(mismatch("", "an object")),
            Some(text) if !is_number(text) => Ok(vec![mismatch("ID", "an integer")]),
            _ => Ok(Vec::new()),
        })
    }

    fn event(&self, name: &str, body: &Value) -> Result<ReceivedEvent, String> {
        let body = body.as_object().ok_or("the body is no object")?;
        let name = body.get("event").and_then(Value::as_str).unwrap_or(name);
        let data = body.get("data").cloned().unwrap_or_default();
        let is_known = name.to_lowercase().starts_with("onzoo");
        let of_fields = |mismatch: ResponseMismatch| ResponseMismatch {
            field: format!("FIELDS.{}", mismatch.field),
            pointer: format!("/FIELDS{}", mismatch.pointer),
            ..mismatch
        };
        let decode = || self.decode(Api::V2, "zoo.animal.get", data["FIELDS"].clone()).unwrap();
        let decoded = is_known.then(|| decode().map(|all| all.into_iter().map(of_fields).collect()));
        Ok(ReceivedEvent { name: name.to_owned(), data, decoded })
    }

    fn knows_error(&self, _: Api, _: &str, code: &str, _: &str) -> Option<bool> {
        Some(code != "FORGOTTEN")
    }
}

/// A page in the modern form, with request bodies, responses and rows of errors.
fn page(bodies: &[&str], answers: &[&str], errors: &str) -> Vec<MethodExamples> {
    let call = |body: &&str| {
        format!("```bash\ncurl -X POST \\\n-d '{body}' \\\nhttps://x/rest/1/key/zoo.animal.feed\n```\n\n")
    };
    let text = format!(
        "# Feed an animal zoo.animal.feed\n\n## Method Parameters\n\n#|\n|| **Name**\n`type` | **Description** ||\n\
         || **ANIMAL_ID***\n[`integer`](t.md) | Whom ||\n|| **SAUCE**\n[`string`](t.md) | Which ||\n|#\n\n## Code Examples\n\n{}\
         ## Response Handling\n\n{}\n## Error Handling\n\n### Possible Error Codes\n\n#|\n|| **Code** | **Description** | \
         **Value** ||\n{errors}\n|#\n",
        bodies.iter().map(call).collect::<String>(),
        answers.iter().map(|answer| format!("```json\n{answer}\n```\n\n")).collect::<String>(),
    );
    examples(&[Document { path: "zoo-animal-feed.md".to_owned(), bytes: text.into_bytes() }])
}

fn check(examples: &[MethodExamples]) -> Conformance {
    let spec = spec(&[FEED]);
    let library = library(&spec);
    conform(&SpecIndex::new(&spec, &library), &Types, examples, &|| ())
}

#[test]
fn a_page_without_violations_is_counted() {
    let examples = page(
        &[r#"{"ANIMAL_ID":7,"GRAMS":1}"#, r#"{"ANIMAL_ID":7,"GRAMS":1,"auth":"token"}"#],
        &[r#"{"result": {"ID": 7, "new": 1}, "time": {"start": 1}}"#, r#"{"error": "NO"}"#],
        "|| `ANIMAL_ASLEEP` | It sleeps | - ||\n|| - | Nothing lives there | - ||\n|| `TOO_FAST` | Slow down | - ||",
    );
    let conformance = check(&examples);
    assert_eq!(conformance.findings, []);
    insta::assert_snapshot!(conformance.totals);
}

#[test]
fn every_kind_of_violation_is_reported_with_line_and_attribution() {
    let examples = page(
        &[
            r#"{"ANIMAL_ID":7,"GRAMS":1,}"#,
            r#"{"ANIMAL_ID":7,"GRAMS":1,"SAUCE":"hot"}"#,
            r#"{"ANIMAL_ID":7,"GRAMS":1,"SALT":1}"#,
            r#"{"GRAMS":1}"#,
            r#"{"ANIMAL_ID":"**put_id_here**","GRAMS":1}"#,
        ],
        &[r#"{"result": {"ID": "Jumbo"}}"#, r#"{"result": "fed"}"#, "{\n\"result\": {\n[]}}"],
        "|| `ANIMAL_AWAY` | Not here | - ||",
    );
    insta::assert_snapshot!(list_findings(&check(&examples)));
}

#[test]
fn a_value_of_the_wrong_type_is_decoded_and_not_typed() {
    let answers = [r#"{"result": {"ID": "Jumbo", "meals": [{"name": "hay"}]}}"#, r#"{"result": {"ID": 7}}"#];
    let Conformance { totals, untyped, .. } = check(&page(&[], &answers, ""));
    assert_eq!((totals.responses.fit, totals.decoded.fit, totals.decoded.all), (1, 2, 2));
    assert_eq!((totals.response_mismatches, totals.leaves.fit, totals.leaves.all), (1, 2, 3));
    assert_eq!(untyped.iter().map(|value| (&*value.path, value.values)).collect::<Vec<_>>(), [("ID", 1)]);
}

/// The findings, one a line, with the key and the kind of each.
fn list_findings(conformance: &Conformance) -> String {
    let line = |finding: &Finding| format!("{} [{}] {finding}\n", finding.kind, finding.at);
    conformance.findings.iter().map(line).collect()
}

#[test]
fn a_method_without_descriptor_and_one_without_page_are_counted() {
    let spec = spec(&["method: zoo.cage.clean\nscope: [zoo]\n"]);
    let library = library(&spec);
    let examples = page(&[], &[], "");
    let conformance = conform(&SpecIndex::new(&spec, &library), &Types, &examples, &|| ());
    insta::assert_snapshot!(format!("{}{}", list_findings(&conformance), conformance.totals));
}

/// The messages about a baseline, and the findings that it does not cover.
fn with_baseline(list: &str) -> (Vec<String>, Vec<String>) {
    let examples = page(&[r#"{"ANIMAL_ID":7,"GRAMS":1,"SALT":1,"OIL":1}"#], &[], "|| `GONE` | Gone | - ||");
    let mut conformance = check(&examples);
    let mut problems = Vec::new();
    let known = Baseline::read(SourceText::new("known.yaml", list), &mut problems);
    problems.extend(known.mark(&mut conformance, &examples));
    let unexpected = conformance.findings.iter().filter(|found| found.known.is_none());
    (problems.iter().map(Diagnostic::to_string).collect(), unexpected.map(|found| found.at.clone()).collect())
}

#[test]
fn an_entry_covers_its_violations_and_no_others() {
    let cases = [
        ("[]", &["SALT", "OIL", "GONE"][..]),
        ("- {method: zoo.animal.feed, kind: unknown-parameter, at: SALT, why: Typo}", &["OIL", "GONE"]),
        ("- {method: ZOO.Animal.feed, kind: unknown-parameter, why: Typos}", &["GONE"]),
        ("- {method: zoo.animal.away, kind: response, why: No page here}", &["SALT", "OIL", "GONE"]),
    ];
    for (list, unexpected) in cases {
        let (problems, mut left) = with_baseline(list);
        let mut unexpected = unexpected.to_vec();
        left.sort();
        unexpected.sort_unstable();
        assert_eq!(
            (problems, left),
            (Vec::new(), unexpected.iter().map(ToString::to_string).collect()),
            "{list}"
        );
    }
}

#[test]
fn a_stale_or_incomplete_entry_is_an_error() {
    let lists = [
        "- {method: zoo.animal.feed, kind: response, why: It was so}",
        "- {method: zoo.animal.feed, kind: unknown-parameter, at: PEPPER, why: It was so}",
        "- {method: zoo.animal.feed, kind: unknown-parameter, why: \" \"}",
        "- {method: zoo.animal.feed, kind: typo, why: x}",
        "- {method: zoo.animal.feed, kind: response}",
    ];
    let describe = |list: &str| format!("{list}\n    {}\n", with_baseline(list).0.join("\n    "));
    insta::assert_snapshot!(lists.map(describe).concat());
}

#[test]
fn violations_attributed_to_the_documentation_are_suggested() {
    let examples = page(&[r#"{"ANIMAL_ID":7,"GRAMS":1,"SALT":1}"#], &[], "|| `GONE` | Gone | - ||");
    let list = suggest_entries(&check(&examples).findings).unwrap();
    insta::assert_snapshot!(list);
    let mut problems = Vec::new();
    let mut conformance = check(&examples);
    let known = Baseline::read(SourceText::new("known.yaml", list), &mut problems);
    problems.extend(known.mark(&mut conformance, &examples));
    assert_eq!(problems, []);
    let unexpected = conformance.findings.iter().filter(|found| found.known.is_none());
    assert_eq!(unexpected.map(|found| found.at.as_str()).collect::<Vec<_>>(), ["GONE"]);
}

const FEEDING: &str = "
event: onZooFeed
pattern: onZooFeed_{houseId}
scope: [zoo]
data:
  type: object
  properties:
    FIELDS: {type: object, properties: {ID: {type: integer}, RAW: {type: boolean, format: char}}}
    BEFORE: {type: object, properties: {ID: {type: integer}}}
    MEALS: {type: array, items: {type: object, properties: {GRAMS: {type: number}}}}
    NOTE: {}
";

fn events() -> Spec {
    let source = SourceText::new("events/zoo/onzoofeed.yaml", FEEDING);
    let events = vec![SpecFile::new(source.clone(), read_yaml::<Event>(&source).content.unwrap())];
    Spec { events, ..spec(&[]) }
}

/// A page about the event with an example of this payload.
fn event_page(name: &str, data: &str) -> Document {
    let text = format!(
        "# Feeding {name}\n\n> Scope: [`zoo`](x.md)\n>\n> Who can subscribe: any user\n\n\
         ```json\n{{\"event\": \"{}\", \"data\": {data}, \"ts\": \"1\", \"auth\": {{}}}}\n```\n",
        name.to_uppercase()
    );
    Document { path: format!("events/{name}.md"), bytes: text.into_bytes() }
}

#[test]
fn payloads_are_checked_as_php_sends_them() {
    let spec = events();
    let fits = r#"{"FIELDS": {"ID": 7, "RAW": true}, "BEFORE": "undefined", "MEALS": [{"GRAMS": 1.5}], "NOTE": "x"}"#;
    let differs = r#"{"FIELDS": {"ID": "seven"}, "MEALS": []}"#;
    for (name, data, payloads, leaves, found) in [
        ("onZooFeed", fits, (1, 1), (4, 5), vec![]),
        ("onZooFeed_12", fits, (1, 1), (4, 5), vec![]),
        ("onZooFeed", differs, (1, 1), (0, 1), vec![(Kind::EventMismatch, "FIELDS.ID")]),
        ("onZooFeed", "7", (0, 1), (0, 1), vec![(Kind::EventPayload, "")]),
        ("onZooSleep", fits, (0, 0), (0, 0), vec![(Kind::UnknownEvent, "")]),
    ] {
        let conformance = conform_events(&spec, &Types, &event_pages(&[event_page(name, data)]));
        let ratio = |ratio: Ratio| (ratio.fit, ratio.all);
        assert_eq!(ratio(conformance.totals.payloads), payloads, "{name} {data}");
        assert_eq!(ratio(conformance.totals.payload_leaves), leaves, "{name} {data}");
        let kinds: Vec<(Kind, &str)> =
            conformance.findings.iter().map(|finding| (finding.kind, finding.at.as_str())).collect();
        assert_eq!(kinds, found, "{name} {data}");
    }
}

/// A page about the placement `ZOO_CAGE_TAB` and what its handler receives.
const CAGE_TAB: &str = "# Tab of a Cage ZOO_CAGE_TAB\n\n> Scope: [`zoo`](scopes.md)\n\n#|\n|| **Widget Code** | **Location** ||\n\
    || `ZOO_CAGE_TAB` | Tab of a cage ||\n|#\n\n### PLACEMENT_OPTIONS\n\n#|\n|| **Parameter** | **Description** ||\n\
    || **CODE**\n`string` | Kind of the cage ||\n|| **DOORS**\n`integer` | How many it has ||\n|#\n";

#[test]
fn documented_placements_are_counted() {
    let page = Document {
        path: "api-reference/widgets/cage-tab.md".to_owned(),
        bytes: CAGE_TAB.as_bytes().to_vec(),
    };
    let documented = import(&[page], &[], None, &[]);
    let codes: Vec<&str> =
        documented.placements.iter().map(|placement| placement.placement.as_str()).collect();
    assert_eq!(codes, ["ZOO_CAGE_TAB"]);
    let spec_with = |placement: &str| {
        let source = SourceText::new("spec/placements/zoo/A.yaml", placement);
        let placement: Placement = read_yaml(&source).content.unwrap();
        Spec { placements: vec![SpecFile::new(source, placement)], ..Spec::default() }
    };
    let ratio = |ratio: Ratio| (ratio.fit, ratio.all);

    let known = "placement: ZOO_CAGE_TAB\nscope: [zoo]\nreceives: {type: object, properties: {CODE: {type: string}, DOORS: {}}}\n";
    let measured = measure_sent(&spec_with(known), &documented);
    assert_eq!((ratio(measured.placements), ratio(measured.placement_values)), ((1, 1), (1, 2)));
    assert_eq!(measured.without_type, ["ZOO_CAGE_TAB receives.DOORS"]);
    let conformance = conform_sent(&spec_with(known), &documented);
    assert_eq!((ratio(conformance.totals.placements), conformance.findings), ((1, 1), Vec::new()));

    let other = spec_with("placement: ZOO_POND_TAB\nscope: [zoo]\n");
    let measured = measure_sent(&other, &documented);
    assert_eq!((ratio(measured.placements), ratio(measured.placement_values)), ((0, 1), (0, 0)));
    assert_eq!(measured.without_descriptor, ["api-reference/widgets/cage-tab.md: ZOO_CAGE_TAB"]);
    let conformance = conform_sent(&other, &documented);
    assert_eq!(ratio(conformance.totals.placements), (0, 1));
    let found: Vec<(Kind, &str)> =
        conformance.findings.iter().map(|finding| (finding.kind, finding.method.as_str())).collect();
    assert_eq!(found, [(Kind::UnknownPlacement, "ZOO_CAGE_TAB")]);
    assert!(conformance.totals.to_string().contains("placements 0 of 1 (0.0 %)"), "{}", conformance.totals);
}

#[test]
fn documented_handlers_are_counted_by_what_registers_their_address() {
    let handler = |yaml: &str| {
        let source = SourceText::new("spec/handlers/a.yaml", yaml);
        SpecFile::new(source.clone(), read_yaml::<Handler>(&source).content.unwrap())
    };
    let feeder = "method: zoo.feeder.add\naddress: HANDLER\nscope: [zoo]\n";
    let documented = handler(&format!(
        "handler: zoo.feeder\n{feeder}receives: {{type: object, properties: {{GRAMS: {{type: integer}}}}}}\n"
    ));
    let documented = Import { handlers: vec![documented.content], ..import(&[], &[], None, &[]) };
    let ratio = |ratio: Ratio| (ratio.fit, ratio.all);
    for (name, address, known, typed) in [
        ("zoo.feeder", "OTHER", (1, 1), (0, 1)),
        ("zoo.feeding", "HANDLER", (1, 1), (0, 1)),
        ("zoo.feeding", "OTHER", (0, 1), (0, 0)),
    ] {
        let yaml = format!("handler: {name}\nmethod: ZOO.feeder.add\naddress: {address}\nscope: [zoo]\n");
        let spec = Spec { handlers: vec![handler(&yaml)], ..Spec::default() };
        let measured = measure_sent(&spec, &documented);
        assert_eq!((ratio(measured.handlers), ratio(measured.handler_values)), (known, typed), "{yaml}");
        assert_eq!(ratio(conform_sent(&spec, &documented).totals.handlers), known, "{yaml}");
    }
}

/// Checks recorded events of a spec with `onZooAnimalAdd` and `onParkClose`.
fn check_events(lines: &[Value]) -> RecordedConformance {
    let event = |name: &str, data: &str| {
        let text = format!("event: {name}\nscope: [zoo]\ndata: {data}\n");
        let source = SourceText::new(format!("spec/events/zoo/{}.yaml", name.to_lowercase()), text.clone());
        SpecFile::new(source.clone(), read_yaml::<Event>(&source).content.unwrap())
    };
    let fields = "{type: object, properties: {ID: {type: integer}, NAME: {type: string}}}";
    let data = format!("{{type: object, properties: {{FIELDS: {fields}}}}}");
    let spec = Spec {
        events: vec![
            event("onZooAnimalAdd", &data),
            event("onParkClose", "{}"),
            event("onZooSpeak", "{type: integer}"),
        ],
        ..Spec::default()
    };
    let library = library(&spec);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let recorded = read_recorded(&SourceText::new("zoo.jsonl", text), &mut Vec::new());
    conform_recorded(&SpecIndex::new(&spec, &library), &Types, &recorded)
}

#[test]
fn recorded_events_are_decoded_by_the_types_of_their_payloads() {
    let line = |body: Value| json!({"method": "onZooAnimalAdd", "kind": "event", "body": body});
    let found = check_events(&[
        line(
            json!({"event": "ONZOOANIMALADD", "data": {"FIELDS": {"ID": "7", "NAME": "Ada"}}, "auth": {"a": 1}}),
        ),
        line(json!({"data": {"FIELDS": {"ID": "seven", "NEW": "1"}, "OTHER": "2"}})),
        line(json!({"event": "onZooSpeak", "data": "7"})),
        line(json!({"event": "ONZOOELOPE", "data": []})),
        line(json!({"event": "onParkClose", "data": []})),
        line(json!("event=ONZOOANIMALADD")),
    ]);
    let totals = &found.totals;
    assert_eq!((totals.lines, totals.events, totals.events_decoded, totals.unknown_events), (6, 3, 3, 1));
    assert_eq!((totals.leaves, totals.typed, totals.mismatches, totals.replies), (6, 3, 1, 0));
    let names: Vec<_> = found.events.iter().map(|event| (event.method.as_str(), event.replies)).collect();
    assert_eq!(names, [("onZooAnimalAdd", 2), ("onZooSpeak", 1)]);
    let untyped: Vec<_> = found.events[0].untyped.iter().map(|place| place.path.as_str()).collect();
    assert_eq!(untyped, ["FIELDS.ID", "FIELDS.NEW", "OTHER"]);
    assert_eq!(found.unknown_events[0].method, "ONZOOELOPE");
    let skipped: Vec<_> = found.skipped.iter().map(|line| (line.line, line.reason.as_str())).collect();
    assert_eq!(
        skipped,
        [(5, "the generated code has no such event; run `cargo regen`"), (6, "the body is no object")]
    );
    assert!(!found.is_good(), "a value does not fit");
}

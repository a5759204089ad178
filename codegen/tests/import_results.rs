//! What pages say of results and of errors, in the forms in which they say it. The pages are our own.

use bitrix24_codegen::descriptor::Descriptor;
use bitrix24_codegen::extract::{Document, Import, import};
use serde_json::{Value, json};

/// A page of a method that takes the given parameters, with what it says of the answer and of errors.
fn page(parameters: &str, typescript: &str, answer: &str, errors: &str) -> Import {
    let text = format!(
        "# Look at an animal zoo.animal.list\n\n> Scope: [`zoo`](s.md)\n\n## Method Parameters\n\n#|\n|| **Name**\n`type` | **Description** ||\n\
         {parameters}|#\n\n## Code Examples\n\n```ts\n{typescript}\n```\n\n## Response Handling\n\n{answer}\n\n## Error Handling\n\n{errors}\n"
    );
    let documents = [
        Document { path: "zoo-animal-list.md".to_owned(), bytes: text.into_bytes() },
        Document { path: "zoo/types.md".to_owned(), bytes: ENTITIES.into() },
    ];
    import(&documents, &[], None, &[])
}

const ENTITIES: &str = "# Types\n\n### zoo_animal\n\n#|\n|| **Value**\n`type` | **Description** ||\n|| **weight**\n`double` | Kilograms ||\n\
    || **cageId**\n`zoo_cage.id` | Where it lives ||\n|#\n\n### zoo_cage\n\nNothing yet.\n\n### zoo_keeper\n\nNothing yet.\n";

fn only(import: Import) -> Descriptor {
    import.descriptors.into_iter().next().unwrap()
}

fn returns(typescript: &str, answer: &str) -> Value {
    serde_json::to_value(only(page("", typescript, answer, "")).returns).unwrap()
}

fn sample(result: &str) -> String {
    format!("```json\n{{\"result\": {result}, \"time\": {{\"start\": 1, \"finish\": 2}}}}\n```\n")
}

fn table(rows: &[(&str, &str)]) -> String {
    let rows: String =
        rows.iter().map(|(name, of)| format!("|| **{name}**\n[`{of}`](t.md) | Something ||\n")).collect();
    format!("### Returned Data\n\n#|\n|| **Name**\n`type` | **Description** ||\n{rows}|#\n")
}

#[test]
fn the_documented_type_is_chosen_where_the_example_fits() {
    for (told, shown, schema) in [
        ("integer", "\"7\"", json!({"type": "integer"})),
        ("boolean", "\"Y\"", json!({"type": "boolean"})),
        ("datetime", "false", json!({"type": "string", "format": "date-time"})),
        ("object", "[]", json!({"type": "object"})),
        ("string", "\"2026-01-02T03:04:05+00:00\"", json!({"type": "string", "format": "date-time"})),
        ("crm_status", "\"NEW\"", json!({"type": "string", "format": "crm_status"})),
        // Where it does not fit, the example is believed.
        ("integer", "\"seven\"", json!({"type": "string"})),
        (
            "integer",
            "{\"1\": true, \"2\": false}",
            json!({"type": "object", "additionalProperties": {"type": "boolean"}}),
        ),
        ("object", "[\"a\", null]", json!({"type": "array", "items": {"type": ["string", "null"]}})),
    ] {
        let answer = sample(&format!("{{\"a\": {shown}}}")) + &table(&[("result", "object"), ("a", told)]);
        assert_eq!(returns("", &answer)["properties"]["a"], schema, "{told} {shown}");
    }
}

#[test]
fn a_result_that_is_two_things_decodes_both() {
    for (results, schema) in [
        (
            vec!["{\"a\": 1}", "false"],
            json!({"type": ["object", "null"], "properties": {"a": {"type": "integer"}}}),
        ),
        (vec!["{\"a\": 1}", "[]"], json!({"type": "object", "properties": {"a": {"type": "integer"}}})),
        (vec!["{\"a\": 1}", "\"done\""], json!({"type": ["object", "string"]})),
        (vec!["null"], json!({"type": "null"})),
        (
            vec!["{\"a\": 1}", "{\"a\": {\"b\": 1}}"],
            json!({"type": "object", "properties": {"a": {"type": ["integer", "object"]}}}),
        ),
    ] {
        let answer: String = results.into_iter().map(sample).collect();
        assert_eq!(returns("", &answer), schema, "{answer}");
    }
}

#[test]
fn flattened_tables_find_the_objects_that_they_speak_of() {
    let shown = sample("{\"item\": {\"id\": \"1\", \"keeper\": {\"id\": 2, \"name\": \"A\"}}}");
    let flat = table(&[
        ("result", "object"),
        ("item", "object"),
        ("id", "integer"),
        ("born", "datetime"),
        ("result.item.keeper.shift", "integer"),
        ("time", "time"),
    ]);
    let keeper = json!({"type": "object", "properties":
        {"id": {"type": "integer"}, "name": {"type": "string"}, "shift": {"type": "integer"}}});
    let item = json!({"type": "object", "properties":
        {"id": {"type": "integer"}, "keeper": keeper, "born": {"type": "string", "format": "date-time"}}});
    assert_eq!(returns("", &(shown + &flat)), json!({"type": "object", "properties": {"item": item}}));
}

#[test]
fn a_name_and_its_type_may_stand_on_one_line() {
    let table = "#|\n|| **Name**\n`type` | **Description** ||\n|| **id**[`integer`](t.md) | The animal ||\n\
        || **time**[`time`](t.md) | How long it took ||\n|#\n";
    let answer = sample("{\"id\": \"7\"}") + "### Returned Data\n\n" + table;
    let expected = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
    assert_eq!(returns("", &answer), expected);
}

#[test]
fn identifiers_that_no_example_shows_are_integers() {
    for (name, json_type) in [
        ("id", "integer"),
        ("cageId", "integer"),
        ("CAGE_ID", "integer"),
        ("paid", "number"),
        ("weight", "number"),
    ] {
        let typescript =
            format!("const answer = await b24.actions.v2.call.make<{{ {name}: number | null }}>({{}})");
        let of = returns(&typescript, &sample(&format!("{{\"{name}\": null}}")));
        assert_eq!(of["properties"][name]["type"], json_type, "{name}");
    }
}

#[test]
fn typescript_and_entities_add_what_the_example_leaves_out() {
    let typescript = "type Result = { animal: { id: number; name?: string; price: number } }\nawait call.make<Result>({ method: 'zoo.animal.list' })";
    let answer = sample("{\"animal\": {\"id\": 1, \"price\": 5}}")
        + &table(&[("result", "object"), ("animal", "zoo_animal")]);
    let animal = json!({"type": "object", "properties": {
        "id": {"type": "integer"}, "price": {"type": "number"}, "name": {"type": "string"}, "weight": {"type": "number"},
        "cageId": {"type": "integer", "format": "zoo_cage.id"}}});
    assert_eq!(returns(typescript, &answer), json!({"type": "object", "properties": {"animal": animal}}));
    let gave = only(page("", typescript, &answer, "")).sources.remove(0).gave;
    for witness in ["returns/example", "returns/typescript", "returns/table", "returns/dictionary"] {
        assert!(gave.iter().any(|gave| gave == witness), "{gave:?}");
    }
}

#[test]
fn descriptions_of_fields_are_a_map_of_one_shared_schema() {
    let answer = sample(
        "{\"A\": {\"type\": \"int\", \"isRequired\": true}, \"B\": {\"type\": \"s\", \"isRequired\": false}}",
    ) + &table(&[("result", "object"), ("A", "integer"), ("B", "string"), ("C", "string")]);
    let schema = returns("", &answer);
    assert_eq!(schema["additionalProperties"], json!({"$ref": "#/$defs/ListDescription"}));
    let description = &schema["$defs"]["ListDescription"]["properties"];
    assert_eq!(*description, json!({"type": {"type": "string"}, "isRequired": {"type": "boolean"}}));
    assert!(schema.get("properties").is_none());
}

#[test]
fn examples_that_are_nearly_right_are_used_with_a_warning() {
    for (answer, warning) in [
        ("```json\n{\"result\": {\"a\": 1, // one\n}}\n```\n", "this example is not JSON"),
        ("```json\n{\"a\": 1}\n```\n", "this example has no `result`"),
        (
            "```json\n{\"result\": {\"a\": 1, \"time\": {\"start\": 1, \"finish\": 2}}}\n```\n",
            "the timing stands inside",
        ),
        ("```json\n{\"result\": {\"a\": 1, \"~a\": 1}}\n```\n", "differs from a in case or marks alone"),
    ] {
        let imported = page("", "", answer, "");
        let said: Vec<String> = imported.report.diagnostics.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|said| said.contains(warning)), "{answer} {said:?}");
        let schema = serde_json::to_value(only(imported).returns).unwrap();
        assert_eq!(schema, json!({"type": "object", "properties": {"a": {"type": "integer"}}}), "{answer}");
    }
}

#[test]
fn every_set_of_columns_gives_its_errors() {
    let errors = |head: &str, rows: &str| {
        let told = format!("### Possible Error Codes\n\n{head}\n{rows}|#\n");
        let errors = only(page("", "", &sample("true"), &told)).errors;
        let told = errors.into_iter().map(|error| (error.code, error.status, error.message));
        told.collect::<Vec<_>>()
    };
    let code = |code: &str, status| (code.to_owned(), status, None);
    let message = |code: &str, message: &str| (code.to_owned(), None, Some(message.to_owned()));
    for (head, rows, expected) in [
        (
            "#|\n|| **Code** | **Description** | **Status** ||",
            "|| `A_B` | Bad | 403 ||\n",
            vec![code("A_B", Some(403))],
        ),
        (
            "#|\n|| **Status** | **Code** | **Description** ||",
            "|| 400 | `A` | x ||\n|| 403 | `A` | y ||\n",
            vec![code("A", None)],
        ),
        (
            "#|\n|| **Code** | **Description** ||",
            "|| `A`\n`B` | x ||\n|| `1`, `2` | y ||\n|| `3, 4` | z ||\n",
            ["A", "B", "1", "2", "3", "4"].map(|word| code(word, None)).to_vec(),
        ),
        (
            "#|\n|| **Code** | **Description** ||",
            "|| `200040300010` | x ||\n|| `403` | Forbidden ||\n",
            vec![code("200040300010", None), code("", Some(403))],
        ),
        (
            "#|\n|| **Code** | **Description** | **Value** ||",
            "|| `403` | `Not yours` | x ||\n|| `400` | `No cage` | x ||\n",
            vec![
                (String::new(), Some(403), Some("Not yours".to_owned())),
                (String::new(), Some(400), Some("No cage".to_owned())),
                code("", None),
            ],
        ),
        (
            "#|\n|| **Code** | **Description** | **Value** ||",
            "|| `400` | `NO_CAGE` | x ||\n|| `400` | `NO` | x ||\n",
            vec![
                code("NO_CAGE", Some(400)),
                (String::new(), Some(400), Some("NO".to_owned())),
                code("", Some(400)),
            ],
        ),
        (
            "#|\n|| **Code** | **Description** | **Value** ||",
            "|| `0` | No luck | x ||\n|| `0` | Animal 7 is out | x ||\n|| `Z` | Asleep | x ||\n|| `Z` | Awake | x ||\n",
            vec![message("0", "No luck"), code("0", None), code("Z", None)],
        ),
        (
            "#|\n|| **Code** | **Description** ||",
            "|| — | A ||\n|| Empty value | B ||\n|| `Not here` | C ||\n|| `No <ANIMAL> here` | D ||\n",
            vec![message("", "Not here"), code("", None)],
        ),
        (
            "#|\n|| **Error text** | **Description** ||",
            "|| `Gone` | It left ||\n",
            vec![message("", "Gone"), code("", None)],
        ),
        (
            "#### Access Errors\n\nError Code: `BITRIX_ACCESS`\n\n#|\n|| **Field** | **Error Description** | **How to Fix** ||",
            "|| `id` | No | Ask ||\n|| `-` | No | Ask ||\n",
            vec![code("BITRIX_ACCESS", None)],
        ),
        (
            "#### Access Errors\n\nError Code: `CAGE_SHUT`\n\nHTTP Status: **403**\n\n#|\n|| **Field** | **Error Description** | **How to Fix** ||",
            "|| `id` | No | Ask ||\n",
            vec![code("CAGE_SHUT", Some(403))],
        ),
    ] {
        assert_eq!(errors(head, rows), expected, "{head}\n{rows}");
    }
}

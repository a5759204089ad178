//! What pages show of requests beside their tables, out of pages of our own: keys that are data, marks that hold in some cases
//! only, and types that examples and sentences complete.

use bitrix24_codegen::import::{Document, import};
use serde_json::{Value, json};

fn document(path: &str, text: &str) -> Document {
    Document { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
}

/// The parameters of a method whose page has these below its heading of parameters and sends these bodies.
fn params_of(method: &str, parameters: &str, bodies: &[&str]) -> Value {
    let calls: String = bodies
        .iter()
        .map(|body| format!("```bash\ncurl -d '{body}' https://x/rest/1/key/{method}\n```\n\n"))
        .collect();
    let text = format!(
        "# Look After a Cage {method}\n\n## Method Parameters\n\n{parameters}\n\n## Code Examples\n\n{calls}"
    );
    let path = format!("zoo/{}.md", method.replace('.', "-"));
    let fields =
        "# Cage Fields\n\n#|\n|| **Name**\n`type` | **Description** ||\n|| **bars**\n`integer` | – ||\n|#\n";
    let documents = [document(&path, &text), document("zoo/fields.md", fields)];
    let descriptors = import(&documents, &[], None, &[]).descriptors;
    let found = descriptors.into_iter().find(|known| known.method == method).unwrap();
    serde_json::to_value(found.params).unwrap()
}

fn table(rows: &str) -> String {
    format!("#|\n|| **Name**\n`type` | **Description** ||\n{rows}\n|#\n\n")
}

fn params(rows: &str, below: &str, bodies: &[&str]) -> Value {
    params_of("zoo.cage.tend", &(table(rows) + below), bodies)
}

#[test]
fn keys_that_are_data_make_an_object_of_records() {
    let record =
        json!({"type": "object", "properties": {"TITLE": {"type": "string"}, "SIZE": {"type": "integer"}}});
    let map = json!({"type": "object", "additionalProperties": record});
    let below = format!(
        "### Parameter labels {{#labels}}\n\n{}",
        table("|| **TITLE**\n`string` | – ||\n|| **SIZE**\n`integer` | – ||")
    );
    for (why, description, body, expected) in [
        (
            "the example sends records below other keys",
            "Labels",
            r#"{"labels": {"en": {"TITLE": "a"}, "de": {"TITLE": "b", "SIZE": 1}}}"#,
            &map,
        ),
        ("the description says so", "Labels. The key is the language", r#"{"id": 1}"#, &map),
        (
            "an example sends a listed field",
            "The key is the language",
            r#"{"labels": {"TITLE": "a"}}"#,
            &record,
        ),
        ("a value is no record", "Labels", r#"{"labels": {"en": "a"}}"#, &record),
        ("a record has a field of its own", "Labels", r#"{"labels": {"en": {"COLOUR": "a"}}}"#, &record),
    ] {
        let rows = format!("|| **labels**\n`object` | {description} ||");
        assert_eq!(&params(&rows, &below, &[body])["properties"]["labels"], expected, "{why}");
    }
}

#[test]
fn names_that_stand_for_others_leave_the_object_open() {
    for name in ["fieldN", "PROPERTY_FieldId", "UF_\\*"] {
        let below = format!(
            "### Parameter data\n\n{}",
            table(&format!("|| **ID**\n`integer` | – ||\n|| **{name}**\n`any` | – ||"))
        );
        let data = &params("|| **data**\n`object` | – ||", &below, &[])["properties"]["data"];
        let open = json!({"type": "object", "properties": {"ID": {"type": "integer"}}, "additionalProperties": true});
        assert_eq!(*data, open, "{name}");
    }
    let more = format!(
        "### Parameter data\n\n{}[Description of all cages](./fields.md)\n\n",
        table("|| **ID**\n`integer` | – ||")
    );
    assert_eq!(
        params("|| **data**\n`object` | – ||", &more, &[])["properties"]["data"]["additionalProperties"],
        true
    );
}

#[test]
fn a_key_with_a_stroke_is_one_key_where_it_is_sent_so() {
    let below = format!("### Parameter data\n\n{}", table("|| **DOOR**\\|**GATE**\n`boolean` | – ||"));
    let keys = |body: &str| {
        let data = &params("|| **data**\n`object` | – ||", &below, &[body])["properties"]["data"];
        data["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(keys(r#"{"data": {"DOOR|GATE": true}}"#), ["DOOR|GATE"]);
    assert_eq!(keys(r#"{"data": {"DOOR": true}}"#), ["DOOR", "GATE"]);
}

#[test]
fn a_filter_and_an_order_are_open_objects() {
    let below = format!("### The list {{#list}}\n\n{}", table("|| **ID***\n`integer` | – ||"));
    for (name, of, body, schema) in [
        ("filter", "object", r#"{"filter": {"ID": [1, 2]}}"#, json!({"type": "object"})),
        ("FILTER", "string", r#"{"filter": {">ID": 1}}"#, json!({"type": "object"})),
        ("order", "array", r#"{"order": {"ID": "asc"}}"#, json!({"type": "object"})),
        ("order", "string", r#"{"order": "asc"}"#, json!({"type": "string"})),
    ] {
        let rows = format!("|| **{name}**\n`{of}` | [Fields](#list) ||");
        assert_eq!(params(&rows, &below, &[body])["properties"][name], schema, "{name} {of} {body}");
    }
}

#[test]
fn a_mark_holds_only_in_the_cases_that_are_told() {
    for (first, second, required, any_of) in [
        ("The cage", "The row", json!(["A", "B"]), Value::Null),
        ("The cage", "Required if `OPEN = 'Y'`", json!(["A"]), Value::Null),
        ("This parameter is required only for lions", "Optional if shut", Value::Null, Value::Null),
        ("What is required", "The row", json!(["A", "B"]), Value::Null),
        (
            "Required if `B` is not provided",
            "Required if `A` is not provided",
            Value::Null,
            json!([{"required": ["A"]}, {"required": ["B"]}]),
        ),
        (
            "The cage",
            "Can be passed instead of `A`",
            Value::Null,
            json!([{"required": ["A"]}, {"required": ["B"]}]),
        ),
        (
            "You must provide either `A` or `B`",
            "",
            Value::Null,
            json!([{"required": ["A"]}, {"required": ["B"]}]),
        ),
        ("Instead of `C`", "Required if `C` is not passed", json!(["A"]), Value::Null),
    ] {
        let rows = format!(
            "|| **A***\n`integer` | {first} ||\n|| **B***\n`integer` | {second} ||\n|| **C**\n`integer` | – ||"
        );
        let found = params(&rows, "", &[]);
        assert_eq!((&found["required"], &found["anyOf"]), (&required, &any_of), "{first} / {second}");
    }
}

#[test]
fn marks_of_fields_that_stand_for_one_another_are_none() {
    let below = |sentence: &str| {
        let rows =
            "|| **code***\n`string` | – ||\n|| **id***\n`integer` | – ||\n|| **name***\n`string` | – ||";
        format!("### Parameter animal\n\n{}{sentence}\n\n", table(rows))
    };
    for (sentence, required) in [
        ("Pass either the `code` or the `id`.", json!(["name"])),
        ("The `code` and the `id` are told at the gate.", json!(["code", "id", "name"])),
    ] {
        let found = params("|| **animal**\n`object` | – ||", &below(sentence), &[]);
        assert_eq!(found["properties"]["animal"]["required"], required, "{sentence}");
    }
}

#[test]
fn an_update_that_leaves_out_a_marked_field_takes_back_the_marks() {
    let rows = "|| **fields***\n`object` | – ||";
    let fields = table("|| **NAME***\n`string` | – ||\n|| **SIZE***\n`integer` | – ||");
    let parameters = format!("{}### Parameter fields\n\n{fields}", table(rows));
    for (method, bodies, required) in [
        ("zoo.cage.update", vec![r#"{"fields": {"NAME": "a"}}"#], Value::Null),
        (
            "zoo.cage.update",
            vec![r#"{"fields": {"NAME": "a", "SIZE": 1}}"#, r#"{"fields": {"SIZE": 1}}"#],
            Value::Null,
        ),
        ("zoo.cage.update", vec![r#"{"fields": {"NAME": "a", "SIZE": 1}}"#], json!(["NAME", "SIZE"])),
        ("zoo.cage.update", vec![], json!(["NAME", "SIZE"])),
        ("zoo.cage.add", vec![r#"{"fields": {"NAME": "a"}}"#], json!(["NAME", "SIZE"])),
    ] {
        let found = params_of(method, &parameters, &bodies);
        assert_eq!(found["properties"]["fields"]["required"], required, "{method} {bodies:?}");
        assert_eq!(found["required"], json!(["fields"]), "{method}");
    }
}

#[test]
fn a_single_value_is_also_what_its_description_and_its_example_show() {
    for (of, description, body, types) in [
        (
            "string",
            "A name, or an object with names by language",
            r#"{"a": {"en": "x"}}"#,
            json!(["string", "object"]),
        ),
        ("integer", "The cage. An array can be passed", r#"{"a": [1, 2]}"#, json!(["integer", "array"])),
        ("string", "Flags:\n- `LOUD` — louder", r#"{"a": {"LOUD": "Y"}}"#, json!(["string", "object"])),
        // One witness alone may be wrong.
        ("string", "The cage", r#"{"a": [1, 2]}"#, json!("string")),
        ("string", "An array can be passed", r#"{"a": "x"}"#, json!("string")),
    ] {
        let rows = format!("|| **a**\n`{of}` | {description} ||");
        assert_eq!(params(&rows, "", &[body])["properties"]["a"]["type"], types, "{description}");
    }
}

#[test]
fn the_form_of_an_object_gives_its_keys() {
    for (of, description, schema) in [
        (
            "object",
            "The kind in the format `{\"module\": \"zoo\", \"code\": \"CAGE\"}`.\nPossible values for `code`:\n- `CAGE` — cage\n- `POND` — pond",
            json!({"type": "object", "properties": {"module": {"type": "string"}, "code": {"type": "string"}}}),
        ),
        (
            "array",
            "Image. An object in the format `{file: [v1, v2]}`, where:\n- `v1` – name\n- `v2` – content",
            json!({"type": "object", "properties": {"file": {}}}),
        ),
        (
            "array",
            "An array of places in the format `{\"row\": 1, \"seat\": 2}`",
            json!({"type": "array", "items":
                {"type": "object", "properties": {"row": {"type": "integer"}, "seat": {"type": "integer"}}}}),
        ),
        ("object", "Names in the format `{\"lang_1\": \"a\", \"lang_2\": \"b\"}`", json!({"type": "object"})),
        ("object", "Phrases by code. Examples:\n- `ROAR`: loud\n- `PURR`: low", json!({"type": "object"})),
        ("object", "Mode:\n- `Y` — open\n- `N` — shut", json!({"type": "object"})),
    ] {
        let rows = format!("|| **a**\n`{of}` | {description} ||");
        assert_eq!(params(&rows, "", &[])["properties"]["a"], schema, "{description}");
    }
}

#[test]
fn a_link_beside_keys_may_be_that_of_one_of_them() {
    let rows =
        "|| **replace**\n`object` | Keys:\n- **caption** — text\n- **fields** — see [below](#fields) ||";
    let below = format!("### Parameter fields {{#fields}}\n\n{}", table("|| **NAME**\n`string` | – ||"));
    let found = params(rows, &below, &[r#"{"replace": {"caption": "x", "fields": {"NAME": "y"}}}"#]);
    let fields = json!({"type": "object", "properties": {"NAME": {"type": "string"}}});
    let expected = json!({"type": "object", "properties": {"caption": {}, "fields": fields}});
    assert_eq!(found["properties"]["replace"], expected);
}

#[test]
fn further_parameters_and_pages_of_fields_are_read() {
    let below = format!("### Additional Parameters\n\n{}", table("|| **loud**\n`boolean` | – ||"));
    let found = params("|| **data**\n`object` | [Fields](./fields.md) of a cage ||", &below, &[]);
    let expected = json!({
        "data": {"type": "object", "properties": {"bars": {"type": "integer"}}},
        "loud": {"type": "boolean"},
    });
    assert_eq!(found["properties"], expected);
}

#[test]
fn a_form_that_stands_by_itself_gives_the_types_of_its_keys() {
    let form = "When it is fed.\n\nObject format:\n\n```\n{\n    SINCE: datetime|date,\n    KIND: 'DAILY'|'NEVER',\n}\n```";
    let list = "\n\n- `SINCE` — from when\n- `KIND` — how often";
    let expected = json!({"type": "object", "properties": {
        "SINCE": {"type": "string", "format": "date-time"},
        "KIND": {"type": "string", "enum": ["DAILY", "NEVER"]},
    }});
    for (why, description, body) in [
        ("the form alone", form.to_owned(), r#"{"id": 1}"#),
        ("with a list that explains the keys", form.to_owned() + list, r#"{"id": 1}"#),
        ("an example of another case sends a text", form.to_owned(), r#"{"feeding": "at noon"}"#),
    ] {
        let found = params(&format!("|| **feeding**\n`object` | {description} ||"), "", &[body]);
        assert_eq!(found["properties"]["feeding"], expected, "{why}");
    }
}

#[test]
fn a_value_without_a_type_is_an_integer_where_its_default_is_one() {
    for (description, body, expected) in [
        ("How many bars.\n\nDefault `4`", r#"{"id": 1}"#, json!({"type": "integer", "default": 4})),
        ("How many bars.\n\nDefault `4`", r#"{"bars": 2}"#, json!({"type": "integer", "default": 4})),
        ("How many bars.\n\nDefault `4`", r#"{"bars": "some"}"#, json!({"type": "string"})),
        ("How many bars.", r#"{"bars": 2}"#, json!({"type": "integer"})),
    ] {
        let found = params(&format!("|| **bars** | {description} ||"), "", &[body]);
        assert_eq!(found["properties"]["bars"], expected, "{description} {body}");
    }
}

#[test]
fn a_sentence_below_the_table_may_ask_for_one_of_two() {
    let rows = "|| **cage**\n`integer` | – ||\n|| **pond**\n`integer` | – ||";
    let found =
        params(rows, "The method accepts one of the parameters: `cage` or `pond`.\n\n", &[r#"{"cage": 1}"#]);
    assert_eq!(found["anyOf"], json!([{"required": ["cage"]}, {"required": ["pond"]}]));
}

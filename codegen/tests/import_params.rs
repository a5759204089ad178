//! Parameters, their fields and types, out of pages of our own in the forms that the documentation has.

use bitrix24_codegen::descriptor::Descriptor;
use bitrix24_codegen::extract::{Document, import};
use serde_json::{Value, json};

fn document(path: &str, text: &str) -> Document {
    Document { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
}

/// A page about `zoo.cage.open` with this below its heading of parameters.
fn page(parameters: &str) -> String {
    format!(
        "# Open a Cage zoo.cage.open\n\n## Method Parameters\n\n{parameters}\n\n## Code Examples\n\n\
        ```bash\ncurl -d '{{\"filter\":{{\"ID\":1}},\"rows\":{{\"A\":1}}}}' https://x/rest/1/key/zoo.cage.open\n```\n\n\
        ## Response Handling\n\n### Returned Data\n\n#|\n|| **Name**\n`type` | **Description** ||\n\
        || **bars**\n`object` | Bars ([see](#bars)) ||\n|#\n"
    )
}

fn imported(parameters: &str, others: &[Document]) -> Descriptor {
    let mut documents = vec![document("zoo/zoo-cage-open.md", &page(parameters))];
    documents.extend(others.iter().cloned());
    let descriptors = import(&documents, &[], None, &[]).descriptors;
    descriptors.into_iter().find(|known| known.method == "zoo.cage.open").unwrap()
}

/// The schema of all parameters, without the parts that every one has.
fn params(parameters: &str, others: &[Document]) -> Value {
    serde_json::to_value(imported(parameters, others).params).unwrap()
}

/// The schemas of the parameters in a table of these rows.
fn properties(rows: &str, below: &str) -> Value {
    let table = format!("#|\n|| **Name**\n`type` | **Description** ||\n{rows}\n|#\n\n{below}");
    params(&table, &[])["properties"].clone()
}

const FIELDS: &str = "#|\n|| **Name**\n`type` | **Description** ||\n|| **TITLE***\n[`string`](types.md) | – ||\n\
    || **UF_\\***\n`any` | – ||\n|#";

#[test]
fn fields_are_found_in_every_way_pages_refer_to_them() {
    let object = json!({
        "type": "object",
        "required": ["TITLE"],
        "properties": {"TITLE": {"type": "string"}},
        "additionalProperties": true,
    });
    let ways = [
        ("behind a link", "[Described below](#list)", format!("### The list {{#list}}\n\n{FIELDS}")),
        ("below a heading that names it", "What to set", format!("### Parameter data\n\n{FIELDS}")),
        ("in a heading of another case", "What to set", format!("## DATA Object\n\n{FIELDS}")),
        ("in its own cell", &format!("What to set\n\n{FIELDS}\n\n") as &str, String::new()),
    ];
    for (way, description, below) in ways {
        let rows = format!("|| **data**\n`object` | {description} ||");
        assert_eq!(properties(&rows, &below), json!({"data": object}), "{way}");
        let rows = format!("|| **data**\n`object[]` | {description} ||");
        assert_eq!(properties(&rows, &below), json!({"data": {"type": "array", "items": object}}), "{way}");
    }
}

#[test]
fn fields_on_another_page_and_words_of_a_dictionary_are_known() {
    let types = "# Types\n\n#|\n|| **Type** | **Description** ||\n|| `zoo_mood` | String identifier of a mood ||\n|#\n\n\
        ### zoo_animal {#zoo_animal}\n\n#|\n|| **Value**\n`type` | **Description** ||\n|| **id**\n`integer` | – ||\n\
        || **tag**\n`string` | – ||\n|#\n";
    let table = "#|\n|| **Name**\n`type` | **Description** ||\n|| **animal**\n`object` | See [there](./types.md#zoo_animal) ||\n\
        || **mood**\n`zoo_mood` | – ||\n|| **tag**\n`zoo_animal.tag` | – ||\n|| **by**\n`zoo_keeper.ID` | – ||\n|#";
    let expected = json!({
        "animal": {"type": "object", "properties": {"id": {"type": "integer"}, "tag": {"type": "string"}}},
        "mood": {"type": "string", "format": "zoo_mood"},
        "tag": {"type": "string", "format": "zoo_animal.tag"},
        "by": {"type": "integer", "format": "zoo_keeper.ID"},
    });
    assert_eq!(params(table, &[document("zoo/types.md", types)])["properties"], expected);
}

#[test]
fn tables_below_tabs_are_variants() {
    let tab = |name: &str, of: &str| {
        format!(
            "- {name}\n\n    #|\n    || **Name**\n    `type` | **Description** ||\n    || **SIZE**\n    `{of}` | – ||\n    |#\n"
        )
    };
    let below = format!(
        "### Parameter settings\n\n{{% list tabs %}}\n\n{}\n{}\n{{% endlist %}}\n",
        tab("door", "integer"),
        tab("gate", "string")
    );
    let variant = |of: &str| json!({"type": "object", "properties": {"SIZE": {"type": of}}});
    let expected = json!({"settings": {"type": "object", "oneOf": [variant("integer"), variant("string")]}});
    assert_eq!(properties("|| **settings**\n`object` | – ||", &below), expected);
}

#[test]
fn keys_that_a_list_explains_are_fields_and_placeholders_are_none() {
    let keys = "Keys:\n- `NAME` — name\n    - `x` — inner\n- `AGE` (`integer`) — age";
    let expected =
        json!({"data": {"type": "object", "properties": {"NAME": {}, "AGE": {"type": "integer"}}}});
    assert_eq!(properties(&format!("|| **data**\n`object` | {keys} ||"), ""), expected);
    let format = "Where:\n- `field_n` — field\n- `value_n` — value";
    assert_eq!(
        properties(&format!("|| **data**\n`object` | {format} ||"), ""),
        json!({"data": {"type": "object"}})
    );
}

#[test]
fn what_is_documented_as_one_and_described_as_several_is_a_list() {
    let types = document(
        "zoo/types.md",
        "# Types\n\n#|\n|| **Type** | **Description** ||\n|| `zoo_phone` | Object with a number ||\n|#\n",
    );
    let list = |items: Value| json!({"type": "array", "items": items});
    let phone = json!({"type": "object", "format": "zoo_phone"});
    let sent = "```bash\ncurl -d '{\"cages\":[{\"A\":1}],\"pairs\":[[1,2]],\"alone\":[{\"A\":1}]}' https://x/rest/1/key/zoo.cage.open\n```";
    for (name, told, description, expected) in [
        ("cages", "object", "A list of cages", list(json!({"type": "object"}))),
        ("pairs", "object", "An array of pairs", list(json!({"type": "array"}))),
        // Nothing but the example speaks of a list.
        ("alone", "object", "What to export", json!({"type": "object"})),
        ("phone", "zoo_phone", "Phone. Multiple", list(phone.clone())),
        ("phone", "zoo_phone", "Phone", phone),
        ("keeperIds", "integer", "A list of keepers", list(json!({"type": "integer"}))),
        ("keeperId", "integer", "One of the list of keepers", json!({"type": "integer"})),
    ] {
        let table = format!(
            "#|\n|| **Name**\n`type` | **Description** ||\n|| **{name}**\n`{told}` | {description} ||\n|#\n\n{sent}"
        );
        assert_eq!(
            params(&table, std::slice::from_ref(&types))["properties"][name],
            expected,
            "{name}: {description}"
        );
    }
}

#[test]
fn what_chooses_by_fields_is_open() {
    let rows = "|| **select**\n`array` | [Fields](#list) ||\n|| **order**\n`object` | [Fields](#list) ||\n\
        || **FILTER**\n`string` | [Fields](#list), with `>=` before the name ||\n|| **rows**\n`array` | – ||";
    let below = "### The list {#list}\n\n#|\n|| **Name**\n`type` | **Description** ||\n|| **ID**\n`integer` | – ||\n|#";
    let expected = json!({
        "select": {"type": "array", "items": {"type": "string"}},
        "order": {"type": "object"},
        "FILTER": {"type": "object"},
        "rows": {"type": "object"},
    });
    assert_eq!(properties(rows, below), expected);
}

#[test]
fn a_description_tells_values_defaults_and_bounds_where_they_are_certain() {
    for (of, description, schema) in [
        (
            "string",
            "Mood. Possible values:\n- `calm` — so\n- `wild` — so\n\nBy default `calm`",
            json!({"type": "string", "enum": ["calm", "wild"], "default": "calm"}),
        ),
        ("string", "Possible values: `a`, `b` or `c`", json!({"type": "string", "enum": ["a", "b", "c"]})),
        ("integer", "Kind:\n- `1` — door\n- `2` — gate", json!({"type": "integer", "enum": [1, 2]})),
        ("integer", "Typical values:\n- `1` — door\n- `2` — gate", json!({"type": "integer"})),
        ("string", "Possible values:\n- `U{id}` — user\n- `UA` — all", json!({"type": "string"})),
        ("integer", "Possible values:\n- `>= 1` — yes\n- `0` — no", json!({"type": "integer"})),
        (
            "char",
            "Possible values:\n- `Y` — yes\n- `N` — no\n\nDefault is `N`",
            json!({"type": "boolean", "format": "char", "default": false}),
        ),
        ("boolean", "Open it: `Y/N`", json!({"type": "boolean", "format": "char"})),
        (
            "boolean",
            "Open it: `true` or `false`. Default: `true`",
            json!({"type": "boolean", "default": true}),
        ),
        ("char", "One letter", json!({"type": "string", "format": "char"})),
        (
            "integer",
            "The minimum value is `1`, default `5`",
            json!({"type": "integer", "minimum": 1, "default": 5}),
        ),
        (
            "string",
            "Possible values:\n- `loud` — as lions\n- `low` — as mice, default value.",
            json!({"type": "string", "enum": ["loud", "low"], "default": "low"}),
        ),
        (
            "string",
            "Possible values:\n- `first` — default\n- `last` — not",
            json!({"type": "string", "enum": ["first", "last"]}),
        ),
        (
            "string",
            "Kind of the cage:\n- `open` — so\n- `shut` — so",
            json!({"type": "string", "enum": ["open", "shut"]}),
        ),
        ("string", "Name in the format:\n- `cage1` — so\n- `pond1` — so", json!({"type": "string"})),
        ("string", "Kind.\n\nIt depends.\n\nOpen cages:\n- `a` — so\n- `b` — so", json!({"type": "string"})),
        ("string", "By default the value of `LABEL`", json!({"type": "string"})),
        ("string", "No more than 20 characters", json!({"type": "string", "maxLength": 20})),
        ("datetime|null", "When", json!({"type": ["string", "null"], "format": "date-time"})),
        ("integer/array", "Which", json!({"type": ["integer", "array"]})),
    ] {
        let of = of.replace('|', "\\|");
        assert_eq!(
            properties(&format!("|| **a**\n`{of}` | {description} ||"), "")["a"],
            schema,
            "{of}: {description}"
        );
    }
}

#[test]
fn numbered_tables_are_ways_to_call_and_each_names_what_it_needs() {
    let way = |heading: &str, names: &[&str]| {
        let rows: String = names.iter().map(|name| format!("|| **{name}**\n`integer` | – ||\n")).collect();
        format!("### {heading}\n\n#|\n|| **Name**\n`type` | **Description** ||\n{rows}|#\n\n")
    };
    let ways = way("1. By number", &["id*", "loud"]) + &way("2. By place", &["row*", "column*"]);
    let params = params(&ways, &[]);
    assert_eq!(params["anyOf"], json!([{"required": ["id"]}, {"required": ["row", "column"]}]));
    assert_eq!(params.get("required"), None);
    assert_eq!(params["properties"].as_object().unwrap().len(), 4);
}

#[test]
fn several_rules_of_which_one_must_be_given_are_multiplied_out() {
    let table = "#|\n|| **Name**\n`type` | **Description** ||\n|| **A***\n`integer` | – ||\n\
        || **B***\n`integer` | At least one of the parameters must be specified: `A` or `B` ||\n\
        || **C***\\|**D***\n`integer` | – ||\n|| **E***\n`integer` | – ||\n|#";
    let params = params(table, &[]);
    let mut sets: Vec<Vec<String>> = params["anyOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|set| {
            let mut names: Vec<String> = serde_json::from_value(set["required"].clone()).unwrap();
            names.sort();
            names
        })
        .collect();
    sets.sort();
    assert_eq!(sets, [["A", "C"], ["A", "D"], ["B", "C"], ["B", "D"]]);
    assert_eq!(params["required"], json!(["E"]));
}

#[test]
fn a_name_with_dots_is_a_field_of_the_parameter_before_it() {
    let rows =
        "|| **data***\n`object` | – ||\n|| **data.ID***\n`integer` | – ||\n|| **A.B**\n`string` | – ||";
    let expected = json!({
        "data": {"type": "object", "required": ["ID"], "properties": {"ID": {"type": "integer"}}},
        "A.B": {"type": "string"},
    });
    assert_eq!(properties(rows, ""), expected);
}

#[test]
fn a_table_of_what_is_answered_is_never_one_of_parameters() {
    for none in ["No parameters.", "No parameters are required", "The method has no parameters. Call it."] {
        assert_eq!(params(none, &[]), json!({"type": "object"}), "{none}");
    }
    let rows = "|| **bars**\n`object` | [See](#bars) ||";
    assert_eq!(properties(rows, ""), json!({"bars": {"type": "object"}}));
}

#[test]
fn tables_that_lead_to_one_another_come_to_an_end() {
    let row = |name: &str, to: &str| format!("|| **{name}**\n`object` | [More](#{to}) ||\n").repeat(20);
    let table = |rows: String| format!("#|\n|| **Name**\n`type` | **Description** ||\n{rows}|#\n\n");
    let below = format!("### A {{#a}}\n\n{}### B {{#b}}\n\n{}", table(row("x", "b")), table(row("y", "a")));
    assert!(properties("|| **data**\n`object` | [More](#a) ||", &below)["data"]["properties"].is_object());
}

#[test]
fn a_page_may_say_in_a_sentence_alone_that_there_is_nothing_to_give() {
    for (sentence, unknown) in [
        ("Opens all cages. Without parameters.", false),
        ("The method is called without parameters.", false),
        ("Opens all cages.", true),
    ] {
        let text = format!(
            "# Open All Cages zoo.cage.openAll\n\n{sentence}\n\n## Code Examples\n\n```bash\n\
            curl https://x/rest/1/key/zoo.cage.openAll\n```\n\n## Response Handling\n\n```json\n{{\"result\": true}}\n```\n"
        );
        let descriptors = import(&[document("zoo/zoo-cage-open-all.md", &text)], &[], None, &[]).descriptors;
        assert_eq!(descriptors[0].required_unknown, unknown, "{sentence}");
    }
}

#[test]
fn the_token_of_the_caller_is_no_parameter() {
    let rows = "|| **auth***\n`string` | – ||\n|| **ID***\n`integer` | – ||";
    assert_eq!(properties(rows, ""), json!({"ID": {"type": "integer"}}));
}

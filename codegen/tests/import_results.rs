//! What pages say of results and of errors, where `tests/rules/` does not show it. The pages are our own.

use bitrix24_codegen::descriptor::Descriptor;
use bitrix24_codegen::extract::{Document, Import, import};

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

fn sample(result: &str) -> String {
    format!("```json\n{{\"result\": {result}, \"time\": {{\"start\": 1, \"finish\": 2}}}}\n```\n")
}

fn table(rows: &[(&str, &str)]) -> String {
    let rows: String =
        rows.iter().map(|(name, of)| format!("|| **{name}**\n[`{of}`](t.md) | Something ||\n")).collect();
    format!("### Returned Data\n\n#|\n|| **Name**\n`type` | **Description** ||\n{rows}|#\n")
}

#[test]
fn sources_name_what_gave_the_result() {
    let typescript = "await call.make<{ animal: { name: string } }>({ method: 'zoo.animal.list' })";
    let answer =
        sample("{\"animal\": {\"id\": 1}}") + &table(&[("result", "object"), ("animal", "zoo_animal")]);
    let gave = only(page("", typescript, &answer, "")).sources.remove(0).decided;
    for witness in ["returns/example", "returns/typescript", "returns/table", "returns/dictionary"] {
        assert!(gave.iter().any(|gave| gave == witness), "{gave:?}");
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

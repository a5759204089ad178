//! The importer returns a report for arbitrary bytes, in bounded time.
#![cfg(feature = "importer")]

use std::time::{Duration, Instant};

use bitrix24_codegen::extract::{Document, Import, import};
use proptest::collection::vec;
use proptest::prelude::*;

const PAGES: [&str; 4] = [
    include_str!("import/modern.md"),
    include_str!("import/old.md"),
    include_str!("import/front_matter.md"),
    include_str!("import/rendered.txt"),
];

/// Fragments of all forms, for random combinations.
const FRAGMENTS: &[&str] = &[
    "#|",
    "|#",
    "||",
    "|",
    "\\|",
    "\n",
    "\n",
    " ",
    "`",
    "``",
    "```",
    "```json\n",
    "~~~\n",
    "**",
    "*",
    "^*^",
    "[",
    "](",
    ")",
    "#",
    "## Method Parameters\n",
    "## Parameters\n",
    "### Possible Error Codes\n",
    "## Response Handling\n",
    "Code Examples\n",
    "Error Handling\n",
    "Statuses and System Error Codes\n",
    "Scope:\n",
    "> Scope: [`a`](b)\n",
    "{% note info \"x\" %}\n",
    "{% endnote %}\n",
    "{% list tabs %}\n",
    "{% endlist %}\n",
    "{% if build == 'dev' %}\n",
    "{% endif %}\n",
    "{% include [a](b) %}\n",
    "---\n",
    "method: a.b\n",
    "params: {\n",
    "Name |\n",
    "Code |\n",
    "Description |\n",
    "Value |\n",
    "|\n",
    "|| **Name** | **Description** ||\n",
    "|| **Code** | **Description** | **Value** ||\n",
    "|| **ID***\n[`integer`](x) | from 1 to 5 ||\n",
    "{\"error\": \"A\"}\n",
    "{\"result\": ",
    "[{",
    "true\n",
    "\"",
    "-d '",
    "https://x/rest/api/a.b\n",
    "callMethod('a.b'",
    "# T a.b\n",
    "T a.b\n",
    "é",
    "Название",
    "\u{feff}",
    "\u{0}",
    "At least one of the parameters must be given: ID or B. ",
    "from 1 to 99999999999999999999",
    "DEPRECATED\n",
    "\r\n",
    "\t",
];

fn import_bytes(path: &str, bytes: Vec<u8>) -> Import {
    let imported = import(&[Document { path: path.to_owned(), bytes }], &[], None, &[]);
    assert!(imported.report.is_complete());
    for descriptor in &imported.descriptors {
        bitrix24_codegen::descriptor::to_yaml(descriptor).unwrap();
    }
    serde_json::to_string(&imported.report).unwrap();
    imported
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes in vec(any::<u8>(), 0..2000), path in "[a-z/]{0,8}(\\.md|\\.txt)?") {
        import_bytes(&path, bytes);
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,500}") {
        import_bytes("a.md", text.into_bytes());
    }

    #[test]
    fn any_mixture_of_fragments_is_read(parts in vec(prop::sample::select(FRAGMENTS), 0..120)) {
        import_bytes("a.md", parts.concat().into_bytes());
    }

    #[test]
    fn damaged_pages_are_read(
        page in prop::sample::select(&PAGES[..]),
        damage in vec((any::<prop::sample::Index>(), 0..40_usize, prop::sample::select(FRAGMENTS)), 1..8),
    ) {
        let mut bytes = page.as_bytes().to_vec();
        for (place, length, fragment) in damage {
            let start = place.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, fragment.bytes());
        }
        import_bytes("a.md", bytes);
    }
}

/// Each of these is a few hundred kilobytes; at quadratic cost they would take minutes.
#[test]
fn hostile_pages_are_read_in_time() {
    let repeated = |part: &str| part.repeat(300_000 / part.len());
    let long_runs: String = (1..700).map(|length| "`".repeat(length) + " ").collect();
    let fences: String = (3..400).map(|length| format!("{}\n## Examples\n", "`".repeat(length))).collect();
    let mut pages = vec![
        ("runs", long_runs),
        ("fences of every length", fences),
        (
            "rendered cells",
            format!("T a.b\nMethod Parameters\n|\nName |\nDescription |\n{}", repeated("|\nx\n")),
        ),
        ("rendered JSON", format!("T a.b\nResponse Handling\n{}", repeated("{\"a\": [\n"))),
        ("rendered heads", format!("T a.b\n{}", repeated("|\nName |\n"))),
        ("yaml brackets", format!("---\n{}\n---\n# T a.b", repeated("[").get(..30_000).unwrap())),
        ("yaml keys", format!("---\n{}---\n# T a.b", repeated("a: b\n").get(..30_000).unwrap())),
        ("long front-matter", format!("---\n{}", repeated("a: &a [*a]\n"))),
        ("many params", {
            let row = |n: usize| format!("|| **P{n}** | x ||\n");
            format!("# T a.b\n## Parameters\n#|\n{}|#", (0..15_000).map(row).collect::<String>())
        }),
        ("many errors", {
            let row = |n: usize| format!("|| `E{n}` | x | y ||\n");
            let head = "|| **Code** | **Description** | **Value** ||\n";
            format!("# T a.b\n## Error Codes\n#|\n{head}{}|#", (0..15_000).map(row).collect::<String>())
        }),
    ];
    for part in [
        "#|\n|| ",
        "#| || ",
        "|| ",
        "|#",
        "`",
        "``` ",
        "```a\n## Examples\n",
        "[",
        "](",
        "[a](",
        "{% note %}\n",
        "{% list tabs %}\n- a\n",
        "{% if build == 'dev' %}\n",
        "## Examples\n",
        "> ",
        "- ",
        "-d '",
        "-d '[",
        "/rest/",
        "callMethod('",
        "\\",
        "**",
        "{\"a\":",
        "- a\n",
        "#|\n|| a ||\n## Examples\n",
        "|| a\n",
        "x.",
        "at least one of the parameters must be ",
    ] {
        pages.push((part, format!("# T a.b\n## Parameters\n{}", repeated(part))));
        pages.push((part, format!("# T a.b\n## Parameters\n#|\n|| {}", repeated(part))));
        pages.push((part, format!("# T a.b\n## Examples\n```\n{}", repeated(part))));
    }
    for (name, page) in pages {
        let start = Instant::now();
        import_bytes("a.md", page.into_bytes());
        let took = start.elapsed();
        assert!(took < Duration::from_secs(10), "{name:?} took {took:?}");
    }
}

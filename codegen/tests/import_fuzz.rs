//! The importer returns a report for arbitrary bytes, in bounded time, and what it writes is accepted by every other command.
#![cfg(feature = "importer")]

#[path = "../../fuzz/harness.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
mod harness;

use std::path::Path;
use std::time::{Duration, Instant};

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

/// Imports a document, with everything that holds for any input.
fn import_bytes(path: &str, bytes: &[u8]) {
    let head = format!("{}{path}\n", harness::SEPARATOR);
    harness::pages(&[head.as_bytes(), bytes].concat());
}

/// A page with fragments in place of parts of it.
fn damaged() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let damage = vec((any::<prop::sample::Index>(), 0..40_usize, prop::sample::select(FRAGMENTS)), 1..8);
    (prop::sample::select(&PAGES[..]), damage).prop_map(|(page, damage)| {
        let mut bytes = page.as_bytes().to_vec();
        for (place, length, fragment) in damage {
            let start = place.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, fragment.bytes());
        }
        (page, bytes)
    })
}

/// The number of cases: that of `PROPTEST_CASES`, if it is set.
fn config(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { cases };
    ProptestConfig { cases, failure_persistence: None, ..default }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn any_bytes_are_read(bytes in vec(any::<u8>(), 0..2000), path in "[a-z/]{0,8}(\\.md|\\.txt)?") {
        import_bytes(&path, &bytes);
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,500}") {
        harness::pages(text.as_bytes());
    }

    #[test]
    fn any_mixture_of_fragments_is_read(parts in vec(prop::sample::select(FRAGMENTS), 0..120)) {
        harness::pages(parts.concat().as_bytes());
    }

    #[test]
    fn damaged_pages_are_read((_, bytes) in damaged()) {
        harness::pages(&bytes);
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn damaged_pages_are_read_after_good_ones((page, bytes) in damaged()) {
        let next = format!("{page}{}a.md\n", harness::SEPARATOR);
        harness::pages(&[next.as_bytes(), &bytes].concat());
    }
}

/// Pages of the tests, unchanged: most of them give a spec, so that the properties are about something. Every eighth one, since
/// each is imported twice and generated.
#[test]
fn pages_of_the_tests_give_a_spec_that_is_accepted() {
    let (mut pages, mut accepted) = (0, 0);
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                pages += 1;
                if pages % 8 != 0 {
                    continue;
                }
                accepted += usize::from(harness::pages(&std::fs::read(path).unwrap()));
            }
        }
    }
    assert!(pages > 300 && accepted * 16 > pages, "{accepted} of {}", pages / 8);
}

/// Pages of two days, each a failure that was found.
#[test]
fn the_import_of_the_next_day_is_the_same_again() {
    let page = |row: &str| {
        format!("# T a.b\n\n## Parameters\n\n#|\n|| **Name**\n`type` | **Description** ||\n{row}|#\n")
    };
    let typed = page("|| **id***\n[`integer`](x) | the animal ||\n");
    for next in
        [page("|| **id*** | the animal ||\n"), page("|| **id***\n[`string`](x) | the animal ||\n"), page("")]
    {
        assert!(harness::pages(format!("{typed}{}a.md\n{next}", harness::SEPARATOR).as_bytes()), "{next}");
    }
}

/// Each of these is 60 kilobytes or a thousand rows, in a build without optimization; at quadratic cost they would take minutes.
#[test]
fn hostile_pages_are_read_in_time() {
    let repeated = |part: &str| part.repeat(60_000 / part.len());
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
            format!("# T a.b\n## Parameters\n#|\n{}|#", (0..1_000).map(row).collect::<String>())
        }),
        ("many errors", {
            let row = |n: usize| format!("|| `E{n}` | x | y ||\n");
            let head = "|| **Code** | **Description** | **Value** ||\n";
            format!("# T a.b\n## Error Codes\n#|\n{head}{}|#", (0..1_000).map(row).collect::<String>())
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
        harness::pages(page.as_bytes());
        let took = start.elapsed();
        assert!(took < Duration::from_secs(10), "{name:?} took {took:?}");
    }
}

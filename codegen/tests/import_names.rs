//! Names that no descriptor may contain are reported with their places: they are errors, or no names to the importer, which leaves
//! them out.

use bitrix24_codegen::descriptor::to_yaml;
use bitrix24_codegen::diagnostic::Diagnostic;
use bitrix24_codegen::extract::{Document, import};

/// The diagnostics of an import of one page. A name that is no error is in no descriptor.
fn diagnostics(method: &str, scope: &str, parameter: &str, code: &str, field: &str) -> Vec<String> {
    let page = format!(
        "# Feed an animal {method}\n\n> Scope: [`{scope}`](scopes.md)\n>\n> Who can run the method: any user\n\n\
        ## Method Parameters\n\n#|\n|| **Name**\n`type` | **Description** ||\n|| **{parameter}**\n`integer` | Number ||\n\
        |#\n\n## Response Handling\n\n```json\n{{\"result\": {{\"id\": 7, \"{field}\": \"Ada\"}}}}\n```\n\n\
        ## Error Handling\n\n#|\n|| **Code** | **Description** ||\n|| `{code}` | Asleep ||\n|#\n"
    );
    let document = Document { path: "feed.md".to_owned(), bytes: page.into_bytes() };
    let import = import(&[document], &[], None, &[]);
    let shown = |diagnostic: &Diagnostic| {
        let (file, line, _) = diagnostic.position().unwrap();
        format!("{file}:{line}: {}", diagnostic.message)
    };
    if import.report.errors() == 0 {
        for descriptor in &import.descriptors {
            let yaml = to_yaml(descriptor).unwrap();
            let refused = |c: char| (c.is_control() && c != '\n') || ('\u{2000}'..'\u{2070}').contains(&c);
            assert!(!yaml.contains(refused) && yaml.lines().all(|line| line.len() < 400), "{yaml}");
        }
    }
    import.report.diagnostics.iter().map(shown).collect()
}

#[test]
fn names_that_are_visible_and_short_are_no_errors() {
    assert_eq!(diagnostics("zoo.animal.feed", "zoo", "animalId", "ANIMAL_ASLEEP", "name"), [""; 0]);
    assert_eq!(diagnostics("zoo.animal.feed", "zoo", "ANIMAL_ID", "ANIMAL_ASLEEP", "~имя"), [""; 0]);
}

#[test]
fn names_with_invisible_characters_or_of_great_length_are_reported_with_their_places() {
    let long = "x".repeat(2_000);
    for (parameter, code, field, expected) in [
        ("animal\u{202e}Id", "A", "name", "feed.md:12: no name of a parameter can be read in"),
        ("animal\u{200b}Id", "A", "name", "feed.md:12: no name of a parameter can be read in"),
        (&long, "A", "name", "feed.md:12: no name of a parameter can be read in"),
        (
            "animalId",
            "A\u{2066}B",
            "name",
            "feed.md:26: the error code `A\\u{2066}B` has an invisible character",
        ),
        ("animalId", "A", "na\u{202e}me", "feed.md:19: the field `na\\u{202e}me` has an invisible character"),
        ("animalId", "A", "na\\u0007me", "feed.md:1: the field `na\\u{7}me` has a control character"),
        (
            "animalId",
            "A",
            &long,
            "feed.md:19: the field `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` is too long",
        ),
    ] {
        let found = diagnostics("zoo.animal.feed", "zoo", parameter, code, field);
        assert!(found.iter().any(|found| found.starts_with(expected)), "{expected}\n{found:#?}");
    }
}

#[test]
fn a_method_of_a_thousand_words_is_reported() {
    let method = format!("zoo.{}feed", "animal.".repeat(1_000));
    let found = diagnostics(&method, "zoo", "animalId", "A", "name");
    assert!(
        found.iter().any(|error| error.starts_with("feed.md:1: no name of a method can be read")),
        "{found:#?}"
    );
    let scope = "zoo".repeat(500);
    let found = diagnostics("zoo.animal.feed", &scope, "animalId", "A", "name");
    assert!(found.iter().any(|error| error.starts_with("feed.md:3: the scope `zoozoo")), "{found:#?}");
}

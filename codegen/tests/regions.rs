//! The generated regions of files that are written by hand.

use std::path::Path;

use bitrix24_codegen::{generate, marked_regions};

#[test]
fn the_regions_of_the_project_are_up_to_date() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (library, _) = generate(project).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let changed = marked_regions::changed_files(project, &library).unwrap();
    let names: Vec<_> = changed.iter().map(|(path, _)| path.display().to_string()).collect();
    assert!(names.is_empty(), "run `cargo regen` and review its changes of {}", names.join(", "));
}

/// A count that is written by hand becomes wrong with the next documentation.
#[test]
fn no_text_counts_methods_or_scopes_outside_of_regions() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for name in ["README.md", "CHANGELOG.md", "codegen/README.md", "core/README.md", "client/README.md"] {
        let text = std::fs::read_to_string(project.join(name)).unwrap_or_default();
        let mut is_generated = false;
        for (number, line) in text.lines().enumerate() {
            is_generated = (is_generated || line.contains("<!--")) && !line.contains("<!-- end of");
            for noun in ["methods", "scopes", "entities"] {
                let words: Vec<&str> = line.split_whitespace().collect();
                let counts = words.windows(2).any(|pair| {
                    let is_large = pair[0].replace(',', "").parse::<usize>().is_ok_and(|count| count > 20);
                    is_large && pair[1].starts_with(noun)
                });
                assert!(!counts || is_generated, "{name}:{}: a count by hand: {line}", number + 1);
            }
        }
    }
}

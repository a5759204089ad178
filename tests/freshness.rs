//! The generated files are up to date with the spec.

use std::path::Path;

use bitrix24_codegen::{descriptor, generate, marked_regions, words};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_generated_folders_are_up_to_date() {
    let (_, trees) = generate(project()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    for tree in trees {
        let changes = tree.changes(project()).unwrap_or_else(|problems| panic!("{problems:#?}"));
        assert!(changes.is_empty(), "run `cargo regen` and review its changes: {changes:#?}");
    }
}

#[test]
fn generation_is_deterministic() {
    let files = || generate(project()).unwrap().1.into_iter().map(|tree| tree.files).collect::<Vec<_>>();
    assert_eq!(files(), files());
}

#[test]
fn the_json_schemas_are_up_to_date() {
    let schemas = [
        (descriptor::SCHEMA_FILE, descriptor::generate_json_schema()),
        (descriptor::ENTITY_SCHEMA_FILE, descriptor::generate_entity_json_schema()),
        (descriptor::EVENT_SCHEMA_FILE, descriptor::generate_event_json_schema()),
        (descriptor::PLACEMENT_SCHEMA_FILE, descriptor::generate_placement_json_schema()),
        (descriptor::HANDLER_SCHEMA_FILE, descriptor::generate_handler_json_schema()),
        (words::WORDS_SCHEMA_FILE, words::generate_words_json_schema()),
    ];
    for (file, generated) in schemas {
        let present = std::fs::read_to_string(project().join("spec").join(file)).unwrap_or_default();
        assert!(present == generated, "run `cargo spec schema`");
    }
}

#[test]
fn the_marked_regions_are_up_to_date() {
    let (library, _) = generate(project()).unwrap();
    let changed = marked_regions::changed_files(project(), &library).unwrap();
    assert!(changed.is_empty(), "run `cargo regen` and review its changes: {changed:#?}");
}

#[test]
fn every_scope_of_the_spec_is_a_feature_in_full() {
    let manifest = std::fs::read_to_string(project().join("Cargo.toml")).unwrap();
    let features = manifest.split("[features]").nth(1).unwrap().split("\n[").next().unwrap();
    let full = features.lines().find(|line| line.starts_with("full = ")).unwrap();
    assert!(full.contains("\"all-scopes\""), "`full` in Cargo.toml does not include `all-scopes`");
    let all = features.lines().find(|line| line.starts_with("all-scopes = ")).unwrap();
    let (library, _) = generate(project()).unwrap();
    for method in library.modules.values().flat_map(|module| &module.methods) {
        for scope in method.features().into_iter().flatten() {
            assert!(
                features.contains(&format!("\n{scope} = []")),
                "Cargo.toml has no feature for the scope `{scope}`"
            );
            assert!(
                all.contains(&format!("\"{scope}\"")),
                "`all-scopes` in Cargo.toml does not include `{scope}`"
            );
        }
    }
}

//! Words of `spec/words/`: where they appear, what is wrong with them, and that imports keep them.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use annotate_snippets::Renderer;
use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::{Diagnostic, Severity, sort_diagnostics};
use bitrix24_codegen::emit::{self, Files};
use bitrix24_codegen::export::{OpenApiOptions, OpenApiVersion, openapi};
use bitrix24_codegen::lower::lower;
use bitrix24_codegen::model::Library;
use bitrix24_codegen::words::{
    ItemKind, LinkForm, Share, WORDS_SCHEMA_FILE, WordCounts, Words, generate_words_json_schema,
};
use tempfile::TempDir;

/// A spec with words about most of its items.
fn zoo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/words/zoo")
}

fn load(project: &Path) -> (Spec, Words) {
    let (spec, problems) = Spec::load(project, Path::new("spec"));
    assert!(problems.is_empty(), "{problems:#?}");
    let (words, problems) = Words::load(project, Path::new("spec"));
    assert!(problems.is_empty(), "{problems:#?}");
    (spec, words)
}

fn library(project: &Path, form: LinkForm) -> Library {
    let (spec, words) = load(project);
    let mut library = lower(&spec).unwrap_or_else(|problems| panic!("{problems:#?}"));
    words.attach(&spec, &mut library, form);
    library
}

/// The lines of documentation, and the items that they are about.
fn documentation(files: &Files) -> String {
    let kept = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("//!")
            || line.starts_with("///")
            || (line.starts_with("pub ") && !line.starts_with("pub use"))
            || line.ends_with(',') && line.starts_with(char::is_uppercase) && !line.contains(' ')
    };
    let of = |(path, text): (&String, &String)| {
        let lines: Vec<&str> = text.lines().filter(kept).collect();
        format!("=== {path}\n{}\n", lines.join("\n"))
    };
    files.iter().filter(|(path, _)| *path != "lib.rs").map(of).collect()
}

#[test]
fn every_item_says_what_it_means() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(documentation(&emit::emit_library(&library(&zoo(), LinkForm::Function))));
    });
}

#[test]
fn references_are_links_or_names() {
    let method = |form| {
        let library = library(&zoo(), form);
        let methods = library.modules.into_values().flat_map(|module| module.methods);
        let mut found = methods.filter(|method| method.wire == "zoo.animal.add");
        found.next().unwrap().texts.text.unwrap()
    };
    assert!(method(LinkForm::Function).contains("[`crate::park::gate::open()`]"), "another feature");
    assert!(method(LinkForm::WireName).contains("; `park.gate.open` must"));
}

#[test]
fn a_spec_needs_no_words() {
    let project = tempfile::tempdir().unwrap();
    common::write(project.path(), "spec/system.yaml", "errors: []\ntime: {type: object}\n");
    common::write(project.path(), "spec/zoo/zoo.animal.feed.yaml", "method: zoo.animal.feed\nscope: [zoo]\n");
    let (spec, words) = load(project.path());
    assert!(words.is_empty() && words.check(&spec).is_empty());
}

#[test]
fn words_of_the_zoo_fit_its_spec() {
    let (spec, words) = load(&zoo());
    assert_eq!(words.check(&spec), []);
}

fn rendered(problems: Vec<Diagnostic>) -> String {
    let renderer = Renderer::plain();
    sort_diagnostics(problems).iter().map(|problem| problem.render(&renderer) + "\n\n").collect()
}

#[test]
fn all_errors_of_all_files_are_reported_at_once() {
    let project = tempfile::tempdir().unwrap();
    let files = [
        (
            "glossary.yaml",
            "ownerId: \"A.\"\nOWNER_ID: \"B.\"\nSIZE: 5\nCOLOUR: \"\"\nX: \"An `open span.\"\n",
        ),
        ("glossary/zoo.yaml", "fields: {}\nnames: {}\n"),
        ("values.yaml", "legs: {2: [], 4: \"Four.\"}\n"),
        ("entities/zoo.yaml", "entities: {zoo.animal: {noun: [animal], txt: \"A.\"}}\n"),
        ("methods/a.yaml", "methods:\n  zoo.animal.get: {returns: \"An animal.\"}\n"),
        ("methods/b.yaml", "methods:\n  ZOO.animal.get: {text: \"Reads an animal].\", notes: \"One.\"}\n"),
        (
            "events/zoo.yaml",
            "events:\n  onZooAnimalAdd: {text: \"A.\"}\n  ONZOOANIMALADD: {text: \"B.\", payload: {}}\n",
        ),
        ("placements/zoo.yaml", "placements:\n  ZOO_CAGE_TAB: {text: \"\", option: {}}\n"),
        (
            "placements/more/zoo.yaml",
            "placements:\n  ZOO_CAGE_TAB: {text: \"B.\"}\n  zoo_cage_tab: {text: \"C.\"}\n",
        ),
        ("handlers/zoo.yaml", "handlers:\n  zoo.feeder: {notes: []}\n"),
        ("method.yaml", "methods: {}\n"),
        ("errors.yaml", "codes: [\n"),
    ];
    for (path, text) in files {
        common::write(project.path(), &format!("spec/words/{path}"), text);
    }
    let (_, problems) = Words::load(project.path(), Path::new("spec"));
    assert!(
        problems.iter().all(|problem| problem.position().is_some() && problem.severity == Severity::Error)
    );
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(rendered(problems)) });
}

#[test]
fn words_about_what_the_spec_lacks_are_warnings_and_unknown_references_errors() {
    let project = copy_of_zoo();
    let file = |path: &str, text: &str| common::write(project.path(), &format!("spec/words/{path}"), text);
    file(
        "glossary/park.yaml",
        "prefixes: [park]\nfields: {HOUR: \"An hour.\", mode: \"How wide.\"}\nerrors: {E: \"Never.\"}\n",
    );
    file("values.yaml", "legs: {2: \"A bird.\", 4: \"Others.\", 6: \"An insect.\"}\n");
    file("formats.yaml", "user: \"A user.\"\nvisitor: \"A visitor, see [zoo.visitor.list].\"\n");
    file("modules.yaml", "modules: {zoo: \"The zoo.\", lake: \"A lake.\"}\n");
    file(
        "events/zoo.yaml",
        "events:\n  ONZOOANIMALADD: {text: \"An animal was added.\", data: {FIELDS/ID: \"Its number.\", NAME: \"Its name.\"}}\n  \
         onZooClose: {text: \"The zoo was closed.\"}\n",
    );
    file(
        "placements/park.yaml",
        "placements:\n  ZOO_POND_TAB: {text: \"A tab of a pond.\", receives: {ID: \"The pond.\"}}\n",
    );
    file(
        "handlers/zoo.yaml",
        "handlers:\n  Zoo.feeder: {text: \"An animal is hungry.\", receives: {FOOD: \"What it eats.\"}}\n  \
         zoo.cleaner: {text: \"A cage is dirty.\"}\n",
    );
    file(
        "entities/park.yaml",
        "entities: {park.tree: {text: \"A tree.\", fields: {ID: \"Its number.\"}}, park.gate: {fields: {WIDTH: \"Its width.\"}}}\n",
    );
    file(
        "methods/park.yaml",
        "methods:\n  park.tree.cut: {text: \"Cuts a tree.\", params: {id: \"The number.\"}}\n  \
         zoo.animal.list: {text: \"Lists [v3:zoo.animal.list].\", params: {filter/NAME: \"The name.\"}, errors: {NO: \"No.\"}}\n",
    );
    let (spec, words) = load(project.path());
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(rendered(words.check(&spec))) });
}

#[test]
fn exported_schemas_have_descriptions() {
    let (mut spec, words) = load(&zoo());
    words.describe(&mut spec);
    let document =
        openapi(&spec, &OpenApiOptions { version: OpenApiVersion::V3_0, ..OpenApiOptions::default() });
    let at = |pointer: &str| document.pointer(pointer).and_then(serde_json::Value::as_str).map(str::to_owned);
    let table = [
        ("/paths/~1rest~1zoo.animal.add/post/summary", "Takes in an animal"),
        ("/tags/1/description", "The zoo. Animals and their cages. `zoo.animal.list` lists the animals."),
        ("/components/schemas/zoo.animal/description", "An animal of the zoo."),
        (
            "/components/schemas/zoo.animal/properties/NAME/description",
            "What visitors call the animal, for example `Ada`.",
        ),
        (
            "/paths/~1rest~1zoo.animal.add/post/requestBody/content/application~1json/schema/properties/fields/properties/FOOD/description",
            "- `HAY`: Hay, twice a day.\n- `MEAT`: Meat, kept cold.",
        ),
    ];
    for (pointer, expected) in table {
        assert_eq!(at(pointer).as_deref(), Some(expected), "{pointer} in {document:#}");
    }
    let add = at("/paths/~1rest~1zoo.animal.add/post/description").unwrap();
    assert!(
        add.contains("`park.gate.open` must have been called.\n\nReturns: The number of the new animal."),
        "{add}"
    );
    // The object is the entity without a difference, as without words.
    let result = document.pointer(
        "/paths/~1rest~1zoo.animal.get/post/responses/200/content/application~1json/schema/properties/result",
    );
    assert!(result.unwrap().to_string().contains("#/components/schemas/zoo.animal\""), "{result:?}");
}

#[test]
fn the_schema_of_editors_is_up_to_date_and_accepts_the_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = fs::read_to_string(root.join("spec").join(WORDS_SCHEMA_FILE)).unwrap();
    assert_eq!(text, generate_words_json_schema(), "run `cargo spec schema`");
    let schema = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let entity = serde_json::json!({"entities": {"zoo.animal": {"noun": ["animal", "animals"], "fields": {"ID": "A."}}}});
    assert!(validator.is_valid(&entity));
    assert!(
        !validator.is_valid(&serde_json::json!({"entities": {"zoo.animal": {"nouns": 1}}, "methods": 1}))
    );
}

#[test]
fn words_are_counted_and_items_without_words_listed() {
    let project = copy_of_zoo();
    common::write(project.path(), "spec/words/values.yaml", "mode: {1: \"The mode.\"}\n");
    common::assert_transcript!(
        &project,
        &[
            &["spec", "words", "--scopes"],
            &["spec", "words", "--wordless", "zoo"],
            &["spec", "words", "--accept"]
        ],
    );
    let counts = fs::read_to_string(project.path().join("spec/baseline/words.json")).unwrap();
    let counts: WordCounts = serde_json::from_str(&counts).unwrap();
    assert_eq!(counts.with_words[&ItemKind::Method], Share { with: 5, of: 7 });
    let output = common::run(project.path(), &["spec", "words", "--wordless", "park", "--format", "json"]);
    let output: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output["result"]["counts"]["with_words"]["module"], serde_json::json!({"with": 2, "of": 3}));
}

#[test]
fn an_update_lists_new_items_without_words() {
    let project = common::project();
    common::write(project.path(), "spec/words/glossary.yaml", "ID: \"The number.\"\n");
    let output = common::run(project.path(), &["spec", "update", "docs"]);
    let printed = common::text(&output.stdout);
    assert!(output.status.success(), "{printed}{}", common::text(&output.stderr));
    assert!(printed.contains("New items without words: what do they mean?"), "{printed}");
    assert!(printed.contains("  method "), "{printed}");
}

fn copy_of_zoo() -> TempDir {
    let project = tempfile::tempdir().unwrap();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(zoo().join(&folder)).unwrap() {
            let path = folder.join(entry.unwrap().file_name());
            if zoo().join(&path).is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(zoo().join(&path)).unwrap();
                common::write(project.path(), path.to_str().unwrap(), &text);
            }
        }
    }
    project
}

#[test]
fn an_import_keeps_all_words() {
    let project = common::project();
    let words = [
        ("spec/words/glossary.yaml", "ID: \"The number.\"\n"),
        ("spec/words/methods/gone.yaml", "methods: {zoo.gone.get: {text: \"Reads what is gone.\"}}\n"),
        ("spec/words/README.md", "Words.\n"),
    ];
    for (path, text) in words {
        common::write(project.path(), path, text);
    }
    for _ in 0..2 {
        let output = common::run(project.path(), &["spec", "import", "docs"]);
        assert!(output.status.success(), "{}", common::text(&output.stderr));
        for (path, text) in words {
            assert_eq!(fs::read_to_string(project.path().join(path)).unwrap(), text, "{path}");
        }
    }
    // Words about what is gone are no error.
    let check = common::run(project.path(), &["spec", "check"]);
    assert!(check.status.success(), "{}", common::text(&check.stderr));
    assert!(
        common::text(&check.stderr).contains("zoo.gone.get is no method of the spec"),
        "{}",
        common::text(&check.stderr)
    );
    assert!(common::run(project.path(), &["regen"]).status.success());
}

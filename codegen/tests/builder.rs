//! The generator in the build script of a downstream crate.

use std::fs;
use std::path::Path;
use std::process::Command;

use bitrix24_codegen::{BuildError, Builder};
use tempfile::TempDir;

/// A crate with these files below `spec/`.
fn spec(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join("spec").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Generates from the spec in a folder. Returns the generated file.
fn compile(folder: &Path, change: impl FnOnce(Builder) -> Builder) -> Result<String, BuildError> {
    let out = folder.join("out");
    let builder = Builder::new().spec(folder.join("spec")).out_dir(&out).emit_rerun_if_changed(false);
    change(builder).compile().map(|()| fs::read_to_string(out.join("methods.rs")).unwrap())
}

/// The type of a method's result.
fn output(code: &str) -> &str {
    code.split("type Output = ").nth(1).and_then(|rest| rest.split(';').next()).unwrap()
}

const GET: &str = "method: zoo.animal.get\nscope: [zoo]\nargs: [id]\n\
                   params: {type: object, required: [id], properties: {id: {type: integer}}}\n";

fn get_returning(returns: &str) -> String {
    format!("{GET}returns: {returns}\n")
}

#[test]
fn the_file_has_nested_modules_without_features() {
    let crate_ = spec(&[("any/folder/get.yaml", &get_returning("{type: boolean}"))]);
    let code = compile(crate_.path(), |builder| builder).unwrap();
    let file = syn::parse_file(&code).unwrap();
    assert!(file.attrs.is_empty(), "an included file has no inner attributes");
    assert!(!code.contains("cfg("), "{code}");
    let modules: Vec<&str> =
        code.lines().filter_map(|line| line.trim_start().strip_prefix("pub mod ")).collect();
    assert_eq!(modules, ["zoo {", "animal {"]);
    assert!(code.contains("use ::bitrix24 as b24;"), "{code}");
}

#[test]
fn an_entity_of_bitrix24_is_its_type() {
    for (returns, expected) in [
        ("{entity: crm.deal}", "::bitrix24::crm::deal::Deal"),
        ("{type: array, items: {entity: crm.deal}}", "Vec<::bitrix24::crm::deal::Deal>"),
        ("{entity: crm.deal, fields: [ID, TITLE]}", "Animal"),
        ("{entity: crm.deal, properties: {LEGS: {type: integer}}}", "Animal"),
    ] {
        let crate_ = spec(&[("get.yaml", &get_returning(returns))]);
        let code = compile(crate_.path(), |builder| builder).unwrap();
        assert_eq!(output(&code), expected, "{returns}");
    }
}

#[test]
fn the_interface_selects_the_entity() {
    let v3 = get_returning("{entity: tasks.task}").replace("scope", "api: v3\nscope");
    let code = compile(spec(&[("get.yaml", &v3)]).path(), |builder| builder).unwrap();
    assert_eq!(output(&code), "::bitrix24::v3::tasks::task::Task");
}

#[test]
fn a_request_has_the_fields_of_an_entity_of_bitrix24() {
    let add = "method: zoo.animal.add\nscope: [zoo]\n\
               params: {type: object, properties: {fields: {entity: crm.deal, fields: [TITLE], required: [TITLE]}}}\n";
    let code = compile(spec(&[("add.yaml", add)]).path(), |builder| builder).unwrap();
    assert!(code.contains("pub fn new(title: impl Into<String>) -> Self"), "{code}");
}

#[test]
fn an_own_entity_comes_before_one_of_bitrix24() {
    let own = "entity: crm.deal\nfields: {LEGS: {type: integer}}\n";
    let crate_ = spec(&[("entities/crm.deal.yaml", own), ("get.yaml", &get_returning("{entity: crm.deal}"))]);
    let code = compile(crate_.path(), |builder| builder).unwrap();
    assert_eq!(output(&code), "Animal");
    assert!(code.contains("pub legs: Option<i64>"), "{code}");
}

#[test]
fn an_existing_type_stands_for_an_entity() {
    let returns = "{type: object, properties: {animal: {entity: zoo.animal}, cage: {entity: zoo.cage, type: [object, \"null\"]}}}";
    let set = "method: zoo.cage.set\nscope: [zoo]\nargs: [cage]\n\
               params: {type: object, required: [cage], properties: {cage: {entity: zoo.cage}}}\n";
    let animal = "entity: zoo.animal\nfields: {LEGS: {type: integer}}\n";
    let crate_ = spec(&[
        ("get.yaml", &get_returning(returns)),
        ("set.yaml", set),
        ("entities/zoo.animal.yaml", animal),
    ]);
    let code = compile(crate_.path(), |builder| {
        builder.extern_path("zoo.animal", "crate::Animal").extern_path("zoo.cage", "zoo_types::Cage")
    })
    .unwrap();
    assert!(code.contains("pub animal: Option<crate::Animal>"), "{code}");
    assert!(code.contains("pub cage: Option<::zoo_types::Cage>"), "{code}");
    assert!(code.contains("pub fn set(cage: ::zoo_types::Cage) -> Set"), "{code}");
}

#[test]
fn bitrix24_may_have_another_name() {
    let crate_ = spec(&[("get.yaml", &get_returning("{entity: crm.deal}"))]);
    let code = compile(crate_.path(), |builder| builder.crate_path("portal::b24")).unwrap();
    assert!(code.contains("use ::portal::b24 as b24;"), "{code}");
    assert_eq!(output(&code), "::portal::b24::crm::deal::Deal");
}

#[test]
fn a_file_with_the_same_content_is_not_written() {
    let crate_ = spec(&[("get.yaml", &get_returning("{type: boolean}"))]);
    compile(crate_.path(), |builder| builder).unwrap();
    let modified = || fs::metadata(crate_.path().join("out/methods.rs")).unwrap().modified().unwrap();
    let before = modified();
    compile(crate_.path(), |builder| builder).unwrap();
    assert_eq!(modified(), before);
}

#[test]
fn errors_are_a_report_with_files_and_lines_and_nothing_is_written() {
    let wrong: [&[(&str, &str)]; 7] = [
        &[],
        &[("get.yaml", "method: zoo.animal.get\nscope: [zoo]\nchanges: perhaps\nargs: [nothing]\n")],
        &[("get.yaml", &get_returning("{entity: zoo.animal}"))],
        &[("get.yaml", &get_returning("{entity: crm.deal, fields: [LEGS]}"))],
        &[("a.yaml", &get_returning("{}")), ("b.yaml", &get_returning("{}"))],
        &[("get.yaml", GET), ("system.yaml", "errors: []\ntime: {type: object}\n")],
        &[
            ("get.yaml", &get_returning("{entity: zoo.animal}")),
            ("entities/zoo.animal.yaml", "entity: zoo.animal\nfields: {mother: {entity: zoo.animal}}\n"),
        ],
    ];
    let mut reports = String::new();
    for files in wrong {
        let crate_ = spec(files);
        let error = compile(crate_.path(), |builder| builder).unwrap_err();
        assert_eq!(format!("{error}"), format!("{error:?}"), "`unwrap` prints the report too");
        assert!(!crate_.path().join("out").exists());
        reports += &format!("{error}\n").replace(crate_.path().to_str().unwrap(), "");
    }
    let path = compile(spec(&[("get.yaml", GET)]).path(), |builder| builder.extern_path("a", "Vec<u8>"));
    reports += &path.unwrap_err().to_string();
    insta::assert_snapshot!(reports);
}

#[test]
fn a_build_script_needs_none_of_the_dependencies_of_the_tools() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", "bitrix24-codegen", "--no-default-features", "--edges"])
        .args(["normal", "--prefix", "none", "--format", "{lib}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.lines().any(|line| line == "prettyplease"), "{tree}");
    for tool in ["clap", "indicatif", "rayon", "schemars", "sha2"] {
        assert!(!tree.lines().any(|line| line == tool), "{tool}: {tree}");
    }
}

#[test]
fn words_beside_the_descriptors_are_documentation() {
    let words = "ID: \"The number of the animal, see [zoo.animal.get].\"\n";
    let method = "methods: {zoo.animal.get: {text: \"Reads an animal.\"}}\n";
    let files = [
        ("get.yaml", &*get_returning("{type: boolean}")),
        ("words/glossary.yaml", words),
        ("words/methods/zoo.yaml", method),
    ];
    let code = compile(spec(&files).path(), |builder| builder).unwrap();
    // The path of the file in the other crate is unknown, so that references are names.
    assert!(code.contains("/// The number of the animal, see `zoo.animal.get`."), "{code}");
    assert!(code.contains("/// Reads an animal."), "{code}");
    let error = compile(spec(&[("words/glossary.yaml", "ID: 5\n")]).path(), |builder| builder).unwrap_err();
    assert!(error.to_string().contains("words/glossary.yaml"), "{error}");
}

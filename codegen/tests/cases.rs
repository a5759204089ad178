//! Generated code for given descriptors. Each folder of `cases/` is a rule of the generator, named after it.
//!
//! A case holds descriptors, the model that they are lowered to (`model.snap`) and the generated Rust (`expected.snap.rs`),
//! which is compiled as a part of this test. `cargo insta review` (or `INSTA_UPDATE=always`) updates both.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::model::Library;
use bitrix24_codegen::{emit, lower};

/// One test for each case, and the generated code of each compiled.
macro_rules! cases {
    ($($name:ident: $path:literal,)*) => {
        $(
            #[rustfmt::skip]
            #[path = $path]
            #[allow(dead_code, unreachable_pub, unexpected_cfgs, reason = "only compiled, never called")]
            mod $name;
        )*

        mod generated {
            $(#[test] fn $name() { super::check(stringify!($name)); })*
        }

        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

cases! {
    a_list_has_the_type_of_its_rows: "cases/a_list_has_the_type_of_its_rows/expected.snap.rs",
    a_method_may_have_its_own_rate_limit: "cases/a_method_may_have_its_own_rate_limit/expected.snap.rs",
    a_result_may_be_a_list_of_objects: "cases/a_result_may_be_a_list_of_objects/expected.snap.rs",
    a_result_may_be_a_list_or_one_item: "cases/a_result_may_be_a_list_or_one_item/expected.snap.rs",
    a_result_may_be_a_scalar_or_an_object: "cases/a_result_may_be_a_scalar_or_an_object/expected.snap.rs",
    documented_values_are_open_enumerations: "cases/documented_values_are_open_enumerations/expected.snap.rs",
    equal_values_are_one_enumeration: "cases/equal_values_are_one_enumeration/expected.snap.rs",
    errors_are_identified_by_code_or_message: "cases/errors_are_identified_by_code_or_message/expected.snap.rs",
    kinds_of_an_entity_are_types: "cases/kinds_of_an_entity_are_types/expected.snap.rs",
    flags_are_bool: "cases/flags_are_bool/expected.snap.rs",
    methods_with_equal_errors_share_an_enumeration: "cases/methods_with_equal_errors_share_an_enumeration/expected.snap.rs",
    method_info_has_the_facts_of_the_descriptor: "cases/method_info_has_the_facts_of_the_descriptor/expected.snap.rs",
    methods_of_several_scopes_share_a_module: "cases/methods_of_several_scopes_share_a_module/expected.snap.rs",
    reserved_names_are_escaped: "cases/reserved_names_are_escaped/expected.snap.rs",
    objects_with_known_fields_are_structs: "cases/objects_with_known_fields_are_structs/expected.snap.rs",
    positional_parameters_keep_their_order: "cases/positional_parameters_keep_their_order/expected.snap.rs",
    required_parameters_are_arguments: "cases/required_parameters_are_arguments/expected.snap.rs",
    shared_schemas_are_one_type: "cases/shared_schemas_are_one_type/expected.snap.rs",
    variants_in_a_request_are_one_struct: "cases/variants_in_a_request_are_one_struct/expected.snap.rs",
    the_levels_of_a_tree_are_one_type: "cases/the_levels_of_a_tree_are_one_type/expected.snap.rs",
    values_have_the_names_of_the_page: "cases/values_have_the_names_of_the_page/expected.snap.rs",
    the_entity_of_a_module_is_one_type: "cases/the_entity_of_a_module_is_one_type/expected.snap.rs",
    payloads_of_events_are_types: "cases/payloads_of_events_are_types/expected.snap.rs",
    events_about_a_thing_share_its_parts: "cases/events_about_a_thing_share_its_parts/expected.snap.rs",
    equal_objects_in_events_are_one_type: "cases/equal_objects_in_events_are_one_type/expected.snap.rs",
    entities_in_payloads_have_their_types: "cases/entities_in_payloads_have_their_types/expected.snap.rs",
    placements_and_handlers_are_types: "cases/placements_and_handlers_are_types/expected.snap.rs",
}

#[test]
fn every_folder_is_a_case() {
    let folders: BTreeSet<String> = fs::read_dir(folder(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, NAMES.iter().map(|name| (*name).to_owned()).collect());
}

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(case)
}

fn check(case: &str) {
    let files = descriptors(&folder(case));
    let (spec, problems) = Spec::read(&folder(case), &files);
    assert!(problems.is_empty(), "{problems:#?}");
    let library = lower::lower(&spec).unwrap_or_else(|problems| panic!("{problems:#?}"));

    let text = if spec.events.is_empty() { one_module(&library) } else { one_file(&library) };
    insta::with_settings!({ snapshot_path => folder(case), prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_yaml_snapshot!("model", library.modules);
        insta::assert_binary_snapshot!("expected.rs", text.into_bytes());
    });
}

/// The descriptors of a case, sorted. Those of events and entities are in folders.
fn descriptors(case: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![case.to_owned()]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                files.push(path.strip_prefix(case).unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}

/// The file of the first module with methods.
fn one_module(library: &Library) -> String {
    let mut files = emit::emit_library(library).into_values();
    files.find(|text| text.contains("use bitrix24_core as b24")).expect("a module with methods")
}

/// All modules: events are in the module of their scope, and in that of all events.
fn one_file(library: &Library) -> String {
    emit::emit_single_file(library, &emit::parse_path("::bitrix24_core").unwrap())
}

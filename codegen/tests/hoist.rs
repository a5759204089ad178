//! A type that several modules of a scope have in common is declared once, above them.

use std::path::{Path, PathBuf};

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::{emit, lower};

#[test]
fn a_type_of_several_modules_is_declared_above_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hoist");
    let files = ["zoo.cat.paw.fields.yaml", "zoo.dog.paw.fields.yaml"].map(PathBuf::from);
    let (spec, problems) = Spec::read(&folder, &files);
    assert!(problems.is_empty(), "{problems:#?}");
    let library = lower::lower(&spec).unwrap();
    let files = emit::emit_library(&library);
    let generated: String = ["zoo.rs", "zoo/cat/paw.rs", "zoo/dog/paw.rs"]
        .map(|path| format!("// {path}\n\n{}\n", files[path]))
        .concat();
    insta::with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_yaml_snapshot!("model", library.modules);
        insta::assert_snapshot!("generated", generated);
    });
}

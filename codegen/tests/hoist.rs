//! What modules of one scope have in common is one type, above them all.

use std::path::{Path, PathBuf};

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::{emit, lower};

#[test]
fn types_that_modules_have_in_common_stand_above_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hoist");
    let files = ["zoo.cat.paw.fields.yaml", "zoo.dog.paw.fields.yaml"].map(PathBuf::from);
    let (spec, problems) = Spec::read(&folder, &files);
    assert!(problems.is_empty(), "{problems:#?}");
    let library = lower::lower(&spec).unwrap();
    let files = emit::emit_library(&library);
    let above = files.iter().find(|(path, _)| path.ends_with("zoo.rs")).unwrap().1;
    assert!(above.contains("pub struct Paw {") && above.contains("pub struct PawPaws {"), "{above}");
    for module in ["cat", "dog"] {
        let own = files.iter().find(|(path, _)| path.ends_with(&format!("{module}/paw.rs"))).unwrap().1;
        assert!(own.contains("pub use super::super::Paw;"), "{own}");
        assert!(own.contains("type Output = Vec<Paw>;") && !own.contains("pub struct Paw {"), "{own}");
    }
}

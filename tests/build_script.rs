//! The build script without its feature: it warns if `generated/` is older than `spec/`, and has no dependencies.

use std::fs;
use std::path::Path;

use bitrix24_codegen::fingerprint;
use build_script::freshness;

#[path = "../build.rs"]
#[allow(
    dead_code,
    clippy::print_stdout,
    reason = "a build script prints to cargo, and these tests use only its check of files"
)]
mod build_script;

#[test]
fn the_build_script_and_the_generator_agree_on_the_fingerprint() {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec");
    assert_eq!(freshness::fingerprint(&spec).unwrap(), fingerprint::fingerprint(&spec).unwrap());
}

#[test]
fn a_changed_spec_causes_a_warning() {
    let project = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = project.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let warning = || freshness::warning(project.path());
    write("spec/system.yaml", "errors: []\ntime: {type: object}\n");
    assert!(warning().unwrap().contains("cargo regen"), "nothing is generated yet");

    bitrix24_codegen::regenerate(project.path()).unwrap();
    assert_eq!(warning(), None);

    write("spec/zoo/zoo.animal.feed.yaml", "method: zoo.animal.feed\nscope: [zoo]\n");
    assert!(warning().unwrap().contains("older than spec/"));

    bitrix24_codegen::regenerate(project.path()).unwrap();
    assert_eq!(warning(), None);

    fs::rename(project.path().join("spec/zoo"), project.path().join("spec/park")).unwrap();
    assert!(warning().is_some(), "a moved file");
}

#[test]
fn the_build_script_has_no_dependency_without_its_feature() {
    let tree = std::process::Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "build",
            "--package",
            "bitrix24",
            "--depth",
            "1",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let lines = String::from_utf8(tree.stdout).unwrap();
    assert_eq!(lines.lines().count(), 1, "{lines}");
}

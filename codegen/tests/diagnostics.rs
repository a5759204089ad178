//! Diagnostics for wrong descriptors. Each folder of `diagnostics/` is a kind of error, named after it.
//!
//! All errors are reported at once, each with file, line, column, the text at the location and what was expected. The snapshot
//! beside the descriptors has the rendered diagnostics.

use std::path::{Path, PathBuf};
use std::{fs, str};

use annotate_snippets::Renderer;
use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::{append_unless_reported, sort_diagnostics};
use bitrix24_codegen::lower;

#[test]
fn every_error_is_reported_with_its_location() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    for case in cases {
        let diagnostics = diagnose(&case);
        assert!(!diagnostics.is_empty(), "{}: no diagnostics", case.display());
        insta::with_settings!({ snapshot_path => &case, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("diagnostics", diagnostics);
        });
    }
}

/// The rendered diagnostics of the descriptors in a folder.
fn diagnose(case: &Path) -> String {
    let mut files = Vec::new();
    add_files(case, Path::new(""), &mut files);
    files.sort();
    let (spec, mut problems) = Spec::read(case, &files);
    if let Err(found) = lower::lower(&spec) {
        append_unless_reported(&mut problems, found);
    }
    for problem in &problems {
        assert!(problem.position().is_some(), "without a location: {problem}");
    }
    let renderer = Renderer::plain();
    sort_diagnostics(problems).iter().map(|problem| problem.render(&renderer) + "\n\n").collect()
}

/// Adds the paths of the YAML files below a folder, relative to the case.
fn add_files(case: &Path, folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(case.join(folder)).unwrap() {
        let path = folder.join(entry.unwrap().file_name());
        if case.join(&path).is_dir() {
            add_files(case, &path, files);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            files.push(path);
        }
    }
}

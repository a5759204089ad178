//! What is said of descriptors that are wrong: each folder of `diagnostics/` is a kind of mistake, named after it.
//!
//! All that is wrong is said at once, each with file, line, column, the offending text and what was expected; the snapshot
//! beside the descriptors holds it as a person sees it.

use std::path::{Path, PathBuf};
use std::{fs, str};

use annotate_snippets::Renderer;
use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::{append_unless_reported, sort_diagnostics};
use bitrix24_codegen::lower;

#[test]
fn every_mistake_is_named_with_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    for case in cases {
        let diagnostics = diagnose(&case);
        assert!(!diagnostics.is_empty(), "{}: nothing is said", case.display());
        insta::with_settings!({ snapshot_path => &case, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("diagnostics", diagnostics);
        });
    }
}

/// Everything that is said of the descriptors in a folder.
fn diagnose(case: &Path) -> String {
    let mut files: Vec<PathBuf> = fs::read_dir(case)
        .unwrap()
        .map(|entry| PathBuf::from(entry.unwrap().file_name()))
        .filter(|file| file.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    files.sort();
    let (spec, mut problems) = Spec::read(case, &files);
    if let Err(found) = lower::lower(&spec) {
        append_unless_reported(&mut problems, found);
    }
    for problem in &problems {
        assert!(problem.position().is_some(), "without a place: {problem}");
    }
    let renderer = Renderer::plain();
    sort_diagnostics(problems).iter().map(|problem| problem.render(&renderer) + "\n\n").collect()
}

//! Checks that every test named in `README.md` exists.

use std::fs;
use std::path::Path;

/// The tests named on the page, as `file::test`; the file may be a path from the root of the project.
fn named(page: &str) -> impl Iterator<Item = (&str, &str)> {
    page.split('`').skip(1).step_by(2).filter_map(|code| code.split_once("::"))
}

#[test]
fn every_test_in_the_readme_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("tests/README.md")).unwrap();
    let mut count = 0;
    for (file, test) in named(&page) {
        let path =
            if file.contains('/') { root.join("..").join(file) } else { root.join("tests").join(file) };
        let text = fs::read_to_string(path.with_extension("rs"));
        let text = text.unwrap_or_else(|error| panic!("{file}: {error}"));
        let is_there = text.lines().any(|line| line.contains(&format!("fn {test}(")));
        assert!(is_there, "no such test: {file}::{test}");
        count += 1;
    }
    assert!(count > 80, "{count} tests are named");
}

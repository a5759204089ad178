//! The structure of the book: each chapter can be reached and is compiled, and each link leads somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the book.
fn docs() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The Markdown files of the book, without the summary.
fn chapters() -> BTreeSet<PathBuf> {
    let files = fs::read_dir(docs().join("src")).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|ending| ending == "md") && !path.ends_with("SUMMARY.md"))
        .collect()
}

/// The lines outside of code blocks, with their numbers from 1.
fn text_lines(page: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_code = false;
    (1..).zip(page.lines()).filter(move |(_, line)| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// The targets of the links in a line, without what is between backticks.
fn links(line: &str) -> Vec<&str> {
    let pieces = line.split("](").skip(1);
    pieces.filter_map(|piece| piece.split_once(')')).map(|(target, _)| target).collect()
}

/// The anchor of a heading, as mdBook and GitHub write it.
fn anchor(heading: &str) -> String {
    let lower = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The anchors of a page.
fn anchors(page: &str) -> BTreeSet<String> {
    text_lines(page).filter(|(_, line)| line.starts_with('#')).map(|(_, line)| anchor(line)).collect()
}

/// What is wrong with a link from a page.
fn problem(from: &Path, link: &str) -> Option<String> {
    if link.contains("://") {
        return None;
    }
    let (file, part) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() { from.to_owned() } else { from.parent().unwrap().join(file) };
    if !target.exists() {
        return Some(format!("{link}: no such file"));
    }
    let has_part = part.is_empty() || anchors(&read(&target)).contains(part);
    (!has_part).then(|| format!("{link}: no such heading"))
}

#[test]
fn every_chapter_is_in_the_summary_and_compiled() {
    let (summary, library) = (read(&docs().join("src/SUMMARY.md")), read(&docs().join("book.rs")));
    assert!(chapters().len() > 10);
    for path in chapters() {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(summary.contains(&format!("({name})")), "SUMMARY.md does not list {name}");
        assert!(library.contains(&format!("\"src/{name}\"")), "book.rs does not compile {name}");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let readme = docs().parent().unwrap().join("README.md");
    let summary = docs().join("src/SUMMARY.md");
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in chapters().into_iter().chain([readme, summary]) {
        let page = read(&path);
        for (number, line) in text_lines(&page) {
            for link in links(line) {
                count += 1;
                let found = problem(&path, link);
                wrong.extend(found.map(|problem| format!("{}:{number}: {problem}", path.display())));
            }
        }
    }
    assert!(count > 50, "only {count} links were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is not compiled becomes wrong: the build script of another crate is the only such code.
#[test]
fn every_block_of_rust_is_compiled() {
    let mut ignored = 0;
    for path in chapters() {
        for line in read(&path).lines().filter(|line| line.trim_start().starts_with("```")) {
            let fence = line.trim().trim_start_matches('`');
            ignored += usize::from(fence == "rust,ignore");
            let known =
                ["", "rust", "rust,no_run", "rust,ignore", "toml", "sh", "text", "yaml"].contains(&fence);
            assert!(known, "{}: {line}", path.display());
        }
    }
    assert_eq!(ignored, 1);
}

#[test]
fn a_broken_link_is_found() {
    let page = docs().join("src/introduction.md");
    assert_eq!(links("[a](b.md) and [c](d.md#e)"), ["b.md", "d.md#e"]);
    assert_eq!(anchor("## What the client repeats"), "what-the-client-repeats");
    assert_eq!(problem(&page, "lists.md#by-identifier"), None);
    assert_eq!(
        problem(&page, "lists.md#no-heading"),
        Some("lists.md#no-heading: no such heading".to_owned())
    );
    assert_eq!(problem(&page, "no_file.md"), Some("no_file.md: no such file".to_owned()));
}

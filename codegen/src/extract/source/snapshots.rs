//! The snapshots of the documentation among the documents: the folder of each, and its day.

use std::collections::BTreeMap;

use crate::extract::source::documents::Document;
use crate::extract::source::page_kind::PageKind;

pub(crate) struct Snapshots {
    days: BTreeMap<String, String>,
}

impl Snapshots {
    pub(crate) fn of(documents: &[&Document]) -> Self {
        let is_revision = |path: &str| PageKind::of_path(path) == Some(PageKind::Revision);
        let revisions = documents.iter().filter(|document| is_revision(&document.path));
        let tree = |document: &&Document| {
            let root = document.path.strip_suffix("REVISION")?.to_owned();
            Some((root, day_in(std::str::from_utf8(&document.bytes).ok()?)?))
        };
        Self { days: revisions.filter_map(tree).collect() }
    }

    /// The day of the innermost snapshot around a path, and its folder.
    pub(crate) fn around<'a>(&'a self, path: &str) -> (Option<&'a str>, &'a str) {
        let around = self.days.iter().filter(|(root, _)| path.starts_with(root.as_str()));
        around
            .max_by_key(|(root, _)| root.len())
            .map_or((None, ""), |(root, day)| (Some(day.as_str()), root.as_str()))
    }
}

/// The first day in a text, as in `2026-07-01`.
fn day_in(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '-');
    let is_day = |word: &&str| {
        let parts: Vec<usize> = word.split('-').map(str::len).collect();
        parts == [4, 2, 2]
    };
    words.take(10_000).find(is_day).map(str::to_owned)
}

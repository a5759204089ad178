//! The snapshots of the documentation among the documents: the folder of each, and its day.
//!
//! A folder is the root of a snapshot if it has the table of contents of the documentation, or a file `REVISION` with a day. One
//! documentation is the same snapshot as a clone, as an archive and with a file `REVISION`.

use std::collections::BTreeMap;

use crate::extract::source::documents::Document;
use crate::extract::source::origin::day_in;
use crate::extract::source::page_kind::PageKind;
use crate::extract::source::root::CONTENTS;

pub(crate) struct Snapshots {
    /// The day of each snapshot by its folder, if it is known.
    days: BTreeMap<String, Option<String>>,
    /// The age of the newest snapshot.
    newest: Option<Age>,
}

/// The age of a document. The first in order is the newest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Age {
    /// Part of a snapshot without a day, which is the present one.
    Present,
    /// The day of its snapshot, or of the response that it shows.
    Of(std::cmp::Reverse<String>),
    /// Unknown. The oldest forms of documents show no response.
    Unknown,
}

/// The place of a document among the snapshots.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    /// The folder of the innermost snapshot around the document.
    pub(crate) root: &'a str,
    /// Whether there is one.
    pub(crate) in_tree: bool,
    /// The day of that snapshot.
    pub(crate) day: Option<&'a str>,
    /// Whether a newer snapshot is among the documents.
    pub(crate) is_older: bool,
}

impl Snapshots {
    pub(crate) fn of(documents: &[&Document]) -> Self {
        let is_revision = |path: &str| PageKind::of_path(path) == Some(PageKind::Revision);
        let revisions = documents.iter().filter(|document| is_revision(&document.path));
        let tree = |document: &&Document| {
            let root = document.path.strip_suffix("REVISION")?.to_owned();
            Some((root, Some(day_in(std::str::from_utf8(&document.bytes).ok()?)?)))
        };
        let mut days: BTreeMap<String, Option<String>> = revisions.filter_map(tree).collect();
        // A part of a documentation may have a table of contents of its own. Outer folders are before inner ones.
        let contents = documents.iter().filter_map(|document| {
            let root = document.path.strip_suffix(CONTENTS)?;
            (root.is_empty() || root.ends_with('/')).then_some(root)
        });
        let mut contents: Vec<&str> = contents.collect();
        contents.sort_by_key(|root| root.len());
        for root in contents {
            if !days.keys().any(|outer| root.starts_with(outer.as_str())) {
                days.insert(root.to_owned(), None);
            }
        }
        let newest = days.values().map(|day| Age::of_snapshot(day.as_deref())).min();
        Self { days, newest }
    }

    /// The innermost snapshot around a path.
    pub(crate) fn around<'a>(&'a self, path: &str) -> Around<'a> {
        let around = self.days.iter().filter(|(root, _)| path.starts_with(root.as_str()));
        let Some((root, day)) = around.max_by_key(|(root, _)| root.len()) else {
            return Around { root: "", in_tree: false, day: None, is_older: false };
        };
        let day = day.as_deref();
        let is_older = self.newest.as_ref().is_some_and(|newest| *newest < Age::of_snapshot(day));
        Around { root, in_tree: true, day, is_older }
    }
}

impl Age {
    fn of_snapshot(day: Option<&str>) -> Self {
        day.map_or(Self::Present, |day| Self::on(day.to_owned()))
    }

    /// The age of a document of that day.
    pub(crate) fn on(day: String) -> Self {
        Self::Of(std::cmp::Reverse(day))
    }

    /// The age of a document that shows a response of that day.
    pub(crate) fn of_response(day: Option<String>) -> Self {
        day.map_or(Self::Unknown, Self::on)
    }
}

impl<'a> Around<'a> {
    /// The age of the document, if the snapshot gives it.
    pub(crate) fn age(&self) -> Option<Age> {
        self.in_tree.then(|| Age::of_snapshot(self.day))
    }

    /// The day of the snapshot, if a newer one is imported with it.
    pub(crate) fn older_day(&self) -> Option<&'a str> {
        self.day.filter(|_| self.is_older)
    }
}

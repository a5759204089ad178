//! The kinds of pages, and the kinds that a path decides.

use serde::Serialize;

use crate::extract::source::documents::may_be_page;

/// The kind of a document. Only pages of methods and of events become descriptors of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PageKind {
    /// A method below `/rest/`.
    MethodV2,
    /// A method of REST 3, below `/rest/api/`.
    MethodV3,
    /// An event that the portal sends to applications.
    Event,
    /// A placement: a place in the interface that shows an application.
    Placement,
    /// A list of fields or types.
    Dictionary,
    /// An overview of a section.
    Overview,
    /// A function that exists only in the browser.
    ClientSide,
    /// A request that the portal sends to an application.
    Callback,
    /// Further examples of a method that has a page of its own.
    Examples,
    /// A part that other pages include.
    Fragment,
    /// Running text.
    Guide,
    /// The file with the revision of its snapshot.
    Revision,
    /// No document.
    NoDocument,
}

impl PageKind {
    /// The words for a page of this kind in a report.
    pub fn describe(self) -> &'static str {
        match self {
            Self::MethodV2 => "a method",
            Self::MethodV3 => "a method of REST 3",
            Self::Event => "an event",
            Self::Placement => "a place in the interface",
            Self::Dictionary => "a list of fields or types",
            Self::Overview => "an overview",
            Self::ClientSide => "a function of the browser",
            Self::Callback => "a request to the application",
            Self::Examples => "more examples of a method",
            Self::Fragment => "a part of other pages",
            Self::Guide => "about no method",
            Self::Revision => "names the revision of its tree",
            Self::NoDocument => "not a document",
        }
    }

    /// The kind that the path decides, if it does.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        if path == "REVISION" || path.ends_with("/REVISION") {
            return Some(Self::Revision);
        }
        if !may_be_page(path) {
            return Some(Self::NoDocument);
        }
        folders(path).any(|folder| folder.starts_with("_include")).then_some(Self::Fragment)
    }

    /// Whether pages of this kind become descriptors.
    pub fn is_method(self) -> bool {
        matches!(self, Self::MethodV2 | Self::MethodV3)
    }
}

pub(crate) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rsplit('/').skip(1)
}

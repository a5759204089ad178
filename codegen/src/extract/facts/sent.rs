//! What one page says of placements and handlers: what a portal sends to an application beside events.

use std::sync::Arc;

use crate::descriptor::SourceForm;
use crate::diagnostic::SourceText;
use crate::extract::classify::preamble::Preamble;
use crate::extract::evidence::Evidence;
use crate::extract::page_log::PageLog;
use crate::extract::rules::handlers::{self, HandlerFacts, HandlerPage};
use crate::extract::rules::placements::{self, PlacementPage, Placements};
use crate::extract::rules::{deprecation, scope};
use crate::extract::site_index::SiteIndex;
use crate::extract::source::page_kind::PageKind;
use crate::extract::source::snapshots::{Age, Around};
use crate::extract::syntax::parsed::ReadPage;

/// What one page says of placements and handlers.
#[derive(Debug)]
pub(crate) struct SentFacts {
    pub(crate) source: Arc<SourceText>,
    pub(crate) form: SourceForm,
    /// The day of its snapshot, if a newer one is imported with it.
    pub(crate) revision: Option<String>,
    pub(crate) age: Age,
    /// The path in the documentation.
    pub(crate) page: Option<String>,
    /// The method that the page is about.
    pub(crate) subject: Option<String>,
    pub(crate) scope: Option<Evidence<Vec<String>>>,
    pub(crate) deprecated: bool,
    pub(crate) placements: Option<Placements>,
    pub(crate) handlers: Vec<HandlerFacts>,
}

impl SentFacts {
    /// The codes of placements and the parameters of addresses, for a report.
    pub(crate) fn names(&self) -> Vec<String> {
        let placements = self.placements.iter();
        let own = placements.clone().flat_map(|found| &found.own).map(|own| own.code.code.clone());
        let meant = placements.clone().flat_map(|found| found.meant.iter().cloned());
        let named = placements.flat_map(|found| &found.named).map(|named| named.value.code.clone());
        let addresses = self.handlers.iter().map(|handler| handler.address.clone());
        own.chain(meant).chain(named).chain(addresses).collect()
    }
}

/// Extracts what a page says. `None`: nothing.
pub(crate) fn extract(
    read: &ReadPage<'_>,
    kind: PageKind,
    subject: Option<&str>,
    around: Around<'_>,
    index: &SiteIndex<'_>,
    log: &mut PageLog,
) -> Option<SentFacts> {
    if matches!(kind, PageKind::Fragment | PageKind::ClientSide | PageKind::Event) {
        return None;
    }
    let (page, path, form) = (read.page, read.source.path.as_str(), read.form);
    let placements =
        placements::extract(&PlacementPage { page, path, root: around.root, form, kind, index }, log);
    let handlers = handlers::extract(&HandlerPage { page, path, form, kind, method: subject, index }, log);
    if placements.is_none() && handlers.is_empty() {
        return None;
    }
    // The rules on the page of a method fire when its method is read.
    let of_method = subject.is_some();
    let mut other = PageLog::default();
    let log = if of_method { &mut other } else { log };
    Some(SentFacts {
        source: Arc::clone(&read.source),
        form,
        revision: around.older_day().map(str::to_owned),
        age: around.age().unwrap_or(Age::Unknown),
        page: super::page_path(path, around.root, form, around.in_tree),
        subject: subject.map(str::to_owned),
        scope: scope::extract(&Preamble::of(page), log),
        deprecated: deprecation::extract(page, path, around.root, log).deprecated,
        placements,
        handlers,
    })
}

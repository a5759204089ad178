//! The documented examples of what handlers receive, for checks.

use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::SourceText;
use crate::extract::events::samples::Sample;
use crate::extract::events::{page, sections};
use crate::extract::lexicon::events::DATA;
use crate::extract::page_log::PageLog;
use crate::extract::pages::pages_with_kind;
use crate::extract::source::documents::Document;
use crate::extract::source::page_kind::PageKind;
use crate::extract::syntax::parsed::ReadPage;

/// What a document shows of one event.
#[derive(Clone, Debug)]
pub struct EventPage {
    /// The document.
    pub source: Arc<SourceText>,
    /// The line of its title, or of the heading of its section.
    pub line: usize,
    /// The name of the event as the document writes it.
    pub event: String,
    /// Whether the whole document is about it.
    pub is_page: bool,
    /// The examples of the payload.
    pub samples: Vec<EventSample>,
}

/// An example of a payload.
#[derive(Clone, Debug)]
pub struct EventSample {
    /// Its line in the document.
    pub line: usize,
    /// The payload.
    pub data: Value,
}

/// The documents and sections about events, in the order of their paths. Events of the browser are left out.
pub fn event_pages(documents: &[Document]) -> Vec<EventPage> {
    pages_with_kind(documents, |read, kind| of_page(&read, kind)).into_iter().flatten().collect()
}

fn of_page(read: &ReadPage<'_>, kind: PageKind) -> Vec<EventPage> {
    let mut log = PageLog::default();
    let mut described = match kind {
        PageKind::Fragment | PageKind::MethodV2 | PageKind::MethodV3 => Vec::new(),
        _ => sections::shown(read.page, &mut log),
    };
    let is_page = kind == PageKind::Event && described.is_empty();
    if is_page {
        described.extend(page::shown(read.page, &mut log));
    }
    let of_event = |(event, line, samples): (String, usize, Vec<Sample>)| EventPage {
        source: Arc::clone(&read.source),
        line,
        event,
        is_page,
        samples: samples.into_iter().filter_map(payload).collect(),
    };
    described.into_iter().map(of_event).collect()
}

fn payload(mut sample: Sample) -> Option<EventSample> {
    let data = sample.body.as_object_mut()?.shift_remove(DATA)?;
    Some(EventSample { line: sample.line, data })
}

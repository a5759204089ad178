//! The parameter of the next page, and the end of a list.

use serde_json::Value;

use crate::list::page_summary::PageSummary;

/// The parameter that changes in the next request.
#[derive(Debug)]
pub(in crate::list) struct NextPage {
    pub(in crate::list) name: &'static str,
    pub(in crate::list) value: Value,
    /// Whether the response looks like the end of the list and the request checks it. A repeated page then ends the list.
    pub(in crate::list) is_probe: bool,
}

impl NextPage {
    pub(super) fn new(name: &'static str, value: Value) -> Self {
        Self { name, value, is_probe: false }
    }

    pub(super) fn probe(mut self, is_probe: bool) -> Self {
        self.is_probe = is_probe;
        self
    }
}

/// Whether the list ends with this page: because the response says so, or because the page has no rows.
pub(super) fn ends(page: &PageSummary<'_>) -> Result<bool, String> {
    match page.has_more() {
        Some(false) => Ok(true),
        Some(true) if page.is_empty() => Err("a page without rows says that more rows follow".to_owned()),
        None if page.is_empty() && page.next_offset().is_some() => {
            Err("a page without rows announces the next page".to_owned())
        }
        _ => Ok(page.is_empty()),
    }
}

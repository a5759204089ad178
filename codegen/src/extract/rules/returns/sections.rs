//! The sections of a page that are about the response.

use crate::extract::lexicon::headings::SectionKind;
use crate::extract::syntax::ast::{Page, Section};

/// The sections on the answer, those under headings of their own words included.
pub(super) fn response_sections(page: &Page) -> impl Iterator<Item = &Section> {
    page.sections
        .iter()
        .filter(|section| matches!(section.topic(), SectionKind::Response | SectionKind::ReturnedData))
}

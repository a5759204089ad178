//! The sections of a page that are about the response.

use crate::extract::lexicon::headings::SectionKind;
use crate::extract::syntax::ast::{Page, Section};

/// The sections on the response, with those under unknown headings inside of them.
pub(super) fn response_sections(page: &Page) -> impl Iterator<Item = &Section> {
    page.sections
        .iter()
        .filter(|section| matches!(section.topic(), SectionKind::Response | SectionKind::ReturnedData))
}

//! Whether parameters are passed by position, without names.

use crate::extract::evidence::Evidence;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::preamble::POSITIONAL;
use crate::extract::register::page::POSITIONAL_PARAMETERS;
use crate::extract::syntax::ast::Page;

pub(crate) fn extract(page: &Page) -> Option<Evidence<bool>> {
    let before_examples = page
        .sections
        .iter()
        .take_while(|section| !matches!(section.kind, SectionKind::Examples | SectionKind::Response));
    let mut paragraphs = before_examples.flat_map(|section| section.paragraphs());
    let sentence = paragraphs.find(|text| POSITIONAL.stand_in(&text.prose()))?;
    Some(Evidence::new(&POSITIONAL_PARAMETERS, true, sentence.line))
}

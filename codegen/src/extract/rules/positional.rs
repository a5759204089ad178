//! Whether parameters go by their position, as a page says of methods that know no names.

use crate::extract::lexicon::SectionKind;
use crate::extract::lexicon::preamble::POSITIONAL;
use crate::extract::syntax::ast::Page;

pub(crate) fn extract(page: &Page) -> bool {
    let before_examples = page
        .sections
        .iter()
        .take_while(|section| !matches!(section.kind, SectionKind::Examples | SectionKind::Response));
    before_examples.flat_map(|section| section.paragraphs()).any(|text| {
        let prose = text.prose().to_lowercase();
        POSITIONAL.iter().any(|words| prose.contains(words))
    })
}

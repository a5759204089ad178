//! The HTTP statuses behind labels such as "HTTP status: 400".

use crate::extract::lexicon::errors::{ERROR_CODE_LABELS, STATUS_LABELS};
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::syntax::ast::{Section, Text};
use crate::extract::tables::error_table::http_status;

/// The status behind a label, if it is the only one.
pub(super) fn labelled(text: &Text) -> Option<u16> {
    STATUS_LABELS.strip_from(&text.prose()).and_then(with_reason)
}

/// The status behind the first label of the section; `None` if the label has several.
pub(super) fn of_first_label(section: &Section) -> Option<u16> {
    section.paragraphs().find(|text| is_label(text)).and_then(labelled)
}

/// The status that all labels of the section agree on; the outer `None` if it has no label. A label below the code of an error
/// is the status of that error alone.
pub(super) fn of_section(section: &Section) -> Option<Option<u16>> {
    let above_codes = section.paragraphs().take_while(|text| !ERROR_CODE_LABELS.begin(&text.prose()));
    agreed(above_codes.filter(|text| is_label(text)).map(labelled))
}

/// The status that the labels below the headings of the lexicon agree on. A section with any other heading is about some of the
/// errors.
pub(super) fn of_known_sections(sections: &[&Section]) -> Option<u16> {
    let known = sections.iter().filter(|section| section.kind != SectionKind::Other);
    agreed(known.filter_map(|section| of_section(section))).flatten()
}

/// All statuses that labels of the sections name.
pub(super) fn named(sections: &[&Section]) -> Vec<u16> {
    let texts = sections.iter().flat_map(|section| section.paragraphs()).map(Text::prose);
    let labelled: Vec<String> =
        texts.filter_map(|text| STATUS_LABELS.strip_from(&text).map(str::to_owned)).collect();
    labelled.iter().flat_map(|text| text.split([',', ' '])).filter_map(http_status).collect()
}

fn is_label(text: &Text) -> bool {
    STATUS_LABELS.begin(&text.prose())
}

/// The status that all labels give; the outer `None` without a label.
fn agreed(mut statuses: impl Iterator<Item = Option<u16>>) -> Option<Option<u16>> {
    let first = statuses.next()?;
    Some(first.filter(|_| statuses.all(|status| status == first)))
}

/// Parses a status, alone or with its reason phrase: `400 Bad Request`.
fn with_reason(text: &str) -> Option<u16> {
    let text = text.trim().trim_matches('*');
    let (status, reason) = text.split_once(' ').unwrap_or((text, ""));
    let is_reason = reason.trim_matches(['*', '.']).chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
    http_status(status).filter(|_| is_reason)
}

//! The lines that are headings.

use crate::extract::lexicon::headings::section_kind;

/// Whether a line is a heading that the vocabulary knows: where a fence or a table is not closed, the page goes on there.
pub(super) fn is_known_heading(line: &str) -> bool {
    line.starts_with("##") && heading(line).is_some_and(|(_, words)| section_kind(words).is_some())
}

/// The anchor at the end of a heading: `{#here}`.
pub(super) fn anchor(line: &str) -> Option<String> {
    let (_, anchor) = line.rsplit_once("{#")?;
    let anchor = anchor.split('}').next()?.trim();
    (!anchor.is_empty()).then(|| anchor.to_owned())
}

/// Level and words of a heading, without its anchor.
pub(super) fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.chars().take_while(|c| *c == '#').count();
    let words = line.get(level..)?.strip_prefix([' ', '\t'])?;
    let words = words.rfind("{#").and_then(|at| words.get(..at)).unwrap_or(words);
    (1..=6).contains(&level).then(|| (level, words.trim()))
}

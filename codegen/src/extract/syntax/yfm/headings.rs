//! The lines that are headings.

/// Whether the words of a heading are those of a part that pages have. Where a fence or a table is not closed, the page goes
/// on at such a heading.
pub(super) type KnownWords = fn(&str) -> bool;

/// Whether a line is a heading of known words.
pub(super) fn is_known_heading(line: &str, known: KnownWords) -> bool {
    line.starts_with("##") && heading(line).is_some_and(|(_, words)| known(words))
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

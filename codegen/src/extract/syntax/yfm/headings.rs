//! Recognises headings and their anchors.

/// Whether the lexicon knows the words of a heading. An unclosed fence or table ends at a known heading.
pub(super) type KnownWords = fn(&str) -> bool;

/// Whether a line is a heading that the lexicon knows.
pub(super) fn is_known_heading(line: &str, known: KnownWords) -> bool {
    line.starts_with("##") && heading(line).is_some_and(|(_, words)| known(words))
}

/// The anchor at the end of a heading: `{#here}`.
pub(super) fn anchor(line: &str) -> Option<String> {
    let (_, anchor) = line.rsplit_once("{#")?;
    let anchor = anchor.split('}').next()?.trim();
    (!anchor.is_empty()).then(|| anchor.to_owned())
}

/// The level and the words of a heading, without its anchor.
pub(super) fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.chars().take_while(|c| *c == '#').count();
    let words = line.get(level..)?.strip_prefix([' ', '\t'])?;
    let words = words.rfind("{#").and_then(|at| words.get(..at)).unwrap_or(words);
    (1..=6).contains(&level).then(|| (level, words.trim()))
}

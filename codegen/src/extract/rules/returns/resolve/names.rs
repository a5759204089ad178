//! What the name of a field says about its value.

use crate::extract::lexicon::results::MEASURES;

/// A name without what its spelling varies in. A name without an ASCII letter is compared as it is.
pub(crate) fn letters(name: &str) -> String {
    let letters: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if letters.is_empty() { name.to_owned() } else { letters }
}

/// Whether the last word of a name is that of an identifier: `ID`, `cageId`, `CAGE_IDS`, but not `paid`.
pub(super) fn identifies(name: &str) -> bool {
    let ends = ["Id", "ID", "Ids", "IDS", "_id", "_ids"];
    matches!(name, "id" | "ids") || ends.iter().any(|end| name.ends_with(end))
}

/// Whether the last word of a name is a measure: an example without a fraction does not make its value an integer.
pub(super) fn measures(name: &str) -> bool {
    let word_begins = |at: usize, c: char| {
        let before = at.checked_sub(1).and_then(|before| name.as_bytes().get(before));
        c.is_ascii_uppercase() && before.is_some_and(u8::is_ascii_lowercase)
    };
    let begin =
        name.char_indices().filter(|(at, c)| *c == '_' || word_begins(*at, *c)).map(|(at, _)| at).next_back();
    let last = name.get(begin.unwrap_or(0)..).unwrap_or_default().trim_start_matches('_');
    MEASURES.are(last)
}

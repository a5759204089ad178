//! The names of values that say nothing by themselves: numbers and single letters that a description explains.

use indexmap::IndexMap;

use crate::extract::lexicon::values::{ARTICLES, DEFAULT_MARKS, MEANINGS, NEGATIONS};
use crate::extract::rules::params::literals::literal;
use crate::extract::syntax::ast::{Run, Text};

/// How many words a name has at most. Longer explanations are sentences.
const MOST_WORDS: usize = 4;

/// The signs between a value and its name.
const BEFORE_NAMES: &[char] = &['—', '–', '-', ':', '=', '('];

/// The signs behind a name.
const BEHIND_NAMES: &[char] = &['.', ',', ';', ':', '(', ')', '—', '–', '/', '\n'];

/// The names of values by value, as the texts explain them: "`2` — high". Names that several values have are left out, and so
/// are values that are words.
pub(super) fn of(texts: &[&Text], values: &[String]) -> IndexMap<String, String> {
    let mut names: IndexMap<String, String> = IndexMap::new();
    for (value, name) in texts.iter().flat_map(|text| explained(text)) {
        if values.contains(&value) && is_code(&value, values) {
            names.entry(value).or_insert(name);
        }
    }
    let all: Vec<String> = names.values().map(|name| letters(name)).collect();
    let is_unique = |name: &str| all.iter().filter(|other| **other == letters(name)).count() == 1;
    names
        .retain(|value, name| is_unique(name) && !values.iter().any(|other| other != value && other == name));
    names
}

/// Whether the letters of a value do not say what it means. `Y` and `N` do, and so does a third letter beside both.
fn is_code(value: &str, values: &[String]) -> bool {
    let is_answer = ["Y", "N"].iter().all(|letter| values.iter().any(|value| value == letter));
    let is_letter = value.chars().count() == 1 && !is_answer;
    is_letter || !value.starts_with(|c: char| c.is_alphabetic())
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether the values are `0` and `1`, and what the texts say of `0`, if anything, negates.
pub(super) fn are_flag(texts: &[&Text], values: &[String]) -> bool {
    let is_digits =
        values.len() == 2 && ["0", "1"].iter().all(|digit| values.iter().any(|value| value == digit));
    let mut meanings = texts.iter().flat_map(|text| meanings(text));
    let negates = |(value, words): (String, String)| value != "0" || NEGATIONS.begin(&words);
    is_digits && meanings.all(negates)
}

/// The words behind each value that explain it.
fn meanings(text: &Text) -> Vec<(String, String)> {
    let runs = text.runs();
    let pairs = runs.windows(2).filter_map(|pair| match pair {
        [Run::Code(code), Run::Words(words)] => Some((literal(code)?, meaning(words)?.to_owned())),
        _ => None,
    });
    pairs.collect()
}

/// The explanation that words begin with.
fn meaning(words: &str) -> Option<&str> {
    let words = words.trim_start();
    match words.strip_prefix(BEFORE_NAMES) {
        Some(meaning) => Some(meaning.trim_start().trim_start_matches(BEFORE_NAMES).trim_start()),
        None => MEANINGS.strip_from(words),
    }
}

/// Each value that words explain, with its name.
fn explained(text: &Text) -> Vec<(String, String)> {
    meanings(text).into_iter().filter_map(|(value, words)| Some((value, name(&words)?))).collect()
}

/// The name at the beginning of an explanation, in lower case.
fn name(meaning: &str) -> Option<String> {
    let meaning = MEANINGS.strip_from(meaning).unwrap_or(meaning);
    let end = meaning.find(BEHIND_NAMES).unwrap_or(meaning.len());
    let mut found = meaning.get(..end)?.trim();
    for last in [" or", " and"] {
        found = found.strip_suffix(last).unwrap_or(found).trim_end();
    }
    let found: Vec<&str> = found.split_whitespace().skip_while(|word| ARTICLES.are(word)).collect();
    let is_word = |word: &&str| word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '\''));
    let is_name = (1..=MOST_WORDS).contains(&found.len())
        && found.iter().all(is_word)
        && found.first().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()));
    let name = found.join(" ").to_lowercase();
    (is_name && !DEFAULT_MARKS.are(&name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{meaning, name};

    #[test]
    fn a_name_is_the_short_beginning_of_an_explanation() {
        for (words, found) in [
            (" — high", Some("high")),
            (" - Absolute", Some("absolute")),
            (" — rounding up (in favor of the cage)", Some("rounding up")),
            (" — the first, ", Some("first")),
            (" — for a lead or ", Some("lead")),
            (" (open)", Some("open")),
            (" = low.", Some("low")),
            (" for leads", Some("leads")),
            (" — высокий", None),
            (" — default", None),
            (" — a cage that is open on all days of a week", None),
            (", ", None),
            (" when the cage is open", None),
            (" — 3 days", None),
        ] {
            assert_eq!(meaning(words).and_then(name).as_deref(), found, "{words}");
        }
    }
}

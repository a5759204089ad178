//! What the star behind a name is worth: some parameters are required only in some cases, or in place of one another.

use crate::extract::lexicon::params::{CONDITIONS, EITHER, INSTEAD, NOT_GIVEN, SUBJECTS};
use crate::extract::syntax::ast::{Cell, Text};
use crate::extract::tables::field_table::FieldTable;

/// Whether a description says that what it describes is required in some cases only.
pub(super) fn is_conditional(description: &Cell) -> bool {
    sentences(description.paragraphs()).iter().any(|sentence| begins_conditional(sentence))
}

/// The names, out of those that are marked, in whose place a value may be given; none where the description says no such
/// thing.
fn in_place_of(description: &Cell, own: &str, marked: &[String]) -> Vec<String> {
    let matches = |sentence: &&String| {
        let lower = sentence.to_lowercase();
        INSTEAD.iter().any(|words| lower.contains(words))
            || begins_conditional(sentence) && NOT_GIVEN.iter().any(|words| lower.contains(words))
    };
    let told = sentences(description.paragraphs());
    let named = told.iter().filter(matches).flat_map(|sentence| named_in(sentence, marked));
    named.filter(|name| name != own).collect()
}

/// The sets of marked names of a table of which its rows say that one of them may stand for another.
pub(super) fn stand_ins(table: &FieldTable<'_>, marked: &[String]) -> Vec<Vec<String>> {
    let mut sets: Vec<Vec<String>> = Vec::new();
    for row in &table.rows {
        let Some(own) = row.name.only_parameter().map(str::to_owned) else { continue };
        let Some(description) = row.description else { continue };
        let mut set = in_place_of(description, &own, marked);
        if set.is_empty() || !marked.contains(&own) {
            continue;
        }
        set.push(own);
        // Two rows that name each other are one rule.
        match sets.iter_mut().find(|known| set.iter().any(|name| known.contains(name))) {
            Some(known) => {
                let new: Vec<String> = set.into_iter().filter(|name| !known.contains(name)).collect();
                known.extend(new);
            }
            None => sets.push(set),
        }
    }
    // In the order of the table.
    let ordered = |set: &Vec<String>| marked.iter().filter(|name| set.contains(name)).cloned().collect();
    sets.iter().map(ordered).collect()
}

/// The names of which a sentence says that one of them is to be given; none where it does not.
pub(super) fn either<'a>(texts: impl Iterator<Item = &'a Text>, marked: &[String]) -> Vec<Vec<String>> {
    let matches = |sentence: &&String| {
        let lower = sentence.to_lowercase();
        EITHER.iter().any(|words| lower.contains(words))
    };
    let told = sentences(texts);
    let sets = told.iter().filter(matches).map(|sentence| named_in(sentence, marked));
    sets.filter(|names| names.len() > 1).collect()
}

fn begins_conditional(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let words = SUBJECTS.iter().find_map(|subject| lower.strip_prefix(subject)).unwrap_or(&lower);
    CONDITIONS.iter().any(|condition| words.starts_with(condition))
}

/// How many sentences are looked at in one place.
const SENTENCES: usize = 60;

fn sentences<'a>(texts: impl Iterator<Item = &'a Text>) -> Vec<String> {
    let mut all = Vec::new();
    for text in texts {
        let prose = text.prose();
        all.extend(prose.split(". ").map(|sentence| sentence.trim().to_owned()));
        if all.len() > SENTENCES {
            break;
        }
    }
    all
}

/// The names that stand in a sentence as words of their own, in the order of the table.
fn named_in(sentence: &str, names: &[String]) -> Vec<String> {
    let words: Vec<&str> =
        sentence.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.')).collect();
    let stands = |name: &&String| words.iter().any(|word| word.trim_end_matches('.') == name.as_str());
    names.iter().filter(stands).cloned().collect()
}

//! Error messages as they are compared, and the few words of a sentence that name an error.

mod lists;

use lists::{CAUSES, CONNECTORS, DETAILS, FILLERS, OF_A_THING, PREDICATES, SHORTER};

/// How many characters the name of an error has at most.
pub(crate) const MAX_LENGTH: usize = 40;

/// How many words of a sentence name an error at most.
const MAX_WORDS: usize = 5;

/// A message as it is compared: its letters and digits without case. Portals and pages disagree about full stops, case, white
/// space, quotes and line breaks in HTML.
pub(crate) fn message_key(message: &str) -> String {
    let text = without_breaks(message);
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A message as descriptors contain it: in one line, without line breaks in HTML and without a full stop at its end.
pub(crate) fn tidy_message(message: &str) -> String {
    let text = without_breaks(message);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.strip_suffix('.') {
        Some(rest) if !rest.ends_with('.') => rest.trim_end().to_owned(),
        _ => text,
    }
}

fn without_breaks(message: &str) -> String {
    let mut text = message.to_owned();
    for line_break in ["<br>", "<br/>", "<br />", "<BR>", "<BR/>", "<BR />"] {
        text = text.replace(line_break, " ");
    }
    text
}

/// The words that name the error of a sentence: all words of a short sentence, and the first significant words of a long one.
/// Empty if the sentence has no words in Latin letters.
pub(crate) fn name_words(sentence: &str) -> Vec<String> {
    let words = words(sentence);
    if words.len() <= MAX_WORDS && length(&words) <= MAX_LENGTH { words } else { significant_words(sentence) }
}

/// The thing that a sentence is about and what it says about it, without articles and details.
pub(crate) fn significant_words(sentence: &str) -> Vec<String> {
    let text = shorter(clause(sentence));
    let words: Vec<&str> = text.split_whitespace().collect();
    let said = (1..words.len()).find_map(|at| predicate(words.get(at..)?).map(|predicate| (at, predicate)));
    let mut chosen = match said {
        Some((at, predicate)) => {
            let mut thing = before(words.get(..at).unwrap_or_default(), OF_A_THING, 1);
            thing.truncate(MAX_WORDS - predicate.len());
            let mut thing = without_connectors(thing);
            thing.extend(predicate.iter().map(|word| (*word).to_owned()));
            thing
        }
        None => before(&words, DETAILS, 3),
    };
    chosen.truncate(MAX_WORDS);
    while length(&chosen) > MAX_LENGTH && chosen.len() > 1 {
        chosen.pop();
    }
    without_connectors(chosen)
}

/// All words of a sentence that a name may need, to distinguish errors whose names are the same.
pub(crate) fn distinguishing_words(sentence: &str) -> Vec<String> {
    let text = shorter(sentence);
    let words =
        text.split_whitespace().filter(|word| !is_one_of(FILLERS, word) && !is_one_of(CONNECTORS, word));
    words.map(str::to_owned).collect()
}

/// The words of a sentence in one line, with long ways to say something replaced.
fn shorter(sentence: &str) -> String {
    let text = format!(" {} ", words(sentence).join(" "));
    let replace = |text: String, (long, short): &(&str, &str)| {
        replace_ignoring_case(&text, &format!(" {long} "), &format!(" {short} "))
    };
    SHORTER.iter().fold(text, replace)
}

/// Whether the words are what a sentence says about a thing: `not found`.
pub(crate) fn is_predicate(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    predicate(&words).is_some_and(|predicate| predicate.len() == words.len())
}

/// The words without those at their end at which no name can end.
pub(crate) fn without_connectors(mut words: Vec<String>) -> Vec<String> {
    while words.len() > 1 && words.last().is_some_and(|word| is_one_of(CONNECTORS, word)) {
        words.pop();
    }
    words
}

/// The predicate at the start of the words, if it ends the sentence or its first part.
fn predicate(words: &[&str]) -> Option<&'static [&'static str]> {
    let begins = |predicate: &&&[&str]| {
        words.len() >= predicate.len()
            && predicate.iter().zip(words).all(|(expected, word)| expected.eq_ignore_ascii_case(word))
    };
    PREDICATES.iter().find(begins).copied()
}

fn has_predicate(sentence: &str) -> bool {
    let words = words(sentence);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    (0..words.len()).any(|at| words.get(at..).and_then(predicate).is_some())
}

/// The significant words before the first of the given words that has at least `least` words before it.
fn before(words: &[&str], ends: &[&str], least: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words {
        if found.len() >= least && is_one_of(ends, word) {
            break;
        }
        if !is_one_of(FILLERS, word) {
            found.push((*word).to_owned());
        }
    }
    found
}

/// The first part of a sentence that has at least two words, or the cause behind "if".
fn clause(sentence: &str) -> &str {
    let lower = sentence.to_ascii_lowercase();
    if CAUSES.iter().any(|cause| lower.starts_with(cause))
        && let Some(at) = lower.find(", if ")
    {
        return sentence.get(at + ", if ".len()..).unwrap_or(sentence);
    }
    let is_end = |(at, c): &(usize, char)| match c {
        '.' => sentence.get(at + 1..).is_some_and(|rest| rest.starts_with(' ')) && !lower.contains(".."),
        // What follows a colon may say what the sentence is about.
        ':' => !sentence.get(at + 1..).is_some_and(has_predicate),
        c => matches!(c, '(' | ',' | ';'),
    };
    let ends = sentence.char_indices().filter(is_end);
    let parts = ends.filter_map(|(at, _)| sentence.get(..at));
    let mut parts = parts.filter(|part| words(part).len() > 1);
    parts.next().unwrap_or(sentence)
}

/// The words of a sentence, without the paths of classes in it.
fn words(sentence: &str) -> Vec<String> {
    let sentence = without_breaks(sentence).replace('’', "'");
    // A namespace or a class of PHP names no error; the rest of the sentence does.
    let parts = sentence.split_whitespace().filter(|part| !part.contains('\\') && !is_class(part));
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '\'';
    let words = parts.flat_map(|part| part.split(move |c| !letters(c)));
    let words = words.map(|word| word.trim_matches('\'').trim_end_matches("'s"));
    let words = words.filter(|word| !word.is_empty());
    words
        .map(|word| if word.to_ascii_lowercase().ends_with("n't") { "not" } else { word }.to_owned())
        .collect()
}

/// Whether a word is a class of the portal: `CTaskItem`.
fn is_class(word: &str) -> bool {
    let mut letters = word.chars();
    let begins = letters.next() == Some('C') && letters.next().is_some_and(|c| c.is_ascii_uppercase());
    begins
        && letters.next().is_some_and(|c| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_alphanumeric())
}

fn replace_ignoring_case(text: &str, long: &str, short: &str) -> String {
    match text.to_ascii_lowercase().find(long) {
        Some(at) => {
            let (before, rest) = text.split_at(at);
            format!("{before}{short}{}", rest.get(long.len()..).unwrap_or_default())
        }
        None => text.to_owned(),
    }
}

fn is_one_of(list: &[&str], word: &str) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// The length of a name of these words.
fn length(words: &[String]) -> usize {
    words.iter().map(|word| word.chars().filter(|c| *c != '_' && *c != '\'').count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_compared_by_its_letters_and_digits() {
        let same = [
            ("The cage is shut", "the cage is shut."),
            ("The cage is shut!", "The  cage<br>is shut"),
            ("Клетка закрыта", "клетка закрыта."),
        ];
        for (a, b) in same {
            assert_eq!(message_key(a), message_key(b), "{a} {b}");
        }
        assert_ne!(message_key("Клетка закрыта"), message_key("Клетка открыта"));
    }

    #[test]
    fn a_message_has_one_line_and_no_full_stop() {
        let cases = [
            ("The cage is shut.", "The cage is shut"),
            ("The cage<br>is shut.<br>", "The cage is shut"),
            ("Wait...", "Wait..."),
            ("Shut!", "Shut!"),
        ];
        for (message, tidy) in cases {
            assert_eq!(tidy_message(message), tidy);
        }
    }

    #[test]
    fn a_few_words_name_an_error() {
        let cases = [
            ("The cage is shut", "The cage is shut"),
            ("You do not have permissions to open cages", "no permission to open cages"),
            ("The parameter 'cageID' is invalid or not defined", "parameter cageID is invalid"),
            ("Zoo\\Cage\\Door All doors in the cage need a real lock", "doors in cage need real"),
            ("An error occurred while feeding the animals of the zoo", "failed feeding animals of zoo"),
            ("A cage with the specified number does not exist", "cage does not exist"),
            ("The animal to be moved was not found in the zoo", "animal not found"),
            (
                "Error occurs when trying to open a cage at night, if the lamp is not provided",
                "lamp not provided",
            ),
            ("Could not open the cage. Please see details below", "Could not open cage"),
            ("Клетка закрыта", ""),
        ];
        for (sentence, name) in cases {
            assert_eq!(name_words(sentence).join(" "), name);
        }
    }
}

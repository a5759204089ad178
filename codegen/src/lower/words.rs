//! The words inside of a word: `uploadfile` is `upload` and `file`.
//!
//! Pages write many names without anything between their words. `words.txt` has the words of the names that pages do write apart.
//! The division of a word depends on this list alone, and on no other name, so that a page that changes renames nothing else.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use heck::ToSnakeCase;

const LIST: &str = include_str!("words.txt");

/// Shorter words are not divided.
const MIN_LENGTH: usize = 5;

/// Longer words that are not in the list may be several words.
const MIN_UNDIVIDED: usize = 7;

struct Words {
    known: HashSet<&'static str>,
    /// The words whose division is listed.
    divided: HashMap<String, Vec<&'static str>>,
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = Words { known: HashSet::new(), divided: HashMap::new() };
        for line in LIST.lines().filter(|line| !line.starts_with('#')) {
            let parts: Vec<&str> = line.split_whitespace().collect();
            match parts.as_slice() {
                [] => {}
                [word] => {
                    words.known.insert(word);
                }
                _ => {
                    words.divided.insert(parts.concat(), parts);
                }
            }
        }
        words
    })
}

/// Whether a word is in the list.
pub(super) fn is_known(word: &str) -> bool {
    words().known.contains(word)
}

/// The words of a name in Rust, in lower case.
pub fn name_words(name: &str) -> Vec<String> {
    name.to_snake_case().split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words of a name in Rust that may be several: long ones that are not in the list.
pub fn undivided(name: &str) -> Vec<String> {
    let is_unknown = |word: &String| {
        word.len() >= MIN_UNDIVIDED && !is_known(word) && word.bytes().all(|b| b.is_ascii_lowercase())
    };
    name_words(name).into_iter().filter(is_unknown).collect()
}

/// The words inside of a word of lower-case letters. `None` if it is a word of the list, is short, is not made of words of the list,
/// or can be divided in several ways.
pub(super) fn divide(word: &str) -> Option<Vec<&str>> {
    let words = words();
    if let Some(parts) = words.divided.get(word) {
        return Some(parts.clone());
    }
    let is_plain = word.len() >= MIN_LENGTH && word.bytes().all(|b| b.is_ascii_lowercase());
    if !is_plain || words.known.contains(word) {
        return None;
    }
    // The best division of the first letters, by their number: how many words, in how many ways, and where the last one begins.
    let mut best: Vec<Option<(usize, usize, usize)>> = vec![None; word.len() + 1];
    best[0] = Some((0, 1, 0));
    for end in 1..=word.len() {
        for start in 0..end {
            let Some((count, ways, _)) = best[start].filter(|_| words.known.contains(&word[start..end]))
            else {
                continue;
            };
            best[end] = match best[end] {
                Some(known) if known.0 < count + 1 => Some(known),
                Some((known, others, at)) if known == count + 1 => Some((known, others + ways, at)),
                _ => Some((count + 1, ways, start)),
            };
        }
    }
    let mut parts = Vec::new();
    let mut end = word.len();
    while end > 0 {
        let (_, ways, start) = best[end]?;
        if ways > 1 {
            return None;
        }
        parts.insert(0, &word[start..end]);
        end = start;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_divided_where_there_is_one_way() {
        let cases = [
            ("uploadfile", Some("upload file")),
            ("taskid", Some("task id")),
            ("moveafteritem", Some("move after item")),
            ("getallowedtaskactionsasstrings", Some("get allowed task actions as strings")),
            ("requestvalidationexception", Some("request validation exception")),
            ("imbot", Some("im bot")),
            ("findbycomm", Some("find by comm")),
            // Words of the list.
            ("online", None),
            ("catalog", None),
            ("import", None),
            // Not made of words of the list.
            ("zebraid", None),
            // `forms end` and `form send`.
            ("formsend", None),
            ("isid", None),
            ("Uploadfile", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(divide(word).map(|parts| parts.join(" ")).as_deref(), expected, "{word}");
        }
    }

    #[test]
    fn the_list_has_each_word_once_and_in_order() {
        let lines: Vec<&str> = LIST.lines().filter(|line| !line.starts_with('#')).collect();
        let (divided, single): (Vec<&str>, Vec<&str>) = lines.iter().partition(|line| line.contains(' '));
        assert!(divided.is_sorted_by(|one, other| one < other));
        assert!(single.is_sorted_by(|one, other| one < other));
        assert!(lines.iter().all(|line| line.bytes().all(|b| b.is_ascii_lowercase() || b == b' ')));
    }
}

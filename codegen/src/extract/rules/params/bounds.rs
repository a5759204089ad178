//! Bounds that a description gives in unambiguous words.

use serde_json::Number;

use crate::descriptor::JsonType;
use crate::extract::lexicon::bounds::{
    ABOVE, COUNTED, LEAST, LENGTH_OF, LENGTHS, LETTERS, LIST_BEGINS, LONGEST, MOST, MOST_OF_ITEMS, NUMBER_OF,
    RANGE_WORDS, RANGES, SIZES,
};
use crate::extract::lexicon::phrases::{Phrases, sentences};

/// How many words the name of what is counted has at most, with a verb.
const NAME_WORDS: usize = 4;
const NOTHING: Phrases = Phrases(&[]);

/// The smallest and the largest number allowed.
pub(super) fn of_number(prose: &str, json_type: JsonType) -> (Option<Number>, Option<Number>) {
    // In a text about a list, the numbers may count its items.
    if sentences(prose).next().is_some_and(|first| LIST_BEGINS.begin(first)) {
        return (None, None);
    }
    let words = words(prose);
    let of_value = |next: &str| !COUNTED.are(next);
    let least = single(&words, LEAST, NOTHING, of_value);
    // Of integers, what is greater than a number is at least the next one.
    let above = single(&words, ABOVE, NOTHING, of_value)
        .filter(|_| json_type == JsonType::Integer)
        .and_then(|number| number.checked_add(1));
    let most = single(&words, MOST, NOTHING, of_value);
    let least = least.or(above);
    match (least, most) {
        (Some(low), Some(high)) if low > high => (None, None),
        (low, high) => (low.map(Number::from), high.map(Number::from)),
    }
}

/// The range in "from 1 to 5" or "(1–5)", whose ends are whole numbers.
pub(super) fn range(prose: &str) -> Option<(Number, Number)> {
    let number = |word: &str| word.parse::<i64>().ok();
    let words: Vec<&str> =
        prose.split_whitespace().map(|word| word.trim_matches([',', '.', ';', ')', '('])).collect();
    let in_words = words.windows(4).find_map(|four| {
        let [from, low, to, high] = four else { return None };
        let is_range = RANGES.iter().any(|(a, b)| from.eq_ignore_ascii_case(a) && to.eq_ignore_ascii_case(b));
        let (low, high) = (number(low)?, number(high)?);
        (is_range && low <= high).then(|| (low.into(), high.into()))
    });
    let behind_word = |pair: &[&str]| {
        let [word, ends] = pair else { return None };
        let (low, high) = ends.split_once(['–', '—', '-'])?;
        let (low, high) = (number(low)?, number(high)?);
        (RANGE_WORDS.are(word.trim_end_matches(':')) && low <= high).then(|| (low.into(), high.into()))
    };
    in_words.or_else(|| words.windows(2).find_map(behind_word)).or_else(|| {
        prose.split_whitespace().find_map(|word| {
            let inside = word.trim_end_matches(['.', ',']).strip_prefix('(')?.strip_suffix(')')?;
            let (low, high) = inside.split_once(['–', '—', '-'])?;
            let (low, high) = (number(low)?, number(high)?);
            (low <= high).then(|| (low.into(), high.into()))
        })
    })
}

/// The greatest length of a string.
pub(super) fn max_length(prose: &str) -> Option<u64> {
    let words = words(prose);
    let counted = single(&words, LONGEST, LENGTH_OF, |next| LETTERS.begin(next));
    let bare = || single(&words, LENGTHS, NOTHING, |next| LETTERS.begin(next) || !SIZES.begin(next));
    positive(counted.or_else(bare))
}

/// The greatest number of items of a list.
pub(super) fn max_items(prose: &str) -> Option<u64> {
    let words = words(prose);
    let of_items = |next: &str| !SIZES.begin(next) && !next.starts_with('%');
    positive(single(&words, MOST_OF_ITEMS, NUMBER_OF, of_items))
}

fn positive(number: Option<i64>) -> Option<u64> {
    number.and_then(|number| u64::try_from(number).ok()).filter(|number| *number > 0)
}

fn words(prose: &str) -> Vec<String> {
    let is_dash = |word: &str| matches!(word, "—" | "–" | "-" | "=");
    let lower = prose.to_lowercase().replace('—', " — ");
    let trimmed = lower.split_whitespace().map(|word| word.trim_matches([',', '.', ';', ')', '(', ':']));
    trimmed.filter(|word| !word.is_empty() && !is_dash(word)).map(str::to_owned).collect()
}

/// A whole number: `50`, `20,000`.
fn number(word: &str) -> Option<i64> {
    if word == "zero" {
        return Some(0);
    }
    let mut groups = word.split(',');
    let first = groups.next().filter(|first| first.len() <= 3 || !word.contains(','))?;
    let is_group = |group: &str| group.len() == 3 && group.chars().all(|c| c.is_ascii_digit());
    let all: String = std::iter::once(first).chain(groups.clone()).collect();
    if groups.all(is_group) { all.parse().ok() } else { None }
}

/// The number behind one of the phrases and before a word that fits, where the text has only one such number.
fn single(words: &[String], phrases: Phrases, counted: Phrases, fits: impl Fn(&str) -> bool) -> Option<i64> {
    let mut found = None;
    for (at, word) in words.iter().enumerate() {
        let Some(number) = number(word) else { continue };
        let next = words.get(at + 1).map(String::as_str).unwrap_or_default();
        if !fits(next) || !are_before(words, at, phrases, counted) {
            continue;
        }
        if found.is_some_and(|known| known != number) {
            return None;
        }
        found = Some(number);
    }
    found
}

/// Whether one of the phrases is right before a word, or one for what is counted with its name between them: "maximum
/// number of values — 20".
fn are_before(words: &[String], at: usize, phrases: Phrases, counted: Phrases) -> bool {
    let before = |count: usize| words.get(at.saturating_sub(count)..at).unwrap_or_default().join(" ");
    let named = |near: &str| {
        let name = counted.find_end(near).and_then(|end| near.get(end..));
        name.is_some_and(|name| name.split_whitespace().count() <= NAME_WORDS)
    };
    phrases.end(&before(5)) || named(&before(4 + NAME_WORDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unambiguous_words_are_bounds() {
        let integer = |prose| {
            let (low, high) = of_number(prose, JsonType::Integer);
            (low.and_then(|low| low.as_i64()), high.and_then(|high| high.as_i64()))
        };
        for (prose, bounds) in [
            ("Weight. The minimum value is 1", (Some(1), None)),
            ("Must be greater than zero. Maximum — 50.", (Some(1), Some(50))),
            ("Must be greater than or equal to 0", (Some(0), None)),
            ("Maximum 20 characters", (None, None)),
            ("Minimum 5, and minimum 7 at night", (None, None)),
            ("Weighs 7", (None, None)),
            ("List height. Must be greater than 0", (Some(1), None)),
            ("Array of doors, at most 7", (None, None)),
            ("Список дверей, не более 7", (None, None)),
            ("Вес. Не менее 2, не более 9", (Some(2), Some(9))),
        ] {
            assert_eq!(integer(prose), bounds, "{prose}");
        }
        assert_eq!(max_length("A name of no more than 20 characters"), Some(20));
        assert_eq!(max_length("A name of 20 characters"), None);
        assert_eq!(max_length("The maximum length of the name is 230 characters"), Some(230));
        assert_eq!(max_length("A note. Maximum length—20,000 characters"), Some(20_000));
        assert_eq!(max_length("Не более 50 символов"), Some(50));
        assert_eq!(max_length("Max length: 255"), Some(255));
        assert_eq!(max_length("Max length 5 MB"), None);
        assert_eq!(max_length("The actual length of the name is 13 characters"), None);
        for (prose, most) in [
            ("Cages. Maximum number of cages — 20", Some(20)),
            ("Doors. Minimum 2 doors, maximum 10", Some(10)),
            ("No more than 50 items", Some(50)),
            ("Files, each up to 100 MB", None),
            ("Names, no more than 30 characters each", None),
            ("The first 7 cages", None),
        ] {
            assert_eq!(max_items(prose), most, "{prose}");
        }
        for (prose, ends) in [
            ("From 1 to 9", Some((1, 9))),
            ("A number between 2 and 7.", Some((2, 7))),
            ("Weight (1–5)", Some((1, 5))),
            ("Value range: 1–5", Some((1, 5))),
            ("Cages 1–5", None),
            ("Between friends", None),
        ] {
            let found = range(prose).and_then(|(low, high)| low.as_i64().zip(high.as_i64()));
            assert_eq!(found, ends, "{prose}");
        }
    }
}

//! Bounds that a description gives in unambiguous words.

use serde_json::Number;

use crate::descriptor::JsonType;
use crate::extract::lexicon::phrases::Phrases;
use crate::extract::lexicon::values::{ABOVE, COUNTED, LEAST, LONGEST, MOST};

/// The smallest and the largest number allowed.
pub(super) fn of_number(prose: &str, json_type: JsonType) -> (Option<Number>, Option<Number>) {
    let words = words(prose);
    // In a text about a list, the numbers may count its items.
    if words.iter().any(|word| word.starts_with("array") || word == "list") {
        return (None, None);
    }
    let least = single(&words, LEAST, false);
    // Of integers, what is greater than a number is at least the next one.
    let above = single(&words, ABOVE, false)
        .filter(|_| json_type == JsonType::Integer)
        .and_then(|number| number.checked_add(1));
    let most = single(&words, MOST, false);
    let least = least.or(above);
    match (least, most) {
        (Some(low), Some(high)) if low > high => (None, None),
        (low, high) => (low.map(Number::from), high.map(Number::from)),
    }
}

/// The greatest length of a string.
pub(super) fn max_length(prose: &str) -> Option<u64> {
    let words = words(prose);
    single(&words, LONGEST, true).and_then(|number| u64::try_from(number).ok()).filter(|number| *number > 0)
}

fn words(prose: &str) -> Vec<String> {
    let is_dash = |word: &str| matches!(word, "—" | "–" | "-" | "=");
    let lower = prose.to_lowercase();
    let trimmed = lower.split_whitespace().map(|word| word.trim_matches([',', '.', ';', ')', '(', ':']));
    trimmed.filter(|word| !word.is_empty() && !is_dash(word)).map(str::to_owned).collect()
}

/// The number behind one of the phrases, where the text has only one such number.
fn single(words: &[String], phrases: Phrases, of_characters: bool) -> Option<i64> {
    let mut found = None;
    for (at, word) in words.iter().enumerate() {
        let number = match word.as_str() {
            "zero" => 0,
            word => match word.parse::<i64>() {
                Ok(number) => number,
                Err(_) => continue,
            },
        };
        let next = words.get(at + 1).map(String::as_str).unwrap_or_default();
        let fits = if of_characters { next.starts_with("character") } else { !COUNTED.are(next) };
        let before = words.get(at.saturating_sub(5)..at).unwrap_or_default().join(" ");
        if !fits || !phrases.end(&before) {
            continue;
        }
        if found.is_some_and(|known| known != number) {
            return None;
        }
        found = Some(number);
    }
    found
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
        ] {
            assert_eq!(integer(prose), bounds, "{prose}");
        }
        assert_eq!(max_length("A name of no more than 20 characters"), Some(20));
        assert_eq!(max_length("A name of 20 characters"), None);
    }
}

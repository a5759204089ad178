//! Numbers, periods and frequencies in a sentence.

use crate::extract::lexicon::limits::{CALLS, ONCE, ONE, PER, unit};

/// A whole number in a text, and the text around it.
pub(super) struct Number<'a> {
    pub(super) value: u32,
    pub(super) before: &'a str,
    pub(super) after: &'a str,
}

/// The whole numbers of a text, `1,000` included. Digits inside words and fractions are no numbers.
pub(super) fn numbers(text: &str) -> Vec<Number<'_>> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(start) = text.get(rest..).and_then(|tail| tail.find(|c: char| c.is_ascii_digit())) {
        let start = rest + start;
        let tail = text.get(start..).unwrap_or_default();
        let is_part = |(at, c): (usize, char)| {
            let followed =
                || tail.get(at + 1..).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
            !(c.is_ascii_digit() || (matches!(c, ',' | '.') && followed()))
        };
        let length = tail.char_indices().find(|found| is_part(*found)).map_or(tail.len(), |(at, _)| at);
        let (digits, after) = tail.split_at(length);
        rest = start + length;
        let before = text.get(..start).unwrap_or_default();
        let inside_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
            || after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if let Some(value) = digits.replace(',', "").parse().ok().filter(|_| !inside_word) {
            found.push(Number { value, before, after });
        }
    }
    found
}

/// The periods of a text in seconds: numbers with a unit of time behind them.
pub(super) fn periods(text: &str) -> Vec<u32> {
    let period = |number: &Number<'_>| {
        let behind = number.after.trim_start_matches([' ', '-', '\u{a0}', '\u{2011}']);
        number.value.checked_mul(unit(behind)?)
    };
    numbers(text).iter().filter_map(period).collect()
}

/// How many calls a sentence allows in how many seconds: `2 requests per second`, `once within one week`.
pub(super) fn calls_per_period(sentence: &str) -> Option<(u32, u32)> {
    let lower = sentence.to_lowercase();
    let counted = numbers(&lower).into_iter().find_map(|number| {
        let rest = number.after.trim_start();
        CALLS.begin(rest).then_some((number.value, rest))
    });
    let once = || ONCE.0.iter().find_map(|once| Some((1, lower.split_once(once)?.1)));
    let (requests, rest) = counted.or_else(once)?;
    let words: Vec<&str> =
        rest.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let seconds =
        (0..words.len()).find_map(|at| PER.are(words.get(at)?).then(|| period(&words[at + 1..]))?)?;
    (requests > 0 && seconds > 0).then_some((requests, seconds))
}

/// The seconds of a period: `second`, `one week`, `5 minutes`.
fn period(words: &[&str]) -> Option<u32> {
    let first = words.first()?;
    if let Some(seconds) = unit(first) {
        return Some(seconds);
    }
    let seconds = unit(words.get(1)?)?;
    if ONE.are(first) { Some(seconds) } else { seconds.checked_mul(first.parse().ok()?) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_with_the_text_around_them() {
        let values = |text| numbers(text).iter().map(|number| number.value).collect::<Vec<_>>();
        assert_eq!(values("up to 50 of 2,500, then 7."), [50, 2500, 7]);
        assert_eq!(values("v2 and 0.5 and a_1 and REST3"), [0_u32; 0]);
        let number = &numbers("at most 50 commands")[0];
        assert_eq!((number.before, number.after), ("at most ", " commands"));
    }

    #[test]
    fn periods_are_numbers_with_a_unit() {
        assert_eq!(periods("480 seconds within a 10-minute period of 3 parts"), [480, 600]);
        assert_eq!(periods("480 секунд за последние 10 минут"), [480, 600]);
        assert_eq!(periods("50 rows"), [0_u32; 0]);
    }

    #[test]
    fn frequencies_are_calls_in_a_period() {
        for (sentence, expected) in [
            ("2 requests per second per application", Some((2, 1))),
            ("A parcel can be sent no more than once per user within one week", Some((1, 604_800))),
            ("Call it at most 3 times in 5 minutes", Some((3, 300))),
            ("не более 10 запросов в минуту", Some((10, 60))),
            ("не чаще чем один раз в час", Some((1, 3_600))),
            ("No more than 100 messages", None),
            ("No more than 5 calls of one user", None),
            ("It runs up to 3 times", None),
        ] {
            assert_eq!(calls_per_period(sentence), expected, "{sentence}");
        }
    }
}

//! What the name of a field says about its value.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::field_names::{
    ABOUT_DATES, ANYTHING, COUNTS, DATES, DONE_BY, EVENTS, FLAG_ENDS, FLAG_NOUNS, FLAG_STARTS, LENGTHS,
    LETTER_CODES, MEASURES, NUMBERED_THINGS, OF_DATES, OF_MEASURES, OF_SCREENS, PAIRED_LETTER_CODES,
    PAIRED_TEXT_KEYS, TALLIES, TEXT_KEYS, TEXT_KEYS_IN_FULL, TEXTS, VARYING,
};

/// A name without what its spelling varies in. A name without an ASCII letter is compared as it is.
pub(crate) fn letters(name: &str) -> String {
    let letters: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if letters.is_empty() { name.to_owned() } else { letters }
}

/// The words of a name in lower case: `basePrice`, `BASE_PRICE` and `base_price` have the same ones.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FieldName {
    words: Vec<String>,
    /// Whether it is spelled as only identifiers that are texts are.
    is_text: bool,
}

impl FieldName {
    pub(crate) fn of(name: &str) -> Self {
        let is_text = TEXT_KEYS_IN_FULL.contains(&name);
        let name = name.replace("IDs", "Ids");
        let letters: Vec<char> = name.chars().collect();
        let mut words = vec![String::new()];
        for (at, letter) in letters.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| letters.get(before));
            let is_small =
                |letter: Option<&char>| letter.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
            let begins = letter.is_uppercase()
                && (is_small(before)
                    || before.is_some_and(|c| c.is_uppercase())
                        && letters.get(at + 1).is_some_and(|c| c.is_lowercase()));
            if begins || !letter.is_alphanumeric() {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
                word.extend(letter.to_lowercase());
            }
        }
        words.retain(|word| !word.is_empty());
        Self { words, is_text }
    }

    /// The word at a distance from the end; empty where there is none.
    fn word(&self, from_end: usize) -> &str {
        self.words.iter().rev().nth(from_end).map(String::as_str).unwrap_or_default()
    }

    fn first(&self) -> &str {
        self.words.first().map(String::as_str).unwrap_or_default()
    }

    /// Whether the name is that of an identifier: `ID`, `cageId`, `CAGE_IDS`, `CREATED_BY`, but not `paid`.
    pub(crate) fn identifies(&self) -> bool {
        matches!(self.word(0), "id" | "ids") || self.word(0) == "by" && DONE_BY.are(self.word(1))
    }

    /// Whether an identifier of this name is a text, even if it consists of digits.
    pub(crate) fn is_text_key(&self) -> bool {
        let pair = (self.word(2), self.word(1));
        self.is_text || TEXT_KEYS.are(pair.1) || PAIRED_TEXT_KEYS.contains(&pair)
    }

    /// Whether the identifier is a number on every portal, without a value that shows it.
    pub(crate) fn is_number_key(&self) -> bool {
        self.identifies()
            && !self.is_text_key()
            && (self.word(0) == "by" || self.word(1) == "by" || NUMBERED_THINGS.are(self.word(1)))
    }

    /// Whether the name is that of money, a quantity or a share, which may be a fraction.
    pub(crate) fn is_measure(&self) -> bool {
        let measures = |at: usize| MEASURES.are(singular(self.word(at)));
        measures(0) || OF_MEASURES.are(self.word(0)) && measures(1)
    }

    /// Whether an integer in an example may be followed by a fraction.
    pub(crate) fn may_be_fraction(&self) -> bool {
        self.is_measure() || LENGTHS.are(self.word(0)) && !OF_SCREENS.are(self.word(1))
    }

    /// Whether the name is that of a count, a position or a numbered kind.
    pub(crate) fn counts(&self) -> bool {
        let spans = |at: usize| self.word(at) == "duration";
        COUNTS.are(singular(self.word(0)))
            || spans(1)
            || self.words.starts_with(&["time".to_owned(), "spent".to_owned()])
    }

    /// Whether the name is that of a number of things, which is no flag.
    pub(crate) fn is_tally(&self) -> bool {
        TALLIES.are(singular(self.word(0)))
    }

    /// Whether the name is a question that yes or no answers.
    pub(crate) fn is_flag(&self) -> bool {
        self.words.len() > 1 && FLAG_STARTS.are(self.first()) || FLAG_ENDS.are(self.word(0))
    }

    /// Whether letters in such a field are codes, of which `Y` and `N` may be two.
    pub(crate) fn holds_letter_codes(&self) -> bool {
        !self.is_flag() && LETTER_CODES.are(self.word(0))
            || PAIRED_LETTER_CODES.contains(&(self.word(1), self.word(0)))
    }

    /// Whether the name is that of a date or of a moment.
    pub(crate) fn is_date(&self) -> bool {
        let last = self.word(0);
        let is_moment = match last {
            "at" | "x" => self.words.len() == 2,
            "time" => EVENTS.are(self.word(1)),
            last => DATES.are(last) || self.first() == "date" || self.word(1) == "date" && OF_DATES.are(last),
        };
        is_moment
            && !self.words.iter().any(|word| ABOUT_DATES.are(word))
            && (last != "x" || self.word(1) == "timestamp")
    }

    /// Whether the field may hold anything, so that one example shows only itself.
    pub(crate) fn holds_anything(&self) -> bool {
        ANYTHING.are(self.word(0))
    }

    /// Whether the type of the value depends on what else the object holds.
    pub(crate) fn varies(&self) -> bool {
        VARYING.are(self.word(0))
    }

    /// The type that the name shows of a value that is empty in every example.
    pub(crate) fn schema(&self, samples: &[&Value]) -> Option<Schema> {
        let is_structure = samples.iter().any(|value| value.is_array() || value.is_object());
        let is_text = samples.iter().any(|value| value.is_string());
        let is_false = samples.iter().any(|value| value.is_boolean());
        let is_flag = self.is_flag() || is_false && FLAG_NOUNS.are(self.word(0));
        if !is_flag && self.is_date() {
            return Some(Schema { format: Some("date-time".to_owned()), ..Schema::of(JsonType::String) });
        }
        if self.word(0) == "ids" && self.is_number_key() {
            let items = Some(Box::new(Schema::of(JsonType::Integer)));
            return Some(Schema { items, ..Schema::of(JsonType::Array) });
        }
        let kind = match () {
            () if is_structure => return None,
            () if self.is_number_key() => JsonType::Integer,
            () if self.identifies() && self.is_text_key() => JsonType::String,
            () if is_flag => JsonType::Boolean,
            () if self.is_measure() => JsonType::Number,
            () if self.counts() && !is_text && !LETTER_CODES.are(self.word(0)) => JsonType::Integer,
            () if TEXTS.are(singular(self.word(0))) => JsonType::String,
            () => return None,
        };
        Some(Schema::of(kind))
    }
}

/// A word without the ending of the plural.
fn singular(word: &str) -> &str {
    let stem = word.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with('s'));
    stem.unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_same_words_in_every_spelling() {
        for name in ["basePrice", "BASE_PRICE", "base_price", "~BASE_PRICE", "base.price"] {
            assert_eq!(FieldName::of(name).words, ["base", "price"], "{name}");
        }
        for (name, words) in [
            ("XMLId", &["xml", "id"][..]),
            ("cageIDs", &["cage", "ids"]),
            ("isLocation4tax", &["is", "location4tax"]),
            ("ID", &["id"]),
            ("", &[]),
        ] {
            assert_eq!(FieldName::of(name).words, words, "{name}");
        }
    }

    #[test]
    fn the_words_of_a_name_say_what_it_holds() {
        type Says = fn(&FieldName) -> bool;
        for (says, names, others) in [
            (
                FieldName::identifies as Says,
                &["ID", "cageId", "CAGE_IDS", "CREATED_BY", "lastActivityBy"][..],
                &["paid", "sortBy", "by", "identity"][..],
            ),
            (
                FieldName::is_text_key,
                &["XML_ID", "originatorId", "IBLOCK_TYPE_ID", "entity_id"],
                &["IBLOCK_ID", "TYPE_ID", "id", "ENTITY_ID"],
            ),
            (
                FieldName::is_number_key,
                &["USER_ID", "createdBy", "fileIds"],
                &["id", "XML_ID", "KKM_ID", "userName"],
            ),
            (
                FieldName::is_measure,
                &["QUANTITY", "priceDelivery", "basePrice", "PRICE_EXCLUSIVE", "TAX_VALUE", "DISCOUNT_RATE"],
                &["priceType", "quantityTrace", "value", "vatId", "status"],
            ),
            (
                FieldName::may_be_fraction,
                &["boxLength", "VALUE", "weight"],
                &["lengthy", "copies", "MAX_LENGTH"],
            ),
            (
                FieldName::counts,
                &["SORT", "commentsCount", "durationPlan", "timeSpentInLogs"],
                &["phone", "duration1c"],
            ),
            (
                FieldName::is_flag,
                &["isRequired", "HAS_PHONE", "useIt", "active"],
                &["is", "issue", "island", "user"],
            ),
            (
                FieldName::holds_letter_codes,
                &["SHOW_FILTER", "quantityTrace", "TYPE"],
                &["ACTIVE", "filtrable", "IS_CONFIGURABLE_TYPE", "smartFilter"],
            ),
            (
                FieldName::is_date,
                &[
                    "DATE_CREATE",
                    "createdAt",
                    "birthday",
                    "TIMESTAMP_X",
                    "LAST_ACTIVITY_TIME",
                    "PROJECT_DATE_START",
                ],
                &[
                    "dateFormat",
                    "DATE_FROM_TS_UTC",
                    "WORK_TIME",
                    "at",
                    "dateResponsibleId",
                    "axis_x",
                    "isDateSet",
                ],
            ),
            (FieldName::holds_anything, &["VALUE", "title"], &["valueOf"]),
            (FieldName::varies, &["VALUE_RAW", "defaultValue"], &["valueOf", "title"]),
        ] {
            for name in names {
                assert!(says(&FieldName::of(name)), "{name}");
            }
            for name in others {
                assert!(!says(&FieldName::of(name)), "{name}");
            }
        }
    }
}

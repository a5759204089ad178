//! Texts that are dates.

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::params::{DATE_FORMATS, DATE_NAMES, DATE_WORDS, NO_DATES};
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::syntax::ast::Cell;

/// Whether a documented text is a date: by what requests send, by a form of dates in its description, or by its name together
/// with its description.
pub(super) fn is_date(schema: &Schema, context: FieldContext<'_>) -> bool {
    if schema.types.single() != Some(JsonType::String) || schema.format.is_some() {
        return false;
    }
    let prose = context.description.map(Cell::prose).unwrap_or_default();
    let words = words(context.name);
    let has = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    let speaks_of_dates = DATE_WORDS.are_words_of(&prose);
    if has(NO_DATES) || context.example.format.is_none() && !context.example.is_unknown() && !speaks_of_dates
    {
        return false;
    }
    context.example.format.as_deref() == Some("date-time")
        || speaks_of_dates && (has(DATE_NAMES) || DATE_FORMATS.are_words_of(&prose))
}

/// The words of a name, in lower case: `dateStart` and `DATE_START` have two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_small = false;
    for letter in name.chars() {
        let begins = letter == '_' || letter.is_ascii_uppercase() && before_small;
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter != '_') {
            word.push(letter.to_ascii_lowercase());
        }
        before_small = letter.is_ascii_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_words() {
        assert_eq!(words("dateStart"), ["date", "start"]);
        assert_eq!(words("CLOSE_DATE"), ["close", "date"]);
        assert_eq!(words("validate"), ["validate"]);
    }
}

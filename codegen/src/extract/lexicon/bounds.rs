//! Phrases that give the bounds of a number, the length of a text and of a list.

use crate::extract::lexicon::phrases::Phrases;

/// The words before the two ends of a range.
pub(crate) const RANGES: &[(&str, &str)] = &[("from", "to"), ("between", "and"), ("от", "до")];

/// The words right before the smallest number allowed.
pub(crate) const LEAST: Phrases = Phrases(&[
    "minimum value is",
    "minimum value",
    "minimum is",
    "minimum",
    "greater than or equal to",
    "not less than",
    "no less than",
    "at least",
    "не менее",
    "не меньше",
    "минимум",
    "минимальное значение",
]);

/// The words right before a number that is too small by itself.
pub(crate) const ABOVE: Phrases = Phrases(&[
    "must be greater than",
    "must be more than",
    "greater than zero or",
    "должно быть больше",
    "должен быть больше",
]);

/// The words right before the largest number allowed.
pub(crate) const MOST: Phrases = Phrases(&[
    "maximum value is",
    "maximum value",
    "maximum is",
    "maximum",
    "less than or equal to",
    "must not exceed",
    "cannot exceed",
    "not greater than",
    "no greater than",
    "not more than",
    "no more than",
    "at most",
    "не более",
    "не больше",
    "максимум",
    "максимальное значение",
]);

/// The words right before the greatest number of items of a list.
pub(crate) const MOST_OF_ITEMS: Phrases = Phrases(&[
    "maximum of",
    "maximum",
    "no more than",
    "must not exceed",
    "cannot exceed",
    "at most",
    "up to",
    "максимум",
    "не более",
]);

/// The same, with the name of what is counted between them and the number.
pub(crate) const NUMBER_OF: Phrases =
    Phrases(&["maximum number of", "максимальное количество", "максимальное число"]);

/// The beginning of a description of a list, in which numbers count items.
pub(crate) const LIST_BEGINS: Phrases =
    Phrases(&["array", "an array", "list of", "a list", "the list", "массив", "список"]);

/// The words before the greatest length of a string, with the name of what is counted between them and the number.
pub(crate) const LENGTH_OF: Phrases = Phrases(&["maximum length of", "максимальная длина"]);

/// The words for a letter, in which the length of a string is counted.
pub(crate) const LETTERS: Phrases = Phrases(&["character", "symbol", "letter", "символ"]);

/// Words behind a number that is the size of a file or the length of a text, and no number of items.
pub(crate) const SIZES: Phrases = Phrases(&[
    "character",
    "symbol",
    "letter",
    "byte",
    "kb",
    "mb",
    "gb",
    "pixel",
    "px",
    "minute",
    "hour",
    "day",
    "second",
    "символ",
    "байт",
    "кб",
    "мб",
    "минут",
    "час",
    "дн",
    "секунд",
]);

/// The words right before the greatest length of a string.
pub(crate) const LONGEST: Phrases = Phrases(&[
    "no more than",
    "not longer than",
    "at most",
    "не более",
    "не длиннее",
    "до",
    "максимум",
    "максимальная длина",
    "must not exceed",
    "not exceeding",
    "cannot exceed",
    "up to",
    "maximum length is",
    "maximum length of",
    "maximum length",
    "maximum",
]);

/// The words behind a number that counts something and is no bound of the value.
pub(crate) const COUNTED: Phrases = Phrases(&[
    "characters",
    "character",
    "symbols",
    "bytes",
    "kb",
    "mb",
    "gb",
    "items",
    "elements",
    "records",
    "days",
    "hours",
    "minutes",
    "times",
    "digits",
    "px",
    "values",
    "files",
]);

//! Phrases that give the values of a parameter, its default and its bounds.

use crate::extract::lexicon::phrases::Phrases;

/// The announcement of the values of a parameter.
pub(crate) const VALUES: Phrases = Phrases(&[
    "possible values",
    "allowed values",
    "available values",
    "acceptable values",
    "permissible values",
    "accepted values",
    "valid values",
    "supported values",
    "can take values",
    "takes values",
    "accepts values",
    "one of the values",
    "following values",
    "available types",
    "supported types",
    "allowed types",
    "possible types",
    "available modes",
    "possible options",
    "available options",
    "available fields",
    "возможные значения",
    "допустимые значения",
    "принимает значения",
]);

/// The last word of an announcement that values in the same line follow without a colon.
pub(crate) const BEFORE_VALUES: Phrases = Phrases(&[" are"]);

/// The words between two values.
pub(crate) const SEPARATORS: Phrases =
    Phrases(&[",", "or", "and", ", or", ", and", "/", ";", "|", "или", "и"]);

/// Words between a value and its meaning.
pub(crate) const MEANINGS: Phrases = Phrases(&["for ", "для "]);

/// Words for a kind, whose values may follow a colon without any other announcement.
pub(crate) const KINDS: Phrases = Phrases(&[
    "type",
    "mode",
    "kind",
    "direction",
    "period",
    "unit",
    "status",
    "flag",
    "тип",
    "режим",
    "направление",
    "период",
    "статус",
    "признак",
]);

/// The announcement of samples, beside which there are other values.
pub(crate) const EXAMPLES: Phrases = Phrases(&["typical", "example", "for instance", "such as", "например"]);

/// The words right before a default.
pub(crate) const DEFAULTS: Phrases = Phrases(&[
    "default",
    "defaults to",
    "by default it is",
    "default is",
    "default value",
    "default value is",
    "default equals",
    "by default equals",
    "default is set to",
    "default value is set to",
    "default value of",
    "by default, it is",
    "by default, the value is",
    "по умолчанию",
]);

/// The words right behind a value that is the default.
pub(crate) const DEFAULT_BEHIND: Phrases = Phrases(&[
    "by default",
    "is used by default",
    "(default",
    "(by default",
    "по умолчанию",
    "(по умолчанию",
]);

/// The words behind a default that end the sentence on it.
pub(crate) const USED: Phrases =
    Phrases(&["is used", "are used", "is applied", "is set", "is created", "will be used", "используется"]);

/// The beginning of a condition that a default may be limited to.
pub(crate) const RESTRICTED: Phrases =
    Phrases(&["for ", "if ", "when ", "unless ", "otherwise", "для ", "если ", "когда ", "иначе"]);

/// An empty text in words.
pub(crate) const EMPTY_TEXT: Phrases = Phrases(&["an empty string", "empty string", "пустая строка"]);

/// The end of the explanation of a value that is the default.
pub(crate) const DEFAULT_MARKS: Phrases = Phrases(&[
    "default",
    "by default",
    "default value",
    "the default value",
    "used by default",
    "set by default",
    "по умолчанию",
    "значение по умолчанию",
]);

/// The words before the two ends of a range.
pub(crate) const RANGES: &[(&str, &str)] = &[("from", "to"), ("от", "до")];

/// Words of a text above a list whose items are no values, or only some.
pub(crate) const NO_VALUES: Phrases = Phrases(&[
    "format",
    "formats",
    "form",
    "where",
    "field",
    "fields",
    "structure",
    "template",
    "templates",
    "example",
    "examples",
    "typical",
    "basic",
    "common",
    "key",
    "keys",
    "contain",
    "contains",
    "prefix",
    "custom",
    "system",
    "parameters",
    "variables",
    "формат",
    "поля",
    "поле",
    "структура",
    "шаблон",
    "пример",
    "примеры",
    "ключи",
    "параметры",
]);

/// The words right before the smallest number allowed.
pub(crate) const LEAST: Phrases = Phrases(&[
    "minimum value is",
    "minimum value",
    "minimum is",
    "minimum",
    "greater than or equal to",
    "not less than",
    "no less than",
]);

/// The words right before a number that is too small by itself.
pub(crate) const ABOVE: Phrases = Phrases(&["must be greater than", "greater than zero or"]);

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
]);

/// The words right before the greatest length of a string.
pub(crate) const LONGEST: Phrases = Phrases(&[
    "no more than",
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

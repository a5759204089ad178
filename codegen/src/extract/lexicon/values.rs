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
    "принимать значения",
]);

/// Words right before values in the same sentence: "can be `a` or `b`".
pub(crate) const LEADS: Phrases =
    Phrases(&["can be", "may be", "must be", "accepts", "может быть", "может принимать"]);

/// The same as a sentence of its own.
pub(crate) const VALUES_ALONE: Phrases = Phrases(&["values", "options", "one of", "значения", "варианты"]);

/// The last word of an announcement that values in the same line follow without a colon.
pub(crate) const BEFORE_VALUES: Phrases = Phrases(&[" are"]);

/// The words between two values.
pub(crate) const SEPARATORS: Phrases =
    Phrases(&[",", "or", "and", ", or", ", and", "/", ";", "|", "или", "и"]);

/// Words between a value and its meaning.
pub(crate) const MEANINGS: Phrases = Phrases(&["for ", "для "]);

/// Words that a name of a value does not have.
pub(crate) const ARTICLES: Phrases = Phrases(&["the", "a", "an"]);

/// The beginning of an explanation of `0` that makes `1` its opposite.
pub(crate) const NEGATIONS: Phrases = Phrases(&[
    "no",
    "not ",
    "do not ",
    "does not ",
    "don't ",
    "disable",
    "off",
    "without ",
    "never",
    "inactive",
    "false",
    "нет",
    "не ",
    "выключ",
    "отключ",
]);

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

/// The words of a condition that the parameter is absent.
pub(crate) const OMITTED: Phrases = Phrases(&[
    "not provided",
    "not passed",
    "not specified",
    "not given",
    "not set",
    "not sent",
    "omitted",
    "left out",
    "absent",
    "не передан",
    "не указан",
    "не задан",
]);

/// The words before the value that replaces an absent one.
pub(crate) const SET_TO: Phrases = Phrases(&[
    "set to",
    "set to the value",
    "equal to",
    "the value is",
    "the method uses",
    "устанавливается",
    "используется",
]);

/// The words behind a number that is the default number of something.
pub(crate) const GIVEN_BACK: Phrases =
    Phrases(&["is returned", "are returned", "will be returned", "возвращается", "возвращаются"]);

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

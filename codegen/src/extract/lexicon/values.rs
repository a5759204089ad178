//! The words by which descriptions give the values of a parameter, its default and its bounds.

/// How a text ends or begins that announces the values of a parameter.
pub(crate) const VALUES: &[&str] = &[
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
    "возможные значения",
    "допустимые значения",
    "принимает значения",
];

/// What tells that values are only some of those there are.
pub(crate) const EXAMPLES: &[&str] = &["typical", "example", "for instance", "such as", "например"];

/// What stands right before the value that is taken where none is given.
pub(crate) const DEFAULTS: &[&str] = &[
    "default",
    "defaults to",
    "by default it is",
    "default is",
    "default value",
    "default value is",
    "default equals",
    "by default equals",
    "по умолчанию",
];

/// What ends the explanation of the value that is taken where none is given.
pub(crate) const DEFAULT_MARKS: &[&str] = &[
    "default",
    "by default",
    "default value",
    "the default value",
    "used by default",
    "set by default",
    "по умолчанию",
    "значение по умолчанию",
];

/// The two words between which and after which the ends of a range stand.
pub(crate) const RANGES: &[(&str, &str)] = &[("from", "to"), ("от", "до")];

/// The words of a text above a list that tell that its items are no values, or only some.
pub(crate) const NO_VALUES: &[&str] = &[
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
];

/// What stands right before the smallest number allowed.
pub(crate) const LEAST: &[&str] = &[
    "minimum value is",
    "minimum value",
    "minimum is",
    "minimum",
    "greater than or equal to",
    "not less than",
    "no less than",
];

/// What stands right before the largest.
pub(crate) const MOST: &[&str] = &[
    "maximum value is",
    "maximum value",
    "maximum is",
    "maximum",
    "less than or equal to",
    "must not exceed",
    "cannot exceed",
    "not greater than",
    "no greater than",
];

/// What stands right before the longest a text may be.
pub(crate) const LONGEST: &[&str] = &[
    "no more than",
    "must not exceed",
    "not exceeding",
    "cannot exceed",
    "up to",
    "maximum length is",
    "maximum length",
    "maximum",
];

/// What a number counts that is no bound of the value itself.
pub(crate) const COUNTED: &[&str] = &[
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
];

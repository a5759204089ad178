//! The words by which pages tell of parameters: which of them must be given, what their keys are, and in what form they go.

/// How a description says that the keys of an object are data, in lower case.
pub(crate) const DATA_KEYS: &[&str] = &[
    "each key in",
    "each key is",
    "the key is the",
    "the keys are the",
    "the key of the",
    "objects, each describing",
    "ключ объекта",
    "ключи — ",
];

/// What a sentence on one parameter may begin with, before it says when it is required, in lower case.
pub(crate) const SUBJECTS: &[&str] =
    &["this parameter is ", "the parameter is ", "this field is ", "the field is ", "it is "];
/// How such a sentence says that it is required in some cases only, in lower case.
pub(crate) const CONDITIONS: &[&str] = &[
    "required if",
    "required when",
    "required only",
    "required for",
    "mandatory if",
    "mandatory when",
    "mandatory only",
    "mandatory for",
    "optional if",
    "optional when",
    "relevant only for",
    "обязателен, если",
    "обязательный, если",
    "обязательно, если",
];
/// What such a sentence has in it where the case is that another one is not given.
pub(crate) const NOT_GIVEN: &[&str] = &[
    "is not provided",
    "is not passed",
    "is not specified",
    "is not given",
    "is not set",
    "не передан",
    "не указан",
];
/// How a sentence says that one parameter goes in the place of another, in lower case.
pub(crate) const INSTEAD: &[&str] = &["passed instead of", "used instead of", "вместо"];
/// How a sentence says that one of several is to be given, in lower case.
pub(crate) const EITHER: &[&str] = &[
    "pass either",
    "provide either",
    "specify either",
    "provide one of",
    "pass one of",
    "specify one of",
    "передайте либо",
    "укажите либо",
];

/// What stands right before the form of an object that a description shows as code, in lower case.
pub(crate) const FORMS: &[&str] =
    &["in the format", "object format", "of the form", "in the form", "в формате", "вида"];

/// What stands before such a form where it is that of the items of a list, in lower case.
pub(crate) const ITEMS: &[&str] = &["array of", "list of", "objects in", "массив объектов", "список"];

/// How a section says that its table leaves out fields that another page lists, in lower case.
pub(crate) const MORE_FIELDS: &[&str] =
    &["description of all", "all available fields", "full list of fields", "описание всех полей"];

/// The headings of further parameters of the same method, in lower case.
pub(crate) const FURTHER_PARAMETERS: &[&str] =
    &["additional parameters", "further parameters", "optional parameters", "дополнительные параметры"];

/// The words of a description that tell of a list or an object, where the type beside it is a single value.
pub(crate) const STRUCTURES: &[&str] =
    &["array", "arrays", "list", "object", "objects", "массив", "массива", "список", "объект"];

/// The words of a description that tell of several values, where the type beside it is that of one of them.
pub(crate) const SEVERAL: &[&str] =
    &["array", "arrays", "list", "lists", "multiple", "массив", "массива", "список", "множественное"];

/// Names that stand for fields with a number of their own: `fieldN` for `field287`.
pub(crate) const NUMBERED: &[&str] = &["fieldN", "propertyN", "FIELD_N", "PROPERTY_N"];

/// How a page says that the method takes nothing.
pub(crate) const NO_PARAMETERS: &[&str] = &[
    "no parameters",
    "without parameters",
    "there are no parameters",
    "the method has no parameters",
    "the method does not accept any parameters",
    "the method is called without parameters",
    "без параметров",
    "нет параметров",
    "метод не имеет параметров",
];

/// How a page says that it marks what is required.
pub(crate) const REQUIRED_FOOTNOTES: &[&str] =
    &["Required parameters are marked with", "Обязательные параметры отмечены"];

/// How a sentence begins that names parameters of which one must be given.
pub(crate) const AT_LEAST_ONE: &[&str] = &[
    "at least one of the parameters must be",
    "at least one of these parameters must be",
    "at least one of the following parameters must be",
    "pass at least one of the parameters",
    "the method accepts one of the parameters",
    "хотя бы один из параметров",
    "как минимум один из параметров",
];

/// How a sentence says the same of the two optional parameters without naming them.
pub(crate) const ONE_OF_TWO_OPTIONAL: &[(&str, &str)] = &[
    ("two parameters are optional", "at least one of them must be"),
    ("два параметра не обязательны", "как минимум один из них должен быть"),
    ("два параметра необязательны", "как минимум один из них должен быть"),
];

/// Words in the place of a field that are none: directions, a key of nested conditions, and placeholders.
pub(crate) const NO_FIELDS: &[&str] = &["asc", "desc", "logic", "field", "value"];

pub(crate) const PLACEHOLDERS: &[&str] = &["field_", "value_", "order_", "sort_"];

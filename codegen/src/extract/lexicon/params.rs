//! Phrases that describe parameters: which of them must be given, what their keys are, and in what form they are sent.

use crate::extract::lexicon::phrases::Phrases;

/// A description of an object whose keys are data.
pub(crate) const DATA_KEYS: Phrases = Phrases(&[
    "each key in",
    "each key is",
    "the key is the",
    "the keys are the",
    "the key of the",
    "objects, each describing",
    "ключ объекта",
    "ключи — ",
]);

/// The subject of a sentence on one parameter, before the condition.
pub(crate) const SUBJECTS: Phrases =
    Phrases(&["this parameter is ", "the parameter is ", "this field is ", "the field is ", "it is "]);
/// The condition: the parameter is required in some cases only.
pub(crate) const CONDITIONS: Phrases = Phrases(&[
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
]);
/// The words of a condition that is met where another parameter is absent.
pub(crate) const NOT_GIVEN: Phrases = Phrases(&[
    "is not provided",
    "is not passed",
    "is not specified",
    "is not given",
    "is not set",
    "не передан",
    "не указан",
]);
/// A sentence on a parameter that is sent in the place of another.
pub(crate) const INSTEAD: Phrases = Phrases(&["passed instead of", "used instead of", "вместо"]);
/// A sentence on several parameters of which one must be given.
pub(crate) const EITHER: Phrases = Phrases(&[
    "pass either",
    "provide either",
    "specify either",
    "provide one of",
    "pass one of",
    "specify one of",
    "передайте либо",
    "укажите либо",
]);

/// The words right before the form of an object that a description shows as code.
pub(crate) const FORMS: Phrases =
    Phrases(&["in the format", "object format", "of the form", "in the form", "в формате", "вида"]);

/// The words before such a form where it is that of the items of a list.
pub(crate) const ITEMS: Phrases =
    Phrases(&["array of", "list of", "objects in", "массив объектов", "список"]);

/// Keys that say which page is requested, and how long it is.
pub(crate) const PAGE_KEYS: Phrases = Phrases(&["page", "limit", "offset"]);

/// The beginning of a sentence that links to a complete list of fields on another page.
pub(crate) const MORE_FIELDS: Phrases =
    Phrases(&["description of all", "all available fields", "full list of fields", "описание всех полей"]);

/// The beginning of the announcement of fields that must be given.
pub(crate) const REQUIRED_KEYS: Phrases = Phrases(&[
    "required fields",
    "required keys",
    "required parameters",
    "mandatory fields",
    "обязательные поля",
    "обязательные ключи",
]);

/// The last words of methods that work on one record.
pub(crate) const RECORD_VERBS: Phrases = Phrases(&["get", "update", "delete"]);

/// Words on a parameter that may be left out.
pub(crate) const OPTIONAL: Phrases = Phrases(&[
    "optional",
    "if not ",
    "if the parameter is not",
    "if no ",
    "not required",
    "is not provided",
    "is not passed",
    "is not specified",
    "instead of",
    "or nothing",
    "should only be",
    "need only be",
    "необязател",
    "если не ",
]);

/// Words of names that a date has.
pub(crate) const DATE_NAMES: &[&str] = &["date", "datetime", "deadline"];
/// Words of names of something about dates.
pub(crate) const NO_DATES: &[&str] = &["format", "type", "count", "days", "is", "has", "show", "use"];
/// Words of a description of a date.
pub(crate) const DATE_WORDS: Phrases =
    Phrases(&["date", "deadline", "datetime", "time", "дата", "срок", "время"]);
/// Words for the form of a date with its time.
pub(crate) const DATE_FORMATS: Phrases = Phrases(&["iso8601", "8601", "atom", "rfc3339", "3339"]);

/// Words of a description of a list whose items are numbers.
pub(crate) const ITEM_IDENTIFIERS: Phrases =
    Phrases(&["identifiers", "user ids", "идентификаторов", "идентификаторы"]);
/// Words that identifiers are described with where they are no numbers.
pub(crate) const NO_NUMBERS: Phrases = Phrases(&[
    "prefix",
    "site",
    "code",
    "symbol",
    "uuid",
    "guid",
    "string",
    "object",
    "temporary",
    "префикс",
]);
/// Words of a description of a list whose items are texts.
pub(crate) const ITEM_TEXTS: Phrases =
    Phrases(&["addresses", "codes", "e-mails", "emails", "names", "strings", "адресов", "кодов", "строк"]);

/// The ends of the names of identifiers of records: of tasks, of users.
pub(crate) const OF_RECORDS: &[&str] = &["_ID", "_BY"];
/// Names of identifiers that others than the portal give, or that are texts.
pub(crate) const OF_OTHERS: &[&str] =
    &["XML_ID", "SITE_ID", "EXCHANGE_ID", "EXTERNAL_ID", "ORIGIN_ID", "ORIGINATOR_ID"];

/// The headings of further parameters of the same method.
pub(crate) const FURTHER_PARAMETERS: Phrases = Phrases(&[
    "additional parameters",
    "further parameters",
    "optional parameters",
    "дополнительные параметры",
]);

/// The words of a description for a list or an object, where the type beside it is a single value.
pub(crate) const STRUCTURES: Phrases =
    Phrases(&["array", "arrays", "list", "object", "objects", "массив", "массива", "список", "объект"]);

/// The words of a description for an object.
pub(crate) const OBJECTS: Phrases = Phrases(&["object", "objects", "объект", "объекта", "объектов"]);

/// The words of a description for several values, where the type beside it is that of one of them.
pub(crate) const SEVERAL: Phrases = Phrases(&[
    "array",
    "arrays",
    "list",
    "lists",
    "multiple",
    "массив",
    "массива",
    "список",
    "множественное",
]);

/// Names that stand for numbered fields: `fieldN` for `field287`.
pub(crate) const NUMBERED: &[&str] = &["fieldN", "propertyN", "FIELD_N", "PROPERTY_N"];

/// The beginning of a sentence on a method without parameters.
pub(crate) const NO_PARAMETERS: Phrases = Phrases(&[
    "no parameters",
    "without parameters",
    "there are no parameters",
    "the method has no parameters",
    "the method does not accept any parameters",
    "the method is called without parameters",
    "the method takes no parameters",
    "the method does not have parameters",
    "the method does not have any parameters",
    "the method does not require parameters",
    "the method does not require any parameters",
    "the method does not accept parameters",
    "this method has no parameters",
    "parameters are not required",
    "без параметров",
    "нет параметров",
    "параметров нет",
    "параметры отсутствуют",
    "метод не имеет параметров",
    "метод не принимает параметр",
    "метод вызывается без параметров",
]);

/// The beginning of the footnote on the mark of required parameters.
pub(crate) const REQUIRED_FOOTNOTES: Phrases = Phrases(&[
    "required parameters are marked with",
    "required fields are marked with",
    "mandatory parameters are marked with",
    "parameters marked with",
    "fields marked with",
    "обязательные параметры отмечены",
    "обязательные поля отмечены",
    "параметры, отмеченные",
]);

/// The beginning of a sentence that names parameters of which one must be given.
pub(crate) const AT_LEAST_ONE: Phrases = Phrases(&[
    "at least one of the parameters must be",
    "at least one of these parameters must be",
    "at least one of the following parameters must be",
    "pass at least one of the parameters",
    "the method accepts one of the parameters",
    "хотя бы один из параметров",
    "как минимум один из параметров",
]);

/// The same in the middle of a sentence.
pub(crate) const AT_LEAST_ONE_OF: &str = "at least one of";

/// Words before the names of parameters of which one must be given.
pub(crate) const ONE_REQUIRED: Phrases = Phrases(&[
    AT_LEAST_ONE_OF,
    "at least one parameter must be",
    "at least one field must be",
    "at least one field to change",
    "must provide one of",
    "must pass one of",
    "must specify one of",
    "must provide either",
    "must pass either",
    "must specify either",
    "необходимо передать либо",
    "необходимо указать либо",
]);

/// A sentence on the two optional parameters, without their names: both are optional, and
pub(crate) const TWO_OPTIONAL: Phrases =
    Phrases(&["two parameters are optional", "два параметра не обязательны", "два параметра необязательны"]);
/// one of them must be given.
pub(crate) const ONE_OF_TWO: Phrases =
    Phrases(&["at least one of them must be", "как минимум один из них должен быть"]);

/// What every sentence on alternatives has in it. A text without any of these is not looked at further.
pub(crate) const ALTERNATIVES: Phrases = Phrases(&[
    AT_LEAST_ONE_OF,
    "at least one parameter must be",
    "at least one field must be",
    "at least one field to change",
    "must provide one of",
    "must pass one of",
    "must specify one of",
    "must provide either",
    "must pass either",
    "must specify either",
    "необходимо передать либо",
    "необходимо указать либо",
    "the method accepts one of the parameters",
    "хотя бы один из параметров",
    "как минимум один из параметров",
    "как минимум один из них должен быть",
]);

/// Words in the place of a field that are none: directions, a key of nested conditions, and placeholders.
pub(crate) const NO_FIELDS: &[&str] = &["asc", "desc", "logic", "field", "value"];

pub(crate) const PLACEHOLDERS: &[&str] = &["field_", "value_", "order_", "sort_"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_cover_the_phrases_of_the_rules() {
        for phrase in AT_LEAST_ONE.0.iter().chain(ONE_OF_TWO.0).chain(ONE_REQUIRED.0) {
            assert!(ALTERNATIVES.stand_in(phrase), "{phrase}");
        }
    }
}

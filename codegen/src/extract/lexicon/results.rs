//! The names by which results show what their fields hold.

use crate::extract::lexicon::phrases::Phrases;

/// The keys of a field description beside the type.
pub(crate) const OF_A_FIELD: &[&str] = &[
    "isRequired",
    "isReadOnly",
    "isImmutable",
    "isMultiple",
    "isDynamic",
    "title",
    "required",
    "multiple",
    "editable",
    "primary",
    "MULTIPLE",
    "MANDATORY",
];

/// Words of a description of an object whose keys are data.
pub(crate) const KEYS_IN_RESULTS: Phrases = Phrases(&[
    "the key is",
    "the keys are",
    "where key is",
    "object key is",
    "object's key is",
    "top-level key is",
    "key corresponds to",
    "ключ — ",
    "ключи — ",
    "ключом является",
    "ключами являются",
]);

/// A part of the addresses of pages that list the types of many things.
pub(crate) const LISTS_OF_TYPES: Phrases = Phrases(&["data-types"]);

/// The beginning of the description of a row that is about any field.
pub(crate) const ANY_FIELD: Phrases =
    Phrases(&["any field of", "any of the fields", "any other field of", "любое поле", "любое из полей"]);

/// The fields of an object that may be its key in a map, in lower case.
pub(crate) const OF_ITSELF: [&str; 4] = ["code", "id", "name", "xml_id"];

/// The name of the kind of a custom field, in letters.
pub(crate) const KIND_OF_A_FIELD: Phrases = Phrases(&["usertypeid"]);

/// The name of the settings of a custom field, which depend on its kind.
pub(crate) const SETTINGS: Phrases = Phrases(&["settings"]);

/// The names of fields that things of any kind have.
pub(crate) const OF_ANYTHING: Phrases = Phrases(&["code", "id", "name", "title", "type", "xml_id"]);

/// The keys beside `result` in the envelope.
pub(crate) const OF_ENVELOPE: [&str; 5] = ["time", "total", "next", "error", "error_description"];

/// The last words of methods that describe the fields of an entity.
pub(crate) const DESCRIBING_VERBS: [&str; 2] = ["fields", "getFields"];

/// Words of a description of a list whose items are identifiers.
pub(crate) const LISTED_IDENTIFIERS: Phrases = Phrases(&[
    "list of identifiers",
    "array of identifiers",
    " ids",
    "identifiers of",
    "список идентификаторов",
]);

/// How the description of a list begins, and the things in it whose kind is in between.
pub(crate) const LISTS: Phrases =
    Phrases(&["array of ", "an array of ", "list of ", "a list of ", "массив ", "список "]);

/// The things at the end of such a beginning.
pub(crate) const IDENTIFIERS: Phrases = Phrases(&["identifiers", "ids", "идентификаторов"]);

/// The parameters that choose rows, fields and their order.
pub(crate) const SELECTING: [&str; 4] = ["filter", "order", "select", "pagination"];

/// The last word of methods that return one thing.
pub(crate) const ONE_THING: &str = "get";

/// The last words of methods that return a list of things.
pub(crate) const MANY_THINGS: [&str; 2] = ["list", "getList"];

//! The words of pages about placements and about handlers: what a portal sends to an application beside events.

use crate::descriptor::Shown;
use crate::extract::lexicon::phrases::Phrases;

/// Ends of the head of a column of codes of placements: "Widget Code".
pub(crate) const CODE_HEADS: Phrases = Phrases(&["code", "код", "код виджета", "код места встройки"]);
/// Heads of the column beside it.
pub(crate) const LOCATION_HEADS: Phrases =
    Phrases(&["location", "place", "расположение", "место", "место встройки"]);
/// Heads of the first column of an overview of placements.
pub(crate) const OVERVIEW_HEADS: Phrases = Phrases(&[
    "widget",
    "placement",
    "embedding",
    "embedding point",
    "embedding location",
    "embedding place",
    "integration point",
    "виджет",
    "встройка",
    "точка встраивания",
    "место встройки",
    "место встраивания",
]);

/// What the interface shows, by words about the place. The first that fits counts.
pub(crate) const SHOWN: &[(Phrases, Shown)] = &[
    (Phrases(&["context menu", "контекстно"]), Shown::ContextMenu),
    (Phrases(&["dropdown", "drop-down", "выпадающ"]), Shown::DropdownMenu),
    (Phrases(&["menu", "меню"]), Shown::Menu),
    (Phrases(&["tab ", "tab of", "вкладк", "таб "]), Shown::Tab),
    (Phrases(&["invisible", "background", "невидим", "фонов"]), Shown::Hidden),
    (Phrases(&["link", "ссылк"]), Shown::Link),
    (Phrases(&["item", "button", "пункт", "кнопк", "элемент"]), Shown::Item),
];

/// The parts of a code that stand for a value, each behind the word that says of what: `XXX` behind `DYNAMIC`.
pub(crate) const VARIABLE_PARTS: &[(&str, &str)] = &[("DYNAMIC_XXX", "DYNAMIC_{entityTypeId}")];
/// The part of the name of several placements that differs: `CRM_XXX_LIST_MENU`.
pub(crate) const ANY_PART: &str = "XXX";
/// A code for the page of an application, outside of any placement.
pub(crate) const NO_PLACEMENT: &str = "DEFAULT";

/// The names of the parts of the request of a placement.
pub(crate) const PLACEMENT: &str = "PLACEMENT";
pub(crate) const PLACEMENT_OPTIONS: &str = "PLACEMENT_OPTIONS";
/// The parameter of the method that binds a placement.
pub(crate) const OPTIONS: &str = "OPTIONS";
/// Statements that no options are sent.
pub(crate) const NOT_SENT: Phrases =
    Phrases(&["is not passed", "is not sent", "are not passed", "не передается", "не передаётся"]);
/// Statements that another method is used than the one that follows.
pub(crate) const INSTEAD_OF: Phrases = Phrases(&["instead of", "вместо"]);

/// Parts of the heading above what the address of a method receives.
pub(crate) const RECEIVED_HEADINGS: Phrases = Phrases(&[
    "what comes to the handler",
    "what the handler receives",
    "data that comes to the handler",
    "fields in the request to the endpoint",
    "что приходит в обработчик",
    "что получает обработчик",
    "в запросе к эндпоинту",
    "в запросе на эндпоинт",
]);
/// Ends of a heading that begins with the parameter of an address: "`PRINT_URL` Page".
pub(crate) const ADDRESS_HEADINGS: Phrases =
    Phrases(&["", "page", "endpoint", "address", "страница", "адрес"]);
/// Headings above the response that a portal expects.
pub(crate) const RESPONSE_HEADINGS: Phrases =
    Phrases(&["response parameters", "response fields", "параметры ответа", "поля ответа"]);
/// Parts of the names of parameters that mean an address.
pub(crate) const ADDRESS_WORDS: &[&str] = &["url", "uri", "handler"];
/// Words of a method between the thing and what is done to it, which say nothing of a handler.
pub(crate) const HANDLER_WORDS: &[&str] = &["handler"];
/// Part of each request that has a form of its own.
pub(crate) const AUTH: &str = "auth";
/// Last words of methods that register something.
pub(crate) const REGISTERING_VERBS: &[&str] = &["add", "register", "bind"];

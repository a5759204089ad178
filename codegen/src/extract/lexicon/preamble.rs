//! The phrases above the first heading of a page: what kind of page it is, and what holds for its method as a whole.

use crate::extract::lexicon::phrases::Phrases;

/// Label of the line on who may call the method of the page.
pub(crate) const WHO_METHOD: Phrases = Phrases(&[
    "who can execute the method:",
    "who can execute this method:",
    "who can perform the method:",
    "who can perform this method:",
    "permissions to execute the method:",
    "кто может выполнять метод:",
    "кто может выполнить метод:",
    "права на выполнение метода:",
]);
/// The same label on a page about several methods.
pub(crate) const WHO_METHODS: Phrases = Phrases(&[
    "who can execute the methods:",
    "who can execute methods:",
    "who can perform the methods:",
    "who can perform methods:",
    "кто может выполнять методы:",
]);
/// The same label on a page about an event.
pub(crate) const WHO_SUBSCRIBES: Phrases = Phrases(&["who can subscribe:", "кто может подписаться:"]);

/// First words of the title of an event.
pub(crate) const EVENT_TITLES: Phrases = Phrases(&["event", "событие", "события"]);
/// Parts of the title of an overview.
pub(crate) const OVERVIEW_TITLES: Phrases =
    Phrases(&["overview of methods", "method overview", "methods overview", "обзор методов"]);
/// Words in the title of a list of fields or types.
pub(crate) const DICTIONARY_TITLES: Phrases = Phrases(&["fields", "types", "поля", "типы"]);
/// Statements that the portal calls the application.
pub(crate) const CALLBACKS: Phrases =
    Phrases(&["request is sent to the address", "запрос отправляется на адрес", "installation callback"]);
/// Parts of the code of pages about functions that exist only in the browser.
pub(crate) const CLIENT_CODE: &[&str] = &["BX24.", "MessengerCommon", "B24Frame"];
/// Parts of the code of pages about placements: places of the interface that show an application.
pub(crate) const PLACEMENT_CODE: &[&str] = &["PLACEMENT_OPTIONS"];

/// Names in place of a scope for a method that needs none.
pub(crate) const NO_SCOPE: &[&str] = &["basic", "базовый"];
/// Names of scopes on pages, each with the code on the portal: the page on scopes lists `sonet_group`, and no key can have
/// `sonet` or `workgroups`.
pub(crate) const SCOPE_CODES: &[(&str, &str)] = &[("sonet", "sonet_group"), ("workgroups", "sonet_group")];
/// Words between two scopes of a list.
pub(crate) const SCOPE_SEPARATORS: &[&str] = &["and", "or", "и", "или"];

/// Folders of deprecated pages.
pub(crate) const DEPRECATED_FOLDERS: &[&str] = &["outdated", "deprecated"];
/// Statements in the text of a note that the method is deprecated.
pub(crate) const DEPRECATED_SENTENCES: Phrases = Phrases(&[
    "development of this method has been",
    "development of the method has been",
    "development of methods has been",
    "development of this event has been",
    "development of the event has been",
    "development of this event is",
    "this event is deprecated",
    "the event is deprecated",
    "deprecated event",
    "развитие события остановлено",
    "развитие этого события остановлено",
    "событие устарело",
    "this method is deprecated",
    "the method is deprecated",
    "deprecated method",
    "развитие метода остановлено",
    "развитие этого метода остановлено",
    "развитие методов остановлено",
    "метод устарел",
    "методы устарели",
]);

/// Names of the context of an application.
pub(crate) const APPLICATION_CONTEXTS: Phrases = Phrases(&[
    "in the context of an application",
    "in the context of the application",
    "in the context of application",
    "within the context of an application",
    "within the context of the application",
    "within the context of application",
    "in the application context",
    "в контексте приложения",
    "в контексте авторизации приложения",
]);
/// Words of such a sentence that exclude any other context.
pub(crate) const ONLY: Phrases = Phrases(&["only", "только"]);
/// Error codes for a call from another context than that of an application.
pub(crate) const WRONG_CONTEXT: &[&str] = &["ERROR_WRONG_CONTEXT"];
/// Subjects of such a sentence that mean the method as a whole.
pub(crate) const OF_THE_METHOD: Phrases = Phrases(&["the method", "this method", "it ", "метод"]);
/// Start of the label of a tab with a call on the command line.
pub(crate) const CURL_TAB: Phrases = Phrases(&["curl"]);
/// End of the label of a tab whose example is authorized by OAuth, and by a webhook.
pub(crate) const OAUTH_TAB: Phrases = Phrases(&["(oauth)"]);
pub(crate) const WEBHOOK_TAB: Phrases = Phrases(&["(webhook)"]);

/// Statement that a method belongs to REST 3.
pub(crate) const REST_3: Phrases = Phrases(&["rest 3.0"]);

/// References to the description that all methods with `start` share.
pub(crate) const LIST_METHODS: Phrases =
    Phrases(&["description of list methods", "описание списочных методов"]);

/// Statements that parameters are passed by position.
pub(crate) const POSITIONAL: Phrases = Phrases(&[
    "parameters in the request according to the order",
    "order of parameters in the request",
    "order of the parameters in the request",
    "параметры в запросе в соответствии с порядком",
    "порядок параметров в запросе",
    "порядок следования параметров",
]);

/// Statements that a method has a second name.
pub(crate) const ALIASES: Phrases =
    Phrases(&["alias for the method", "alias of the method", "псевдоним метода", "алиас метода"]);

/// Label of the line of scopes.
pub(crate) const SCOPE_LABELS: Phrases = Phrases(&["scope:", "скоуп:"]);

/// Text that follows the scopes, as it is written; in rendered pages without a space before it.
pub(crate) const WHO_LABELS: &[&str] = &["Who can", "Кто может"];

/// Titles of a note, or lines without other text, that deprecate a method.
pub(crate) const DEPRECATED_TITLES: Phrases = Phrases(&[
    "deprecated",
    "deprecated method",
    "deprecated event",
    "event development has been halted",
    "метод устарел",
    "событие устарело",
    "устарел",
    "устарело",
]);

//! The words by which the head of a page tells what kind of page it is, and what it says of its method as a whole.

/// What a line begins with that says who may call the method of the page.
pub(crate) const WHO_METHOD: &[&str] = &[
    "Who can execute the method:",
    "Who can execute this method:",
    "Who can perform the method:",
    "Who can perform this method:",
    "Permissions to execute the method:",
    "Кто может выполнять метод:",
    "Кто может выполнить метод:",
    "Права на выполнение метода:",
];
/// The same of a page that is about several methods.
pub(crate) const WHO_METHODS: &[&str] = &[
    "Who can execute the methods:",
    "Who can execute methods:",
    "Who can perform the methods:",
    "Who can perform methods:",
    "Кто может выполнять методы:",
];
/// The same of a page that is about an event.
pub(crate) const WHO_SUBSCRIBES: &[&str] = &["Who can subscribe:", "Кто может подписаться:"];

/// The first words of the title of an event, in lower case.
pub(crate) const EVENT_TITLES: &[&str] = &["event", "событие", "события"];
/// What the title of an overview has in it, in lower case.
pub(crate) const OVERVIEW_TITLES: &[&str] =
    &["overview of methods", "method overview", "methods overview", "обзор методов"];
/// What the title of a list of fields or types has in it, as whole words in lower case.
pub(crate) const DICTIONARY_TITLES: &[&str] = &["fields", "types", "поля", "типы"];
/// How a page says that the portal calls the application, in lower case.
pub(crate) const CALLBACKS: &[&str] =
    &["request is sent to the address", "запрос отправляется на адрес", "installation callback"];
/// What stands in the code of pages on functions that exist in the browser alone.
pub(crate) const CLIENT_CODE: &[&str] = &["BX24.", "MessengerCommon", "B24Frame"];
/// What stands in the code of pages on places of the interface into which an application is put.
pub(crate) const PLACEMENT_CODE: &[&str] = &["PLACEMENT_OPTIONS"];

/// What the documentation calls a method that needs no scope.
pub(crate) const NO_SCOPE: &[&str] = &["basic", "базовый"];
/// Names that pages use for a scope, and the code that the portal knows it by: a page on scopes lists `sonet_group`, and a
/// key for `sonet` cannot be had.
pub(crate) const SCOPE_CODES: &[(&str, &str)] = &[("sonet", "sonet_group")];
/// What may stand between two scopes of a list.
pub(crate) const SCOPE_SEPARATORS: &[&str] = &["and", "or", "и", "или"];

/// The folders in which a documentation keeps what is deprecated.
pub(crate) const DEPRECATED_FOLDERS: &[&str] = &["outdated", "deprecated"];
/// How a note says in its text that the method is deprecated, in lower case.
pub(crate) const DEPRECATED_SENTENCES: &[&str] = &[
    "development of this method has been",
    "development of the method has been",
    "development of methods has been",
    "this method is deprecated",
    "the method is deprecated",
    "deprecated method",
    "развитие метода остановлено",
    "развитие этого метода остановлено",
    "развитие методов остановлено",
    "метод устарел",
    "методы устарели",
];

/// How a sentence names the context of an application, in lower case.
pub(crate) const APPLICATION_CONTEXTS: &[&str] = &[
    "in the context of an application",
    "in the context of the application",
    "in the context of application",
    "within the context of an application",
    "within the context of the application",
    "within the context of application",
    "in the application context",
    "в контексте приложения",
    "в контексте авторизации приложения",
];
/// What such a sentence has in it where no other context will do.
pub(crate) const ONLY: &[&str] = &["only", "только"];
/// The codes that a portal answers with where a method is called in another context than that of an application.
pub(crate) const WRONG_CONTEXT: &[&str] = &["ERROR_WRONG_CONTEXT"];
/// What such a sentence begins with where it is about the method as a whole.
pub(crate) const OF_THE_METHOD: &[&str] = &["the method", "this method", "it ", "метод"];
/// What the label of a tab has in it where its example is authorized as an application, and where by a webhook.
pub(crate) const OAUTH_TAB: &str = "(oauth)";
pub(crate) const WEBHOOK_TAB: &str = "(webhook)";

/// How a page says that its method is one of REST 3.
pub(crate) const REST_3: &str = "REST 3.0";

/// How a page refers to the description that methods with `start` share, in lower case.
pub(crate) const LIST_METHODS: &[&str] = &["description of list methods", "описание списочных методов"];

/// How a page says that parameters go by their position, in lower case.
pub(crate) const POSITIONAL: &[&str] = &[
    "parameters in the request according to the order",
    "order of parameters in the request",
    "order of the parameters in the request",
    "параметры в запросе в соответствии с порядком",
    "порядок параметров в запросе",
    "порядок следования параметров",
];

/// How a paragraph says that a method has a second name, in lower case.
pub(crate) const ALIASES: &[&str] =
    &["alias for the method", "alias of the method", "псевдоним метода", "алиас метода"];

/// What a line before the first heading begins with when it names the scopes.
pub(crate) const SCOPE_LABELS: &[&str] = &["Scope:", "Скоуп:"];

/// What follows the scopes; in rendered pages without so much as a space between.
pub(crate) const WHO_LABELS: &[&str] = &["Who can", "Кто может"];

/// How a page says that a method is deprecated, as the title of a note or a line of its own.
pub(crate) const DEPRECATED_TITLES: &[&str] =
    &["deprecated", "deprecated method", "метод устарел", "устарел"];

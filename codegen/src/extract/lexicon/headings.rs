//! The headings of the sections of a page.

use crate::extract::lexicon::phrases::Phrases;

/// The content of a section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SectionKind {
    /// The part before the first heading.
    #[default]
    Preamble,
    Parameters,
    Examples,
    /// The response of a successful call.
    Response,
    /// The table of the fields of the response.
    ReturnedData,
    Errors,
    /// The fields of an error response, which are the same for every method.
    ErrorInfo,
    ErrorCodes,
    /// The errors that any method can return.
    SystemErrors,
    /// Links to other pages.
    Related,
    /// A heading that is not in this lexicon.
    Other,
}

/// The headings of sections, in lower case.
const HEADINGS: &[(&str, SectionKind)] = &[
    ("method parameters", SectionKind::Parameters),
    ("parameters", SectionKind::Parameters),
    ("request parameters", SectionKind::Parameters),
    ("request params", SectionKind::Parameters),
    ("method params", SectionKind::Parameters),
    ("params", SectionKind::Parameters),
    ("input parameters", SectionKind::Parameters),
    ("query parameters", SectionKind::Parameters),
    ("body parameters", SectionKind::Parameters),
    ("call parameters", SectionKind::Parameters),
    ("parameters of the method", SectionKind::Parameters),
    ("parameters of the request", SectionKind::Parameters),
    ("arguments", SectionKind::Parameters),
    ("method arguments", SectionKind::Parameters),
    ("request body", SectionKind::Parameters),
    ("request fields", SectionKind::Parameters),
    ("параметры вызова", SectionKind::Parameters),
    ("входные параметры", SectionKind::Parameters),
    ("аргументы", SectionKind::Parameters),
    ("поля запроса", SectionKind::Parameters),
    ("параметры метода", SectionKind::Parameters),
    ("параметры", SectionKind::Parameters),
    ("параметры запроса", SectionKind::Parameters),
    ("code examples", SectionKind::Examples),
    ("examples", SectionKind::Examples),
    ("example", SectionKind::Examples),
    ("request", SectionKind::Examples),
    ("примеры кода", SectionKind::Examples),
    ("примеры", SectionKind::Examples),
    ("пример", SectionKind::Examples),
    ("response handling", SectionKind::Response),
    ("response", SectionKind::Response),
    ("response on success", SectionKind::Response),
    ("response in case of success", SectionKind::Response),
    ("successful response", SectionKind::Response),
    ("success response", SectionKind::Response),
    ("example of returned data", SectionKind::Response),
    ("example response", SectionKind::Response),
    ("response example", SectionKind::Response),
    ("обработка ответа", SectionKind::Response),
    ("пример ответа", SectionKind::Response),
    ("ответ в случае успеха", SectionKind::Response),
    ("returned data", SectionKind::ReturnedData),
    ("returned fields", SectionKind::ReturnedData),
    ("returned values", SectionKind::ReturnedData),
    ("fields returned by the method", SectionKind::ReturnedData),
    ("response fields", SectionKind::ReturnedData),
    ("response parameters", SectionKind::ReturnedData),
    ("возвращаемые поля", SectionKind::ReturnedData),
    ("возвращаемые данные", SectionKind::ReturnedData),
    ("error handling", SectionKind::Errors),
    ("error response", SectionKind::Errors),
    ("response on error", SectionKind::Errors),
    ("response in case of error", SectionKind::Errors),
    ("обработка ошибок", SectionKind::Errors),
    ("ответ в случае ошибки", SectionKind::Errors),
    ("returned error information", SectionKind::ErrorInfo),
    ("возвращаемая информация об ошибке", SectionKind::ErrorInfo),
    ("possible error codes", SectionKind::ErrorCodes),
    ("possible errors", SectionKind::ErrorCodes),
    ("error codes", SectionKind::ErrorCodes),
    ("возможные коды ошибок", SectionKind::ErrorCodes),
    ("возможные ошибки", SectionKind::ErrorCodes),
    ("statuses and system error codes", SectionKind::SystemErrors),
    ("system error codes", SectionKind::SystemErrors),
    ("статусы и коды системных ошибок", SectionKind::SystemErrors),
    ("continue learning", SectionKind::Related),
    ("continue exploring", SectionKind::Related),
    ("continue your exploration", SectionKind::Related),
    ("see also", SectionKind::Related),
    ("продолжите изучение", SectionKind::Related),
    ("смотрите также", SectionKind::Related),
];

/// The beginning of a heading of the parameters of some calls: "Method Parameters for Webhooks".
pub(crate) const FOR_SOME: Phrases = Phrases(&["method parameters for ", "параметры метода для "]);

/// The kind of section that a heading begins; `None` for an unknown heading.
pub(crate) fn section_kind(heading: &str) -> Option<SectionKind> {
    let heading = heading.trim().trim_end_matches([':', '.']).to_lowercase();
    let known = HEADINGS.iter().find(|(words, _)| *words == heading).map(|(_, kind)| *kind);
    known.or_else(|| FOR_SOME.begin(&heading).then_some(SectionKind::Parameters))
}

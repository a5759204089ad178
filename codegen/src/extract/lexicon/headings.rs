//! The headings of the sections of a page.

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
    ("возвращаемые данные", SectionKind::ReturnedData),
    ("error handling", SectionKind::Errors),
    ("error response", SectionKind::Errors),
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

/// The kind of section that a heading begins; `None` for an unknown heading.
pub(crate) fn section_kind(heading: &str) -> Option<SectionKind> {
    let heading = heading.trim().trim_end_matches([':', '.']).to_lowercase();
    HEADINGS.iter().find(|(words, _)| *words == heading).map(|(_, kind)| *kind)
}

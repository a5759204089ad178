//! The words by which pages name their sections and the columns of their tables, in every form and both languages.

pub(crate) mod method_names;
pub(crate) mod params;
pub(crate) mod preamble;
pub(crate) mod verbs;

/// What a section is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SectionKind {
    /// What stands before the first heading.
    #[default]
    Preamble,
    Parameters,
    Examples,
    /// The answer of a call that went well.
    Response,
    /// The table of the fields of the answer.
    ReturnedData,
    Errors,
    /// The fields of an error answer, which are the same for every method.
    ErrorInfo,
    ErrorCodes,
    /// The errors that any method can answer with.
    SystemErrors,
    /// Links to other pages.
    Related,
    /// A heading that the vocabulary does not know.
    Other,
}

/// What a column of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Example,
    Required,
    Status,
    Code,
    /// The text that the portal sends along with an error code.
    Message,
    Description,
    /// What brings the error about.
    Cause,
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
    ("обработка ответа", SectionKind::Response),
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

/// The heads of columns, in lower case.
const COLUMNS: &[(&str, Column)] = &[
    ("name", Column::Name),
    ("parameter", Column::Name),
    ("field", Column::Name),
    ("название", Column::Name),
    ("параметр", Column::Name),
    ("поле", Column::Name),
    ("example", Column::Example),
    ("пример", Column::Example),
    ("required", Column::Required),
    ("обязательный", Column::Required),
    ("status", Column::Status),
    ("статус", Column::Status),
    ("code", Column::Code),
    ("error code", Column::Code),
    ("код", Column::Code),
    ("код ошибки", Column::Code),
    ("error message", Column::Message),
    ("error text", Column::Message),
    ("message", Column::Message),
    ("error", Column::Message),
    ("текст ошибки", Column::Message),
    ("сообщение об ошибке", Column::Message),
    ("description", Column::Description),
    ("error description", Column::Description),
    ("описание", Column::Description),
    ("value", Column::Cause),
    ("when it occurs", Column::Cause),
    ("additional information", Column::Cause),
    ("значение", Column::Cause),
];

/// What a line before the first heading begins with when it names the scopes.
pub(crate) const SCOPE_LABELS: &[&str] = &["Scope:", "Скоуп:"];
/// What follows the scopes; in rendered pages without so much as a space between.
pub(crate) const WHO_LABELS: &[&str] = &["Who can", "Кто может"];
/// What stands before the status of an answer.
pub(crate) const STATUS_LABELS: &[&str] = &[
    "HTTP Status:",
    "HTTP status:",
    "HTTP Code:",
    "HTTP code:",
    "HTTP-статус:",
    "Статус HTTP:",
    "HTTP-код:",
];
/// What stands before the code that all rows of the next table have, where the table has no column of codes.
pub(crate) const ERROR_CODE_LABELS: &[&str] = &["error code:", "код ошибки:"];
/// How a cell of a code says that the portal sends an empty one.
pub(crate) const EMPTY_CODES: &[&str] = &[
    "",
    "-",
    "—",
    "–",
    "empty value",
    "empty string",
    "empty",
    "(empty error code)",
    "пустое значение",
    "пустая строка",
];
/// The last words of the names of fields that measure, so that fractions may come.
pub(crate) const MEASURES: &[&str] = &[
    "amount",
    "balance",
    "budget",
    "cost",
    "discount",
    "duration",
    "height",
    "length",
    "opportunity",
    "percent",
    "price",
    "quantity",
    "rate",
    "ratio",
    "score",
    "sum",
    "tax",
    "value",
    "vat",
    "volume",
    "weight",
    "width",
    "netto",
    "brutto",
    "latitude",
    "longitude",
    "lat",
    "lon",
    "lng",
    "coefficient",
    "factor",
    "paid",
];
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
/// How a page says that a method is deprecated, as the title of a note or a line of its own.
pub(crate) const DEPRECATED_TITLES: &[&str] =
    &["deprecated", "deprecated method", "метод устарел", "устарел"];
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

/// What a heading announces.
pub(crate) fn section_kind(heading: &str) -> Option<SectionKind> {
    let heading = heading.trim().trim_end_matches([':', '.']).to_lowercase();
    HEADINGS.iter().find(|(words, _)| *words == heading).map(|(_, kind)| *kind)
}

/// What a column of this head holds.
pub(crate) fn column(head: &str) -> Option<Column> {
    let head = head.trim().to_lowercase();
    COLUMNS.iter().find(|(words, _)| *words == head).map(|(_, column)| *column)
}

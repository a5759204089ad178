//! The heads of the columns of tables.

use crate::extract::lexicon::phrases::Phrases;

/// The content of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Example,
    Required,
    /// The type, apart from the name.
    Type,
    /// The default of a parameter.
    Default,
    Status,
    Code,
    /// The message that the portal sends with an error code.
    Message,
    Description,
    /// The cause of the error.
    Cause,
}

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
    ("parameter name", Column::Name),
    ("field name", Column::Name),
    ("key", Column::Name),
    ("argument", Column::Name),
    ("имя", Column::Name),
    ("имя параметра", Column::Name),
    ("имя поля", Column::Name),
    ("ключ", Column::Name),
    ("required", Column::Required),
    ("mandatory", Column::Required),
    ("обязательный", Column::Required),
    ("обязательность", Column::Required),
    ("обязательное", Column::Required),
    ("type", Column::Type),
    ("data type", Column::Type),
    ("тип", Column::Type),
    ("тип данных", Column::Type),
    ("default", Column::Default),
    ("default value", Column::Default),
    ("by default", Column::Default),
    ("по умолчанию", Column::Default),
    ("значение по умолчанию", Column::Default),
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
    ("cause", Column::Cause),
    ("reason", Column::Cause),
    ("how to fix", Column::Cause),
    ("значение", Column::Cause),
    ("причина", Column::Cause),
    ("как исправить", Column::Cause),
];

/// The words of a column that says which parameters are required.
pub(crate) const YES: Phrases = Phrases(&[
    "yes",
    "y",
    "true",
    "+",
    "*",
    "✓",
    "✔",
    "✅",
    "required",
    "mandatory",
    "да",
    "обязательный",
    "обязательно",
    "обязателен",
    "обязательное",
]);

/// The content of a column with this head; `None` for an unknown head.
pub(crate) fn column(head: &str) -> Option<Column> {
    let head = head.trim().to_lowercase();
    COLUMNS.iter().find(|(words, _)| *words == head).map(|(_, column)| *column)
}

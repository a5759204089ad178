//! The heads of the columns of tables.

/// The content of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Example,
    Required,
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
    ("cause", Column::Cause),
    ("reason", Column::Cause),
    ("how to fix", Column::Cause),
    ("значение", Column::Cause),
    ("причина", Column::Cause),
    ("как исправить", Column::Cause),
];

/// The content of a column with this head; `None` for an unknown head.
pub(crate) fn column(head: &str) -> Option<Column> {
    let head = head.trim().to_lowercase();
    COLUMNS.iter().find(|(words, _)| *words == head).map(|(_, column)| *column)
}

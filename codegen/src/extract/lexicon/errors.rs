//! The words by which pages name the errors of a method.

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

//! The phrases around the errors of a method.

use crate::extract::lexicon::phrases::Phrases;

/// Labels of the HTTP status of a response.
pub(crate) const STATUS_LABELS: Phrases = Phrases(&[
    "http status:",
    "http status code:",
    "http code:",
    "http-статус:",
    "статус http:",
    "http-код:",
    "код http:",
]);

/// Labels of the code of all rows of the next table, for a table without a column of codes.
pub(crate) const ERROR_CODE_LABELS: Phrases = Phrases(&["error code:", "код ошибки:"]);

/// Cells that mean an empty code.
pub(crate) const EMPTY_CODES: Phrases = Phrases(&[
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
]);

//! Rules on the errors of methods and of the system.

use crate::extract::register::rule::register;

register! {
    /// A lone `|` begins a row of a rendered table and every cell ends with ` |`; the first row gives the number of
    /// columns, and a row that breaks off is not used.
    RENDERED_TABLE: "rendered_table", Document, "params, errors";
    /// A heading of known words in English or Russian, in any case and with or without a colon, decides what its
    /// section holds.
    SECTION_HEADING: "section_heading", Heading, "params, returns, errors";
    /// A heading of unknown words belongs to the nearest known heading above it of a higher level.
    UNKNOWN_HEADING: "unknown_heading", Heading, "params, returns, errors";
    /// The words at the head of a column, in English or Russian and up to a stroke, decide what the column holds;
    /// columns come in any order.
    COLUMN_HEAD: "column_head", ErrorTable, "errors";
    /// A table is between `#|` and `|#`, a row between `||` and `||`, and cells are separated by `|`; none of
    /// these marks counts inside a code span, a fence or a nested table, or behind a backslash.
    MARKDOWN_TABLE: "markdown_table", Document, "params, errors";
    /// Lines with strokes between their cells, the second one of dashes, are a table as well.
    PIPE_TABLE: "pipe_table", Document, "params, errors";
    /// A run of backticks begins a code span that the next run of the same length ends; without one it is text.
    CODE_SPAN: "code_span", Sentence, "scope, params, errors";
    /// A fragment on the errors that all methods share is read by itself and not put into the pages that include
    /// it.
    SHARED_FRAGMENT: "shared_fragment", SeveralDocuments, "system errors";
    /// Each key comes from the first document that has it; a parameter that only an older document lists is
    /// reported and left out.
    OLDER_DOCUMENT: "older_document", SeveralDocuments, "params, errors, scope";
    /// A table with a column of codes lists the errors of the method, with status and message where it has such
    /// columns.
    TABLE_OF_ERRORS: "table_of_errors", ErrorTable, "errors";
    /// A cell of codes may hold several: code spans, or words with commas between them; a sentence with commas is
    /// one.
    SEVERAL_CODES_IN_A_CELL: "several_codes_in_a_cell", ErrorTable, "errors";
    /// A dash, a blank cell or words such as "empty string" in the place of a code mean that the portal sends an
    /// empty code.
    EMPTY_ERROR_CODE: "empty_error_code", ErrorTable, "errors";
    /// A number in the column of codes is the code. It is the HTTP status of an empty code if a label of the page names a
    /// status of the table or the example of an error has no code, unless the example sends that number as its code;
    /// beside any number from 400 to 599, capitals with `_` in the column of messages are the code.
    HTTP_STATUS_AS_CODE: "http_status_as_code", ErrorTable, "errors";
    /// A code with `<`, `[`, `{` or `#` in it stands for codes that are not listed; it is reported and not used.
    PLACEHOLDER_CODE: "placeholder_code", ErrorTable, "errors";
    /// A sentence in the column of codes is the message of an empty code; one that the example of an error shows as
    /// a code is reported.
    SENTENCE_AS_CODE: "sentence_as_code", ErrorTable, "errors";
    /// "Error code:" above a table without a column of codes, or without a table, gives the code of the error, and
    /// a label of a status below it the status.
    ERROR_CODE_LABEL: "error_code_label", Sentence, "errors";
    /// A table of messages without a column of codes, or of descriptions beside their causes, lists errors with an
    /// empty code.
    MESSAGES_WITHOUT_CODES: "messages_without_codes", ErrorTable, "errors";
    /// Beside a column of causes the description is the message that the portal sends.
    DESCRIPTION_BESIDE_A_CAUSE: "description_beside_a_cause", ErrorTable, "errors";
    /// Errors with an unspecific code, as none, `0` or `100`, are identified by messages that the portal sends word for
    /// word; a message with something filled in is left out.
    ERRORS_BY_MESSAGE: "errors_by_message", ErrorTable, "errors";
    /// Rows of one code are one error, with the status on which they agree.
    SAME_CODE_TWICE: "same_code_twice", ErrorTable, "errors";
    /// The first error that the section on errors shows is one of the method, with the status above it; its code is
    /// text or a number, in `error` or in `error.code`.
    ERROR_EXAMPLE: "error_example", ResponseBody, "errors";
    /// "HTTP status:" above the example of an error gives its status if it names exactly one.
    HTTP_STATUS_LABEL: "http_status_label", Sentence, "errors";
    /// "HTTP status:" above a table of errors or above the example of the section is the status of each error that
    /// gives none, if all labels agree; a label below another heading applies to the table there.
    SECTION_STATUS: "section_status", Sentence, "errors";
    /// A code of REST 3 is a class of exceptions and has one status in every method: that on which the labels of the
    /// code agree, else the examples of it, else the sections that list it.
    STATUS_IN_REST_3: "status_in_rest_3", SeveralDocuments, "errors";
    /// An error whose code is a number is named after the words that most descriptions of it share among the methods
    /// with the same first word, or in its module if they do not fit there; a name of an earlier import stays.
    NAME_OF_A_NUMBER: "name_of_a_number", SeveralDocuments, "errors";
    /// A section on system errors lists those of every method; each comes once, and whether the method ran is not
    /// known.
    SYSTEM_ERROR_TABLE: "system_error_table", ErrorTable, "system errors";
    /// The example of an error that shows a code of the system adds no error to the method.
    SYSTEM_CODE_IN_AN_EXAMPLE: "system_code_in_an_example", SeveralDocuments, "errors";
    /// Errors and timing of the system that the spec has stay if the documents do not have them.
    KEPT_SYSTEM_ERROR: "kept_system_error", SeveralDocuments, "system errors";
    /// The objects `time` of all responses together are the timing of the system.
    TIME_OF_THE_RESPONSE: "time_of_the_response", ResponseBody, "system time";
    /// Codes that only older documents or the spec list are kept as historical.
    HISTORICAL_ERROR: "historical_error", SeveralDocuments, "errors";
    /// Rendering has lost the codes of a table: a code comes from the example with the same message or from another
    /// form of the row with the same words; otherwise the loss is reported.
    LOST_ERROR_CODE: "lost_error_code", ErrorTable, "errors";
}

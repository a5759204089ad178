//! Tables of errors, in every set and order of columns that pages have.

use crate::extract::lexicon::columns::Column;
use crate::extract::syntax::ast::{Cell, Row, Table};
use crate::extract::tables::columns::Columns;

/// A table in a section on errors.
pub(crate) enum ErrorTable {
    /// A table with a column of codes.
    Codes(Vec<ErrorCells>),
    /// A table of the texts that the portal sends without a code.
    Messages(Vec<ErrorCells>),
    /// A table of something else.
    Other,
}

/// What the cells of a row say.
pub(crate) struct ErrorCells {
    pub(crate) line: usize,
    /// The codes, as they stand there; none in a table of messages.
    pub(crate) codes: Vec<String>,
    pub(crate) status: Option<u16>,
    /// The text that the portal sends along.
    pub(crate) message: Option<String>,
    /// Whether the message is the description beside a column of causes.
    pub(crate) message_is_description: bool,
    /// What tells the row from others: the message, or what stands in its place.
    pub(crate) words: String,
}

impl ErrorTable {
    /// Reads a table.
    pub(crate) fn of(table: &Table) -> Self {
        let columns = Columns::of(table, &[]);
        let has = |column| columns.has(column);
        let rows = |first| columns.rows.iter().filter_map(|row| error_cells(&columns, row, first)).collect();
        if has(Column::Code) {
            return Self::Codes(rows(Column::Code));
        }
        let has_causes = has(Column::Description) && has(Column::Cause) && !has(Column::Name);
        if has(Column::Message) || has_causes {
            return Self::Messages(rows(Column::Description));
        }
        Self::Other
    }
}

/// The cells of a row that has one in the given column.
fn error_cells(columns: &Columns<'_>, row: &Row, first: Column) -> Option<ErrorCells> {
    let first_cell = columns.cell(row, first)?;
    let prose = |column| columns.cell(row, column).map(Cell::prose).filter(|text| !text.is_empty());
    let description = prose(Column::Description);
    // Beside a column that tells the cause, the description is what the portal says.
    let message = prose(Column::Message);
    let beside_a_cause = description.clone().filter(|_| message.is_none() && columns.has(Column::Cause));
    let message_is_description = beside_a_cause.is_some();
    let message = message.or(beside_a_cause);
    // A row is shown by its words, for in rendered text it begins with blank lines.
    let shown = columns.cell(row, Column::Message).or_else(|| columns.cell(row, Column::Description));
    Some(ErrorCells {
        line: shown.unwrap_or(first_cell).line,
        codes: if first == Column::Code { codes(first_cell) } else { Vec::new() },
        status: prose(Column::Status).and_then(|text| http_status(&text)),
        words: message.clone().or(description).unwrap_or_default(),
        message,
        message_is_description,
    })
}

/// The codes in a cell: its code spans, or its words where it has none. Commas may stand inside a span.
fn codes(cell: &Cell) -> Vec<String> {
    let spans = cell.code();
    if spans.is_empty() {
        return split(&cell.prose());
    }
    spans.into_iter().flat_map(split).collect()
}

/// The parts of a text of codes; a sentence with commas in it is one part.
fn split(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split([',', '\n']).map(str::trim).collect();
    if parts.len() > 1 && parts.iter().all(|part| !part.is_empty() && !part.contains(char::is_whitespace)) {
        return parts.into_iter().map(str::to_owned).collect();
    }
    vec![text.to_owned()]
}

/// A text that is an HTTP status and nothing else, but for the mark of a footnote.
pub(crate) fn http_status(text: &str) -> Option<u16> {
    text.trim().trim_matches(['*', '.']).parse().ok().filter(|status| (100..600).contains(status))
}

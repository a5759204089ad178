//! Reads tables of errors in every set and order of columns that pages use.

use crate::extract::lexicon::columns::Column;
use crate::extract::syntax::ast::{Cell, Row, Table};
use crate::extract::tables::columns::Columns;

/// A table in a section on errors.
pub(crate) enum ErrorTable {
    /// A table with a column of codes.
    Codes(Vec<ErrorCells>),
    /// A table of messages that the portal sends without a code.
    Messages(Vec<ErrorCells>),
    /// A table of anything else.
    Other,
}

/// The cells of a row.
pub(crate) struct ErrorCells {
    pub(crate) line: usize,
    /// The codes as written; empty in a table of messages.
    pub(crate) codes: Vec<String>,
    pub(crate) status: Option<u16>,
    /// The message that the portal sends with the error.
    pub(crate) message: Option<String>,
    /// Whether the message is the description beside a column of causes.
    pub(crate) message_is_description: bool,
    /// The text that distinguishes the row from others: the message, or the description without one.
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
    // In a table with a column of causes, the description is the message of the portal.
    let message = prose(Column::Message);
    let beside_a_cause = description.clone().filter(|_| message.is_none() && columns.has(Column::Cause));
    let message_is_description = beside_a_cause.is_some();
    let message = message.or(beside_a_cause);
    // Diagnostics show the line of the words, since a row of rendered text begins with blank lines.
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

/// The codes in a cell: its code spans, or its words without code spans. A span may contain several codes with commas.
fn codes(cell: &Cell) -> Vec<String> {
    let spans = cell.code();
    if spans.is_empty() {
        return split(&cell.prose());
    }
    spans.into_iter().flat_map(split).collect()
}

/// Splits a text at commas and line breaks if each part is one word; a sentence with commas stays one part.
fn split(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split([',', '\n']).map(str::trim).collect();
    if parts.len() > 1 && parts.iter().all(|part| !part.is_empty() && !part.contains(char::is_whitespace)) {
        return parts.into_iter().map(str::to_owned).collect();
    }
    vec![text.to_owned()]
}

/// Parses a text as an HTTP status. Stars of a footnote and full stops around it are ignored.
pub(crate) fn http_status(text: &str) -> Option<u16> {
    text.trim().trim_matches(['*', '.']).parse().ok().filter(|status| (100..600).contains(status))
}

//! The rows of tables of errors, in every set and order of columns that pages have.

use crate::descriptor::SourceForm;
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::lexicon::{Column, EMPTY_CODES, ERROR_CODE_LABELS, SectionKind};
use crate::extract::rules::errors::{ErrorExample, ErrorRow, labelled_status, status};
use crate::extract::syntax::ast::{Block, Cell, Row, Section, Table, Text, flat, one_line};
use crate::extract::tables::columns::Columns;

/// The rows of the tables in a section; `None` where it has no table of errors.
pub(super) fn of_section(
    section: &Section,
    form: SourceForm,
    example: Option<&ErrorExample>,
    diagnostics: &mut PageDiagnostics,
) -> Option<Vec<ErrorRow>> {
    let mut reader = Reader {
        form,
        example,
        announced: None,
        may_be_other: section.kind == SectionKind::Errors,
        diagnostics,
    };
    let mut found: Option<Vec<ErrorRow>> = None;
    for block in flat(&section.blocks) {
        match block {
            Block::Paragraph(text) => reader.paragraph(text),
            Block::Table(table) => {
                if let Some(rows) = reader.table(table) {
                    found.get_or_insert_default().extend(rows);
                }
            }
            _ => {}
        }
    }
    // A code above a table that is missing, or that is a list of sentences, is a code all the same.
    if let Some(announced) = reader.announced.take().filter(|_| found.is_none()) {
        found = Some(vec![announced.row()]);
    }
    found
}

/// What is known of the rows of one section.
struct Reader<'a, 't> {
    form: SourceForm,
    example: Option<&'a ErrorExample>,
    /// The code that stands above the table.
    announced: Option<Announced>,
    /// Whether a table here may be about something else than codes.
    may_be_other: bool,
    diagnostics: &'t mut PageDiagnostics,
}

/// A code that stands above what its table says of it, with the status between them.
#[derive(Clone)]
struct Announced {
    code: String,
    line: usize,
    status: Option<u16>,
}

/// What the cells of a row say beside the code.
struct ErrorCells {
    line: usize,
    status: Option<u16>,
    message: Option<String>,
    words: String,
}

impl Reader<'_, '_> {
    fn paragraph(&mut self, text: &Text) {
        let prose = text.prose().replace("**", "").to_lowercase();
        if ERROR_CODE_LABELS.iter().any(|label| prose.starts_with(label)) {
            let code = text.code().next().map(|code| code.trim().to_owned());
            self.announced = code.map(|code| Announced { code, line: text.line, status: None });
        } else if let (Some(announced), Some(status)) = (&mut self.announced, labelled_status(text)) {
            announced.status = Some(status);
        }
    }

    fn table(&mut self, table: &Table) -> Option<Vec<ErrorRow>> {
        let columns = Columns::of(table, &[]);
        if columns.has(Column::Code) {
            return Some(columns.rows.iter().flat_map(|row| self.row(&columns, row)).collect());
        }
        if let Some(announced) = self.announced.clone() {
            return Some(vec![announced.row()]);
        }
        let has_texts = columns.has(Column::Message)
            || columns.has(Column::Description) && columns.has(Column::Cause) && !columns.has(Column::Name);
        if has_texts {
            let empty = |row| {
                Some(
                    error_cells(&columns, row, columns.cell(row, Column::Description)?)
                        .row(Some(String::new())),
                )
            };
            return Some(columns.rows.iter().filter_map(empty).collect());
        }
        if !self.may_be_other {
            let message = "this table of errors has no column of codes, so it was not used";
            self.diagnostics.add(table.line, message, "a column \"Code\"");
        }
        None
    }

    /// The errors of a row: one for each code in its cell.
    fn row(&mut self, columns: &Columns<'_>, row: &Row) -> Vec<ErrorRow> {
        let Some(cell) = columns.cell(row, Column::Code) else {
            return Vec::new();
        };
        let cells = error_cells(columns, row, cell);
        codes(cell).iter().filter_map(|code| self.error(code, &cells)).collect()
    }

    fn error(&mut self, code: &str, cells: &ErrorCells) -> Option<ErrorRow> {
        let code = one_line(code);
        if code.is_empty() && self.form == SourceForm::Rendered {
            return Some(cells.row(None));
        }
        if is_empty_code(&code) {
            return Some(cells.row(Some(String::new())));
        }
        if code.contains(char::is_whitespace) {
            let sentence = ErrorCells { message: Some(code.clone()), words: code, ..*cells };
            return Some(sentence.row(Some(String::new())));
        }
        let is_shown = || self.example.is_some_and(|shown| shown.code == code);
        if let Some(status) = status(&code).filter(|status| *status >= 400 && !is_shown()) {
            // A status may stand in the place of a code that went to the next column.
            if let Some(code) = cells.message.as_deref().filter(|message| is_code_word(message)) {
                let moved =
                    ErrorCells { status: Some(status), message: None, words: cells.words.clone(), ..*cells };
                return Some(moved.row(Some(code.to_owned())));
            }
            // Where none is there, it tells that the portal sends no code, only a message.
            let speechless = ErrorCells {
                status: Some(status),
                message: cells.message.clone(),
                words: cells.words.clone(),
                ..*cells
            };
            return Some(speechless.row(Some(String::new())));
        }
        if code.contains(['<', '[', '{', '#']) {
            let message = format!("{code} stands for codes that are not named");
            self.diagnostics.add(cells.line, message, "the codes themselves; this row was not used");
            return None;
        }
        Some(cells.row(Some(code)))
    }
}

impl ErrorCells {
    fn row(&self, code: Option<String>) -> ErrorRow {
        let Self { line, status, ref message, ref words } = *self;
        ErrorRow { line, code, status, message: message.clone(), words: words.clone() }
    }
}

impl Announced {
    fn row(self) -> ErrorRow {
        let Self { code, line, status } = self;
        ErrorRow { line, code: Some(code), status, message: None, words: String::new() }
    }
}

fn error_cells(columns: &Columns<'_>, row: &Row, first: &Cell) -> ErrorCells {
    let prose = |column| columns.cell(row, column).map(|cell| cell.prose()).filter(|text| !text.is_empty());
    let description = prose(Column::Description);
    // Beside a column that tells the cause, the description is what the portal says.
    let message =
        prose(Column::Message).or_else(|| description.clone().filter(|_| columns.has(Column::Cause)));
    // A row is shown by its words, for in rendered text it begins with blank lines.
    let shown = columns.cell(row, Column::Message).or_else(|| columns.cell(row, Column::Description));
    ErrorCells {
        line: shown.unwrap_or(first).line,
        status: prose(Column::Status).and_then(|text| status(&text)),
        words: message.clone().or(description).unwrap_or_default(),
        message,
    }
}

/// The codes in a cell: its code spans, or its words where it has none. Commas may stand inside a span.
fn codes(cell: &Cell) -> Vec<String> {
    let spans = cell.code();
    if spans.is_empty() {
        let words = cell.prose().replace("**", "");
        return split(&words);
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

/// Whether a message is no sentence but a code: capitals with lines between them.
fn is_code_word(message: &str) -> bool {
    let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    message.trim_matches('_').contains('_') && message.chars().all(is_part)
}

/// Whether a cell says that the portal sends an empty code.
fn is_empty_code(code: &str) -> bool {
    let words = code.trim_matches(['\'', '"', '‘', '’', '“', '”', '*', ' ']).to_lowercase();
    let words = words.trim_start_matches(['\'', '"', '‘', '’', '“', '”', ' ']);
    EMPTY_CODES.contains(&words)
}

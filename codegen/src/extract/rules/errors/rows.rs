//! The rows of tables of errors, in every set and order of columns that pages have.

use crate::descriptor::SourceForm;
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::lexicon::errors::{EMPTY_CODES, ERROR_CODE_LABELS};
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::rules::errors::{ErrorExample, ErrorRow, labelled_status};
use crate::extract::syntax::ast::{Block, Section, Table, Text, flat, one_line};
use crate::extract::tables::error_table::{ErrorCells, ErrorTable, http_status};

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

impl Reader<'_, '_> {
    fn paragraph(&mut self, text: &Text) {
        let prose = text.prose().to_lowercase();
        if ERROR_CODE_LABELS.iter().any(|label| prose.starts_with(label)) {
            let code = text.code().next().map(|code| code.trim().to_owned());
            self.announced = code.map(|code| Announced { code, line: text.line, status: None });
        } else if let (Some(announced), Some(status)) = (&mut self.announced, labelled_status(text)) {
            announced.status = Some(status);
        }
    }

    fn table(&mut self, table: &Table) -> Option<Vec<ErrorRow>> {
        let table_of_errors = ErrorTable::of(table);
        if let ErrorTable::Codes(rows) = table_of_errors {
            return Some(rows.iter().flat_map(|row| self.row(row)).collect());
        }
        if let Some(announced) = self.announced.clone() {
            return Some(vec![announced.row()]);
        }
        if let ErrorTable::Messages(rows) = table_of_errors {
            return Some(rows.iter().map(|row| with_code(row, Some(String::new()))).collect());
        }
        if !self.may_be_other {
            let message = "this table of errors has no column of codes, so it was not used";
            self.diagnostics.add(table.line, message, "a column \"Code\"");
        }
        None
    }

    /// The errors of a row: one for each code in its cell.
    fn row(&mut self, cells: &ErrorCells) -> Vec<ErrorRow> {
        cells.codes.iter().filter_map(|code| self.error(code, cells)).collect()
    }

    fn error(&mut self, code: &str, cells: &ErrorCells) -> Option<ErrorRow> {
        let code = one_line(code);
        if code.is_empty() && self.form == SourceForm::Rendered {
            return Some(with_code(cells, None));
        }
        if is_empty_code(&code) {
            return Some(with_code(cells, Some(String::new())));
        }
        if code.contains(char::is_whitespace) {
            let sentence = with_code(cells, Some(String::new()));
            return Some(ErrorRow { message: Some(code.clone()), words: code, ..sentence });
        }
        let is_shown = || self.example.is_some_and(|shown| shown.code == code);
        if let Some(status) = http_status(&code).filter(|status| *status >= 400 && !is_shown()) {
            // A status may stand in the place of a code that went to the next column.
            if let Some(code) = cells.message.as_deref().filter(|message| is_code_word(message)) {
                let moved = with_code(cells, Some(code.to_owned()));
                return Some(ErrorRow { status: Some(status), message: None, ..moved });
            }
            // Where none is there, it tells that the portal sends no code, only a message.
            let speechless = with_code(cells, Some(String::new()));
            return Some(ErrorRow { status: Some(status), ..speechless });
        }
        if code.contains(['<', '[', '{', '#']) {
            let message = format!("{code} stands for codes that are not named");
            self.diagnostics.add(cells.line, message, "the codes themselves; this row was not used");
            return None;
        }
        Some(with_code(cells, Some(code)))
    }
}

/// What the cells say, of the given code.
fn with_code(cells: &ErrorCells, code: Option<String>) -> ErrorRow {
    let ErrorCells { line, status, message, words, .. } = cells;
    ErrorRow { line: *line, code, status: *status, message: message.clone(), words: words.clone() }
}

impl Announced {
    fn row(self) -> ErrorRow {
        let Self { code, line, status } = self;
        ErrorRow { line, code: Some(code), status, message: None, words: String::new() }
    }
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

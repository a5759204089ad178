//! The rows of tables of errors, for every set and order of columns.

use crate::descriptor::{SourceForm, tidy_message};
use crate::extract::lexicon::errors::{EMPTY_CODES, ERROR_CODE_LABELS};
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::errors::{
    COLUMN_HEAD, DESCRIPTION_BESIDE_A_CAUSE, EMPTY_ERROR_CODE, ERROR_CODE_LABEL, HTTP_STATUS_AS_CODE,
    HTTP_STATUS_LABEL, LOST_ERROR_CODE, MESSAGES_WITHOUT_CODES, PLACEHOLDER_CODE, SENTENCE_AS_CODE,
    SEVERAL_CODES_IN_A_CELL, TABLE_OF_ERRORS,
};
use crate::extract::rules::errors::statuses::labelled;
use crate::extract::rules::errors::{ErrorExample, ErrorRow};
use crate::extract::syntax::ast::{Block, Section, Table, Text, flat, one_line};
use crate::extract::tables::error_table::{ErrorCells, ErrorTable, http_status};

/// The rows of the tables in a section; `None` if it has no table of errors. `named_statuses` are those behind the labels of the
/// page.
pub(super) fn of_section(
    section: &Section,
    form: SourceForm,
    example: Option<&ErrorExample>,
    named_statuses: &[u16],
    log: &mut PageLog,
) -> Option<Vec<ErrorRow>> {
    let mut reader = ErrorRowReader {
        form,
        example,
        named_statuses,
        numbers_are_statuses: false,
        labelled: None,
        may_be_other: section.kind == SectionKind::Errors,
        log,
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
    // A labelled code needs no table; a list of sentences may be in its place.
    if let Some(labelled) = reader.labelled.take().filter(|_| found.is_none()) {
        found = Some(vec![labelled.row()]);
    }
    found
}

/// Reads the rows of one section.
struct ErrorRowReader<'a, 't> {
    form: SourceForm,
    example: Option<&'a ErrorExample>,
    named_statuses: &'a [u16],
    /// Whether numbers in the column of codes of the table are HTTP statuses.
    numbers_are_statuses: bool,
    /// The code behind a label above the table.
    labelled: Option<LabelledCode>,
    /// Whether a table of the section may be about something else than codes.
    may_be_other: bool,
    log: &'t mut PageLog,
}

/// A code behind a label above its table, and the status between them.
#[derive(Clone)]
struct LabelledCode {
    code: String,
    line: usize,
    status: Option<u16>,
}

impl ErrorRowReader<'_, '_> {
    fn paragraph(&mut self, text: &Text) {
        if ERROR_CODE_LABELS.begin(&text.prose()) {
            let code = text.code().next().map(|code| code.trim().to_owned());
            self.labelled = code.map(|code| LabelledCode { code, line: text.line, status: None });
        } else if let (Some(labelled), Some(status)) = (&mut self.labelled, labelled(text)) {
            self.log.fire(&HTTP_STATUS_LABEL);
            labelled.status = Some(status);
        }
    }

    fn table(&mut self, table: &Table) -> Option<Vec<ErrorRow>> {
        let table_of_errors = ErrorTable::of(table);
        if !matches!(table_of_errors, ErrorTable::Other) {
            self.log.fire(&COLUMN_HEAD);
        }
        if let ErrorTable::Codes(rows) = table_of_errors {
            let mut statuses = rows.iter().flat_map(|row| &row.codes).filter_map(|code| self.status(code));
            let shows_no_code =
                self.example.is_some_and(|shown| shown.code.is_empty() || shown.code.contains(' '));
            self.numbers_are_statuses =
                statuses.any(|status| shows_no_code || self.named_statuses.contains(&status));
            return Some(rows.iter().flat_map(|row| self.row(row)).collect());
        }
        if let Some(labelled) = self.labelled.clone() {
            return Some(vec![labelled.row()]);
        }
        if let ErrorTable::Messages(rows) = table_of_errors {
            let row = |row| self.with_code(&MESSAGES_WITHOUT_CODES, row, Some(String::new()));
            return Some(rows.iter().map(row).collect());
        }
        if !self.may_be_other {
            let message = "this table of errors has no column of codes, so it was not used";
            self.log.add(table.line, message, "a column \"Code\"");
        }
        None
    }

    /// The errors of a row: one for each code in its cell.
    fn row(&mut self, cells: &ErrorCells) -> Vec<ErrorRow> {
        if cells.codes.len() > 1 {
            self.log.fire(&SEVERAL_CODES_IN_A_CELL);
        }
        cells.codes.iter().filter_map(|code| self.error(code, cells)).collect()
    }

    fn error(&mut self, code: &str, cells: &ErrorCells) -> Option<ErrorRow> {
        let code = one_line(code);
        if code.is_empty() && self.form == SourceForm::Rendered {
            return Some(self.with_code(&LOST_ERROR_CODE, cells, None));
        }
        let empty = Some(String::new());
        if is_empty_code(&code) {
            return Some(self.with_code(&EMPTY_ERROR_CODE, cells, empty));
        }
        if code.contains(char::is_whitespace) {
            let sentence = self.with_code(&SENTENCE_AS_CODE, cells, empty);
            return Some(ErrorRow { message: Some(tidy_message(&code)), words: code, ..sentence });
        }
        if let Some(status) = self.status(&code) {
            // The code may be in the next column. Without one, the portal sends a message and no code.
            let moved = cells.message.clone().filter(|message| is_code_word(message));
            if moved.is_some() || self.numbers_are_statuses {
                let message = if moved.is_some() { None } else { cells.message.as_deref().map(tidy_message) };
                let row = self.with_code(&HTTP_STATUS_AS_CODE, cells, moved.or(empty));
                return Some(ErrorRow { status: Some(status), message, ..row });
            }
        }
        if code.contains(['<', '[', '{', '#']) {
            let message = format!("{code} stands for codes that are not listed");
            self.log.fire(&PLACEHOLDER_CODE);
            self.log.add(cells.line, message, "the codes themselves; this row was not used");
            return None;
        }
        Some(self.with_code(&TABLE_OF_ERRORS, cells, Some(code)))
    }

    /// The status that a text in the column of codes may be: from 400, and not sent as a code by the example.
    fn status(&self, code: &str) -> Option<u16> {
        let is_shown = || self.example.is_some_and(|shown| shown.code == code);
        http_status(code).filter(|status| *status >= 400 && !is_shown())
    }

    /// The row of the cells with the given code.
    fn with_code(&mut self, rule: &'static Rule, cells: &ErrorCells, code: Option<String>) -> ErrorRow {
        if cells.message_is_description {
            self.log.fire(&DESCRIPTION_BESIDE_A_CAUSE);
        }
        let ErrorCells { line, status, message, words, .. } = cells;
        let message = message.as_deref().map(tidy_message).filter(|message| !message.is_empty());
        ErrorRow {
            rule,
            line: *line,
            code,
            status: *status,
            section_status: None,
            message,
            words: words.clone(),
        }
    }
}

impl LabelledCode {
    fn row(self) -> ErrorRow {
        let Self { code, line, status } = self;
        ErrorRow {
            rule: &ERROR_CODE_LABEL,
            line,
            code: Some(code),
            status,
            section_status: None,
            message: None,
            words: String::new(),
        }
    }
}

/// Whether a message is a code: capitals with `_` between them.
fn is_code_word(message: &str) -> bool {
    let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    message.trim_matches('_').contains('_') && message.chars().all(is_part)
}

/// Whether a cell means that the portal sends an empty code.
fn is_empty_code(code: &str) -> bool {
    EMPTY_CODES.are(code.trim_matches(['\'', '"', '‘', '’', '“', '”', '*', ' ']))
}

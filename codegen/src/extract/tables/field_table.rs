//! Tables of parameters, of the fields of an object, and of what is returned: a name and a type in each row.

use crate::descriptor::Schema;
use crate::extract::lexicon::columns::Column;
use crate::extract::syntax::ast::{Cell, Row, Table};
use crate::extract::tables::columns::Columns;
use crate::extract::tables::name_cell::NameCell;
use crate::schema::words::schema_of;

/// A table that names something in each of its rows.
pub(crate) struct FieldTable<'a> {
    pub(crate) rows: Vec<FieldRow<'a>>,
    /// Whether its head says that it lists fields, and not codes.
    lists_fields: bool,
    lists_codes: bool,
}

/// A row of such a table.
pub(crate) struct FieldRow<'a> {
    /// All cells of the row.
    pub(crate) row: &'a Row,
    /// The cell of the name.
    pub(crate) cell: &'a Cell,
    /// What that cell says.
    pub(crate) name: NameCell,
    pub(crate) description: Option<&'a Cell>,
    pub(crate) example: Option<&'a Cell>,
}

/// A field and its type.
#[derive(Debug)]
pub(crate) struct TypedField {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) schema: Option<Schema>,
}

impl<'a> FieldTable<'a> {
    /// Reads a table; without rows where it is one of something else.
    pub(crate) fn of(table: &'a Table) -> Self {
        let columns = Columns::of(table, &[Column::Name, Column::Description]);
        let lists_codes = columns.has(Column::Code);
        let lists_fields = columns.has(Column::Name) && !lists_codes;
        let columns = columns.names_first();
        let row = |row: &'a Row| {
            let cell = columns.cell(row, Column::Name)?;
            Some(FieldRow {
                row,
                cell,
                name: NameCell::of(cell),
                description: columns.cell(row, Column::Description),
                example: columns.cell(row, Column::Example),
            })
        };
        Self { rows: columns.rows.iter().filter_map(row).collect(), lists_fields, lists_codes }
    }

    /// The fields of an object of which the table is known to be.
    pub(crate) fn fields(&self) -> Vec<TypedField> {
        self.rows.iter().filter_map(FieldRow::field).collect()
    }

    /// The same where the table may be about something else; none where its head does not say that it lists fields.
    pub(crate) fn returned_fields(&self) -> Vec<TypedField> {
        if self.lists_fields { self.fields() } else { Vec::new() }
    }

    /// Whether its head has a column of codes.
    pub(crate) fn lists_codes(&self) -> bool {
        self.lists_codes
    }

    /// Whether most of the rows have a type.
    pub(crate) fn is_typed(&self) -> bool {
        2 * self.rows.iter().filter(|row| row.name.type_words.is_some()).count() > self.rows.len()
    }
}

impl FieldRow<'_> {
    fn field(&self) -> Option<TypedField> {
        let NameCell { line, field, type_words, .. } = &self.name;
        let schema = type_words.as_deref().and_then(schema_of);
        Some(TypedField { name: field.clone()?, line: *line, schema })
    }
}

//! Reads tables of parameters, of the fields of an object, and of results: a name and a type in each row.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::columns::{Column, YES};
use crate::extract::lexicon::params::NO_NUMBERS;
use crate::extract::lexicon::params::{REQUIRED_IN_BRACKETS, REQUIRED_WORDS};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::lexicon::results::{ANY_FIELD, IDENTIFIERS, KEYS_IN_RESULTS, LISTED_IDENTIFIERS, LISTS};
use crate::extract::syntax::ast::{Cell, Row, Table};
use crate::extract::syntax::text::prose;
use crate::extract::tables::columns::Columns;
use crate::extract::tables::name_cell::{NameCell, ParameterName, section_in};
use crate::extract::tables::type_cell::type_alone;
use crate::schema::example;
use crate::schema::words::schema_of;

/// Identifiers of a list are named within this many words: "an array of chat manager identifiers".
const KIND_WORDS: usize = 4;

/// A table with a name in each row.
pub(crate) struct FieldTable<'a> {
    pub(crate) rows: Vec<FieldRow<'a>>,
    /// Whether the head row has a column of names and none of codes.
    lists_fields: bool,
    lists_codes: bool,
}

/// A row of a [`FieldTable`].
pub(crate) struct FieldRow<'a> {
    /// All cells of the row.
    pub(crate) row: &'a Row,
    /// The cell of the name.
    pub(crate) cell: &'a Cell,
    /// The content of that cell.
    pub(crate) name: NameCell,
    pub(crate) description: Option<&'a Cell>,
    pub(crate) example: Option<&'a Cell>,
    /// The default, in a column of its own.
    pub(crate) default: Option<&'a Cell>,
    /// The type in a column of its own, where the cell of the name has none.
    pub(crate) type_column: bool,
    /// Whether a column of its own says that the field is required; `None` without such a column.
    pub(crate) required_column: Option<bool>,
}

/// A field and its type.
#[derive(Clone, Debug)]
pub(crate) struct TypedField {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) schema: Option<Schema>,
    /// The anchor of the section of the same page that the type, or the description of a list or an object, links to.
    pub(crate) section: Option<String>,
    /// Whether the description says that the keys of the value are data.
    pub(crate) is_keyed: bool,
}

impl<'a> FieldTable<'a> {
    /// Reads a table. A table of anything else has no rows.
    pub(crate) fn of(table: &'a Table) -> Self {
        let columns = Columns::of(table, &[Column::Name, Column::Description]);
        let lists_codes = columns.has(Column::Code);
        let lists_fields = columns.has(Column::Name) && !lists_codes;
        let columns = columns.names_first();
        let row = |row: &'a Row| {
            let cell = columns.cell(row, Column::Name)?;
            let mut name = NameCell::of(cell);
            let type_words = columns.cell(row, Column::Type).and_then(type_alone);
            let type_column = name.type_words.is_none() && type_words.is_some();
            name.type_words = name.type_words.take().or(type_words);
            let required = columns.cell(row, Column::Required).map(Cell::prose);
            Some(FieldRow {
                row,
                cell,
                name,
                default: columns.cell(row, Column::Default),
                type_column,
                required_column: required.map(|text| YES.are(&text)),
                description: columns.cell(row, Column::Description),
                example: columns.cell(row, Column::Example),
            })
        };
        Self { rows: columns.rows.iter().filter_map(row).collect(), lists_fields, lists_codes }
    }

    /// The fields of an object, for a table that is known to list them.
    pub(crate) fn fields(&self) -> Vec<TypedField> {
        self.rows.iter().filter_map(FieldRow::field).collect()
    }

    /// The fields of an object, for a table that may list anything; empty unless the head row names a column of fields.
    pub(crate) fn returned_fields(&self) -> Vec<TypedField> {
        if self.lists_fields { self.fields() } else { Vec::new() }
    }

    /// Whether the head row has a column of codes.
    pub(crate) fn lists_codes(&self) -> bool {
        self.lists_codes
    }

    /// Whether most of the rows have a type.
    pub(crate) fn is_typed(&self) -> bool {
        2 * self.rows.iter().filter(|row| row.name.type_words.is_some()).count() > self.rows.len()
    }
}

impl FieldRow<'_> {
    /// Whether a column of its own, or words instead of a mark, say that the field is required.
    pub(crate) fn is_required(&self) -> bool {
        self.required_column == Some(true) || self.says_required()
    }

    /// Whether words instead of a mark say that the field is required: in brackets beside the name, or as the whole first
    /// sentence of the description.
    pub(crate) fn says_required(&self) -> bool {
        let description = self.description.map(Cell::prose).unwrap_or_default();
        let first = sentences(&description).next().unwrap_or_default();
        let first = first.trim_matches(|c: char| !c.is_alphanumeric());
        REQUIRED_WORDS.are(first)
            || REQUIRED_IN_BRACKETS.begin(&description)
            || REQUIRED_IN_BRACKETS.stand_in(&self.cell.prose())
    }

    /// The single letters that the description shows as code, if one of them is neither `Y` nor `N`: such a field is no flag.
    fn letter_codes(&self) -> Vec<Value> {
        let code = self.description.map(Cell::code).unwrap_or_default();
        let is_letter = |code: &&str| matches!(code.as_bytes(), [b'A'..=b'Z']);
        let letters: Vec<&str> = code.into_iter().filter(is_letter).collect();
        let are_codes = letters.iter().any(|letter| !matches!(*letter, "Y" | "N"));
        letters.into_iter().filter(|_| are_codes).map(Value::from).collect()
    }

    /// Whether the description begins with a list of identifiers that are numbers.
    fn lists_identifiers(&self) -> bool {
        let first = self.description.map(|cell| prose(cell.first_line())).unwrap_or_default();
        let of_kind = || {
            let things = LISTS.behind(&first).unwrap_or_default();
            things
                .split_whitespace()
                .take(KIND_WORDS)
                .any(|word| IDENTIFIERS.are(word.trim_end_matches(|c: char| !c.is_alphanumeric())))
        };
        (LISTED_IDENTIFIERS.stand_in(&first) || of_kind()) && !NO_NUMBERS.stand_in(&first)
    }

    /// The items of a list that the description shows as code: `[7, 9]`, or `"cages": [7, 9]` beside the name of the field.
    fn shown_items(&self, name: &str) -> Option<Schema> {
        let code = self.description.map(Cell::code).unwrap_or_default();
        let lists = code.into_iter().filter_map(|code| {
            let shown: Value =
                serde_json::from_str(code).or_else(|_| serde_json::from_str(&format!("{{{code}}}"))).ok()?;
            let of_name = shown.as_object().and_then(|fields| fields.get(name).cloned());
            of_name.or(Some(shown)).filter(|value| value.as_array().is_some_and(|items| !items.is_empty()))
        });
        lists.filter_map(|list| example::schema_of(&list).items).map(|items| *items).next()
    }

    fn field(&self) -> Option<TypedField> {
        let stands_for_any = || self.description.is_some_and(|cell| ANY_FIELD.begin(&cell.prose()));
        if self.name.parameter == Some(ParameterName::Placeholder) || stands_for_any() {
            return None;
        }
        let NameCell { line, field, type_words, section, .. } = &self.name;
        let mut schema = type_words.as_deref().and_then(schema_of);
        if let Some(schema) = schema.as_mut() {
            schema.values = self.letter_codes();
            if schema.types.single() == Some(JsonType::Array) && schema.items.is_none() {
                let identifier = || self.lists_identifiers().then(|| Schema::of(JsonType::Integer));
                schema.items = self.shown_items(field.as_deref()?).or_else(identifier).map(Box::new);
            }
        }
        let is_structure = schema
            .as_ref()
            .is_some_and(|schema| matches!(schema.types.single(), Some(JsonType::Array | JsonType::Object)));
        let described = || self.description.filter(|_| is_structure).and_then(section_in);
        let section = section.clone().or_else(described);
        let is_keyed = self.description.is_some_and(|cell| KEYS_IN_RESULTS.stand_in(&cell.prose()));
        Some(TypedField { name: field.clone()?, line: *line, schema, section, is_keyed })
    }
}

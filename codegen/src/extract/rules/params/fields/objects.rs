//! One object out of the rows of its tables: its fields, which of them must be given, and whether its keys are data.

use crate::descriptor::{AdditionalProperties, Schema};
use crate::extract::lexicon::params::MORE_FIELDS;
use crate::extract::rules::params::anchors::PageAnchors;
use crate::extract::rules::params::attach::insert;
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::fields::Reader;
use crate::extract::rules::params::{map_keys, required};
use crate::extract::syntax::ast::{Cell, Section, Table};
use crate::extract::tables::field_table::FieldTable;
use crate::extract::tables::name_cell::ParameterName;

impl Reader<'_, '_> {
    /// An object out of the rows of its tables, or one with such a record below each key.
    pub(super) fn object(
        &mut self,
        anchors: &PageAnchors<'_>,
        tables: &[&Table],
        context: FieldContext<'_>,
        depth: usize,
    ) -> Option<Schema> {
        let example = context.example.items.as_deref().unwrap_or(context.example);
        let read: Vec<FieldTable<'_>> = tables.iter().map(|table| FieldTable::of(table)).collect();
        let listed = listed_names(&read);
        let records = map_keys::records_of(example, &listed);
        let keyed =
            records.is_some() || map_keys::are_keys_data(context.name, context.description, example, &listed);
        let example = match &records {
            Some(records) => records,
            // An example that shows no keys is none of the record.
            None if keyed => &Schema::default(),
            None => example,
        };
        let mut object = Schema::any_object();
        let already_open = self.open.len();
        for (table, fields) in tables.iter().zip(&read) {
            let identity = std::ptr::from_ref::<Table>(table).addr();
            if self.open.contains(&identity) {
                continue;
            }
            self.open.push(identity);
            self.rows_of(anchors, fields, example, depth, &mut object);
        }
        self.open.truncate(already_open);
        self.weigh_marks(anchors, tables, &read, example, &mut object);
        if object.properties.is_empty() && object.additional.is_none() {
            return None;
        }
        if anchors.around(tables).is_some_and(leaves_out_fields) {
            object.additional = Some(AdditionalProperties::Allowed(true));
        }
        Some(if keyed { map_keys::keyed(object) } else { object })
    }

    fn rows_of(
        &mut self,
        anchors: &PageAnchors<'_>,
        table: &FieldTable<'_>,
        example: &Schema,
        depth: usize,
        object: &mut Schema,
    ) {
        let unknown = Schema::default();
        for row in &table.rows {
            if !self.may_read(row.row) {
                break;
            }
            let (mut names, required) = match &row.name.parameter {
                Some(ParameterName::Names { names, required }) => (names.clone(), *required),
                Some(ParameterName::Placeholder) => {
                    object.additional = Some(AdditionalProperties::Allowed(true));
                    continue;
                }
                None => continue,
            };
            // A key may have a stroke in it.
            let whole = names.join("|");
            if example.properties.contains_key(&whole) {
                names = vec![whole];
            }
            let alone = names.len() == 1;
            let required = required && alone && !row.description.is_some_and(required::is_conditional);
            for name in names.into_iter().filter(|name| !is_path_of_list(name)) {
                let sent = example.properties.get(&name).unwrap_or(&unknown);
                let context = FieldContext::of(row, &name, sent);
                let schema = self.within(&name, |reader| {
                    let found = reader.schema(anchors, context, depth);
                    reader.record(context, found.as_ref());
                    found.map(|found| found.value).unwrap_or_default()
                });
                insert(object, name, schema, required);
            }
        }
    }

    /// Takes back marks that are contradicted: by a sentence that lets one of several fields do, and on the page of an update
    /// by an example that leaves one out, for its table is that of the fields of a record that is made.
    fn weigh_marks(
        &self,
        anchors: &PageAnchors<'_>,
        tables: &[&Table],
        read: &[FieldTable<'_>],
        example: &Schema,
        object: &mut Schema,
    ) {
        let left_out = |name: &String| !example.required.contains(name);
        if self.updates && !example.properties.is_empty() && object.required.iter().any(left_out) {
            object.required.clear();
        }
        if object.required.len() < 2 {
            return;
        }
        let around = anchors.around(tables).into_iter().flat_map(|section| section.paragraphs());
        let in_cells = tables.iter().flat_map(|table| &table.rows).flat_map(|row| &row.cells);
        let texts = around.chain(in_cells.flat_map(Cell::paragraphs));
        let mut sets = required::either(texts, &object.required).concat();
        for table in read {
            sets.extend(required::stand_ins(table, &object.required).concat());
        }
        object.required.retain(|name| !sets.contains(name));
    }
}

/// Whether a section says that a further page lists all fields.
fn leaves_out_fields(section: &Section) -> bool {
    section.paragraphs().any(|text| {
        let prose = text.prose().to_lowercase();
        !text.targets.is_empty() && MORE_FIELDS.iter().any(|words| prose.starts_with(words))
    })
}

/// The names that tables list.
fn listed_names(tables: &[FieldTable<'_>]) -> Vec<String> {
    let mut listed = Vec::new();
    for row in tables.iter().flat_map(|table| &table.rows) {
        if let Some(ParameterName::Names { names, .. }) = &row.name.parameter {
            listed.push(names.join("|"));
            listed.extend(names.iter().cloned());
        }
    }
    listed
}

/// A row for the items of a list beside that of the list itself: `rows[]`.
fn is_path_of_list(name: &str) -> bool {
    name.contains("[")
}

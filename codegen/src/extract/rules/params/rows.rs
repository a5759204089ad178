//! The rows of a table of parameters.

use indexmap::IndexMap;
use serde_json::Value;

use crate::descriptor::Schema;
use crate::extract::evidence::Evidence;
use crate::extract::page_log::PageLog;
use crate::extract::register::params::{
    NAME_CASE_IN_REQUEST, NAME_WITH_DOTS, NAMES_WITH_STROKE, PLACEHOLDER_NAME, RANGE_IN_SENTENCE,
    REPEATED_NAME, ROW_FOR_LIST_ITEMS, TYPE_FROM_EXAMPLE_COLUMN, TYPE_FROM_REQUEST_BODY, UNREADABLE_NAME,
};
use crate::extract::rules::params::anchors::PageAnchors;
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::fields::FieldReader;
use crate::extract::rules::params::param::{Param, Params};
use crate::extract::rules::params::{attach, constraints, request_bodies, required};
use crate::extract::syntax::ast::{Cell, Table};
use crate::extract::syntax::text::prose;
use crate::extract::tables::field_table::{FieldRow, FieldTable};
use crate::extract::tables::name_cell::ParameterName;
use crate::schema::example;

/// The parameters that a table lists.
pub(super) fn list(
    reader: &mut FieldReader<'_, '_>,
    anchors: &PageAnchors<'_>,
    table: &Table,
    examples: &IndexMap<String, Schema>,
) -> Params {
    let fields = FieldTable::of(table);
    let mut params = Params::default();
    reader.note_head(table, &fields);
    for row in &fields.rows {
        params.has_required_column |= row.required_column.is_some();
        let (names, required) = match &row.name.parameter {
            Some(ParameterName::Names { names, required }) => (names, *required || row.is_required()),
            Some(ParameterName::Placeholder) => {
                params.open = true;
                reader.claim(&PLACEHOLDER_NAME, row.name.line, "additionalProperties", true);
                continue;
            }
            None => {
                report_unreadable(row, reader.log);
                continue;
            }
        };
        let required = match names.as_slice() {
            [name] => required && params.marks.add(name, row),
            _ if required => {
                params.choices.push(Evidence::new(&NAMES_WITH_STROKE, names.clone(), row.row.line));
                false
            }
            _ => {
                reader.log.fire(&NAMES_WITH_STROKE);
                false
            }
        };
        // The token of the caller is no parameter of a method.
        for name in names.iter().filter(|name| *name != "auth") {
            if is_row_for_items(name, &fields) {
                reader.log.fire(&ROW_FOR_LIST_ITEMS);
                continue;
            }
            let param = param(reader, anchors, row, name.clone(), required, examples);
            add(&mut params, param, examples, reader.log);
        }
    }
    params.marks.retain(|name| params.list.contains_key(name));
    params.choices.extend(required::stand_ins(&fields, &params.marks.names()));
    params
}

/// Whether a name with brackets describes the items of a list that has a row of its own: `doors[]` beside `doors`.
fn is_row_for_items(name: &str, fields: &FieldTable<'_>) -> bool {
    let list = name.split_once('[').map(|(list, _)| list);
    list.is_some_and(|list| fields.rows.iter().any(|row| row.name.only_parameter() == Some(list)))
}

fn report_unreadable(row: &FieldRow<'_>, log: &mut PageLog) {
    log.fire(&UNREADABLE_NAME);
    let message = format!("no name of a parameter can be read in \"{}\"", prose(row.cell.first_line()));
    log.add(row.row.line, message, "one name, perhaps with a star; this row is not used");
}

/// Adds a parameter to the list, or to the parameter before it that its name with dots is a part of.
fn add(params: &mut Params, param: Param, examples: &IndexMap<String, Schema>, log: &mut PageLog) {
    if params.list.contains_key(&param.name) {
        log.fire(&REPEATED_NAME);
        let message = format!("the table lists the parameter {} twice", param.name);
        log.add(param.line, message, "each name once; the first row was used");
        return;
    }
    if let Some((outer, inner)) = param.name.split_once('.')
        && (params.list.contains_key(outer)
            || examples.contains_key(outer) && !examples.contains_key(&param.name))
    {
        let parent = params.list.entry(outer.to_owned()).or_insert_with(|| Param {
            name: outer.to_owned(),
            line: param.line,
            required: false,
            documented: None,
            in_request: None,
            in_table: None,
            range: None,
        });
        let of_rows = || Evidence::new(&NAME_WITH_DOTS, Schema::any_object(), param.line);
        let mut object = parent.documented.take().unwrap_or_else(of_rows);
        log.fire(&NAME_WITH_DOTS);
        if object.value.types == Schema::any_object().types {
            let schema = param.documented.or(param.in_request).map(|found| found.value).unwrap_or_default();
            attach::insert(&mut object.value, inner.to_owned(), schema, param.required);
        }
        parent.documented = Some(object);
        return;
    }
    params.list.insert(param.name.clone(), param);
}

fn param(
    reader: &mut FieldReader<'_, '_>,
    anchors: &PageAnchors<'_>,
    row: &FieldRow<'_>,
    name: String,
    required: bool,
    examples: &IndexMap<String, Schema>,
) -> Param {
    let unknown = Schema::default();
    let sent = request_bodies::of(&name, examples);
    if sent.is_some() && !examples.contains_key(&name) {
        reader.log.fire(&NAME_CASE_IN_REQUEST);
    }
    let example = sent.unwrap_or(&unknown);
    let context = FieldContext::of(row, &name, example);
    let documented = reader.within(&name, |reader| reader.schema(anchors, context, 0));
    Param {
        line: row.name.line,
        required,
        documented,
        in_request: known(request_bodies::without_keys(example))
            .map(|schema| Evidence::new(&TYPE_FROM_REQUEST_BODY, schema, 0)),
        in_table: row.example.and_then(|cell| {
            Some(Evidence::new(&TYPE_FROM_EXAMPLE_COLUMN, known(example_in(cell))?, cell.line))
        }),
        range: row.description.and_then(|cell| {
            Some(Evidence::new(&RANGE_IN_SENTENCE, constraints::range_in(cell)?, cell.line))
        }),
        name,
    }
}

fn known(schema: Schema) -> Option<Schema> {
    Some(schema).filter(|schema| !schema.is_unknown())
}

/// The type of the value in the column of examples. Numbers and booleans show their type; any other word is a string.
fn example_in(cell: &Cell) -> Schema {
    let text = cell.prose();
    let value =
        serde_json::from_str::<Value>(&text).ok().filter(|value| value.is_number() || value.is_boolean());
    let word = || (!text.is_empty() && !example::is_placeholder(&text)).then(|| Value::String(text.clone()));
    value.or_else(word).map(|value| example::schema_of(&value)).unwrap_or_default()
}

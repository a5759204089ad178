//! The rows of a table of parameters.

use indexmap::IndexMap;
use serde_json::Value;

use crate::descriptor::Schema;
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::evidence::Evidence;
use crate::extract::register::params::{NAME_WITH_DOTS, TYPE_FROM_EXAMPLE_COLUMN, TYPE_FROM_REQUEST_BODY};
use crate::extract::rules::params::anchors::PageAnchors;
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::fields::Reader;
use crate::extract::rules::params::param::Param;
use crate::extract::rules::params::param::Params;
use crate::extract::rules::params::{attach, constraints, request_bodies, required};
use crate::extract::syntax::ast::{Cell, Table};
use crate::extract::syntax::text::prose;
use crate::extract::tables::field_table::{FieldRow, FieldTable};
use crate::extract::tables::name_cell::ParameterName;
use crate::schema::example;

/// The parameters that a table lists.
pub(super) fn list(
    reader: &mut Reader<'_, '_>,
    anchors: &PageAnchors<'_>,
    table: &Table,
    examples: &IndexMap<String, Schema>,
) -> Params {
    let fields = FieldTable::of(table);
    let mut params = Params::default();
    let mut marked = Vec::new();
    for row in &fields.rows {
        let (names, required) = match &row.name.parameter {
            Some(ParameterName::Names { names, required }) => (names, *required),
            Some(ParameterName::Placeholder) => {
                params.open = true;
                continue;
            }
            None => {
                let message =
                    format!("no name of a parameter can be read in \"{}\"", prose(row.cell.first_line()));
                reader.diagnostics.add(
                    row.row.line,
                    message,
                    "one name, perhaps with a star; this row is not used",
                );
                continue;
            }
        };
        if required && names.len() > 1 {
            params.rules.push((names.clone(), row.row.line));
        }
        let conditional = row.description.is_some_and(required::is_conditional);
        if required && names.len() == 1 {
            marked.extend(names.iter().cloned());
        }
        let required = required && names.len() == 1 && !conditional;
        // The token of the caller is no parameter of a method.
        for name in names.iter().filter(|name| *name != "auth") {
            let param = param(reader, anchors, row, name.clone(), required, examples);
            add(&mut params, param, examples, reader.diagnostics);
        }
    }
    marked.retain(|name| params.list.contains_key(name));
    let stand_ins = required::stand_ins(&fields, &marked);
    params.rules.extend(stand_ins.into_iter().map(|names| (names, table.line)));
    params.marked = marked;
    params
}

/// Adds a parameter to the list, or to the parameter before it that its name with dots is a part of.
fn add(
    params: &mut Params,
    param: Param,
    examples: &IndexMap<String, Schema>,
    diagnostics: &mut PageDiagnostics,
) {
    if params.list.contains_key(&param.name) {
        let message = format!("the parameter {} stands in the table twice", param.name);
        diagnostics.add(param.line, message, "each once; the first was used");
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
    reader: &mut Reader<'_, '_>,
    anchors: &PageAnchors<'_>,
    row: &FieldRow<'_>,
    name: String,
    required: bool,
    examples: &IndexMap<String, Schema>,
) -> Param {
    let unknown = Schema::default();
    let example = request_bodies::of(&name, examples).unwrap_or(&unknown);
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
        range: row.description.and_then(constraints::range_in),
        name,
    }
}

fn known(schema: Schema) -> Option<Schema> {
    Some(schema).filter(|schema| !schema.is_unknown())
}

/// What the column of examples shows. Only a number shows its type there; a bare word could stand for anything in quotes.
fn example_in(cell: &Cell) -> Schema {
    let text = cell.prose();
    let value =
        serde_json::from_str::<Value>(&text).ok().filter(|value| value.is_number() || value.is_boolean());
    let word = || (!text.is_empty() && !example::is_placeholder(&text)).then(|| Value::String(text.clone()));
    value.or_else(word).map(|value| example::schema_of(&value)).unwrap_or_default()
}

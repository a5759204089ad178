//! Which fields the rows of a result have, and from which columns: the same for all rows of a form.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::direct::Direct;
use super::{Call, custom};
use crate::answer::{Empty, Form};
use crate::families::fold;
use crate::php;
use crate::spec::{Additional, Api, Schema};
use crate::store::{ColumnsVersion, RowForm, Table};

/// How many layouts are kept.
const LAYOUTS: usize = 256;

/// The layouts of the last forms.
#[derive(Debug, Default)]
pub(super) struct Layouts(RefCell<HashMap<RowForm, Arc<Layout>>>);

/// The fields of the rows of a form.
#[derive(Debug)]
pub(super) struct Layout {
    /// Of which columns it is.
    columns: ColumnsVersion,
    /// The fields of the row's schema.
    pub(super) fields: Vec<Field>,
    /// Columns that no schema describes.
    pub(super) further: Vec<(String, usize)>,
}

/// A field of the row's schema.
#[derive(Debug)]
pub(super) struct Field {
    /// Its position among the properties.
    property: usize,
    /// The name in JSON, with the colon.
    pub(super) json_name: Vec<u8>,
    pub(super) column: Option<usize>,
    pub(super) direct: Direct,
    pub(super) empty: Empty,
}

impl Field {
    /// Its name and schema.
    pub(super) fn of<'s>(&self, schema: &'s Schema) -> Option<(&'s String, &'s Schema)> {
        schema.properties.get_index(self.property)
    }
}

impl Layouts {
    /// The layout of a form.
    pub(super) fn get(
        &self,
        form: &RowForm,
        call: &Call<'_>,
        (schema, wire): (&Schema, Form),
        table: &Table,
    ) -> Arc<Layout> {
        let columns = table.columns_version();
        if let Some(known) = self.0.borrow().get(form).filter(|known| known.columns == columns) {
            return Arc::clone(known);
        }
        let layout = Arc::new(Layout::new(form, call, (schema, wire), table));
        let mut layouts = self.0.borrow_mut();
        if layouts.len() >= LAYOUTS {
            layouts.clear();
        }
        layouts.insert(form.clone(), Arc::clone(&layout));
        layout
    }
}

impl Layout {
    fn new(form: &RowForm, call: &Call<'_>, (schema, wire): (&Schema, Form), table: &Table) -> Self {
        let selected = form.selected.as_deref();
        let is_id = |name: &String| call.family.id.as_ref() == Some(name);
        let hidden = |name: &String| {
            let mut left_out = call.operation.select.iter().filter_map(|field| field.strip_prefix('-'));
            selected.is_none() && left_out.any(|field| field == name)
        };
        let wanted = |name: &String| {
            is_id(name) || selected.is_none_or(|names| names.contains(&fold(name))) && !hidden(name)
        };
        let kind = call.family.kinds.iter().find(|kind| form.partition == [kind.value.to_string()]);
        let of_kind = |name: &String| kind.is_none_or(|kind| kind.fields.contains(name));
        let described = schema.properties.iter().enumerate();
        let described = described.filter(|(_, (name, _))| wanted(name) && of_kind(name));
        let fields = described.map(|(property, (name, of_field))| {
            let (of_field, wire) = (of_field.resolve(&call.method.returns.defs), wire.of_field(name));
            Field {
                property,
                json_name: format!("{}:", Value::from(name.as_str())).into_bytes(),
                column: table.column(&fold(name)),
                direct: Direct::of(of_field, wire),
                empty: wire.empty(of_field),
            }
        });
        Self {
            columns: table.columns_version(),
            fields: fields.collect(),
            further: further(form, call, schema, table),
        }
    }
}

/// The form of the rows of a call.
pub(super) fn row_form(call: &Call<'_>) -> RowForm {
    RowForm {
        api: call.method.api,
        method: call.method.name.clone(),
        partition: call.partition(),
        selected: selected(call),
        has_original_names: call.param("useoriginalufnames").is_some_and(php::is_true),
    }
}

/// The selected fields, folded. `None`: all.
fn selected(call: &Call<'_>) -> Option<Vec<String>> {
    let names = selection(call);
    if names.is_empty() || names.iter().any(|name| name == "*") {
        let usual = call.operation.select.iter().filter(|name| !name.starts_with('-'));
        let usual: Vec<String> = usual.map(|name| fold(name)).collect();
        return (names.is_empty() && !usual.is_empty()).then_some(usual);
    }
    let path = |name: &String| fold(name.split_once('.').map_or(name.as_str(), |(field, _)| field));
    Some(names.iter().map(path).collect())
}

/// The names of the fields that the request selects.
pub(super) fn selection(call: &Call<'_>) -> Vec<String> {
    let select = call.operation.list.select.as_deref().unwrap_or("select");
    match call.param(&fold(select)) {
        Some(Value::Array(names)) => names.iter().map(php::text).collect(),
        Some(Value::Object(names)) => names.values().map(php::text).collect(),
        _ => Vec::new(),
    }
}

/// The columns that the schema does not describe: custom fields, and whatever an open schema allows.
fn further(form: &RowForm, call: &Call<'_>, schema: &Schema, table: &Table) -> Vec<(String, usize)> {
    let selected = form.selected.as_deref();
    let is_open =
        schema.properties.is_empty() || matches!(schema.additional, Some(Additional::Allowed(true)));
    // `field1133` is a custom field of the documents of the warehouse.
    let is_numbered = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    let is_custom = |folded: &str| {
        let is_further = folded.strip_prefix("field").is_some_and(is_numbered);
        is_further || folded.starts_with("uf") || folded.starts_with("property")
    };
    // What a request names in REST 2 it gets.
    let is_named = |folded: &str| {
        form.api == Api::V2 && selected.is_some_and(|names| names.iter().any(|name| name == folded))
    };
    let is_candidate = |folded: &str| is_open || is_custom(folded) || is_named(folded);
    let candidates: Vec<(usize, (&str, &str))> =
        table.columns().enumerate().filter(|(_, (folded, _))| is_candidate(folded)).collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let described: HashSet<String> = schema.properties.keys().map(|name| fold(name)).collect();
    let own: HashSet<String> = call.family.fields.keys().map(|name| fold(name)).collect();
    let wanted = |folded: &str| {
        let all_custom =
            folded.starts_with("uf") && selected.is_none_or(|names| names.iter().any(|name| name == "uf"));
        selected.is_none_or(|names| names.iter().any(|name| name == folded)) || all_custom
    };
    let columns = candidates.into_iter().filter(|(_, (folded, _))| {
        !described.contains(*folded)
            && (is_custom(folded) || is_named(folded) || !own.contains(*folded))
            && wanted(folded)
    });
    let original = form.has_original_names;
    let is_universal = !call.family.kinds.is_empty() && !original;
    let is_classic = !schema.properties.keys().any(|name| name.contains(|c: char| c.is_ascii_lowercase()));
    let spelled = |folded: &str, name: &str| match folded.starts_with("uf") {
        true if is_universal => custom::camel(name),
        true if is_classic || original => custom::upper(name),
        _ => name.to_owned(),
    };
    columns.map(|(at, (folded, name))| (spelled(folded, name), at)).collect()
}

//! The fields of objects and of the items of lists, through every way in which pages refer to them.

use indexmap::IndexMap;

use super::names::{Named, named};
use super::places::{Place, Tables};
use super::{is_open_list, type_in, values};
use crate::descriptor::{AdditionalProperties, JsonType, Schema, SourceForm};
use crate::import::columns::Columns;
use crate::import::documented_types;
use crate::import::page::{Block, Cell, Row, Table, Text, Troubles, flat};
use crate::import::type_words::TypeWords;
use crate::import::vocabulary::Column;

/// How deep objects may lie inside one another.
const DEPTH: usize = 5;
/// How much is read for one page: each row counts with its length. Tables that refer to one another would otherwise be read
/// again and again.
const ROWS: usize = 100_000;
/// How many links to other pages are followed for one page.
const LINKS: usize = 60;

/// Reads the rows of tables, and what they refer to.
pub(super) struct Reader<'a, 't> {
    form: SourceForm,
    dictionary: &'a TypeWords<'a>,
    pub(super) troubles: &'t mut Troubles,
    rows: usize,
    links: usize,
    /// The tables that are being read. A field named like the object that holds it does not lead back to them.
    open: Vec<usize>,
}

/// One row: the name and description cell of a parameter or field.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub(super) name: &'a str,
    pub(super) cell: &'a Cell,
    pub(super) description: Option<&'a Cell>,
    /// What the example requests send in its place.
    pub(super) example: &'a Schema,
}

impl<'a, 't> Reader<'a, 't> {
    pub(super) fn new(form: SourceForm, dictionary: &'a TypeWords<'a>, troubles: &'t mut Troubles) -> Self {
        Self { form, dictionary, troubles, rows: ROWS, links: LINKS, open: Vec::new() }
    }

    /// What a row says of a value; `None` where it says nothing.
    pub(super) fn schema(&mut self, place: &Place<'_>, told: Told<'_>, depth: usize) -> Option<Schema> {
        let documented = self.documented(told);
        let holds_fields = documented.as_ref().map_or_else(|| is_structured(told.example), may_hold_fields);
        if !holds_fields {
            let mut schema = documented?;
            if let Some(description) = told.description {
                values::add(&mut schema, description);
            }
            return Some(schema);
        }
        let names_fields = ["select", "group"].iter().any(|list| told.name.eq_ignore_ascii_case(list));
        let fields = if names_fields || depth >= DEPTH { None } else { self.fields(place, told, depth) };
        let fields = fields.and_then(|fields| of_open_list(fields, told));
        let had_type = documented.is_some();
        let mut schema = documented.unwrap_or_default();
        match fields {
            Some(fields) => put(&mut schema, fields, told.example),
            None if had_type => shown(&mut schema, told),
            None => return None,
        }
        Some(schema)
    }

    fn documented(&mut self, told: Told<'_>) -> Option<Schema> {
        let word = type_in(told.cell)?;
        let schema = documented_types::schema_in(&word, Some(self.dictionary));
        let silent = ["unknown", "any", "mixed", "enum"].contains(&word.as_str());
        if schema.is_none() && self.form == SourceForm::Yfm && !silent {
            let message = format!("the type \"{word}\" of {} is not understood", told.name);
            self.troubles.add(told.cell.line, message, "a type of the documentation");
        }
        schema
    }

    /// The fields of an object: in a table of its own cell, behind a link, below a heading that names it, on another page,
    /// or as a list in its description.
    fn fields(&mut self, place: &Place<'_>, told: Told<'_>, depth: usize) -> Option<Schema> {
        let cells = || told.description.into_iter().chain([told.cell]);
        let nested: Vec<&Table> = cells().flat_map(|cell| flat(&cell.blocks)).filter_map(table).collect();
        if !nested.is_empty()
            && let Some(found) = self.object(place, &nested, told.example, depth + 1)
        {
            return Some(found);
        }
        let links: Vec<&str> = cells()
            .flat_map(Cell::paragraphs)
            .flat_map(|text| &text.links)
            .map(String::as_str)
            .take(12)
            .collect();
        for anchor in links.iter().filter_map(|link| link.strip_prefix('#')) {
            let found =
                place.anchored(anchor).and_then(|tables| self.read(place, tables, told.example, depth));
            if found.is_some() {
                return found;
            }
        }
        let found = place.headed(told.name).and_then(|tables| self.read(place, tables, told.example, depth));
        found
            .or_else(|| links.iter().find_map(|link| self.elsewhere(place, link, told, depth)))
            .or_else(|| self.bullets(told))
    }

    fn read(
        &mut self,
        place: &Place<'_>,
        tables: &Tables<'_>,
        example: &Schema,
        depth: usize,
    ) -> Option<Schema> {
        match tables {
            Tables::Parts(tables) => self.object(place, tables, example, depth + 1),
            Tables::Variants(tables) => {
                let mut variants: Vec<Schema> = Vec::new();
                for table in tables {
                    let variant = self.object(place, &[table], example, depth + 1);
                    variants.extend(variant.filter(|variant| !variants.contains(variant)));
                }
                match variants.len() {
                    0 | 1 => variants.pop(),
                    _ => Some(Schema { one_of: variants, ..Schema::any_object() }),
                }
            }
        }
    }

    /// The fields that another page lists behind the anchor that a link names.
    fn elsewhere(&mut self, place: &Place<'_>, link: &str, told: Told<'_>, depth: usize) -> Option<Schema> {
        let (_, anchor) = link.split_once('#')?;
        self.links = self.links.checked_sub(1)?;
        let page = self.dictionary.linked(place.path, link)?;
        let other = Place::new(&page, place.path);
        let tables = other.anchored(anchor)?;
        let listed = match tables {
            Tables::Parts(tables) | Tables::Variants(tables) => tables,
        };
        listed.iter().all(|table| has_types(table)).then(|| self.read(&other, tables, told.example, depth))?
    }

    /// Whether there is still time for a row, which costs the more the longer it is.
    fn may_read(&mut self, row: &Row) -> bool {
        let spans = row.cells.iter().flat_map(Cell::paragraphs).flat_map(|text| &text.spans);
        let cost: usize = spans.map(|span| 1 + span.text.len() / 64).sum();
        let left = self.rows.checked_sub(cost + 1);
        if left.is_none() && self.rows > 0 {
            let message = "too many fields are referred to on this page; some were left out";
            self.troubles.add(row.line, message, "");
        }
        self.rows = left.unwrap_or(0);
        left.is_some()
    }

    /// An object out of the rows of its tables.
    fn object(
        &mut self,
        place: &Place<'_>,
        tables: &[&Table],
        example: &Schema,
        depth: usize,
    ) -> Option<Schema> {
        let mut object = Schema::any_object();
        let example = example.items.as_deref().unwrap_or(example);
        let unknown = Schema::default();
        let already_open = self.open.len();
        for table in tables {
            let identity = std::ptr::from_ref::<Table>(table).addr();
            if self.open.contains(&identity) {
                continue;
            }
            self.open.push(identity);
            let columns = Columns::of_fields(table);
            for row in columns.rows {
                if !self.may_read(row) {
                    break;
                }
                let Some(cell) = columns.cell(row, Column::Name) else { continue };
                let (names, required) = match named(cell) {
                    Some(Named::Names { names, required }) => (names, required),
                    Some(Named::Placeholder) => {
                        object.additional = Some(AdditionalProperties::Allowed(true));
                        continue;
                    }
                    None => continue,
                };
                let alone = names.len() == 1;
                for name in names.into_iter().filter(|name| !is_path_of_list(name)) {
                    let told = Told {
                        name: &name,
                        cell,
                        description: columns.cell(row, Column::Description),
                        example: example.properties.get(&name).unwrap_or(&unknown),
                    };
                    let schema = self.schema(place, told, depth).unwrap_or_default();
                    insert(&mut object, name, schema, required && alone);
                }
            }
        }
        self.open.truncate(already_open);
        (!object.properties.is_empty() || object.additional.is_some()).then_some(object)
    }

    /// Keys that a list in the description explains one by one.
    fn bullets(&self, told: Told<'_>) -> Option<Schema> {
        if is_open_list(told.name) || sends_scalars(told.example) {
            return None;
        }
        let items =
            || told.description.into_iter().flat_map(Cell::paragraphs).filter(|text| text.bullet.is_some());
        // What is indented further explains a key.
        let outermost = items().filter_map(|text| text.bullet).min()?;
        let items: Vec<&Text> = items().filter(|text| text.bullet == Some(outermost)).collect();
        let mut object = Schema::any_object();
        for item in &items {
            let (name, schema) = self.key(item)?;
            insert(&mut object, name, schema, false);
        }
        (object.properties.len() == items.len() && !items.is_empty()).then_some(object)
    }

    /// A key at the head of an item: code, perhaps its type in brackets, and a dash.
    fn key(&self, item: &Text) -> Option<(String, Schema)> {
        let mut spans = item.spans.iter().filter(|span| !span.text.replace("**", "").trim().is_empty());
        let name = spans.next().filter(|span| span.code)?.text.trim();
        let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.len() <= 60
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let is_example = name.ends_with("_n") || name.ends_with("_1") || name.eq_ignore_ascii_case("asc");
        let behind = spans.next().filter(|span| !span.code)?.text.trim_start().to_owned();
        let schema = if behind.trim() == "(" {
            let word = spans.next().filter(|span| span.code)?;
            documented_types::schema_in(&word.text, Some(self.dictionary))
        } else {
            None
        };
        let separated = schema.is_some() || behind.starts_with(['—', '–', '-', ':']);
        (is_word && !is_example && separated).then(|| (name.to_owned(), schema.unwrap_or_default()))
    }
}

/// The fields of what chooses by them: a filter knows further keys where operators stand before the names, and what sorts
/// sends directions, so that a list with other types is that of the fields and not of the keys.
fn of_open_list(mut fields: Schema, told: Told<'_>) -> Option<Schema> {
    if told.name.eq_ignore_ascii_case("filter") {
        let is_operator = |code: &str| !code.is_empty() && code.chars().all(|c| "<>=!%@~?".contains(c));
        if told.description.is_some_and(|cell| cell.code().into_iter().any(is_operator)) {
            fields.additional = Some(AdditionalProperties::Allowed(true));
            fields.required.clear();
        }
    } else if told.name.eq_ignore_ascii_case("order") {
        let direction = |field: &Schema| {
            field.types.is_empty() || field.types.0 == [JsonType::String] && field.format.is_none()
        };
        return fields.properties.values().all(direction).then_some(fields);
    }
    Some(fields)
}

/// Adds a field. One with dots in its name is a field of a field, where that is known.
pub(super) fn insert(object: &mut Schema, name: String, schema: Schema, required: bool) {
    if let Some((outer, inner)) = name.split_once('.')
        && let Some(parent) = object.properties.get_mut(outer)
        && (parent.types.is_empty() && parent.any_of.is_empty() || parent.types.0 == [JsonType::Object])
        && parent.one_of.is_empty()
    {
        if parent.types.is_empty() {
            parent.types = Schema::any_object().types;
        }
        return insert(parent, inner.to_owned(), schema, required);
    }
    if object.properties.contains_key(&name) {
        return;
    }
    if required {
        object.required.push(name.clone());
    }
    object.properties.insert(name, schema);
}

/// A row for the items of a list beside that of the list itself: `rows[]`.
/// Whether the examples send texts or numbers here, or lists of them: what a description explains are values then.
fn sends_scalars(example: &Schema) -> bool {
    let sent = example.items.as_deref().unwrap_or(example);
    let scalar =
        |json_type: &JsonType| !matches!(json_type, JsonType::Object | JsonType::Array | JsonType::Null);
    sent.types.0.iter().any(scalar)
}

fn is_path_of_list(name: &str) -> bool {
    name.contains("[")
}

fn table(block: &Block) -> Option<&Table> {
    match block {
        Block::Table(table) => Some(table),
        _ => None,
    }
}

/// Whether a table gives the types of most of what it lists.
fn has_types(table: &Table) -> bool {
    let columns = Columns::of_fields(table);
    let cells = columns.rows.iter().filter_map(|row| columns.cell(row, Column::Name));
    2 * cells.filter(|cell| type_in(cell).is_some()).count() > columns.rows.len()
}

fn is_structured(schema: &Schema) -> bool {
    schema.types.0 == [JsonType::Object]
        || schema.items.as_ref().is_some_and(|items| items.types.0 == [JsonType::Object])
}

fn may_hold_fields(schema: &Schema) -> bool {
    let structured = schema.types.0.contains(&JsonType::Object)
        || schema.types.0.contains(&JsonType::Array)
            && schema.items.as_ref().is_none_or(|items| may_hold_fields(items));
    let own_word = schema.types.is_empty() && schema.any_of.is_empty() && schema.format.is_some();
    structured || own_word || schema.any_of.iter().any(may_hold_fields)
}

/// Puts fields where the type has a place for them.
fn put(schema: &mut Schema, fields: Schema, example: &Schema) {
    if let Some(part) = schema.any_of.iter_mut().find(|part| may_hold_fields(part)) {
        return put(part, fields, &Schema::default());
    }
    let listed = schema.types.0.contains(&JsonType::Array) && !schema.types.0.contains(&JsonType::Object);
    // What the documentation calls an array is often an object with keys; an example tells.
    let sent_as_object = schema.items.is_none() && example.types.0 == [JsonType::Object];
    if listed && !sent_as_object {
        let mut items = schema.items.take().map(|items| *items).unwrap_or_default();
        put(&mut items, fields, &Schema::default());
        schema.items = Some(Box::new(items));
        return;
    }
    if listed {
        schema.types.0.retain(|of| *of != JsonType::Array);
    }
    if !schema.types.0.contains(&JsonType::Object) {
        schema.types.0.insert(0, JsonType::Object);
    }
    schema.required = fields.required;
    schema.properties = fields.properties;
    schema.additional = fields.additional;
    schema.one_of = fields.one_of;
}

/// What the example adds to a type that is documented without its fields: whether an array is one, and what is in it.
fn shown(schema: &mut Schema, told: Told<'_>) {
    if schema.types.0 != [JsonType::Array] || schema.items.is_some() {
        return;
    }
    if told.name.eq_ignore_ascii_case("select") {
        schema.items = Some(Box::new(Schema::of(JsonType::String)));
    } else if told.example.types.0 == [JsonType::Object] {
        schema.types = Schema::any_object().types;
    } else if let Some(items) = told.example.items.as_deref() {
        let scalar =
            matches!(items.types.0.as_slice(), [JsonType::Integer | JsonType::Number | JsonType::String]);
        if scalar && !is_open_list(told.name) {
            schema.items = Some(Box::new(Schema { types: items.types.clone(), ..Schema::default() }));
        }
    }
}

/// The names of the properties, for what is told of a list of them.
pub(super) fn of_examples(bodies: &[serde_json::Value]) -> IndexMap<String, Schema> {
    let mut all: Vec<_> = crate::import::example_types::parameters_of(bodies).into_iter().collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.into_iter().collect()
}

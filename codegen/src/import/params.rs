//! The parameters of a method, as one page tells of them.

mod alternatives;
mod bounds;
mod fields;
mod names;
mod places;
mod values;

use indexmap::IndexMap;
use serde_json::{Number, Value};

use super::code::Calls;
use super::columns::{Columns, first_line};
use super::page::{Block, Cell, Page, Row, Section, Table, Text, Troubles, flat};
use super::type_words::TypeWords;
use super::vocabulary::{Column, NO_PARAMETERS, REQUIRED_FOOTNOTES, SectionKind};
use super::{documented_types, example_types};
use crate::descriptor::{Schema, SourceForm};
use alternatives::Alternatives;
use fields::{Reader, Told};
use names::{Named, named};
use places::{Place, Tables, tables_of};

/// The parameters that a page lists.
#[derive(Debug, Default)]
pub(super) struct Params {
    /// The parameters by name, in the order of the table.
    pub(super) list: IndexMap<String, Param>,
    /// Whether the page has no way of marking a parameter as required.
    pub(super) required_unknown: bool,
    /// Whether parameters may have names that only a portal knows.
    pub(super) open: bool,
    /// The sets of parameters of which one must be given, and the line that says so.
    pub(super) any_of: Option<Alternatives>,
}

/// One parameter.
#[derive(Debug)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) required: bool,
    /// What the table and what it refers to give.
    pub(super) documented: Option<Schema>,
    /// What the bodies of the example requests show.
    pub(super) in_request: Schema,
    /// What the column of examples shows.
    pub(super) in_table: Schema,
    pub(super) range: Option<(Number, Number)>,
}

/// Hears what a page says of parameters; `None` where it says nothing.
pub(super) fn hear(
    page: &Page,
    path: &str,
    form: SourceForm,
    calls: &Calls,
    dictionary: &TypeWords<'_>,
    troubles: &mut Troubles,
) -> Option<Params> {
    let section = page.of_kind(SectionKind::Parameters).find(|section| section.tables().next().is_some());
    let section = section.or_else(|| page.of_kind(SectionKind::Parameters).next());
    // A few pages have the table of parameters above the first heading.
    let section =
        section.or_else(|| page.sections.first().filter(|preamble| preamble.tables().next().is_some()))?;
    let tables = match tables_of(section).or_else(|| numbered_below(page, section)) {
        Some(Tables::Parts(mut parts)) => {
            for other in parts.drain(1..) {
                let message = "a further table of parameters, which was not read";
                troubles.add(other.line, message, "one table of parameters");
            }
            parts
        }
        Some(Tables::Variants(variants)) => variants,
        None => return without_table(section, troubles),
    };
    let place = Place::new(page, path);
    let examples = fields::of_examples(&calls.bodies);
    let mut reader = Reader::new(form, dictionary, troubles);
    let lists = tables.iter().map(|table| list(&mut reader, &place, table, &examples)).collect();
    let first = tables.first()?;
    let mut params = united(lists);
    let marked = params.any_of.is_some() || params.list.values().any(|param| param.required);
    if tables.len() == 1 {
        params.any_of = alternatives::stated(section, first, &params.list, params.any_of.take(), troubles);
    }
    report_unlisted(&params.list, &examples, first, troubles);
    params.required_unknown = !marked && !has_footnote(section);
    Some(params)
}

/// The tables of a method that can be called in several ways, each below a heading with a number.
fn numbered_below<'a>(page: &'a Page, section: &Section) -> Option<Tables<'a>> {
    let at = page.sections.iter().position(|other| std::ptr::eq(other, section))?;
    let below: Vec<&Section> =
        page.sections.iter().skip(at + 1).take_while(|below| below.level > section.level).collect();
    let numbered = |section: &&&Section| section.title.prose().starts_with(|c: char| c.is_ascii_digit());
    let tables: Vec<&Table> =
        below.iter().filter(numbered).filter_map(|section| section.tables().next()).collect();
    match tables.len() {
        0 => Some(Tables::Parts(vec![below.iter().find_map(|section| section.tables().next())?])),
        1 => Some(Tables::Parts(tables)),
        _ => Some(Tables::Variants(tables)),
    }
}

/// A section that says that there are none, or nothing that can be read.
fn without_table(section: &Section, troubles: &mut Troubles) -> Option<Params> {
    let says_none = |text: &Text| {
        let prose = text.prose().to_lowercase();
        NO_PARAMETERS.iter().any(|words| prose.starts_with(words))
    };
    if section.paragraphs().any(says_none) {
        return Some(Params { ..Params::default() });
    }
    troubles.add(
        section.line,
        "no table of parameters can be read in this section",
        "a table, or \"No parameters\"",
    );
    None
}

/// The parameters of several ways to call a method: required is what each of them requires, and one way must be taken.
fn united(lists: Vec<Params>) -> Params {
    let ways: Vec<Vec<String>> = lists
        .iter()
        .map(|way| way.list.values().filter(|param| param.required).map(|param| param.name.clone()).collect())
        .collect();
    let several = lists.len() > 1;
    let mut lists = lists.into_iter();
    let mut all = lists.next().unwrap_or_default();
    for way in lists {
        all.open |= way.open;
        for (name, param) in way.list {
            all.list.entry(name).or_insert(param);
        }
    }
    if several {
        for param in all.list.values_mut() {
            param.required = ways.iter().all(|way| way.contains(&param.name));
        }
        let line = all.list.values().next().map_or(1, |param| param.line);
        let apart = |way: Vec<String>| -> Vec<String> {
            way.into_iter().filter(|name| all.list.get(name).is_some_and(|param| !param.required)).collect()
        };
        let sets: Vec<_> = ways.into_iter().map(apart).collect();
        all.any_of = sets.iter().all(|set| !set.is_empty()).then_some((sets, line));
    }
    all
}

fn list(
    reader: &mut Reader<'_, '_>,
    place: &Place<'_>,
    table: &Table,
    examples: &IndexMap<String, Schema>,
) -> Params {
    let columns = Columns::of_fields(table);
    let mut params = Params::default();
    for row in columns.rows {
        let Some(cell) = columns.cell(row, Column::Name) else { continue };
        let (names, required) = match named(cell) {
            Some(Named::Names { names, required }) => (names, required),
            Some(Named::Placeholder) => {
                params.open = true;
                continue;
            }
            None => {
                let message = format!("no name of a parameter can be read in \"{}\"", first_line(cell));
                reader.troubles.add(row.line, message, "one name, perhaps with a star; this row is not used");
                continue;
            }
        };
        if required && names.len() > 1 {
            let sets = names.iter().map(|name| vec![name.clone()]).collect();
            params.any_of = params.any_of.or(Some((sets, row.line)));
        }
        let required = required && names.len() == 1;
        for name in names {
            let param = param(reader, place, &columns, row, name, required, examples);
            add(&mut params, param, examples, reader.troubles);
        }
    }
    params
}

/// Adds a parameter to the list, or to the parameter before it that its name with dots is a part of.
fn add(params: &mut Params, param: Param, examples: &IndexMap<String, Schema>, troubles: &mut Troubles) {
    if params.list.contains_key(&param.name) {
        let message = format!("the parameter {} stands in the table twice", param.name);
        troubles.add(param.line, message, "each once; the first was used");
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
            in_request: Schema::default(),
            in_table: Schema::default(),
            range: None,
        });
        let mut object = parent.documented.take().unwrap_or_else(Schema::any_object);
        if object.types == Schema::any_object().types {
            let schema = param.documented.unwrap_or(param.in_request);
            fields::insert(&mut object, inner.to_owned(), schema, param.required);
        }
        parent.documented = Some(object);
        return;
    }
    params.list.insert(param.name.clone(), param);
}

fn param(
    reader: &mut Reader<'_, '_>,
    place: &Place<'_>,
    columns: &Columns<'_>,
    row: &Row,
    name: String,
    required: bool,
    examples: &IndexMap<String, Schema>,
) -> Param {
    let unknown = Schema::default();
    let cell = columns.cell(row, Column::Name).or_else(|| row.cells.first());
    let description = columns.cell(row, Column::Description);
    let example = examples.get(&name).unwrap_or(&unknown);
    let told = cell.map(|cell| Told { name: &name, cell, description, example });
    let documented = told.and_then(|told| reader.schema(place, told, 0));
    Param {
        line: cell.map_or(row.line, |cell| cell.line),
        required,
        documented,
        in_request: without_keys(example),
        in_table: columns.cell(row, Column::Example).map(example_in).unwrap_or_default(),
        range: description.and_then(values::range_in),
        name,
    }
}

/// An example does not tell which keys an object may have, only that it is one.
fn without_keys(example: &Schema) -> Schema {
    let items = example.items.as_deref().map(|items| Box::new(without_keys(items)));
    Schema { properties: IndexMap::new(), items, ..example.clone() }
}

/// Whether a parameter chooses or sorts by fields that the page may list but that are none of its own.
fn is_open_list(name: &str) -> bool {
    ["filter", "order", "select", "group"].iter().any(|open| name.eq_ignore_ascii_case(open))
}

/// The only name in a cell.
pub(super) fn plain_name(cell: &Cell) -> Option<String> {
    match named(cell)? {
        Named::Names { mut names, .. } => names.pop().filter(|_| names.is_empty()),
        Named::Placeholder => None,
    }
}

/// The type in a cell: its code spans, several being alternatives, or a single word below the name.
pub(super) fn type_in(cell: &Cell) -> Option<String> {
    let name = first_line(cell).replace(['*', '^'], "");
    let known =
        |word: &str| documented_types::schema_of(word.trim()).is_some_and(|schema| !schema.types.is_empty());
    let is_type = |code: &&str| {
        let joined = code.split('/').count() > 1;
        *code != name.trim() && !code.is_empty() && (!joined || code.split('/').all(known))
    };
    let code: Vec<String> =
        cell.code().into_iter().filter(is_type).map(|code| code.replace('/', "|")).collect();
    if !code.is_empty() {
        return Some(code.join("|"));
    }
    let prose = cell.prose();
    let mut words = prose.split_whitespace().skip(1);
    words.next().filter(|_| words.next().is_none()).map(str::to_owned)
}

/// What the column of examples shows. Only a number shows its type there; a bare word could stand for anything in quotes.
fn example_in(cell: &Cell) -> Schema {
    let text = cell.prose();
    let value =
        serde_json::from_str::<Value>(&text).ok().filter(|value| value.is_number() || value.is_boolean());
    let word =
        || (!text.is_empty() && !example_types::is_placeholder(&text)).then(|| Value::String(text.clone()));
    value.or_else(word).map(|value| example_types::schema_of(&value)).unwrap_or_default()
}

/// A parameter that an example sends and the table does not know is no parameter; the example may be of another method.
fn report_unlisted(
    list: &IndexMap<String, Param>,
    examples: &IndexMap<String, Schema>,
    table: &Table,
    troubles: &mut Troubles,
) {
    for name in examples.keys().filter(|name| !list.contains_key(*name)) {
        troubles.add(
            table.line,
            format!("an example sends {name}, which this table does not list"),
            "the same names in both; it was left out",
        );
    }
}

fn has_footnote(section: &Section) -> bool {
    flat(&section.blocks).into_iter().any(|block| match block {
        Block::Include { target, .. } => target.ends_with("required.md"),
        Block::Paragraph(text) => REQUIRED_FOOTNOTES.iter().any(|words| text.prose().starts_with(words)),
        _ => false,
    })
}

//! Whether a list can be read by ascending identifier, and by which names.
//!
//! It can where conditions may compare (`{">ID": 7}`), the identifier is among the fields of conditions and of the order, and
//! every row has it. The pages of few methods document all of it, so that each part has its own evidence.

use std::collections::HashMap;

use serde_json::Value;

use crate::descriptor::{Api, Descriptor, JsonType, Keyset, Pagination, Schema};
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::params::{NO_FIELDS, PLACEHOLDERS};
use crate::extract::lexicon::phrases::Phrases;
use crate::extract::register::Rule;
use crate::extract::register::lists::{
    KEYSET_FILTER, KEYSET_IDENTIFIER, KEYSET_OF_REST_3, KEYSET_ORDER, KEYSET_ROW,
};
use crate::extract::syntax::ast::{Cell, Page, Run, Section, Text};
use crate::extract::tables::field_table::FieldTable;

/// What a page documents of conditions and orders.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct FilterFacts {
    /// Whether a condition may be that a value is greater than another.
    compare: bool,
    /// The fields that the cell of a parameter lists, by the parameter's name in lower case.
    listed: HashMap<String, Vec<String>>,
    /// The fields that example requests put into a parameter, by its name in lower case.
    shown: HashMap<String, Vec<String>>,
}

/// The operator that reading by ascending identifier needs.
const GREATER: &str = ">";
/// What may precede the name of a field in a condition.
const OPERATORS: &[char] = &['>', '<', '=', '!', '@', '%', '?', '~'];

/// Reads the part of a page on parameters, and its example requests.
pub(crate) fn extract(page: &Page, bodies: &[Value]) -> FilterFacts {
    let mut facts = FilterFacts::default();
    for section in page.sections.iter().filter(|section| is_on_parameters(section)) {
        facts.compare |= section.paragraphs().flat_map(Text::code).any(|code| code == GREATER);
        for table in section.tables() {
            for row in FieldTable::of(table).rows {
                let cells = &row.row.cells;
                facts.compare |= cells.iter().flat_map(Cell::code).any(|code| code == GREATER);
                let fields: Vec<String> = cells.iter().flat_map(Cell::paragraphs).filter_map(field).collect();
                if let Some(name) = row.name.only_parameter().filter(|_| !fields.is_empty()) {
                    facts.listed.entry(name.to_lowercase()).or_default().extend(fields);
                }
            }
        }
    }
    for (name, value) in bodies.iter().filter_map(Value::as_object).flatten() {
        let Some(fields) = value.as_object() else { continue };
        let plain = |key: &String| key.trim_start_matches(OPERATORS).to_owned();
        facts.compare |= fields.keys().any(|key| key.starts_with(GREATER));
        facts.shown.entry(name.to_lowercase()).or_default().extend(fields.keys().map(plain));
    }
    facts
}

fn is_on_parameters(section: &Section) -> bool {
    let kind = section.topic();
    // A few pages have the table of parameters above the first heading.
    matches!(kind, SectionKind::Parameters | SectionKind::Preamble)
}

/// The field that an item of a list names first.
fn field(text: &Text) -> Option<String> {
    text.bullet?;
    let runs = text.runs();
    let Run::Code(name) = runs.iter().find(|run| !run.is_blank())? else { return None };
    let name = name.trim();
    let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_placeholder = || Phrases(NO_FIELDS).are(name) || Phrases(PLACEHOLDERS).begin(name);
    (is_word && !is_placeholder()).then(|| name.to_owned())
}

/// The way to read a list by ascending identifier where its page shows one, and the rules that find it.
pub(crate) fn of(descriptor: &Descriptor, facts: &FilterFacts) -> Option<(Keyset, [&'static Rule; 3])> {
    let is_compared = match descriptor.api {
        Api::V2 => descriptor.pagination == Pagination::Start && !descriptor.positional && facts.compare,
        // Conditions of REST 3 always have operators.
        Api::V3 => matches!(descriptor.pagination, Pagination::V3 | Pagination::Cursor),
    };
    let row = &descriptor.row()?.properties;
    let row_id = identifier(row.keys()).filter(|_| is_compared)?;
    let params = &descriptor.params.properties;
    let (filter, taken) = params.iter().find(|(name, schema)| is_filter(name, schema, descriptor.api))?;
    let (order, direction) = order_of(&descriptor.params)?;
    let by_row = Some(row_id).filter(|id| !row.keys().any(|name| is_in_other_letters(name, id)));
    let documented = facts.identifier(filter, taken, order)?;
    let id_rule = if documented.is_some() { &KEYSET_IDENTIFIER } else { &KEYSET_ROW };
    let id = documented.or(by_row.cloned())?;
    let row_id = Some(row_id.clone()).filter(|row_id| *row_id != id);
    let filter_rule = if descriptor.api == Api::V3 { &KEYSET_OF_REST_3 } else { &KEYSET_FILTER };
    let keyset = Keyset { id, row_id, filter: filter.clone(), order: order.clone(), direction };
    Some((keyset, [filter_rule, &KEYSET_ORDER, id_rule]))
}

impl FilterFacts {
    /// The identifier's name in conditions: as their list of fields has it, or else that of the order, or the examples;
    /// `Some(None)` where none does. `None` where a list of fields has no identifier, so that it is no field of conditions.
    fn identifier(&self, filter: &str, taken: &Schema, order: &str) -> Option<Option<String>> {
        let listed = |name: &str| self.listed.get(&name.to_lowercase()).filter(|fields| !fields.is_empty());
        let known: Vec<&String> = taken.properties.keys().collect();
        let known =
            if known.is_empty() { listed(filter).map(|fields| fields.iter().collect()) } else { Some(known) };
        let in_filter = match known {
            Some(fields) => Some(identifier(fields.into_iter())?.clone()),
            None => None,
        };
        let in_order = match listed(order) {
            Some(fields) => Some(identifier(fields.iter())?.clone()),
            None => None,
        };
        let shown = |name: &str| identifier(self.shown.get(&name.to_lowercase())?.iter()).cloned();
        Some(in_filter.or(in_order).or_else(|| shown(filter)).or_else(|| shown(order)))
    }
}

fn identifier<'a>(mut names: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    names.find(|name| name.trim_start_matches(OPERATORS).eq_ignore_ascii_case("id"))
}

/// Whether a field beside an identifier in small letters is in capitals: where rows mix both, conditions may use either.
fn is_in_other_letters(name: &str, id: &str) -> bool {
    id == "id" && name.len() > 2 && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

/// An object of conditions; in REST 3 a list of them.
fn is_filter(name: &str, schema: &Schema, api: Api) -> bool {
    let kind = if api == Api::V3 { JsonType::Array } else { JsonType::Object };
    name.eq_ignore_ascii_case("filter") && schema.types.0.contains(&kind)
}

/// The parameter for the order: an object, or a text `sort` beside a text `order` for the direction.
fn order_of(params: &Schema) -> Option<(&String, Option<String>)> {
    if let Some((order, _)) = params.properties.iter().find(|(name, schema)| is_order(name, schema)) {
        return Some((order, None));
    }
    let text = |wanted: &str| {
        let is_text = |schema: &Schema| schema.types.single() == Some(JsonType::String);
        let mut all = params.properties.iter();
        all.find(|(name, schema)| name.eq_ignore_ascii_case(wanted) && is_text(schema)).map(|(name, _)| name)
    };
    Some((text("sort")?, Some(text("order")?.clone())))
}

/// An object of directions by field. A text is the name of one field, whose direction is another parameter.
fn is_order(name: &str, schema: &Schema) -> bool {
    let name = name.to_lowercase();
    let is_named = name == "order" || name == "sort" || name.ends_with("_order");
    let takes = |kind| schema.types.0.contains(kind);
    is_named && (schema.types.is_empty() || [JsonType::Object, JsonType::Array].iter().any(takes))
}

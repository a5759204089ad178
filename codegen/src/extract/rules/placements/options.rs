//! The options that the binding method accepts for the placements of a page.

use serde_json::Value;

use crate::descriptor::{BINDING_METHOD, Schema};
use crate::extract::lexicon::placements::{OPTIONS, PLACEMENT};
use crate::extract::page_log::PageLog;
use crate::extract::register::placements::{BINDING_OPTION_IN_BRACKETS, BINDING_OPTIONS_TABLE};
use crate::extract::rules::params::section_fields::SectionFields;
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Page, Section, Table};
use crate::extract::syntax::calls::Calls;
use crate::extract::tables::field_table::FieldTable;
use crate::extract::tables::placement_table::PlacementCode;
use crate::schema::{example, join, words};

/// The options that a page lists. `None`: it lists none.
pub(super) fn of(
    page: &Page,
    fields: &SectionFields<'_>,
    codes: &[PlacementCode],
    index: &SiteIndex<'_>,
    log: &mut PageLog,
) -> Option<Schema> {
    let sent = sent(page, codes);
    let mut object = Schema::any_object();
    let is_about_options = |section: &&Section| {
        section.heading.strip_prefix(OPTIONS).is_some_and(|rest| !rest.starts_with(['_', '[']))
    };
    for section in page.sections.iter().filter(is_about_options) {
        let tables: Vec<&Table> = section.tables().collect();
        if let Some(listed) = fields.of_tables(&tables, &Schema::default(), log) {
            log.fire(&BINDING_OPTIONS_TABLE);
            object.properties.extend(listed.properties);
            object.required.extend(listed.required);
        }
    }
    for (name, schema) in in_brackets(page, index) {
        log.fire(&BINDING_OPTION_IN_BRACKETS);
        let of_name = object.properties.entry(name).or_default();
        if of_name.is_unknown() {
            *of_name = schema;
        }
    }
    for (name, schema) in object.properties.iter_mut().filter(|(_, schema)| schema.is_unknown()) {
        schema.clone_from(sent.properties.get(name).unwrap_or(&Schema::default()));
    }
    (!object.properties.is_empty()).then_some(object)
}

/// What example requests send as options, to bind one of the placements.
fn sent(page: &Page, codes: &[PlacementCode]) -> Schema {
    let is_of_page = |body: &Value| {
        let code = body.get(PLACEMENT).and_then(Value::as_str);
        codes.is_empty() || code.is_some_and(|code| codes.iter().any(|known| known.code == code))
    };
    let bodies = Calls::of(page).bodies_of(BINDING_METHOD).into_iter().filter(is_of_page);
    let options = bodies.filter_map(|body| body.get(OPTIONS).map(example::schema_of));
    options.reduce(join).unwrap_or_default()
}

/// The options `OPTIONS[name]`, with the types that a table gives.
fn in_brackets(page: &Page, index: &SiteIndex<'_>) -> Vec<(String, Schema)> {
    let mut found = Vec::new();
    for table in page.sections.iter().flat_map(Section::tables) {
        for row in &FieldTable::of(table).rows {
            let Some(name) = key(&row.cell.prose()) else { continue };
            let schema = row.name.type_words.as_deref();
            let schema = schema.and_then(|words| words::documented_type(words, Some(index)));
            found.push((name, schema.map(|found| found.schema).unwrap_or_default()));
        }
    }
    let texts = page.sections.iter().flat_map(Section::paragraphs);
    found.extend(texts.flat_map(|text| text.code()).filter_map(key).map(|name| (name, Schema::default())));
    found
}

/// The key in `OPTIONS[key]`.
fn key(text: &str) -> Option<String> {
    let (name, _) = text.trim().strip_prefix(OPTIONS)?.strip_prefix('[')?.split_once(']')?;
    let is_key = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_key.then(|| name.to_owned())
}

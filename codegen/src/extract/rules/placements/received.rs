//! What the handlers of the placements of a page receive as `PLACEMENT_OPTIONS`.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::placements::{NOT_SENT, PLACEMENT_OPTIONS, RECEIVED_HEADINGS};
use crate::extract::page_log::PageLog;
use crate::extract::register::placements::{
    NO_PLACEMENT_OPTIONS, PLACEMENT_OPTIONS_LIST, PLACEMENT_OPTIONS_SAMPLE, PLACEMENT_OPTIONS_TABLE,
};
use crate::extract::rules::params::section_fields::SectionFields;
use crate::extract::rules::placements::identifiers::with_identifiers;
use crate::extract::rules::placements::samples::{self, Sample};
use crate::extract::syntax::ast::{Page, Section, Table};
use crate::extract::tables::placement_table::PlacementCode;
use crate::schema::example;
use crate::schema::join;

/// What a page says of the options, for all of its placements.
pub(super) struct Received<'a> {
    /// The fields that tables, a list or code give.
    fields: Option<Schema>,
    /// Whether no options are sent.
    none: bool,
    samples: &'a [Sample],
}

impl<'a> Received<'a> {
    pub(super) fn of(
        page: &Page,
        fields: &SectionFields<'_>,
        samples: &'a [Sample],
        log: &mut PageLog,
    ) -> Self {
        let mut found = Self { fields: None, none: false, samples };
        let Some(section) = section_of(page) else {
            found.fields = samples::keys_in_code(page, log);
            return found;
        };
        let shown = samples.iter().filter_map(|sample| sample.options.as_ref()).map(example::schema_of);
        let example = shown.reduce(join).unwrap_or_default();
        let tables: Vec<&Table> = section.tables().collect();
        if let Some(object) = fields.of_tables(&tables, &Schema::default(), log) {
            log.fire(&PLACEMENT_OPTIONS_TABLE);
            found.fields = Some(object);
        } else if section.paragraphs().any(|text| NOT_SENT.stand_in(&text.prose())) {
            log.fire(&NO_PLACEMENT_OPTIONS);
            found.none = true;
        } else if let Some(object) = fields.of_blocks(&section.blocks, &example) {
            log.fire(&PLACEMENT_OPTIONS_LIST);
            found.fields = Some(object);
        }
        found
    }

    /// What the handler of one of the placements of the page receives. `None`: the page does not say.
    pub(super) fn by(
        &self,
        code: &PlacementCode,
        codes: &[PlacementCode],
        log: &mut PageLog,
    ) -> Option<Schema> {
        if self.none {
            return Some(Schema::of(JsonType::Null));
        }
        let is_own = |sample: &&Sample| sample.is_of(code) || codes.len() == 1 && sample.is_anonymous();
        let (own, other): (Vec<&Sample>, Vec<&Sample>) = self.samples.iter().partition(is_own);
        let own = options_of(&own);
        let is_of_page = |sample: &&Sample| codes.iter().any(|code| sample.is_of(code));
        let other = options_of(&other.into_iter().filter(is_of_page).collect::<Vec<_>>());
        let shown = own.iter().copied().map(example::schema_of).reduce(join).unwrap_or_default();
        let mut object = self.fields.clone().unwrap_or_else(Schema::any_object);
        let is_foreign = |name: &str| is_of_others(name, &own, &other);
        object.properties.retain(|name, _| !is_foreign(name));
        object.required.retain(|name| !is_foreign(name));
        if !own.is_empty() {
            object.required.retain(|name| shown.properties.contains_key(name));
            log.fire(&PLACEMENT_OPTIONS_SAMPLE);
        }
        for (name, schema) in shown.properties {
            let of_name = object.properties.entry(name).or_default();
            if of_name.is_unknown() {
                *of_name = schema;
            }
        }
        if object.properties.is_empty() {
            return None;
        }
        let all: Vec<&Value> = self.samples.iter().filter_map(|sample| sample.options.as_ref()).collect();
        Some(with_identifiers(object, &all, log))
    }
}

/// The section on the options, or the one on what the handler receives if it has other tables than that of the standard parts.
fn section_of(page: &Page) -> Option<&Section> {
    let own = page.sections.iter().find(|section| section.heading.contains(PLACEMENT_OPTIONS));
    let names_options = |section: &&Section| {
        RECEIVED_HEADINGS.stand_in(&section.heading)
            && section.paragraphs().flat_map(|text| text.code()).any(|code| code.contains(PLACEMENT_OPTIONS))
            && section.tables().next().is_some()
            && !section.tables().any(lists_standard_parts)
    };
    own.or_else(|| page.sections.iter().find(names_options))
}

/// Whether a table lists the parts that all requests have: one of them is `PLACEMENT_OPTIONS`.
fn lists_standard_parts(table: &Table) -> bool {
    let mut cells = table.rows.iter().filter_map(|row| row.cells.first());
    cells.any(|cell| cell.prose().starts_with(PLACEMENT_OPTIONS))
}

fn options_of<'s>(samples: &[&'s Sample]) -> Vec<&'s Value> {
    samples.iter().filter_map(|sample| sample.options.as_ref()).collect()
}

/// Whether a field belongs to other placements of the page: requests of this one have other fields, and none of those that the
/// requests with this field have.
fn is_of_others(name: &str, own: &[&Value], other: &[&Value]) -> bool {
    let has = |value: &Value, name: &str| value.get(name).is_some();
    let shares = |other: &Value| {
        let mut names = other.as_object().into_iter().flat_map(|object| object.keys());
        names.any(|name| own.iter().any(|value| has(value, name)))
    };
    let mut with_it = other.iter().filter(|value| has(value, name)).peekable();
    !own.is_empty()
        && !own.iter().any(|value| has(value, name))
        && with_it.peek().is_some()
        && with_it.all(|value| !shares(value))
}

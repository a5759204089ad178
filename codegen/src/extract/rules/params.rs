//! The parameters of a method on one page.

mod alternatives;
mod anchors;
mod attach;
mod bounds;
mod constraints;
mod dates;
mod defaults;
mod described_keys;
mod field_context;
mod fields;
mod filters_and_orders;
mod identifier;
mod list_methods;
mod literals;
mod map_keys;
mod object_form;
pub(crate) mod param;
mod request_bodies;
mod required;
mod rows;
pub(crate) mod section_fields;
mod value_names;
mod values_in_text;

use indexmap::IndexMap;

use crate::descriptor::{Schema, SourceForm};
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::lexicon::headings::{FOR_SOME, SectionKind};
use crate::extract::lexicon::params::{FURTHER_PARAMETERS, NO_PARAMETERS, REQUIRED_FOOTNOTES};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::params::{
    FURTHER_PARAMETERS_HEADING, NO_PARAMETERS_SENTENCE, PARAMETERS_ABOVE_FIRST_HEADING,
    PARAMETERS_BELOW_NUMBERED_HEADINGS, PARAMETERS_BELOW_SUBHEADING, PARAMETERS_FOR_SOME_CALLS,
    PARAMETERS_HEADING, PARAMETERS_IN_TABS, REQUEST_SENDS_UNLISTED_NAME, REQUIRED_FOOTNOTE,
    SEVERAL_PARAMETER_TABLES,
};
use crate::extract::rules::params::anchors::{PageAnchors, Tables, tables_of};
use crate::extract::rules::params::fields::FieldReader;
use crate::extract::rules::params::param::{Param, Params};
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Block, Page, Section, Table, Text, flat};
use crate::extract::syntax::calls::Calls;

/// Extracts the parameters that a page lists; `None` where they are unknown.
pub(crate) fn extract(
    page: &Page,
    path: &str,
    form: SourceForm,
    method: &str,
    calls: &Calls,
    index: &SiteIndex<'_>,
    log: &mut PageLog,
) -> Option<Params> {
    let Some((section, rule)) = section_of(page) else {
        if let Some(listed) = list_methods::params(page, &calls.bodies_of(method), log) {
            return Some(listed);
        }
        let before_answer = page.sections.iter().take_while(|section| section.kind != SectionKind::Response);
        return no_parameters(before_answer.flat_map(Section::paragraphs), log);
    };
    log.fire(rule);
    let Some((tables, ways)) = own_tables(page, section, log) else {
        let listed = list_methods::params(page, &calls.bodies_of(method), log);
        return listed.or_else(|| without_table(section, log));
    };
    let anchors = PageAnchors::new(page, path);
    let bodies = calls.bodies_of(method);
    let examples = request_bodies::sent(&bodies);
    for rule in request_bodies::value_rules(&bodies, &examples) {
        log.fire(rule);
    }
    let mut reader = FieldReader::new(form, method, index, log);
    let lists = tables.iter().map(|table| rows::list(&mut reader, &anchors, table, &examples)).collect();
    let first = tables.first()?;
    let mut params = united(lists, ways);
    let is_marked = params.any_of.is_some() || !params.marks.names().is_empty() || !params.choices.is_empty();
    if tables.len() == 1 {
        let choices = alternatives::choices(page, section, first, &params);
        params.any_of = alternatives::alternatives(page, section, first, &params.list, choices, reader.log);
    }
    for further in further_below(page, section) {
        reader.log.fire(&FURTHER_PARAMETERS_HEADING);
        let more = rows::list(&mut reader, &anchors, further, &examples);
        more.list.into_iter().for_each(|(name, param)| {
            params.list.entry(name).or_insert(param);
        });
    }
    take_back_marks(&mut params);
    let is_footnoted = has_footnote(section, reader.log);
    if !is_marked && params.any_of.is_none() {
        let always = identifier::always_sent(&bodies);
        identifier::require(&mut params, first, method, &always, is_footnoted);
    }
    reader.record_marks(&params.marks);
    report_unlisted(&params.list, &examples, first, log);
    params.required_unknown = !is_marked && !is_footnoted && !params.has_required_column;
    Some(params)
}

/// The section of the parameters, with a table if there is such a one, and the rule that finds it.
fn section_of(page: &Page) -> Option<(&Section, &'static Rule)> {
    let has_table = |section: &&Section| section.tables().next().is_some();
    let section = page.of_kind(SectionKind::Parameters).find(has_table);
    let section = section.or_else(|| page.of_kind(SectionKind::Parameters).next());
    // A few pages have the table of parameters above the first heading.
    let above = || Some((page.sections.first().filter(has_table)?, &PARAMETERS_ABOVE_FIRST_HEADING));
    section.map(|section| (section, &PARAMETERS_HEADING)).or_else(above)
}

/// The table of the parameters, or one for each way to call the method, with the rule that finds these ways.
fn own_tables<'a>(
    page: &'a Page,
    section: &'a Section,
    log: &mut PageLog,
) -> Option<(Vec<&'a Table>, Option<&'static Rule>)> {
    let of_some =
        page.of_kind(SectionKind::Parameters).filter(|section| FOR_SOME.begin(&section.title.prose()));
    let of_some: Vec<&Table> = of_some.filter_map(|section| section.tables().next()).collect();
    if of_some.len() > 1 {
        return Some((of_some, Some(&PARAMETERS_FOR_SOME_CALLS)));
    }
    let Some(tables) = tables_of(section) else {
        let (tables, rule) = numbered_below(page, section)?;
        if tables.len() == 1 {
            log.fire(rule);
        }
        return Some((tables, Some(rule)));
    };
    let mut parts = match tables {
        Tables::Parts(parts) => parts,
        Tables::Variants(variants, _) => return Some((variants, Some(&PARAMETERS_IN_TABS))),
    };
    for other in parts.drain(1..) {
        log.fire(&SEVERAL_PARAMETER_TABLES);
        let message = "a further table of parameters, which was not read";
        log.add(other.line, message, "one table of parameters");
    }
    Some((parts, None))
}

/// The tables of a method that can be called in several ways, each below a heading with a number; without such headings the
/// first table below.
fn numbered_below<'a>(page: &'a Page, section: &Section) -> Option<(Vec<&'a Table>, &'static Rule)> {
    let below = || sections_below(page, section);
    let numbered = |section: &&Section| section.title.prose().starts_with(|c: char| c.is_ascii_digit());
    let tables: Vec<&Table> =
        below().filter(numbered).filter_map(|section| section.tables().next()).collect();
    if !tables.is_empty() {
        return Some((tables, &PARAMETERS_BELOW_NUMBERED_HEADINGS));
    }
    Some((vec![below().find_map(|section| section.tables().next())?], &PARAMETERS_BELOW_SUBHEADING))
}

/// The tables of further parameters of the same method, by their headings.
fn further_below<'a>(page: &'a Page, section: &Section) -> Vec<&'a Table> {
    let is_further = |section: &&Section| FURTHER_PARAMETERS.are(&section.title.prose());
    sections_below(page, section).filter(is_further).flat_map(Section::tables).collect()
}

/// The sections below the heading of a section.
fn sections_below<'a>(page: &'a Page, section: &Section) -> impl Iterator<Item = &'a Section> {
    let at = page.sections.iter().position(|other| std::ptr::eq(other, section));
    let behind = page.sections.iter().skip(at.map_or(page.sections.len(), |at| at + 1));
    behind.take_while(move |below| below.level > section.level)
}

/// No parameters, if one of the texts says that the method takes none.
fn no_parameters<'a>(mut texts: impl Iterator<Item = &'a Text>, log: &mut PageLog) -> Option<Params> {
    let text = texts.find(|text| sentences(&text.prose()).any(|sentence| NO_PARAMETERS.begin(sentence)))?;
    let leaf = || Leaf::schema("params", [], "type");
    log.ledger.claim(&NO_PARAMETERS_SENTENCE, text.line, leaf, Schema::any_object());
    Some(Params::default())
}

/// A section without a table: there are no parameters, or they are unknown.
fn without_table(section: &Section, log: &mut PageLog) -> Option<Params> {
    let none = no_parameters(section.paragraphs(), log);
    if none.is_none() {
        let message = "no table of parameters can be read in this section";
        log.add(section.line, message, "a table, or \"No parameters\"");
    }
    none
}

/// The parameters of several ways to call a method: required is what each of them requires, and one way must be taken. `ways`
/// is the rule that finds the ways.
fn united(lists: Vec<Params>, ways: Option<&'static Rule>) -> Params {
    let required: Vec<Vec<String>> = lists
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
    let Some(ways) = ways.filter(|_| several) else { return all };
    for param in all.list.values_mut() {
        param.required = required.iter().all(|way| way.contains(&param.name));
    }
    let line = all.list.values().next().map_or(1, |param| param.line);
    let apart = |way: Vec<String>| -> Vec<String> {
        way.into_iter().filter(|name| all.list.get(name).is_some_and(|param| !param.required)).collect()
    };
    let sets: Vec<_> = required.into_iter().map(apart).collect();
    for name in sets.iter().flatten() {
        all.marks.take_back(name, ways, line);
    }
    all.any_of = sets.iter().all(|set| !set.is_empty()).then(|| Evidence::new(ways, sets, line));
    all
}

/// Takes back the marks of alternatives: none of them is required by itself.
fn take_back_marks(params: &mut Params) {
    let Some(any_of) = &params.any_of else { return };
    for name in any_of.value.iter().flatten() {
        params.marks.take_back(name, any_of.rule, any_of.line);
    }
}

/// Reports names that only example requests have. They are no parameters, since an example may be of another method.
fn report_unlisted(
    list: &IndexMap<String, Param>,
    examples: &IndexMap<String, Schema>,
    table: &Table,
    log: &mut PageLog,
) {
    let listed = |name: &String| list.keys().any(|known| known.eq_ignore_ascii_case(name));
    for name in examples.keys().filter(|name| !listed(name)) {
        log.fire(&REQUEST_SENDS_UNLISTED_NAME);
        log.contradiction(
            table.line,
            format!("an example sends {name}, which this table does not list"),
            "the same names in both; it was left out",
        );
    }
}

/// Whether a footnote explains the mark of required parameters.
fn has_footnote(section: &Section, log: &mut PageLog) -> bool {
    let line = flat(&section.blocks).into_iter().find_map(|block| match block {
        Block::Include { target, line } => target.ends_with("required.md").then_some(*line),
        Block::Paragraph(text) => REQUIRED_FOOTNOTES.begin(&text.prose()).then_some(text.line),
        _ => None,
    });
    if let Some(line) = line {
        let leaf = || Leaf::key("required_unknown");
        log.ledger.claim(&REQUIRED_FOOTNOTE, line, leaf, false);
    }
    line.is_some()
}

//! The parameters of a method, as one page tells of them.

mod alternatives;
mod anchors;
mod attach;
mod bounds;
mod constraints;
mod described_keys;
mod field_context;
mod fields;
mod filters_and_orders;
mod map_keys;
pub(crate) mod param;
mod request_bodies;
mod required;
mod rows;

use indexmap::IndexMap;

use crate::descriptor::{Schema, SourceForm};
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::params::FURTHER_PARAMETERS;
use crate::extract::lexicon::params::{NO_PARAMETERS, REQUIRED_FOOTNOTES};
use crate::extract::rules::params::anchors::{PageAnchors, Tables, tables_of};
use crate::extract::rules::params::fields::Reader;
use crate::extract::rules::params::param::{Param, Params};
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Block, Page, Section, Table, Text, flat};
use crate::extract::syntax::calls::Calls;

/// Hears what a page says of parameters; `None` where it says nothing.
pub(crate) fn extract(
    page: &Page,
    path: &str,
    form: SourceForm,
    method: &str,
    calls: &Calls,
    index: &SiteIndex<'_>,
    diagnostics: &mut PageDiagnostics,
) -> Option<Params> {
    let Some(section) = section_of(page) else {
        let before_answer = page.sections.iter().take_while(|section| section.kind != SectionKind::Response);
        return before_answer.flat_map(Section::paragraphs).any(says_none).then(Params::default);
    };
    let Some(tables) = own_tables(page, section, diagnostics) else {
        return without_table(section, diagnostics);
    };
    let anchors = PageAnchors::new(page, path);
    let examples = request_bodies::sent(&calls.bodies_of(method));
    let mut reader = Reader::new(form, method, index, diagnostics);
    let lists = tables.iter().map(|table| rows::list(&mut reader, &anchors, table, &examples)).collect();
    let first = tables.first()?;
    let mut params = united(lists);
    let marked = params.any_of.is_some() || !params.marked.is_empty() || !params.rules.is_empty();
    if tables.len() == 1 {
        let rules = alternatives::rules(page, section, first, &params);
        params.any_of = alternatives::stated(section, first, &params.list, rules, reader.diagnostics);
    }
    for further in further_below(page, section) {
        let more = rows::list(&mut reader, &anchors, further, &examples);
        more.list.into_iter().for_each(|(name, param)| {
            params.list.entry(name).or_insert(param);
        });
    }
    report_unlisted(&params.list, &examples, first, diagnostics);
    params.required_unknown = !marked && !has_footnote(section);
    Some(params)
}

/// The section of the parameters, with a table if there is such a one.
fn section_of(page: &Page) -> Option<&Section> {
    let has_table = |section: &&Section| section.tables().next().is_some();
    let section = page.of_kind(SectionKind::Parameters).find(has_table);
    let section = section.or_else(|| page.of_kind(SectionKind::Parameters).next());
    // A few pages have the table of parameters above the first heading.
    section.or_else(|| page.sections.first().filter(has_table))
}

/// The table of the parameters, or one for each way to call the method.
fn own_tables<'a>(
    page: &'a Page,
    section: &'a Section,
    diagnostics: &mut PageDiagnostics,
) -> Option<Vec<&'a Table>> {
    match tables_of(section).or_else(|| numbered_below(page, section))? {
        Tables::Parts(mut parts) => {
            for other in parts.drain(1..) {
                let message = "a further table of parameters, which was not read";
                diagnostics.add(other.line, message, "one table of parameters");
            }
            Some(parts)
        }
        Tables::Variants(variants) => Some(variants),
    }
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

/// The tables of further parameters of the same method, below headings that say so.
fn further_below<'a>(page: &'a Page, section: &Section) -> Vec<&'a Table> {
    let at =
        page.sections.iter().position(|other| std::ptr::eq(other, section)).unwrap_or(page.sections.len());
    let below = page.sections.iter().skip(at + 1).take_while(|below| below.level > section.level);
    let is_further = |section: &&Section| {
        let title = section.title.prose().to_lowercase();
        FURTHER_PARAMETERS.iter().any(|words| *words == title)
    };
    below.filter(is_further).flat_map(Section::tables).collect()
}

/// Whether a text says that a method takes nothing.
fn says_none(text: &Text) -> bool {
    let prose = text.prose().to_lowercase();
    prose.split(". ").any(|sentence| NO_PARAMETERS.iter().any(|words| sentence.starts_with(words)))
}

/// A section that says that there are none, or nothing that can be read.
fn without_table(section: &Section, diagnostics: &mut PageDiagnostics) -> Option<Params> {
    if section.paragraphs().any(says_none) {
        return Some(Params::default());
    }
    diagnostics.add(
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

/// A parameter that an example sends and the table does not know is no parameter; the example may be of another method.
fn report_unlisted(
    list: &IndexMap<String, Param>,
    examples: &IndexMap<String, Schema>,
    table: &Table,
    diagnostics: &mut PageDiagnostics,
) {
    let listed = |name: &String| list.keys().any(|known| known.eq_ignore_ascii_case(name));
    for name in examples.keys().filter(|name| !listed(name)) {
        diagnostics.add(
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

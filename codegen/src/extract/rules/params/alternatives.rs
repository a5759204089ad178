//! The parameters of which at least one must be given.

use std::collections::HashSet;

use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::lexicon::params::{AT_LEAST_ONE, ONE_OF_TWO_OPTIONAL};
use crate::extract::syntax::ast::{Cell, Page, Section, Table};

use crate::extract::rules::params::param::Params;
use crate::extract::rules::params::param::{Alternatives, Param};
use crate::extract::rules::params::required;
use indexmap::IndexMap;

/// How many sets several rules may be multiplied out to. Beyond it they are reported and left alone.
const SETS: usize = 12;

/// How many texts are looked at for a page that speaks of nothing else.
const EXAMINED: usize = 60;

/// Whether a text may speak of parameters of which one must be given.
fn may_name_alternatives(text: &str) -> bool {
    let lower = text.to_lowercase();
    let one_of_two = ONE_OF_TWO_OPTIONAL.iter().any(|(_, one)| lower.contains(one));
    one_of_two || lower.contains("at least one of") || AT_LEAST_ONE.iter().any(|words| lower.contains(words))
}

/// The rules that the rows of a table make, and those that sentences before the examples state of parameters that are all
/// marked as required.
pub(super) fn rules(
    page: &Page,
    section: &Section,
    table: &Table,
    params: &Params,
) -> Vec<(Vec<String>, usize)> {
    let mut rules = params.rules.clone();
    let above = page.sections.first().into_iter().flat_map(Section::paragraphs);
    let in_cells = table.rows.iter().flat_map(|row| &row.cells).flat_map(Cell::paragraphs);
    for names in required::either(above.chain(section.paragraphs()).chain(in_cells), &params.marked) {
        if !rules.iter().any(|(rule, _)| is_same(rule, &names)) {
            rules.push((names, table.line));
        }
    }
    rules
}

/// Whether two rules name the same parameters.
fn is_same(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().all(|name| b.contains(name))
}

/// What sentences of the section, of its table and of the section around say.
pub(super) fn stated(
    section: &Section,
    table: &Table,
    list: &IndexMap<String, Param>,
    rules: Vec<(Vec<String>, usize)>,
    diagnostics: &mut PageDiagnostics,
) -> Option<Alternatives> {
    let in_cells = table.rows.iter().flat_map(|row| &row.cells).flat_map(Cell::paragraphs);
    let mut line = rules.first().map(|(_, line)| *line);
    let mut rules: Vec<Vec<String>> = rules.into_iter().map(|(names, _)| names).collect();
    let mut examined = 0;
    for text in section.paragraphs().chain(in_cells) {
        if examined > EXAMINED {
            break;
        }
        let prose = text.prose();
        // More than a few such sentences in one place are no documentation.
        examined += usize::from(may_name_alternatives(&prose));
        let told = prose.split(". ").filter(|sentence| may_name_alternatives(sentence)).take(4);
        for names in told.filter_map(|sentence| alternatives(sentence, list)) {
            if names.len() < 2 {
                let message = "one of several parameters must be given here, but it is not certain which";
                diagnostics.add(text.line, message, "their names in the sentence");
            } else if !rules.iter().any(|rule| is_same(rule, &names)) {
                line = line.or(Some(text.line));
                rules.push(names);
            }
        }
    }
    let line = line?;
    let sets = multiplied(&rules).or_else(|| {
        diagnostics.add(
            line,
            "too many sets of parameters of which one must be given; only the first was used",
            "",
        );
        multiplied(rules.get(..1)?)
    })?;
    Some((sets, line))
}

/// One name of each rule, in every combination.
fn multiplied(rules: &[Vec<String>]) -> Option<Vec<Vec<String>>> {
    let mut sets: Vec<Vec<String>> = vec![Vec::new()];
    for rule in rules {
        if sets.len() * rule.len() > SETS {
            return None;
        }
        let with = |name: &String| {
            let name = name.clone();
            sets.iter().map(move |set| {
                let mut set = set.clone();
                if !set.contains(&name) {
                    set.push(name.clone());
                }
                set
            })
        };
        sets = rule.iter().flat_map(with).collect();
    }
    Some(sets)
}

/// The names in a sentence that says so, in the order of the table; fewer than two where it does not tell.
fn alternatives(sentence: &str, list: &IndexMap<String, Param>) -> Option<Vec<String>> {
    let lower = sentence.to_lowercase();
    let start = lower.trim_start_matches("note: ");
    let named = |words: &str| -> Vec<String> {
        let words: HashSet<&str> = words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        list.keys().filter(|name| words.contains(name.as_str())).cloned().collect()
    };
    if AT_LEAST_ONE.iter().any(|words| start.starts_with(words)) {
        return Some(named(sentence.split_once(':').map_or(sentence, |(_, named)| named)));
    }
    if ONE_OF_TWO_OPTIONAL.iter().any(|(two, one)| lower.contains(two) && lower.contains(one)) {
        let optional: Vec<_> =
            list.values().filter(|param| !param.required).map(|param| param.name.clone()).collect();
        return Some(if optional.len() == 2 { optional } else { Vec::new() });
    }
    if let Some(at) = lower.find("at least one of").filter(|_| lower.len() == sentence.len()) {
        let names = named(sentence.get(at..).unwrap_or_default());
        // "At least one of the fields" of an object speaks of no parameters.
        return (names.len() >= 2).then_some(names);
    }
    None
}

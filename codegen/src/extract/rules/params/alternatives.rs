//! The parameters of which at least one must be given.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::extract::evidence::Evidence;
use crate::extract::lexicon::params::{ALTERNATIVES, AT_LEAST_ONE, ONE_OF_TWO, ONE_REQUIRED, TWO_OPTIONAL};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::params::{AT_LEAST_ONE_SENTENCE, COMBINED_ALTERNATIVES, ONE_OF_TWO_OPTIONAL};
use crate::extract::rules::params::param::{Alternatives, Param, Params};
use crate::extract::rules::params::required::{self, Choice};
use crate::extract::syntax::ast::{Cell, Page, Section, Table};

/// How many sets several choices may be multiplied out to. Beyond it they are reported and left alone.
const SETS: usize = 12;

/// How many texts that contain such phrases are examined on one page.
const EXAMINED: usize = 60;

/// The choices that the rows of a table give, and those that sentences before the examples give between parameters that are
/// all marked as required.
pub(super) fn choices(page: &Page, section: &Section, table: &Table, params: &Params) -> Vec<Choice> {
    let mut choices = params.choices.clone();
    let above = page.sections.first().into_iter().flat_map(Section::paragraphs);
    let in_cells = table.rows.iter().flat_map(|row| &row.cells).flat_map(Cell::paragraphs);
    let texts = above.chain(section.paragraphs()).chain(in_cells);
    for choice in required::either(texts, &params.marks.names()) {
        if !choices.iter().any(|known| is_same(known, &choice)) {
            choices.push(choice);
        }
    }
    choices
}

/// Whether two choices are between the same parameters.
fn is_same(a: &Choice, b: &Choice) -> bool {
    a.value.len() == b.value.len() && a.value.iter().all(|name| b.value.contains(name))
}

/// The alternatives out of all choices: the given ones, and those in sentences of the section and of its table.
pub(super) fn alternatives(
    page: &Page,
    section: &Section,
    table: &Table,
    list: &IndexMap<String, Param>,
    mut choices: Vec<Choice>,
    log: &mut PageLog,
) -> Option<Alternatives> {
    let in_cells = table.rows.iter().flat_map(|row| &row.cells).flat_map(Cell::paragraphs);
    let above = page.sections.first().into_iter().flat_map(Section::paragraphs);
    let mut examined = 0;
    for text in above.chain(section.paragraphs()).chain(in_cells) {
        if examined > EXAMINED {
            break;
        }
        let prose = text.prose();
        if !ALTERNATIVES.stand_in(&prose) {
            continue;
        }
        // More than a few such sentences in one place are no documentation.
        examined += 1;
        let about_alternatives = sentences(&prose).filter(|sentence| ALTERNATIVES.stand_in(sentence)).take(4);
        for (names, rule) in about_alternatives.filter_map(|sentence| choice_in(sentence, list)) {
            let choice = Evidence::new(rule, names, text.line);
            if choice.value.len() < 2 {
                log.fire(rule);
                let message = "one of several parameters is required here, but it is not certain which";
                log.add(text.line, message, "their names in the sentence");
            } else if !choices.iter().any(|known| is_same(known, &choice)) {
                choices.push(choice);
            }
        }
    }
    combined(choices, log)
}

/// The sets that satisfy every choice.
fn combined(choices: Vec<Choice>, log: &mut PageLog) -> Option<Alternatives> {
    let first = choices.first()?;
    let rule = if choices.len() == 1 { first.rule } else { &COMBINED_ALTERNATIVES };
    if rule != first.rule {
        choices.iter().for_each(|choice| log.fire(choice.rule));
    }
    let sets = multiplied(&choices).or_else(|| {
        let message = "too many sets of parameters of which one is required; only the first choice was used";
        log.add(first.line, message, "");
        multiplied(choices.get(..1)?)
    })?;
    Some(Evidence::new(rule, sets, first.line))
}

/// One name of each choice, in every combination.
fn multiplied(choices: &[Choice]) -> Option<Vec<Vec<String>>> {
    let mut sets: Vec<Vec<String>> = vec![Vec::new()];
    for names in choices.iter().map(|choice| &choice.value) {
        if sets.len() * names.len() > SETS {
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
        sets = names.iter().flat_map(with).collect();
    }
    Some(sets)
}

/// The names in a sentence on alternatives, in the order of the table, and the rule that reads it; fewer than two names where
/// it does not name them.
fn choice_in(sentence: &str, list: &IndexMap<String, Param>) -> Option<(Vec<String>, &'static Rule)> {
    let lower = sentence.to_lowercase();
    let named = |words: &str| -> Vec<String> {
        let words: HashSet<&str> = words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        list.keys().filter(|name| words.contains(name.as_str())).cloned().collect()
    };
    if AT_LEAST_ONE.begin(lower.trim_start_matches("note: ")) {
        let names = named(sentence.split_once(':').map_or(sentence, |(_, named)| named));
        return Some((names, &AT_LEAST_ONE_SENTENCE));
    }
    if TWO_OPTIONAL.stand_in(&lower) && ONE_OF_TWO.stand_in(&lower) {
        let optional: Vec<_> =
            list.values().filter(|param| !param.required).map(|param| param.name.clone()).collect();
        let names = if optional.len() == 2 { optional } else { Vec::new() };
        return Some((names, &ONE_OF_TWO_OPTIONAL));
    }
    let at = ONE_REQUIRED.find(sentence).filter(|_| lower.len() == sentence.len())?;
    let names = named(sentence.get(at..).unwrap_or_default());
    // "At least one of the fields" of an object is not about parameters.
    (names.len() >= 2).then_some((names, &AT_LEAST_ONE_SENTENCE))
}

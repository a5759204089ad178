//! The star behind a name: some parameters are required in some cases only, or in the place of one another.

use serde::{Serialize, Serializer};

use crate::extract::evidence::Evidence;
use crate::extract::lexicon::params::{CONDITIONS, EITHER, INSTEAD, NOT_GIVEN, SUBJECTS};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::register::Rule;
use crate::extract::register::params::{
    CONDITIONAL_MARK, EITHER_OR_SENTENCE, REQUIRED_COLUMN, REQUIRED_MARK, STANDS_FOR_ANOTHER,
};
use crate::extract::syntax::ast::{Cell, Text};
use crate::extract::tables::field_table::{FieldRow, FieldTable};

/// Names of which one must be given, and the rule that says so.
pub(super) type Choice = Evidence<Vec<String>>;

/// Whether a name is required.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    name: String,
    required: bool,
}

/// A mark is serialized as `{"NAME": true}`.
impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(&self.name, self.required)])
    }
}

/// The evidence on each name of a table that has a mark.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<Vec<Evidence<Mark>>>);

impl Marks {
    /// Adds the mark of a row with one name. Returns whether it makes the name required.
    pub(super) fn add(&mut self, name: &str, row: &FieldRow<'_>) -> bool {
        let mark = |required| Mark { name: name.to_owned(), required };
        let rule = if row.required_column == Some(true) { &REQUIRED_COLUMN } else { &REQUIRED_MARK };
        let starred = Evidence::new(rule, mark(true), row.name.line);
        let condition = row.description.filter(|cell| is_conditional(cell));
        let taken_back = condition.map(|cell| Evidence::new(&CONDITIONAL_MARK, mark(false), cell.line));
        let required = taken_back.is_none();
        self.0.push(taken_back.into_iter().chain([starred]).collect());
        required
    }

    /// Adds what another rule than the mark of a row says.
    pub(super) fn require(&mut self, name: &str, rule: &'static Rule, line: usize) {
        let mark = Mark { name: name.to_owned(), required: true };
        self.0.push(vec![Evidence::new(rule, mark, line)]);
    }

    /// Takes the mark of a name back.
    pub(super) fn take_back(&mut self, name: &str, rule: &'static Rule, line: usize) {
        for evidence in &mut self.0 {
            if evidence.first().is_some_and(|found| found.value.name == name && found.value.required) {
                let mark = Mark { name: name.to_owned(), required: false };
                evidence.insert(0, Evidence::new(rule, mark, line));
            }
        }
    }

    /// Leaves out the names for which this does not hold.
    pub(super) fn retain(&mut self, holds: impl Fn(&str) -> bool) {
        self.0.retain(|evidence| evidence.first().is_some_and(|found| holds(&found.value.name)));
    }

    /// The names, those of marks that were taken back included.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.iter().filter_map(|evidence| Some(evidence.first()?.value.name.clone())).collect()
    }

    /// The evidence on each name, the decisive one first.
    pub(super) fn evidence(&self) -> impl Iterator<Item = &[Evidence<Mark>]> {
        self.0.iter().map(Vec::as_slice)
    }
}

/// Whether a description requires its parameter in some cases only.
fn is_conditional(description: &Cell) -> bool {
    lines_of(description.paragraphs()).iter().any(|(_, sentence)| begins_conditional(sentence))
}

/// The marked names in whose place a value may be given; none where the description names none.
fn in_place_of(description: &Cell, own: &str, marked: &[String]) -> Vec<String> {
    let is_about_another = |(_, sentence): &&(usize, String)| {
        INSTEAD.stand_in(sentence) || NOT_GIVEN.stand_in(sentence) && begins_conditional(sentence)
    };
    let sentences = lines_of(description.paragraphs());
    let named =
        sentences.iter().filter(is_about_another).flat_map(|(_, sentence)| named_in(sentence, marked));
    named.filter(|name| name != own).collect()
}

/// The sets of marked names of a table of which one may stand for another by the descriptions in its rows.
pub(super) fn stand_ins(table: &FieldTable<'_>, marked: &[String]) -> Vec<Choice> {
    let mut sets: Vec<Choice> = Vec::new();
    for row in &table.rows {
        let Some(own) = row.name.only_parameter().filter(|own| marked.iter().any(|name| name == own)) else {
            continue;
        };
        let Some(description) = row.description else { continue };
        let mut set = in_place_of(description, own, marked);
        if set.is_empty() {
            continue;
        }
        set.push(own.to_owned());
        // Two rows that name each other are one rule.
        match sets.iter_mut().find(|known| set.iter().any(|name| known.value.contains(name))) {
            Some(known) => {
                let new: Vec<String> = set.into_iter().filter(|name| !known.value.contains(name)).collect();
                known.value.extend(new);
            }
            None => sets.push(Evidence::new(&STANDS_FOR_ANOTHER, set, description.line)),
        }
    }
    for set in &mut sets {
        // In the order of the table.
        set.value = marked.iter().filter(|name| set.value.contains(name)).cloned().collect();
    }
    sets
}

/// The sets of marked names of which one must be given by a sentence.
pub(super) fn either<'a>(texts: impl Iterator<Item = &'a Text>, marked: &[String]) -> Vec<Choice> {
    let choice = |(line, sentence): (usize, String)| {
        let names = if EITHER.stand_in(&sentence) { named_in(&sentence, marked) } else { Vec::new() };
        (names.len() > 1).then(|| Evidence::new(&EITHER_OR_SENTENCE, names, line))
    };
    lines_of(texts).into_iter().filter_map(choice).collect()
}

fn begins_conditional(sentence: &str) -> bool {
    if !CONDITIONS.stand_in(sentence) {
        return false;
    }
    let behind_subject = SUBJECTS.behind(sentence);
    CONDITIONS.begin(behind_subject.as_deref().unwrap_or(sentence))
}

/// How many sentences are looked at in one place.
const SENTENCES: usize = 60;

/// The sentences of some texts, each with the line of its text.
fn lines_of<'a>(texts: impl Iterator<Item = &'a Text>) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    for text in texts {
        let prose = text.prose();
        all.extend(sentences(&prose).map(|sentence| (text.line, sentence.to_owned())));
        if all.len() > SENTENCES {
            break;
        }
    }
    all
}

/// The names that are words of a sentence, in the order of the table.
fn named_in(sentence: &str, names: &[String]) -> Vec<String> {
    let words: Vec<&str> =
        sentence.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.')).collect();
    let is_word = |name: &&String| words.iter().any(|word| word.trim_end_matches('.') == name.as_str());
    names.iter().filter(is_word).cloned().collect()
}

//! Whether an event brings access tokens.

use crate::descriptor::EventTokens;
use crate::extract::events::samples::Sample;
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::events::{ACCESS_TOKEN, AUTH, TOKENS_SOMETIMES};
use crate::extract::register::events::EVENT_TOKENS;
use crate::extract::syntax::ast::{Block, Page, Section, flat};
use crate::extract::tables::field_table::FieldTable;
use crate::extract::tables::name_cell::ParameterName;

/// Reads the note on tokens, the marks in the table of `auth`, or else an example without tokens.
pub(crate) fn extract(page: &Page, samples: &[Sample]) -> Option<Evidence<EventTokens>> {
    let found = |tokens, line| Evidence::new(&EVENT_TOKENS, tokens, line);
    if let Some(line) = note(page) {
        return Some(found(EventTokens::Sometimes, line));
    }
    if let Some((tokens, line)) = page.sections.iter().flat_map(Section::tables).find_map(|table| {
        let table = FieldTable::of(table);
        let is_required = |name: &ParameterName| matches!(name, ParameterName::Names { required: true, .. });
        let mut rows = table.rows.iter();
        let token = rows.find(|row| row.name.field.as_deref() == Some(ACCESS_TOKEN))?;
        let marks = |row: &&crate::extract::tables::field_table::FieldRow<'_>| {
            row.name.parameter.as_ref().is_some_and(is_required)
        };
        let is_marked = marks(&token);
        let others_are = table.rows.iter().any(|row| marks(&row));
        match (is_marked, others_are) {
            (true, _) => Some((EventTokens::Always, token.name.line)),
            (false, true) => Some((EventTokens::Sometimes, token.name.line)),
            (false, false) => None,
        }
    }) {
        return Some(found(tokens, line));
    }
    let without = |sample: &&Sample| {
        let auth = sample.body.get(AUTH).and_then(|auth| auth.as_object());
        auth.is_some_and(|auth| !auth.is_empty() && !auth.contains_key(ACCESS_TOKEN))
    };
    let shown: Vec<&Sample> = samples.iter().filter(|sample| sample.body.get(AUTH).is_some()).collect();
    let first = shown.first()?;
    shown.iter().copied().all(|sample| without(&sample)).then(|| found(EventTokens::Never, first.line))
}

/// The line of the statement that tokens are not always passed.
fn note(page: &Page) -> Option<usize> {
    let blocks = page.sections.iter().flat_map(|section| flat(&section.blocks));
    let mut texts = blocks.filter_map(|block| match block {
        Block::Paragraph(text) => Some(text),
        _ => None,
    });
    texts.find(|text| TOKENS_SOMETIMES.stand_in(&text.prose())).map(|text| text.line)
}

//! The entities of the documentation: pages that list, under the name of each, its fields and their types.

use std::collections::HashMap;

use super::documents::{Document, may_be_page};
use super::form;
use super::returns::tables::{self, FieldRow};

/// The fields of the entities, by their names as in `sale_order`.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    entities: HashMap<String, Vec<FieldRow>>,
}

/// A page that names fewer entities than these in its headings is about something else.
const FEW: usize = 3;

impl Dictionary {
    /// The entities in all documents, which come in the order of their paths. The first to describe one is believed.
    pub(super) fn of(documents: &[&Document]) -> Self {
        let mut dictionary = Self::default();
        let pages =
            documents.iter().filter(|document| may_be_page(&document.path) && names_entities(document));
        for document in pages {
            let Ok(read) = form::read(document) else { continue };
            for section in read.page.sections.iter().filter(|section| is_entity(section.heading.trim())) {
                if let Some(rows) = section.tables().next().and_then(tables::rows_of_entity) {
                    dictionary.entities.entry(section.heading.trim().to_owned()).or_insert(rows);
                }
            }
        }
        dictionary
    }

    /// The fields of an entity.
    pub(super) fn fields(&self, entity: &str) -> &[FieldRow] {
        self.entities.get(entity).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Whether several headings of a document are names of entities. It is only looked at here, and read if they are.
fn names_entities(document: &Document) -> bool {
    let Ok(text) = std::str::from_utf8(&document.bytes) else { return false };
    let heading = |line: &str| {
        let words = line.trim_start_matches('#');
        let words = words.split_once("{#").map_or(words, |(words, _)| words);
        line.starts_with("##") && is_entity(words.trim())
    };
    text.lines().filter(|line| heading(line)).take(FEW).count() == FEW
}

/// Whether a word may be the name of an entity.
fn is_entity(word: &str) -> bool {
    word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

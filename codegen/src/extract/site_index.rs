//! The index of the pages that are about no single method: the JSON types of the documentation's own words, the fields of
//! entities, and tables that other pages link to.
//!
//! A table of types gives words, a heading with a table below it an entity. A request needs the type of one field of an entity
//! (`entity.field`), a result all of its fields.

use std::collections::HashMap;

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::types::{DESCRIPTIONS, TYPE_HEAD};
use crate::extract::source::documents::may_be_page;
use crate::extract::source::links;
use crate::extract::syntax::ast::{Page, Section, Table};
use crate::extract::syntax::parsed::{ParsedDocument, ParsedDocuments};
use crate::extract::tables::field_table::{FieldTable, TypedField};
use crate::extract::tables::type_table::type_rows;
use crate::schema::words::{self, TypeLookup, TypeOrigin};

/// The types of the documentation, and its pages by their paths.
pub(crate) struct SiteIndex<'a> {
    documents: &'a ParsedDocuments<'a>,
    /// The JSON types of words, and of fields as `entity.field`, in lower case, with the kind of table that gives them.
    types: HashMap<String, (JsonType, TypeOrigin)>,
    /// The fields of the entities, by their names as in `sale_order`.
    entities: HashMap<String, Vec<TypedField>>,
}

/// A page that names fewer entities than these in its headings is about something else.
const FEW: usize = 3;

impl<'a> SiteIndex<'a> {
    /// Reads the documents that have a table of types, or that list entities. Documents are read in the order of their paths;
    /// of several descriptions the first counts.
    pub(crate) fn of(documents: &'a ParsedDocuments<'a>) -> Self {
        let mut index = Self { documents, types: HashMap::new(), entities: HashMap::new() };
        let pages = documents.list.iter().filter(|parsed| may_be_page(parsed.path()));
        for parsed in pages {
            let (has_types, lists_entities) = (parsed.may_emphasize(TYPE_HEAD), lists_entities(parsed));
            if !has_types && !lists_entities {
                continue;
            }
            let Some(page) = documents.kept(parsed).page() else { continue };
            if has_types {
                index.learn(page);
            }
            if lists_entities {
                index.learn_entities(page);
            }
        }
        index
    }

    /// The fields of an entity.
    pub(crate) fn fields(&self, entity: &str) -> &[TypedField] {
        self.entities.get(entity).map(Vec::as_slice).unwrap_or_default()
    }

    /// The typed fields of all entities, by the letters of the names of the entities.
    pub(crate) fn type_fields(&self) -> HashMap<String, Vec<(String, Schema)>> {
        let typed = |fields: &[TypedField]| -> Vec<(String, Schema)> {
            fields.iter().filter_map(|field| Some((field.name.clone(), field.schema.clone()?))).collect()
        };
        self.entities.iter().map(|(name, fields)| (letters(name), typed(fields))).collect()
    }

    /// The page that a link on another page leads to.
    pub(crate) fn linked(&self, from: &str, address: &str) -> Option<&'a Page> {
        let target = address.split(['#', ' ']).next().unwrap_or_default();
        self.documents.page(&links::resolve(target, from, "")?)
    }

    fn learn(&mut self, page: &Page) {
        for section in &page.sections {
            for table in section.tables() {
                self.learn_types(table);
            }
            let Some(entity) = entity(section) else { continue };
            for table in section.tables() {
                self.learn_fields(&entity, table);
            }
        }
    }

    /// The fields below the headings that are the name of an entity and nothing else.
    fn learn_entities(&mut self, page: &Page) {
        for section in page.sections.iter().filter(|section| is_entity(section.heading.trim())) {
            let fields = section.tables().next().map(|table| FieldTable::of(table).fields());
            if let Some(rows) = fields.filter(|fields| !fields.is_empty()) {
                self.entities.entry(section.heading.trim().to_owned()).or_insert(rows);
            }
        }
    }

    /// A row of a table of types: the word as code, and what it is.
    fn learn_types(&mut self, table: &Table) {
        for row in type_rows(table) {
            let described = DESCRIPTIONS.iter().find(|(start, _)| row.description.starts_with(start));
            if let Some((_, json_type)) = described {
                self.types.entry(row.word.to_lowercase()).or_insert((*json_type, TypeOrigin::TypeTable));
            }
        }
    }

    fn learn_fields(&mut self, entity: &str, table: &Table) {
        for row in FieldTable::of(table).rows {
            let Some(name) = row.name.only_parameter() else { continue };
            let schema = row.name.type_words.as_deref().and_then(words::schema_of);
            if let Some(json_type) = schema.and_then(|schema| schema.types.single()) {
                let field = format!("{entity}.{}", name.to_lowercase());
                self.types.entry(field).or_insert((json_type, TypeOrigin::EntityTable));
            }
        }
    }
}

/// From a table of types, or of the fields of an entity.
impl TypeLookup for SiteIndex<'_> {
    fn json_type(&self, word: &str) -> Option<(JsonType, TypeOrigin)> {
        let known = |word: &str| self.types.get(word).copied();
        // Portals answer with identifiers as texts, which tables of fields show; the table of types gives their real type.
        let identified =
            word.strip_suffix(".id").and_then(known).filter(|(json_type, _)| *json_type == JsonType::Integer);
        identified.or_else(|| known(word))
    }
}

/// The letters and digits of a name in lower case.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether several headings of a document are names of entities. This only scans its lines; a page is read if it is true.
fn lists_entities(document: &ParsedDocument<'_>) -> bool {
    document.likely_headings().filter(|words| is_entity(words)).take(FEW).count() == FEW
}

/// Whether a word may be the name of an entity and nothing else.
fn is_entity(word: &str) -> bool {
    word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The entity whose fields are below a heading: the word with an underscore or the only word in it.
fn entity(section: &Section) -> Option<String> {
    let prose = section.title.prose();
    let mut words = prose.split_whitespace().filter(|word| word.contains('_'));
    let word = words.next().or_else(|| Some(prose.as_str()).filter(|words| !words.contains(' ')))?;
    (!word.is_empty()).then(|| word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::source::documents::Document;

    #[test]
    fn a_field_of_an_entity_has_the_type_that_its_table_gives() {
        let bytes = "# Types\n\n#|\n|| **Type** | **Description** ||\n|| `zoo_status` | String identifier of a status ||\n|#\n\n\
            ### zoo_animal\n\n#|\n|| **Value**\n`type` | **Description** ||\n|| **id**\n`integer` | – ||\n|| **tag**\n`string` | – ||\n|#\n";
        let document = Document { path: "types.md".to_owned(), bytes: bytes.into() };
        let documents = [document];
        let documents = ParsedDocuments::of(&documents);
        let index = SiteIndex::of(&documents);
        let types = ["zoo_status", "zoo_animal.id", "zoo_animal.tag", "zoo_keeper.id"]
            .map(|word| index.json_type(word));
        let of_table = |json_type| Some((json_type, TypeOrigin::EntityTable));
        let known = [
            Some((JsonType::String, TypeOrigin::TypeTable)),
            of_table(JsonType::Integer),
            of_table(JsonType::String),
            None,
        ];
        assert_eq!(types, known);
    }
}

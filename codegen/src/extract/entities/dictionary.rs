//! Tables of fields on pages that are about no single method, and the entity that each lists.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::extract::entities::family::Family;
use crate::extract::entities::parts::{self, Sections};
use crate::extract::evidence::Evidence;
use crate::extract::register::Rule;
use crate::extract::register::entities::{FIELD_IN_ANOTHER_SPELLING, TABLE_OF_AN_ENTITY};
use crate::extract::rules::returns::resolve::letters;
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::extract::tables::field_table::TypedField;

/// A table of fields.
#[derive(Debug)]
pub(crate) struct Dictionary {
    /// The page.
    pub(crate) file: String,
    /// The words of the heading above the table.
    pub(crate) heading: String,
    /// The anchor of the heading.
    pub(crate) anchor: Option<String>,
    pub(crate) fields: Vec<TypedField>,
    /// The fields of the other sections of the page.
    pub(crate) sections: Arc<Sections>,
}

/// A table with fewer fields may be about a part of something.
pub(crate) const MIN_FIELDS: usize = 5;

/// A table with more fields than the entity has shares at least this many.
const MANY: usize = 10;

/// A table shares at least this many names with its entity.
const MIN_SHARED: usize = 4;

/// Adds the fields of the tables about an entity: those of its kinds, or else the ones that are about it. Returns their pages, and the rules that fired.
pub(super) fn add(
    object: &mut Node<'_>,
    name: &str,
    family: &Family<'_>,
    dictionaries: &[Dictionary],
    of_kinds: Option<Vec<&Dictionary>>,
) -> (Vec<String>, Vec<&'static Rule>) {
    let Inner::Object(fields) = &mut object.inner else { return Default::default() };
    let mut rules = Vec::new();
    let mut pages: Vec<String> = Vec::new();
    let mut spelled: HashMap<String, String> =
        fields.keys().map(|name| (letters(name), name.clone())).collect();
    let tables = of_kinds.unwrap_or_else(|| about(name, &spelled, family, dictionaries));
    for dictionary in tables {
        let convention = Convention::of(fields.keys());
        for field in &dictionary.fields {
            let spelling =
                spelled.entry(letters(&field.name)).or_insert_with(|| convention.spell(&field.name));
            let rule = if *spelling == field.name { &TABLE_OF_AN_ENTITY } else { &FIELD_IN_ANOTHER_SPELLING };
            let node =
                parts::node(field, dictionary.anchor.as_deref(), &dictionary.sections, rule, &mut rules);
            parts::absorb(fields.entry(spelling.clone()).or_default(), node);
            rules.push(rule);
        }
        let page = dictionary.file.strip_suffix(".md").unwrap_or(&dictionary.file).to_owned();
        if !pages.contains(&page) {
            pages.push(page);
        }
    }
    (pages, rules)
}

/// The object that the table on a page of the family's own lists, where no page shows a result.
pub(super) fn on_own_page<'a>(family: &Family<'_>, dictionaries: &[Dictionary]) -> Option<Node<'a>> {
    let own: Vec<&str> = family.description_pages().collect();
    let dictionary = dictionaries.iter().find(|dictionary| own.contains(&dictionary.file.as_str()))?;
    let field = |field: &TypedField| {
        let schema = field.schema.clone();
        let from_table = schema.map(|schema| Evidence::new(&TABLE_OF_AN_ENTITY, schema, field.line));
        (field.name.clone(), Node { from_table, ..Node::default() })
    };
    let fields = dictionary.fields.iter().map(field).collect();
    Some(Node { inner: Inner::Object(fields), ..Node::default() })
}

/// The tables about an entity, the best first: tables near its pages that share names with it. Of tables on one page that
/// share their fields with each other, which are about several things of a kind, only the best is taken.
fn about<'d>(
    name: &str,
    spelled: &HashMap<String, String>,
    family: &Family<'_>,
    dictionaries: &'d [Dictionary],
) -> Vec<&'d Dictionary> {
    let own = letters(name);
    let mut rated: Vec<(bool, usize, &Dictionary)> = Vec::new();
    for dictionary in dictionaries.iter().filter(|dictionary| is_near(dictionary, family)) {
        let names: HashSet<String> = dictionary.fields.iter().map(|field| letters(&field.name)).collect();
        let shared = names.iter().filter(|name| spelled.contains_key(*name)).count();
        let is_named = letters(&dictionary.heading) == own
            || family.description_pages().any(|page| page == dictionary.file);
        let is_about = shared * 2 >= names.len() || shared >= MANY && shared * 10 >= spelled.len() * 7;
        if shared >= MIN_SHARED && (is_about || is_named) {
            let union = names.len() + spelled.len() - shared;
            rated.push((is_named, shared * 1000 / union, dictionary));
        }
    }
    rated.sort_by_key(|(is_named, score, _)| std::cmp::Reverse((*is_named, *score)));
    let mut taken: Vec<&Dictionary> = Vec::new();
    for (_, _, dictionary) in rated {
        let overlaps = |other: &&Dictionary| {
            let names: HashSet<String> = other.fields.iter().map(|field| letters(&field.name)).collect();
            let shared = dictionary.fields.iter().filter(|field| names.contains(&letters(&field.name)));
            other.file == dictionary.file && shared.count() * 3 > dictionary.fields.len()
        };
        if !taken.iter().any(overlaps) {
            taken.push(dictionary);
        }
    }
    taken
}

/// Whether the page of a table is in the folder of a page of the family, or in one above it.
pub(super) fn is_near(dictionary: &Dictionary, family: &Family<'_>) -> bool {
    let Some((folder, _)) = dictionary.file.rsplit_once('/') else { return true };
    let mut files =
        family.descriptors().flat_map(|descriptor| &descriptor.sources).map(|source| &source.file);
    folder.contains('/')
        && files.any(|file| file.starts_with(folder) && file[folder.len()..].starts_with('/'))
}

/// How the names of an entity are spelled.
enum Convention {
    Upper,
    Camel,
    AsIs,
}

impl Convention {
    fn of<'n>(names: impl Iterator<Item = &'n String>) -> Self {
        let (mut upper, mut camel, mut all) = (0, 0, 0);
        for name in names {
            all += 1;
            upper += usize::from(!name.chars().any(|c| c.is_ascii_lowercase()));
            let starts_lower = name.starts_with(|c: char| c.is_ascii_lowercase());
            camel += usize::from(starts_lower && !name.contains('_'));
        }
        if upper * 5 > all * 4 {
            Self::Upper
        } else if camel * 5 > all * 4 {
            Self::Camel
        } else {
            Self::AsIs
        }
    }

    fn spell(&self, name: &str) -> String {
        match self {
            Self::Upper if !name.contains('_') && name.chars().any(|c| c.is_ascii_lowercase()) => {
                let mut spelled = String::new();
                for c in name.chars() {
                    if c.is_ascii_uppercase() && !spelled.is_empty() && !spelled.ends_with('_') {
                        spelled.push('_');
                    }
                    spelled.push(c.to_ascii_uppercase());
                }
                spelled
            }
            Self::Camel if name.contains('_') || !name.chars().any(|c| c.is_ascii_lowercase()) => {
                let mut spelled = String::new();
                for (index, word) in name.split('_').filter(|word| !word.is_empty()).enumerate() {
                    let word = word.to_ascii_lowercase();
                    let mut letters = word.chars();
                    match letters.next() {
                        Some(first) if index > 0 => spelled.extend(first.to_uppercase()),
                        Some(first) => spelled.push(first),
                        None => {}
                    }
                    spelled.extend(letters);
                }
                spelled
            }
            _ => name.to_owned(),
        }
    }
}

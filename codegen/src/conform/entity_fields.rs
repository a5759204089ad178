//! Measures how many of the documented fields of an entity its generated type has.
//!
//! The lists of fields are those of all pages, independent of the import's choice. A list is about an entity if a method of its
//! family describes fields with it or returns it, or if a page of the family links to its page or has it in a folder above, and
//! the list has more in common with this entity than with others. A list under the name of a type is about that type, and a list
//! to which a table on its page links is about a part.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::totals::Ratio;
use crate::descriptor::{AdditionalProperties, Api, Entity, Schema, Spec};
use crate::extract::{FieldList, FieldPage};
use crate::model::{Field, Library, Method, Module, TypeItem, TypeRef};

/// The documented fields of an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EntityFields {
    /// The entity.
    pub entity: String,
    /// Its interface.
    pub api: Api,
    /// The documented fields, and those that the generated type has.
    pub present: Ratio,
    /// The documented fields, and those whose type is not JSON.
    pub typed: Ratio,
    /// The documented fields that the type does not have, each with the first document and line that lists it.
    pub missing: BTreeMap<String, String>,
    /// The documented fields of JSON type.
    pub untyped: Vec<String>,
    /// The documents whose lists are about the entity.
    pub files: BTreeSet<String>,
}

/// A list is about an entity if this part of its names are fields of the entity.
const MIN_PART: usize = 3;

/// A shorter list is about a part of something.
const MIN_NAMES: usize = 3;

/// An entity with the generated type of it.
struct Known<'a> {
    entity: &'a Entity,
    /// The fields of the type, by the letters of their names.
    fields: HashMap<String, &'a Field>,
    /// The letters of all names in the schema, also of those inside of fields.
    inside: BTreeSet<String>,
    /// The documents about its methods.
    files: BTreeSet<&'a str>,
    /// The letters of the names of fields of results around the entity: `items`, `nextCursor`.
    around: BTreeSet<String>,
}

/// Measures all entities of a spec.
pub fn measure_entity_fields(spec: &Spec, library: &Library, pages: &[FieldPage]) -> Vec<EntityFields> {
    let by_letters: Vec<Known<'_>> =
        spec.entities.iter().map(|file| Known::of(&file.content, spec, library)).collect();
    let linked = Links::of(pages);
    let mut found: Vec<BTreeMap<String, (String, String)>> = vec![BTreeMap::new(); by_letters.len()];
    for page in pages {
        for list in &page.lists {
            for index in about(list, page, &by_letters, &linked) {
                for name in &list.names {
                    let location = format!("{}:{}", page.file, list.line);
                    found[index].entry(letters(name)).or_insert((name.clone(), location));
                }
            }
        }
    }
    by_letters.iter().zip(found).map(|(known, documented)| known.measure(documented)).collect()
}

/// The pages that link to a page.
struct Links<'a>(HashMap<&'a str, BTreeSet<&'a str>>);

impl<'a> Links<'a> {
    fn of(pages: &'a [FieldPage]) -> Self {
        let mut links: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        for page in pages {
            for target in &page.links {
                links.entry(target).or_default().insert(&page.file);
            }
        }
        Self(links)
    }

    /// Whether a page is one of these, is linked from one of them, or is in a folder above one of them.
    fn is_near(&self, page: &str, files: &BTreeSet<&str>) -> bool {
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        let below = |file: &&str| {
            folder.contains('/') && file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        files.contains(page)
            || files.iter().any(below)
            || self.0.get(page).is_some_and(|from| !from.is_disjoint(files))
    }
}

/// The entities that a list is about: the one that it has most in common with, and those that come close to it.
fn about(list: &FieldList, page: &FieldPage, known: &[Known<'_>], links: &Links<'_>) -> Vec<usize> {
    if let Some((api, method)) = &page.method {
        let own = |known: &&Known<'_>| {
            known.entity.api == *api
                && method.rsplit_once('.').is_some_and(|(family, _)| known.is_named(family))
        };
        let own: Vec<usize> =
            known.iter().enumerate().filter(|(_, k)| own(k)).map(|(index, _)| index).collect();
        let shared = |index: &usize| known[*index].shared(list);
        return own
            .into_iter()
            .filter(|index| {
                list.describes || shared(index) > 1 && shared(index) * MIN_PART >= list.names.len()
            })
            .collect();
    }
    if let Some(name) = type_name(&list.heading) {
        let named = known.iter().enumerate().filter(|(_, known)| known.is_named(name));
        return named
            .filter(|(_, known)| links.is_near(&page.file, &known.files))
            .map(|(index, _)| index)
            .collect();
    }
    if list.is_part {
        return Vec::new();
    }
    let mut rated: Vec<(usize, usize)> = Vec::new();
    for (index, known) in known.iter().enumerate() {
        let shared = known.shared(list);
        if list.names.len() >= MIN_NAMES
            && shared >= MIN_NAMES
            && shared * MIN_PART >= list.names.len()
            && links.is_near(&page.file, &known.files)
        {
            rated.push((shared * 1000 / list.names.len(), index));
        }
    }
    let best = rated.iter().map(|(score, _)| *score).max().unwrap_or_default();
    rated.into_iter().filter(|(score, _)| *score * 20 >= best * 19).map(|(_, index)| index).collect()
}

impl<'a> Known<'a> {
    fn of(entity: &'a Entity, spec: &'a Spec, library: &'a Library) -> Self {
        let mut inside = BTreeSet::new();
        entity.fields.values().for_each(|field| names_inside(field, &mut inside));
        let own = spec.methods.iter().map(|file| &file.content).filter(|descriptor| {
            let family = descriptor.method.rsplit_once('.').map(|(family, _)| family);
            descriptor.api == entity.api
                && family.is_some_and(|family| family.eq_ignore_ascii_case(&entity.entity))
        });
        let (mut files, mut around) = (BTreeSet::new(), BTreeSet::new());
        for descriptor in own {
            files.extend(descriptor.sources.iter().map(|source| source.file.as_str()));
            names_around(&descriptor.returns, &entity.entity, &mut around);
        }
        let fields = type_of(entity, spec, library).unwrap_or_default();
        let fields = fields.iter().map(|field| (letters(&field.wire), field)).collect();
        Self { entity, fields, inside, files, around }
    }

    fn is_named(&self, words: &str) -> bool {
        letters(words) == letters(&self.entity.entity)
    }

    fn shared(&self, list: &FieldList) -> usize {
        list.names.iter().filter(|name| self.fields.contains_key(&letters(name))).count()
    }

    fn measure(&self, documented: BTreeMap<String, (String, String)>) -> EntityFields {
        let mut result =
            EntityFields { entity: self.entity.entity.clone(), api: self.entity.api, ..Default::default() };
        for (letters, (name, location)) in documented {
            let file = location.rsplit_once(':').map_or(location.as_str(), |(file, _)| file);
            match self.fields.get(&letters) {
                Some(field) => {
                    result.present.fit += 1;
                    let typed = is_typed(&field.ty);
                    result.typed.fit += usize::from(typed);
                    result.untyped.extend((!typed).then_some(name));
                }
                // A field of a part of the entity, or the step to the entity in a result.
                None if self.inside.contains(&letters) || self.around.contains(&letters) => continue,
                None => {
                    result.missing.insert(name, location.clone());
                }
            }
            result.present.all += 1;
            result.typed.all += 1;
            result.files.insert(file.to_owned());
        }
        result
    }
}

/// The name of a type in a heading: the only word, or the word with an underscore.
fn type_name(heading: &str) -> Option<&str> {
    let mut words = heading.split_whitespace();
    let only = words.next().filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
    let only = only.filter(|_| words.next().is_none());
    only.or_else(|| heading.split_whitespace().find(|word| word.contains('_')))
}

/// The letters and digits of a name in lower case.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn names_inside(schema: &Schema, names: &mut BTreeSet<String>) {
    for (name, property) in &schema.properties {
        names.insert(letters(name));
        names_inside(property, names);
    }
    if let Some(items) = &schema.items {
        names_inside(items, names);
    }
    if let Some(AdditionalProperties::Of(values)) = &schema.additional {
        names_inside(values, names);
    }
}

/// The names in a result, without those inside of the entity.
fn names_around(schema: &Schema, entity: &str, names: &mut BTreeSet<String>) {
    if schema.entity.as_deref() == Some(entity) {
        return;
    }
    for (name, property) in &schema.properties {
        names.insert(letters(name));
        names_around(property, entity, names);
    }
    if let Some(items) = &schema.items {
        names_around(items, entity, names);
    }
}

/// The fields of the generated type of an entity: that with most fields of all results.
fn type_of<'a>(entity: &Entity, spec: &Spec, library: &'a Library) -> Option<&'a [Field]> {
    let mut found: Option<&'a [Field]> = None;
    for (module, method) in
        library.modules.values().flat_map(|module| module.methods.iter().map(move |method| (module, method)))
    {
        let descriptor = spec.methods.iter().map(|file| &file.content);
        let mut descriptor = descriptor.filter(|own| own.api == method.api && own.method == method.wire);
        let Some(descriptor) = descriptor.next().filter(|own| own.api == entity.api) else { continue };
        let place = Place { library, module, method };
        let fields = place.find(&descriptor.returns, &method.output, &entity.entity);
        if fields.map_or(0, <[Field]>::len) > found.map_or(0, <[Field]>::len) {
            found = fields;
        }
    }
    found
}

/// A method in its module.
struct Place<'a> {
    library: &'a Library,
    module: &'a Module,
    method: &'a Method,
}

impl<'a> Place<'a> {
    /// The fields of the type of the schema that refers to an entity.
    fn find(&self, schema: &Schema, ty: &TypeRef, entity: &str) -> Option<&'a [Field]> {
        match ty {
            TypeRef::Nullable(inner) => self.find(schema, inner, entity),
            TypeRef::List(items) => self.find(schema.items.as_deref()?, items, entity),
            TypeRef::Map(values) => match &schema.additional {
                Some(AdditionalProperties::Of(schema)) => self.find(schema, values, entity),
                _ => None,
            },
            TypeRef::Named(name) => {
                let mut types = self.library.types(self.module, self.method);
                let TypeItem::Struct(item) = types.find(|item| item.name() == name)? else { return None };
                if schema.entity.as_deref() == Some(entity) {
                    return Some(&item.fields);
                }
                item.fields
                    .iter()
                    .find_map(|field| self.find(schema.properties.get(&field.wire)?, &field.ty, entity))
            }
            _ => None,
        }
    }
}

/// Whether a value is read into a type of Rust.
fn is_typed(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Json | TypeRef::Object => false,
        TypeRef::List(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => is_typed(inner),
        _ => true,
    }
}

//! What an import keeps of an earlier one: methods that its documents do not describe, and the entities that these refer to.
//!
//! A method that a whole documentation no longer describes is kept for one release, with the date, and then removed. An import of
//! some pages keeps all other methods as they are.

mod sent;

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::descriptor::{
    Api, Descriptor, Entities, Entity, Event, Handler, MethodKey, Placement, Schema, Source, SourceForm,
    Undocumented, method_key,
};
use crate::diagnostic::Diagnostic;
use crate::extract::pipeline::Import;
use crate::extract::register::syntax::BROKEN_INCLUDE;

/// The lowest and the highest number of methods that may vanish in one import; between them, one of [`SHARE`] may.
const FEWEST: usize = 3;
const MOST: usize = 20;
const SHARE: usize = 50;

/// The number of broken includes that an import may have beyond those of the earlier one.
const MORE_BROKEN_INCLUDES: usize = 10;

/// What to do if too much vanished.
const WAY_OUT: &str = "the whole documentation; `--part` if these are only some pages; `--allow-removed` if the rest is really gone";

/// The earlier import, and how the present one relates to it.
#[derive(Clone, Debug, Default)]
pub struct Earlier<'a> {
    /// The methods. Their references to entities are expanded.
    pub methods: Vec<&'a Descriptor>,
    /// The placements.
    pub placements: Vec<&'a Placement>,
    /// The handlers.
    pub handlers: Vec<&'a Handler>,
    /// The entities.
    pub entities: Entities,
    /// The events. Their references to entities are expanded.
    pub events: Vec<&'a Event>,
    /// The number of includes without a fragment, if it is known.
    pub broken_includes: Option<usize>,
    /// Whether the present documents are a part of a documentation, so that no method vanishes.
    pub is_part: bool,
    /// Whether they are a whole documentation, which describes every method.
    pub is_whole: bool,
    /// The date of the present documentation.
    pub date: Option<&'a str>,
    /// The present version of the crate.
    pub version: &'a str,
    /// Whether any number of methods may vanish.
    pub allow_removed: bool,
}

/// What the spec contains after an import.
#[derive(Debug, Default)]
pub struct Complete {
    /// All methods, imported and kept.
    pub methods: Vec<Descriptor>,
    /// All placements, imported and kept.
    pub placements: Vec<Placement>,
    /// All handlers, imported and kept.
    pub handlers: Vec<Handler>,
    /// All entities.
    pub entities: Entities,
    /// All events, imported and kept.
    pub events: Vec<Event>,
    /// The methods, events, placements and handlers that vanished with this import, which are kept for one release.
    pub vanished: Vec<String>,
    /// Those that vanished in an earlier release, which are removed.
    pub removed: Vec<String>,
    /// Whether the documents describe or should describe all methods, so that they are the source of the spec.
    pub covers_all: bool,
    /// Errors if too much vanished.
    pub problems: Vec<Diagnostic>,
}

/// Completes an import by what is kept.
pub fn complete(import: &Import, earlier: &Earlier<'_>) -> Complete {
    let key = |method: &Descriptor| method_key(method.api, &method.method);
    let imported: BTreeSet<MethodKey> = import.descriptors.iter().map(key).collect();
    let folders: BTreeSet<&str> = import.report.read.iter().map(|read| first_folder(&read.file)).collect();
    let mut complete = Complete { covers_all: !earlier.is_part, ..Complete::default() };
    let mut kept = Vec::new();
    let mut expected = imported.len();
    for method in earlier.methods.iter().filter(|method| !imported.contains(&key(method))) {
        if earlier.is_part || !(earlier.is_whole || is_expected(method, &folders)) {
            complete.covers_all = false;
            kept.push((*method).clone());
            continue;
        }
        match &method.undocumented {
            Some(known) if known.version == earlier.version => kept.push((*method).clone()),
            Some(_) => complete.removed.push(method.method.clone()),
            None => {
                let (since, version) = (earlier.date.map(str::to_owned), earlier.version.to_owned());
                let undocumented = Some(Undocumented { since, version });
                expected += 1;
                complete.vanished.push(method.method.clone());
                kept.push(Descriptor { undocumented, ..(*method).clone() });
            }
        }
    }
    let vanished_methods = complete.vanished.clone();
    let kept_events = complete_events(import, earlier, &folders, &mut complete);
    complete.entities = entities(import, earlier, &kept, &kept_events);
    complete.methods = import.descriptors.clone();
    complete.methods.extend(kept);
    complete.events = import.events.clone();
    complete.events.extend(kept_events);
    let found = problems(import, earlier, &vanished_methods, expected);
    complete.problems.extend(found);
    let placements = sent::complete(&import.placements, &earlier.placements, import, earlier);
    let handlers = sent::complete(&import.handlers, &earlier.handlers, import, earlier);
    complete.vanished.extend(placements.vanished.into_iter().chain(handlers.vanished));
    complete.removed.extend(placements.removed.into_iter().chain(handlers.removed));
    complete.problems.extend(placements.problems.into_iter().chain(handlers.problems));
    (complete.placements, complete.handlers) = (placements.all, handlers.all);
    complete
}

/// The events that are kept. Those that a whole documentation no longer names are kept for one release, as methods are.
fn complete_events(
    import: &Import,
    earlier: &Earlier<'_>,
    folders: &BTreeSet<&str>,
    complete: &mut Complete,
) -> Vec<Event> {
    let imported: BTreeSet<String> =
        import.events.iter().map(|event| event.event.to_ascii_lowercase()).collect();
    let mut kept = Vec::new();
    let mut vanished = Vec::new();
    let missing = |event: &&&Event| !imported.contains(&event.event.to_ascii_lowercase());
    for event in earlier.events.iter().filter(missing) {
        if earlier.is_part || !(earlier.is_whole || is_in(&event.sources, folders)) {
            kept.push((*event).clone());
            continue;
        }
        match &event.undocumented {
            Some(known) if known.version == earlier.version => kept.push((*event).clone()),
            Some(_) => complete.removed.push(event.event.clone()),
            None => {
                let (since, version) = (earlier.date.map(str::to_owned), earlier.version.to_owned());
                let undocumented = Some(Undocumented { since, version });
                vanished.push(event.event.clone());
                kept.push(Event { undocumented, ..(*event).clone() });
            }
        }
    }
    let expected = imported.len() + vanished.len();
    complete.problems = too_many(&vanished, expected, "events", earlier).into_iter().collect();
    complete.vanished.extend(vanished);
    kept
}

/// Whether a documentation with pages in these folders should describe a method: an earlier page of the method was in one of them.
fn is_expected(method: &Descriptor, folders: &BTreeSet<&str>) -> bool {
    is_in(&method.sources, folders)
}

fn is_in(sources: &[Source], folders: &BTreeSet<&str>) -> bool {
    let is_page = |source: &&Source| source.form != SourceForm::Patch;
    let newest = sources.iter().find(is_page);
    newest.is_some_and(|source| folders.contains(first_folder(&source.file)))
}

/// The first folder of a path; empty for a file at the root.
fn first_folder(path: &str) -> &str {
    path.split_once('/').map_or("", |(folder, _)| folder)
}

/// The error if more methods or events vanished than a day of the documentation removes.
fn too_many(vanished: &[String], expected: usize, what: &str, earlier: &Earlier<'_>) -> Option<Diagnostic> {
    let limit = (expected / SHARE).clamp(FEWEST, MOST);
    if earlier.allow_removed || vanished.len() <= limit {
        return None;
    }
    let named: Vec<&str> = vanished.iter().take(5).map(String::as_str).collect();
    let message = format!(
        "{} of {expected} {what} are in no document any more, and at most {limit} may be: {}, …",
        vanished.len(),
        named.join(", ")
    );
    Some(Diagnostic::error(message).expecting(WAY_OUT))
}

/// Errors if more vanished than a day of the documentation removes.
fn problems(import: &Import, earlier: &Earlier<'_>, vanished: &[String], expected: usize) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if earlier.allow_removed {
        return problems;
    }
    if import.descriptors.is_empty() && !earlier.methods.is_empty() && !earlier.is_part {
        problems.push(Diagnostic::error("no document describes a method").expecting(WAY_OUT));
        return problems;
    }
    problems.extend(too_many(vanished, expected, "methods", earlier));
    let broken = broken_includes(import);
    let known = earlier.broken_includes.filter(|_| !earlier.is_part);
    if let Some(known) = known.filter(|known| broken > known + MORE_BROKEN_INCLUDES) {
        let message =
            format!("{broken} includes lead to no fragment, {known} did in the earlier documentation");
        problems.push(Diagnostic::error(message).expecting(WAY_OUT));
    }
    problems
}

/// The number of includes without a fragment.
pub fn broken_includes(import: &Import) -> usize {
    import.report.rules.get(BROKEN_INCLUDE.id).copied().unwrap_or_default()
}

/// The entities of an import, with what kept methods need: entities that were not drawn again, and fields of those that were.
fn entities(import: &Import, earlier: &Earlier<'_>, kept: &[Descriptor], events: &[Event]) -> Entities {
    let mut referenced = BTreeSet::new();
    for method in kept {
        referenced.extend(Entities::named_in(method).into_iter().map(|name| (method.api, name)));
    }
    let of_events = events.iter().flat_map(|event| event.data.entities());
    referenced.extend(of_events.map(|name| (Api::V2, name.to_owned())));
    let mut all: Vec<Entity> = import.entities.iter().cloned().collect();
    for (api, name) in referenced {
        let Some(known) = earlier.entities.get(api, &name) else { continue };
        match all.iter_mut().find(|entity| entity.api == api && entity.entity.eq_ignore_ascii_case(&name)) {
            Some(entity) if earlier.is_part => keep_fields(entity, known),
            Some(_) => {}
            None => all.push(known.clone()),
        }
    }
    all.into_iter().collect()
}

/// Adds the fields that only the earlier entity has. Those of both keep their place in the earlier one.
fn keep_fields(entity: &mut Entity, known: &Entity) {
    if known.fields.keys().all(|field| entity.fields.contains_key(field)) {
        return;
    }
    let mut drawn = std::mem::take(&mut entity.fields);
    let fields: IndexMap<String, Schema> = known
        .fields
        .iter()
        .map(|(name, schema)| (name.clone(), drawn.shift_remove(name).unwrap_or_else(|| schema.clone())))
        .collect();
    entity.fields = fields;
    entity.fields.extend(drawn);
}

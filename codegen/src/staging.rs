//! The files of a changed spec, checked before they are written: by everything that `cargo spec check` and `cargo regen` reject.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::descriptor::{
    Descriptor, Entities, Event, FrozenNames, Handler, NAMES_FILE, PinnedSource, Placement, SOURCE_FILE,
    SYSTEM_FILE, Spec, SystemDescriptor, descriptor_path, entity_path, event_path, handler_path,
    placement_path, render_descriptor, render_entity, render_event, render_handler, render_names,
    render_placement, render_source, render_system,
};
use crate::diagnostic::{Diagnostic, SourceText, append_unless_reported, has_errors, sort_diagnostics};
use crate::transaction::FileChanges;
use crate::{freeze_names, lower};

/// The content of a spec after a change.
#[derive(Clone, Copy, Debug)]
pub struct NewSpec<'a> {
    /// All methods. References to entities are expanded.
    pub methods: &'a [Descriptor],
    /// All placements.
    pub placements: &'a [Placement],
    /// All handlers.
    pub handlers: &'a [Handler],
    /// All entities.
    pub entities: &'a Entities,
    /// All events. References to entities are expanded.
    pub events: &'a [Event],
    /// The system descriptor. `None`: it stays.
    pub system: Option<&'a SystemDescriptor>,
    /// The documentation. `None`: it stays.
    pub source: Option<&'a PinnedSource>,
    /// Whether the names in Rust that callers of the existing spec use stay valid. Otherwise all names follow from the descriptors.
    pub freezes_names: bool,
}

/// The changes of the files below `folder`, which contains `existing`. The paths in `existing` begin with `folder`.
///
/// The scope and the name of a descriptor determine its path; if the path changes, the earlier file is removed. `needs_system`:
/// whether a spec without a system descriptor is an error, as it is for the project.
///
/// # Errors
/// Everything that `cargo spec check` would report about the new files.
pub fn stage(
    folder: &Path,
    existing: &Spec,
    new: NewSpec<'_>,
    needs_system: bool,
) -> Result<FileChanges, Vec<Diagnostic>> {
    let earlier = earlier_files(folder, existing);
    let mut files = rendered(new)?;
    let mut texts: BTreeMap<&Path, Arc<SourceText>> = BTreeMap::new();
    for kept in [SYSTEM_FILE, SOURCE_FILE].map(Path::new) {
        texts.extend(earlier.get(kept).map(|source| (kept, Arc::clone(source))));
    }
    let path_of = |path: &Path| folder.join(path).to_string_lossy().replace('\\', "/");
    texts.extend(
        files.iter().map(|(path, text)| (path.as_path(), SourceText::new(path_of(path), text.as_str()))),
    );
    let lacks_system = !texts.contains_key(Path::new(SYSTEM_FILE));
    let texts = texts.into_values().collect();
    let frozen_from = new.freezes_names.then_some(existing);
    let names = check(folder, texts, needs_system || !lacks_system, frozen_from)?;
    if names != FrozenNames::default() {
        files.insert(NAMES_FILE.into(), render_names(&names)?);
    }
    let always = [SYSTEM_FILE, SOURCE_FILE].map(Path::new);
    let stays = |path: &Path| files.contains_key(path) || always.contains(&path);
    let removed = earlier.keys().filter(|path| !stays(path)).cloned().collect();
    let differs =
        |(path, text): &(PathBuf, String)| earlier.get(path).is_none_or(|known| known.text != *text);
    let written = files.into_iter().filter(differs).map(|(path, text)| (path, text.into_bytes())).collect();
    Ok(FileChanges { written, removed })
}

/// The files of the earlier spec, by their paths below the folder.
fn earlier_files(folder: &Path, existing: &Spec) -> BTreeMap<PathBuf, Arc<SourceText>> {
    let methods = existing.methods.iter().map(|file| &file.source);
    let entities = existing.entities.iter().map(|file| &file.source);
    let events = existing.events.iter().map(|file| &file.source);
    let system = existing.system.iter().map(|file| &file.source);
    let source = existing.source.iter().map(|file| &file.source);
    let names = existing.names.iter().map(|file| &file.source);
    let placements = existing.placements.iter().map(|file| &file.source);
    let handlers = existing.handlers.iter().map(|file| &file.source);
    let entities = entities.chain(events).chain(placements).chain(handlers);
    let all = methods.chain(entities).chain(system).chain(source).chain(names);
    let below = |source: &Arc<SourceText>| {
        let path = Path::new(&source.path).strip_prefix(folder).ok()?;
        Some((path.to_owned(), Arc::clone(source)))
    };
    all.filter_map(below).collect()
}

/// The text of each file.
fn rendered(new: NewSpec<'_>) -> Result<BTreeMap<PathBuf, String>, Vec<Diagnostic>> {
    let method =
        |method: &Descriptor| Ok((descriptor_path(method), render_descriptor(method, new.entities)?));
    let methods: Vec<Result<_, Vec<Diagnostic>>> = new.methods.par_iter().map(method).collect();
    let mut files = BTreeMap::new();
    for (path, text) in methods.into_iter().collect::<Result<Vec<_>, _>>()? {
        if files.insert(path.clone(), text).is_some() {
            let message = format!("two methods have the file {}", path.display());
            return Err(vec![Diagnostic::error(message).expecting("one descriptor for each method")]);
        }
    }
    for entity in new.entities.iter() {
        files.insert(entity_path(entity), render_entity(entity)?);
    }
    for event in new.events {
        let path = event_path(event);
        if files.insert(path.clone(), render_event(event, new.entities)?).is_some() {
            let message = format!("two events have the file {}", path.display());
            return Err(vec![Diagnostic::error(message).expecting("one descriptor for each event")]);
        }
    }
    for placement in new.placements {
        files.insert(placement_path(placement), render_placement(placement)?);
    }
    for handler in new.handlers {
        files.insert(handler_path(handler), render_handler(handler)?);
    }
    if let Some(system) = new.system {
        files.insert(SYSTEM_FILE.into(), render_system(system)?);
    }
    if let Some(source) = new.source {
        files.insert(SOURCE_FILE.into(), render_source(source)?);
    }
    Ok(files)
}

/// Parses, validates and lowers the texts of a spec. Returns the names that are frozen for callers of the earlier spec.
fn check(
    folder: &Path,
    texts: Vec<Arc<SourceText>>,
    needs_system: bool,
    earlier: Option<&Spec>,
) -> Result<FrozenNames, Vec<Diagnostic>> {
    let (mut spec, mut problems) = Spec::of_texts(folder, texts, needs_system);
    if has_errors(&problems) {
        return Err(sort_diagnostics(problems));
    }
    let names =
        earlier.map_or_else(|| Ok(FrozenNames::default()), |earlier| freeze_names(earlier, &mut spec))?;
    if let Err(found) = lower::lower(&spec) {
        append_unless_reported(&mut problems, found);
    }
    if has_errors(&problems) { Err(sort_diagnostics(problems)) } else { Ok(names) }
}

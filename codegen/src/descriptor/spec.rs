//! All descriptors of `spec/`, and the checks across them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use serde::de::DeserializeOwned;

use super::entity::{Entities, Entity};
use super::event::{Event, event_path, is_event_path};
use super::handler::Handler;
use super::method_key::method_key;
use super::placement::Placement;
use super::rules::{
    validate_descriptor, validate_entity, validate_event, validate_handler, validate_placement,
    validate_system,
};
use super::sent_files::{duplicates, is_handler_path, is_placement_path, misplaced as misplaced_of};
use super::spans::Pointer;
use super::spec_file::SpecFile;
use super::{Api, Descriptor, FrozenNames, PinnedSource, SOURCE_FILE, Schema, SystemDescriptor, read_yaml};
use crate::diagnostic::{Diagnostic, SourceText, append_unless_reported, has_errors, sort_diagnostics};
use crate::parallel;
use crate::transaction::{PathClash, path_clashes};

/// All descriptors, parsed and validated.
#[derive(Debug, Default)]
pub struct Spec {
    /// The methods, by interface and name. Their references to entities are expanded.
    pub methods: Vec<SpecFile<Descriptor>>,
    /// The events, by name. Their references to entities are expanded.
    pub events: Vec<SpecFile<Event>>,
    /// The placements, by code.
    pub placements: Vec<SpecFile<Placement>>,
    /// The handlers, by name.
    pub handlers: Vec<SpecFile<Handler>>,
    /// The entities, by interface and name.
    pub entities: Vec<SpecFile<Entity>>,
    /// The entities of another crate that methods refer to.
    pub foreign: Entities,
    /// The system descriptor. `None` if only some files were read.
    pub system: Option<SpecFile<SystemDescriptor>>,
    /// The documentation that the methods were imported from.
    pub source: Option<SpecFile<PinnedSource>>,
    /// The frozen names in Rust. `None`: there are none.
    pub names: Option<SpecFile<FrozenNames>>,
    /// What scopes are, for exports.
    pub scope_descriptions: BTreeMap<String, String>,
}

/// The name of the file with frozen names, below `spec/`.
pub const NAMES_FILE: &str = "names.yaml";

/// Looks up an entity of another crate.
pub type FindEntity<'a> = &'a (dyn Fn(Api, &str) -> Option<Entity> + Sync);

/// The name of the system descriptor below `spec/`.
pub const SYSTEM_FILE: &str = "system.yaml";

/// The folder of the entities, below `spec/` and below `spec/v3/`.
const ENTITIES: &str = "entities";

impl Spec {
    /// Reads all descriptors below a folder of a project, with all diagnostics. The paths of files are relative to the project.
    pub fn load(project: &Path, folder: &Path) -> (Self, Vec<Diagnostic>) {
        let files = match spec_files(project, folder) {
            Ok(files) => files,
            Err(error) => return (Self::default(), vec![unreadable(folder, &error)]),
        };
        let (spec, problems) = Self::read(project, &files);
        spec.with_problems_of(folder, problems, true)
    }

    /// Parses and validates the texts of all files below a folder, with the diagnostics of [`load`](Self::load). `needs_system`:
    /// whether a missing system descriptor is one of them.
    pub fn of_texts(
        folder: &Path,
        texts: Vec<Arc<SourceText>>,
        needs_system: bool,
    ) -> (Self, Vec<Diagnostic>) {
        let (spec, problems) = Self::of_files(parallel::map(texts, ReadFile::of), &|_, _| None);
        spec.with_problems_of(folder, problems, needs_system)
    }

    /// Parses the content of files, as [`read`](Self::read) does after reading them.
    pub fn parse(files: Vec<Arc<SourceText>>) -> (Self, Vec<Diagnostic>) {
        Self::of_files(parallel::map(files, ReadFile::of), &|_, _| None)
    }

    /// Adds what is wrong with all files of a folder together.
    fn with_problems_of(
        self,
        folder: &Path,
        mut problems: Vec<Diagnostic>,
        needs_system: bool,
    ) -> (Self, Vec<Diagnostic>) {
        let spec = self;
        if needs_system && spec.system.is_none() && problems.is_empty() {
            let message = format!("{} is missing", shown(&folder.join(SYSTEM_FILE)));
            problems.push(
                Diagnostic::error(message).expecting("a file with the errors that any method can return"),
            );
        }
        let misplaced = spec.misplaced(folder);
        append_unless_reported(&mut problems, misplaced);
        (spec, problems)
    }

    /// Reads all descriptors of the output folder of an import. The folder may be missing.
    ///
    /// # Errors
    /// Every error in a descriptor: an import would overwrite the parts that it cannot parse.
    pub fn load_existing(folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        if !folder.exists() {
            return Ok(Self::default());
        }
        let here = Path::new("");
        let files = spec_files(here, folder).map_err(|error| vec![unreadable(folder, &error)])?;
        let (spec, problems) = Self::read(here, &files);
        if has_errors(&problems) { Err(sort_diagnostics(problems)) } else { Ok(spec) }
    }

    /// Reads the given files of a project, and the entities beside them, with all diagnostics. Files that cannot be read are left
    /// out of the spec.
    pub fn read(project: &Path, files: &[PathBuf]) -> (Self, Vec<Diagnostic>) {
        Self::read_with(project, files, &|_, _| None)
    }

    /// Reads all descriptors below a folder. They may refer to entities of another crate, and be in any folder; entities are in
    /// a folder `entities`.
    pub fn load_with(project: &Path, folder: &Path, foreign: FindEntity<'_>) -> (Self, Vec<Diagnostic>) {
        match spec_files(project, folder) {
            Ok(files) => Self::read_with(project, &files, foreign),
            Err(error) => (Self::default(), vec![unreadable(folder, &error)]),
        }
    }

    fn read_with(project: &Path, files: &[PathBuf], foreign: FindEntity<'_>) -> (Self, Vec<Diagnostic>) {
        let files = with_entities(project, files);
        Self::of_files(parallel::map(files, |path| ReadFile::read(project, &path)), foreign)
    }

    fn of_files(files: Vec<ReadFile>, find_foreign: FindEntity<'_>) -> (Self, Vec<Diagnostic>) {
        let mut spec = Self::default();
        let mut problems = Vec::new();
        let (mut methods, mut events) = (Vec::new(), Vec::new());
        for file in files {
            methods.extend(file.method.map(|method| (method, file.problems.is_empty())));
            events.extend(file.event.map(|event| (event, file.problems.is_empty())));
            spec.placements.extend(file.placement);
            spec.handlers.extend(file.handler);
            spec.entities.extend(file.entity);
            spec.system = file.system.or(spec.system);
            spec.source = file.source.or(spec.source);
            spec.names = file.names.or(spec.names);
            problems.extend(file.problems);
        }
        let of_methods = methods.iter().flat_map(|(method, _)| {
            let Descriptor { api, params, returns, .. } = &method.content;
            [(*api, params), (*api, returns)]
        });
        let of_events = events.iter().map(|(event, _)| (Api::V2, &event.content.data));
        spec.foreign = spec.foreign_entities(of_methods.chain(of_events), find_foreign);
        problems.extend(spec.recursive_entities());
        let entities = spec.all_entities();
        let finished = parallel::map(methods, |(method, complete)| finish(method, complete, &entities));
        for (method, found) in finished {
            spec.methods.push(method);
            append_unless_reported(&mut problems, found);
        }
        for (event, complete) in events {
            let (event, found) = finish_event(event, complete, &entities);
            spec.events.push(event);
            append_unless_reported(&mut problems, found);
        }
        spec.placements.sort_by_cached_key(|file| file.content.placement.clone());
        spec.handlers.sort_by_cached_key(|file| file.content.handler.clone());
        spec.events.sort_by_cached_key(|file| file.content.event.to_ascii_lowercase());
        spec.methods.sort_by_cached_key(|file| method_key(file.content.api, &file.content.method));
        spec.entities.sort_by_cached_key(|file| (file.content.api, file.content.entity.clone()));
        let duplicates = spec.duplicates();
        let clashes = if duplicates.is_empty() { spec.path_clashes() } else { Vec::new() };
        problems.extend(duplicates.into_iter().chain(clashes));
        (spec, problems)
    }

    /// The entities, for looking up references.
    pub fn entities(&self) -> Entities {
        self.entities.iter().map(|file| file.content.clone()).collect()
    }

    /// The entities, and those of another crate.
    pub(crate) fn all_entities(&self) -> Entities {
        self.entities.iter().map(|file| &file.content).chain(self.foreign.iter()).cloned().collect()
    }

    /// The entities of another crate that the schemas of methods and events, and entities refer to.
    fn foreign_entities<'d>(
        &self,
        schemas: impl Iterator<Item = (Api, &'d Schema)>,
        find: FindEntity<'_>,
    ) -> Entities {
        let own = self.entities();
        let of_entities = |entity: &Entity| {
            let referenced = entity.fields.values().flat_map(Schema::entities);
            referenced.map(|name| (entity.api, name.to_owned())).collect::<Vec<_>>()
        };
        let mut wanted: Vec<(Api, String)> = own.iter().flat_map(of_entities).collect();
        for (api, schema) in schemas {
            wanted.extend(schema.entities().into_iter().map(|name| (api, name.to_owned())));
        }
        let mut found: HashMap<(Api, String), Entity> = HashMap::new();
        while let Some(key) = wanted.pop() {
            if own.get(key.0, &key.1).is_none()
                && !found.contains_key(&key)
                && let Some(entity) = find(key.0, &key.1)
            {
                wanted.extend(of_entities(&entity));
                found.insert(key, entity);
            }
        }
        found.into_values().collect()
    }

    /// Entities that contain themselves.
    fn recursive_entities(&self) -> Vec<Diagnostic> {
        let all = self.all_entities();
        let recursive = |file: &&SpecFile<Entity>| all.contains_itself(&file.content);
        let report = |file: &SpecFile<Entity>| {
            let message = format!("the entity {} contains itself", file.content.entity);
            let diagnostic = Diagnostic::error(message).expecting("a field of another type");
            file.at_value(diagnostic, &Pointer::default().key("entity"))
        };
        self.entities.iter().filter(recursive).map(report).collect()
    }

    /// Files in another place than that of their content.
    fn misplaced(&self, folder: &Path) -> Vec<Diagnostic> {
        let methods = self.methods.iter().filter_map(|file| misplaced(folder, file));
        let entities = self.entities.iter().filter_map(|file| {
            let expected = shown(&folder.join(entity_path(&file.content)));
            let message = "the file name of this entity does not match its name";
            let diagnostic = Diagnostic::error(message).expecting(format!("the file {expected}"));
            let at = Pointer::default().key("entity");
            (file.source.path != expected).then(|| file.at_value(diagnostic, &at))
        });
        let events = self.events.iter().filter_map(|file| {
            let expected = shown(&folder.join(event_path(&file.content)));
            let message = "the file name of this event does not match its scope and name";
            let diagnostic = Diagnostic::error(message).expecting(format!("the file {expected}"));
            let at = Pointer::default().key("event");
            (file.source.path != expected).then(|| file.at_value(diagnostic, &at))
        });
        let placements = misplaced_of(folder, &self.placements);
        let handlers = misplaced_of(folder, &self.handlers);
        methods.chain(entities).chain(events).chain(placements).chain(handlers).collect()
    }

    /// Files that are one file, or in one folder, on a file system without case.
    fn path_clashes(&self) -> Vec<Diagnostic> {
        let methods = self.methods.iter().map(|file| file.source.path.as_str());
        let entities = self.entities.iter().map(|file| file.source.path.as_str());
        let events = self.events.iter().map(|file| file.source.path.as_str());
        let placements = self.placements.iter().map(|file| file.source.path.as_str());
        let handlers = self.handlers.iter().map(|file| file.source.path.as_str());
        let all = methods.chain(entities).chain(events).chain(placements).chain(handlers);
        let clashes = path_clashes(all.map(Path::new));
        let problem = |clash: PathClash| {
            let (first, second) = (shown(&clash.first), shown(&clash.second));
            Diagnostic::error(format!("{first} and {second} differ in case only")).expecting(
                "one spelling of the method, entity, event or scope, by a patch: some file systems ignore case",
            )
        };
        clashes.into_iter().map(problem).collect()
    }

    /// Methods and events that are described in two files. Names are compared without case, as portals do.
    fn duplicates(&self) -> Vec<Diagnostic> {
        let mut first: HashMap<(Api, String), &SpecFile<Descriptor>> = HashMap::new();
        let mut problems = Vec::new();
        for file in &self.methods {
            let key = method_key(file.content.api, &file.content.method);
            if let Some(earlier) = first.get(&key) {
                let message = format!(
                    "the method {} has another descriptor in {}",
                    file.content.method, earlier.source.path
                );
                let diagnostic =
                    Diagnostic::error(message).expecting("one descriptor for each method and interface");
                problems.push(file.at_value(diagnostic, &Pointer::default().key("method")));
            } else {
                first.insert(key, file);
            }
        }
        problems.extend(self.duplicate_events());
        problems.extend(duplicates(&self.placements));
        problems.extend(duplicates(&self.handlers));
        problems
    }

    fn duplicate_events(&self) -> Vec<Diagnostic> {
        let mut first: HashMap<String, &SpecFile<Event>> = HashMap::new();
        let mut problems = Vec::new();
        for file in &self.events {
            let event = &file.content.event;
            if let Some(earlier) = first.get(&event.to_ascii_lowercase()) {
                let message = format!("the event {event} has another descriptor in {}", earlier.source.path);
                let diagnostic = Diagnostic::error(message).expecting("one descriptor for each event");
                problems.push(file.at_value(diagnostic, &Pointer::default().key("event")));
            } else {
                first.insert(event.to_ascii_lowercase(), file);
            }
        }
        problems
    }
}

/// The result of reading a file.
#[derive(Default)]
struct ReadFile {
    method: Option<SpecFile<Descriptor>>,
    event: Option<SpecFile<Event>>,
    placement: Option<SpecFile<Placement>>,
    handler: Option<SpecFile<Handler>>,
    entity: Option<SpecFile<Entity>>,
    system: Option<SpecFile<SystemDescriptor>>,
    source: Option<SpecFile<PinnedSource>>,
    names: Option<SpecFile<FrozenNames>>,
    problems: Vec<Diagnostic>,
}

impl ReadFile {
    fn read(project: &Path, path: &Path) -> Self {
        match fs::read_to_string(project.join(path)) {
            Ok(text) => Self::of(SourceText::new(shown(path), text)),
            Err(error) => Self { problems: vec![unreadable(path, &error)], ..Self::default() },
        }
    }

    fn of(source: Arc<SourceText>) -> Self {
        let path = PathBuf::from(&source.path);
        if path.file_name().is_some_and(|name| name == SYSTEM_FILE) {
            let (system, problems) = parse_and_validate(source, validate_system);
            Self { system, problems, ..Self::default() }
        } else if path.file_name().is_some_and(|name| name == SOURCE_FILE) {
            let (source, problems) = parse_and_validate(source, |_, _| Vec::new());
            Self { source, problems, ..Self::default() }
        } else if path.file_name().is_some_and(|name| name == NAMES_FILE) {
            let (names, problems) = parse_and_validate(source, |_, _| Vec::new());
            Self { names, problems, ..Self::default() }
        } else if path.parent().is_some_and(|folder| folder.ends_with(ENTITIES)) {
            let (entity, problems) = parse_and_validate(source, validate_entity);
            Self { entity, problems, ..Self::default() }
        } else if is_event_path(&path) {
            let (event, problems) = parse_and_validate(source, |_, _| Vec::new());
            Self { event, problems, ..Self::default() }
        } else if is_placement_path(&path) {
            let (placement, problems) = parse_and_validate(source, validate_placement);
            Self { placement, problems, ..Self::default() }
        } else if is_handler_path(&path) {
            let (handler, problems) = parse_and_validate(source, validate_handler);
            Self { handler, problems, ..Self::default() }
        } else {
            let (method, problems) = parse_and_validate(source, |_, _| Vec::new());
            Self { method, problems, ..Self::default() }
        }
    }
}

/// Expands the references of a descriptor and validates it.
fn finish(
    file: SpecFile<Descriptor>,
    complete: bool,
    entities: &Entities,
) -> (SpecFile<Descriptor>, Vec<Diagnostic>) {
    let mut content = file.content.clone();
    let unknown = entities.expand(&mut content);
    let file = SpecFile::new(Arc::clone(&file.source), content);
    let mut problems = unknown_entities(&file, unknown);
    let complete = complete && problems.is_empty();
    append_unless_reported(&mut problems, validate_descriptor(&file, complete));
    (file, problems)
}

/// Expands the references of an event and validates it.
fn finish_event(
    file: SpecFile<Event>,
    complete: bool,
    entities: &Entities,
) -> (SpecFile<Event>, Vec<Diagnostic>) {
    let mut content = file.content.clone();
    let unknown = entities.expand_event(&mut content);
    let file = SpecFile::new(Arc::clone(&file.source), content);
    let mut problems = unknown_entities(&file, unknown);
    let complete = complete && problems.is_empty();
    append_unless_reported(&mut problems, validate_event(&file, complete));
    (file, problems)
}

fn unknown_entities<T>(file: &SpecFile<T>, unknown: Vec<(Pointer, String)>) -> Vec<Diagnostic> {
    let report = |(at, name)| {
        let diagnostic = Diagnostic::error(format!("there is no entity or field {name}"))
            .expecting(format!("the name of a file in {ENTITIES}/, and fields that it has"));
        file.at_value(diagnostic, &at)
    };
    unknown.into_iter().map(report).collect()
}

/// Parses and validates a file.
fn parse_and_validate<T: DeserializeOwned>(
    source: Arc<SourceText>,
    validate: impl Fn(&SpecFile<T>, bool) -> Vec<Diagnostic>,
) -> (Option<SpecFile<T>>, Vec<Diagnostic>) {
    let loaded = read_yaml::<T>(&source);
    let mut problems = loaded.problems;
    let Some(content) = loaded.content else { return (None, problems) };
    let file = SpecFile::new(source, content);
    let complete = problems.is_empty();
    append_unless_reported(&mut problems, validate(&file, complete));
    (Some(file), problems)
}

/// Validates a descriptor without a file. The diagnostics have no location.
pub(crate) fn find_contradictions(descriptor: &Descriptor) -> Vec<Diagnostic> {
    validate_descriptor(&SpecFile::new(SourceText::new("", ""), descriptor.clone()), true)
}

/// The path of a descriptor below `spec/`: `<scope>/<method>.yaml`, REST 3 below `v3/`, without a scope below `basic/`.
pub fn descriptor_path(descriptor: &Descriptor) -> PathBuf {
    let scope = descriptor.scope.first().map_or("basic", String::as_str);
    let folder = match descriptor.api {
        Api::V2 => PathBuf::from(scope),
        Api::V3 => Path::new("v3").join(scope),
    };
    folder.join(format!("{}.yaml", descriptor.method))
}

/// The path of an entity below `spec/`: `entities/<entity>.yaml`, REST 3 below `v3/`.
pub fn entity_path(entity: &Entity) -> PathBuf {
    let folder = match entity.api {
        Api::V2 => PathBuf::from(ENTITIES),
        Api::V3 => Path::new("v3").join(ENTITIES),
    };
    folder.join(format!("{}.yaml", entity.entity))
}

/// The given files and the entities in folders beside and above them, sorted.
fn with_entities(project: &Path, files: &[PathBuf]) -> Vec<PathBuf> {
    let mut all: BTreeSet<PathBuf> = files.iter().cloned().collect();
    // An event is one folder deeper than a method.
    let depth = |file: &PathBuf| if is_event_path(file) { 3 } else { 2 };
    let above = files.iter().flat_map(|file| file.ancestors().skip(1).take(depth(file)));
    let folders: BTreeSet<PathBuf> = above.map(|folder| folder.join(ENTITIES)).collect();
    for folder in folders {
        let entries = fs::read_dir(project.join(&folder)).into_iter().flatten().flatten();
        let paths = entries.map(|entry| folder.join(entry.file_name()));
        all.extend(paths.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")));
    }
    all.into_iter().collect()
}

fn misplaced(root: &Path, file: &SpecFile<Descriptor>) -> Option<Diagnostic> {
    let expected = shown(&root.join(descriptor_path(&file.content)));
    if file.source.path == expected {
        return None;
    }
    let diagnostic =
        Diagnostic::error("the file name of this descriptor does not match its scope and method name")
            .expecting(format!("the file {expected}"));
    Some(file.at_value(diagnostic, &Pointer::default().key("method")))
}

/// The folders with YAML files that are no descriptors, below `spec/`.
const OTHER_FOLDERS: [&str; 2] = ["patches", "words"];

/// The YAML files of descriptors below a folder, sorted. Patches and words are left out.
fn spec_files(project: &Path, top: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(project.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.path().is_dir() {
                if !OTHER_FOLDERS.iter().any(|other| path == top.join(other)) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be read: {error}", path.display()))
}

/// A path with forward slashes on every system.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

//! All descriptors of `spec/`, and the checks across them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use rayon::prelude::*;
use serde::de::DeserializeOwned;

use super::method_key::method_key;
use super::rules::{validate_descriptor, validate_system};
use super::spans::Pointer;
use super::spec_file::SpecFile;
use super::{Api, Descriptor, SystemDescriptor, read_yaml};
use crate::diagnostic::{Diagnostic, SourceText, append_unless_reported, has_errors, sort_diagnostics};

/// All descriptors, parsed and validated.
#[derive(Debug, Default)]
pub struct Spec {
    /// The methods, by interface and name.
    pub methods: Vec<SpecFile<Descriptor>>,
    /// The system descriptor. `None` if only some files were read.
    pub system: Option<SpecFile<SystemDescriptor>>,
}

/// The name of the system descriptor below `spec/`.
pub const SYSTEM_FILE: &str = "system.yaml";

impl Spec {
    /// Reads all descriptors below a folder of a project, with all diagnostics. The paths of files are relative to the project.
    pub fn load(project: &Path, folder: &Path) -> (Self, Vec<Diagnostic>) {
        let files = match spec_files(project, folder) {
            Ok(files) => files,
            Err(error) => return (Self::default(), vec![unreadable(folder, &error)]),
        };
        let (spec, mut problems) = Self::read(project, &files);
        if spec.system.is_none() && problems.is_empty() {
            let message = format!("{} is missing", shown(&folder.join(SYSTEM_FILE)));
            problems.push(
                Diagnostic::error(message).expecting("a file with the errors that any method can return"),
            );
        }
        let misplaced = spec.methods.iter().filter_map(|file| misplaced(folder, file)).collect();
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

    /// Reads the given files of a project, with all diagnostics. Files that cannot be read are left out of the spec.
    pub fn read(project: &Path, files: &[PathBuf]) -> (Self, Vec<Diagnostic>) {
        let mut spec = Self::default();
        let mut problems = Vec::new();
        let read: Vec<ReadFile> = files.par_iter().map(|path| ReadFile::read(project, path)).collect();
        for file in read {
            spec.methods.extend(file.method);
            spec.system = file.system.or(spec.system);
            problems.extend(file.problems);
        }
        spec.methods.sort_by_cached_key(|file| method_key(file.content.api, &file.content.method));
        problems.extend(spec.duplicates());
        (spec, problems)
    }

    /// Methods that are described in two files. Names are compared without case, as portals do.
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
        problems
    }
}

/// The result of reading a file.
#[derive(Default)]
struct ReadFile {
    method: Option<SpecFile<Descriptor>>,
    system: Option<SpecFile<SystemDescriptor>>,
    problems: Vec<Diagnostic>,
}

impl ReadFile {
    fn read(project: &Path, path: &Path) -> Self {
        let source = match fs::read_to_string(project.join(path)) {
            Ok(text) => SourceText::new(shown(path), text),
            Err(error) => return Self { problems: vec![unreadable(path, &error)], ..Self::default() },
        };
        if path.file_name().is_some_and(|name| name == SYSTEM_FILE) {
            let (system, problems) = parse_and_validate(source, validate_system);
            Self { system, problems, ..Self::default() }
        } else {
            let (method, problems) = parse_and_validate(source, validate_descriptor);
            Self { method, problems, ..Self::default() }
        }
    }
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

/// The YAML files of descriptors below a folder, sorted. Patches are left out.
fn spec_files(project: &Path, top: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(project.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                if path != top.join("patches") {
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
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

//! The files of placements and handlers: what a portal sends to an application beside events.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::handler::{HANDLERS, Handler, handler_path};
use super::placement::{PLACEMENTS, Placement, placement_path};
use super::spans::Pointer;
use super::spec_file::SpecFile;
use crate::diagnostic::Diagnostic;

/// A file of the spec that is named after its content.
pub(super) trait NamedFile {
    /// What it is, for messages; also the key with the name.
    const KIND: &'static str;

    fn name(&self) -> &str;

    /// The path below `spec/`.
    fn path(&self) -> PathBuf;
}

impl NamedFile for Placement {
    const KIND: &'static str = "placement";

    fn name(&self) -> &str {
        &self.placement
    }

    fn path(&self) -> PathBuf {
        placement_path(self)
    }
}

impl NamedFile for Handler {
    const KIND: &'static str = "handler";

    fn name(&self) -> &str {
        &self.handler
    }

    fn path(&self) -> PathBuf {
        handler_path(self)
    }
}

/// Whether a path is one of a placement: two folders above it is `placements`.
pub(super) fn is_placement_path(path: &Path) -> bool {
    path.parent().and_then(Path::parent).is_some_and(|folder| folder.ends_with(PLACEMENTS))
}

/// Whether a path is one of a handler: the folder around it is `handlers`.
pub(super) fn is_handler_path(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with(HANDLERS))
}

/// Files in another place than that of their content.
pub(super) fn misplaced<T: NamedFile>(folder: &Path, files: &[SpecFile<T>]) -> Vec<Diagnostic> {
    let misplaced = |file: &SpecFile<T>| {
        let expected = folder.join(file.content.path()).to_string_lossy().replace('\\', "/");
        let message = format!("the file name of this {} does not match its content", T::KIND);
        let diagnostic = Diagnostic::error(message).expecting(format!("the file {expected}"));
        let at = Pointer::default().key(T::KIND);
        (file.source.path != expected).then(|| file.at_value(diagnostic, &at))
    };
    files.iter().filter_map(misplaced).collect()
}

/// Files with the name of another one, compared without case.
pub(super) fn duplicates<T: NamedFile>(files: &[SpecFile<T>]) -> Vec<Diagnostic> {
    let mut first: HashMap<String, &SpecFile<T>> = HashMap::new();
    let mut problems = Vec::new();
    for file in files {
        let name = file.content.name();
        if let Some(earlier) = first.get(&name.to_ascii_lowercase()) {
            let kind = T::KIND;
            let message = format!("the {kind} {name} has another descriptor in {}", earlier.source.path);
            let diagnostic = Diagnostic::error(message).expecting(format!("one descriptor for each {kind}"));
            problems.push(file.at_value(diagnostic, &Pointer::default().key(kind)));
        } else {
            first.insert(name.to_ascii_lowercase(), file);
        }
    }
    problems
}

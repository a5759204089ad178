//! The files of `spec/words/`: where they are, what each is about, and their content.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use serde::de::DeserializeOwned;

use super::format::{
    EntitiesFile, ErrorsFile, EventsFile, HandlersFile, MethodsFile, ModulesFile, PartFile, PlacementsFile,
    ScopesFile, Texts, ValueTexts,
};
use crate::descriptor::{Api, read_yaml_with_any_keys};
use crate::diagnostic::{Diagnostic, SourceText};

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Glossary,
    Part,
    Values,
    Errors,
    Formats,
    Scopes,
    Modules,
    Entities(Api),
    Methods,
    Events,
    Placements,
    Handlers,
}

/// The content of a file, and what is wrong with it.
pub(super) struct Read {
    pub(super) source: Arc<SourceText>,
    pub(super) content: Option<Content>,
    pub(super) problems: Vec<Diagnostic>,
}

/// The content of a file of each kind.
pub(super) enum Content {
    Glossary(Texts),
    Part(PartFile),
    Values(ValueTexts),
    Errors(ErrorsFile),
    Formats(Texts),
    Scopes(ScopesFile),
    Modules(ModulesFile),
    Entities(Api, EntitiesFile),
    Methods(MethodsFile),
    Events(EventsFile),
    Placements(PlacementsFile),
    Handlers(HandlersFile),
}

/// The YAML files below a folder, relative to it, sorted. None if the folder is missing.
pub(super) fn files_below(top: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = if top.is_dir() { vec![PathBuf::new()] } else { Vec::new() };
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(top.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// What a file is about, by its path below the folder.
fn kind(path: &Path) -> Option<Kind> {
    let path = path.with_extension("");
    let steps: Vec<_> = path.iter().map(|step| step.to_string_lossy()).collect();
    let words: Vec<&str> = steps.iter().map(AsRef::as_ref).collect();
    Some(match words.as_slice() {
        ["glossary"] => Kind::Glossary,
        ["values"] => Kind::Values,
        ["errors"] => Kind::Errors,
        ["formats"] => Kind::Formats,
        ["scopes"] => Kind::Scopes,
        ["modules"] => Kind::Modules,
        ["glossary", ..] => Kind::Part,
        ["methods", ..] => Kind::Methods,
        ["events", _, ..] => Kind::Events,
        ["placements", _, ..] => Kind::Placements,
        ["handlers", _, ..] => Kind::Handlers,
        ["entities", "v3", ..] => Kind::Entities(Api::V3),
        ["entities", _, ..] => Kind::Entities(Api::V2),
        _ => return None,
    })
}

/// Reads a file. Its path is relative to the folder `top`.
pub(super) fn read(project: &Path, top: &Path, path: &Path) -> Read {
    let shown = top.join(path).to_string_lossy().replace('\\', "/");
    let text = match fs::read_to_string(project.join(top).join(path)) {
        Ok(text) => text,
        Err(error) => {
            let problems = vec![Diagnostic::error(format!("{shown} cannot be read: {error}"))];
            return Read { source: SourceText::new(shown, ""), content: None, problems };
        }
    };
    let source = SourceText::new(shown, text);
    let Some(kind) = kind(path) else {
        let expected = "glossary, values, errors, formats, scopes or modules, or a file of glossary/, entities/, methods/, events/, placements/ \
            or handlers/";
        let problem = Diagnostic::error("words are in no file of this name").expecting(expected);
        let problems = vec![problem.at_line(&source, 1)];
        return Read { source, content: None, problems };
    };
    // A file of comments has no words yet.
    if source.text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Read { source, content: None, problems: Vec::new() };
    }
    match kind {
        Kind::Glossary => parsed(source, Content::Glossary),
        Kind::Part => parsed(source, Content::Part),
        Kind::Values => parsed(source, Content::Values),
        Kind::Errors => parsed(source, Content::Errors),
        Kind::Formats => parsed(source, Content::Formats),
        Kind::Scopes => parsed(source, Content::Scopes),
        Kind::Modules => parsed(source, Content::Modules),
        Kind::Methods => parsed(source, Content::Methods),
        Kind::Events => parsed(source, Content::Events),
        Kind::Placements => parsed(source, Content::Placements),
        Kind::Handlers => parsed(source, Content::Handlers),
        Kind::Entities(api) => parsed(source, |content| Content::Entities(api, content)),
    }
}

fn parsed<T: DeserializeOwned>(source: Arc<SourceText>, content: impl Fn(T) -> Content) -> Read {
    let loaded = read_yaml_with_any_keys::<T>(&source);
    Read { source, content: loaded.content.map(content), problems: loaded.problems }
}

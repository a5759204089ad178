//! Replays several days of the real documentation: each is imported into the spec of the day before, without an edit by hand.
//!
//! `BITRIX24_DOCS` names a folder with a documentation in each of its folders, whose names have the order of the days. Without it
//! the test prints a note and passes.

#[path = "common/mod.rs"]
mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bitrix24_codegen::descriptor::{Descriptor, Spec};
use bitrix24_codegen::lower;
use bitrix24_codegen::model::{Library, ModulePath, RustName};
use common::{run, text};
use serde_json::Value;
use tempfile::TempDir;

/// The documentations, the oldest first.
#[expect(clippy::print_stderr, reason = "the output of the tests must show that they checked nothing")]
fn days() -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("BITRIX24_DOCS") else {
        eprintln!("note: BITRIX24_DOCS is not set, so nothing is replayed");
        return Vec::new();
    };
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut days: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    days.sort();
    days
}

/// A project with the patches and the recorded traffic of this one, and no descriptor.
fn empty_project() -> TempDir {
    let project = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for folder in ["spec/patches", "spec/recorded"] {
        let to = project.path().join(folder);
        fs::create_dir_all(&to).unwrap();
        for file in fs::read_dir(root.join(folder)).into_iter().flatten() {
            let file = file.unwrap();
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
    project
}

fn succeed(project: &Path, words: &[&str]) {
    let output = run(project, words);
    assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
}

fn import(project: &Path, day: &Path) {
    succeed(project, &["spec", "import", day.to_str().unwrap()]);
    succeed(project, &["spec", "check"]);
    succeed(project, &["regen"]);
}

fn spec_of(project: &Path) -> Spec {
    let (spec, problems) = Spec::load(project, Path::new("spec"));
    assert!(problems.is_empty(), "{problems:#?}");
    spec
}

/// The paths under which callers find modules, functions, requests and errors.
fn paths(library: &Library) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for (module, content) in &library.modules {
        let mut names: Vec<&RustName> = content.aliases.iter().map(|alias| &alias.name).collect();
        for method in &content.methods {
            names.extend([&method.function, &method.request.name, &method.error.name]);
            names.extend(&method.function_aliases);
        }
        for place in spellings(library, module) {
            paths.extend(names.iter().map(|name| format!("{place}::{name}")));
        }
    }
    paths
}

/// A module and its earlier paths.
fn spellings(library: &Library, module: &ModulePath) -> Vec<ModulePath> {
    let mut found = vec![module.clone()];
    for (alias, target) in &library.module_aliases {
        if module.is_within(target) {
            let below = module.0.iter().skip(target.0.len());
            found.push(ModulePath(alias.0.iter().chain(below).cloned().collect()));
        }
    }
    found
}

/// What the documents decide of a method, without what is frozen.
fn documented(descriptor: &Descriptor, frozen: &Descriptor) -> Value {
    let mut descriptor = descriptor.clone();
    descriptor.args.clear();
    descriptor.frozen.clear();
    descriptor.sources.clear();
    descriptor.errors.retain(|error| !error.historical);
    descriptor.errors.iter_mut().for_each(|error| error.name = None);
    let mut json = serde_json::to_value(descriptor).unwrap();
    for place in &frozen.frozen {
        let mut at = &mut json["params"];
        let mut names = place.split('/').peekable();
        while let Some(name) = names.next() {
            while at.get("properties").is_none() && at.get("items").is_some() {
                at = &mut at["items"];
            }
            let Some(properties) = at.get_mut("properties").and_then(Value::as_object_mut) else { break };
            if names.peek().is_none() {
                properties.shift_remove(name);
                break;
            }
            let Some(next) = properties.get_mut(name) else { break };
            at = next;
        }
    }
    json
}

#[test]
fn each_day_of_the_documentation_goes_through() {
    let days = days();
    let Some(last) = days.last() else { return };
    let replayed = empty_project();
    let mut known = BTreeSet::new();
    for day in &days {
        import(replayed.path(), day);
        let now = paths(&lower::lower(&spec_of(replayed.path())).unwrap());
        let lost: Vec<&String> = known.difference(&now).collect();
        assert!(lost.is_empty(), "{} takes names from callers: {lost:#?}", day.display());
        known = now;
    }
    let direct = empty_project();
    import(direct.path(), last);
    let (replayed, direct) = (spec_of(replayed.path()), spec_of(direct.path()));
    let mut different = Vec::new();
    for method in &direct.methods {
        let same = |file: &&bitrix24_codegen::descriptor::SpecFile<Descriptor>| {
            file.content.api == method.content.api
                && file.content.method.eq_ignore_ascii_case(&method.content.method)
        };
        let found = replayed.methods.iter().find(same).map(|file| &file.content);
        let found = found.unwrap_or_else(|| panic!("{} is missing", method.content.method));
        let (one, other) = (documented(found, found), documented(&method.content, found));
        if one != other {
            different.push(format!("{}\n  {one}\n  {other}", method.content.method));
        }
    }
    assert!(different.is_empty(), "{} methods differ: {}", different.len(), different.join("\n"));
}

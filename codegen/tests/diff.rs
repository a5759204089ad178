//! What `cargo spec diff` reports: each folder of `diff/` is a rule, named after it, with two specs.
//!
//! The snapshot beside `old/` and `new/` is the text of their comparison. A rule must fire on its folder, with its own severity.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bitrix24_codegen::descriptor::{FrozenNames, Spec};
use bitrix24_codegen::diff::{Diff, RULES, Severities, Severity, Side, diff};
use bitrix24_codegen::words::{LinkForm, Words};
use bitrix24_codegen::{freeze_names, lower};

#[test]
fn every_rule_fires_on_its_two_specs() {
    let mut silent = Vec::new();
    for rule in RULES {
        let folder = rules().join(rule.id);
        assert!(folder.is_dir(), "{}: no folder of this name in tests/diff/", rule.id);
        let found = compared(&folder);
        if !found.changes.iter().any(|change| change.rule == *rule && change.severity == rule.severity) {
            silent.push(rule.id);
        }
        insta::with_settings!({
            snapshot_path => &folder, prepend_module_to_snapshot => false, omit_expression => true
        }, {
            insta::assert_snapshot!("changes", found.to_string());
        });
    }
    assert!(silent.is_empty(), "rules that do not fire on their folders: {silent:?}");
}

#[test]
fn a_name_that_is_frozen_or_has_a_deprecated_alias_is_no_change_for_callers() {
    for rule in ["error_renamed", "field_renamed", "function_renamed", "parameter_renamed", "type_renamed"] {
        let folder = rules().join(rule);
        let (old, mut new) = (Loaded::of(&folder.join("old")), Loaded::of(&folder.join("new")));
        let names = freeze_names(&old.spec, &mut new.spec).unwrap();
        assert_ne!(names, FrozenNames::default(), "{rule}");
        new.library = lower::lower(&new.spec).unwrap();
        let found = diff(&old.side(), &new.side(), &Severities::default());
        let breaking = found.changes.iter().filter(|change| change.severity == Severity::Breaking);
        let breaking: Vec<&str> = breaking.map(|change| change.rule.id).collect();
        assert_eq!(breaking, [""; 0], "{rule}: {found}");
    }
}

#[test]
fn every_folder_is_a_rule() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len(), "two rules have one id");
    for entry in fs::read_dir(rules()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(ids.contains(name.as_str()), "{name}: no rule of this name");
    }
}

#[test]
fn a_spec_does_not_differ_from_itself() {
    for rule in RULES {
        for side in ["old", "new"] {
            let folder = rules().join(rule.id).join(side);
            let loaded = Loaded::of(&folder);
            let found = diff(&loaded.side(), &loaded.side(), &Severities::default());
            assert_eq!(found, Diff::default(), "{}", folder.display());
        }
    }
}

fn rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff")
}

struct Loaded {
    spec: Spec,
    library: bitrix24_codegen::model::Library,
}

impl Loaded {
    fn of(folder: &Path) -> Self {
        let mut files = files(folder);
        files.retain(|file| !file.starts_with("words"));
        files.sort();
        let (spec, mut problems) = Spec::read(folder, &files);
        let (words, found) = Words::load(folder, Path::new(""));
        problems.extend(found);
        assert_eq!(problems, [], "{}", folder.display());
        let mut library =
            lower::lower(&spec).unwrap_or_else(|problems| panic!("{}: {problems:#?}", folder.display()));
        words.attach(&spec, &mut library, LinkForm::WireName);
        Self { spec, library }
    }

    fn side(&self) -> Side<'_> {
        Side { spec: &self.spec, library: &self.library }
    }
}

/// The files below a folder, relative to it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(current).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    found
}

fn compared(folder: &Path) -> Diff {
    let (old, new) = (Loaded::of(&folder.join("old")), Loaded::of(&folder.join("new")));
    diff(&old.side(), &new.side(), &Severities::default())
}

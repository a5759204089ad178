//! `cargo spec patch`: patches applied to committed descriptors, without the documentation.
#![cfg(feature = "importer")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::{Diagnostic, SourceText};
use bitrix24_codegen::extract::apply_to_spec;
use common::{assert_transcript, files, project, run, write};
use tempfile::TempDir;

const LEND: &str = "spec/workshop/workshop.tool.lend.yaml";
const PATCHES: &str = "spec/patches/workshop.yaml";

/// A patch of each kind of assignment: a value, a path below it, an error, and a removal.
const MENDED: &str = "\
- method: Workshop.Tool.Lend
  why: The page calls a number a text.
  set:
    summary: Hands out a tool.
    params/properties/days: {type: integer, minimum: 1, maximum: 45}
    errors/TOOL_IS_OUT: {status: 410}
- system: true
  why: The table does not say whether the request ran.
  set:
    errors/TOO_MANY: {status: 503, ran: no}
";

/// A project with the descriptors of an import.
fn imported() -> TempDir {
    let project = project();
    import(&project);
    project
}

fn import(project: &TempDir) {
    let output = run(project.path(), &["spec", "import", "docs"]);
    assert!(output.status.success(), "{output:?}");
}

/// The content of every descriptor.
fn descriptors(project: &TempDir) -> Vec<(String, String)> {
    let descriptors = files(project, "spec").into_iter().filter(|path| !path.contains("patches"));
    descriptors.map(|path| (path.clone(), read(project, &path))).collect()
}

fn read(project: &TempDir, path: &str) -> String {
    fs::read_to_string(project.path().join(path)).unwrap()
}

/// The lines of `after` that `before` does not have, and the other way round.
fn diff(before: &str, after: &str) -> String {
    let without = |text: &str, other: &str, mark: char| -> String {
        let lines = text.lines().filter(|line| !other.lines().any(|known| known == *line));
        lines.map(|line| format!("{mark} {line}\n")).collect()
    };
    without(before, after, '-') + &without(after, before, '+')
}

#[test]
fn a_patch_changes_the_descriptor_once_and_is_recorded_as_a_source() {
    let project = imported();
    let before = read(&project, LEND);
    write(project.path(), PATCHES, MENDED);
    assert_transcript!(&project, &[&["spec", "patch"], &["spec", "patch"], &["spec", "check"]]);
    insta::assert_snapshot!("the_patched_descriptor", diff(&before, &read(&project, LEND)));
}

#[test]
fn the_result_is_that_of_an_import_with_the_patch() {
    let (patched, reimported) = (imported(), imported());
    for project in [&patched, &reimported] {
        write(project.path(), PATCHES, MENDED);
    }
    assert!(run(patched.path(), &["spec", "patch"]).status.success());
    import(&reimported);
    assert_eq!(descriptors(&patched), descriptors(&reimported));
}

#[test]
fn a_changed_patch_replaces_its_earlier_value() {
    let project = imported();
    write(project.path(), PATCHES, MENDED);
    assert!(run(project.path(), &["spec", "patch"]).status.success());
    let before = read(&project, LEND);
    write(project.path(), PATCHES, &MENDED.replace("maximum: 45", "maximum: 60"));
    assert_transcript!(&project, &[&["spec", "patch"]]);
    insta::assert_snapshot!("the_descriptor_with_the_changed_patch", diff(&before, &read(&project, LEND)));
}

#[test]
fn a_patch_that_moves_to_another_file_moves_in_the_sources() {
    let project = imported();
    write(project.path(), PATCHES, MENDED);
    assert!(run(project.path(), &["spec", "patch"]).status.success());
    let before = read(&project, LEND);
    fs::remove_file(project.path().join(PATCHES)).unwrap();
    write(project.path(), "spec/patches/tools.yaml", MENDED);
    assert_transcript!(&project, &[&["spec", "patch"], &["spec", "patch"]]);
    insta::assert_snapshot!("the_descriptor_of_the_moved_patch", diff(&before, &read(&project, LEND)));
}

#[test]
fn a_removed_patch_is_reported_and_its_effect_stays() {
    let project = imported();
    write(project.path(), PATCHES, MENDED);
    assert!(run(project.path(), &["spec", "patch"]).status.success());
    let before = descriptors(&project);
    write(project.path(), PATCHES, &MENDED.replace("    summary: Hands out a tool.\n", ""));
    assert_transcript!(&project, &[&["spec", "patch"]]);
    assert_eq!(descriptors(&project), before);
    fs::remove_dir_all(project.path().join("spec/patches")).unwrap();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("all_patches_removed", common::transcript(&project, &[&["spec", "patch"]]));
    });
    assert_eq!(descriptors(&project), before);
}

#[test]
fn a_removal_that_is_applied_already_is_no_error() {
    let project = imported();
    let patch = "- {method: workshop.tool.lend, why: It never comes., set: {errors/TOOL_IS_OUT: null}}\n";
    write(project.path(), PATCHES, patch);
    assert_transcript!(&project, &[&["spec", "patch"], &["spec", "patch"]]);
}

#[test]
fn a_patch_for_another_form_is_skipped() {
    let project = imported();
    let before = descriptors(&project);
    write(project.path(), PATCHES, &MENDED.replace("  why:", "  only_for: rendered\n  why:"));
    assert_transcript!(&project, &[&["spec", "patch"]]);
    assert_eq!(descriptors(&project), before);
}

#[test]
fn nothing_is_written_if_a_patch_is_wrong() {
    let entry = |set: &str| format!("- {{method: workshop.tool.lend, why: A reason., set: {{{set}}}}}\n");
    let wrong = [
        ("no_such_method", MENDED.replace("Tool.Lend", "Tool.Lent")),
        ("another_interface", MENDED.replace("  why: The page", "  api: v3\n  why: The page")),
        ("no_such_key", entry("sumary: Lends.")),
        ("no_such_error", entry("errors/NONE/status: 400")),
        ("a_removal_of_nothing", entry("errors/NONE: null")),
        ("the_present_value", entry("scope: [workshop, store]")),
        ("a_contradiction", entry("keyset: {id: toolId}")),
        ("not_yaml", "- [".to_owned()),
    ];
    for (name, patch) in wrong {
        let project = imported();
        let before = descriptors(&project);
        let good = "- {method: workshop.tool.lend, why: A reason., set: {summary: Lends a tool.}}\n";
        write(project.path(), "spec/patches/good.yaml", good);
        write(project.path(), PATCHES, &patch);
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(name, common::transcript(&project, &[&["spec", "patch"]]));
        });
        assert_eq!(descriptors(&project), before, "{name}");
    }
}

#[test]
fn a_patch_of_an_entity_changes_its_methods() {
    let project = project();
    for (method, result) in [
        ("get", r#"{"id": 7, "name": "Saw", "weight": 2.5}"#),
        ("list", r#"[{"id": 7, "name": "Saw", "weight": 2.5}]"#),
    ] {
        let page = format!(
            "# Blades workshop.blade.{method}\n\n> Scope: `workshop`\n\nThe method has no parameters.\n\n\
             ## Response Handling\n\n```json\n{{\"result\": {result}}}\n```\n"
        );
        write(project.path(), &format!("docs/workshop-blade-{method}.md"), &page);
    }
    import(&project);
    let entity = "spec/entities/workshop.blade.yaml";
    let patch = "- {entity: workshop.blade, why: A blade has a code., set: {fields/id/type: string, fields/teeth: {type: integer}}}\n";
    write(project.path(), PATCHES, patch);
    let before = (read(&project, entity), descriptors(&project));
    assert_transcript!(&project, &[&["spec", "patch"], &["spec", "patch"], &["spec", "check"]]);
    insta::assert_snapshot!("the_patched_entity", diff(&before.0, &read(&project, entity)));
    let methods = |descriptors: &[(String, String)]| -> Vec<(String, String)> {
        descriptors.iter().filter(|(path, _)| path != entity).cloned().collect()
    };
    assert_eq!(methods(&before.1), methods(&descriptors(&project)), "the methods refer to the entity");
    let patched = descriptors(&project);
    import(&project);
    assert_eq!(descriptors(&project), patched);
}

#[test]
fn the_committed_spec_contains_the_effects_of_its_patches() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (spec, problems) = Spec::load(&root, Path::new("spec"));
    assert_eq!(problems, []);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(root.join("spec/patches")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let source =
        |path: &PathBuf| SourceText::new(path.display().to_string(), fs::read_to_string(path).unwrap());
    let sources: Vec<_> = paths.iter().map(source).collect();
    let patched = apply_to_spec(&spec, &sources);
    let changed: Vec<&str> =
        patched.descriptors.iter().map(|descriptor| descriptor.method.as_str()).collect();
    let diagnostics: Vec<String> = patched.diagnostics.iter().map(Diagnostic::to_string).collect();
    let hint = "run `cargo spec patch` and `cargo regen`";
    assert_eq!((changed, patched.system, diagnostics), (Vec::new(), None, Vec::new()), "{hint}");
    assert!(!patched.up_to_date.is_empty());
}

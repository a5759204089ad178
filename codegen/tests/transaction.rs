//! Imports by real processes that are killed, run out of space, may not write, or run at the same time: the descriptors are those
//! before the import or those after it.

mod common;
#[path = "transaction/documentation.rs"]
mod documentation;
#[path = "transaction/source.rs"]
mod source;
#[path = "transaction/state.rs"]
mod state;
#[path = "transaction/vanished.rs"]
mod vanished;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{command, project, run, text, write};
use documentation::{Documentation, import};
use state::{State, shell_in_namespace, state_of};
use tempfile::TempDir;

/// The number of imports that are killed.
const KILLS: &str = "B24_KILLS";

/// A project whose spec is imported from `docs`, and another documentation in `other`.
fn project_with_two_documentations() -> TempDir {
    let project = project();
    Documentation::of(40).write(&project.path().join("docs"));
    Documentation::of(40).with_field("weight").without(2).write(&project.path().join("other"));
    write(project.path(), "spec/README.md", "Written by hand.\n");
    write(project.path(), "spec/patches/zoo.yaml", "[]\n");
    assert!(import(project.path(), "docs").status.success());
    project
}

/// The descriptors before and after an import of the other documentation.
fn before_and_after() -> (TempDir, State, State) {
    let project = project_with_two_documentations();
    let before = state_of(&project.path().join("spec"));
    let other = project_with_two_documentations();
    assert!(import(other.path(), "other").status.success());
    let after = state_of(&other.path().join("spec"));
    assert_ne!(before, after);
    (project, before, after)
}

/// Kills an import after a time, and returns whether it was still running.
fn kill_after(mut command: Command, time: Duration) -> bool {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(time);
    let is_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    is_running
}

/// Moments from the start of a command to its end, in an order that differs between runs.
fn moments(length: Duration) -> impl Iterator<Item = Duration> {
    let kills: u32 = std::env::var(KILLS).ok().and_then(|number| number.parse().ok()).unwrap_or(12);
    let seed = u64::from(Instant::now().elapsed().subsec_nanos()) + u64::from(std::process::id());
    let mut random = seed | 1;
    (0..kills).map(move |_| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        length.mul_f64(f64::from(u32::try_from(random % 1_100).unwrap()) / 1_000.0)
    })
}

#[test]
fn a_killed_import_leaves_the_descriptors_before_or_after_it() {
    let (project, before, after) = before_and_after();
    let spec = project.path().join("spec");
    let start = Instant::now();
    assert!(import(project.path(), "other").status.success());
    let length = start.elapsed();
    // Imports alternate between the two documentations, so that each has something to write.
    let mut documentation = "docs";
    let with_vanished = {
        assert!(import(project.path(), "docs").status.success());
        state_of(&spec)
    };
    assert_eq!(with_vanished, before, "a documented method is not marked any more");
    for moment in moments(length) {
        documentation = if documentation == "docs" { "other" } else { "docs" };
        kill_after(command(project.path(), &["spec", "import", documentation]), moment);
        let state = state_of(&spec);
        assert!(
            state == before || state == after,
            "killed after {moment:?}: {}",
            state.describe(&before, &after)
        );
        let checked = run(project.path(), &["spec", "check"]);
        assert!(checked.status.success(), "{}", text(&checked.stderr));
    }
    assert!(import(project.path(), "other").status.success());
    assert_eq!(state_of(&spec), after);
    assert_eq!(hidden(project.path()), [""; 0], "what a killed import has left is removed");
}

/// The hidden files and folders of a project.
fn hidden(project: &Path) -> Vec<String> {
    let names = fs::read_dir(project).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with('.')).collect()
}

#[test]
fn a_folder_that_cannot_be_exchanged_is_changed_completely_or_not_at_all() {
    let (project, before, after) = before_and_after();
    let spec = project.path().join("spec");
    let binary = env!("CARGO_BIN_EXE_bitrix24-codegen");
    let script = |documentation: &str| {
        format!("mount --bind spec spec && exec {binary} spec import {documentation} --root .")
    };
    let start = Instant::now();
    let Some(mut shell) = shell_in_namespace(project.path(), &script("other")) else { return };
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(state_of(&spec), after);
    let length = start.elapsed();
    let mut documentation = "other";
    for moment in moments(length) {
        documentation = if documentation == "docs" { "other" } else { "docs" };
        kill_after(shell_in_namespace(project.path(), &script(documentation)).unwrap(), moment);
        let checked = run(project.path(), &["spec", "check"]);
        assert!(checked.status.success(), "{}", text(&checked.stderr));
        let mut state = state_of(&spec);
        // Staged files without a journal change nothing. The next import removes them.
        state.remove_staged();
        assert!(
            state == before || state == after,
            "killed after {moment:?}: {}",
            state.describe(&before, &after)
        );
    }
    assert!(import(project.path(), "docs").status.success());
    assert_eq!(state_of(&spec), before);
}

#[test]
fn a_full_disk_leaves_the_descriptors_before_the_import() {
    let (project, before, after) = before_and_after();
    let binary = env!("CARGO_BIN_EXE_bitrix24-codegen");
    let (mut refused, mut written) = (0, 0);
    // The blocks of the disk: from those of the descriptors to those of twice as many.
    for pages in (40..100).step_by(4) {
        let script = format!(
            "mkdir -p disk && mount -t tmpfs -o nr_blocks={pages} tmpfs disk && mkdir disk/project && \
             cp -r spec disk/project/ || exit 9; \
             {binary} spec import other --root disk/project > output 2>&1; status=$?; \
             rm -rf result && cp -r disk/project/spec result; exit $status"
        );
        let Some(mut shell) = shell_in_namespace(project.path(), &script) else { return };
        let status = shell.output().unwrap().status.code();
        let output = fs::read_to_string(project.path().join("output")).unwrap_or_default();
        if status == Some(9) {
            // The disk is too small for the descriptors themselves.
            continue;
        }
        let state = state_of(&project.path().join("result"));
        match status {
            Some(0) => {
                written += 1;
                assert_eq!(state, after);
            }
            Some(1) => {
                refused += 1;
                assert_eq!(state, before, "{pages} pages: {}", state.describe(&before, &after));
                assert!(output.contains("cannot be written"), "{output}");
            }
            status => panic!("{status:?}: {output}"),
        }
    }
    assert!(refused > 0 && written > 0, "{refused} refused, {written} written");
}

#[test]
fn a_file_that_cannot_be_written_leaves_the_descriptors_before_the_import() {
    let (project, before, _) = before_and_after();
    let binary = env!("CARGO_BIN_EXE_bitrix24-codegen");
    // No process may write a file of more than no bytes.
    let script = format!("trap '' XFSZ; ulimit -f 0; exec {binary} spec import other --root .");
    let output = Command::new("sh").args(["-c", &script]).current_dir(project.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(state_of(&project.path().join("spec")), before);
    assert_eq!(hidden(project.path()), [""; 0]);
}

#[test]
fn a_read_only_folder_is_refused() {
    let (project, before, _) = before_and_after();
    let binary = env!("CARGO_BIN_EXE_bitrix24-codegen");
    for folder in [".", "spec"] {
        let script = format!(
            "mount --bind {folder} {folder} && mount -o remount,ro,bind {folder} && cd {} && \
             exec {binary} spec import other --root .",
            project.path().display()
        );
        let Some(mut shell) = shell_in_namespace(project.path(), &script) else { return };
        let output = shell.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{folder}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains("cannot be written"), "{}", text(&output.stderr));
        assert_eq!(state_of(&project.path().join("spec")), before);
    }
}

#[test]
fn two_imports_at_once_are_one_after_the_other() {
    let (project, before, after) = before_and_after();
    let spec = project.path().join("spec");
    let start = |documentation: &str| {
        let words = ["spec", "import", documentation];
        command(project.path(), &words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    for _ in 0..3 {
        let imports = ["docs", "other", "other", "docs"].map(start);
        for import in imports {
            let output = import.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", text(&output.stderr));
        }
        let state = state_of(&spec);
        assert!(state == before || state == after, "{}", state.describe(&before, &after));
        assert_eq!(hidden(project.path()), [""; 0]);
    }
}

#[test]
fn a_regeneration_that_cannot_write_leaves_the_files_before_it() {
    let (project, _, _) = before_and_after();
    assert!(run(project.path(), &["regen"]).status.success());
    let generated = state_of(&project.path().join("generated"));
    assert!(import(project.path(), "other").status.success());
    let binary = env!("CARGO_BIN_EXE_bitrix24-codegen");
    let script = format!("trap '' XFSZ; ulimit -f 0; exec {binary} regen --root .");
    let output = Command::new("sh").args(["-c", &script]).current_dir(project.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(state_of(&project.path().join("generated")), generated);
    assert!(run(project.path(), &["regen"]).status.success());
    assert_ne!(state_of(&project.path().join("generated")), generated);
}

#[test]
fn what_regen_would_refuse_is_refused_by_the_import() {
    let (project, before, _) = before_and_after();
    // Two methods with one name in Rust.
    for name in ["zoo.animal.weigh_all", "zoo.animal.weighAll"] {
        let page = documentation::page(name, "id");
        write(project.path(), &format!("other/api-reference/zoo/{}.md", name.replace('.', "-")), &page);
    }
    let output = import(project.path(), "other");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("would both have an item with the name"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(state_of(&project.path().join("spec")), before);
}

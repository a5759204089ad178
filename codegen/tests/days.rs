//! What callers of the first day of a documentation rely on, on the days after it.
//!
//! Each folder of `days/` is a change of the documentation, named after it: `day1/`, `day2/` and so on with all pages of a day, and
//! `caller.rs`, which uses the code of the first day. The snapshots hold what each import froze and reported (`frozen.snap`), and
//! the generated Rust of the first and the last day (`first.snap.rs`, `last.snap.rs`). The caller is compiled with both.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use bitrix24_codegen::descriptor::{Descriptor, Spec, render_names};
use bitrix24_codegen::emit::Files;
use bitrix24_codegen::extract::{import, read_documents};
use bitrix24_codegen::{emit, freeze_names, lower};

/// One test for each case, and its caller compiled with the code of both days.
macro_rules! days {
    ($($name:ident,)*) => {
        $(
            #[rustfmt::skip]
            #[allow(
                dead_code, deprecated, unused_imports, unreachable_pub, unexpected_cfgs, reason = "only compiled, never called"
            )]
            mod $name {
                mod first {
                    mod day { include!(concat!("days/", stringify!($name), "/first.snap.rs")); }
                    include!(concat!("days/", stringify!($name), "/caller.rs"));
                }
                mod last {
                    mod day { include!(concat!("days/", stringify!($name), "/last.snap.rs")); }
                    include!(concat!("days/", stringify!($name), "/caller.rs"));
                }
            }
        )*

        mod frozen {
            $(#[test] fn $name() { super::check(stringify!($name)); })*
        }

        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

days! {
    a_method_vanishes_and_comes_back,
    a_scope_appears,
    a_sentence_becomes_a_code,
    a_sibling_changes_the_name_of_a_type,
    an_argument_has_another_type,
    an_argument_is_dropped,
    the_case_of_a_field_changes,
    the_case_of_a_method_changes,
}

#[test]
fn every_folder_is_a_case() {
    let folders: BTreeSet<String> = fs::read_dir(folder(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, NAMES.iter().map(|name| (*name).to_owned()).collect());
}

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/days").join(case)
}

fn check(case: &str) {
    let mut days: Vec<PathBuf> = fs::read_dir(folder(case))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    days.sort();
    let mut shown = String::new();
    let mut spec = Spec::default();
    let mut generated = Vec::new();
    for day in &days {
        spec = next_day(&spec, day, &mut shown);
        let library = lower::lower(&spec).unwrap_or_else(|problems| panic!("{problems:#?}"));
        generated.push(joined(&emit::emit_library(&library)));
    }
    insta::with_settings!({
        snapshot_path => folder(case), prepend_module_to_snapshot => false, omit_expression => true
    }, {
        insta::assert_snapshot!("frozen", shown);
        insta::assert_binary_snapshot!("first.rs", generated.first().unwrap().clone().into_bytes());
        insta::assert_binary_snapshot!("last.rs", generated.last().unwrap().clone().into_bytes());
    });
}

/// Imports a day into the spec of the day before.
fn next_day(earlier: &Spec, day: &Path, shown: &mut String) -> Spec {
    let known: Vec<Descriptor> = earlier.methods.iter().map(|file| file.content.clone()).collect();
    let documents = read_documents(day).unwrap();
    let import = import(&documents, &known, None, &[]);
    let mut spec = Spec::of_parts(Path::new("spec"), &import.descriptors, &import.entities).unwrap();
    let names = freeze_names(earlier, &mut spec).unwrap_or_else(|problems| panic!("{problems:#?}"));
    writeln!(shown, "== {}", day.file_name().unwrap().to_string_lossy()).unwrap();
    for diagnostic in import.report.diagnostics {
        writeln!(shown, "{diagnostic}").unwrap();
    }
    for descriptor in &import.descriptors {
        writeln!(shown, "{}({})", descriptor.method, descriptor.args.join(", ")).unwrap();
    }
    writeln!(shown, "{}", render_names(&names).unwrap().lines().skip(1).collect::<Vec<_>>().join("\n"))
        .unwrap();
    spec
}

/// All modules in one file, without the features that enable them.
fn joined(files: &Files) -> String {
    let tops = files.keys().filter(|path| !path.contains('/') && path.ends_with(".rs") && *path != "lib.rs");
    let modules = tops.map(|path| {
        let name = path.trim_end_matches(".rs");
        format!("pub mod {name} {{\n{}}}\n", module(files, name))
    });
    modules.collect()
}

/// The content of a module, with the modules below it.
fn module(files: &Files, path: &str) -> String {
    let mut text = String::new();
    for line in files[&format!("{path}.rs")].lines() {
        match line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')) {
            Some(name) => {
                let below = module(files, &format!("{path}/{}", name.trim_start_matches("r#")));
                writeln!(text, "pub mod {name} {{\n{below}}}").unwrap();
            }
            None => writeln!(text, "{line}").unwrap(),
        }
    }
    text
}

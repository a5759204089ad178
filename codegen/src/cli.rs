//! The command line.

mod baseline;
mod console;
mod coverage;
mod decisions;
mod diff;
mod explain;
mod export;
mod import;
mod kept;
mod last_import;
mod lint;
mod patch;
mod review;
mod revision;
mod rules;
mod spec_files;
mod update;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use bitrix24_codegen::descriptor::{
    ENTITY_SCHEMA_FILE, EVENT_SCHEMA_FILE, HANDLER_SCHEMA_FILE, PLACEMENT_SCHEMA_FILE, SCHEMA_FILE, Spec,
    generate_entity_json_schema, generate_event_json_schema, generate_handler_json_schema,
    generate_json_schema, generate_placement_json_schema,
};
use bitrix24_codegen::diagnostic::{Diagnostic, append_unless_reported, has_errors, sort_diagnostics};
use bitrix24_codegen::transaction::{recover, replace_file};
use bitrix24_codegen::words::{WORDS_SCHEMA_FILE, Words, generate_words_json_schema};
use bitrix24_codegen::{lower, regenerate};
use clap::{Parser, Subcommand};
use console::{Console, OutputFormat};
use serde_json::json;

/// Maintains the descriptors of the Bitrix24 REST API and the Rust code that is generated from them.
#[derive(Parser)]
#[command(name = "bitrix24-codegen", version)]
struct Arguments {
    /// The project. Default: the project that this tool was built in.
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The output format.
    #[arg(long, global = true, value_enum, default_value_t)]
    format: OutputFormat,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generates `generated/` from `spec/`. Writes only files that differ, and nothing if a descriptor has an error.
    Regen,
    /// Imports, patches and checks descriptors.
    #[command(subcommand)]
    Spec(SpecCommand),
}

#[derive(Subcommand)]
enum SpecCommand {
    /// Reports all errors in the spec or in the given files. Writes nothing.
    Check {
        /// The descriptors to check. Default: all of `spec/`.
        files: Vec<PathBuf>,
    },
    /// Imports documentation into descriptors.
    Import(import::ImportArgs),
    /// Prints the register of rules, and how often each fired in the last import.
    Rules,
    /// Prints the evidence on a part of a descriptor, with its locations and the reason of the choice.
    Explain(explain::ExplainArgs),
    /// Prints for each entity how many of its documented fields the generated type has, and how many of these are typed.
    Coverage(coverage::CoverageArgs),
    /// Reports what is doubtful in descriptors: what is missing, copied from another page or contradictory.
    Lint(lint::LintArgs),
    /// Prints how many items have words in `spec/words/`, and which have none.
    Words(words::WordsArgs),
    /// Prints what changed between two specs: for callers of the generated crates, and on the wire.
    Diff(diff::DiffArgs),
    /// Imports a new documentation, generates the code, and reports what changed and what a person must decide.
    Update(Box<update::UpdateArgs>),
    /// Applies `spec/patches/` to the committed descriptors. Needs no documentation.
    Patch,
    /// Exports the spec in formats that other tools read.
    #[command(subcommand)]
    Export(export::ExportCommand),
    /// Writes the JSON Schema of descriptors, for completion and validation in editors.
    Schema,
}

/// Runs the command in the arguments.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let console = Console::new(arguments.format);
    let root = match project(arguments.root) {
        Ok(root) => root,
        Err(problem) => return console.finish(&[problem], None),
    };
    if let Err(error) = recover(&root.join("spec")) {
        let message = format!("an interrupted change of spec/ cannot be finished: {error}");
        return console.finish(&[Diagnostic::error(message)], None);
    }
    match arguments.command {
        Command::Regen => regen(&root, &console),
        Command::Spec(SpecCommand::Check { files }) => check(&root, &files, &console),
        Command::Spec(SpecCommand::Import(options)) => import::run(&root, &options, &console),
        Command::Spec(SpecCommand::Rules) => rules::run(&root, &console),
        Command::Spec(SpecCommand::Explain(options)) => explain::run(&root, &options, &console),
        Command::Spec(SpecCommand::Coverage(options)) => coverage::run(&root, &options, &console),
        Command::Spec(SpecCommand::Lint(options)) => lint::run(&root, &options, &console),
        Command::Spec(SpecCommand::Words(options)) => words::run(&root, &options, &console),
        Command::Spec(SpecCommand::Diff(options)) => diff::run(&root, &options, &console),
        Command::Spec(SpecCommand::Update(options)) => update::run(&root, &options, &console),
        Command::Spec(SpecCommand::Patch) => patch::run(&root, &console),
        Command::Spec(SpecCommand::Export(command)) => export::run(&root, &command, &console),
        Command::Spec(SpecCommand::Schema) => schema(&root, &console),
    }
}

/// The root of the project: a folder with `spec/`.
fn project(given: Option<PathBuf>) -> Result<PathBuf, Diagnostic> {
    let built_in = || Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned);
    let root = given.or_else(built_in).unwrap_or_default();
    if root.join("spec").is_dir() {
        return Ok(root);
    }
    Err(Diagnostic::error(format!("there is no spec/ in {}", root.display()))
        .expecting("a checkout of the project, in --root DIR"))
}

fn regen(root: &Path, console: &Console) -> ExitCode {
    let start = Instant::now();
    match regenerate(root) {
        Err(problems) => console.finish(&problems, None),
        Ok(done) => {
            let shown =
                |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
            let (written, removed) = (shown(&done.changes.written), shown(&done.changes.removed));
            for path in &written {
                console.print(&format!("wrote {path}"));
            }
            for path in &removed {
                console.print(&format!("removed {path}"));
            }
            let seconds = start.elapsed().as_secs_f64();
            console.print(&format!(
                "{} methods, {} types, {} files written, {} removed, {seconds:.2} s",
                done.methods,
                done.types,
                written.len(),
                removed.len(),
            ));
            let result = json!({
                "methods": done.methods, "types": done.types, "written": written, "removed": removed, "seconds": seconds,
            });
            console.finish(&[], Some(result))
        }
    }
}

/// Reports everything that `regen` rejects, without writing. Given files are checked on their own.
fn check(root: &Path, files: &[PathBuf], console: &Console) -> ExitCode {
    let (spec, mut problems) =
        if files.is_empty() { Spec::load(root, Path::new("spec")) } else { Spec::read(Path::new(""), files) };
    if let Err(found) = lower::lower(&spec) {
        append_unless_reported(&mut problems, found);
    }
    if files.is_empty() {
        let (words, found) = Words::load(root, Path::new("spec"));
        problems.extend(found);
        problems.extend(words.check(&spec));
    }
    let (methods, events) = (spec.methods.len(), spec.events.len());
    if !has_errors(&problems) {
        let of_events = if events > 0 { format!(", {events} of events") } else { String::new() };
        console.print(&format!("{} descriptors{of_events}, no errors", methods + events));
    }
    console.finish(&sort_diagnostics(problems), Some(json!({"methods": methods, "events": events})))
}

fn schema(root: &Path, console: &Console) -> ExitCode {
    let files = [
        (SCHEMA_FILE, generate_json_schema()),
        (ENTITY_SCHEMA_FILE, generate_entity_json_schema()),
        (EVENT_SCHEMA_FILE, generate_event_json_schema()),
        (PLACEMENT_SCHEMA_FILE, generate_placement_json_schema()),
        (HANDLER_SCHEMA_FILE, generate_handler_json_schema()),
        (WORDS_SCHEMA_FILE, generate_words_json_schema()),
    ];
    let mut written = Vec::new();
    for (name, text) in files {
        let path = Path::new("spec").join(name);
        if let Err(error) = replace_file(&root.join(&path), text.as_bytes()) {
            let message = format!("{} cannot be written: {error}", path.display());
            return console.finish(&[Diagnostic::error(message)], None);
        }
        console.print(&format!("wrote {}", path.display()));
        written.push(path.display().to_string());
    }
    console.finish(&[], Some(json!({"written": written})))
}

//! What the command line understands.

mod bench_derive;
mod import;
mod output;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::{Diagnostic, add_consequences, any_error, in_order};
use bitrix24_codegen::{lower, regenerate};
use clap::{Parser, Subcommand};
use output::{Format, Output};
use serde_json::json;

/// Maintains the descriptors of the Bitrix24 REST API and the Rust that is generated from them.
#[derive(Parser)]
#[command(name = "bitrix24-codegen", version)]
struct Arguments {
    /// The project, if it is not the one this tool was built in.
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// How results are printed.
    #[arg(long, global = true, value_enum, default_value_t)]
    format: Format,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes `generated/` from `spec/`: only files that differ, and nothing if any descriptor is wrong.
    Regen,
    /// Writes a crate with the same types and serde's derives, which `benches/compile_budget` measures against.
    #[command(hide = true)]
    BenchDerive(bench_derive::Options),
    /// Works on the descriptors.
    #[command(subcommand)]
    Spec(SpecCommand),
}

#[derive(Subcommand)]
enum SpecCommand {
    /// Shows every problem in the spec, or in the given files, and writes nothing.
    Check {
        /// Descriptors to check; all of `spec/` if none is given.
        files: Vec<PathBuf>,
    },
    /// Reads documentation and writes descriptors.
    Import(import::Options),
    /// Writes the JSON Schema of descriptors, by which editors complete and check.
    Schema,
}

/// Runs the command that the arguments name.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let output = Output::new(arguments.format);
    let root = match project(arguments.root) {
        Ok(root) => root,
        Err(problem) => return output.finish(&[problem], None),
    };
    match arguments.command {
        Command::Regen => regen(&root, &output),
        Command::BenchDerive(options) => bench_derive::run(&root, &options, &output),
        Command::Spec(SpecCommand::Check { files }) => check(&root, &files, &output),
        Command::Spec(SpecCommand::Import(options)) => import::run(&root, &options, &output),
        Command::Spec(SpecCommand::Schema) => schema(&root, &output),
    }
}

/// The project to work on: a folder with `spec/` in it.
fn project(given: Option<PathBuf>) -> Result<PathBuf, Diagnostic> {
    let built_in = || Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned);
    let root = given.or_else(built_in).unwrap_or_default();
    if root.join("spec").is_dir() {
        return Ok(root);
    }
    Err(Diagnostic::error(format!("there is no spec/ in {}", root.display()))
        .expecting("a checkout of the project; name another with --root DIR"))
}

fn regen(root: &Path, output: &Output) -> ExitCode {
    let start = Instant::now();
    match regenerate(root) {
        Err(problems) => output.finish(&problems, None),
        Ok(done) => {
            let shown =
                |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>();
            let (written, removed) = (shown(&done.changes.written), shown(&done.changes.removed));
            for path in &written {
                output.say(&format!("wrote {path}"));
            }
            for path in &removed {
                output.say(&format!("removed {path}"));
            }
            let seconds = start.elapsed().as_secs_f64();
            output.say(&format!(
                "{} methods, {} types, {} files written, {} removed, {seconds:.2} s",
                done.methods,
                done.types,
                written.len(),
                removed.len(),
            ));
            let result = json!({
                "methods": done.methods, "types": done.types, "written": written, "removed": removed, "seconds": seconds,
            });
            output.finish(&[], Some(result))
        }
    }
}

/// Everything that `regen` would refuse, without writing. Named files are looked at by themselves.
fn check(root: &Path, files: &[PathBuf], output: &Output) -> ExitCode {
    let (spec, mut problems) =
        if files.is_empty() { Spec::load(root, Path::new("spec")) } else { Spec::read(Path::new(""), files) };
    if let Err(found) = lower::lower(&spec) {
        add_consequences(&mut problems, found);
    }
    let methods = spec.methods.len();
    if !any_error(&problems) {
        output.say(&format!("{methods} descriptors, nothing wrong"));
    }
    output.finish(&in_order(problems), Some(json!({"methods": methods})))
}

fn schema(root: &Path, output: &Output) -> ExitCode {
    let path = Path::new("spec").join(bitrix24_codegen::descriptor::SCHEMA_FILE);
    match std::fs::write(root.join(&path), bitrix24_codegen::descriptor::json_schema()) {
        Ok(()) => {
            output.say(&format!("wrote {}", path.display()));
            output.finish(&[], Some(json!({"written": [path.display().to_string()]})))
        }
        Err(error) => output
            .finish(&[Diagnostic::error(format!("{} cannot be written: {error}", path.display()))], None),
    }
}

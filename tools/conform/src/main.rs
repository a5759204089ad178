//! `cargo conform DOCS`: checks a documentation of any date against the committed descriptors and the generated types.
//! `cargo conform --recorded FILE` checks recorded traffic in the same way.

mod entry;
mod recorded;
mod registry;
mod report;
mod shapes;
#[rustfmt::skip]
#[path = "../generated/table.rs"]
mod table;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use bitrix24_codegen::conform::{
    Baseline, SpecIndex, conform, conform_events, conform_sent, suggest_entries,
};
use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::{Diagnostic, SourceText, sort_diagnostics};
use bitrix24_codegen::extract::{event_pages, examples, import, read_documents};
use bitrix24_codegen::lower;
use bitrix24_codegen::model::Library;
use clap::{Parser, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use recorded::{ReadLines, RecordedReport};
use registry::GeneratedTypes;
use report::Report;
use serde_json::json;

/// Checks a documentation against the committed descriptors and the generated types.
///
/// Every documented request is checked against its descriptor, every documented response is decoded by the generated types, and
/// every documented error is looked up in its enumeration; every documented payload of an event is checked as PHP sends it. Prints all violations and one line of totals.
///
/// Recorded traffic needs no documentation: each line is a request or a response as a client has recorded it.
#[derive(Parser)]
#[command(name = "cargo conform", version)]
struct Arguments {
    /// The documentation: a folder of Markdown or text files.
    #[arg(required_unless_present = "recorded")]
    docs: Option<PathBuf>,
    /// Checks recorded traffic instead: a file with one JSON object in each line. May be given several times.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["docs", "known", "suggest"])]
    recorded: Vec<PathBuf>,
    /// Prints the lines of recorded traffic with values replaced by shapes instead, each line once.
    #[arg(long, requires = "recorded", conflicts_with_all = ["format", "untyped"])]
    shapes: bool,
    /// The project. Default: the project that this tool was built in.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The baseline of known mistakes. Default: `tools/conform/known.yaml`.
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// The output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Also prints the paths of values without a typed field. JSON output always has them.
    #[arg(long)]
    untyped: bool,
    /// Prints entries for the baseline instead. A person must review them.
    #[arg(long, conflicts_with_all = ["format", "untyped"])]
    suggest: bool,
}

/// The output format.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text.
    #[default]
    Text,
    /// One JSON object; on one line for recorded traffic.
    Json,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let root = arguments.root.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    let finished = match &arguments.docs {
        _ if arguments.shapes => recorded::read(&arguments.recorded).map(|read| finish_shapes(&read)),
        Some(docs) => run(&arguments, &root, docs).map(|report| finish(&arguments, &report)),
        None => recorded::run(&root, &arguments.recorded).map(|report| finish_recorded(&arguments, &report)),
    };
    finished.unwrap_or_else(|problems| {
        match arguments.format {
            Format::Text => print_errors(&problems),
            Format::Json => {
                let problems: Vec<_> = problems.iter().map(Diagnostic::to_json).collect();
                print(&format!("{:#}\n", json!({"good": false, "diagnostics": problems})));
            }
        }
        ExitCode::FAILURE
    })
}

/// Runs the check.
fn run(arguments: &Arguments, root: &Path, docs: &Path) -> Result<Report, Vec<Diagnostic>> {
    let start = Instant::now();
    let mut problems = Vec::new();
    let known = read_baseline(arguments, root, &mut problems)?;
    let spec = load_spec(root)?;
    let library = lower(&spec)?;
    let documents = read_documents(docs).map_err(|error| vec![unreadable(docs, &error)])?;
    let examples = examples(&documents);
    let progress = progress(arguments.format, examples.len());
    let done = || progress.inc(1);
    let mut conformance = conform(&SpecIndex::new(&spec, &library), &GeneratedTypes, &examples, &done);
    conformance.append(conform_events(&spec, &GeneratedTypes, &event_pages(&documents)));
    conformance.append(conform_sent(&spec, &import(&documents, &[], None, &[])));
    progress.finish_and_clear();
    problems.extend(known.mark(&mut conformance, &examples));
    Ok(Report { conformance, problems, seconds: start.elapsed().as_secs_f64() })
}

/// The committed descriptors.
fn load_spec(root: &Path) -> Result<Spec, Vec<Diagnostic>> {
    let (spec, wrong) = Spec::load(root, Path::new("spec"));
    if wrong.is_empty() { Ok(spec) } else { Err(sort_diagnostics(wrong)) }
}

/// The model of the generated types.
fn lower(spec: &Spec) -> Result<Library, Vec<Diagnostic>> {
    lower::lower(spec).map_err(sort_diagnostics)
}

fn read_baseline(
    arguments: &Arguments,
    root: &Path,
    problems: &mut Vec<Diagnostic>,
) -> Result<Baseline, Vec<Diagnostic>> {
    let path = arguments.known.clone().unwrap_or_else(|| root.join("tools/conform/known.yaml"));
    let text = std::fs::read_to_string(&path).map_err(|error| vec![unreadable(&path, &error)])?;
    let shown = path.strip_prefix(root).unwrap_or(&path).display().to_string();
    Ok(Baseline::read(SourceText::new(shown, text), problems))
}

/// A progress bar, if the standard error is a terminal and the format is text.
fn progress(format: Format, documents: usize) -> ProgressBar {
    if format == Format::Json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(documents.try_into().unwrap_or_default());
    match ProgressStyle::with_template("{wide_bar} {pos} of {len} documents") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn finish(arguments: &Arguments, report: &Report) -> ExitCode {
    if arguments.suggest {
        return match suggest_entries(&report.conformance.findings) {
            Ok(entries) => {
                print(&entries);
                ExitCode::SUCCESS
            }
            Err(error) => {
                print_errors(&[Diagnostic::error(format!("the entries cannot be written as YAML: {error}"))]);
                ExitCode::FAILURE
            }
        };
    }
    match arguments.format {
        Format::Text => {
            print_errors(&report.problems);
            print(&report.text(arguments.untyped));
        }
        Format::Json => print(&format!("{:#}\n", report.json())),
    }
    if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints recorded lines as shapes.
fn finish_shapes(read: &ReadLines) -> ExitCode {
    print_errors(&read.problems);
    print(&shapes::shapes(&read.lines));
    if read.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints the report on recorded traffic. In JSON it is one line.
fn finish_recorded(arguments: &Arguments, report: &RecordedReport) -> ExitCode {
    match arguments.format {
        Format::Text => {
            print_errors(&report.problems);
            print(&report.text(arguments.untyped));
        }
        Format::Json => print(&format!("{}\n", report.json())),
    }
    if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints to the standard output. A closed output is no error: a pager may close it early.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn print_errors(problems: &[Diagnostic]) {
    let mut err = std::io::stderr().lock();
    for problem in problems {
        _ = writeln!(err, "error: {problem}");
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(format!("{} cannot be read: {error}", path.display()))
}

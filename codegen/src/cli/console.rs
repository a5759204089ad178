//! Output as text or JSON.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use annotate_snippets::Renderer;
use bitrix24_codegen::diagnostic::{Diagnostic, Severity, has_errors};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

/// The output format.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// Results on the standard output, diagnostics on the standard error.
    #[default]
    Text,
    /// One JSON object on the standard output.
    Json,
}

/// The template of progress bars: message, bar, position.
const BAR: &str = "{spinner} {msg} {wide_bar} {pos}/{len}";

/// The output of a command.
pub(crate) struct Console {
    format: OutputFormat,
}

impl Console {
    pub(crate) fn new(format: OutputFormat) -> Self {
        Self { format }
    }

    /// Prints a line. Does nothing in JSON format.
    pub(crate) fn print(&self, line: &str) {
        if self.format == OutputFormat::Text {
            print_line(line);
        }
    }

    /// Shows a spinner if the standard error is a terminal and the format is text.
    pub(crate) fn spinner(&self, message: &'static str) -> ProgressBar {
        if self.format == OutputFormat::Json || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let progress = ProgressBar::new_spinner().with_message(message);
        progress.enable_steady_tick(Duration::from_millis(100));
        progress
    }

    /// Shows a progress bar under the same conditions.
    pub(crate) fn progress_bar(&self, message: &'static str, length: usize) -> ProgressBar {
        let progress = self.spinner(message);
        if !progress.is_hidden() {
            progress.set_length(length as u64);
            progress.set_style(
                ProgressStyle::default_bar().template(BAR).unwrap_or(ProgressStyle::default_bar()),
            );
        }
        progress
    }

    /// Prints the diagnostics and, in JSON format, the result. Returns failure if a diagnostic is an error.
    pub(crate) fn finish(&self, diagnostics: &[Diagnostic], result: Option<Value>) -> ExitCode {
        match self.format {
            OutputFormat::Text => print_diagnostics(diagnostics),
            OutputFormat::Json => {
                let diagnostics: Vec<Value> = diagnostics.iter().map(Diagnostic::to_json).collect();
                print_line(&format!("{:#}", json!({"result": result, "diagnostics": diagnostics})));
            }
        }
        if has_errors(diagnostics) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// Prints a line to the standard output. A closed output is no error: a pager may close it early.
fn print_line(line: &str) {
    _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints a line to the standard error.
fn print_error_line(line: &str) {
    _ = writeln!(std::io::stderr().lock(), "{line}");
}

fn print_diagnostics(diagnostics: &[Diagnostic]) {
    let renderer = if std::io::stderr().is_terminal() { Renderer::styled() } else { Renderer::plain() };
    for diagnostic in diagnostics {
        print_error_line(&format!("{}\n", diagnostic.render(&renderer)));
    }
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors + warnings > 0 {
        print_error_line(&format!("{errors} errors, {warnings} warnings"));
    }
}

//! `cargo conform --recorded FILE`: checks recorded traffic, without a documentation.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use bitrix24_codegen::conform::{Place, RecordedConformance, RecordedMethod, SpecIndex, conform_recorded};
use bitrix24_codegen::descriptor::Api;
use bitrix24_codegen::diagnostic::{Diagnostic, SourceText};
use bitrix24_codegen::recorded::{Recorded, read_recorded};
use serde_json::{Value, json};

use crate::registry::GeneratedTypes;
use crate::{load_spec, lower, unreadable};

/// The result of a check of recorded traffic.
pub(crate) struct RecordedReport {
    conformance: RecordedConformance,
    /// The lines that could not be read.
    pub(crate) problems: Vec<Diagnostic>,
    seconds: f64,
}

/// Checks files of recorded traffic.
pub(crate) fn run(root: &Path, files: &[PathBuf]) -> Result<RecordedReport, Vec<Diagnostic>> {
    let start = Instant::now();
    let spec = load_spec(root)?;
    let library = lower(&spec)?;
    let ReadLines { lines, problems } = read(files)?;
    let conformance = conform_recorded(&SpecIndex::new(&spec, &library), &GeneratedTypes, &lines);
    Ok(RecordedReport { conformance, problems, seconds: start.elapsed().as_secs_f64() })
}

/// The lines of files of recorded traffic.
#[derive(Default)]
pub(crate) struct ReadLines {
    pub(crate) lines: Vec<Recorded>,
    /// The lines that could not be read.
    pub(crate) problems: Vec<Diagnostic>,
}

/// Reads files of recorded traffic.
pub(crate) fn read(files: &[PathBuf]) -> Result<ReadLines, Vec<Diagnostic>> {
    let mut read = ReadLines::default();
    for file in files {
        let bytes = std::fs::read(file).map_err(|error| vec![unreadable(file, &error)])?;
        // Bytes that are no text are the problem of their line.
        let source = SourceText::new(file.display().to_string(), String::from_utf8_lossy(&bytes));
        read.lines.extend(read_recorded(&source, &mut read.problems));
    }
    Ok(read)
}

impl RecordedReport {
    /// Whether all lines could be read, every reply is decoded, and every value fits.
    pub(crate) fn is_good(&self) -> bool {
        self.problems.is_empty() && self.conformance.is_good()
    }

    /// The report as text: a line for each method with what does not fit below it, and one line of totals.
    pub(crate) fn text(&self, untyped: bool) -> String {
        let mut text = String::new();
        for method in &self.conformance.methods {
            describe(&mut text, method, untyped);
        }
        for event in &self.conformance.events {
            describe(&mut text, event, untyped);
        }
        for unknown in &self.conformance.unknown_events {
            _ = writeln!(
                text,
                "{}: the spec has no descriptor of this event; lines: {}",
                unknown.method, unknown.lines
            );
        }
        for unknown in &self.conformance.unknown_methods {
            let lines = unknown.lines;
            _ = writeln!(
                text,
                "{}: the spec has no descriptor of this method; lines: {lines}",
                unknown.method
            );
        }
        for skipped in &self.conformance.skipped {
            _ = writeln!(
                text,
                "skipped {}:{}: {}: {}",
                skipped.file, skipped.line, skipped.method, skipped.reason
            );
        }
        _ = writeln!(text, "{}; {:.1} s", self.conformance.totals, self.seconds);
        text
    }

    /// The report as one line of JSON.
    pub(crate) fn json(&self) -> Value {
        json!({
            "good": self.is_good(),
            "totals": self.conformance.totals,
            "methods": self.conformance.methods,
            "unknown_methods": self.conformance.unknown_methods,
            "events": self.conformance.events,
            "unknown_events": self.conformance.unknown_events,
            "skipped": self.conformance.skipped,
            "diagnostics": self.problems.iter().map(Diagnostic::to_json).collect::<Vec<_>>(),
            "seconds": self.seconds,
        })
    }
}

fn describe(text: &mut String, method: &RecordedMethod, untyped: bool) {
    let interface = if method.api == Api::V3 { " (v3)" } else { "" };
    _ = write!(text, "{}{interface}:", method.method);
    if method.replies > 0 {
        let RecordedMethod { replies, decoded, leaves, typed, .. } = method;
        _ = write!(text, " {decoded} of {replies} replies decoded, {typed} of {leaves} values typed;");
    }
    if method.portal_fields > 0 {
        _ = write!(text, " {} values in portal fields;", method.portal_fields);
    }
    if method.requests > 0 {
        _ = write!(text, " {} of {} requests accepted;", method.requests_accepted, method.requests);
    }
    if method.errors > 0 {
        _ = write!(text, " {} of {} errors known;", method.errors_known, method.errors);
    }
    text.truncate(text.trim_end_matches([';', ':']).len());
    text.push('\n');
    let parts = [
        ("does not fit", &method.misfits),
        ("request", &method.violations),
        ("error", &method.unknown_errors),
        ("untyped", &method.untyped),
    ];
    let shown = if untyped { parts.len() } else { parts.len() - 1 };
    for (what, places) in parts.into_iter().take(shown) {
        places.iter().for_each(|place| describe_place(text, what, place));
    }
}

fn describe_place(text: &mut String, what: &str, place: &Place) {
    let Place { path, what: message, line, count } = place;
    let path = if path.is_empty() { "the whole body" } else { path };
    _ = writeln!(text, "  {what}: {path}: {message}; first in line {line}, {count} in all");
}

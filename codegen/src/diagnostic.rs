//! Diagnostics: location, message and what was expected.
//!
//! Every stage returns its diagnostics and continues after the first one. The command line renders them in the style of rustc or
//! as JSON.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;

/// The text of a file, from which diagnostics show lines.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceText {
    /// The path in diagnostics.
    pub path: String,
    /// The content.
    pub text: String,
}

impl SourceText {
    /// Creates a text with the path that diagnostics show.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into() })
    }

    /// The line and the column of a byte, counted from 1. Columns count characters.
    pub fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..self.floor(byte)];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// The byte range of a line, counted from 1, without the line break. If there is no such line, the end of the text.
    pub fn line_span(&self, line: usize) -> Range<usize> {
        let start = self.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
        let length = self.text[start..].lines().next().map_or(0, str::len);
        start..start + length
    }

    /// The nearest character boundary at or below a byte.
    fn floor(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }
}

/// The severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is written if there is an error.
    Error,
    /// Something is unknown or was left out.
    Warning,
}

/// What a warning asks a person to decide, for commands that group warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Documents give two values for one place.
    Contradiction,
    /// The documents no longer list an argument of a constructor. It stays.
    KeptArgument,
    /// The documents give a parameter another type. The earlier one is kept or widened.
    KeptType,
    /// A patch does not fit the documents and is not applied.
    LeftAlonePatch,
    /// The documents have another value at the place of a patch than before.
    ChangedPatch,
}

/// An error or a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The severity.
    pub severity: Severity,
    /// The message, one sentence without a full stop.
    pub message: String,
    /// What was expected, or what to do.
    pub expected: Option<String>,
    /// The file, and the byte range in it.
    pub location: Option<(Arc<SourceText>, Range<usize>)>,
    /// What a person must decide. `None`: no more than the message says.
    pub topic: Option<Topic>,
}

impl Diagnostic {
    /// Creates an error.
    pub fn error(message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            expected: None,
            location: None,
            topic: None,
        }
    }

    /// Creates a warning.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// Sets what was expected.
    pub fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Sets what a person must decide.
    pub fn about(mut self, topic: Topic) -> Self {
        self.topic = Some(topic);
        self
    }

    /// Sets the location to a byte range.
    pub fn at(mut self, source: &Arc<SourceText>, span: Range<usize>) -> Self {
        let start = source.floor(span.start);
        let end = source.floor(span.end).max(start);
        self.location = Some((Arc::clone(source), start..end));
        self
    }

    /// Sets the location to a line, counted from 1.
    pub fn at_line(self, source: &Arc<SourceText>, line: usize) -> Self {
        let span = source.line_span(line);
        self.at(source, span)
    }

    /// The file, the line and the column.
    pub fn position(&self) -> Option<(&str, usize, usize)> {
        let (source, span) = self.location.as_ref()?;
        let (line, column) = source.line_and_column(span.start);
        Some((&source.path, line, column))
    }

    /// The file and the byte range.
    fn location_key(&self) -> Option<(String, Range<usize>)> {
        self.location.as_ref().map(|(source, span)| (source.path.clone(), span.clone()))
    }

    /// The text at the location.
    pub fn text(&self) -> Option<&str> {
        let (source, span) = self.location.as_ref()?;
        Some(&source.text[span.clone()])
    }

    /// Converts the diagnostic to JSON.
    pub fn to_json(&self) -> serde_json::Value {
        let position = self.position();
        serde_json::json!({
            "severity": self.severity,
            "message": self.message,
            "expected": self.expected,
            "file": position.map(|(file, _, _)| file),
            "line": position.map(|(_, line, _)| line),
            "column": position.map(|(_, _, column)| column),
            "text": self.text(),
            "topic": self.topic,
        })
    }

    /// Renders the diagnostic with the lines of its location.
    pub fn render(&self, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let message = printable(&self.message);
        let expected = self.expected.as_deref().map(printable);
        let title = level.primary_title(message.as_str());
        let Some((source, span)) = &self.location else {
            let help = expected.as_deref().map(|expected| Level::HELP.message(expected));
            return renderer.render(&[title.elements(help)]);
        };
        let shown = shown_lines(source, span);
        let annotation = AnnotationKind::Primary.span(span.start - shown.start..span.end - shown.start);
        let snippet = Snippet::source(&source.text[shown.clone()])
            .path(source.path.as_str())
            .line_start(source.line_and_column(shown.start).0)
            .annotation(annotation.label(expected.as_deref()));
        renderer.render(&[title.element(snippet)])
    }
}

/// The byte range of the lines that contain a span. Only these are rendered, since the renderer would scan the whole file for each
/// diagnostic.
fn shown_lines(source: &SourceText, span: &Range<usize>) -> Range<usize> {
    let start = source.text[..span.start].rfind('\n').map_or(0, |end| end + 1);
    let end = source.text[span.end..].find('\n').map_or(source.text.len(), |length| span.end + length);
    start..end
}

/// Escapes control characters, so that input cannot control a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| if c.is_control() { c.escape_debug().collect::<Vec<_>>() } else { vec![c] })
        .collect()
}

/// One line: file, line, column, message, and what was expected.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((file, line, column)) = self.position() {
            write!(f, "{file}:{line}:{column}: ")?;
        }
        f.write_str(&printable(&self.message))?;
        match &self.expected {
            Some(expected) => write!(f, "; {}", printable(expected)),
            None => Ok(()),
        }
    }
}

/// Appends the diagnostics of a later stage. Those at the location of an earlier one are suppressed, since they follow from it.
pub fn append_unless_reported(problems: &mut Vec<Diagnostic>, later: Vec<Diagnostic>) {
    let known: HashSet<(String, Range<usize>)> =
        problems.iter().filter_map(Diagnostic::location_key).collect();
    problems.extend(
        later.into_iter().filter(|problem| {
            problem.location_key().is_none_or(|location_key| !known.contains(&location_key))
        }),
    );
}

/// Sorts by location, and removes duplicates.
pub fn sort_diagnostics(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_cached_key(|diagnostic| {
        let position = diagnostic.position().map(|(file, line, column)| (file.to_owned(), line, column));
        (position, diagnostic.message.clone())
    });
    diagnostics.dedup();
    diagnostics
}

/// Whether a diagnostic is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

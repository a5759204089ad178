//! What is wrong with an input, for the person who has to put it right: where, what, and what was expected.
//!
//! Every stage reports through [`Diagnostic`]; none prints, and none stops at the first. The command line renders them in
//! the style of rustc, or as JSON for programs.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::Serialize;

/// A file as it was read, kept so that diagnostics can show the line they speak of.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceText {
    /// The path as it is shown.
    pub path: String,
    /// The whole content.
    pub text: String,
}

impl SourceText {
    /// A file by the path that is to be shown and its content.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into() })
    }

    /// Line and column of a byte, both counted from 1, the column in characters.
    pub fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..self.floor(byte)];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    /// The bytes of a line counted from 1, without its end; the end of the text where there is no such line.
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

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is written while there is one.
    Error,
    /// Something is not known or was left out; the rest goes on.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What would have been right, or what to do.
    pub expected: Option<String>,
    /// The file, and the bytes in it that are meant.
    pub place: Option<(Arc<SourceText>, Range<usize>)>,
}

impl Diagnostic {
    /// Something that must be put right.
    pub fn error(message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, message: message.into(), expected: None, place: None }
    }

    /// Something to know of.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// With what would have been right.
    pub fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// With the bytes of a file that are meant.
    pub fn at(mut self, source: &Arc<SourceText>, span: Range<usize>) -> Self {
        let start = source.floor(span.start);
        let end = source.floor(span.end).max(start);
        self.place = Some((Arc::clone(source), start..end));
        self
    }

    /// With a whole line of a file, counted from 1.
    pub fn at_line(self, source: &Arc<SourceText>, line: usize) -> Self {
        let span = source.line_span(line);
        self.at(source, span)
    }

    /// File, line and column; for sorting and for programs.
    pub fn position(&self) -> Option<(&str, usize, usize)> {
        let (source, span) = self.place.as_ref()?;
        let (line, column) = source.line_and_column(span.start);
        Some((&source.path, line, column))
    }

    /// The file and the bytes that are meant.
    fn spot(&self) -> Option<(String, Range<usize>)> {
        self.place.as_ref().map(|(source, span)| (source.path.clone(), span.clone()))
    }

    /// The offending text.
    pub fn text(&self) -> Option<&str> {
        let (source, span) = self.place.as_ref()?;
        Some(&source.text[span.clone()])
    }

    /// The diagnostic as a program reads it.
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
        })
    }

    /// The diagnostic as a person reads it, with the line of the file it speaks of.
    pub fn render(&self, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let message = printable(&self.message);
        let expected = self.expected.as_deref().map(printable);
        let title = level.primary_title(message.as_str());
        let Some((source, span)) = &self.place else {
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

/// The lines that a span begins and ends in, as bytes of the file. Only these go to the renderer, which would otherwise
/// count through the whole file for each diagnostic.
fn shown_lines(source: &SourceText, span: &Range<usize>) -> Range<usize> {
    let start = source.text[..span.start].rfind('\n').map_or(0, |end| end + 1);
    let end = source.text[span.end..].find('\n').map_or(source.text.len(), |length| span.end + length);
    start..end
}

/// A text with control characters escaped, so that input cannot drive a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| if c.is_control() { c.escape_debug().collect::<Vec<_>>() } else { vec![c] })
        .collect()
}

/// One line: file, line, column, what is wrong, what was expected.
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

/// Adds what a later stage has found, but for what it found where something is already known to be wrong: that would only
/// follow from it.
pub fn append_unless_reported(problems: &mut Vec<Diagnostic>, later: Vec<Diagnostic>) {
    let known: HashSet<(String, Range<usize>)> = problems.iter().filter_map(Diagnostic::spot).collect();
    problems
        .extend(later.into_iter().filter(|problem| problem.spot().is_none_or(|spot| !known.contains(&spot))));
}

/// Sorts by file and place, and drops what was said twice.
pub fn sort_diagnostics(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_cached_key(|diagnostic| {
        let position = diagnostic.position().map(|(file, line, column)| (file.to_owned(), line, column));
        (position, diagnostic.message.clone())
    });
    diagnostics.dedup();
    diagnostics
}

/// Whether any of them forbids to write.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

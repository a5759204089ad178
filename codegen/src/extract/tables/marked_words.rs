//! Splits the first line of a name cell into the name, the words emphasized together with it, and the marks after it.

use crate::extract::syntax::ast::{Span, SpanKind};

/// The first line of a name cell.
#[derive(Debug, Default)]
pub(super) struct MarkedWords {
    /// The first word with its marks.
    pub(super) first: String,
    /// The first word up to a mark.
    pub(super) name: String,
    /// Whether further words are emphasized together with the name.
    pub(super) is_phrase: bool,
    /// The marks after the name.
    pub(super) marks: String,
    /// The number of stars before the name.
    stars_before: usize,
}

/// A part of a line with uniform emphasis.
struct Part {
    strong: bool,
    text: String,
}

impl MarkedWords {
    pub(super) fn of(line: &[Span]) -> Self {
        let mut parts = parts(line).into_iter().skip_while(|part| part.text.trim().is_empty());
        let Some(head) = parts.next() else { return Self::default() };
        let tail: String = parts.map(|part| part.text).collect();
        let line = format!("{}{tail}", head.text);
        let text = head.text.trim_start();
        let name = text.trim_start_matches('*');
        let stars_before = text.len() - name.len();
        let name = name.trim_start();
        let ends = |c: char| matches!(c, '*' | '^' | ',' | '|') || c.is_whitespace();
        let (name, inside) = name.split_at_checked(name.find(ends).unwrap_or(name.len())).unwrap_or_default();
        let inside = if head.strong { inside.trim_start() } else { inside };
        // Words in brackets describe the name.
        let further = inside.split('*').next().unwrap_or_default().trim_start();
        Self {
            first: line.split_whitespace().next().unwrap_or_default().to_owned(),
            name: name.to_owned(),
            is_phrase: head.strong && !further.is_empty() && !further.starts_with(['(', '^', ',']),
            marks: marks(&format!("{inside}{tail}")),
            stars_before,
        }
    }

    /// Whether one star marks the name, as it marks required parameters. Two stars mark another footnote.
    pub(super) fn is_starred(&self) -> bool {
        self.marks.matches('*').count() == self.stars_before + 1
    }
}

/// The marks after a name: joined to it, or separated by white space as in `**ID** *`.
fn marks(tail: &str) -> String {
    let mut words = tail.split_whitespace();
    let joined = if tail.starts_with(char::is_whitespace) { None } else { words.next() };
    let joined = joined.unwrap_or_default();
    let is_mark = |word: &&str| word.chars().all(|c| matches!(c, '*' | '^' | ','));
    let separate = words.next().filter(is_mark).filter(|_| !joined.contains('*'));
    format!("{joined}{}", separate.unwrap_or_default())
}

/// Splits a line where its emphasis changes.
fn parts(line: &[Span]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for span in line {
        match parts.last_mut() {
            Some(last) if last.strong == span.strong => last.text.push_str(&span.text),
            _ => parts.push(Part { strong: span.strong, text: span.text.clone() }),
        }
    }
    parts
}

/// The alternatives in `**A**|**B**`, each emphasized separately; empty if the line has no such alternatives.
pub(super) fn alternatives(line: &[Span]) -> Vec<Vec<Span>> {
    if !line.iter().any(|span| !span.strong && span.text.contains('|')) {
        return Vec::new();
    }
    let mut parts: Vec<Vec<Span>> = vec![Vec::new()];
    for span in line {
        let mut pieces = span.text.split('|').filter(|_| !span.strong);
        let first = if span.strong { span.text.as_str() } else { pieces.next().unwrap_or_default() };
        let piece = |text: &str| Span { text: text.to_owned(), ..span.clone() };
        if let Some(part) = parts.last_mut().filter(|_| !first.is_empty()) {
            part.push(piece(first));
        }
        parts.extend(pieces.map(|text| if text.is_empty() { Vec::new() } else { vec![piece(text)] }));
    }
    let begins_strong = |part: &Vec<Span>| {
        let first = part.iter().find(|span| span.kind == SpanKind::Code || !span.text.trim().is_empty());
        first.is_some_and(|span| span.strong)
    };
    if parts.len() > 1 && parts.iter().all(begins_strong) { parts } else { Vec::new() }
}

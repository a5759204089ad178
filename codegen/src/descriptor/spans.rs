//! The locations of keys and values in a YAML file.
//!
//! serde gives locations for syntax errors only. For errors in content, this map gives the byte range of a key or a value by its
//! pointer. It is built only if there is an error.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, Span};

use crate::diagnostic::{Diagnostic, SourceText};

/// A JSON Pointer into a document: `/params/properties/RATING`. The document itself is `""`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to a key of this value.
    pub fn key(&self, key: &str) -> Self {
        Self(format!("{}/{}", self.0, escape_token(key)))
    }

    /// The pointer to an item of this value.
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The last key or index. Of the document itself, the empty string.
    pub(crate) fn last_key(&self) -> String {
        unescape_token(self.0.rsplit('/').next().unwrap_or_default())
    }

    /// The pointer to the value that contains this one.
    pub(super) fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|end| Self(self.0[..end].to_owned()))
    }
}

/// A key as a token of a JSON Pointer.
pub(crate) fn escape_token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The key of a token of a JSON Pointer.
pub(crate) fn unescape_token(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

impl std::fmt::Display for Pointer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The byte ranges of the keys and values of a document.
#[derive(Debug, Default)]
pub struct SpanMap {
    keys: HashMap<Pointer, Range<usize>>,
    values: HashMap<Pointer, Range<usize>>,
    /// Duplicate keys, of which YAML parsers silently keep one.
    duplicates: Vec<Range<usize>>,
}

impl SpanMap {
    /// Builds the map. The part after a syntax error has no spans.
    pub fn of(text: &str) -> Self {
        let mut walk = SpanWalker { bytes: byte_offsets(text), ..SpanWalker::default() };
        for event in Parser::new_from_str(text) {
            let Ok((event, span)) = event else { break };
            walk.step(&event, span);
        }
        walk.spans
    }

    /// The range of a value. If it is not in the file, the range of the nearest part that contains it.
    pub fn value(&self, pointer: &Pointer) -> Range<usize> {
        self.nearest(pointer, &self.values)
    }

    /// The range of a key. For an item of a list, the range of the value.
    pub fn key(&self, pointer: &Pointer) -> Range<usize> {
        self.keys.get(pointer).cloned().unwrap_or_else(|| self.value(pointer))
    }

    fn nearest(&self, pointer: &Pointer, spans: &HashMap<Pointer, Range<usize>>) -> Range<usize> {
        let mut pointer = pointer.clone();
        loop {
            if let Some(span) =
                self.keys.get(&pointer).filter(|_| !spans.contains_key(&pointer)).or(spans.get(&pointer))
            {
                return span.clone();
            }
            match pointer.parent() {
                Some(parent) => pointer = parent,
                None => return 0..0,
            }
        }
    }

    /// Errors for duplicate keys, which YAML parsers accept.
    pub fn duplicate_keys(&self, source: &Arc<SourceText>) -> Vec<Diagnostic> {
        let diagnose = |span: &Range<usize>| {
            let key = &source.text[span.clone()];
            Diagnostic::error(format!("duplicate key {key}"))
                .expecting("each key once in a mapping")
                .at(source, span.clone())
        };
        self.duplicates.iter().map(diagnose).collect()
    }
}

/// The byte offset of each character, since the parser counts characters.
fn byte_offsets(text: &str) -> Vec<usize> {
    text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect()
}

/// An open collection, and the position in it.
#[derive(Debug)]
enum Container {
    List {
        at: Pointer,
        start: usize,
        next: usize,
    },
    /// `key`: the key of the next value.
    Mapping {
        at: Pointer,
        start: usize,
        key: Option<Pointer>,
    },
}

#[derive(Default)]
struct SpanWalker {
    bytes: Vec<usize>,
    stack: Vec<Container>,
    spans: SpanMap,
}

impl SpanWalker {
    fn step(&mut self, event: &Event<'_>, span: Span) {
        let span = self.byte(span.start.index())..self.byte(span.end.index());
        match event {
            Event::Scalar(text, ..) => self.scalar(text, span),
            Event::Alias(_) => self.record(span),
            Event::SequenceStart(..) => {
                let at = self.next_pointer();
                self.stack.push(Container::List { at, start: span.start, next: 0 });
            }
            Event::MappingStart(..) => {
                let at = self.next_pointer();
                self.stack.push(Container::Mapping { at, start: span.start, key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Container::List { start, .. } | Container::Mapping { start, .. }) =
                    self.stack.pop()
                {
                    self.record(start..span.end.max(start));
                }
            }
            _ => {}
        }
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).or(self.bytes.last()).copied().unwrap_or(0)
    }

    /// The pointer to the next value.
    fn next_pointer(&self) -> Pointer {
        match self.stack.last() {
            None => Pointer::default(),
            Some(Container::List { at, next, .. }) => at.index(*next),
            Some(Container::Mapping { at, key, .. }) => key.clone().unwrap_or_else(|| at.clone()),
        }
    }

    /// Records a scalar: a key where a mapping expects one, else a value.
    fn scalar(&mut self, text: &str, span: Range<usize>) {
        match self.stack.last_mut() {
            Some(Container::Mapping { at, key: key @ None, .. }) => {
                let pointer = at.key(text);
                if self.spans.keys.insert(pointer.clone(), span.clone()).is_some() {
                    self.spans.duplicates.push(span);
                }
                *key = Some(pointer);
            }
            _ => self.record(span),
        }
    }

    /// Records the end of a value, and advances to the next one.
    fn record(&mut self, span: Range<usize>) {
        let pointer = self.next_pointer();
        match self.stack.last_mut() {
            Some(Container::List { next, .. }) => *next += 1,
            Some(Container::Mapping { key, .. }) => *key = None,
            None => {}
        }
        self.spans.values.insert(pointer, span);
    }
}

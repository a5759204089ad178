//! Where in its file each part of a YAML document stands.
//!
//! serde gives a place only for what it cannot read. For what is wrong in meaning, this map leads from a path in the
//! document to the bytes of its key and its value. It is made only once something is wrong.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, Span};

use crate::diagnostic::{Diagnostic, SourceText};

/// A place in a document as a JSON Pointer: `/params/properties/RATING`, the document itself being `""`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// One step further, into a key.
    pub fn key(&self, key: &str) -> Self {
        Self(format!("{}/{}", self.0, key.replace('~', "~0").replace('/', "~1")))
    }

    /// One step further, into a list.
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The place that holds this one.
    pub(super) fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|end| Self(self.0[..end].to_owned()))
    }
}

impl std::fmt::Display for Pointer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The bytes of each part of one document.
#[derive(Debug, Default)]
pub struct SpanMap {
    keys: HashMap<Pointer, Range<usize>>,
    values: HashMap<Pointer, Range<usize>>,
    /// Keys that stand twice in one mapping; YAML readers would silently keep one of them.
    duplicates: Vec<Range<usize>>,
}

impl SpanMap {
    /// Walks through the document. What cannot be parsed has no places.
    pub fn of(text: &str) -> Self {
        let mut walk = SpanWalker { bytes: byte_offsets(text), ..SpanWalker::default() };
        for event in Parser::new_from_str(text) {
            let Ok((event, span)) = event else { break };
            walk.step(&event, span);
        }
        walk.spans
    }

    /// The bytes of a value, or of the nearest part that holds it where it is not in the file.
    pub fn value(&self, pointer: &Pointer) -> Range<usize> {
        self.nearest(pointer, &self.values)
    }

    /// The bytes of a key, or of what stands at that place where it has none.
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

    /// What YAML lets pass and a descriptor does not: the same key twice.
    pub fn duplicate_keys(&self, source: &Arc<SourceText>) -> Vec<Diagnostic> {
        let diagnose = |span: &Range<usize>| {
            let key = &source.text[span.clone()];
            Diagnostic::error(format!("the key {key} stands twice in one mapping"))
                .expecting("each key once")
                .at(source, span.clone())
        };
        self.duplicates.iter().map(diagnose).collect()
    }
}

/// The byte at which each character begins; the parser counts characters.
fn byte_offsets(text: &str) -> Vec<usize> {
    text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect()
}

/// The collection that is being read, and where in it.
#[derive(Debug)]
enum Container {
    List {
        at: Pointer,
        start: usize,
        next: usize,
    },
    /// `key` is the key whose value comes next.
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

    /// Where the next value stands.
    fn next_pointer(&self) -> Pointer {
        match self.stack.last() {
            None => Pointer::default(),
            Some(Container::List { at, next, .. }) => at.index(*next),
            Some(Container::Mapping { at, key, .. }) => key.clone().unwrap_or_else(|| at.clone()),
        }
    }

    /// A scalar is a key where a mapping waits for one, and a value everywhere else.
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

    /// A value has ended: notes its place and moves on to the next.
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

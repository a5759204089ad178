//! A file of the spec, with the places of its values.

use std::cell::OnceCell;
use std::sync::Arc;

use super::spans::{Pointer, SpanMap};
use crate::diagnostic::{Diagnostic, SourceText};

/// A file of the spec.
#[derive(Debug)]
pub struct SpecFile<T> {
    /// The text of the file.
    pub source: Arc<SourceText>,
    /// The parsed content.
    pub content: T,
    places: OnceCell<SpanMap>,
}

impl<T> SpecFile<T> {
    /// Creates a file from its text and its content.
    pub fn new(source: Arc<SourceText>, content: T) -> Self {
        Self { source, content, places: OnceCell::new() }
    }

    fn places(&self) -> &SpanMap {
        self.places.get_or_init(|| SpanMap::of(&self.source.text))
    }

    /// Sets the location of a diagnostic to a key.
    pub fn at_key(&self, diagnostic: Diagnostic, pointer: &Pointer) -> Diagnostic {
        diagnostic.at(&self.source, self.places().key(pointer))
    }

    /// Sets the location of a diagnostic to a value.
    pub fn at_value(&self, diagnostic: Diagnostic, pointer: &Pointer) -> Diagnostic {
        diagnostic.at(&self.source, self.places().value(pointer))
    }
}

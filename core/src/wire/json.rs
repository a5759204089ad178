//! JSON as it was received: a text and the places of its values.
//!
//! `serde_json::Value` would allocate each text and each object before a field is read, and most of it is read only once, by a
//! type that makes its own copy. A document allocates twice: its text is the body of the response, and each value is a node of
//! eight bytes that refers to the text.

mod build;
mod escape;
mod json_ref;
mod key_filter;
mod node;
mod parse;
mod tree;
mod writer;

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

pub(super) use json_ref::FieldsIter;
pub use json_ref::JsonRef;
pub(super) use key_filter::KeyFilter;
pub use node::JsonKind;
use tree::Tree;
pub(crate) use writer::JsonWriter;

/// A JSON value as it was received, with the response that it is a part of. Clones and parts share the response.
#[derive(Clone)]
pub struct Json {
    tree: Arc<Tree>,
    index: usize,
}

impl Json {
    /// Parses a JSON text. A `String` is kept without a copy.
    ///
    /// If a key of an object is repeated, its last value counts. Values may be nested to a depth of 127.
    ///
    /// # Errors
    /// The text, if it is no JSON, contains a number above the range of a double, or is longer than 512 MiB.
    pub fn parse(text: impl Into<String>) -> Result<Self, String> {
        Ok(Self { tree: Arc::new(parse::parse(text.into())?), index: 0 })
    }

    /// The JSON of a value; `None` if its texts are longer than 512 MiB.
    pub fn from_value(value: &Value) -> Option<Self> {
        Some(Self { tree: Arc::new(build::build(value)?), index: 0 })
    }

    /// The document that was written, with its text; `None` if it is too long.
    pub(crate) fn written(writer: JsonWriter, text: String) -> Option<Self> {
        Some(Self { tree: Arc::new(writer.finish(text)?), index: 0 })
    }

    /// The same as the payload of an event, in which the word `undefined` stands for nothing, except in a field for texts.
    pub(crate) fn scripted(mut self) -> Self {
        if let Some(tree) = Arc::get_mut(&mut self.tree) {
            tree.make_scripted();
        }
        self
    }

    /// The value.
    #[inline]
    pub fn get(&self) -> JsonRef<'_> {
        JsonRef::new(&self.tree, self.index)
    }

    /// A part of this value, which shares its response. `part` must come from this value.
    pub(crate) fn part(&self, part: JsonRef<'_>) -> Self {
        Self { tree: Arc::clone(&self.tree), index: part.index() }
    }

    /// A copy that does not share the response.
    pub fn to_value(&self) -> Value {
        self.get().to_value()
    }
}

/// `null`.
impl Default for Json {
    fn default() -> Self {
        Self { tree: Arc::default(), index: 0 }
    }
}

/// Values are equal if they are written alike, apart from white space and escapes. Objects must have the same order.
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for Json {}

/// Compares with a [`Value`], or what a value is compared with: a text, a number.
impl<T> PartialEq<T> for Json
where
    Value: PartialEq<T>,
{
    fn eq(&self, other: &T) -> bool {
        self.to_value() == *other
    }
}

/// Writes the value as JSON without white space.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

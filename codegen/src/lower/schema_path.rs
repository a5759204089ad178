//! The location of a schema, and the name of its type.

use super::names;
use crate::descriptor::{Pointer, Schema};
use crate::model::Direction;

/// The location of a schema in its file, and the words of the name of its type.
#[derive(Clone)]
pub(super) struct SchemaPath<'s> {
    /// The last word of the method name.
    method: String,
    /// The words of the type name.
    pub(super) words: Vec<String>,
    /// The root schema, which resolves `$ref`.
    root: &'s Schema,
    root_at: Pointer,
    /// The location in the file.
    pub(super) at: Pointer,
    pub(super) direction: Direction,
    /// What it is part of, if that is neither a request nor a result of a method.
    whole: Option<String>,
}

impl<'s> SchemaPath<'s> {
    /// The root of a schema, whose type names begin with `word`.
    pub(super) fn root(word: &str, root: &'s Schema, at: Pointer, direction: Direction) -> Self {
        Self {
            method: word.to_owned(),
            words: vec![word.to_owned()],
            root,
            root_at: at.clone(),
            at,
            direction,
            whole: None,
        }
    }

    /// The payload of an event, whose type names begin with `word`.
    pub(super) fn payload(event: &'s str, word: &str, data: &'s Schema) -> Self {
        let root = Self::root(word, data, Pointer::default().key("data"), Direction::Response);
        Self { whole: Some(format!("the payload of `{event}`")), ..root }
    }

    /// A part of a descriptor that is no method, with the words for the documentation: "the options of …".
    pub(super) fn part(word: &str, root: &'s Schema, key: &str, direction: Direction, whole: String) -> Self {
        let path = Self::root(word, root, Pointer::default().key(key), direction);
        Self { whole: Some(whole), ..path }
    }

    /// One step down, with a further word in the names.
    pub(super) fn named(&self, word: &str, at: Pointer) -> Self {
        let mut path = self.clone();
        path.words.push(word.to_owned());
        path.at = at;
        path
    }

    /// The same value at another place of the file, as one of its forms.
    pub(super) fn at(&self, at: Pointer) -> Self {
        Self { at, ..self.clone() }
    }

    /// A property of the object at this path.
    pub(super) fn property(&self, name: &str) -> Self {
        self.named(name, self.at.key("properties").key(name))
    }

    /// The target of a `$ref`, named after it alone.
    pub(super) fn shared(&self, reference: &str) -> Option<(&'s Schema, Self)> {
        let name = reference.strip_prefix("#/$defs/")?;
        let schema = self.root.defs.get(name)?;
        let at = self.root_at.key("$defs").key(name);
        Some((schema, Self { words: vec![name.to_owned()], at, ..self.clone() }))
    }

    /// Whether this is a shared schema, which the descriptor names.
    pub(super) fn is_shared(&self) -> bool {
        matches!(self.words.as_slice(), [name] if self.at == self.root_at.key("$defs").key(name))
    }

    /// Whether a portal sends it to an application, or receives it from there: whether it is of no method.
    pub(super) fn is_sent(&self) -> bool {
        self.whole.is_some()
    }

    /// The words that all types of this request or result begin with, and the words of the path from its root.
    pub(super) fn head_and_rest(&self) -> (Vec<&str>, Vec<&str>) {
        let is_result = self.direction == Direction::Response
            && self.words.get(1).is_some_and(|word| word == names::RESULT);
        let mut head: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let path = head.split_off(head.len().min(if is_result { 2 } else { 1 }));
        (head, path)
    }

    /// What a type at this path is, for the generated documentation.
    pub(super) fn role(&self) -> String {
        let whole = match (&self.whole, self.direction) {
            (Some(whole), _) => whole.clone(),
            (None, Direction::Request) => format!("the request of `{}`", self.method),
            (None, Direction::Response) => format!("the result of `{}`", self.method),
        };
        let (_, path) = self.head_and_rest();
        match path.as_slice() {
            [] if self.at == self.root_at => format!("T{}", &whole[1..]),
            [] => format!("`{}` in {whole}", self.words.join(".")),
            path => format!("`{}` in {whole}", path.join(".")),
        }
    }
}

//! Where a schema stands, and what the type that it may become is called there.

use super::names;
use crate::descriptor::{Pointer, Schema};
use crate::model::Direction;

/// Where a schema stands: in the file, and in the name of a type that it may become.
#[derive(Clone)]
pub(super) struct SchemaPath<'s> {
    /// The last word of the method's name.
    method: String,
    /// The words of the type's name.
    pub(super) words: Vec<String>,
    /// The whole schema, in which `$ref` is looked up.
    root: &'s Schema,
    root_at: Pointer,
    /// The place in the file.
    pub(super) at: Pointer,
    pub(super) direction: Direction,
}

impl<'s> SchemaPath<'s> {
    /// The top of a schema, whose types are named after `word`.
    pub(super) fn root(word: &str, root: &'s Schema, at: Pointer, direction: Direction) -> Self {
        Self {
            method: word.to_owned(),
            words: vec![word.to_owned()],
            root,
            root_at: at.clone(),
            at,
            direction,
        }
    }

    /// One step down, adding a word to the names.
    pub(super) fn named(&self, word: &str, at: Pointer) -> Self {
        let mut path = self.clone();
        path.words.push(word.to_owned());
        path.at = at;
        path
    }

    /// A property of the object that stands here.
    pub(super) fn property(&self, name: &str) -> Self {
        self.named(name, self.at.key("properties").key(name))
    }

    /// What a `$ref` leads to, named after it alone.
    pub(super) fn shared(&self, reference: &str) -> Option<(&'s Schema, Self)> {
        let name = reference.strip_prefix("#/$defs/")?;
        let schema = self.root.defs.get(name)?;
        let at = self.root_at.key("$defs").key(name);
        Some((schema, Self { words: vec![name.to_owned()], at, ..self.clone() }))
    }

    /// The words that all types of this request or result begin with, and those of the path from its top.
    pub(super) fn head_and_rest(&self) -> (Vec<&str>, Vec<&str>) {
        let is_result = self.direction == Direction::Response
            && self.words.get(1).is_some_and(|word| word == names::RESULT);
        let mut head: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let path = head.split_off(head.len().min(if is_result { 2 } else { 1 }));
        (head, path)
    }

    /// What a type here is, for people.
    pub(super) fn role(&self) -> String {
        let whole = match self.direction {
            Direction::Request => format!("the request of `{}`", self.method),
            Direction::Response => format!("the result of `{}`", self.method),
        };
        let (_, path) = self.head_and_rest();
        match path.as_slice() {
            [] if self.at == self.root_at => format!("T{}", &whole[1..]),
            [] => format!("`{}` in {whole}", self.words.join(".")),
            path => format!("`{}` in {whole}", path.join(".")),
        }
    }
}

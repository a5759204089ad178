//! JSON Schemas of values on the wire: from words of the documentation, from examples, and how two of them combine.

pub(crate) mod accepts;
pub(crate) mod example;
pub(crate) mod words;

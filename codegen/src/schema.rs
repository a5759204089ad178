//! JSON Schemas of values on the wire: from words of the documentation, from examples, and how two of them combine.

pub(crate) mod accepts;
pub(crate) mod example;
pub(crate) mod join;
pub(crate) mod kept;
pub(crate) mod words;

pub use accepts::accepts;
pub use join::join;

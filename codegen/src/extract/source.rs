//! The documents of a folder, the snapshots that they are part of, and the links between them.

pub(crate) mod documents;
pub(crate) mod links;
pub(crate) mod origin;
pub(crate) mod page_kind;
pub(crate) mod root;
pub(crate) mod snapshots;

//! The rules on methods: each module extracts one kind of fact from a page.

pub(crate) mod aliases;
pub(crate) mod context;
pub(crate) mod deprecation;
pub(crate) mod errors;
pub(crate) mod handlers;
pub(crate) mod keyset;
pub(crate) mod limits;
pub(crate) mod pagination;
pub(crate) mod params;
pub(crate) mod placements;
pub(crate) mod positional;
pub(crate) mod returns;
pub(crate) mod scope;
pub(crate) mod side_effects;

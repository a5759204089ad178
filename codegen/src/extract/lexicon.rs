//! The words and phrases of the documentation, in every form and both languages. Rules refer to them by name, so that a new
//! spelling is one more line in one of these lists.

pub(crate) mod bounds;
pub(crate) mod columns;
pub(crate) mod errors;
pub(crate) mod events;
pub(crate) mod field_names;
pub(crate) mod headings;
pub(crate) mod limits;
pub(crate) mod method_names;
pub(crate) mod params;
pub(crate) mod phrases;
pub(crate) mod placements;
pub(crate) mod portal_names;
pub(crate) mod preamble;
pub(crate) mod results;
pub(crate) mod types;
pub(crate) mod values;
pub(crate) mod verbs;

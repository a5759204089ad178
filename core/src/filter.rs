//! Conditions of lists, in the two dialects in which a portal takes them.
//!
//! REST 2 wants an object whose keys carry the comparison before the name of the field, REST 3 a list of conditions. What the
//! one can say the other cannot always, so each has a type of its own: [`Filter`] and [`Conditions`].

mod rest2;
mod rest3;

pub use rest2::Filter;
pub use rest3::Conditions;

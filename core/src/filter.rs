//! Conditions of lists, in the two dialects of a portal.
//!
//! REST 2 uses an object whose keys start with a comparison operator, REST 3 uses a list of conditions. Each dialect can
//! express conditions that the other cannot, so each has its own type: [`Filter`] and [`Conditions`].

mod rest2;
mod rest3;

pub use rest2::Filter;
pub use rest3::Conditions;

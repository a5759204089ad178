//! What a typed placement is.

use crate::wire::ToWire;

/// A place for widgets with a fixed code. The generated types of placements implement it, and so may a type of the program.
pub trait PlacementType {
    /// The code as documented: `CRM_DEAL_DETAIL_TAB`.
    const CODE: &'static str;
    /// The options of `placement.bind` for this place; written as an object.
    type Options: ToWire;
}

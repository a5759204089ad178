//! What the fields of a row are when it is added without them.

use indexmap::IndexMap;

use super::names::fold;
use crate::spec::{JsonType, Schema};

/// The value of a field in a row that is added without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blank {
    /// The identifier of the row.
    Id,
    /// The default of the schema.
    Default,
    /// The moment at which the row is added.
    Moment,
    /// The first user, who calls.
    User,
    True,
    False,
    Null,
}

/// What follows from the name and the schema of a field.
#[derive(Clone, Debug)]
pub(crate) struct Trait {
    pub(crate) folded: String,
    pub(crate) blank: Blank,
    /// Whether it says when the row was changed last.
    pub(crate) is_change_moment: bool,
}

/// The traits of fields, in their order.
pub(super) fn traits(fields: &IndexMap<String, Schema>, id: Option<&str>) -> Vec<Trait> {
    fields.iter().map(|(name, schema)| of_field(name, schema, id == Some(name))).collect()
}

fn of_field(name: &str, schema: &Schema, is_id: bool) -> Trait {
    let folded = fold(name);
    let has = |parts: &[&str]| parts.iter().any(|part| folded.contains(part));
    let blank = if is_id {
        Blank::Id
    } else if schema.default.is_some() {
        Blank::Default
    } else if schema.is_date()
        && has(&["create", "modif", "update", "insert", "register", "timestamp", "changed", "moved"])
    {
        Blank::Moment
    } else if schema.is_scalar()
        && has(&["createdby", "modifyby", "modifiedby", "updatedby", "assignedby", "authorid"])
    {
        Blank::User
    } else if schema.single() == Some(JsonType::Boolean) {
        // What a portal adds is in use.
        if matches!(folded.as_str(), "active" | "isactive") { Blank::True } else { Blank::False }
    } else {
        Blank::Null
    };
    let is_change_moment = blank == Blank::Moment && has(&["modif", "update", "changed", "timestampx"]);
    Trait { folded, blank, is_change_moment }
}

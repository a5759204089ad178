//! What follows from changes of the rows of a table, in the same rows and in others.

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::sources::{Setting, settings};

/// What follows from changes of the rows of a table. Fields are named as results name them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Follows {
    /// Fields that are those of another field in a row that is added without them.
    pub(crate) same: IndexMap<String, String>,
    /// Fields of other rows that are the sum of these.
    pub(crate) totals: Vec<Total>,
    /// Rows that bind others to these.
    pub(crate) links: Vec<Link>,
    /// Rows that say how these have changed.
    pub(crate) journals: Vec<Journal>,
    /// Fields that a row of another table says.
    pub(crate) lookups: Vec<Lookup>,
    /// Fields with several values.
    pub(crate) several: Option<Several>,
    /// Fields with lists whose items have identifiers.
    pub(crate) items: Vec<Items>,
}

/// A field with a list of objects, each of which has an identifier (`id`) and can be removed (`del`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Items {
    /// The field with the list.
    pub(crate) field: String,
    /// The properties of an item, with the values that they have if they are not given.
    pub(crate) item: IndexMap<String, Value>,
    /// The property without which an item is ignored.
    pub(crate) value: String,
    /// The property with the identifier of the row.
    pub(crate) owner: Option<String>,
}

/// Fields with several values, each with an identifier and a type, which one further field has all of.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Several {
    /// The fields, which are the types of values too, with their flags that say whether there are values.
    pub(crate) fields: IndexMap<String, Option<String>>,
    /// The field with all values.
    pub(crate) all: String,
}

/// A field of an owner that is the sum over its rows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Total {
    /// The table of the owners. Default: that of a kind of items, which `kind` names.
    pub(crate) table: Option<String>,
    /// The field with the kind of the owner.
    pub(crate) kind: Option<String>,
    /// The field with the identifier of the owner.
    pub(crate) id: String,
    /// The fields whose product is summed up.
    pub(crate) of: Vec<String>,
    /// The field of the owner.
    pub(crate) into: String,
    /// The flag of the owner with which the field stays.
    pub(crate) unless: Option<String>,
}

/// Rows that bind others to an owner, which has their identifiers in two of its fields.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Link {
    /// The table of the rows. Empty: the owner has the fields only.
    pub(crate) rows: String,
    /// The field of such a row with the identifier of the owner.
    pub(crate) owner: String,
    /// The field of such a row with the identifier of what is bound.
    pub(crate) value: String,
    /// The owner's field with the primary identifier.
    pub(crate) first: String,
    /// The owner's field with all identifiers.
    pub(crate) all: String,
}

/// Rows, each of which is a change of another row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Journal {
    /// The table of the entries.
    pub(crate) rows: String,
    /// The fields whose changes are entries.
    pub(crate) fields: Vec<String>,
    /// The fields of an entry that say which row has changed.
    pub(crate) key: Vec<String>,
    /// The fields of an entry.
    #[serde(deserialize_with = "of_settings")]
    pub(crate) set: Vec<Setting>,
    /// What is different in the entry that says that the row was added.
    #[serde(deserialize_with = "of_settings")]
    pub(crate) first: Vec<Setting>,
    /// What is different in the entry after which the row is closed.
    #[serde(deserialize_with = "of_settings")]
    pub(crate) last: Vec<Setting>,
    /// The flag of a row that is closed.
    pub(crate) closed: Option<String>,
}

/// Fields that follow from a code, which a row of another table explains.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Lookup {
    /// The field with the code.
    pub(crate) field: String,
    /// The table that explains codes.
    pub(crate) table: String,
    /// Its field with the code.
    pub(crate) by: String,
    /// How the values of another field of it begin.
    pub(crate) within: IndexMap<String, String>,
    /// Its field with the value.
    pub(crate) take: String,
    /// The value if there is none.
    pub(crate) or: Value,
    /// The field that gets the value.
    pub(crate) into: String,
    /// Flags, and the values with which they are set.
    pub(crate) flags: IndexMap<String, Vec<Value>>,
}

fn of_settings<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Setting>, D::Error> {
    Ok(settings(&IndexMap::deserialize(deserializer)?))
}

impl Follows {
    pub(super) fn is_empty(&self) -> bool {
        let Self { same, totals, links, journals, lookups, several, items } = self;
        let has_fields = !same.is_empty() || !lookups.is_empty() || several.is_some() || !items.is_empty();
        !has_fields && totals.is_empty() && links.is_empty() && journals.is_empty()
    }
}

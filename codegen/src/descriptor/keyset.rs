//! Keyset pagination: how a list is read by ascending identifier.

#[cfg(feature = "importer")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a list is read by ascending identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Keyset {
    /// The name of the identifier in filters and orders.
    pub id: String,
    /// The name of the identifier in rows, if it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_id: Option<String>,
    /// The parameter with the filter.
    #[serde(default = "Keyset::usual_filter", skip_serializing_if = "Keyset::is_usual_filter")]
    pub filter: String,
    /// The parameter with the order.
    #[serde(default = "Keyset::usual_order", skip_serializing_if = "Keyset::is_usual_order")]
    pub order: String,
    /// The parameter with the direction, if `order` is the name of a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
}

impl Keyset {
    /// The name of the identifier in rows.
    pub fn row_id(&self) -> &str {
        self.row_id.as_deref().unwrap_or(&self.id)
    }

    /// Whether the parameters are not `filter` and `order`.
    pub fn has_other_params(&self) -> bool {
        !(Self::is_usual_filter(&self.filter) && Self::is_usual_order(&self.order))
    }

    fn usual_filter() -> String {
        "filter".to_owned()
    }

    fn usual_order() -> String {
        "order".to_owned()
    }

    fn is_usual_filter(name: &str) -> bool {
        name == "filter"
    }

    fn is_usual_order(name: &str) -> bool {
        name == "order"
    }
}

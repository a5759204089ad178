//! How a list is read by ascending identifier, as a descriptor says it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a list is read by ascending identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keyset {
    /// The identifier's name in conditions and orders.
    pub id: String,
    /// The identifier's name in a row, where it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_id: Option<String>,
    /// The parameter that takes conditions.
    #[serde(default = "Keyset::usual_filter", skip_serializing_if = "Keyset::is_usual_filter")]
    pub filter: String,
    /// The parameter that takes the order.
    #[serde(default = "Keyset::usual_order", skip_serializing_if = "Keyset::is_usual_order")]
    pub order: String,
}

impl Keyset {
    /// The identifier's name in a row.
    pub fn row_id(&self) -> &str {
        self.row_id.as_deref().unwrap_or(&self.id)
    }

    /// Whether the parameters have other names than most methods give them.
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

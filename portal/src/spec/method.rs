//! A method of the API.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Api;
use super::schema::{JsonType, Schema, Types};

/// A method.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Method {
    /// The documented spelling.
    #[serde(rename = "method")]
    pub(crate) name: String,
    /// The interface.
    #[serde(default)]
    pub(crate) api: Api,
    /// Whether the page says that it should no longer be used.
    #[serde(default)]
    pub(crate) deprecated: Option<IgnoredAny>,
    /// The scopes, one of which the caller needs.
    #[serde(default)]
    pub(crate) scope: Vec<String>,
    /// How further pages are requested.
    #[serde(default)]
    pub(crate) pagination: Pagination,
    /// JSON Pointer into the parameters, to the page number or the offset.
    #[serde(default)]
    pub(crate) page_at: Option<String>,
    /// Who may call it.
    #[serde(default)]
    pub(crate) context: Context,
    /// Whether parameters are sent by position.
    #[serde(default)]
    pub(crate) positional: bool,
    /// The parameters.
    #[serde(default = "any_object")]
    pub(crate) params: Schema,
    /// The result.
    #[serde(default)]
    pub(crate) returns: Schema,
    /// JSON Pointer into the result, to the rows of a list.
    #[serde(default)]
    pub(crate) rows: Option<String>,
    /// How the list is read by ascending identifier.
    #[serde(default)]
    pub(crate) keyset: Option<Keyset>,
    /// The documented errors, in addition to those of all methods.
    #[serde(default)]
    pub(crate) errors: Vec<DocumentedError>,
}

/// How further pages of a list are requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Pagination {
    None,
    Start,
    LimitOffset,
    LastId,
    Page,
    V3,
    Cursor,
    #[default]
    Unknown,
}

/// Who may call a method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Context {
    /// Anyone with a token for the scope.
    #[default]
    Any,
    /// An application only.
    Application,
}

/// The parameters of a list that is read by ascending identifier.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Keyset {
    /// The parameter with the filter.
    #[serde(default)]
    pub(crate) filter: Option<String>,
    /// The parameter with the order.
    #[serde(default)]
    pub(crate) order: Option<String>,
    /// The parameter with the direction, if `order` is the name of a field.
    #[serde(default)]
    pub(crate) direction: Option<String>,
}

/// A documented error.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct DocumentedError {
    /// The code. `""`: none.
    pub(crate) code: String,
    /// The HTTP status.
    #[serde(default)]
    pub(crate) status: Option<u16>,
    /// The message, where the code does not distinguish errors.
    #[serde(default)]
    pub(crate) message: Option<String>,
    /// Whether only an earlier documentation lists it.
    #[serde(default)]
    pub(crate) historical: bool,
}

impl Method {
    /// The last word of the name in lower case: `add`, `list`.
    pub(crate) fn verb(&self) -> String {
        self.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The documented error with this code, or else the one whose message begins so.
    pub(crate) fn error(&self, named: &str) -> Option<&DocumentedError> {
        let says =
            |error: &&DocumentedError| error.message.as_ref().is_some_and(|text| text.starts_with(named));
        self.errors.iter().find(|error| error.code == named).or_else(|| self.errors.iter().find(says))
    }

    /// The schema of a row, if the method returns a list.
    pub(crate) fn row(&self) -> Option<&Schema> {
        let mut list = &self.returns;
        for step in self.rows.as_deref()?.split('/').skip(1) {
            list = list.properties.get(step)?;
        }
        let row = list.items.as_deref().or_else(|| list.map_values())?;
        Some(row.resolve(&self.returns.defs))
    }
}

fn any_object() -> Schema {
    Schema { types: Types(vec![JsonType::Object]), ..Schema::default() }
}

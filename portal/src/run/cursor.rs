//! Lists after a value of a field, which the caller has read last: `cursor` of methods that end in `tail`.

use serde_json::{Map, Value};

use super::Call;
use super::page::Part;
use crate::families::fold;
use crate::php;
use crate::store::Filter;

/// How many rows a list has that says nothing else, and how many it has at most.
const ROWS: (i64, i64) = (50, 1_000);

/// Where a list begins.
pub(super) struct Cursor {
    field: String,
    is_descending: bool,
    value: Value,
    limit: usize,
}

impl Cursor {
    /// The cursor of a list that has one in place of pages.
    pub(super) fn of(call: &Call<'_>) -> Option<Self> {
        let schema = call.method.params.properties.get("cursor")?;
        if !schema.properties.contains_key("field") {
            return None;
        }
        let none = Map::new();
        let given = call.param("cursor").and_then(Value::as_object).unwrap_or(&none);
        let text = |name: &str| given.get(name).map(php::text).unwrap_or_default();
        let field = Some(text("field")).filter(|field| !field.is_empty());
        let limit =
            given.get("limit").map(php::integer).filter(|limit| *limit > 0).unwrap_or(ROWS.0).min(ROWS.1);
        Some(Self {
            field: field.or_else(|| call.family.id.clone()).unwrap_or_else(|| "id".to_owned()),
            is_descending: text("order").eq_ignore_ascii_case("desc"),
            value: given.get("value").cloned().unwrap_or_default(),
            limit: usize::try_from(limit).unwrap_or(0),
        })
    }

    /// The rows after the value; all, if there is none.
    pub(super) fn filter(&self) -> Filter {
        if php::is_empty(&self.value) {
            return Filter::All(Vec::new());
        }
        let operator = if self.is_descending { "<" } else { ">" };
        let condition = (format!("{operator}{}", self.field), self.value.clone());
        Filter::of_object(&Map::from_iter([condition]))
    }

    /// The field whose value the caller has read last.
    pub(super) fn field(&self) -> &str {
        &self.field
    }

    pub(super) fn order(&self) -> Vec<(String, bool)> {
        vec![(fold(&self.field), self.is_descending)]
    }

    pub(super) fn part(&self) -> Part {
        Part::Slice(0, self.limit)
    }
}

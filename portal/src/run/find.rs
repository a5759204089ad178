//! Rows of other families that have one of several values in a field.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::values::Context;
use super::{Call, Machine};
use crate::check::Refusal;
use crate::exchange::Answer;
use crate::families::fold;
use crate::php;
use crate::store::TableKey;

impl Machine {
    /// The identifiers of the rows that have one of the values, by the names of their tables.
    pub(super) fn find(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let Some(find) = &call.operation.find else { return Ok(Answer::of(json!([]))) };
        let value = |source| self.value_of(call, source, &Context::default()).unwrap_or_default();
        let (field, only) = (php::text(&value(&find.field)), php::text(&value(&find.only)));
        let wanted: HashSet<String> = texts(&value(&find.values)).collect();
        let mut found = Map::new();
        let tables =
            find.tables.iter().filter(|(name, _)| only.is_empty() || only.eq_ignore_ascii_case(name));
        for (name, table) in tables {
            let key = TableKey::of(table);
            self.ensure_table(&key)?;
            let Some(table) = self.store.get(&key) else { continue };
            let Some(column) = table.column(&fold(&field)) else { continue };
            let has = |value: Value| texts(&value).any(|text| wanted.contains(&text));
            let rows = table.range(0, i64::MAX).filter(|(_, row)| row.value(column).is_some_and(has));
            let ids: Vec<i64> = rows.map(|(id, _)| id).collect();
            if !ids.is_empty() {
                found.insert(name.clone(), ids.into());
            }
        }
        Ok(Answer::of(if found.is_empty() { json!([]) } else { Value::Object(found) }))
    }
}

/// The values as they are compared.
fn texts(value: &Value) -> impl Iterator<Item = String> {
    let several = match value {
        Value::Array(several) => several.clone(),
        Value::Object(several) if !several.contains_key("VALUE") => several.values().cloned().collect(),
        one => vec![one.clone()],
    };
    several.into_iter().map(|one| comparable(&php::text(one.get("VALUE").unwrap_or(&one))))
}

/// A phone number by its digits alone; any other text without case.
fn comparable(text: &str) -> String {
    let text = text.trim();
    let is_phone = text.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c));
    if is_phone { text.chars().filter(char::is_ascii_digit).collect() } else { text.to_lowercase() }
}

//! Rows that name a list or an object in the singular, or one in the plural, that examples show in the other number.

use crate::descriptor::{JsonType, Schema};
use crate::extract::rules::returns::tables::objects::ObjectIndex;
use crate::extract::tables::field_table::TypedField;

/// The object and the name of the field that examples show under the singular or the plural of a name that no object has, if
/// the row is about a list or an object, and no row is about that field.
pub(super) fn shown(row: &TypedField, rows: &[TypedField], objects: &ObjectIndex) -> Option<(usize, String)> {
    if !objects.with_field(&row.name).is_empty() || !is_structure(row.schema.as_ref()?) {
        return None;
    }
    let plural = format!("{}s", row.name);
    let singular = row.name.strip_suffix('s').unwrap_or_default();
    let is_one = |name: &&str| objects.with_field(name).len() == 1;
    let shown = [plural.as_str(), singular].into_iter().find(is_one)?;
    let id = *objects.with_field(shown).first()?;
    let is_described = rows.iter().any(|row| row.name == shown);
    (!is_described).then(|| (id, shown.to_owned()))
}

/// Whether a type is that of a list or an object, or a word of the documentation for one.
fn is_structure(schema: &Schema) -> bool {
    let kind = schema.types.single();
    let is_own_word = schema.types.is_empty() && schema.format.is_some();
    matches!(kind, Some(JsonType::Array | JsonType::Object)) || is_own_word
}

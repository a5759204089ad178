//! Custom fields: what callers have defined for the rows of a table, by methods of the entity (`crm.deal.userfield.*`) and by
//! `userfieldconfig.*`.

use serde_json::{Map, Value};

use super::{Call, Machine, custom, unreadable};
use crate::check::Refusal;
use crate::php;

/// The table with the fields of all entities.
const DEFINITIONS: &str = "userfieldconfig";

/// A field that was defined.
pub(super) struct CustomField {
    /// The name in the results of the method that describes it.
    pub(super) name: String,
    /// The name in upper case.
    pub(super) original: String,
    pub(super) kind: String,
    pub(super) label: String,
    pub(super) required: bool,
    pub(super) multiple: bool,
    /// The values of a list.
    pub(super) items: Vec<Value>,
}

impl Machine {
    /// The custom fields of the rows of a call.
    ///
    /// # Errors
    /// The file with rows cannot be read.
    pub(super) fn custom_fields(&mut self, call: &Call<'_>) -> Result<Vec<CustomField>, Refusal> {
        let key = call.table_key();
        let has_original_names = call.param("useoriginalufnames").is_some_and(php::is_true);
        let is_universal = !call.family.kinds.is_empty() && !has_original_names;
        let entity = match key.partition.first() {
            Some(kind) => self.entity_of_kind(kind)?,
            None => Some(key.name.replace('.', "_").to_ascii_uppercase()),
        };
        let Some(entity) = entity else { return Ok(Vec::new()) };
        let fields = self.rows(DEFINITIONS).map_err(unreadable)?;
        let of_entity =
            fields.iter().filter(|row| row.get("entityId").and_then(Value::as_str) == Some(&entity));
        Ok(of_entity.filter_map(|row| custom_field(row, is_universal)).collect())
    }

    /// The entity of a kind of items that callers have defined: `CRM_5` is that of the kind with the identifier 5.
    fn entity_of_kind(&mut self, kind: &str) -> Result<Option<String>, Refusal> {
        let kinds = self.rows("crm.type").map_err(unreadable)?;
        let found = kinds.iter().find(|row| row.get("entityTypeId").map(php::text).as_deref() == Some(kind));
        Ok(found.and_then(|row| row.get("id")).map(|id| format!("CRM_{}", php::text(id))))
    }
}

/// A field from the row with its definition.
fn custom_field(row: &Map<String, Value>, is_universal: bool) -> Option<CustomField> {
    let original = row.get("fieldName")?.as_str()?.to_owned();
    let is_set = |name: &str| row.get(name).is_some_and(php::is_true);
    let label = match row.get("editFormLabel") {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Object(languages)) => languages.values().find_map(Value::as_str).map(str::to_owned),
        _ => None,
    };
    Some(CustomField {
        name: if is_universal { custom::camel(&original) } else { original.clone() },
        kind: row.get("userTypeId").map(php::text).unwrap_or_default(),
        label: label.unwrap_or_else(|| original.clone()),
        required: is_set("mandatory"),
        multiple: is_set("multiple"),
        items: row.get("enum").and_then(Value::as_array).cloned().unwrap_or_default(),
        original,
    })
}

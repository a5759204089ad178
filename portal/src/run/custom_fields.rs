//! Custom fields: what callers have defined for the rows of a table, by methods of the entity (`crm.deal.userfield.*`) and by
//! `userfieldconfig.*`.

use serde_json::{Map, Value};

use super::{Call, Machine, custom, unreadable};
use crate::check::Refusal;
use crate::php;

/// The table of the fields of all entities.
const OF_ALL: &str = "userfieldconfig";

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
}

impl Machine {
    /// The custom fields of the rows of a call.
    ///
    /// # Errors
    /// The file with rows cannot be read.
    pub(super) fn custom_fields(&mut self, call: &Call<'_>) -> Result<Vec<CustomField>, Refusal> {
        let key = call.table_key();
        let is_universal = !call.family.kinds.is_empty();
        let entity = match key.partition.first() {
            Some(kind) => self.entity_of_kind(kind)?,
            None => Some(key.name.replace('.', "_").to_ascii_uppercase()),
        };
        let mut fields = self.rows(&format!("{}.userfield", key.name)).map_err(unreadable)?;
        let of_all = self.rows(OF_ALL).map_err(unreadable)?;
        let is_of_entity =
            |row: &Map<String, Value>| row.get("entityId").and_then(Value::as_str) == entity.as_deref();
        fields.extend(of_all.into_iter().filter(|row| entity.is_some() && is_of_entity(row)));
        let field = |row: &Map<String, Value>| custom_field(row, is_universal);
        Ok(fields.iter().filter_map(field).collect())
    }

    /// The entity of a kind of items that callers have defined: `CRM_5` is that of the kind with the identifier 5.
    fn entity_of_kind(&mut self, kind: &str) -> Result<Option<String>, Refusal> {
        let kinds = self.rows("crm.type").map_err(unreadable)?;
        let found = kinds.iter().find(|row| row.get("entityTypeId").map(php::text).as_deref() == Some(kind));
        Ok(found.and_then(|row| row.get("id")).map(|id| format!("CRM_{}", php::text(id))))
    }
}

/// A field from a row with its definition, whose names are in either spelling.
fn custom_field(row: &Map<String, Value>, is_universal: bool) -> Option<CustomField> {
    let value = |name: &str| row.get(name).or_else(|| row.get(&custom::camel(name)));
    let original = value("FIELD_NAME")?.as_str()?.to_owned();
    let is_set = |name: &str| value(name).is_some_and(php::is_true);
    let label = match value("EDIT_FORM_LABEL") {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Object(languages)) => languages.values().find_map(Value::as_str).map(str::to_owned),
        _ => None,
    };
    Some(CustomField {
        name: if is_universal { custom::camel(&original) } else { original.clone() },
        kind: value("USER_TYPE_ID").map(php::text).unwrap_or_default(),
        label: label.unwrap_or_else(|| original.clone()),
        required: is_set("MANDATORY"),
        multiple: is_set("MULTIPLE"),
        original,
    })
}

//! Fields that the administrator of a portal has added. Examples show those of the portal on which they were recorded; other
//! portals do not have them, so that no type has them either. At run time they are kept with the undocumented fields.

use crate::descriptor::{AdditionalProperties, Schema};
use crate::extract::lexicon::portal_names::is_portal_name;

/// Removes such fields from a schema, however deep. Returns their names.
pub(crate) fn remove(schema: &mut Schema) -> Vec<String> {
    let had_fields = !schema.properties.is_empty();
    let mut removed: Vec<String> =
        schema.properties.keys().filter(|name| is_portal_name(name)).cloned().collect();
    schema.properties.retain(|name, _| !is_portal_name(name));
    schema.required.retain(|name| !is_portal_name(name));
    let values = match &mut schema.additional {
        Some(AdditionalProperties::Of(values)) => Some(values),
        _ => None,
    };
    let parts = schema.properties.values_mut().chain(schema.items.as_deref_mut()).chain(&mut schema.one_of);
    removed.extend(parts.chain(values.map(|values| &mut **values)).flat_map(remove));
    if had_fields && schema.properties.is_empty() && schema.additional.is_none() {
        *schema = Schema { format: schema.format.take(), ..Schema::any_object() };
    }
    removed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn custom_fields_are_removed_at_any_depth() {
        let schema = |value: serde_json::Value| serde_json::from_value::<Schema>(value).unwrap();
        let field = json!({"type": "string"});
        let mut found = schema(json!({"type": "object", "properties": {
            "parentId7": field, "ID": field,
            "rows": {"type": "array", "items": {"type": "object", "properties": {"UF_CRM_1687188367": field}}},
        }}));
        let expected = schema(json!({"type": "object", "properties": {
            "ID": field, "rows": {"type": "array", "items": {"type": "object"}},
        }}));
        assert_eq!(remove(&mut found), ["parentId7", "UF_CRM_1687188367"]);
        assert_eq!(found, expected);
    }
}

//! Fields that the administrator of a portal has added. Examples show those of the portal on which they were recorded; other
//! portals do not have them, so that no type has them either. At run time they are kept with the undocumented fields.

use crate::descriptor::{AdditionalProperties, Schema};

/// Removes such fields from a schema, however deep. Returns their names.
pub(crate) fn remove(schema: &mut Schema) -> Vec<String> {
    let had_fields = !schema.properties.is_empty();
    let mut removed: Vec<String> = schema.properties.keys().filter(|name| is_custom(name)).cloned().collect();
    schema.properties.retain(|name, _| !is_custom(name));
    schema.required.retain(|name| !is_custom(name));
    let values = match &mut schema.additional {
        Some(AdditionalProperties::Of(values)) => Some(values),
        _ => None,
    };
    let parts = schema.properties.values_mut().chain(schema.items.as_deref_mut());
    removed.extend(parts.chain(values.map(|values| &mut **values)).flat_map(remove));
    if had_fields && schema.properties.is_empty() && schema.additional.is_none() {
        *schema = Schema { format: schema.format.take(), ..Schema::any_object() };
    }
    removed
}

/// Whether a name exists on one portal only: a user field with the time of its creation (`ufCrm_1721244707107`), or the link to
/// a type that the portal defines (`parentId1220`).
fn is_custom(name: &str) -> bool {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = name.len() - letters.len();
    let letters = letters.trim_end_matches('_').to_ascii_lowercase();
    match letters.strip_prefix("uf") {
        Some(_) => digits >= 5,
        None => digits > 0 && matches!(letters.as_str(), "parentid" | "parent_id"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_one_portal_are_distinguished_from_documented_ones() {
        let custom = [
            "ufCrm_1721244707107",
            "UF_CRM_1687188367",
            "UF_CRM_12_1707997209",
            "parentId1220",
            "PARENT_ID_128",
        ];
        let documented =
            ["UF_CRM_TASK", "ufDepartment", "UF_PHONE_2", "parentId", "PARENT_ID", "field7097", "id", "uf12"];
        for name in custom {
            assert!(is_custom(name), "{name}");
        }
        for name in documented {
            assert!(!is_custom(name), "{name}");
        }
    }

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

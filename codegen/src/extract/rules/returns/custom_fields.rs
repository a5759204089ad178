//! Fields that a portal's administrator has made. Examples show those of the portal on which they were recorded; on any other
//! they mean nothing, so no type has them. What a portal sends of them is kept with the fields that are not documented.

use crate::descriptor::{AdditionalProperties, Schema};

/// The schema without such fields, however deep.
pub(super) fn removed(mut schema: Schema) -> Schema {
    let had_fields = !schema.properties.is_empty();
    schema.properties.retain(|name, _| !is_own(name));
    schema.required.retain(|name| !is_own(name));
    schema.properties = schema.properties.into_iter().map(|(name, field)| (name, removed(field))).collect();
    schema.items = schema.items.map(|items| Box::new(removed(*items)));
    schema.additional = schema.additional.map(|additional| match additional {
        AdditionalProperties::Of(values) => AdditionalProperties::Of(Box::new(removed(*values))),
        other => other,
    });
    if had_fields && schema.properties.is_empty() && schema.additional.is_none() {
        return Schema { format: schema.format, ..Schema::any_object() };
    }
    schema
}

/// Whether a name is one that a portal gave: a user field with the moment of its making (`ufCrm_1721244707107`), or the link to a
/// type of the portal's own (`parentId1220`).
fn is_own(name: &str) -> bool {
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
    fn names_that_one_portal_has_made_are_told_from_documented_ones() {
        let own = [
            "ufCrm_1721244707107",
            "UF_CRM_1687188367",
            "UF_CRM_12_1707997209",
            "parentId1220",
            "PARENT_ID_128",
        ];
        let documented =
            ["UF_CRM_TASK", "ufDepartment", "UF_PHONE_2", "parentId", "PARENT_ID", "field7097", "id", "uf12"];
        for name in own {
            assert!(is_own(name), "{name}");
        }
        for name in documented {
            assert!(!is_own(name), "{name}");
        }
    }

    #[test]
    fn they_are_left_out_at_any_depth() {
        let schema = |value: serde_json::Value| serde_json::from_value::<Schema>(value).unwrap();
        let field = json!({"type": "string"});
        let given = schema(json!({"type": "object", "properties": {
            "parentId7": field, "ID": field,
            "rows": {"type": "array", "items": {"type": "object", "properties": {"UF_CRM_1687188367": field}}},
        }}));
        let expected = schema(json!({"type": "object", "properties": {
            "ID": field, "rows": {"type": "array", "items": {"type": "object"}},
        }}));
        assert_eq!(removed(given), expected);
    }
}

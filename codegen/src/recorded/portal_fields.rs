//! Fields that exist on one portal only, as recorded traffic shows them.

/// Whether the name of a field is one that the users of a portal define: `UF_*`, `ufCrm*`, `parentId7`, `PROPERTY_7`, `property7`.
///
/// Recorded lines are no evidence for such fields, since other portals do not have them. Some names that begin with `UF_` are
/// documented, and are fields by that.
pub fn is_portal_field(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let digit_follows = |stem: &str| {
        name.strip_prefix(stem).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    name.starts_with("uf_")
        || name.starts_with("ufcrm")
        || ["parentid", "parent_id_", "property", "property_"].into_iter().any(digit_follows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_portal_are_distinguished_by_name() {
        for name in [
            "UF_CRM_1",
            "UF_COLOUR",
            "ufCrm7_12",
            "ufCrmColour",
            "parentId128",
            "PARENT_ID_1",
            "PROPERTY_1",
            "property258",
        ] {
            assert!(is_portal_field(name), "{name}");
        }
        for name in ["ID", "parentId", "PARENT_ID", "PROPERTY_TYPE", "property", "UFO", "uf"] {
            assert!(!is_portal_field(name), "{name}");
        }
    }
}

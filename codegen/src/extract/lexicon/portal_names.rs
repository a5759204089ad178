//! The names of fields that the administrator of a portal has added. Documents show those of the portal on which their
//! examples were recorded, or a pattern; other portals do not have them, so that no type has them either.

/// The digits of an automatic name. Shorter numbers are part of documented names (`UF_PHONE_2`).
const DIGITS: usize = 5;

/// The digits of the hexadecimal moment that older names end with (`UF_CRM_566EB0AC9B7FC`).
const HEX_DIGITS: usize = 8;

/// Whether a name exists on one portal only, or stands for such names: a user field (`ufCrm_1721244707107`,
/// `UF_CRM_566EB0AC9B7FC`, `UF_CRM_XXX`), the link to a type that the portal defines (`parentId1220`), a property of a catalog
/// (`property258`, `PROPERTY_n`), a field of a document (`field7097`) or a type of its own (`DYNAMIC_136`).
pub(crate) fn is_portal_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if is_user_field(name) {
        let last = lower.rsplit('_').next().unwrap_or_default();
        return is_open(last) || longest_number(&lower) >= DIGITS || is_hex(last);
    }
    let numbered = |stem: &str, least: usize| {
        lower.strip_prefix(stem).is_some_and(|rest| {
            let mark = rest.strip_prefix('_');
            let number = mark.unwrap_or(rest);
            let digits = number.len() >= least && number.bytes().all(|b| b.is_ascii_digit());
            mark == Some("") || !number.is_empty() && (digits || is_mark(name, number))
        })
    };
    ["parentid", "parent_id", "property"].into_iter().any(|stem| numbered(stem, 1))
        || ["dynamic", "field"].into_iter().any(|stem| numbered(stem, 3))
}

/// `UF_` or `uf` and a further word, as in `ufCrm`.
fn is_user_field(name: &str) -> bool {
    name.strip_prefix("UF_").or_else(|| name.strip_prefix("uf_")).is_some()
        || name
            .strip_prefix("uf")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase() || c == '_'))
}

/// Whether the last part of a name is left to be filled in.
fn is_open(last: &str) -> bool {
    last.is_empty() || last.len() > 1 && last.bytes().all(|b| b == b'x')
}

/// `n` or `x` in place of a number, as in `propertyN` and `PROPERTY_XXX`; a small letter behind small ones is part of a word.
fn is_mark(name: &str, number: &str) -> bool {
    let is_apart = name.contains('_') || name.ends_with(|c: char| c.is_ascii_uppercase());
    is_apart && (number == "n" || number.bytes().all(|b| b == b'x'))
}

fn longest_number(name: &str) -> usize {
    name.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

fn is_hex(last: &str) -> bool {
    last.len() >= HEX_DIGITS
        && last.bytes().all(|b| b.is_ascii_hexdigit())
        && last.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_portal_are_distinguished_from_documented_ones() {
        let custom = [
            "ufCrm_1721244707107",
            "UF_CRM_1687188367",
            "UF_CRM_12_1707997209",
            "UF_CRM_566EB0AC9B7FC",
            "uf_crm_566eb0ac9b7fc",
            "UF_CRM_",
            "UF_",
            "UF_CRM_XXX",
            "UF_AUTO_831530867848",
            "parentId1220",
            "PARENT_ID_128",
            "PARENT_ID_",
            "PARENT_ID_xxx",
            "property258",
            "propertyN",
            "PROPERTY_951",
            "PROPERTY_n",
            "field7097",
            "DYNAMIC_136",
        ];
        let documented = [
            "UF_CRM_TASK",
            "UF_DEPARTMENT",
            "ufDepartment",
            "UF_PHONE_2",
            "UF_PHONE_INNER",
            "UF_TASK_WEBDAV_FILES",
            "parentId",
            "PARENT_ID",
            "propertyId",
            "PROPERTY_TYPE",
            "propertyIndex",
            "property",
            "field7",
            "fieldId",
            "fields",
            "id",
            "uf12",
            "uft",
        ];
        for name in custom {
            assert!(is_portal_name(name), "{name}");
        }
        for name in documented {
            assert!(!is_portal_name(name), "{name}");
        }
    }
}

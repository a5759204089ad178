//! The names of custom fields, which universal items and the entities of their kinds spell differently.

/// The name in camel case: `UF_CRM_COLOR` is `ufCrmColor`, `UF_CRM_6_1734` is `ufCrm6_1734`.
pub(super) fn camel(name: &str) -> String {
    if name.chars().any(|c| c.is_ascii_lowercase()) {
        return name.to_owned();
    }
    let parts: Vec<&str> = name.split('_').collect();
    let last = parts.len().saturating_sub(1);
    let part = |(at, part): (usize, &&str)| {
        let lower = part.to_ascii_lowercase();
        let is_number = part.starts_with(|c: char| c.is_ascii_digit());
        match lower.split_at_checked(1) {
            _ if at == 0 => lower,
            _ if at == last && is_number => format!("_{lower}"),
            Some((first, rest)) => first.to_ascii_uppercase() + rest,
            None => lower,
        }
    };
    parts.iter().enumerate().map(part).collect()
}

/// The name in upper case: `ufCrm6_1734` is `UF_CRM_6_1734`.
pub(super) fn upper(name: &str) -> String {
    if !name.chars().any(|c| c.is_ascii_lowercase()) {
        return name.to_owned();
    }
    let mut written = String::with_capacity(name.len() + 4);
    let mut before = '_';
    for c in name.chars() {
        let begins = c.is_ascii_uppercase() || c.is_ascii_digit() && !before.is_ascii_digit();
        if begins && before != '_' {
            written.push('_');
        }
        written.push(c.to_ascii_uppercase());
        before = c;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_in_both_ways() {
        for (classic, universal) in [
            ("UF_CRM_COLOR", "ufCrmColor"),
            ("UF_CRM_1734", "ufCrm_1734"),
            ("UF_CRM_6_1734", "ufCrm6_1734"),
            ("UF_CRM_MY_FIELD", "ufCrmMyField"),
        ] {
            assert_eq!((camel(classic), upper(universal)), (universal.to_owned(), classic.to_owned()));
            assert_eq!((camel(universal), upper(classic)), (universal.to_owned(), classic.to_owned()));
        }
    }
}

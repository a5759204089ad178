//! The lines that begin items of lists.

/// The text of an item of a list: behind a dash, a star or a dot, or behind a number if it begins with code or emphasis.
pub(super) fn list_item(text: &str) -> Option<&str> {
    let marked = ["- ", "* ", "• "].iter().find_map(|mark| text.strip_prefix(mark));
    marked.or_else(|| {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = matches!(text.len() - rest.len(), 1 | 2);
        let item = rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") ")).filter(|_| numbered)?;
        item.trim_start().starts_with(['`', '*']).then_some(item.trim_start())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_begins_with_a_mark_or_a_number() {
        for (line, item) in [
            ("- a", Some("a")),
            ("* a", Some("a")),
            ("• a", Some("a")),
            ("1. `a` — the first", Some("`a` — the first")),
            ("12) **a** — the last", Some("**a** — the last")),
            ("1. By the cage", None),
            ("2024. `a`", None),
            ("*a*", None),
            ("-a", None),
        ] {
            assert_eq!(list_item(line), item, "{line}");
        }
    }
}

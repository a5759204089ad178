//! The identifiers of portals.

/// Whether a text can be a member id. It comes from requests of the outside, and may become a part of a path.
pub(super) fn is_valid(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn a_member_id_can_be_part_of_a_path() {
        for text in ["a223c6b3710f85df22e9377d6c4f7553", "A-1_b", &"x".repeat(64)] {
            assert!(is_valid(text), "{text}");
        }
        for text in ["", ".", "..", "a/b", "a\\b", "a b", "a\0", "é", "a.json", &"x".repeat(65)] {
            assert!(!is_valid(text), "{text:?}");
        }
    }
}

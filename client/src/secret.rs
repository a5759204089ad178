//! Texts that nobody may see.

use std::fmt;

/// What stands in the place of a secret.
pub(crate) const MASK: &str = "***";

/// The secret of a webhook: ASCII letters, digits, `_` and `-`, at least one.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Box<str>);

impl Secret {
    /// The secret that a text is, where it has the form of one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        (!text.is_empty() && text.bytes().all(allowed)).then(|| Self(text.into()))
    }

    /// The secret itself, for the address of a request and nothing else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// The text with every occurrence of the secret masked, in whatever case it is written.
    pub(crate) fn masked(&self, text: &str) -> String {
        // Lower-casing ASCII alone keeps every byte in its place, so places found in one text hold for the other.
        let folded = text.to_ascii_lowercase();
        let secret = self.0.to_ascii_lowercase();
        let mut shown = String::with_capacity(text.len());
        let mut rest = 0;
        for (place, found) in folded.match_indices(&secret) {
            shown.push_str(&text[rest..place]);
            shown.push_str(MASK);
            rest = place + found.len();
        }
        shown.push_str(&text[rest..]);
        shown
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_occurrence_is_masked_in_any_case() {
        let secret = Secret::parse("aB3_x-9").unwrap();
        let cases = [
            ("", ""),
            ("nothing to hide", "nothing to hide"),
            ("aB3_x-9", "***"),
            ("/rest/1/aB3_x-9/profile", "/rest/1/***/profile"),
            ("AB3_X-9 и ab3_x-9, ещё", "*** и ***, ещё"),
            ("aB3_x-aB3_x-9", "aB3_x-***"),
        ];
        for (text, shown) in cases {
            assert_eq!(secret.masked(text), shown);
        }
        assert_eq!(format!("{secret:?}"), "***");
    }

    #[test]
    fn overlapping_occurrences_leave_nothing_that_can_be_read_whole() {
        let secret = Secret::parse("abab").unwrap();
        assert!(!secret.masked("ababab").contains("abab"));
    }

    #[test]
    fn a_secret_is_made_of_letters_digits_underscores_and_hyphens() {
        for text in ["", "a b", "a%41", "a.b", "a/b", "é"] {
            assert_eq!(Secret::parse(text), None, "{text:?}");
        }
    }
}

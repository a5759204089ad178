//! Secrets, and their redaction in texts.

use std::collections::VecDeque;
use std::fmt;

/// The replacement of a secret.
pub(crate) const MASK: &str = "***";

/// The secret of a webhook, a token, or the secret of an application.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Box<str>);

impl Secret {
    /// Parses the secret of a webhook: ASCII letters, digits, `_` and `-`, at least one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        (!text.is_empty() && text.bytes().all(allowed)).then(|| Self(text.into()))
    }

    /// Creates a secret of any form: a token, or the secret of an application.
    pub(crate) fn token(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the URL, the body or the header of a request and nothing else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Replaces every occurrence of the secret in the text, in any case.
    pub(crate) fn redact(&self, text: &str) -> String {
        redact(&patterns([self]), text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// How many secrets are remembered. With a refresh each hour these are the pairs of two days, long after they have expired.
const MAX_RECENT: usize = 96;

/// Secrets that must be redacted even after they have expired: a permanent one, and recent ones.
pub(crate) struct Secrets {
    permanent: Secret,
    recent: VecDeque<Secret>,
    /// The search patterns of all secrets: calls are frequent, and new secrets are rare.
    patterns: Vec<String>,
}

impl Secrets {
    pub(crate) fn new(permanent: Secret) -> Self {
        Self { patterns: patterns([&permanent]), recent: VecDeque::new(), permanent }
    }

    /// Adds a recent secret.
    pub(crate) fn add(&mut self, secret: Secret) {
        if self.contains(&secret) {
            return;
        }
        if self.recent.len() == MAX_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(secret);
        self.patterns = patterns(self.recent.iter().chain([&self.permanent]));
    }

    /// Whether this is one of the recent secrets.
    pub(crate) fn contains(&self, secret: &Secret) -> bool {
        self.recent.contains(secret)
    }

    /// Replaces every occurrence of any of the secrets in the text.
    pub(crate) fn redact(&self, text: &str) -> String {
        redact(&self.patterns, text)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.recent.len() + 1)
    }
}

/// The search patterns of secrets: each secret in lower case, in every form in which texts contain it. A secret may be part of
/// another one, so longer patterns come first and nothing of them remains.
fn patterns<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Vec<String> {
    let secrets = secrets.into_iter().map(Secret::expose).filter(|secret| !secret.is_empty());
    let mut patterns: Vec<String> = secrets.flat_map(forms).collect();
    patterns.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    patterns.dedup();
    patterns
}

/// A secret in lower case: as it is, in a form, in a query, in our JSON, and in PHP's JSON, which escapes slashes and non-ASCII
/// characters.
fn forms(secret: &str) -> [String; 5] {
    let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let query = form.replace('+', "%20");
    let quoted = serde_json::Value::from(secret).to_string();
    let json = quoted[1..quoted.len() - 1].to_owned();
    let mut php = String::new();
    for c in json.replace('/', "\\/").chars() {
        if c.is_ascii() {
            php.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| php.push_str(&format!("\\u{unit:04x}")));
        }
    }
    [secret.to_owned(), form, query, json, php].map(|form| form.to_ascii_lowercase())
}

/// Replaces every occurrence of the patterns in the text.
fn redact(patterns: &[String], text: &str) -> String {
    let mut shown = text.to_owned();
    for secret in patterns.iter().filter(|secret| secret.len() <= text.len()) {
        // ASCII lower-casing keeps every byte offset, so offsets in one text are valid in the other.
        let folded = shown.to_ascii_lowercase();
        if folded.contains(secret.as_str()) {
            shown = replace(&shown, &folded, secret);
        }
    }
    shown
}

/// Replaces every occurrence of a secret; `folded` is the same text in lower case, like the secret.
fn replace(text: &str, folded: &str, secret: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = 0;
    for (place, found) in folded.match_indices(secret) {
        shown.push_str(&text[rest..place]);
        shown.push_str(MASK);
        rest = place + found.len();
    }
    shown.push_str(&text[rest..]);
    shown
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
            assert_eq!(secret.redact(text), shown);
        }
        assert_eq!(format!("{secret:?}"), "***");
    }

    #[test]
    fn overlapping_occurrences_leave_nothing_that_can_be_read_whole() {
        let secret = Secret::parse("abab").unwrap();
        assert!(!secret.redact("ababab").contains("abab"));
    }

    #[test]
    fn the_secret_of_a_webhook_is_made_of_letters_digits_underscores_and_hyphens() {
        for text in ["", "a b", "a%41", "a.b", "a/b", "é"] {
            assert_eq!(Secret::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_token_is_masked_as_it_is_and_as_it_stands_in_a_form() {
        let token = Secret::token("a|b+c/d==é");
        assert_eq!(token.redact("auth=A|b+C/d==é!"), "auth=***!");
        assert_eq!(token.redact("auth=a%7Cb%2Bc%2Fd%3D%3D%C3%A9&x"), "auth=***&x");
        assert_eq!(Secret::token("").redact("nothing"), "nothing");
    }

    #[test]
    fn a_token_is_masked_as_it_stands_in_json() {
        let token = Secret::token("a/b\"c d\\é🦀");
        let texts = [
            serde_json::json!({"auth": "a/b\"c d\\é🦀"}).to_string(),
            r#"{"auth":"A\/b\"c d\\\u00E9\ud83e\udd80"}"#.to_owned(),
        ];
        for text in texts {
            assert_eq!(token.redact(&text), r#"{"auth":"***"}"#);
        }
        assert_eq!(token.redact("?auth=a%2fb%22c%20d%5C%C3%A9%F0%9F%A6%80&x"), "?auth=***&x");
    }

    #[test]
    fn of_secrets_that_hold_each_other_nothing_is_left_over() {
        let mut secrets = Secrets::new(Secret::token("app"));
        assert_eq!(secrets.redact("longer-key-of-an-app, key"), "longer-key-of-an-***, key");
        secrets.add(Secret::token("key"));
        secrets.add(Secret::token("longer-key-of-an-app"));
        assert_eq!(secrets.redact("longer-key-of-an-app, key, app"), "***, ***, ***");
    }

    #[test]
    fn what_is_long_over_is_forgotten_at_last() {
        let mut secrets = Secrets::new(Secret::token("stays"));
        for number in 0..MAX_RECENT + 1 {
            secrets.add(Secret::token(format!("token-{number}.")));
        }
        assert_eq!(secrets.redact("stays token-0. token-1. token-96."), "*** token-0. *** ***");
        assert_eq!(format!("{secrets:?}"), format!("Secrets({})", MAX_RECENT + 1));
    }
}

//! Secrets, and their redaction in texts.

mod decode;
mod redactor;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

pub(crate) use redactor::Redactor;

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

    /// The redactor of this secret alone.
    pub(crate) fn redactor(&self) -> Redactor {
        Redactor::new([(self, true)])
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// How many secrets are remembered. With a refresh each hour these are the pairs of half a day, long after they have expired.
const MAX_RECENT: usize = 24;

/// How many of the recent secrets are found in base64: those that may be valid.
const MAX_VALID: usize = 4;

/// Secrets that must be redacted even after they have expired: a permanent one, and recent ones.
pub(crate) struct Secrets {
    permanent: Secret,
    recent: VecDeque<Secret>,
    /// Calls are frequent, and new secrets are rare.
    redactor: Arc<Redactor>,
}

impl Secrets {
    pub(crate) fn new(permanent: Secret) -> Self {
        let redactor = Arc::new(permanent.redactor());
        Self { permanent, recent: VecDeque::new(), redactor }
    }

    /// Adds a recent secret.
    pub(crate) fn add(&mut self, secret: Secret) {
        if self.recent.contains(&secret) {
            return;
        }
        if self.recent.len() == MAX_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(secret);
        let recent = self.recent.iter().rev().enumerate().map(|(age, secret)| (secret, age < MAX_VALID));
        self.redactor = Arc::new(Redactor::new(recent.chain([(&self.permanent, true)])));
    }

    /// The redactor of all secrets, for use outside of a lock.
    pub(crate) fn redactor(&self) -> Arc<Redactor> {
        Arc::clone(&self.redactor)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.recent.len() + 1)
    }
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
            assert_eq!(secret.redactor().redact(text), shown);
        }
        assert_eq!(format!("{secret:?}"), "***");
    }

    #[test]
    fn overlapping_occurrences_leave_nothing_that_can_be_read_whole() {
        let secret = Secret::parse("abab").unwrap();
        assert!(!secret.redactor().redact("ababab").contains("abab"));
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
        assert_eq!(token.redactor().redact("auth=A|b+C/d==é!"), "auth=***!");
        assert_eq!(token.redactor().redact("auth=a%7Cb%2Bc%2Fd%3D%3D%C3%A9&x"), "auth=***&x");
        assert_eq!(Secret::token("").redactor().redact("nothing"), "nothing");
    }

    #[test]
    fn a_token_is_masked_as_it_stands_in_json() {
        let token = Secret::token("a/b\"c d\\é🦀");
        let texts = [
            serde_json::json!({"auth": "a/b\"c d\\é🦀"}).to_string(),
            r#"{"auth":"A\/b\"c d\\\u00E9\ud83e\udd80"}"#.to_owned(),
        ];
        for text in texts {
            assert_eq!(token.redactor().redact(&text), r#"{"auth":"***"}"#);
        }
        assert_eq!(token.redactor().redact("?auth=a%2fb%22c%20d%5C%C3%A9%F0%9F%A6%80&x"), "?auth=***&x");
    }

    #[test]
    fn of_secrets_that_hold_each_other_nothing_is_left_over() {
        let mut secrets = Secrets::new(Secret::token("app"));
        assert_eq!(secrets.redactor().redact("longer-key-of-an-app, key"), "longer-key-of-an-***, key");
        secrets.add(Secret::token("key"));
        secrets.add(Secret::token("longer-key-of-an-app"));
        assert_eq!(secrets.redactor().redact("longer-key-of-an-app, key, app"), "***, ***, ***");
    }

    #[test]
    fn what_is_long_over_is_forgotten_at_last() {
        let mut secrets = Secrets::new(Secret::token("stays"));
        for number in 0..MAX_RECENT + 1 {
            secrets.add(Secret::token(format!("token-{number}.")));
        }
        assert_eq!(secrets.redactor().redact("stays token-0. token-1. token-24."), "*** token-0. *** ***");
        assert_eq!(format!("{secrets:?}"), format!("Secrets({})", MAX_RECENT + 1));
    }

    #[test]
    fn a_secret_is_masked_in_every_encoding() {
        let secret = Secret::token("k7Jq-2wXv_9hRz/é=");
        let percent: String = secret.expose().bytes().map(|byte| format!("%{byte:02x}")).collect();
        let twice = percent.replace('%', "%25");
        let decimal: String = secret.expose().chars().map(|c| format!("&#{};", u32::from(c))).collect();
        let hex: String = secret.expose().chars().map(|c| format!("&#x{:X};", u32::from(c))).collect();
        let escaped: String = secret.expose().chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
        let mixed = "k7J%71-2wXv&#95;9h\\u0052z\\/%C3%a9&equals;".to_owned();
        for form in [percent, twice, decimal, hex, escaped, mixed] {
            assert_eq!(secret.redactor().redact(&format!("a {form} b")), "a *** b", "{form}");
        }
    }

    #[test]
    fn a_secret_is_masked_in_base64() {
        use base64::Engine;
        let secret = Secret::token("k7Jq-2wXv_9hRz?>~~");
        for before in ["", "x", "xy", "user:", "https://shop.example/rest/1/"] {
            let text = format!("{before}{}/profile", secret.expose());
            for encoded in [
                base64::engine::general_purpose::STANDARD.encode(&text),
                base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&text),
            ] {
                let shown = secret.redactor().redact(&encoded);
                assert!(shown.contains("***") && shown.len() < encoded.len() - 16, "{encoded}: {shown}");
            }
        }
    }

    #[test]
    fn a_part_of_a_secret_is_masked() {
        let secret = Secret::parse("k7Jq2wXv9hRz").unwrap();
        for (text, shown) in [
            ("at /rest/1/k7Jq2wXv9…", "at /rest/1/***…"),
            ("…Jq2wXv9h…", "…***…"),
            ("2wXv9hRz/profile", "***/profile"),
            ("k7Jq2wXv9hRzk7Jq2wXv9hRz", "******"),
            ("k7Jq2 and wXv", "k7Jq2 and wXv"),
        ] {
            assert_eq!(secret.redactor().redact(text), shown);
        }
    }

    /// The steps that it takes to redact a text in which there is no secret.
    fn steps(secrets: &Secrets, text: &str) -> usize {
        let before = redactor::work::steps();
        assert_eq!(secrets.redactor().redact(text), text);
        redactor::work::steps() - before
    }

    #[test]
    fn the_time_does_not_depend_on_the_number_of_secrets() {
        let text = "{\"TITLE\": \"Order 5 %41\", \"ID\": 4711}, ".repeat(50_000);
        let mut secrets = Secrets::new(Secret::token("permanent-secret"));
        let with_one = steps(&secrets, &text);
        // As it is, decoded, and decoded twice.
        assert!((2 * text.len()..4 * text.len()).contains(&with_one), "{with_one}");
        for number in 0..MAX_RECENT {
            secrets.add(Secret::token(format!("{number:x}").repeat(35)));
        }
        let with_all = steps(&secrets, &text);
        assert!(with_all < with_one + with_one / 4, "{with_all} instead of {with_one} steps");
    }
}

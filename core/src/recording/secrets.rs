//! Removes secrets from values: those that the caller knows, and those that a name announces.

use serde_json::Value;

/// The replacement of a secret.
const MASK: &str = "***";

/// Words that make a name that of a secret, in lower case and without marks.
const SECRET_WORDS: [&str; 8] =
    ["token", "secret", "password", "passwd", "apikey", "privatekey", "credential", "authorization"];

/// Names of secrets as a whole.
const SECRET_NAMES: [&str; 10] =
    ["auth", "authid", "refreshid", "sessid", "pwd", "pass", "signature", "sign", "cookie", "accesskey"];

/// Replaces the secrets that the caller knows, in texts and in keys.
pub(super) fn redact(value: Value, redact_text: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::from(redact_text(&text)),
        Value::Array(items) => items.into_iter().map(|item| redact(item, redact_text)).collect(),
        Value::Object(map) => {
            map.into_iter().map(|(key, value)| (redact_text(&key), redact(value, redact_text))).collect()
        }
        scalar => scalar,
    }
}

/// Replaces values under the name of a secret, and such parts of texts.
pub(super) fn mask(value: Value) -> Value {
    match value {
        Value::String(text) => Value::from(mask_text(&text)),
        Value::Array(items) => items.into_iter().map(mask).collect(),
        Value::Object(map) => {
            let masked = |key: &str, value| if is_secret_name(key) { mask_all(value) } else { mask(value) };
            map.into_iter().map(|(key, value)| (mask_text(&key), masked(&key, value))).collect()
        }
        scalar => scalar,
    }
}

/// Replaces every text but flags.
fn mask_all(value: Value) -> Value {
    match value {
        Value::String(text) if matches!(text.as_str(), "" | "Y" | "N") => Value::String(text),
        Value::String(_) => Value::from(MASK),
        Value::Array(items) => items.into_iter().map(mask_all).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, mask_all(value))).collect(),
        scalar => scalar,
    }
}

fn is_secret_name(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.to_ascii_lowercase();
    SECRET_NAMES.contains(&letters.as_str()) || SECRET_WORDS.iter().any(|word| letters.contains(word))
}

/// Replaces the parts of a text that are secrets: `auth=…` and `"token": "…"`, the secret in the URL of a webhook, and the
/// password in any URL.
fn mask_text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, secret, after)) = next_secret(rest) {
        shown.push_str(before);
        if !secret.is_empty() {
            shown.push_str(MASK);
        }
        rest = after;
    }
    shown.push_str(rest);
    shown
}

/// The text before the next secret, the secret, and the text after it.
fn next_secret(text: &str) -> Option<(&str, &str, &str)> {
    let found = [named_secret(text), webhook_secret(text), url_password(text)];
    let (start, end) = found.into_iter().flatten().min()?;
    Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?))
}

/// The value after a name and `=` or `:`.
fn named_secret(text: &str) -> Option<(usize, usize)> {
    let is_mark = |c: char| matches!(c, '"' | '\'' | '\\' | ' ');
    for (at, _) in text.match_indices(['=', ':']) {
        let before = text.get(..at)?.trim_end_matches(is_mark);
        let before = before.trim_end_matches(']');
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).next()?;
        if name.is_empty() || !is_secret_name(name) {
            continue;
        }
        let after = text.get(at + 1..)?;
        let value = after.trim_start_matches(is_mark);
        let value = value.strip_prefix("Bearer ").unwrap_or(value);
        let start = text.len() - value.len();
        let is_end = |c: char| {
            c.is_whitespace() || matches!(c, '&' | '#' | ';' | '"' | '\'' | '<' | '>' | ',' | '\\' | '}')
        };
        let end = value.find(is_end).map_or(text.len(), |end| start + end);
        if end > start && text.get(start..end)? != MASK {
            return Some((start, end));
        }
    }
    None
}

/// The secret in `/rest/1/SECRET/`.
fn webhook_secret(text: &str) -> Option<(usize, usize)> {
    const MIN_LENGTH: usize = 8;
    for (at, found) in text.match_indices("/rest/") {
        let path = text.get(at + found.len()..)?;
        let path = path.strip_prefix("api/").unwrap_or(path);
        let user = path.trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(secret) = user.strip_prefix('/').filter(|_| user.len() < path.len()) else { continue };
        let length = secret.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'));
        let length = length.unwrap_or(secret.len());
        if length >= MIN_LENGTH {
            let start = text.len() - secret.len();
            return Some((start, start + length));
        }
    }
    None
}

/// The user and the password in `https://user:password@host/`.
fn url_password(text: &str) -> Option<(usize, usize)> {
    for (at, found) in text.match_indices("://") {
        let start = at + found.len();
        let rest = text.get(start..)?;
        let host = rest.get(..rest.find(['/', '?', '#', ' ']).unwrap_or(rest.len()))?;
        if let Some(length) = host.rfind('@').filter(|length| host.get(..*length) != Some(MASK)) {
            return Some((start, start + length));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_under_the_name_of_a_secret_are_masked() {
        let value = json!({
            "auth": {"access_token": "abcdef", "expires": 3600, "scope": "crm"}, "PASSWORD": "1234", "token": "",
            "fields": [{"REFRESH_TOKEN": "abcdef", "USE_TOKEN": "Y", "NAME": "Anna", "AUTHOR": "7"}],
        });
        let expected = json!({
            "auth": {"access_token": "***", "expires": 3600, "scope": "***"}, "PASSWORD": "***", "token": "",
            "fields": [{"REFRESH_TOKEN": "***", "USE_TOKEN": "Y", "NAME": "Anna", "AUTHOR": "7"}],
        });
        assert_eq!(mask(value), expected);
    }

    #[test]
    fn secrets_in_texts_are_masked() {
        for (text, expected) in [
            ("/download?auth=abc123&id=7", "/download?auth=***&id=7"),
            ("id=7&auth[access_token]=abc#x", "id=7&auth[access_token]=***#x"),
            (r#"{"client_secret": "abc", "a": 1}"#, r#"{"client_secret": "***", "a": 1}"#),
            (r#"{\"token\":\"abc\"}"#, r#"{\"token\":\"***\"}"#),
            ("Authorization: Bearer abc", "Authorization: Bearer ***"),
            (
                "https://x.bitrix24.com/rest/1/0a1b2c3d4e5f/profile",
                "https://x.bitrix24.com/rest/1/***/profile",
            ),
            ("/rest/api/12/0a1b2c3d4e5f", "/rest/api/12/***"),
            ("https://anna:pw@host/?a=b", "https://***@host/?a=b"),
            ("token=a token=b", "token=*** token=***"),
            ("token=***", "token=***"),
            ("author=Anna; tokens and /rest/1/short/", "author=Anna; tokens and /rest/1/short/"),
            ("пароль: нет, password: да", "пароль: нет, password: ***"),
        ] {
            assert_eq!(mask_text(text), expected, "{text}");
        }
    }
}

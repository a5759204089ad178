//! The shape of a key. Most keys are names of fields and stay. Identifiers, addresses and generated names are data.

use std::collections::HashSet;

/// The characters of a filter operator before a name: `>=DATE`, `!%NAME`.
const OPERATORS: [char; 11] = ['>', '<', '=', '!', '%', '@', '*', '?', '+', '~', '^'];

/// The name of keys that are masked, before their number.
const MASKED: &str = "key_";

/// A longer key is no name.
const MAX_LENGTH: usize = 80;

/// This many digits in one part of a key are an identifier.
const LONG_NUMBER: usize = 3;

/// The endings of addresses that look like names with dots.
const DOMAINS: [&str; 14] =
    ["com", "ru", "org", "net", "by", "kz", "ua", "de", "io", "eu", "info", "biz", "su", "site"];

/// What a key is.
enum Key<'a> {
    /// A number.
    Number,
    /// Data.
    Masked,
    /// A name with long numbers, which are replaced: the texts around them.
    Numbered(Vec<&'a str>),
    /// A name.
    Name,
}

/// Whether a key is a number, or data in place of a name.
pub(super) fn is_data(key: &str) -> bool {
    matches!(classify(key), Key::Number | Key::Masked)
}

fn classify(key: &str) -> Key<'_> {
    if is_number(key.strip_prefix('-').unwrap_or(key)) {
        return Key::Number;
    }
    let name = key.trim_start_matches(OPERATORS);
    let may_be_name =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '$' | '-' | '[' | ']');
    let has_letters = name.contains(|c: char| c.is_ascii_alphabetic());
    if name.len() > MAX_LENGTH || !name.chars().all(may_be_name) || !has_letters && !key.is_empty() {
        return Key::Masked;
    }
    let is_masked = name.strip_prefix(MASKED).is_some_and(is_number);
    if is_masked || is_hexadecimal(name) || is_address(name) {
        return Key::Masked;
    }
    let around = around_numbers(key);
    match around.len() {
        0 | 1 => Key::Name,
        _ if around.iter().any(|part| part.contains(|c: char| c.is_ascii_alphabetic())) => {
            Key::Numbered(around)
        }
        _ => Key::Masked,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a name is a hash or the like: eight or more hexadecimal digits, hyphens apart.
fn is_hexadecimal(name: &str) -> bool {
    name.len() >= 8
        && name.bytes().any(|byte| byte.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn is_address(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    name.starts_with("www.") || ending.is_some_and(|ending| DOMAINS.contains(&ending.as_str()))
}

/// The texts around the long numbers of a key. A part between underscores with many digits is a number too, apart from the
/// letters before its first digit if only digits follow, or if they are `ufCrm`.
fn around_numbers(key: &str) -> Vec<&str> {
    let mut around = Vec::new();
    let mut from = 0;
    let mut start = 0;
    for part in key.split('_') {
        let end = start + part.len();
        if part.bytes().filter(u8::is_ascii_digit).count() >= LONG_NUMBER {
            let first = part.find(|c: char| c.is_ascii_digit()).unwrap_or_default();
            let is_plain = is_number(&part[first..]);
            let kept = match part {
                _ if is_plain => first,
                _ if part.starts_with("ufCrm") => "ufCrm".len(),
                _ => 0,
            };
            around.push(&key[from..start + kept]);
            from = end;
        }
        start = end + 1;
    }
    around.push(&key[from..]);
    around
}

/// The shapes of the keys of one object, each different from the others.
pub(super) struct ShapedKeys {
    used: HashSet<String>,
    /// The next number of a key that is a number.
    number: usize,
}

impl ShapedKeys {
    /// Numbers start at 0 if the keys are those of a list, and otherwise at 1.
    pub(super) fn of_rows<'k>(mut keys: impl Iterator<Item = &'k String>) -> Self {
        Self { used: HashSet::new(), number: usize::from(keys.next().is_none_or(|first| first != "0")) }
    }

    /// The shape of the next key.
    pub(super) fn next(&mut self, key: &str) -> String {
        match classify(key) {
            Key::Number => {
                let number = self.number;
                self.number += 1;
                self.unused(number, |number| number.to_string())
            }
            Key::Numbered(around) => self.unused(1, |number| around.join(&number.to_string())),
            Key::Name if self.used.insert(key.to_owned()) => key.to_owned(),
            Key::Name | Key::Masked => self.unused(1, |number| format!("{MASKED}{number}")),
        }
    }

    /// The first key that is not used yet.
    fn unused(&mut self, from: usize, key: impl Fn(usize) -> String) -> String {
        let mut number = from;
        loop {
            let key = key(number);
            if self.used.insert(key.clone()) {
                return key;
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_and_data_is_replaced() {
        for (keys, expected) in [
            (vec!["ID", "filter", ">=DATE_CREATE", "!%NAME", "UF_PHONE_2", "$type", "crm.deal", ""], None),
            (vec!["sha256x", "sha256", "base64"], Some(vec!["key_1", "sha1", "base64"])),
            (vec!["7", "35943"], Some(vec!["1", "2"])),
            (vec!["0", "1", "2"], None),
            (vec!["-5"], Some(vec!["1"])),
            (vec!["UF_CRM_1721244707107", "UF_CRM_12_1687188367"], Some(vec!["UF_CRM_1", "UF_CRM_12_1"])),
            (vec!["UF_CRM_566eb0ac9b7fc", "ufCrm566eb0ac9b7fc"], Some(vec!["UF_CRM_1", "ufCrm1"])),
            (
                vec!["parentId1220", "parentId1230", "PROPERTY_108"],
                Some(vec!["parentId1", "parentId2", "PROPERTY_1"]),
            ),
            (vec!["PROPERTY_108_VALUE", ">PROPERTY_108"], Some(vec!["PROPERTY_1_VALUE", ">PROPERTY_1"])),
            (
                vec!["a@b.com", "https://x.y/", "Иван", "два слова"],
                Some(vec!["key_1", "key_2", "key_3", "key_4"]),
            ),
            (vec!["6fa459ea-ee8a-3ca4-894e-db77e160355e", "d41d8cd98f00b204"], Some(vec!["key_1", "key_2"])),
            (vec!["www.a.b", "shop.example.ru", "key_7"], Some(vec!["key_1", "key_2", "key_3"])),
            (vec!["chat1234", "chat1"], Some(vec!["chat1", "key_1"])),
        ] {
            let owned: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            let shaped = |keys: &[String]| {
                let mut shapes = ShapedKeys::of_rows(keys.iter());
                keys.iter().map(|key| shapes.next(key)).collect::<Vec<String>>()
            };
            let once = shaped(&owned);
            assert_eq!(once, expected.unwrap_or(keys), "{owned:?}");
            assert_eq!(shaped(&once), once, "{owned:?} a second time");
        }
    }
}

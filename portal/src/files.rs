//! Contents of files: what a request sends, and what is downloaded.

use std::collections::HashMap;
use std::io;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::Seed;
use crate::data::{Change, Data, Section};
use crate::families::find;
use crate::php;

/// How many bytes all contents may have.
const MAX_BYTES: usize = 256 << 20;

/// The member of a stored value that is the number of a content.
const NUMBER: &str = "$content";

/// PHP decodes with and without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A file that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// A content, as it is downloaded.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// What the file of data has before the bytes of a content.
#[derive(Serialize, Deserialize)]
struct Head {
    name: String,
}

/// All contents by number.
#[derive(Debug)]
pub(crate) struct Files {
    contents: HashMap<u64, Content>,
    bytes: usize,
    last: u64,
    data: Data,
    seed: Seed,
    /// What changed since it was saved.
    pub(crate) changes: Vec<Change>,
}

impl Sent {
    /// A file in one of the forms in which requests have it: a name and a content in base64, or an object with such a pair.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(name)] => Some(Self { name: name.clone(), bytes: Bytes::new() }),
                [Value::String(name), Value::String(content)] => Some(Self::pair(name, content)),
                _ => None,
            },
            Value::Object(parts) => match find(parts, "fileData") {
                Some(pair) => Self::of(pair),
                None if parts.contains_key("content") => {
                    Some(Self::pair(parts.get("name")?.as_str()?, parts.get("content")?.as_str()?))
                }
                None if parts.len() == 2 => {
                    Some(Self::pair(parts.get("0")?.as_str()?, parts.get("1")?.as_str()?))
                }
                None => None,
            },
            _ => None,
        }
    }

    /// A file without a name, by its content in base64.
    pub(crate) fn of_text(content: &str) -> Self {
        Self::pair("file", content)
    }

    /// PHP leaves out characters that base64 does not have. Forms have spaces in the place of plus signs.
    fn pair(name: &str, content: &str) -> Self {
        let known = |c: char| match c {
            ' ' => Some('+'),
            c if c.is_ascii_alphanumeric() || matches!(c, '+' | '/') => Some(c),
            _ => None,
        };
        let mut content: String = content.chars().filter_map(known).collect();
        if content.len() % 4 == 1 {
            content.pop();
        }
        Self { name: name.to_owned(), bytes: BASE64.decode(content).unwrap_or_default().into() }
    }

    /// The file of a field: an object, or a pair whose name has an extension and whose content is base64, so that two texts are none.
    pub(crate) fn of_field(value: &Value) -> Option<Self> {
        if let Value::Array(parts) = value {
            let [Value::String(name), Value::String(content)] = parts.as_slice() else { return None };
            let is_base64 = content.len() >= 4
                && content.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric()
                        || byte.is_ascii_whitespace()
                        || matches!(byte, b'+' | b'/' | b'=')
                });
            let (stem, extension) = name.rsplit_once('.')?;
            let is_name = !stem.is_empty() && (1..=8).contains(&extension.len());
            return (is_base64 && is_name).then(|| Self::pair(name, content));
        }
        value.get("fileData").or_else(|| value.get("filedata")).and_then(Self::of)
    }
}

impl Files {
    /// The contents that were kept before the start.
    ///
    /// # Errors
    /// The file with them cannot be read.
    pub(crate) fn load(seed: Seed, data: Data) -> io::Result<Self> {
        let last = data.get(Section::Portal, b"files")?.and_then(|kept| serde_json::from_slice(&kept).ok());
        let last = last.unwrap_or_default();
        Ok(Self { contents: HashMap::new(), bytes: 0, last, data, seed, changes: Vec::new() })
    }

    /// Keeps a content. `None`: there is no more room.
    pub(crate) fn add(&mut self, sent: &Sent) -> Option<u64> {
        if self.bytes + sent.bytes.len() > MAX_BYTES {
            return None;
        }
        self.bytes += sent.bytes.len();
        self.last += 1;
        let content = Content { name: sent.name.clone(), bytes: sent.bytes.clone() };
        if self.data.is_kept() {
            let mut value = serde_json::to_vec(&Head { name: content.name.clone() }).unwrap_or_default();
            value.push(b'\n');
            value.extend_from_slice(&content.bytes);
            self.changes.push(Change::set(Section::Files, self.last.to_be_bytes(), value));
            self.changes.push(Change::set(Section::Portal, *b"files", self.last.to_string()));
        }
        self.contents.insert(self.last, content);
        Some(self.last)
    }

    /// The content behind the token of a link.
    pub(crate) fn find(&self, token: &str) -> Option<Content> {
        let number: u64 = token.split('-').next()?.parse().ok()?;
        if self.token(number) != token {
            return None;
        }
        if let Some(content) = self.contents.get(&number) {
            return Some(content.clone());
        }
        let kept = Bytes::from(self.data.get(Section::Files, &number.to_be_bytes()).ok()??);
        let head = kept.iter().position(|byte| *byte == b'\n')?;
        let Head { name } = serde_json::from_slice(kept.get(..head)?).ok()?;
        Some(Content { name, bytes: kept.slice(head + 1..) })
    }

    /// The token of the link to a content.
    pub(crate) fn token(&self, number: u64) -> String {
        format!("{number}-{:016x}", self.seed.part(number).below(u64::MAX))
    }
}

/// A stored value that is a content.
pub(crate) fn stored(number: u64, sent: &Sent) -> Value {
    json!({NUMBER: number, "name": sent.name, "size": sent.bytes.len()})
}

/// The number of the content that a stored value is.
pub(crate) fn number(value: &Value) -> Option<u64> {
    value.get(NUMBER)?.as_u64()
}

/// The name of the content that a stored value is.
pub(crate) fn name(value: &Value) -> String {
    value.get("name").map(php::text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_sent_in_several_forms() {
        let wanted = Sent { name: "a.txt".to_owned(), bytes: Bytes::from_static(b"Hi>?") };
        for value in [
            json!(["a.txt", "SGk+Pw=="]),
            json!(["a.txt", "SGk+Pw"]),
            json!(["a.txt", "SGk Pw=="]),
            json!({"0": "a.txt", "1": "SGk+\nPw=="}),
            json!(["a.txt", "**SGk+Pw==**"]),
            json!({"fileData": ["a.txt", "SGk+Pw=="]}),
        ] {
            assert_eq!(Sent::of(&value).as_ref(), Some(&wanted), "{value}");
        }
        for value in
            [json!(["red", "blue"]), json!(["a.txt", "no base64!"]), json!("a.txt"), json!({"id": 7})]
        {
            assert_eq!(Sent::of_field(&value), None, "{value}");
        }
    }

    #[test]
    fn links_are_not_guessed() {
        let mut files = Files::load(Seed::new(1), Data::default()).expect("files");
        let sent = Sent { name: "a.txt".to_owned(), bytes: Bytes::from_static(b"x") };
        let number = files.add(&sent).expect("room");
        assert_eq!(files.find(&files.token(number)).map(|content| content.bytes), Some(sent.bytes));
        assert!(files.find("1-0").is_none() && files.find("1").is_none());
    }
}

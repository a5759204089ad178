//! A file inside a request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::wire::ToWire;

/// A file inside a request, as its name and its bytes in base64.
///
/// Base64 makes it a third longer, and a request is limited to 60 s and by the portal's size limit. Send files of more than a
/// few megabytes to an upload URL, if the method provides one.
///
/// ```
/// use bitrix24_core::{File, json};
/// let file = File::new("note.txt", b"hello");
/// assert_eq!(json!({"content": file}), json!({"content": ["note.txt", "aGVsbG8="]}));
/// assert_eq!(file.as_file_data(), json!({"fileData": ["note.txt", "aGVsbG8="]}));
/// ```
///
/// Some fields require the pair, others require it under `fileData`: the page of the method says which. Inside `json!` a file
/// is the pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    name: String,
    base64: String,
}

impl File {
    /// Creates a file with this name, including the extension, and these bytes.
    pub fn new(name: impl Into<String>, content: impl AsRef<[u8]>) -> Self {
        Self { name: name.into(), base64: STANDARD.encode(content) }
    }

    /// The pair under `fileData`, for fields of the universal CRM methods and of tasks.
    pub fn as_file_data(&self) -> Value {
        json!({"fileData": self.to_wire()})
    }
}

impl ToWire for File {
    fn to_wire(&self) -> Value {
        json!([self.name, self.base64])
    }
}

impl From<File> for Value {
    fn from(file: File) -> Self {
        json!([file.name, file.base64])
    }
}

/// Name and content, for parameters that take a list of strings.
impl IntoIterator for File {
    type Item = String;
    type IntoIter = std::array::IntoIter<String, 2>;

    fn into_iter(self) -> Self::IntoIter {
        [self.name, self.base64].into_iter()
    }
}

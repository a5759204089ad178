//! A request as received.

use serde_json::Value;

/// A request as received.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Call {
    /// The HTTP method; `POST` for a valid call.
    pub verb: String,
    /// The path as sent, including the query.
    pub path: String,
    /// Whether the path is one of REST 3, under `/rest/api/`.
    pub v3: bool,
    /// The last non-empty segment of the path, without `.json`.
    pub method: String,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as JSON; `null` if it is not JSON.
    pub params: Value,
    /// The body, with chunks joined.
    pub body: Vec<u8>,
    /// The number of the connection, starting at 0.
    pub connection: usize,
}

impl Call {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The token of the header `Authorization: Bearer …`.
    pub fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The path without the query.
    pub fn route(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }

    /// The names and values of the query, followed by those of a form in the body.
    pub fn form(&self) -> Vec<(String, String)> {
        let query = self.path.split_once('?').map_or("", |(_, query)| query);
        let is_form =
            self.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form"));
        let body: &[u8] = if is_form { &self.body } else { &[] };
        let pairs = [query.as_bytes(), body].into_iter().flat_map(form_urlencoded::parse);
        pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }

    /// A value of [`form`](Self::form) by its name; the last of several, as in PHP.
    pub fn field(&self, name: &str) -> Option<String> {
        self.form().into_iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

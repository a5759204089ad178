//! A request as it came.

use serde_json::Value;

/// A request as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// `POST`, for a call of a method as it should be.
    pub verb: String,
    /// The path as it was sent, with the query if there is one.
    pub path: String,
    /// Whether the path is one of REST 3, under `/rest/api/`.
    pub v3: bool,
    /// The last part of the path that is not empty, without `.json`.
    pub method: String,
    /// The names, in lower case, and values of the headers.
    pub headers: Vec<(String, String)>,
    /// The body as JSON; `null` where it is none.
    pub params: Value,
    /// The body as it came, chunks put together.
    pub body: Vec<u8>,
    /// Which connection of the portal's it came over, counted from 0.
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

    /// The body as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The path without the query.
    pub fn route(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }

    /// The names and values of the query, and behind them those of a body that is a form.
    pub fn form(&self) -> Vec<(String, String)> {
        let query = self.path.split_once('?').map_or("", |(_, query)| query);
        let is_form =
            self.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form"));
        let body: &[u8] = if is_form { &self.body } else { &[] };
        let pairs = [query.as_bytes(), body].into_iter().flat_map(form_urlencoded::parse);
        pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    }

    /// One value of [`form`](Self::form) by its name, the last where there are several, as PHP has it.
    pub fn field(&self, name: &str) -> Option<String> {
        self.form().into_iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

//! Requests as data, which a test reads and changes.

use serde_json::{Map, Value};

use super::{Delivery, Outgoing, form};

impl Outgoing {
    /// The fields of the form, with values as the portal has them: numbers as numbers.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// Sets a field, such as `ts` or `auth[application_token]`. `null` and empty lists are not sent.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        *slot(&mut self.fields, name) = value.into();
        self
    }

    /// Removes a field.
    pub fn without(self, name: &str) -> Self {
        self.with(name, Value::Null)
    }

    /// Removes the tokens of the user: no user has caused the event.
    pub fn without_tokens(self) -> Self {
        let names = ["access_token", "refresh_token", "expires", "expires_in", "scope", "status", "user_id"];
        names.iter().fold(self, |request, name| request.without(&format!("auth[{name}]")))
    }

    /// Sets a parameter of the query, such as `DOMAIN` of a page. `null` is not sent.
    pub fn with_query(mut self, name: &str, value: impl Into<Value>) -> Self {
        *slot(&mut self.query, name) = value.into();
        self
    }

    /// What the portal adds to the query of the handler's address: empty except for pages.
    pub fn query(&self) -> String {
        form::write(&self.query)
    }

    /// The body: a form, as PHP writes it.
    pub fn body(&self) -> String {
        form::write(&self.fields)
    }

    /// Sends the request to a handler, as the portal does: with a POST request, within 10 seconds, and without following redirects.
    pub async fn send(&self, handler: &str) -> Delivery {
        Self { url: handler.to_owned(), ..self.clone() }.deliver().await
    }
}

/// The value at `a[b][c]`, which is made if it is not there.
fn slot<'m>(fields: &'m mut Map<String, Value>, name: &str) -> &'m mut Value {
    let (first, rest) = name.split_once('[').unwrap_or((name, ""));
    let mut value = fields.entry(first).or_insert(Value::Null);
    for key in rest.split_terminator(']').map(|key| key.trim_start_matches('[')) {
        if !value.is_object() {
            *value = Value::Object(Map::new());
        }
        let Value::Object(map) = value else { break };
        value = map.entry(key).or_insert(Value::Null);
    }
    value
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_set_and_removed_at_any_depth() {
        let fields = json!({"event": "E", "auth": {"a": 1, "b": 2}, "ts": 5});
        let Value::Object(fields) = fields else { unreachable!("an object") };
        let request = Outgoing { url: String::new(), what: String::new(), query: Map::new(), fields };
        let changed = request
            .clone()
            .with("auth[a]", "x")
            .without("auth[b]")
            .with("data[FIELDS][ID]", 7)
            .with("ts", json!([1, 2]))
            .with("event[0]", true)
            .with_query("LANG", "en");
        assert_eq!(
            form_urlencoded::parse(changed.body().as_bytes()).collect::<Vec<_>>(),
            [
                ("event[0]".into(), "1".into()),
                ("auth[a]".into(), "x".into()),
                ("ts[0]".into(), "1".into()),
                ("ts[1]".into(), "2".into()),
                ("data[FIELDS][ID]".into(), "7".into()),
            ]
        );
        assert_eq!((changed.query().as_str(), request.query().as_str()), ("LANG=en", ""));
    }
}

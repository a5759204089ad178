//! What the requests of a documentation add is read back: the fields of a row have the values that were sent.
//!
//! `BITRIX24_DOCS` names the folder of the documentation; without it there is nothing to send.

#[path = "support/documented.rs"]
mod documented;

use std::io::Write;

use bitrix24_codegen::descriptor::{Api, Descriptor};
use documented::{Methods, has_placeholder_id, pages, portal};
use serde_json::{Map, Value};

/// The share of fields that are read as they were sent. Others have the name of another field inside of the same result.
const WANTED: f64 = 0.99;

/// What was sent and read.
#[derive(Default)]
struct Fields {
    rows: u32,
    read: u32,
    wrong: Vec<String>,
}

/// A name without case and separators.
fn fold(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// The scalars of a request, with folded names.
fn sent<'v>(params: &'v Value, into: &mut Vec<(String, &'v Value)>) {
    for (name, value) in params.as_object().into_iter().flatten() {
        match value {
            Value::Object(_) => sent(value, into),
            Value::Array(_) | Value::Null => {}
            _ => into.push((fold(name), value)),
        }
    }
}

/// All values of a result with a folded name.
fn read<'v>(result: &'v Value, name: &str, into: &mut Vec<&'v Value>) {
    match result {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            if fold(key) == name {
                into.push(value);
            }
            read(value, name, into);
        }),
        Value::Array(items) => items.iter().for_each(|item| read(item, name, into)),
        _ => {}
    }
}

/// A value as text: numbers and flags in one form.
fn text(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    match text.as_str() {
        "true" | "Y" => "1".to_owned(),
        "false" | "N" => "0".to_owned(),
        _ => text.parse::<f64>().map_or(text, |number| number.to_string()),
    }
}

/// Whether a value is what was sent: itself, among others, with a prefix, or the same moment in another zone.
fn is_same(found: &Value, wanted: &str) -> bool {
    const DAY: usize = "2026-01-01".len();
    let found_text = text(found);
    let same_day =
        || found_text.len() > DAY && wanted.len() >= DAY && found_text.get(..DAY) == wanted.get(..DAY);
    found_text == wanted
        // Names of custom fields get a prefix.
        || found_text.strip_prefix("UF_CRM_") == Some(wanted)
        || same_day()
        || found.as_array().into_iter().flatten().any(|one| text(one) == wanted)
        || found.as_object().is_some_and(|parts| parts.values().any(|part| text(part) == wanted))
}

/// The identifier in the result of a method that adds.
fn identifier(result: &Value) -> Option<Value> {
    match result {
        Value::Number(_) | Value::String(_) => Some(result.clone()),
        Value::Object(fields) => {
            let own = fields.iter().find(|(name, value)| fold(name) == "id" && !value.is_object());
            own.map(|(_, value)| value.clone()).or_else(|| fields.values().find_map(identifier_of))
        }
        _ => None,
    }
}

fn identifier_of(part: &Value) -> Option<Value> {
    part.is_object().then(|| identifier(part)).flatten()
}

/// The parameters with which a method gets the row that was added.
fn params(get: &Descriptor, sent: &[(String, &Value)], id: &Value) -> Value {
    let mut names: Vec<&str> = get.params.required.iter().map(AsRef::as_ref).collect();
    if names.is_empty() {
        names = get.params.properties.keys().map(AsRef::as_ref).filter(|name| fold(name) == "id").collect();
    }
    let value = |name: &str| {
        let given = sent.iter().find(|(one, _)| *one == fold(name) && *one != "id");
        given.map_or_else(|| id.clone(), |(_, value)| (*value).clone())
    };
    Value::Object(names.into_iter().map(|name| (name.to_owned(), value(name))).collect::<Map<_, _>>())
}

impl Fields {
    /// Adds a row, gets it, and compares.
    async fn compare(&mut self, methods: &Methods, add: (Api, &str), get: &Descriptor, request: &Value) {
        let (portal, (api, add)) = (portal().await, add);
        let (status, added) = methods.call(&portal, api, add, request).await;
        let Some(id) = identifier(&added["result"]).filter(|_| status == 200) else { return };
        let mut given = Vec::new();
        sent(request, &mut given);
        let (status, body) = methods.call(&portal, api, &get.method, &params(get, &given, &id)).await;
        if status != 200 {
            return;
        }
        self.rows += 1;
        for (name, value) in given {
            let (mut found, wanted) = (Vec::new(), text(value));
            read(&body["result"], &name, &mut found);
            if found.is_empty() {
                continue;
            }
            self.read += 1;
            if !found.iter().any(|one| is_same(one, &wanted)) {
                self.wrong.push(format!("{add} {name}: sent {wanted}, read {found:?}"));
            }
        }
    }
}

#[tokio::test]
async fn what_is_added_is_read_back() {
    let Some(pages) = pages() else { return };
    let (methods, mut fields) = (Methods::load(), Fields::default());
    for page in &pages {
        let (prefix, verb) = page.method.rsplit_once('.').unwrap_or_default();
        let adds = ["add", "create", "register"].contains(&verb.to_ascii_lowercase().as_str());
        let Some(get) = methods.find(page.api, &format!("{prefix}.get")).filter(|_| adds) else { continue };
        for request in page.requests.iter().filter(|request| request.other_method.is_none()) {
            match &request.body {
                Ok(body) if !has_placeholder_id(body) => {
                    fields.compare(&methods, (page.api, &page.method), get, body).await;
                }
                _ => {}
            }
        }
    }
    let share = 1.0 - fields.wrong.len() as f64 / f64::from(fields.read);
    let counts =
        format!("{} rows, {} fields, {} wrong: {share:.4}", fields.rows, fields.read, fields.wrong.len());
    writeln!(std::io::stdout(), "{}\n{counts}", fields.wrong.join("\n")).expect("an output");
    assert!(fields.rows > 100 && share >= WANTED, "{share}");
}

//! The file against the examples of a documentation.
#![allow(clippy::print_stdout, reason = "a test says that it is skipped")]

use std::path::Path;

use bitrix24_codegen::extract::{examples, read_documents};
use indexmap::IndexMap;
use serde_json::Value;

use super::*;
use crate::answer::Form;
use crate::answer::RESULT;
use crate::spec::{Api, JsonType, Schema, Spec};

/// How often a field is shown in each of two forms, and in which one the names say that it is.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    text: usize,
    other: usize,
    is_text: bool,
}

impl Seen {
    fn add(&mut self, text: bool, is_text: bool) {
        if text {
            self.text += 1;
        } else {
            self.other += 1;
        }
        self.is_text = is_text;
    }

    /// The form that is always shown, where it is not the one that is said.
    fn differs(self) -> Option<bool> {
        let shown = match (self.text, self.other) {
            (0, _) => false,
            (_, 0) => true,
            _ => return None,
        };
        (shown != self.is_text).then_some(shown)
    }
}

/// The numbers and flags of the examples of a method.
#[derive(Default)]
struct Examples {
    numbers: BTreeMap<String, Seen>,
    flags: BTreeMap<String, Seen>,
    /// Those without time are the "texts".
    dates: BTreeMap<String, Seen>,
    /// How fields without a value are shown, and how their types say. `None`: in several forms.
    empty: BTreeMap<String, Option<[Empty; 2]>>,
}

impl Examples {
    fn read(
        &mut self,
        schema: &Schema,
        defs: &IndexMap<String, Schema>,
        form: Form,
        (name, value): (&str, &Value),
    ) {
        let schema = crate::answer::shaped::alternative(schema.resolve(defs), value).resolve(defs);
        if name != RESULT && self.read_empty(schema, form, (name, value)) {
            return;
        }
        match (value, schema.single()) {
            (Value::Object(fields), _) => {
                let inner = form.of_object(schema);
                for (name, value) in fields {
                    if let Some(part) = schema.properties.get(name) {
                        self.read(part, defs, inner, (name, value));
                    } else if let (Some(values), true) = (schema.map_values(), value.is_object()) {
                        self.read(values, defs, form, (name, value));
                    }
                }
            }
            (Value::Array(items), _) => {
                for item in
                    schema.items.iter().flat_map(|of_item| items.iter().map(move |item| (of_item, item)))
                {
                    self.read(item.0, defs, form, (name, item.1));
                }
            }
            (value, Some(JsonType::Integer | JsonType::Number)) => {
                let text = match value {
                    Value::Number(_) => false,
                    Value::String(text) if text.parse::<f64>().is_ok() => true,
                    _ => return,
                };
                self.numbers.entry(name.to_owned()).or_default().add(text, form.has_text_numbers());
            }
            (value, Some(JsonType::Boolean)) => {
                let letter = match value {
                    Value::Bool(_) => false,
                    Value::String(text) if matches!(text.as_str(), "Y" | "N") => true,
                    _ => return,
                };
                self.flags.entry(name.to_owned()).or_default().add(letter, form.has_letters(schema));
            }
            (Value::String(text), Some(JsonType::String)) if schema.is_date() && !text.is_empty() => {
                self.dates
                    .entry(name.to_owned())
                    .or_default()
                    .add(text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10, false);
            }
            _ => {}
        }
    }

    /// Notes how a field is shown that has no value. Returns whether it has none.
    fn read_empty(&mut self, schema: &Schema, form: Form, (name, value): (&str, &Value)) -> bool {
        let shown = match value {
            Value::Null => Empty::Null,
            Value::String(text) if text.is_empty() => Empty::Text,
            Value::Bool(false) if schema.single() != Some(JsonType::Boolean) => Empty::False,
            Value::Array(items) if items.is_empty() => Empty::List,
            Value::Object(fields) if fields.is_empty() => Empty::List,
            _ => return false,
        };
        let seen = Some([shown, form.empty(schema)]);
        let known = self.empty.entry(name.to_owned()).or_insert(seen);
        if *known != seen {
            *known = None;
        }
        true
    }

    fn shown(&self) -> Shown {
        let [numbers, texts] = fields(&self.numbers);
        let [flags, letters] = fields(&self.flags);
        let [_, dates] = fields(&self.dates);
        let [null, blank, no, list] = [Empty::Null, Empty::Text, Empty::False, Empty::List].map(|empty| {
            let differs = |seen: &[Empty; 2]| seen[0] == empty && seen[1] != empty;
            let named = self.empty.iter().filter(|(_, seen)| seen.as_ref().is_some_and(differs));
            let named: BTreeSet<String> = named.map(|(name, _)| name.clone()).collect();
            if named.is_empty() { Fields::default() } else { Fields::Named(named) }
        });
        Shown { numbers, texts, flags, letters, dates, null, blank, no, list }
    }
}

/// The fields that are shown not as text, and as text, against what their names say.
fn fields(seen: &BTreeMap<String, Seen>) -> [Fields; 2] {
    [false, true].map(|text| {
        let named = seen.iter().filter(|(_, seen)| seen.differs() == Some(text));
        let named: BTreeSet<String> = named.map(|(name, _)| name.clone()).collect();
        let is_only = seen.values().all(|seen| (seen.text > 0) == text && (seen.other > 0) != text);
        match named.len() {
            0 => Fields::All(false),
            2.. if is_only => Fields::All(true),
            _ => Fields::Named(named),
        }
    })
}

#[test]
fn results_have_the_form_that_examples_show() {
    let Some(docs) = std::env::var_os("BITRIX24_DOCS") else {
        println!("skipped: BITRIX24_DOCS names no documentation");
        return;
    };
    let spec = Spec::embedded();
    let mut shown: BTreeMap<String, Shown> = BTreeMap::new();
    for page in examples(&read_documents(Path::new(&docs)).expect("a documentation")) {
        let Some(method) =
            spec.method(Api::V2, &page.method).filter(|_| page.api == bitrix24_codegen::descriptor::Api::V2)
        else {
            continue;
        };
        let mut all = Examples::default();
        // What the names say: a method that the file does not have.
        let form = Form::of(Api::V2, &format!("{}?", method.name));
        for result in page.responses.iter().filter_map(|response| response.result.as_ref().ok()) {
            all.read(&method.returns, &method.returns.defs, form, (RESULT, result));
        }
        let of_method = all.shown();
        if of_method != Shown::default() {
            shown.insert(method.name.to_ascii_lowercase(), of_method);
        }
    }
    if let Some(path) = std::env::var_os("BITRIX24_PORTAL_SHOWN") {
        let lines = shown.iter().map(|(method, shown)| {
            format!("  \"{method}\": {}", serde_json::to_string(shown).expect("JSON"))
        });
        let lines: Vec<String> = lines.collect();
        std::fs::write(path, format!("{{\n{}\n}}\n", lines.join(",\n"))).expect("a file");
    }
    let missing: Vec<_> =
        shown.iter().filter(|(method, shown)| METHODS.get(*method) != Some(*shown)).collect();
    assert!(missing.is_empty(), "{missing:#?}\nwrite shown.json anew with BITRIX24_PORTAL_SHOWN");
    assert_eq!(shown.len(), METHODS.len());
}

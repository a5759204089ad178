//! What a method answers, as one page tells of it.

use std::collections::HashMap;

use serde_json::Value;

use super::columns::{Columns, first_line};
use super::page::{Code, Page, Section, Table, Troubles};
use super::vocabulary::{Column, SectionKind};
use super::{documented_types, example_types, params};
use crate::descriptor::{JsonType, Schema};

/// The answer of a call that went well.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The schema of `result`.
    pub(super) returns: Option<Schema>,
    /// What the example alone shows of `result`.
    pub(super) example: Schema,
    /// The object of timing that the example shows.
    pub(super) time: Option<Value>,
    /// The line of the example.
    pub(super) line: usize,
}

impl Answer {
    /// The day on which the example was recorded.
    pub(super) fn day(&self) -> Option<String> {
        let moment = self.time.as_ref()?.get("date_start")?.as_str()?;
        let day = moment.get(..10)?;
        let shape: String = day.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        (shape == "0000-00-00").then(|| day.to_owned())
    }
}

/// Hears what a page says of the answer.
pub(super) fn hear(page: &Page, troubles: &mut Troubles) -> Answer {
    let mut answer = example(page, troubles).unwrap_or_default();
    let shown = std::mem::take(&mut answer.returns);
    answer.example = shown.clone().unwrap_or_default();
    let documented = documented(page);
    answer.returns = match (shown, documented.get("result")) {
        (None, None) => None,
        (shown, told) => {
            Some(combined("result", told.cloned(), shown.unwrap_or_default(), answer.line, troubles))
        }
    };
    let fields = match &mut answer.returns {
        Some(schema) if !schema.properties.is_empty() => Some(schema),
        Some(Schema { items: Some(items), .. }) => Some(&mut **items),
        _ => None,
    };
    for (name, schema) in fields.into_iter().flat_map(|schema| &mut schema.properties) {
        let shown = std::mem::take(schema);
        *schema = combined(name, documented.get(name).cloned(), shown, answer.line, troubles);
    }
    answer
}

/// The documented type, with what the example shows inside of it. Where both disagree the documentation is believed, except
/// that only the example tells a list from an object.
fn combined(name: &str, told: Option<Schema>, shown: Schema, line: usize, troubles: &mut Troubles) -> Schema {
    let Some(mut told) = told else { return shown };
    if shown.is_unknown() {
        return told;
    }
    let structured =
        |schema: &Schema| schema.types.0.iter().any(|of| matches!(of, JsonType::Array | JsonType::Object));
    if !example_types::agree(&told, &shown) {
        troubles.add(
            line,
            format!("the example shows another type of {name} than its table tells"),
            "the same type in both",
        );
        return if structured(&told) || structured(&shown) { shown } else { told };
    }
    if told.types.is_empty() && told.any_of.is_empty() {
        told.types = shown.types;
    }
    told.items = told.items.or(shown.items);
    if told.properties.is_empty() {
        told.properties = shown.properties;
    }
    told
}

/// The first example of an answer that is no error.
fn example(page: &Page, troubles: &mut Troubles) -> Option<Answer> {
    for code in answer_sections(page).flat_map(Section::code) {
        let Some(value) = parsed(code, troubles) else {
            continue;
        };
        if let Some(answer) = from_example(value, code.line, troubles) {
            return Some(answer);
        }
    }
    None
}

fn answer_sections(page: &Page) -> impl Iterator<Item = &Section> {
    let about =
        |section: &&Section| matches!(section.kind, SectionKind::Response | SectionKind::ReturnedData);
    page.sections.iter().filter(about)
}

/// The JSON of an example; what begins like JSON and is none is reported.
pub(super) fn parsed(code: &Code, troubles: &mut Troubles) -> Option<Value> {
    let text = code.text.trim();
    match serde_json::from_str(text) {
        Ok(value) => Some(value),
        Err(error) if text.starts_with(['{', '[']) => {
            let line = code.line + error.line().saturating_sub(1);
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            troubles.add(
                line,
                format!("this example is not JSON: {message}"),
                "JSON; the example was not used",
            );
            None
        }
        Err(_) => None,
    }
}

/// An answer, with or without the envelope around it.
fn from_example(value: Value, line: usize, troubles: &mut Troubles) -> Option<Answer> {
    let Value::Object(mut envelope) = value else {
        return Some(Answer { returns: Some(example_types::schema_of(&value)), line, ..Answer::default() });
    };
    if envelope.contains_key("error") {
        return None;
    }
    let time = envelope.shift_remove("time").filter(|time| time.get("start").is_some());
    let result = envelope.shift_remove("result").unwrap_or_else(|| {
        troubles.add(
            line,
            "this example has no `result`; it was taken for the result itself",
            "the answer with the envelope around it",
        );
        Value::Object(envelope)
    });
    Some(Answer { returns: Some(example_types::schema_of(&result)), time, line, ..Answer::default() })
}

/// The types in the tables of returned data.
fn documented(page: &Page) -> HashMap<String, Schema> {
    let mut types = HashMap::new();
    for table in answer_sections(page).flat_map(Section::tables) {
        read_table(table, &mut types);
    }
    types
}

fn read_table(table: &Table, types: &mut HashMap<String, Schema>) {
    let columns = Columns::of(table, &[Column::Name, Column::Description]);
    for cell in columns.rows.iter().filter_map(|row| columns.cell(row, Column::Name)) {
        let line = first_line(cell).replace(['*', '^'], "");
        let name = line.split_whitespace().next().unwrap_or_default();
        if let Some(schema) = params::type_in(cell).and_then(|word| documented_types::schema_of(&word)) {
            types.entry(name.to_owned()).or_insert(schema);
        }
    }
}

//! Parses YAML files into the types of the format, and reports everything that does not fit.

use std::collections::HashSet;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use serde_yaml::Value;

use super::spans::{Pointer, SpanMap};
use crate::diagnostic::{Diagnostic, SourceText};

/// A parsed file: the part that fits, and diagnostics for the rest.
#[derive(Debug)]
pub struct Loaded<T> {
    /// The content, without the parts that do not fit. `None`: no part of the file fits.
    pub content: Option<T>,
    /// Everything that does not fit the format.
    pub problems: Vec<Diagnostic>,
}

/// Parses a YAML file.
///
/// serde stops at the first error. The error is recorded, the part that does not fit is removed from the document, and the rest is
/// parsed again, so that all errors of a file are reported at once.
pub fn read_yaml<T: DeserializeOwned>(source: &Arc<SourceText>) -> Loaded<T> {
    read_prepared(source, &|_| {})
}

/// Parses a YAML file as [`read_yaml`] does. Keys may be numbers or flags, and are read as they are written.
pub(crate) fn read_yaml_with_any_keys<T: DeserializeOwned>(source: &Arc<SourceText>) -> Loaded<T> {
    read_prepared(source, &keys_as_text)
}

/// Replaces the keys of all mappings that are numbers or flags by their text.
fn keys_as_text(value: &mut Value) {
    match value {
        Value::Mapping(mapping) => {
            let entries = std::mem::take(mapping).into_iter().map(|(key, mut value)| {
                keys_as_text(&mut value);
                let key = match key {
                    Value::Number(number) => Value::from(number.to_string()),
                    Value::Bool(flag) => Value::from(flag.to_string()),
                    other => other,
                };
                (key, value)
            });
            *mapping = entries.collect();
        }
        Value::Sequence(items) => items.iter_mut().for_each(keys_as_text),
        _ => {}
    }
}

fn read_prepared<T: DeserializeOwned>(source: &Arc<SourceText>, prepare: &dyn Fn(&mut Value)) -> Loaded<T> {
    let nothing = |problems| Loaded { content: None, problems };
    let mut document = match serde_yaml::from_str::<Value>(&source.text) {
        Ok(document) => document,
        Err(error) => return nothing(vec![not_yaml(source, &error)]),
    };
    prepare(&mut document);
    let mut places = None;
    let mut problems = Vec::new();
    let mut placeholders = HashSet::new();
    let mut seen = HashSet::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(document.clone()) {
            Ok(content) => return Loaded { content: Some(content), problems },
            Err(error) => error,
        };
        let mut error = FormatError::from(&error);
        let mut reported = placeholders.contains(&error.pointer) || error.follows_from(&seen);
        // If a repaired part still does not fit, the part that contains it is removed.
        while !seen.insert((error.pointer.clone(), error.missing.clone())) {
            reported = true;
            if !error.widen() {
                return nothing(problems);
            }
        }
        if !reported {
            let places = places.get_or_insert_with(|| SpanMap::of(&source.text));
            problems.push(error.diagnostic(source, places));
        }
        match error.repair(&mut document) {
            Some(placeholder) => placeholders.extend(placeholder),
            None => return nothing(problems),
        }
    }
}

/// The diagnostic for a file that is not YAML, or has a duplicate key.
fn not_yaml(source: &Arc<SourceText>, error: &serde_yaml::Error) -> Diagnostic {
    if let Some(duplicate) = SpanMap::of(&source.text).duplicate_keys(source).into_iter().next() {
        return duplicate;
    }
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or(&text);
    let diagnostic =
        Diagnostic::error(format!("this is not YAML: {text}")).expecting("a YAML document of one mapping");
    match error.location() {
        Some(location) => diagnostic.at_line(source, location.line()),
        None => diagnostic.at_line(source, 1),
    }
}

/// A part that does not fit.
struct FormatError {
    pointer: Pointer,
    steps: Vec<PathStep>,
    /// The missing key.
    missing: Option<String>,
    message: String,
}

enum PathStep {
    Key(String),
    Index(usize),
}

impl From<&serde_path_to_error::Error<serde_yaml::Error>> for FormatError {
    fn from(error: &serde_path_to_error::Error<serde_yaml::Error>) -> Self {
        let mut pointer = Pointer::default();
        let mut steps = Vec::new();
        for segment in error.path() {
            match segment {
                Segment::Map { key } => {
                    pointer = pointer.key(key);
                    steps.push(PathStep::Key(key.clone()));
                }
                Segment::Seq { index } => {
                    pointer = pointer.index(*index);
                    steps.push(PathStep::Index(*index));
                }
                Segment::Enum { .. } | Segment::Unknown => {}
            }
        }
        let message = error.inner().to_string();
        let missing = message
            .strip_prefix("missing field `")
            .and_then(|rest| rest.strip_suffix('`'))
            .map(str::to_owned);
        Self { pointer, steps, missing, message }
    }
}

/// The beginnings of serde's messages.
const KNOWN_MESSAGES: [&str; 5] = ["invalid ", "unknown ", "missing ", "duplicate ", "recursion "];

impl FormatError {
    /// Whether a key is missing only because it was removed before.
    fn follows_from(&self, seen: &HashSet<(Pointer, Option<String>)>) -> bool {
        self.missing.as_ref().is_some_and(|key| seen.contains(&(self.pointer.key(key), None)))
    }

    /// Extends the error to the part that contains this one. Returns `false` if this is the whole document.
    fn widen(&mut self) -> bool {
        let (Some(parent), Some(_)) = (self.pointer.parent(), self.steps.pop()) else {
            return false;
        };
        self.pointer = parent;
        self.missing = None;
        true
    }

    fn diagnostic(&self, source: &Arc<SourceText>, places: &SpanMap) -> Diagnostic {
        if let Some(key) = &self.missing {
            let place = places.value(&self.pointer);
            let first_line =
                place.start..source.text[place.clone()].find('\n').map_or(place.end, |end| place.start + end);
            return Diagnostic::error(format!("the key `{key}` is missing"))
                .expecting(format!("`{key}: …` in this mapping"))
                .at(source, first_line);
        }
        let (message, expected) = match self.message.split_once(", expected ") {
            Some((message, expected)) => (message, Some(expected)),
            None if KNOWN_MESSAGES.iter().any(|known| self.message.starts_with(known)) => {
                (self.message.as_str(), None)
            }
            // The message of a visitor in this format, which says what is expected.
            None => ("invalid value", Some(self.message.as_str())),
        };
        let unknown_key = message.starts_with("unknown field ");
        let message =
            message.replace("unknown field", "unknown key").replace("unknown variant", "unknown word");
        let place = if unknown_key { places.key(&self.pointer) } else { places.value(&self.pointer) };
        let diagnostic = Diagnostic::error(message).at(source, place);
        match expected {
            Some(expected) if self.message.contains("invalid type: integer") && expected == "a string" => {
                diagnostic.expecting("a string: put the number in quotes")
            }
            Some(expected) if expected.starts_with("struct ") => diagnostic.expecting("a mapping of keys"),
            Some(expected) => diagnostic.expecting(expected),
            None => diagnostic,
        }
    }

    /// Removes the part that does not fit from the document, or inserts a placeholder where a value is required, so that the rest
    /// can be parsed. Returns the locations of placeholders; `None` if no repair is possible.
    fn repair(&self, document: &mut Value) -> Option<Vec<Pointer>> {
        let placeholder = || Value::from("missing");
        if let Some(key) = &self.missing {
            let Some(Value::Mapping(mapping)) = walk(document, &self.steps) else {
                return None;
            };
            mapping.insert(Value::from(key.as_str()), placeholder());
            return Some(vec![self.pointer.key(key)]);
        }
        let (last, parents) = self.steps.split_last()?;
        match (walk(document, parents), last) {
            (Some(Value::Mapping(mapping)), PathStep::Key(key)) => {
                mapping.shift_remove(key.as_str())?;
                Some(Vec::new())
            }
            // The item is replaced and not removed, so that the indices of later items stay.
            (Some(Value::Sequence(items)), PathStep::Index(index)) => {
                *items.get_mut(*index)? = placeholder();
                Some(vec![self.pointer.clone()])
            }
            _ => None,
        }
    }
}

fn walk<'a>(mut value: &'a mut Value, steps: &[PathStep]) -> Option<&'a mut Value> {
    for step in steps {
        value = match step {
            PathStep::Key(key) => value.get_mut(key.as_str())?,
            PathStep::Index(index) => value.get_mut(index)?,
        };
    }
    Some(value)
}

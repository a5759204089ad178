//! Validation of descriptors beyond the types of the format.

mod limits;
mod lists;
mod schemas;
mod sent;

use std::collections::HashSet;

use serde_json::Value;

use super::event::split_pattern;
use super::spec_file::SpecFile;
use super::wire_names::{changes_direction, refuse_dotted_name, refuse_name};
use super::{
    Descriptor, Entity, ErrorDescriptor, Event, Handler, JsonType, Placement, Pointer, Schema,
    SystemDescriptor,
};
use crate::diagnostic::Diagnostic;

/// Validates a descriptor. If parts were left out because they do not fit (`complete` is false), references to other parts are
/// not checked.
pub(super) fn validate_descriptor(file: &SpecFile<Descriptor>, complete: bool) -> Vec<Diagnostic> {
    let mut validator = Validator { file, complete, problems: Vec::new() };
    let descriptor = &file.content;
    let root = Pointer::default();
    validator.check_dotted_name(&descriptor.method, &root.key("method"));
    validator.check_scopes(&descriptor.scope, &root.key("scope"));
    validator.check_args(descriptor, &root.key("args"));
    validator.check_params(&descriptor.params, &root.key("params"));
    validator.check_schema(&descriptor.returns, &root.key("returns"));
    validator.check_lists(descriptor, &root);
    validator.check_rate_limit(descriptor, &root);
    validator.check_errors(&descriptor.errors, &root.key("errors"));
    validator.check_page(descriptor.page.as_deref(), &root.key("page"));
    validator.problems
}

/// Validates an entity.
pub(super) fn validate_entity(file: &SpecFile<Entity>, complete: bool) -> Vec<Diagnostic> {
    let mut validator = Validator { file, complete, problems: Vec::new() };
    let root = Pointer::default();
    validator.check_dotted_name(&file.content.entity, &root.key("entity"));
    for (name, schema) in &file.content.fields {
        let at = root.key("fields").key(name);
        validator.check_wire_name(name, &at);
        validator.check_schema(schema, &at);
    }
    for (name, kind) in file.content.kinds.iter().flat_map(|kinds| &kinds.of) {
        let at = root.key("kinds").key("of").key(name);
        for (key, names) in [("fields", &kind.fields), ("writes", &kind.writes)] {
            for (index, field) in names.iter().enumerate() {
                if complete && !file.content.fields.contains_key(field) {
                    let message = format!("the entity has no field {}", quoted(field));
                    validator.report(&at.key(key).index(index), message, "a name in `fields` of the entity");
                }
            }
        }
    }
    validator.problems
}

/// Validates an event.
pub(super) fn validate_event(file: &SpecFile<Event>, complete: bool) -> Vec<Diagnostic> {
    let mut validator = Validator { file, complete, problems: Vec::new() };
    let event = &file.content;
    let root = Pointer::default();
    validator.check_event_name(&event.event, &root.key("event"));
    validator.check_pattern(event, &root.key("pattern"));
    validator.check_scopes(&event.scope, &root.key("scope"));
    validator.check_subscribers(event, &root.key("subscribers"));
    if let Some(name) = &event.handler_id {
        validator.check_word(name, "the name of a key", &root.key("handler_id"));
    }
    validator.check_schema(&event.data, &root.key("data"));
    validator.check_page(event.page.as_deref(), &root.key("page"));
    validator.problems
}

/// Validates a placement.
pub(super) fn validate_placement(file: &SpecFile<Placement>, complete: bool) -> Vec<Diagnostic> {
    let mut validator = Validator { file, complete, problems: Vec::new() };
    let placement = &file.content;
    let root = Pointer::default();
    validator.check_placement_code(placement, &root);
    validator.check_scopes(&placement.scope, &root.key("scope"));
    if let Some(method) = &placement.method {
        validator.check_dotted_name(method, &root.key("method"));
    }
    for (key, schema) in [("options", &placement.options), ("receives", &placement.receives)] {
        if let Some(schema) = schema {
            validator.check_object(schema, key == "receives", &root.key(key));
        }
    }
    validator.check_page(placement.page.as_deref(), &root.key("page"));
    validator.problems
}

/// Validates a handler.
pub(super) fn validate_handler(file: &SpecFile<Handler>, complete: bool) -> Vec<Diagnostic> {
    let mut validator = Validator { file, complete, problems: Vec::new() };
    let handler = &file.content;
    let root = Pointer::default();
    validator.check_dotted_name(&handler.handler, &root.key("handler"));
    validator.check_dotted_name(&handler.method, &root.key("method"));
    for step in handler.address.split('/') {
        validator.check_word(step, "the name of a parameter", &root.key("address"));
    }
    validator.check_scopes(&handler.scope, &root.key("scope"));
    validator.check_object(&handler.receives, false, &root.key("receives"));
    if let Some(response) = &handler.response {
        validator.check_schema(response, &root.key("response"));
    }
    validator.check_page(handler.page.as_deref(), &root.key("page"));
    validator.problems
}

/// Validates the system descriptor.
pub(super) fn validate_system(file: &SpecFile<SystemDescriptor>, complete: bool) -> Vec<Diagnostic> {
    let mut validator = Validator { file, complete, problems: Vec::new() };
    let root = Pointer::default();
    let mut seen = HashSet::new();
    for (index, error) in file.content.errors.iter().enumerate() {
        let at = root.key("errors").index(index).key("code");
        validator.check_code(&error.code, &at);
        if !seen.insert(error.code.to_ascii_uppercase()) {
            validator.report(
                &at,
                format!("duplicate code {}", quoted(&error.code)),
                "each code once, compared without case",
            );
        }
        if error.code.is_empty() {
            validator.report(
                &at,
                "a system error has no code",
                "the code that distinguishes it from errors of a method",
            );
        }
        validator.check_status(error.status, &root.key("errors").index(index).key("status"));
        let others = root.key("errors").index(index).key("other_statuses");
        for (position, status) in error.other_statuses.iter().enumerate() {
            validator.check_status(Some(*status), &others.index(position));
        }
    }
    validator.check_schema(&file.content.time, &root.key("time"));
    validator.check_limits(&file.content.limits, &root.key("limits"));
    validator.problems
}

struct Validator<'a, T> {
    file: &'a SpecFile<T>,
    complete: bool,
    problems: Vec<Diagnostic>,
}

impl<T> Validator<'_, T> {
    fn report(&mut self, at: &Pointer, message: impl Into<String>, expected: impl Into<String>) {
        let diagnostic = Diagnostic::error(message).expecting(expected);
        self.problems.push(self.file.at_value(diagnostic, at));
    }

    fn report_key(&mut self, at: &Pointer, message: impl Into<String>, expected: impl Into<String>) {
        let diagnostic = Diagnostic::error(message).expecting(expected);
        self.problems.push(self.file.at_key(diagnostic, at));
    }

    fn check_dotted_name(&mut self, name: &str, at: &Pointer) {
        let segment = |segment: &str| {
            segment.starts_with(|c: char| c.is_ascii_alphabetic())
                && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        if !name.split('.').all(segment) {
            let message = format!("{} is not a method name", quoted(name));
            self.report(at, message, "words of ASCII letters, digits and `_` with dots between them");
        } else if let Some((reason, expected)) = refuse_dotted_name(name) {
            self.report(at, format!("the name {} {reason}", quoted(name)), expected);
        }
    }

    fn check_scopes(&mut self, scopes: &[String], at: &Pointer) {
        for (index, scope) in scopes.iter().enumerate() {
            let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.');
            if scope.is_empty() || !scope.bytes().all(word) {
                let message = format!("{} is not a scope", quoted(scope));
                self.report(&at.index(index), message, "lower-case letters, digits, `_` and `.`");
            } else if let Some((reason, expected)) = refuse_name(scope) {
                self.report(&at.index(index), format!("the scope {} {reason}", quoted(scope)), expected);
            }
        }
    }

    /// Checks the name of an event, which is a file name without case.
    fn check_event_name(&mut self, name: &str, at: &Pointer) {
        let is_word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_alphabetic())
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        if !name.split('.').all(is_word) {
            let message = format!("{} is not the name of an event", quoted(name));
            self.report(at, message, "ASCII letters, digits, `_` and dots, as in `onCrmDealAdd`");
        } else if let Some((reason, expected)) = refuse_dotted_name(name) {
            self.report(at, format!("the name {} {reason}", quoted(name)), expected);
        }
    }

    /// Checks the pattern of a family: one word in braces, and another name than that of the event.
    fn check_pattern(&mut self, event: &Event, at: &Pointer) {
        let Some(pattern) = &event.pattern else { return };
        match split_pattern(pattern) {
            Some((before, _, _)) if before.starts_with(|c: char| c.is_ascii_alphabetic()) => {}
            _ => self.report(
                at,
                format!("{} is not a pattern of names", quoted(pattern)),
                "a name with one word in braces, as in `onCrmDynamicItemAdd_{entityTypeId}`",
            ),
        }
    }

    fn check_subscribers(&mut self, event: &Event, at: &Pointer) {
        if let Some(word) = &event.subscribers {
            self.check_word(word, "a word for subscribers", at);
        }
    }

    /// Checks a word of ASCII letters, digits and `_`.
    fn check_word(&mut self, word: &str, what: &str, at: &Pointer) {
        if word.is_empty() || !word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            self.report(at, format!("{} is not {what}", quoted(word)), "ASCII letters, digits and `_`");
        } else if let Some((reason, expected)) = refuse_name(word) {
            self.report(at, format!("{} {reason}", quoted(word)), expected);
        }
    }

    fn check_args(&mut self, descriptor: &Descriptor, at: &Pointer) {
        let mut seen = HashSet::new();
        for (index, arg) in descriptor.args.iter().enumerate() {
            if !seen.insert(arg) {
                self.report(
                    &at.index(index),
                    format!("duplicate argument {}", quoted(arg)),
                    "each argument once",
                );
            }
            self.check_known_property(&descriptor.params, arg, &at.index(index));
        }
        let names: Vec<&String> = descriptor.params.properties.keys().take(descriptor.args.len()).collect();
        if descriptor.positional && self.complete && names != descriptor.args.iter().collect::<Vec<_>>() {
            let message = "the arguments of a positional method are not its first parameters";
            self.report(at, message, "the first parameters, in their order");
        }
    }

    /// Checks the top of `params`: an object, with sets of parameters of which at least one is required.
    fn check_params(&mut self, params: &Schema, at: &Pointer) {
        if params.types.0 != [JsonType::Object] {
            self.report(&at.key("type"), "the parameters are not an object", "`type: object`");
        }
        for (index, alternative) in params.any_of.iter().enumerate() {
            let at = at.key("anyOf").index(index);
            let only_required = Schema { required: alternative.required.clone(), ..Schema::default() };
            if *alternative != only_required || alternative.required.is_empty() {
                self.report(&at, "an alternative of parameters has more than names", "`{required: [A, B]}`");
            }
            for (index, name) in alternative.required.iter().enumerate() {
                self.check_known_property(params, name, &at.key("required").index(index));
            }
        }
        self.check_schema(params, at);
    }

    fn check_known_property(&mut self, schema: &Schema, name: &str, at: &Pointer) {
        if self.complete && !schema.properties.contains_key(name) {
            let known: Vec<&str> = schema.properties.keys().map(String::as_str).collect();
            let expected = if known.is_empty() {
                "no name: there are no properties".to_owned()
            } else {
                format!("one of {}", known.join(", "))
            };
            self.report(at, format!("there is no property {}", quoted(name)), expected);
        }
    }

    fn check_errors(&mut self, errors: &[ErrorDescriptor], at: &Pointer) {
        let mut seen = HashSet::new();
        for (index, error) in errors.iter().enumerate() {
            let at = at.index(index);
            self.check_code(&error.code, &at.key("code"));
            self.check_status(error.status, &at.key("status"));
            if let Some(name) = &error.name {
                self.check_error_name(name, &at.key("name"));
            }
            if let Some(message) = &error.message {
                self.check_printable(message, &at.key("message"));
            }
            if !seen.insert((&error.code, &error.message)) {
                let expected = "each code once, or with a `message` that distinguishes its errors";
                self.report(&at.key("code"), format!("duplicate code {}", quoted(&error.code)), expected);
            }
        }
    }

    /// Checks a code: a word, the digits of a number, or empty. A sentence is the message of an error without a code.
    fn check_code(&mut self, code: &str, at: &Pointer) {
        if code.chars().any(char::is_whitespace) {
            let message = format!("{} is a sentence, not a code", quoted(code));
            self.report(at, message, "`code: \"\"`, and the sentence under `message`");
        } else if let Some((reason, expected)) = refuse_name(code) {
            self.report(at, format!("{} {reason}", quoted(code)), expected);
        }
    }

    /// Checks the name of an error: one word of ASCII letters and digits.
    fn check_error_name(&mut self, name: &str, at: &Pointer) {
        let is_word = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_word {
            let message = format!("{} is not the name of an error", quoted(name));
            self.report(at, message, "letters and digits in upper camel case, as in `CageNotFound`");
        }
    }

    fn check_status(&mut self, status: Option<u16>, at: &Pointer) {
        if let Some(status) = status.filter(|status| !(100..=599).contains(status)) {
            self.report(at, format!("{status} is not an HTTP status"), "a number from 100 to 599");
        }
    }

    fn check_page(&mut self, page: Option<&str>, at: &Pointer) {
        if let Some(page) = page {
            let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/');
            if page.starts_with('/') || page.ends_with(".md") || page.is_empty() || !page.bytes().all(word) {
                let expected = "a path below the root of the documentation, without a leading slash and a file extension";
                self.report(at, format!("{} is not a page", quoted(page)), expected);
            } else if let Some((reason, expected)) = refuse_name(page) {
                self.report(at, format!("the page {} {reason}", quoted(page)), expected);
            }
        }
    }

    /// Checks a name on the wire: not empty, and without control characters.
    fn check_wire_name(&mut self, name: &str, at: &Pointer) {
        if name.is_empty() {
            self.report_key(at, "the name is empty", "the name on the wire");
        } else if let Some((reason, expected)) = refuse_name(name) {
            self.report_key(at, format!("the name {} {reason}", quoted(name)), expected);
        }
    }

    fn check_printable(&mut self, text: &str, at: &Pointer) {
        if text.chars().any(char::is_control) {
            self.report(
                at,
                format!("{} has a control character", quoted(text)),
                "a string without control characters",
            );
        } else if changes_direction(text) {
            self.report(
                at,
                format!("{} changes the direction of text", quoted(text)),
                "a string without such characters, which rustc rejects",
            );
        }
    }
}

/// A string as in JSON: quoted, with escaped control characters.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
